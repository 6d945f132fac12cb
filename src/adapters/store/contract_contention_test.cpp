// Many who want the same at once: one gets it, on every engine.
#include "tests/store/suites.hpp"

#include <boost/asio/co_spawn.hpp>

namespace iwas::testing_support {

using ports::OpenPurchaseError;

TEST_P(LedgerContract, OneOfFiveHundredIdenticalRequestsIsNew)
{
    int opened = 0;
    int repeated = 0;
    for (std::uint64_t number = 1; number <= 500; ++number)
        boost::asio::co_spawn(
            io_, store().open_purchase(intent_of(transaction_of(number), "same")),
            [&](std::exception_ptr, const auto& answer) {
                if (answer) ++(answer->is_new ? opened : repeated);
            });
    run_all();
    EXPECT_EQ(opened, 1);
    EXPECT_EQ(repeated, 499);
    EXPECT_EQ(look()->number("select count(*) from txn"), 1);
    EXPECT_EQ(look()->number("select count(*) from job"), 1);
}

TEST_P(LedgerContract, OneOfFiveHundredPurchasesForADeviceOpens)
{
    // Half of them from another node.
    const auto other = backend_->is_inline() ? nullptr : open();
    int opened = 0;
    int refused = 0;
    for (std::uint64_t number = 1; number <= 500; ++number) {
        ports::Store& node = other && number % 2 == 0 ? *other : store();
        boost::asio::co_spawn(
            io_,
            node.open_purchase(
                intent_of(transaction_of(number, number), "k" + std::to_string(number))),
            [&](std::exception_ptr, const auto& answer) {
                if (answer) ++opened;
                if (!answer && answer.error() == OpenPurchaseError::device_already_active)
                    ++refused;
            });
    }
    run_all();
    EXPECT_EQ(opened, 1);
    EXPECT_EQ(refused, 499);
    EXPECT_EQ(look()->number("select count(*) from txn"), 1);
}

TEST_P(LedgerContract, CapacityHoldsWhenManyBuyAtOnce)
{
    int opened = 0;
    int full = 0;
    for (std::uint64_t number = 1; number <= 100; ++number) {
        auto intent = intent_of(
            transaction_of(number, number, static_cast<unsigned>(number)),
            "k" + std::to_string(number));
        intent.capacity = 10;
        boost::asio::co_spawn(
            io_, store().open_purchase(std::move(intent)),
            [&](std::exception_ptr, const auto& answer) {
                if (answer) ++opened;
                if (!answer && answer.error() == OpenPurchaseError::at_capacity) ++full;
            });
    }
    run_all();
    EXPECT_EQ(opened, 10);
    EXPECT_EQ(full, 90);
}

} // namespace iwas::testing_support
