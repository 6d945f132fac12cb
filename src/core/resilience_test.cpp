#include "core/backoff.hpp"
#include "core/circuit_breaker.hpp"

#include <gtest/gtest.h>

namespace iwas {
namespace {

TEST(Backoff, GrowsWithinItsJitter)
{
    const BackoffPolicy policy;
    const std::int64_t expected[] = {500, 1000, 2000, 4000};
    for (unsigned tries = 1; tries <= 4; ++tries) {
        const std::int64_t wait = expected[tries - 1];
        for (std::uint64_t random = 0; random < 5000; random += 7) {
            const auto got = backoff_after(policy, tries, random * 0x9E3779B97F4A7C15U).count();
            EXPECT_GE(got, wait * 8 / 10);
            EXPECT_LE(got, wait * 12 / 10);
        }
    }
}

TEST(Backoff, ReachesBothEndsOfTheJitterAndStaysAtItsLimit)
{
    const BackoffPolicy policy{.first = 100ms, .wait_max = 1000ms, .jitter_percent = 10};
    EXPECT_EQ(backoff_after(policy, 1, 0), 90ms);
    EXPECT_EQ(backoff_after(policy, 1, 20), 110ms);
    EXPECT_EQ(backoff_after(policy, 1, 10), 100ms);
    EXPECT_LE(backoff_after(policy, 4'000'000'000U, ~0ULL), 1100ms);
    EXPECT_EQ(backoff_after({.first = 0ms}, 9, 5), 0ms);
    EXPECT_EQ(backoff_after({.first = 70ms, .factor = 1, .jitter_percent = 0}, 50, 5), 70ms);
}

constexpr CircuitBreaker::Limits limits{
    .failures_to_open = 3, .forget_after = 60s, .open_for = 10s};

TEST(CircuitBreaker, OpensAfterFailuresInARow)
{
    CircuitBreaker breaker{limits};
    const SteadyTime t0{};
    breaker.failed(t0);
    breaker.failed(t0);
    breaker.succeeded();
    breaker.failed(t0);
    breaker.failed(t0);
    EXPECT_TRUE(breaker.may_call(t0));
    breaker.failed(t0 + 1s);
    EXPECT_FALSE(breaker.may_call(t0 + 1s));
    EXPECT_EQ(breaker.state(t0 + 1s), CircuitBreaker::State::open);
    EXPECT_EQ(breaker.retry_after(t0 + 4s), 7s);
}

TEST(CircuitBreaker, LetsOneTrialThroughAndClosesOnSuccess)
{
    CircuitBreaker breaker{limits};
    const SteadyTime t0{};
    for (int i = 0; i < 3; ++i)
        breaker.failed(t0);
    EXPECT_EQ(breaker.state(t0 + 10s), CircuitBreaker::State::half_open);
    EXPECT_TRUE(breaker.may_call(t0 + 10s));
    EXPECT_FALSE(breaker.may_call(t0 + 10s)) << "only one trial";
    breaker.succeeded();
    EXPECT_EQ(breaker.state(t0 + 10s), CircuitBreaker::State::closed);
    EXPECT_TRUE(breaker.may_call(t0 + 10s));
    EXPECT_EQ(breaker.retry_after(t0 + 10s), 0ms);
}

TEST(CircuitBreaker, OpensAgainWhenTheTrialFails)
{
    CircuitBreaker breaker{limits};
    const SteadyTime t0{};
    for (int i = 0; i < 3; ++i)
        breaker.failed(t0);
    ASSERT_TRUE(breaker.may_call(t0 + 10s));
    breaker.failed(t0 + 11s);
    EXPECT_FALSE(breaker.may_call(t0 + 20s));
    EXPECT_TRUE(breaker.may_call(t0 + 21s));
}

TEST(CircuitBreaker, GivesUpATrialThatNeverReports)
{
    CircuitBreaker breaker{limits};
    const SteadyTime t0{};
    for (int i = 0; i < 3; ++i)
        breaker.failed(t0);
    ASSERT_TRUE(breaker.may_call(t0 + 10s));
    EXPECT_FALSE(breaker.may_call(t0 + 19s));
    EXPECT_TRUE(breaker.may_call(t0 + 20s));
}

TEST(CircuitBreaker, ForgetsFailuresThatAreFarApart)
{
    CircuitBreaker breaker{limits};
    const SteadyTime t0{};
    for (int i = 0; i < 10; ++i)
        breaker.failed(t0 + i * 61s);
    EXPECT_EQ(breaker.state(t0 + 610s), CircuitBreaker::State::closed);
}

} // namespace
} // namespace iwas
