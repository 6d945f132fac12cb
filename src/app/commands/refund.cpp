// refund: gives paid money back, and settles what waits for a person.
#include "api/staff/pay_back.hpp"
#include "api/staff/views.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/money_store.hpp"
#include "core/text.hpp"
#include "workflows/staff_refunds.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <memory>

namespace iwas::app {

namespace {

using domain::Transaction;
using domain::TransactionState;
using workflows::StaffAction;
using workflows::StaffRefunds;

constexpr int queue_max = 10'000;
constexpr int not_ended = 3;
constexpr const char* wait_help =
    "The running server carries it out. Exit status: 0 it is done; 3 it is under way or waits for "
    "a person, as printed; 1 it is refused, or an error.";
constexpr const char* settle_help = "Exit status: 0 done; 1 it is refused, or an error.";

struct Options {
    std::string id;
    std::string organization;
    std::string staff;
    std::string reason;
    std::int64_t amount = 0;
    bool is_all = false;
    std::string key;
    std::string reference;
    std::string order;
    int wait_seconds = 30;
    bool is_json = false;

    [[nodiscard]] StaffAction action() const { return {staff, reason}; }
};

std::string age_of(Milliseconds age)
{
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(age).count();
    if (minutes < 120) return fmt::format("{} min", minutes);
    if (minutes < 2 * 24 * 60) return fmt::format("{} h", minutes / 60);
    return fmt::format("{} d", minutes / (24 * 60));
}

void print_queue(const std::string& config_file, const Options& options)
{
    MoneyStore store{config_file};
    const auto lines = store.get(store.store().refund_queue(queue_max));
    std::optional<domain::OrganizationId> only;
    if (!options.organization.empty()) only = store.organization(options.organization).id;
    boost::json::array all;
    Money sum;
    int count = 0;
    for (const ports::QueuedRefund& line : lines) {
        const Transaction& txn = line.transaction;
        if (only && txn.organization != *only) continue;
        ++count;
        sum += due_of(txn);
        if (options.is_json) {
            boost::json::object object = api::staff::transaction_json(txn);
            object["why"] = line.why;
            object["since"] = to_rfc3339(line.since);
            all.push_back(std::move(object));
            continue;
        }
        fmt::print(
            "{}  {:>7}  {:>14}  {:<10} {:<18} {:<16} {}\n", to_string(txn.id),
            age_of(store.now() - line.since), to_string(due_of(txn)), to_text(txn.method),
            to_text(txn.reason),
            txn.payment_account.empty() ? txn.location.text() : txn.payment_account.text(),
            line.why);
    }
    if (options.is_json)
        print_json(all);
    else
        fmt::print("{} waiting, {}\n", count, to_string(sum));
}

void print_events(const std::vector<ports::TransactionEvent>& story)
{
    for (const ports::TransactionEvent& each : story)
        fmt::print(
            "  {}  {:<10} {:<14} {}\n", to_rfc3339(each.at), each.state_after, each.actor,
            each.why);
}

/// `PayBackTo` of docs/openapi.yaml for a transfer that waits; null for everything else.
boost::json::value pay_back_to(MoneyStore& store, const Transaction& txn)
{
    if (!api::staff::waits_for_transfer_back(txn) || txn.account.is_nil()) return nullptr;
    const auto payment =
        store.get(store.store().payment_by_gateway_id(txn.payment_account, txn.charge_id));
    if (!payment) return nullptr;
    const auto wallet = store.get(store.store().saved_methods_of(txn.account));
    return api::staff::pay_back_json(api::staff::account_to_pay_back(wallet, txn, *payment), txn);
}

void print_pay_back(const boost::json::value& to)
{
    if (to.is_null()) return;
    fmt::print(
        "pay back to {} {}, text \"{}\"; {}\n", to.at("bank_name").as_string().c_str(),
        to.at("account_number").as_string().c_str(), to.at("text").as_string().c_str(),
        to.at("is_sender").as_bool()
            ? "it ends as the sender's account does"
            : "the bank did not tell the sender: compare it with the statement");
}

void print_transaction(const std::string& config_file, const Options& options)
{
    MoneyStore store{config_file};
    const auto loaded = store.get(store.store().load_transaction(transaction_id_in(options.id)));
    if (!loaded) throw std::runtime_error{options.id + ": there is no such transaction"};
    const Transaction& txn = *loaded;
    const auto payments = store.get(store.store().payments_of(txn.id));
    const auto others = store.get(store.store().transactions_from(txn.id));
    const auto story = store.get(store.store().events_of(txn.id));
    const boost::json::value back_to = pay_back_to(store, txn);
    if (options.is_json) {
        boost::json::object object = api::staff::transaction_json(txn);
        boost::json::array paid;
        for (const domain::Payment& each : payments)
            paid.push_back(api::staff::payment_json(each));
        object["payments"] = std::move(paid);
        boost::json::array held;
        for (const Transaction& each : others)
            held.push_back(api::staff::transaction_json(each));
        object["others"] = std::move(held);
        object["pay_back_to"] = back_to;
        object["history"] = api::staff::story_json(story);
        print_json(object);
        return;
    }
    fmt::print(
        "{}  {} {}, {}, {}\n", to_string(txn.id), to_text(txn.method), to_string(txn.amount),
        to_text(txn.state), to_text(txn.reason));
    if (!txn.order_id.empty())
        fmt::print("order {} at {}\n", txn.order_id, txn.payment_account.text());
    if (txn.origin) fmt::print("from {}\n", to_string(*txn.origin));
    if (!txn.refund_id.empty()) fmt::print("refund {}\n", txn.refund_id);
    if (!txn.gateway_refund_id.empty() && txn.gateway_refund_id != txn.refund_id)
        fmt::print("the gateway was asked for the refund {}\n", txn.gateway_refund_id);
    for (const domain::Payment& each : payments)
        fmt::print(
            "paid {} {}, {} {} {}\n", to_rfc3339(each.paid_at), to_string(each.amount),
            each.gateway_id, each.payer, each.memo);
    for (const Transaction& each : others)
        fmt::print(
            "gave {} {} {} {}\n", to_string(each.id), to_string(due_of(each)), to_text(each.state),
            to_text(each.reason));
    print_pay_back(back_to);
    print_events(story);
}

Transaction taken(StaffRefunds::Done done)
{
    if (!done) throw std::runtime_error{std::string{workflows::to_text(done.error())}};
    return std::move(*done);
}

/// Waits until the refund has ended or needs a person, and says what became of it.
void follow(MoneyStore& store, const Transaction& refund, const Options& options)
{
    Transaction now = refund;
    (void)MoneyStore::wait(options.wait_seconds, [&] {
        now = store.get(store.store().load_transaction(refund.id)).value();
        return now.state != TransactionState::refunding || now.is_refund_queued;
    });
    const bool is_done = now.state == TransactionState::refunded;
    const std::string_view how = is_done                ? "refunded"
                                 : now.is_refund_queued ? "waits for a person: iwas refund queue"
                                                        : "under way; the server goes on";
    if (options.is_json)
        print_json(api::staff::transaction_json(now));
    else
        fmt::print("{}: {}, {}\n", to_string(now.id), to_string(due_of(now)), how);
    if (!is_done) throw CLI::RuntimeError{not_ended};
}

void start(const std::string& config_file, const Options& options)
{
    MoneyStore store{config_file};
    StaffRefunds refunds{store.store(), store.clock()};
    const auto amount = options.is_all ? std::nullopt : std::optional{Money{options.amount}};
    // Who types the same command twice means one refund.
    const std::string key = options.key.empty()
                                ? "amount-" + (amount ? std::to_string(amount->vnd()) : "all")
                                : options.key;
    const Transaction refund = taken(
        store.run(refunds.start(transaction_id_in(options.id), amount, options.action(), key)));
    follow(store, refund, options);
}

void retry(const std::string& config_file, const Options& options)
{
    MoneyStore store{config_file};
    StaffRefunds refunds{store.store(), store.clock()};
    const Transaction refund =
        taken(store.run(refunds.retry(transaction_id_in(options.id), options.action())));
    follow(store, refund, options);
}

void attach(const std::string& config_file, const Options& options)
{
    MoneyStore store{config_file};
    StaffRefunds refunds{store.store(), store.clock()};
    const Transaction held = taken(store.run(refunds.attach(
        transaction_id_in(options.id), transaction_id_in(options.order), options.action())));
    const std::size_t before = store.get(store.store().events_of(held.id)).size();
    std::vector<ports::TransactionEvent> story;
    const bool is_answered = MoneyStore::wait(options.wait_seconds, [&] {
        story = store.get(store.store().events_of(held.id));
        return story.size() > before;
    });
    if (!is_answered) {
        fmt::print("{}: the server has not done it yet; it goes on\n", options.id);
        throw CLI::RuntimeError{not_ended};
    }
    fmt::print("{}: {}\n", options.id, story.back().why);
    if (story.back().state_after != to_text(TransactionState::refunded)) throw CLI::RuntimeError{1};
}

using Settle = workflows::awaitable<StaffRefunds::Done> (*)(StaffRefunds&, const Options&);

void settle(const std::string& config_file, const Options& options, Settle how)
{
    MoneyStore store{config_file};
    StaffRefunds refunds{store.store(), store.clock()};
    const Transaction settled = taken(store.run(how(refunds, options)));
    if (options.is_json)
        print_json(api::staff::transaction_json(settled));
    else
        fmt::print("{}: {}\n", options.id, settled.refund_id);
}

CLI::App* add_action(CLI::App& parent, Options& options, const char* name, const char* help)
{
    auto* command = parent.add_subcommand(name, help);
    command->add_option("ID", options.id, "Of the transaction")->required();
    command->add_option("--staff", options.staff, "Who acts; kept for ever")
        ->required()
        ->check(CLI::Validator{
            [](std::string& text) {
                constexpr std::size_t name_max = 64;
                const bool is_name = !trimmed(text).empty() && text.size() <= name_max;
                return is_name ? "" : "a name of 1 to 64 characters is expected";
            },
            ""});
    command->add_option("--reason", options.reason, "Why; kept for ever")->required();
    command->add_flag("--json", options.is_json, "For programs");
    return command;
}

void add_wait(CLI::App& command, Options& options)
{
    command.footer(wait_help);
    command
        .add_option("--wait", options.wait_seconds, "Seconds until it is only told how it stands")
        ->check(CLI::Range(0, 3600))
        ->capture_default_str();
}

void add_settlements(CLI::App& command, const CommonOptions& common)
{
    auto by_hand = std::make_shared<Options>();
    auto* done = add_action(
        command, *by_hand, "done", "The money was given back by hand, with this bank reference");
    done->footer(settle_help);
    done->add_option("--reference", by_hand->reference, "The bank's")->required();
    done->callback([&common, by_hand] {
        settle(common.config_file, *by_hand, [](StaffRefunds& refunds, const Options& o) {
            return refunds.done_by_hand(transaction_id_in(o.id), o.reference, o.action());
        });
    });

    auto kept = std::make_shared<Options>();
    auto* keep =
        add_action(command, *kept, "keep", "The customer agreed to keep the money as store credit");
    keep->footer(settle_help);
    keep->callback([&common, kept] {
        settle(common.config_file, *kept, [](StaffRefunds& refunds, const Options& o) {
            return refunds.keep_as_credit(transaction_id_in(o.id), o.action());
        });
    });

    auto dropped = std::make_shared<Options>();
    auto* dismiss = add_action(
        command, *dropped, "dismiss",
        "Nothing has to go back: it is no customer's money, or was never taken");
    dismiss->footer(settle_help);
    dismiss->callback([&common, dropped] {
        settle(common.config_file, *dropped, [](StaffRefunds& refunds, const Options& o) {
            return refunds.dismiss(transaction_id_in(o.id), o.action());
        });
    });
}

} // namespace

void add_refund(CLI::App& app, const CommonOptions& common)
{
    auto* command = app.add_subcommand(
        "refund", "Give paid money back; settle the refunds that wait for a person");
    command->require_subcommand(1);

    auto listed = std::make_shared<Options>();
    auto* queue = command->add_subcommand("queue", "What waits for a person, oldest first");
    queue->add_option("--organization", listed->organization, "Only of this one");
    queue->add_flag("--json", listed->is_json, "For programs");
    queue->callback([&common, listed] { print_queue(common.config_file, *listed); });

    auto shown = std::make_shared<Options>();
    auto* show = command->add_subcommand("show", "A transaction, its payments and its history");
    show->add_option("ID", shown->id, "Of the transaction")->required();
    show->add_flag("--json", shown->is_json, "For programs");
    show->callback([&common, shown] { print_transaction(common.config_file, *shown); });

    auto fresh = std::make_shared<Options>();
    auto* started = add_action(
        *command, *fresh, "start",
        "Give a paid transaction's money back; when nothing is left, its WiFi time ends");
    auto* amount = started->add_option("--amount", fresh->amount, "In dong")
                       ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
    auto* all = started->add_flag("--all", fresh->is_all, "All that is left of the payment");
    amount->excludes(all);
    started->add_option(
        "--key", fresh->key,
        "The same key refunds once. Without it the amount is the key: to give the same amount "
        "twice on purpose, name another one");
    add_wait(*started, *fresh);
    started->callback([&common, fresh] {
        if (!fresh->is_all && fresh->amount == 0)
            throw std::runtime_error{"--amount or --all is needed"};
        start(common.config_file, *fresh);
    });

    auto again = std::make_shared<Options>();
    auto* retried = add_action(
        *command, *again, "retry", "Ask the gateway or PC system once more for a waiting refund");
    add_wait(*retried, *again);
    retried->callback([&common, again] { retry(common.config_file, *again); });

    auto found = std::make_shared<Options>();
    auto* attached =
        add_action(*command, *found, "attach", "The waiting money is the payment of an order");
    attached->add_option("--order", found->order, "The id of the order's transaction")->required();
    add_wait(*attached, *found);
    attached->callback([&common, found] { attach(common.config_file, *found); });

    add_settlements(*command, common);
}

} // namespace iwas::app
