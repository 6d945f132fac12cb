#include "domain/saved_method.hpp"

#include <gtest/gtest.h>

namespace iwas::domain {
namespace {

constexpr UtcTime noon = from_unix_ms(1'790'000'000'000);

SavedMethod saved(std::uint64_t number, int position)
{
    return {
        .id = SavedMethodId{Ulid{1, number}},
        .state = SavedMethodState::usable,
        .position = position};
}

TEST(SavedMethod, PaysWhileItsTokenLives)
{
    SavedMethod wallet = saved(1, 0);
    EXPECT_TRUE(is_usable(wallet, noon));
    wallet.expires_at = noon;
    EXPECT_TRUE(is_usable(wallet, noon - 1ms));
    EXPECT_FALSE(is_usable(wallet, noon));
    for (const SavedMethodState state :
         {SavedMethodState::asked, SavedMethodState::expired, SavedMethodState::failed,
          SavedMethodState::leaving, SavedMethodState::removed}) {
        wallet = saved(1, 0);
        wallet.state = state;
        EXPECT_FALSE(is_usable(wallet, noon)) << to_text(state);
        EXPECT_EQ(is_listed(wallet), state == SavedMethodState::expired) << to_text(state);
    }
}

TEST(SavedMethod, ARemovedOneNeverComesBackByItself)
{
    EXPECT_TRUE(may_follow(SavedMethodState::asked, SavedMethodState::usable));
    EXPECT_TRUE(may_follow(SavedMethodState::failed, SavedMethodState::usable));
    EXPECT_FALSE(may_follow(SavedMethodState::leaving, SavedMethodState::usable));
    EXPECT_FALSE(may_follow(SavedMethodState::asked, SavedMethodState::leaving));
}

TEST(SavedMethod, TheOthersMakeRoomForOneThatMoves)
{
    std::vector<SavedMethod> wallet{saved(1, 4), saved(2, 0), saved(3, 2)};
    sort_by_position(wallet);
    const auto order = [&] {
        std::string text;
        for (const SavedMethod& each : wallet)
            text +=
                std::to_string(each.id.value().low()) + "@" + std::to_string(each.position) + " ";
        return text;
    };
    ASSERT_TRUE(move_to(wallet, SavedMethodId{Ulid{1, 1}}, 0));
    EXPECT_EQ(order(), "1@0 2@1 3@2 ");
    ASSERT_TRUE(move_to(wallet, SavedMethodId{Ulid{1, 2}}, 99));
    EXPECT_EQ(order(), "1@0 3@1 2@2 ");
    EXPECT_FALSE(move_to(wallet, SavedMethodId{Ulid{1, 9}}, 0));
}

TEST(SavedMethod, OfABankAccountOnlyTheEndIsShown)
{
    EXPECT_EQ(masked_account_number("1012345678"), "•••• 5678");
    EXPECT_EQ(masked_account_number("01234567"), "•••• 4567");
    EXPECT_EQ(masked_account_number("012345"), "•••• 45");
    EXPECT_EQ(masked_account_number("0123"), "•••• ");
    EXPECT_EQ(masked_account_number(""), "•••• ");
}

TEST(SavedMethod, EveryStateIsReadAsItIsWritten)
{
    for (const SavedMethodState state :
         {SavedMethodState::asked, SavedMethodState::usable, SavedMethodState::expired,
          SavedMethodState::failed, SavedMethodState::leaving, SavedMethodState::removed})
        EXPECT_EQ(saved_method_state_from(to_text(state)), state);
    EXPECT_FALSE(saved_method_state_from("gone"));
}

} // namespace
} // namespace iwas::domain
