#include "domain/session.hpp"
#include "domain/transaction.hpp"

#include <gtest/gtest.h>

namespace iwas::domain {
namespace {

constexpr UtcTime noon = from_unix_ms(1'790'000'000'000);

Session hour_session()
{
    Session session;
    session.terms.name = "1 hour";
    session.terms.duration = 1h;
    session.remaining = 1h;
    return session;
}

TEST(Session, RunsItsTimeAndEnds)
{
    const Session active = activated(hour_session(), noon);
    EXPECT_EQ(active.state, SessionState::active);
    EXPECT_EQ(time_left(active, noon), 1h);
    EXPECT_EQ(time_left(active, noon + 59min + 59s + 500ms), 1s);
    EXPECT_EQ(time_left(active, noon + 2h), 0s);

    const Session over = ended(active, SessionState::expired, EndReason::time_expired, noon + 1h);
    EXPECT_TRUE(is_over(over.state));
    EXPECT_EQ(time_left(over, noon), 0s);
    EXPECT_EQ(over.ended_at, noon + 1h);
}

TEST(Session, IsBelievedOnlineUntilItsStartIsReported)
{
    Session session = hour_session();
    session.devices = {{.mac = *MacAddress::parse("BC:24:11:EB:56:01")}};
    const auto is_online = [&](UtcTime now) {
        return is_on_network(session, session.devices.front(), now);
    };
    EXPECT_FALSE(is_online(noon)) << "nobody has let it in";
    session = activated(session, noon);
    EXPECT_TRUE(is_online(noon));
    EXPECT_TRUE(is_online(noon + 9s));
    EXPECT_FALSE(is_online(noon + 10s)) << "by then the report would have come";

    session.devices.front().acct_session_id = "80100001";
    EXPECT_FALSE(is_online(noon)) << "it has come and gone";
    session.devices.front().is_online = true;
    EXPECT_TRUE(is_online(noon + 30min));
    session.devices.push_back({.mac = *MacAddress::parse("BC:24:11:EB:56:02")});
    EXPECT_FALSE(is_on_network(session, session.devices.back(), noon))
        << "the router has shown the other one";
    session = ended(session, SessionState::expired, EndReason::time_expired, noon + 1h);
    EXPECT_FALSE(is_online(noon + 1h));
}

TEST(Session, PauseKeepsTheRemainingTime)
{
    const Session stopped = paused(activated(hour_session(), noon), noon + 20min);
    EXPECT_EQ(stopped.remaining, 40min);
    EXPECT_EQ(time_left(stopped, noon + 10h), 40min);
    const Session running = resumed(stopped, noon + 10h);
    EXPECT_EQ(running.ends_at, noon + 10h + 40min);
}

TEST(Session, ExtensionAddsTimeAndNeverTakesAway)
{
    Terms more;
    more.duration = 30min;
    more.rate = {1'000'000, 50'000'000, 0};
    more.device_limit = 1;
    Session session = activated(hour_session(), noon);
    session.terms.rate = {2'000'000, 10'000'000, 12'000'000};
    session.terms.device_limit = 3;
    session.terms.data_cap_octets = 1000;
    const Session longer = extended(session, more, noon + 10min);
    EXPECT_EQ(longer.ends_at, noon + 90min);
    EXPECT_EQ(longer.terms.rate, (RateLimit{2'000'000, 50'000'000, 12'000'000}));
    EXPECT_EQ(longer.terms.device_limit, 3);
    EXPECT_FALSE(longer.terms.data_cap_octets);
    EXPECT_EQ(extended(paused(session, noon + 10min), more, noon + 20min).remaining, 80min);
}

TEST(Session, DevicesFollowTheLimit)
{
    const auto first = *MacAddress::parse("BC:24:11:EB:56:01");
    const auto second = *MacAddress::parse("BC:24:11:EB:56:02");
    Session session = hour_session();
    EXPECT_EQ(change_for_device(session, first), DeviceChange::add);
    session.devices.push_back({.mac = first});
    EXPECT_EQ(change_for_device(session, first), DeviceChange::none);
    EXPECT_EQ(change_for_device(session, second), DeviceChange::replace);
    session.terms.device_limit = 2;
    EXPECT_EQ(change_for_device(session, second), DeviceChange::add);
    session.devices.push_back({.mac = second});
    EXPECT_EQ(
        change_for_device(session, *MacAddress::parse("BC:24:11:EB:56:03")), DeviceChange::refuse);
}

TEST(Session, EndedStatesAreFinal)
{
    for (const auto over : {SessionState::expired, SessionState::terminated, SessionState::failed})
        for (const auto next :
             {SessionState::pending, SessionState::active, SessionState::paused,
              SessionState::expired, SessionState::terminated})
            EXPECT_FALSE(may_follow(over, next));
}

TEST(Transaction, MoneyThatWasTakenIsGrantedOrReturned)
{
    using enum TransactionState;
    EXPECT_TRUE(may_follow(pending, success));
    EXPECT_TRUE(may_follow(success, refunding));
    EXPECT_TRUE(may_follow(expired, refunding)); // late money
    EXPECT_FALSE(may_follow(success, failed));
    EXPECT_FALSE(may_follow(refunded, refunding));
    EXPECT_FALSE(may_follow(pending, refunded));
}

TEST(Transaction, SpellingsReadBack)
{
    for (const auto state : {TransactionState::created, TransactionState::refunded})
        EXPECT_EQ(transaction_state_from(to_text(state)), state);
    EXPECT_FALSE(transaction_state_from("SUCCESS "));
    EXPECT_EQ(end_reason_from("PC_LOGOUT"), EndReason::pc_logout);
}

TEST(Package, SchedulePastMidnightBelongsToTheEvening)
{
    Schedule night;
    night.weekdays = {};
    night.weekdays[4] = true; // Friday
    night.from_minute = 22 * 60;
    night.to_minute = 6 * 60;
    EXPECT_TRUE(is_on_sale(night, {.weekday = 4, .minute_of_day = 23 * 60}));
    EXPECT_TRUE(is_on_sale(night, {.weekday = 5, .minute_of_day = 5 * 60}));
    EXPECT_FALSE(is_on_sale(night, {.weekday = 5, .minute_of_day = 6 * 60}));
    EXPECT_FALSE(is_on_sale(night, {.weekday = 4, .minute_of_day = 5 * 60}));
}

TEST(Package, NamesItsFaults)
{
    Package package;
    package.terms.name = "Gi\u1edd"; // three characters, more octets
    package.terms.duration = 1h;
    package.terms.price = Money{10'000};
    package.terms.rate = *rate_of_tier("standard");
    EXPECT_TRUE(faults_of(package).empty());
    package.terms.price = Money{999};
    package.terms.duration = 10min;
    EXPECT_EQ(faults_of(package).size(), 2U);
}

} // namespace
} // namespace iwas::domain
