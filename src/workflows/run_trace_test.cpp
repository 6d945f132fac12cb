#include "workflows/run_trace.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace iwas::workflows {
namespace {

using ports::TraceKind;

class FakeClock final : public ports::Clock {
public:
    SteadyTime now;

    [[nodiscard]] UtcTime utc_now() const override { return UtcTime{Milliseconds{1'000}}; }
    [[nodiscard]] SteadyTime steady_now() const override { return now; }
    [[nodiscard]] domain::LocalTime local_time(UtcTime, std::string_view) const override
    {
        return {};
    }
    ports::awaitable<void> sleep_until(SteadyTime time) override
    {
        now = time;
        co_return;
    }
};

class Collected final : public ports::Tracer {
public:
    std::vector<ports::TraceStep> steps;
    std::vector<std::pair<std::string, std::chrono::microseconds>> runs;

    void record(ports::TraceStep step) noexcept override { steps.push_back(std::move(step)); }
    void finished(std::string_view workflow, std::chrono::microseconds took) noexcept override
    {
        runs.emplace_back(workflow, took);
    }
};

TEST(RunTrace, DrawsACallWithItsAnswerTimeAndTarget)
{
    FakeClock clock;
    Collected tracer;
    {
        RunTrace trace{tracer, clock, "purchase", Ulid{1, 2}};
        trace.async(party::phone, party::iwas, "buy");
        auto call = trace.call(party::pc_system, "charge", 300ms);
        clock.now += 120ms;
        call.answered("charged");
        trace.condition("late");
    }
    ASSERT_EQ(tracer.steps.size(), 4U);
    EXPECT_EQ(tracer.steps[0].kind, TraceKind::async);
    EXPECT_EQ(tracer.steps[1].kind, TraceKind::request);
    EXPECT_EQ(tracer.steps[1].to, "PC system");
    EXPECT_EQ(tracer.steps[2].kind, TraceKind::response);
    EXPECT_EQ(tracer.steps[2].from, "PC system");
    EXPECT_EQ(tracer.steps[2].took, 120ms);
    EXPECT_EQ(tracer.steps[2].target, 300ms);
    EXPECT_EQ(tracer.steps[3].kind, TraceKind::condition);
    for (const auto& step : tracer.steps)
        EXPECT_EQ(step.trace, (Ulid{1, 2}));
    ASSERT_EQ(tracer.runs.size(), 1U);
    EXPECT_EQ(tracer.runs[0].first, "purchase");
    EXPECT_EQ(tracer.runs[0].second, 120ms);
}

TEST(RunTrace, AFailedCallIsDrawnAsFailure)
{
    FakeClock clock;
    Collected tracer;
    RunTrace trace{tracer, clock, "purchase", Ulid{1, 2}};
    auto call = trace.call(party::router, "log in");
    call.failed("no answer");
    EXPECT_EQ(tracer.steps.back().kind, TraceKind::failure);
    EXPECT_EQ(tracer.steps.back().text, "no answer");
}

TEST(RunTrace, AContinuationIsNotMeasured)
{
    FakeClock clock;
    Collected tracer;
    {
        RunTrace trace{tracer, clock, "purchase", Ulid{1, 2}};
        trace.leave_unmeasured();
    }
    EXPECT_TRUE(tracer.runs.empty());
}

TEST(RunTrace, MasksNamesAndAddresses)
{
    EXPECT_EQ(masked("alice"), "al***");
    EXPECT_EQ(masked("bo"), "b***");
    EXPECT_EQ(masked(""), "***");
    EXPECT_EQ(masked("\xE1\xBA\xA5n"), "***"); // never half a character
    EXPECT_EQ(masked("a\xC3\xAAtrang"), "a***");
    EXPECT_EQ(masked(*MacAddress::parse("AA:BB:CC:DD:EE:0F")), "AA:BB:**:**:**:0F");
}

} // namespace
} // namespace iwas::workflows
