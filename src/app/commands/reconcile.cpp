// reconcile: holds a day against gateways, banks and PC systems, and settles what differs.
#include "workflows/reconcile.hpp"

#include "api/staff/views.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/money_store.hpp"
#include "app/commands/reconcile_report.hpp"
#include "core/text.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace iwas::app {

namespace {

constexpr int differences_max = 1'000;
constexpr int not_finished = 4;
constexpr const char* report_help =
    "Exit status: 0 everything was compared and agrees; 2 something differs and is open; 3 nothing "
    "differs, but not everything was compared; 1 an error.";
constexpr const char* run_help =
    "The running server does it. Exit status: as `report`; 4 when it was not finished in the time "
    "of --wait: it goes on.";
constexpr const char* difference_settle_help =
    "Exit status: 0 done; 1 there is no such open difference, or somebody was faster.";

struct ReportOptions {
    std::string organization;
    std::string day;
    std::string account;
    std::string pc_system;
    std::string language = "vi";
    int wait_seconds = 120;
    bool is_json = false;
};

struct ItemsOptions {
    std::string organization;
    std::string day;
    std::string state;
    bool is_json = false;
};

struct SettleOptions {
    std::string id;
    std::string staff;
    std::string reason;
    bool is_json = false;
};

ReportLanguage language_of(const std::string& text)
{
    return text == "en" ? ReportLanguage::en : ReportLanguage::vi;
}

/// Prints the report; the exit status that it asks for.
int show_report(
    MoneyStore& store, const domain::Organization& organization, const domain::LocalDay& day,
    const ReportOptions& options)
{
    ReconciliationReport report;
    report.organization = organization;
    report.day = domain::to_text(day.date);
    report.comparisons = store.get(store.store().comparisons_of(organization.id, report.day));
    for (const ports::Comparison& each : report.comparisons)
        report.methods.push_back(api::staff::method_of(store.catalog(), each.subject));
    report.expected = domain::expected_on(
        report.day, domain::to_text(store.day("yesterday", organization).date),
        workflows::subjects_of(store.catalog(), organization.id),
        store.get(store.store().first_comparisons(organization.id)));
    report.credit = store.get(store.store().credit_movements(organization.id, day.from, day.to));
    report.differences = store.get(store.store().find_differences(
        {.organization = organization.id, .day = report.day}, differences_max));
    if (options.is_json)
        print_json(to_json(report));
    else
        fmt::print("{}", to_text(report, language_of(options.language)));
    return status_of(report);
}

void report(const std::string& config_file, const ReportOptions& options)
{
    MoneyStore store{config_file};
    const domain::Organization& organization = store.organization(options.organization);
    const int status =
        show_report(store, organization, store.day(options.day, organization), options);
    if (status != 0) throw CLI::RuntimeError{status};
}

void compare_now(const std::string& config_file, const ReportOptions& options)
{
    MoneyStore store{config_file};
    const domain::Organization& organization = store.organization(options.organization);
    const domain::LocalDay day = store.day(options.day, organization);
    const auto subjects = workflows::subjects_of(store.catalog(), organization.id);
    workflows::ReconcileOrder order{.day = day.date, .subject = std::nullopt};
    if (!options.account.empty()) order.subject = {domain::OtherSide::gateway, options.account};
    if (!options.pc_system.empty())
        order.subject = {domain::OtherSide::pc_system, options.pc_system};
    if (order.subject && !std::ranges::count(subjects, *order.subject))
        throw std::runtime_error{
            order.subject->name + ": nothing of this organization is called so"};

    const UtcTime now = store.now();
    (void)store.get(workflows::ask_to_reconcile(store.store(), organization.id, order, now));
    const domain::JobId job = workflows::reconcile_job(organization.id, order, now).id;
    const auto is_done = [&] { return !store.get(store.store().load_job(job)); };
    if (!MoneyStore::wait(options.wait_seconds, is_done)) {
        fmt::print(
            stderr, "not finished in {} s; it goes on as soon as a server runs\n",
            options.wait_seconds);
        throw CLI::RuntimeError{not_finished};
    }
    const int status = show_report(store, organization, day, options);
    if (status != 0) throw CLI::RuntimeError{status};
}

void list_items(const std::string& config_file, const ItemsOptions& options)
{
    MoneyStore store{config_file};
    ports::DifferenceFilter filter;
    if (!options.organization.empty())
        filter.organization = store.organization(options.organization).id;
    if (!options.day.empty())
        filter.day =
            domain::to_text(store.day(options.day, store.organization(options.organization)).date);
    if (!options.state.empty()) filter.state = domain::difference_state_from(options.state);
    const auto found = store.get(store.store().find_differences(filter, differences_max));
    if (options.is_json) {
        boost::json::array all;
        for (const domain::Difference& each : found)
            all.push_back(api::staff::difference_json(each));
        print_json(all);
        return;
    }
    for (const domain::Difference& each : found)
        fmt::print("{}  {}\n", each.day, to_line(each, ReportLanguage::en));
    if (found.empty()) fmt::print("nothing differs\n");
}

domain::Difference difference_in(MoneyStore& store, const std::string& text)
{
    const auto id = domain::DifferenceId::parse(text);
    if (!id) throw std::runtime_error{text + ": expected the id of a difference (26 characters)"};
    auto found = store.get(store.store().load_difference(*id));
    if (!found) throw std::runtime_error{text + ": there is no such difference"};
    return std::move(*found);
}

void show_item(const std::string& config_file, const SettleOptions& options)
{
    MoneyStore store{config_file};
    const domain::Difference difference = difference_in(store, options.id);
    const auto story = store.get(store.store().difference_events(difference.id));
    if (options.is_json) {
        boost::json::object object = api::staff::difference_json(difference);
        object["history"] = api::staff::story_json(story);
        print_json(object);
        return;
    }
    fmt::print("{}  {}\n", difference.day, to_line(difference, ReportLanguage::en));
    if (difference.transaction) fmt::print("transaction {}\n", to_string(*difference.transaction));
    for (const ports::DifferenceEvent& each : story)
        fmt::print(
            "  {}  {:<10} {:<16} {}\n", to_rfc3339(each.at), each.state_after, each.actor,
            each.why);
}

void settle_item(
    const std::string& config_file, const SettleOptions& options, domain::DifferenceState state)
{
    MoneyStore store{config_file};
    const domain::Difference difference = difference_in(store, options.id);
    if (difference.state != domain::DifferenceState::open)
        throw std::runtime_error{
            options.id + ": it is " + std::string{to_text(difference.state)} + " already"};
    const auto settled = store.run(store.store().settle_difference(
        difference, state, "staff:" + options.staff, options.reason, store.now()));
    if (!settled) throw std::runtime_error{"somebody changed it at this moment: look again"};
    fmt::print("{}: {}\n", options.id, to_text(state));
}

void add_day_options(CLI::App& command, ReportOptions& options)
{
    command.add_option("--organization", options.organization, "Needed where there are several");
    command.add_option(
        "--day", options.day, "2026-11-26, today or yesterday; without it yesterday");
    command.add_option("--language", options.language, "Of the report: vi or en")
        ->check(CLI::IsMember({"vi", "en"}))
        ->capture_default_str();
    command.add_flag("--json", options.is_json, "For programs");
}

void add_settle(
    CLI::App& parent, const CommonOptions& common, const char* name, const char* help,
    domain::DifferenceState state)
{
    auto* command = parent.add_subcommand(name, help);
    command->footer(difference_settle_help);
    auto options = std::make_shared<SettleOptions>();
    command->add_option("ID", options->id, "Of the difference")->required();
    command->add_option("--staff", options->staff, "Who decides; kept for ever")
        ->required()
        ->check(CLI::Validator{
            [](std::string& text) { return trimmed(text).empty() ? "a name is expected" : ""; },
            ""});
    command->add_option("--reason", options->reason, "Why; kept for ever")->required();
    command->callback(
        [&common, options, state] { settle_item(common.config_file, *options, state); });
}

} // namespace

