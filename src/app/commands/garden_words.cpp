#include "app/commands/garden_words.hpp"

#include "adapters/cafe_file/payment_account_facts.hpp"

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

/// The enabled accounts of the router's organization, by method: it has one of each at most.
std::map<std::string, const domain::PaymentAccount*> enabled_accounts(
    const ConfiguredRouter& configured)
{
    std::map<std::string, const domain::PaymentAccount*> accounts;
    const auto* const location = configured.catalog.location(configured.router.location);
    for (const auto& [id, account] : configured.catalog.payment_accounts)
        if (location != nullptr && account.is_enabled &&
            account.organization == location->organization)
            accounts.emplace(domain::to_text(account.method), &account);
    return accounts;
}

/// By its addresses: whatever the café file calls the environment, these are asked.
captive::GardenStage stage_of(const domain::PaymentAccount& account)
{
    const auto test =
        adapters::gateway_addresses(account.method, adapters::GatewayEnvironment::sandbox);
    const auto host = [&](std::string_view url) {
        const auto entry = captive::page_entry(url, {});
        return entry ? entry->host : std::string{};
    };
    const std::string test_host = host(test.base);
    const bool is_sandbox = !test_host.empty() && (host(account.base_url) == test_host ||
                                                   host(account.page_url) == test_host);
    return is_sandbox ? captive::GardenStage::sandbox : captive::GardenStage::production;
}

captive::GardenEntry page(
    const std::string& url, const std::string& group, const std::string& named_by)
{
    const auto entry = captive::page_entry(url, group);
    if (!entry)
        throw std::runtime_error{
            fmt::format("{}: {}: expected http[s]://HOST[:PORT] of a page", named_by, url)};
    if (const auto why = captive::check_entry(*entry))
        throw std::runtime_error{fmt::format("{}: {}: {}", named_by, url, *why)};
    return *entry;
}

/// The stage and the pages of an account. Gives a few words on it, for the heading.
std::string open_account(const domain::PaymentAccount& account, captive::GardenChoice& choice)
{
    const std::string group{domain::to_text(account.method)};
    choice.stages_of[group] = stage_of(account);
    const std::string name{account.id.text()};
    std::string words = "account " + name;
    std::set<std::string> hosts;
    for (const auto& [key, url] :
         {std::pair{"page_url", account.page_url}, std::pair{"token_url", account.token_url}}) {
        if (url.empty()) continue;
        choice.pages.push_back(page(url, group, fmt::format("account {}, {}", name, key)));
        hosts.insert(choice.pages.back().host);
    }
    if (!hosts.empty()) words += fmt::format(" with pages at {}", fmt::join(hosts, " and "));
    return words;
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
    command.add_flag(
        "--sandbox", words.is_sandbox,
        "The gateways' test environments. The payment accounts of a router of the configuration "
        "say so themselves");
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
    std::map<std::string, std::string> said_by; // of a group, who says so
    if (configured != nullptr) {
        const bool decide = choice.groups.empty();
        for (const auto& [method, account] : enabled_accounts(*configured)) {
            if (decide) choice.groups.insert(method);
            if (choice.groups.contains(method)) said_by[method] = open_account(*account, choice);
        }
    }
    if (!config.http.bank_app_url.empty() && config.http.bank_app_url != HttpConfig{}.bank_app_url)
        for (const char* const method : {"vietqr", "payos"})
            if (choice.groups.contains(method))
                choice.pages.push_back(page(config.http.bank_app_url, method, "http.bank_app_url"));
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
    std::vector<std::string> opened;
    for (const std::string& group : choice.groups) {
        const auto own = choice.stages_of.find(group);
        const auto stage = own == choice.stages_of.end() ? choice.stage : own->second;
        const auto who = said_by.find(group);
        opened.push_back(fmt::format(
            "{} {}{}", group, captive::to_text(stage),
            who == said_by.end() ? "" : " (" + who->second + ")"));
    }
    wanted.heading = fmt::format(
        "Walled garden of IWAS, data version {} of {}; for {}{}", garden.version, garden.date,
        opened.empty() ? "no way to pay" : fmt::format("{}", fmt::join(opened, ", ")),
        choice.portal ? " and the portal" : "");
    return wanted;
}

} // namespace iwas::app
