#include "adapters/trace/buffered_tracer.hpp"
#include "adapters/trace/limits.hpp"
#include "adapters/trace/trace_format.hpp"
#include "tests/support/time_and_chance.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace iwas::adapters {
namespace {

namespace asio = boost::asio;
using ports::TraceKind;
using ports::TraceStep;
using ::testing::HasSubstr;
using ::testing::Not;

TraceStep step(
    int at_ms, TraceKind kind, std::string from, std::string to, std::string text,
    std::optional<std::chrono::microseconds> took = std::nullopt,
    std::optional<Milliseconds> target = std::nullopt)
{
    return {
        .trace = Ulid{0x0192136D5F1A0001, 42},
        .at = from_unix_ms(1'790'000'000'000 + at_ms),
        .kind = kind,
        .from = std::move(from),
        .to = std::move(to),
        .text = std::move(text),
        .took = took,
        .target = target,
    };
}

/// A purchase whose router refused: every kind of arrow is in it.
std::vector<TraceStep> refused_purchase()
{
    return {
        step(0, TraceKind::async, "Phone", "IWAS", "buy Three hours; <b>#1</b>"),
        step(1, TraceKind::request, "IWAS", "PC system", "charge 12.000 ₫", {}, 300ms),
        step(213, TraceKind::response, "PC system", "IWAS", "ch_9", 212'345us, 300ms),
        step(214, TraceKind::request, "IWAS", "Store", "paid, with its session"),
        step(216, TraceKind::response, "Store", "IWAS", "durable", 1'620us),
        step(217, TraceKind::request, "IWAS", "Router", "log in A4:5E:**:**:**:0F", {}, 200ms),
        step(617, TraceKind::failure, "Router", "IWAS", "refused", 400'000us, 200ms),
        step(618, TraceKind::condition, "IWAS", "IWAS", "activation failed: refund"),
        step(700, TraceKind::async, "IWAS", "Phone", "money returned"),
    };
}

/// Compares with tests/vectors/NAME. IWAS_UPDATE_GOLDEN=1 writes it anew, for a look at the change.
void expect_golden(const std::string& name, const std::string& text)
{
    const std::string path = std::string{IWAS_SOURCE_DIR} + "/tests/vectors/" + name;
    if (std::getenv("IWAS_UPDATE_GOLDEN")) std::ofstream{path} << text;
    std::ifstream file{path};
    const std::string expected{std::istreambuf_iterator<char>{file}, {}};
    EXPECT_EQ(text, expected) << path;
}

TEST(TraceFormat, DrawsText)
{
    expect_golden("trace_refused.txt", format_trace(refused_purchase(), TraceFormat::text));
}
TEST(TraceFormat, DrawsMermaid)
{
    expect_golden("trace_refused.mmd", format_trace(refused_purchase(), TraceFormat::mermaid));
}
TEST(TraceFormat, DrawsSvg)
{
    expect_golden("trace_refused.svg", format_trace(refused_purchase(), TraceFormat::svg));
}
TEST(TraceFormat, WritesJson)
{
    expect_golden("trace_refused.json", format_trace(refused_purchase(), TraceFormat::json));
}

TEST(TraceFormat, UsesTheNotation)
{
    const std::string text = format_trace(refused_purchase(), TraceFormat::text);
    EXPECT_THAT(text, HasSubstr("──>"));
    EXPECT_THAT(text, HasSubstr("<──"));
    EXPECT_THAT(text, HasSubstr("─X─"));
    EXPECT_THAT(text, HasSubstr("...>"));
    EXPECT_THAT(text, HasSubstr("[activation failed: refund]"));
    EXPECT_THAT(text, HasSubstr("(212 ms, target 300 ms, never more than 1000 ms)"));
    EXPECT_THAT(
        text, HasSubstr("(400 ms, target 200 ms, never more than 500 ms: over the target)"));
    EXPECT_THAT(text, HasSubstr("(1.6 ms)"));
}

TEST(TraceFormat, TellsTheTargetFromTheMaximum)
{
    const auto drawn = [](std::chrono::microseconds took, Milliseconds target) {
        return format_trace(
            {step(0, TraceKind::response, "Router", "IWAS", "in", took, target)},
            TraceFormat::text);
    };
    EXPECT_THAT(drawn(501ms, 200ms), HasSubstr("never more than 500 ms: over the maximum)"));
    EXPECT_THAT(drawn(500ms, 200ms), HasSubstr("never more than 500 ms: over the target)"));
    EXPECT_THAT(drawn(200ms, 200ms), HasSubstr("target 200 ms, never more than 500 ms)"));
    EXPECT_THAT(drawn(9ms, 7ms), HasSubstr("(9.0 ms, target 7 ms: over the target)"));
    for (const WorkflowLimits& each : workflow_limits)
        EXPECT_EQ(never_more_than(each.target), each.never_more_than) << each.workflow;
}

TEST(TraceFormat, EscapesWhatEachFormatReadsAsItsOwn)
{
    EXPECT_THAT(
        format_trace(refused_purchase(), TraceFormat::mermaid),
        HasSubstr("buy Three hours#59; <b>#35;1</b>"));
    const std::string svg = format_trace(refused_purchase(), TraceFormat::svg);
    EXPECT_THAT(svg, HasSubstr("&lt;b&gt;#1&lt;/b&gt;"));
    EXPECT_THAT(svg, Not(HasSubstr("<b>")));
}

TEST(TraceFormat, TakesNoStepsAndNewParties)
{
    EXPECT_EQ(format_trace({}, TraceFormat::text), "no steps\n");
    EXPECT_THAT(format_trace({}, TraceFormat::svg), HasSubstr("</svg>"));
    EXPECT_EQ(format_trace({}, TraceFormat::json), "{\"steps\":[]}\n");
    const std::string text =
        format_trace({step(0, TraceKind::note, "Gateway", "Gateway", "called")}, TraceFormat::text);
    EXPECT_THAT(text, HasSubstr("Gateway"));
    EXPECT_EQ(trace_format_from("pdf"), std::nullopt);
    EXPECT_EQ(trace_format_from("svg"), TraceFormat::svg);
}

TEST(Metrics, HasTargetAndMaximumAsEdges)
{
    Metrics metrics;
    metrics.workflow_took("payment", 310ms);
    const std::string text = metrics.text();
    for (const WorkflowLimits& each : workflow_limits) {
        for (const Milliseconds limit : {each.target, each.never_more_than}) {
            const double seconds = std::chrono::duration<double>{limit}.count();
            std::string edge = std::to_string(seconds);
            while (edge.ends_with('0'))
                edge.pop_back();
            if (edge.ends_with('.')) edge.pop_back();
            EXPECT_THAT(
                text, HasSubstr("{workflow=\"" + std::string{each.workflow} + "\",le=\"" + edge));
        }
    }
    EXPECT_THAT(
        text,
        HasSubstr("iwas_workflow_duration_seconds_bucket{workflow=\"payment\",le=\"0.3\"} 0"));
    EXPECT_THAT(
        text,
        HasSubstr("iwas_workflow_duration_seconds_bucket{workflow=\"payment\",le=\"0.5\"} 1"));
}

TEST(Metrics, ReadsWhatOthersCount)
{
    Metrics metrics;
    double value = 1;
    metrics.add_counter("iwas_x_total", "x", [&] {
        return std::vector<Sample>{{.labels = {{"router", "r1"}}, .value = value}};
    });
    EXPECT_THAT(metrics.text(), HasSubstr("iwas_x_total{router=\"r1\"} 1"));
    value = 2;
    EXPECT_THAT(metrics.text(), HasSubstr("iwas_x_total{router=\"r1\"} 2"));
}

class MemoryTraces final : public ports::TraceStore {
public:
    bool is_down = false;
    int writes = 0;
    std::vector<TraceStep> steps;

    ports::awaitable<Result<void, ports::StoreError>> append_trace(
        std::vector<TraceStep> added) override
    {
        ++writes;
        if (is_down) co_return std::unexpected{ports::StoreError::unavailable};
        steps.insert(steps.end(), added.begin(), added.end());
        co_return Result<void, ports::StoreError>{};
    }
    ports::awaitable<Result<std::vector<TraceStep>, ports::StoreError>> load_trace(Ulid) override
    {
        co_return steps;
    }
    ports::awaitable<Result<void, ports::StoreError>> append_audit(ports::AuditEntry) override
    {
        co_return Result<void, ports::StoreError>{};
    }
    ports::awaitable<Result<std::vector<ports::AuditEntry>, ports::StoreError>> recent_audit(
        int) override
    {
        co_return std::vector<ports::AuditEntry>{};
    }
};

class Alerts final : public ports::Notifier {
public:
    std::vector<std::string> texts;
    void changed(const Ulid&) noexcept override {}
    void alert(
        ports::AlertKind kind, const domain::LocationId&, const std::string& text) noexcept override
    {
        EXPECT_EQ(kind, ports::AlertKind::workflow_too_slow);
        texts.push_back(text);
    }
};

class IoTasks final : public ports::Tasks {
public:
    explicit IoTasks(asio::io_context& io) : io_{io} {}
    bool start(std::string, ports::awaitable<void> task) override
    {
        asio::co_spawn(io_, std::move(task), [](std::exception_ptr error) { EXPECT_FALSE(error); });
        return true;
    }

private:
    asio::io_context& io_;
};

class BufferedTracerTest : public ::testing::Test {
protected:
    asio::io_context io;
    tests::RealClock clock{io.get_executor()};
    IoTasks tasks{io};
    MemoryTraces store;
    Alerts alerts;
    Metrics metrics;
    BufferedTracer tracer{
        store,   tasks,  clock,
        metrics, alerts, {.write_every = Milliseconds{1}, .waiting_max = 5, .batch_max = 2}};
};

TEST_F(BufferedTracerTest, WritesManyStepsAtATimeAndInOrder)
{
    for (int i = 0; i < 5; ++i)
        tracer.record(step(i, TraceKind::note, "IWAS", "IWAS", std::to_string(i)));
    EXPECT_TRUE(store.steps.empty()) << "nothing is written while the workflow runs";
    io.run();
    ASSERT_EQ(store.steps.size(), 5U);
    EXPECT_EQ(store.steps.front().text, "0");
    EXPECT_EQ(store.steps.back().text, "4");
    EXPECT_EQ(store.writes, 3);
    tracer.record(step(9, TraceKind::note, "IWAS", "IWAS", "later"));
    io.restart();
    io.run();
    EXPECT_EQ(store.steps.size(), 6U);
}

TEST_F(BufferedTracerTest, DropsAndCountsWhatIsTooMuch)
{
    for (int i = 0; i < 8; ++i)
        tracer.record(step(i, TraceKind::note, "IWAS", "IWAS", "x"));
    EXPECT_EQ(tracer.dropped(), 3U);
    store.is_down = true;
    io.run();
    EXPECT_EQ(tracer.dropped(), 8U);
    EXPECT_EQ(tracer.waiting(), 0U);
}

TEST_F(BufferedTracerTest, TimesCallsAndRaisesAlerts)
{
    tracer.record(step(0, TraceKind::response, "PC system", "IWAS", "ok", 290ms, 300ms));
    tracer.record(step(0, TraceKind::response, "Router", "IWAS", "ok", 100ms, 200ms));
    tracer.record(step(0, TraceKind::response, "PC system", "IWAS", "member", 1s, 500ms));
    EXPECT_TRUE(alerts.texts.empty());
    tracer.record(step(0, TraceKind::failure, "Router", "IWAS", "no", 501ms, 200ms));
    tracer.finished("purchase", 2001ms);
    tracer.finished("purchase", 2000ms);
    tracer.finished("something else", 90s);
    ASSERT_EQ(alerts.texts.size(), 2U);
    EXPECT_EQ(alerts.texts[0], "activation took 501 ms, never more than 500 ms");
    EXPECT_EQ(alerts.texts[1], "purchase took 2001 ms, never more than 2000 ms");
    const std::string text = metrics.text();
    EXPECT_THAT(text, HasSubstr("iwas_workflow_duration_seconds_count{workflow=\"payment\"} 1"));
    EXPECT_THAT(text, HasSubstr("iwas_workflow_duration_seconds_count{workflow=\"activation\"} 2"));
    EXPECT_THAT(text, HasSubstr("iwas_workflow_duration_seconds_count{workflow=\"purchase\"} 2"));
}

} // namespace
} // namespace iwas::adapters
