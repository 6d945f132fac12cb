// apply: makes the café's configuration what a file says.
#include "adapters/cafe_file/apply_catalog.hpp"
#include "adapters/cafe_file/cafe_file.hpp"
#include "app/commands/command_store.hpp"
#include "app/commands/commands.hpp"
#include "asio/run_now.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <sstream>

namespace iwas::app {

namespace {

struct ApplyOptions {
    std::string file;
    bool is_dry_run = false;
};

std::string text_of(const std::string& path)
{
    std::ifstream file{path, std::ios::binary};
    if (!file) throw std::runtime_error{path + ": cannot be read"};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void apply_file(const std::string& config_file, const ApplyOptions& options)
{
    auto wanted = adapters::parse_cafe(text_of(options.file), adapters::system_secrets());
    if (!wanted) {
        for (const adapters::CafeFault& fault : wanted.error())
            fmt::print(stderr, "{}: {}\n", options.file, to_string(fault));
        throw CLI::RuntimeError{1};
    }
    const Config config = load_config(config_file);
    boost::asio::io_context io{1};
    const auto store = open_store_now(config, io);
    const UtcTime now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    const auto changes = run_now(
        io, adapters::apply_catalog(*store, std::move(*wanted), "apply", now, options.is_dry_run));
    if (!changes)
        throw std::runtime_error{
            changes.error() == ports::StoreError::conflict
                ? "somebody else changed the configuration at this moment: nothing was applied"
                : "the database does not answer: nothing is known to be applied"};
    fmt::print("{}", adapters::to_text(*changes));
    if (!changes->empty() && options.is_dry_run) fmt::print("nothing was changed (--dry-run)\n");
}

} // namespace

void add_apply(CLI::App& app, const CommonOptions& common)
{
    auto options = std::make_shared<ApplyOptions>();
    auto* command = app.add_subcommand(
        "apply",
        "Make organizations, locations, routers, packages, PC systems and payment accounts what "
        "FILE says");
    command->add_option("FILE", options->file, "See docs/configuration/cafe-file.md")->required();
    command->add_flag("--dry-run", options->is_dry_run, "Show the difference and change nothing");
    command->callback([&common, options] { apply_file(common.config_file, *options); });
}

} // namespace iwas::app
