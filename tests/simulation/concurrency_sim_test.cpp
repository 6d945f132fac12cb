// Five hundred purchases at one moment: one debit.
#include "tests/simulation/scenario.hpp"

namespace iwas::sim {
namespace {

class ConcurrencySim : public Scenario {
protected:
    struct Count {
        int opened = 0;
        int repeated = 0;
        int already_active = 0;
        int other = 0;
    };

    static awaitable<void> buy_and_count(Phone* phone, std::string key, Count* count)
    {
        const auto opened = co_await phone->buy("hour", std::move(key));
        using workflows::PurchaseRejection;
        if (!opened)
            ++count->other;
        else if (*opened)
            ++((*opened)->is_new ? count->opened : count->repeated);
        else if (opened->error().why == PurchaseRejection::device_already_active)
            ++count->already_active;
        else
            ++count->other;
    }

    Count buy_at_once(bool same_key)
    {
        constexpr int purchases = 500;
        Count count;
        for (int number = 0; number < purchases; ++number) {
            const std::string key = same_key ? "k" : "k" + std::to_string(number);
            EXPECT_TRUE(world.tasks().spawn("buy", buy_and_count(alice, key, &count)));
        }
        world.run_for(30s);
        return count;
    }
};

TEST_F(ConcurrencySim, FiveHundredTimesTheSamePurchaseIsOneDebit)
{
    const Count count = buy_at_once(true);
    EXPECT_EQ(count.opened, 1);
    EXPECT_EQ(count.repeated, 499);
    EXPECT_EQ(world.pc().model.charges().size(), 1U);
    EXPECT_EQ(world.auditor().sessions().size(), 1U);
    EXPECT_EQ(balance(*alice), 38'000);
    EXPECT_TRUE(alice->is_online());
}

TEST_F(ConcurrencySim, FiveHundredPurchasesForOneDeviceAreOneSession)
{
    const Count count = buy_at_once(false);
    EXPECT_EQ(count.opened, 1);
    EXPECT_EQ(count.already_active, 499);
    EXPECT_EQ(world.auditor().transactions().size(), 1U); // refused before any debit
    EXPECT_EQ(world.pc().model.charges().size(), 1U);
    EXPECT_EQ(world.auditor().sessions().size(), 1U);
    EXPECT_EQ(balance(*alice), 38'000);
}

} // namespace
} // namespace iwas::sim
