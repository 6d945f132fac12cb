#include "domain/accounting.hpp"

#include <gtest/gtest.h>

namespace iwas::domain {
namespace {

constexpr UtcTime noon = from_unix_ms(1'790'000'000'000);

AccountingRecord record_of(AccountingStatus status, Seconds session_time, std::uint64_t down)
{
    AccountingRecord record;
    record.status = status;
    record.acct_session_id = "80100014";
    record.event_at = noon + session_time;
    record.session_time = session_time;
    record.down_octets = down;
    return record;
}

TEST(Accounting, DuplicatesAndLateInterimsChangeNothing)
{
    const auto started = applied(std::nullopt, record_of(AccountingStatus::start, 0s, 0));
    const auto later = applied(started, record_of(AccountingStatus::interim, 120s, 5'000'000'000));
    EXPECT_EQ(applied(later, record_of(AccountingStatus::interim, 120s, 5'000'000'000)), later);
    EXPECT_EQ(applied(later, record_of(AccountingStatus::interim, 60s, 1000)), later);
}

TEST(Accounting, StoppedStaysStopped)
{
    auto stop = record_of(AccountingStatus::stop, 300s, 900);
    stop.terminate_cause = 5;
    const auto stopped = applied(std::nullopt, stop);
    EXPECT_EQ(stopped.started_at, noon);
    EXPECT_EQ(stopped.stopped_at, noon + 300s);
    EXPECT_EQ(applied(stopped, record_of(AccountingStatus::start, 0s, 0)), stopped);
    auto again = record_of(AccountingStatus::stop, 300s, 900);
    again.terminate_cause = 6;
    EXPECT_EQ(applied(stopped, again).terminate_cause, 5);
}

TEST(Accounting, CountersOf32BitsAreCarriedOn)
{
    const auto record = [](Seconds at, std::uint64_t down) {
        AccountingRecord one = record_of(AccountingStatus::interim, at, down);
        one.lacks_gigawords = true;
        return one;
    };
    constexpr std::uint64_t turn = std::uint64_t{1} << 32;
    auto session = applied(std::nullopt, record(60s, turn - 100));
    session = applied(session, record(120s, 50));
    EXPECT_EQ(session.down_octets, turn + 50);
    EXPECT_EQ(applied(session, record(120s, 50)), session);       // repeated
    EXPECT_EQ(applied(session, record(90s, turn - 10)), session); // late, from before the turn
    EXPECT_EQ(applied(session, record(130s, 40)).down_octets, turn + 50); // a miscount
    session = applied(session, record(180s, turn - 1));
    session = applied(session, record(240s, 7));
    EXPECT_EQ(session.down_octets, 2 * turn + 7);
}

} // namespace
} // namespace iwas::domain