void add_reconcile(CLI::App& app, const CommonOptions& common)
{
    auto* command = app.add_subcommand(
        "reconcile", "Compare a day with gateways, banks and PC systems; settle what differs");
    command->require_subcommand(1);

    auto* run = command->add_subcommand("run", "Compare a day now, and print its report");
    run->footer(run_help);
    auto what = std::make_shared<ReportOptions>();
    add_day_options(*run, *what);
    auto* account = run->add_option("--account", what->account, "Only this payment account");
    run->add_option("--pc-system", what->pc_system, "Only the PC system of this location")
        ->excludes(account);
    run->add_option("--wait", what->wait_seconds, "Seconds")
        ->check(CLI::Range(0, 3600))
        ->capture_default_str();
    run->callback([&common, what] { compare_now(common.config_file, *what); });

    auto* shown = command->add_subcommand("report", "Print the report of a day");
    shown->footer(report_help);
    auto options = std::make_shared<ReportOptions>();
    add_day_options(*shown, *options);
    shown->callback([&common, options] { report(common.config_file, *options); });

    auto* items = command->add_subcommand("items", "List differences, newest first");
    auto filter = std::make_shared<ItemsOptions>();
    items->add_option("--organization", filter->organization, "Only of this one");
    items->add_option("--day", filter->day, "2026-11-26, today or yesterday");
    items->add_option("--state", filter->state, "open, explained, corrected or dismissed")
        ->check(CLI::IsMember({"open", "explained", "corrected", "dismissed"}));
    items->add_flag("--json", filter->is_json, "For programs");
    items->callback([&common, filter] { list_items(common.config_file, *filter); });

    auto* one = command->add_subcommand("show", "A difference with its history");
    auto shown_id = std::make_shared<SettleOptions>();
    one->add_option("ID", shown_id->id, "Of the difference")->required();
    one->add_flag("--json", shown_id->is_json, "For programs");
    one->callback([&common, shown_id] { show_item(common.config_file, *shown_id); });

    add_settle(
        *command, common, "explain", "Say why it differs, where nothing has to be done",
        domain::DifferenceState::explained);
    add_settle(
        *command, common, "correct", "Say what was done so that both sides agree",
        domain::DifferenceState::corrected);
    add_settle(
        *command, common, "dismiss", "Say why it is not worth more work",
        domain::DifferenceState::dismissed);
}

} // namespace iwas::app
