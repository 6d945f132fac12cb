#include "domain/transaction.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace iwas::domain {
namespace {

using State = TransactionState;

constexpr std::array all{State::created,  State::pending, State::success, State::refunding,
                         State::refunded, State::failed,  State::expired};

TEST(Transaction, FollowsOnlyTheDrawnMoves)
{
    const std::set<std::pair<State, State>> drawn{
        {State::created, State::pending},    {State::pending, State::success},
        {State::pending, State::failed},     {State::pending, State::expired},
        {State::pending, State::refunding},  {State::success, State::refunding},
        {State::refunding, State::refunded}, {State::failed, State::refunding},
        {State::expired, State::refunding},  {State::failed, State::success},
        {State::expired, State::success}};
    for (const State from : all)
        for (const State to : all)
            EXPECT_EQ(may_follow(from, to), drawn.contains({from, to}))
                << to_text(from) << " -> " << to_text(to);
}

TEST(Transaction, UnfinishedIsWhateverMustGoOnByItself)
{
    for (const State state : {State::created, State::pending, State::refunding})
        EXPECT_FALSE(is_final(state));
    for (const State state : {State::success, State::refunded, State::failed, State::expired})
        EXPECT_TRUE(is_final(state));
}

TEST(Transaction, TextsAreReadBack)
{
    for (const State state : all)
        EXPECT_EQ(transaction_state_from(to_text(state)), state);
    EXPECT_FALSE(transaction_state_from("lost"));
}

TEST(Transaction, TheReferenceIsItsOwn)
{
    const TransactionId id{Ulid{1, 2}};
    EXPECT_EQ(charge_reference(id), "IWAS-" + to_string(id));
}

} // namespace
} // namespace iwas::domain
