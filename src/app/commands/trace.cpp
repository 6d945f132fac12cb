// trace: prints a run of a workflow as its sequence diagram.
#include "adapters/trace/trace_format.hpp"
#include "app/commands/command_store.hpp"
#include "app/commands/commands.hpp"
#include "asio/run_now.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace iwas::app {

namespace {

struct TraceOptions {
    std::string id;
    std::string format = "text";
};

void print_trace(const std::string& config_file, const TraceOptions& options)
{
    const auto id = Ulid::parse(options.id);
    if (!id)
        throw std::runtime_error{
            options.id + ": expected the id of a purchase, session or visit (26 characters)"};
    const auto format = adapters::trace_format_from(options.format);
    if (!format) throw std::runtime_error{options.format + ": is no format"};

    const Config config = load_config(config_file);
    boost::asio::io_context io{1};
    const auto store = open_store_now(config, io);
    const auto steps = run_now(io, store->load_trace(*id));
    if (!steps) throw std::runtime_error{"the store does not answer"};
    if (steps->empty()) throw std::runtime_error{options.id + ": no run is known by this id"};
    fmt::print("{}", adapters::format_trace(*steps, *format));
}

} // namespace

void add_trace(CLI::App& app, const CommonOptions& common)
{
    auto* command = app.add_subcommand(
        "trace", "Print what happened in a purchase, session or sign-in, as a sequence diagram");
    auto options = std::make_shared<TraceOptions>();
    command->add_option("ID", options->id, "Of the purchase, session or visit")->required();
    command->add_option("--format", options->format, "text, mermaid, svg or json")
        ->check(CLI::IsMember({"text", "mermaid", "svg", "json"}))
        ->capture_default_str();
    command->callback([&common, options] { print_trace(common.config_file, *options); });
}

} // namespace iwas::app
