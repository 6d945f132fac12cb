// Cases for accounting: what a router may repeat, lose, reorder and forget.
#include "tests/store/suites.hpp"

#include <atomic>

namespace iwas::testing_support {

using namespace domain;
using enum AccountingStatus;
using ports::Journaled;

TEST_P(AccountingContract, MakesADeviceOnlineAndCountsItsOctets)
{
    const Session session = sold(1);
    ASSERT_EQ(journal(record_of(start, session, 0s, 0)), Journaled::durable);
    Session seen = loaded(1);
    EXPECT_TRUE(seen.devices.front().is_online);
    EXPECT_EQ(seen.devices.front().acct_session_id, "80100014");
    EXPECT_EQ(to_string(*seen.devices.front().ip), "10.5.50.77");

    // 64 bits, in any order, each more than once.
    const auto late = record_of(interim, session, 60s, 1'000);
    const auto newest = record_of(interim, session, 120s, 9'000'000'000'000);
    for (const auto& record : {newest, late, newest, record_of(start, session, 0s, 0)})
        ASSERT_EQ(journal(record), Journaled::durable);
    EXPECT_EQ(loaded(1).used_octets, 9'000'000'000'000U);
    const auto online = wait(store().network_sessions_of(session.id)).value();
    ASSERT_EQ(online.size(), 1U);
    EXPECT_EQ(online.front().session_time, 120s);
    EXPECT_EQ(online.front().started_at, noon);
    EXPECT_EQ(online.front().last_seen_at, noon + 120s);
    EXPECT_EQ(online.front().mac, mac_of(1));
    EXPECT_EQ(online.front().session, session.id);

    auto stop_record = record_of(stop, session, 300s, 9'000'000'000'500);
    stop_record.terminate_cause = 6;
    ASSERT_EQ(journal(stop_record), Journaled::durable);
    seen = loaded(1);
    EXPECT_FALSE(seen.devices.front().is_online);
    EXPECT_EQ(seen.devices.front().acct_session_id, "80100014");
    EXPECT_EQ(seen.used_octets, 9'000'000'000'500U);
    EXPECT_TRUE(wait(store().network_sessions_of(session.id)).value().empty());

    // Afterwards nothing reopens it, and nothing counts twice.
    for (const auto& record : {stop_record, newest, record_of(start, session, 0s, 0)})
        ASSERT_EQ(journal(record), Journaled::durable);
    EXPECT_FALSE(loaded(1).devices.front().is_online);
    EXPECT_EQ(loaded(1).used_octets, 9'000'000'000'500U);
}

TEST_P(AccountingContract, TheOnlineStateSurvivesACommitThatDoesNotKnowIt)
{
    const Session session = sold(1);
    ASSERT_EQ(journal(record_of(start, session, 0s, 0)), Journaled::durable);
    ASSERT_TRUE(commit({.session = activated(session, noon)})); // loaded before the Start
    EXPECT_TRUE(loaded(1).devices.front().is_online);
}

TEST_P(AccountingContract, AReusedIdIsANewNetworkSession)
{
    const Session session = sold(1);
    journal(record_of(start, session, 0s, 0));
    journal(record_of(stop, session, 100s, 700));
    auto second = record_of(start, session, 0s, 0);
    second.event_at = noon + 200s;
    journal(second);
    EXPECT_TRUE(loaded(1).devices.front().is_online);
    auto more = record_of(interim, session, 50s, 300);
    more.event_at = noon + 250s;
    journal(more);
    EXPECT_EQ(loaded(1).used_octets, 1'000U);
    // The first one's Stop again, replayed late by the router: it is the old one's.
    journal(record_of(stop, session, 100s, 700));
    auto end = record_of(stop, session, 80s, 400);
    end.event_at = noon + 280s;
    journal(end);
    EXPECT_FALSE(loaded(1).devices.front().is_online);
    EXPECT_EQ(loaded(1).used_octets, 1'100U);
    EXPECT_EQ(look()->number("select max(turn) from network_session_history"), 2);
}

TEST_P(AccountingContract, AnOrphanStopIsKept)
{
    const Session session = sold(1);
    journal(record_of(stop, session, 100s, 700));
    EXPECT_EQ(loaded(1).used_octets, 700U);
    EXPECT_EQ(
        look()->number("select count(*) from network_session_history where is_orphan = 1"), 1);
    journal(record_of(start, session, 0s, 0));
    EXPECT_FALSE(loaded(1).devices.front().is_online);
}

TEST_P(AccountingContract, ARestartOfTheRouterStopsWhatItHadBefore)
{
    const Session first = sold(1, 1, 1);
    const Session second = sold(2, 2, 2);
    Session elsewhere = session_of(transaction_of(3, 3, 3));
    elsewhere.devices.front().router = RouterId::trusted("q1-mt");
    ASSERT_TRUE(commit({.session = elsewhere}));
    journal(record_of(start, first, 0s, 0));
    journal(record_of(interim, first, 60s, 800));
    journal(record_of(start, elsewhere, 0s, 0));

    AccountingRecord on = record_of(nas_on, first, 0s, 0);
    on.acct_session_id.clear();
    on.session.reset();
    on.mac.reset();
    on.event_at = noon + 90s;
    auto after = record_of(start, second, 0s, 0);
    after.event_at = noon + 100s;
    journal(after);
    journal(on);
    journal(on);
    EXPECT_FALSE(loaded(1).devices.front().is_online);
    EXPECT_EQ(loaded(1).used_octets, 800U);
    EXPECT_TRUE(loaded(2).devices.front().is_online); // began after the restart
    EXPECT_TRUE(loaded(3).devices.front().is_online); // another router
    EXPECT_EQ(
        look()->number(
            "select count(*) from network_session_history where terminate_cause = 11 "
            "and stopped_at = :at",
            {noon + 90s}),
        1);
}

TEST_P(AccountingContract, WithoutOurClassItIsNobodys)
{
    const Session session = sold(1);
    auto record = record_of(interim, session, 60s, 500);
    record.session.reset();
    record.mac.reset();
    record.acct_session_id = "odd\xff\x01'id";
    EXPECT_EQ(journal(record), Journaled::durable);
    EXPECT_EQ(journal(record), Journaled::durable);
    EXPECT_EQ(look()->number("select count(*) from open_network_session"), 1);
    EXPECT_EQ(loaded(1).used_octets, 0U);
    EXPECT_FALSE(loaded(1).devices.front().is_online);
}

TEST_P(AccountingContract, ManyRecordsBecomeDurableTogether)
{
    constexpr int count = 3'000;
    std::vector<Session> sessions;
    for (std::uint64_t number = 0; number < 300; ++number)
        sessions.push_back(
            session_of(transaction_of(number, number, static_cast<unsigned>(number))));
    std::atomic<int> durable{0};
    std::atomic<int> answered{0};
    for (int i = 0; i < count; ++i) {
        const Session& session = sessions[static_cast<std::size_t>(i) % sessions.size()];
        const Seconds at{i / 300};
        store().submit(
            record_of(
                i < 300 ? start : interim, session, at,
                static_cast<std::uint64_t>(at.count()) * 100),
            [&](Journaled what) {
                if (what == Journaled::durable) ++durable;
                ++answered;
                answered.notify_one();
            });
    }
    for (int seen = answered; seen < count; seen = answered)
        answered.wait(seen);
    EXPECT_EQ(durable, count);
    EXPECT_EQ(look()->number("select count(*) from open_network_session"), 300);
    EXPECT_EQ(
        look()->number(
            "select cast(sum(up_octets + down_octets) as bigint) from open_network_session"),
        300 * 900);
}

} // namespace iwas::testing_support
