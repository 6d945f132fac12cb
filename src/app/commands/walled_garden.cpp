// router walled-garden: the script that opens what a device needs before it is online.
#include "app/commands/garden_words.hpp"
#include "app/commands/router_commands.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <optional>

namespace iwas::app {

namespace {

struct GardenTextOptions {
    GardenWords garden;
    std::string router;
    bool is_list = false;
};

/// The data as a table, for people.
void list(const captive::WalledGarden& garden)
{
    fmt::print("Walled garden data, version {} of {}\n\n", garden.version, garden.date);
    constexpr std::string_view row = "{:<13} {:<10}  {:<28} {:<8}  {:<7}  {:<4}  {}\n";
    fmt::print(row, "for", "stage", "host", "port", "by", "sure", "purpose [source]");
    for (const captive::GardenEntry& entry : garden.entries)
        fmt::print(
            row, entry.group, captive::to_text(entry.stage), entry.host,
            fmt::format("tcp/{}", entry.port), captive::to_text(entry.reach), entry.confidence,
            fmt::format("{} [{}]", entry.purpose, entry.source));
    for (const captive::GardenNothing& none : garden.nothing)
        fmt::print(row, none.group, "both", "nothing", "", "", "", none.why);
    fmt::print(
        "\nsure: A the vendor's document, B his code, C several integrations agree, D an "
        "assumption.\nby address: other sites at the same addresses open on that port too.\n");
}

void print(const GardenTextOptions& words, const std::string& config_file)
{
    const Config config = load_config(config_file);
    boost::asio::io_context io{1};
    std::optional<ConfiguredRouter> configured;
    if (!words.router.empty()) {
        configured = configured_router(config, io, words.router);
        if (configured->router.kind != domain::RouterKind::mikrotik)
            throw std::runtime_error{
                words.router + ": is no MikroTik router; of other kinds see --list"};
    } else if (words.garden.groups.empty()) {
        throw std::runtime_error{"--methods, --router or --list is expected"};
    }
    const WantedGarden wanted =
        wanted_garden(words.garden, config, configured ? &*configured : nullptr);
    fmt::print(
        "{}",
        captive::render_routeros(wanted.rules, wanted.heading, {.server = words.garden.server}));
}

} // namespace

void add_walled_garden(CLI::App& router, const CommonOptions& common)
{
    auto* command = router.add_subcommand(
        "walled-garden", "Print the RouterOS commands for what is open before a device is online");
    auto words = std::make_shared<GardenTextOptions>();
    add_garden_words(*command, words->garden);
    command->add_option(
        "--router", words->router,
        "A router of the configuration: for the enabled ways to pay of its organization");
    command->add_flag("--list", words->is_list, "Show the data instead, as a table");
    command->callback([&common, words] {
        if (words->is_list)
            list(load_garden(words->garden.data_file));
        else
            print(*words, common.config_file);
    });
}

} // namespace iwas::app
