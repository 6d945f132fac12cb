// Payment windows, on every engine.
#include "tests/store/suites.hpp"

namespace iwas::testing_support {

using domain::PaymentWindow;
using domain::SessionId;
using ports::OpenPaymentWindowError;

namespace {

const auto galaxy = domain::OrganizationId::trusted("galaxy");
const auto q7 = domain::LocationId::trusted("q7");
const MacAddress phone = *MacAddress::parse("A4:5E:60:11:22:0F");

PaymentWindow window_of(std::uint64_t number, UtcTime opened_at = noon)
{
    PaymentWindow window;
    window.id = id_of<SessionId>(number);
    window.organization = galaxy;
    window.location = q7;
    window.router = domain::RouterId::trusted("r1");
    window.mac = phone;
    window.ip = Ipv4Address::parse("192.168.20.15");
    window.rate_bps = 512'000;
    window.opened_at = opened_at;
    window.ends_at = opened_at + 300s;
    return window;
}

} // namespace

TEST_P(PaymentWindowContract, IsKeptWithItsJobAndIsOneForADevice)
{
    const PaymentWindow window = window_of(1);
    const auto opened = begin(window);
    ASSERT_TRUE(opened);
    EXPECT_TRUE(opened->is_new);
    const auto stored = wait(store().load_payment_window(window.id)).value();
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->mac, phone);
    EXPECT_EQ(stored->ip, window.ip);
    EXPECT_EQ(stored->router, window.router);
    EXPECT_EQ(stored->rate_bps, window.rate_bps);
    EXPECT_EQ(stored->ends_at, window.ends_at);
    EXPECT_FALSE(stored->ended_at);
    EXPECT_TRUE(stored->counts);
    const auto jobs = wait(store().lease_jobs(noon, noon + 301s, noon + 400s, 10)).value();
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs.front().kind, ports::JobKind::end_payment_window);

    const auto again = begin(window_of(2));
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->is_new);
    EXPECT_EQ(again->window.id, window.id);
    EXPECT_FALSE(wait(store().load_payment_window(id_of<SessionId>(2))).value());
    EXPECT_EQ(used(window_of(1)), 1);
}

TEST_P(PaymentWindowContract, IsCountedSinceTheDayBeganAndAtEveryLocation)
{
    ASSERT_TRUE(begin(window_of(1, noon - 2h)));
    end(window_of(1));
    ASSERT_TRUE(begin(window_of(2)));
    end(window_of(2));
    EXPECT_EQ(used(window_of(1), noon - 3h), 2);
    EXPECT_EQ(used(window_of(1), noon - 1h), 1);
    PaymentWindow elsewhere = window_of(3);
    elsewhere.location = domain::LocationId::trusted("thu-duc");
    ASSERT_TRUE(begin(elsewhere));
    end(elsewhere);
    EXPECT_EQ(begin(window_of(4)).error(), OpenPaymentWindowError::used_up);
    EXPECT_FALSE(wait(store().load_payment_window(id_of<SessionId>(4))).value());
    PaymentWindow other = window_of(5);
    other.mac = *MacAddress::parse("A4:5E:60:11:22:10");
    EXPECT_TRUE(begin(other));
}

TEST_P(PaymentWindowContract, EndsOnceAndOneThatDoesNotCountIsForgiven)
{
    ASSERT_TRUE(begin(window_of(1)));
    end(window_of(1), false);
    EXPECT_EQ(used(window_of(1)), 0);
    EXPECT_FALSE(wait(store().open_payment_window_of(q7, phone)).value());
    // The first end stands, and its job is not put back.
    ASSERT_TRUE(wait(store().finish_job(domain::JobId{id_of<SessionId>(1).value()})));
    end(window_of(1), true);
    EXPECT_EQ(used(window_of(1)), 0);
    EXPECT_TRUE(wait(store().lease_jobs(noon, noon + 1h, noon + 2h, 10)).value().empty());
}

TEST_P(PaymentWindowContract, OpenOnesAreListedInPages)
{
    for (std::uint64_t number = 1; number <= 5; ++number) {
        PaymentWindow window = window_of(number);
        window.mac = *MacAddress::parse("A4:5E:60:11:22:0" + std::to_string(number));
        ASSERT_TRUE(begin(window));
        if (number == 3) end(window);
    }
    std::vector<std::uint64_t> seen;
    SessionId after;
    for (;;) {
        const auto page = wait(store().open_payment_windows_after(after, 2)).value();
        for (const PaymentWindow& window : page) {
            after = window.id;
            seen.push_back(window.id.value().low());
        }
        if (page.size() < 2) break;
    }
    const std::vector<std::uint64_t> expected{
        id_of<SessionId>(1).value().low(), id_of<SessionId>(2).value().low(),
        id_of<SessionId>(4).value().low(), id_of<SessionId>(5).value().low()};
    EXPECT_EQ(seen, expected);
}

TEST_P(PaymentWindowContract, OldOnesAreForgotten)
{
    ASSERT_TRUE(begin(window_of(1)));
    end(window_of(1));
    ASSERT_TRUE(wait(store().forget_old(noon + 23h, 100)));
    EXPECT_TRUE(wait(store().load_payment_window(id_of<SessionId>(1))).value());
    ASSERT_TRUE(wait(store().forget_old(noon + 25h, 100)));
    EXPECT_FALSE(wait(store().load_payment_window(id_of<SessionId>(1))).value());
}

} // namespace iwas::testing_support
