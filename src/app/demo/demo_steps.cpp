#include "app/demo/demo_steps.hpp"

#include "adapters/trace/trace_format.hpp"

namespace iwas::app {

using ports::awaitable;

awaitable<void> print_trace(Program& program, ports::Clock& clock, std::string transaction)
{
    const auto id = Ulid::parse(transaction);
    if (!id) co_return;
    std::vector<ports::TraceStep> steps;
    (void)co_await eventually(clock, 3s, [&]() -> awaitable<bool> {
        auto loaded = co_await program.store().load_trace(*id);
        if (loaded) steps = std::move(*loaded);
        co_return !steps.empty() && steps.back().kind == ports::TraceKind::async &&
            steps.back().text == "online";
    });
    fmt::print("\n{}\n", adapters::format_trace(steps, adapters::TraceFormat::text));
}

} // namespace iwas::app
