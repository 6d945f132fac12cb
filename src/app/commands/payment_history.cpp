// payment history: transactions by what is asked for, as staff looks for them.
#include "api/staff/views.hpp"
#include "app/commands/money_store.hpp"
#include "app/commands/payment_commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <memory>

namespace iwas::app {

namespace {

struct HistoryOptions {
    std::string organization;
    std::string state;
    std::string method;
    std::string location;
    std::string account;
    std::string from;
    std::string to;
    std::string before;
    int limit = 100;
    bool is_json = false;
};

/// A moment, or the beginning of a day in the organization's zone.
UtcTime moment_in(
    const MoneyStore& store, const domain::Organization& organization, const std::string& text)
{
    if (const auto time = from_rfc3339(text)) return *time;
    return store.day(text, organization).from;
}

ports::TransactionFilter filter_of(
    const MoneyStore& store, const domain::Organization& organization,
    const HistoryOptions& options)
{
    ports::TransactionFilter filter{.organization = organization.id};
    if (!options.state.empty()) {
        filter.state = domain::transaction_state_from(options.state);
        if (!filter.state)
            throw std::runtime_error{
                options.state +
                ": expected created, pending, success, refunding, refunded, failed or expired"};
    }
    if (!options.method.empty()) {
        filter.method = domain::payment_method_from(options.method);
        if (!filter.method)
            throw std::runtime_error{
                options.method + ": expected pc_balance, momo, zalopay, vnpay, vietqr, payos or "
                                 "store_credit"};
    }
    if (!options.location.empty()) {
        filter.location = domain::LocationId::parse(options.location);
        if (!filter.location || !store.catalog().location(*filter.location))
            throw std::runtime_error{options.location + ": no location is called so"};
    }
    if (!options.account.empty()) {
        filter.payment_account = domain::PaymentAccountId::parse(options.account);
        if (!filter.payment_account)
            throw std::runtime_error{options.account + ": no payment account is called so"};
    }
    if (!options.from.empty()) filter.from = moment_in(store, organization, options.from);
    if (!options.to.empty()) filter.to = moment_in(store, organization, options.to);
    if (!options.before.empty()) filter.before = transaction_id_in(options.before);
    return filter;
}

void print_history(const std::string& config_file, const HistoryOptions& options)
{
    MoneyStore store{config_file};
    const domain::Organization& organization = store.organization(options.organization);
    const auto found = store.get(
        store.store().find_transactions(filter_of(store, organization, options), options.limit));
    if (options.is_json) {
        boost::json::array all;
        for (const domain::Transaction& each : found)
            all.push_back(api::staff::transaction_json(each));
        print_json(all);
        return;
    }
    for (const domain::Transaction& each : found)
        fmt::print(
            "{}  {}  {:<12} {:>14} {:>12}  {:<9} {:<20} {:<12} {}\n", to_string(each.id),
            local_text(store.clock(), each.created_at, organization), to_text(each.method),
            to_string(each.amount), to_string(each.refunded), to_text(each.state),
            to_text(each.reason), each.location.text(), each.order_id);
    if (found.size() == static_cast<std::size_t>(options.limit))
        fmt::print("more: --before {}\n", to_string(found.back().id));
    else if (found.empty())
        fmt::print("none\n");
}

} // namespace

void add_payment_history(CLI::App& payment, const CommonOptions& common)
{
    auto* command = payment.add_subcommand(
        "history", "List transactions, newest first: id, time, method, amount, refunded, state, "
                   "reason, location, order");
    auto options = std::make_shared<HistoryOptions>();
    command->add_option("--organization", options->organization, "Needed where there are several");
    command->add_option("--state", options->state, "pending, success, refunding, refunded, ...");
    command->add_option("--method", options->method, "pc_balance, momo, vietqr, ...");
    command->add_option("--location", options->location, "Only of this branch");
    command->add_option("--account", options->account, "Only of this payment account");
    command->add_option("--from", options->from, "Made on this day or later; or RFC 3339");
    command->add_option("--to", options->to, "Made before this day; or RFC 3339");
    command->add_option("--before", options->before, "Older than this one: the next page");
    command->add_option("--limit", options->limit, "At most so many")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    command->add_flag("--json", options->is_json, "For programs");
    command->callback([&common, options] { print_history(common.config_file, *options); });
}

} // namespace iwas::app
