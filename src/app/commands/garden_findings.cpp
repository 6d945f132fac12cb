#include "app/commands/garden_findings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace iwas::app {

namespace {

using adapters::Finding;
using adapters::GardenHostReport;
using adapters::GardenReport;
using captive::GardenEntry;
using captive::RuleState;

std::string printable(std::string text)
{
    std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

std::string with_words(std::string_view what, const std::string& words)
{
    return words.empty() ? std::string{what} : fmt::format("{} ({})", what, printable(words));
}

/// What is wrong with an entry, and what could not be told.
struct EntryWords {
    std::vector<std::string> faults;
    std::vector<std::string> unknowns;
};

void add_rules(EntryWords& words, const GardenEntry& entry, const GardenReport& report)
{
    for (const auto& each : report.comparison.rules) {
        if (each.rule.host != entry.host || each.rule.port != entry.port) continue;
        switch (each.state) {
        case RuleState::present: break;
        case RuleState::missing:
            words.faults.push_back(
                fmt::format("missing from the {} list", captive::to_text(each.rule.menu)));
            break;
        case RuleState::denied:
            words.faults.push_back(
                fmt::format("denied further up in the {} list", captive::to_text(each.rule.menu)));
            break;
        }
    }
}

void add_host(EntryWords& words, const GardenHostReport& host)
{
    const auto add = [&](Finding finding, std::string_view bad, std::string_view unknown,
                         const std::string& said) {
        switch (finding) {
        case Finding::good: break;
        case Finding::bad: words.faults.push_back(with_words(bad, said)); break;
        case Finding::not_asked:
            if (!said.empty()) words.unknowns.push_back(with_words(unknown, said));
            break;
        }
    };
    add(host.resolves, "does not resolve", "name not asked", host.resolve_words);
    add(host.is_reached, "not reachable", "connection not tried", host.reach_words);
}

} // namespace

GardenFindings garden_findings(const std::vector<GardenEntry>& entries, const GardenReport& report)
{
    GardenFindings made;
    auto out = std::back_inserter(made.text);
    for (const GardenEntry& entry : entries) {
        EntryWords words;
        add_rules(words, entry, report);
        std::string address;
        for (const GardenHostReport& host : report.hosts) {
            if (host.host != entry.host || host.port != entry.port) continue;
            add_host(words, host);
            if (host.address) address = to_string(*host.address);
        }
        made.faults += words.faults.size();
        std::vector<std::string> all = words.faults;
        if (all.empty()) all.emplace_back("ok");
        all.insert(all.end(), words.unknowns.begin(), words.unknowns.end());
        fmt::format_to(
            out, "{:<10} {:<28} tcp/{:<5} {:<15}  {}\n", entry.group, entry.host, entry.port,
            address, fmt::join(all, "; "));
    }
    for (const auto& [row, fault, what] : report.comparison.rows) {
        const bool is_fault = fault != captive::RowFault::unjudged;
        made.faults += is_fault ? 1 : 0;
        const std::string& target = row.dst_host.empty() ? row.dst_address : row.dst_host;
        fmt::format_to(
            out, "{}: row {} of the {} list, {}{}: {}\n", captive::to_text(fault),
            printable(row.id), captive::to_text(row.menu),
            target.empty() ? "every host" : printable(target),
            row.comment.empty() ? "" : " \"" + printable(row.comment) + "\"", what);
    }
    fmt::format_to(
        out, "{} entries, {} probe hosts looked up, {}\n", entries.size(), report.probes_resolved,
        made.faults == 0 ? "all is well" : fmt::format("{} to mend", made.faults));
    return made;
}

} // namespace iwas::app
