#include "app/commands/garden_words.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace iwas::app {

namespace {

// More than the data may have, so that its reader says so.
constexpr std::size_t file_octets_max = 100'000;

std::string read_file(const std::string& name)
{
    std::ifstream file{name, std::ios::binary};
    if (!file) throw std::runtime_error{name + ": cannot be read"};
    std::string text(file_octets_max, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

std::set<std::string> enabled_methods(const ConfiguredRouter& configured)
{
    std::set<std::string> methods;
    const auto* const location = configured.catalog.location(configured.router.location);
    for (const auto& [id, account] : configured.catalog.payment_accounts)
        if (location != nullptr && account.is_enabled &&
            account.organization == location->organization)
            methods.emplace(domain::to_text(account.method));
    return methods;
}

} // namespace

void add_garden_words(CLI::App& command, GardenWords& words)
{
    command
        .add_option(
            "--methods", words.groups,
            "For which ways to pay and identity providers, such as momo,vnpay,google")
        ->delimiter(',');
    command.add_option("--portal", words.portal, "The portal's address (default: http.public_url)");
    command.add_option(
        "--server", words.server, "The router's hotspot server (default: all of them)");
    command.add_option("--data", words.data_file, "Data of another version, from a file");
    command.add_flag("--sandbox", words.is_sandbox, "The gateways' test environments");
}

captive::WalledGarden load_garden(const std::string& data_file)
{
    if (data_file.empty()) return captive::built_in_garden();
    auto garden = captive::parse_garden(read_file(data_file));
    if (!garden)
        throw std::runtime_error{
            fmt::format("{}:{}: {}", data_file, garden.error().line, garden.error().message)};
    return std::move(*garden);
}

WantedGarden wanted_garden(
    const GardenWords& words, const Config& config, const ConfiguredRouter* configured)
{
    const captive::WalledGarden garden = load_garden(words.data_file);
    captive::GardenChoice choice;
    choice.groups = {words.groups.begin(), words.groups.end()};
    if (choice.groups.empty() && configured != nullptr)
        choice.groups = enabled_methods(*configured);
    if (words.is_sandbox) choice.stage = captive::GardenStage::sandbox;
    const std::string& portal = words.portal.empty() ? config.http.public_url : words.portal;
    if (!portal.empty()) {
        choice.portal = captive::portal_entry(portal);
        if (!choice.portal)
            throw std::runtime_error{portal + ": expected http[s]://HOST[:PORT] of the portal"};
    }

    auto chosen = captive::choose(garden, choice);
    if (!chosen)
        throw std::runtime_error{fmt::format(
            "{}; known are {}", chosen.error().message, fmt::join(garden.groups(), ", "))};
    WantedGarden wanted{.version = garden.version, .entries = std::move(*chosen)};
    wanted.rules = captive::rules_for(wanted.entries, garden.version);
    wanted.heading = fmt::format(
        "Walled garden of IWAS, data version {} of {}, {}; for {}{}", garden.version, garden.date,
        captive::to_text(choice.stage),
        choice.groups.empty() ? "no way to pay" : fmt::format("{}", fmt::join(choice.groups, ", ")),
        choice.portal ? " and the portal" : "");
    return wanted;
}

} // namespace iwas::app
