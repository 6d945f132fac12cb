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

} // namespace
} // namespace iwas::domain
