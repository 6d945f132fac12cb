#include "workflows/run_trace.hpp"

namespace iwas::workflows {

namespace {

std::chrono::microseconds between(SteadyTime from, SteadyTime to)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(to - from);
}

} // namespace

RunTrace::RunTrace(
    ports::Tracer& tracer, const ports::Clock& clock, std::string_view workflow, Ulid subject)
    : tracer_{tracer}, clock_{clock}, workflow_{workflow}, subject_{subject},
      began_{clock.steady_now()}
{
}

RunTrace::~RunTrace()
{
    if (is_measured_) tracer_.finished(workflow_, between(began_, clock_.steady_now()));
}

RunTrace::Call RunTrace::call(
    std::string_view to, std::string text, std::optional<Milliseconds> target)
{
    record(ports::TraceKind::request, party::iwas, to, std::move(text), std::nullopt, target);
    return Call{*this, to, target};
}

void RunTrace::async(std::string_view from, std::string_view to, std::string text)
{
    record(ports::TraceKind::async, from, to, std::move(text), std::nullopt, std::nullopt);
}

void RunTrace::condition(std::string text)
{
    record(
        ports::TraceKind::condition, party::iwas, party::iwas, std::move(text), std::nullopt,
        std::nullopt);
}

void RunTrace::record(
    ports::TraceKind kind, std::string_view from, std::string_view to, std::string text,
    std::optional<std::chrono::microseconds> took, std::optional<Milliseconds> target)
{
    tracer_.record({
        .trace = subject_,
        .at = clock_.utc_now(),
        .kind = kind,
        .from = std::string{from},
        .to = std::string{to},
        .text = std::move(text),
        .took = took,
        .target = target,
    });
}

RunTrace::Call::Call(RunTrace& run, std::string_view to, std::optional<Milliseconds> target)
    : run_{run}, to_{to}, began_{run.clock_.steady_now()}, target_{target}
{
}

void RunTrace::Call::answered(std::string text)
{
    end(ports::TraceKind::response, std::move(text));
}

void RunTrace::Call::failed(std::string text)
{
    end(ports::TraceKind::failure, std::move(text));
}

void RunTrace::Call::end(ports::TraceKind kind, std::string text)
{
    const auto took = between(began_, run_.clock_.steady_now());
    run_.record(kind, to_, party::iwas, std::move(text), took, target_);
}

std::string masked(std::string_view user_name)
{
    // Whole characters: half of one is no text, and PostgreSQL refuses it.
    const auto is_inside = [&](std::size_t at) {
        return at < user_name.size() && (static_cast<unsigned char>(user_name[at]) & 0xC0) == 0x80;
    };
    std::size_t shown = user_name.size() < 4 ? 1 : 2;
    while (shown > 0 && is_inside(shown))
        --shown;
    return std::string{user_name.substr(0, shown)} + "***";
}

std::string masked(const MacAddress& mac)
{
    const std::string text = to_string(mac);
    return text.substr(0, 6) + "**:**:**" + text.substr(14);
}

} // namespace iwas::workflows
