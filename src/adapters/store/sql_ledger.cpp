#include "adapters/store/sql_ledger.hpp"

#include "adapters/store/locks.hpp"
#include "adapters/store/sql_jobs.hpp"
#include "adapters/store/sql_payments.hpp"
#include "adapters/store/sql_people.hpp"
#include "adapters/store/sql_sessions.hpp"
#include "adapters/store/sql_transactions.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace iwas::adapters {

namespace {

/// A transfer without its memo is taken for the one order of its amount; younger orders keep away
/// from the amounts of those that money may still come for.
constexpr Seconds amounts_kept_apart_for = 24h;
/// What a person does leaves an event also where no state changes.
constexpr std::string_view staff_actor_prefix = "staff:";

using domain::Transaction;
using domain::TransactionState;
using ports::OpenedPurchase;
using ports::OpenPurchaseError;
using ports::StoreError;

void append_event(
    Connection& db, domain::TransactionId id, UtcTime at, std::string_view before,
    TransactionState after, std::string_view actor, std::string_view why)
{
    db.run(
        "insert into txn_event (txn_id, at, state_before, state_after, actor, why) "
        "values (:txn_id, :at, :state_before, :state_after, :actor, :why)",
        {id, at, before, domain::to_text(after), actor, why});
}

void keep_refund_queue(Connection& db, const Transaction& txn, std::string_view why, UtcTime since)
{
    if (txn.is_refund_queued)
        db.run(
            "insert into refund_queue (txn_id, why, since) values (:id, :why, :since) "
            "on conflict (txn_id) do nothing",
            {txn.id, why, since});
    else
        db.run("delete from refund_queue where txn_id = :id", {txn.id});
}

/// False: the row is not as `txn` was loaded.
bool keep_transaction(Connection& db, const Transaction& txn, const ports::Step& step)
{
    std::string before;
    db.one("select state from txn where id = :id", "t", {txn.id}, [&](Row& row) {
        before = row.text();
    });
    const bool is_new = txn.version == 0;
    if (is_new != before.empty()) return false;
    if (is_new)
        insert_transaction(db, txn, "", "");
    else if (!update_transaction(db, txn))
        return false;
    const bool is_told = before != domain::to_text(txn.state) || !step.why.empty() ||
                         step.actor.starts_with(staff_actor_prefix);
    if (is_told) append_event(db, txn.id, step.now, before, txn.state, step.actor, step.why);
    keep_refund_queue(db, txn, step.why, step.now);
    return true;
}

/// The largest amount below the price that no other open order there has to pay: somebody may pay
/// as much as the price for something else. The price itself where all are taken.
Money free_amount(Connection& db, const ports::PurchaseIntent& intent)
{
    const Transaction& txn = intent.transaction;
    const Money due = due_of(txn);
    const Money least = std::max(Money{1}, due - intent.unique_amount_max);
    std::set<std::int64_t> taken;
    db.each(
        "select amount - credit_used from txn where payment_account_id = :account "
        "and created_at >= :since and state in ('created', 'pending', 'failed', 'expired') "
        "and amount - credit_used >= :least and amount - credit_used <= :due",
        "i", {txn.payment_account, txn.created_at - amounts_kept_apart_for, least, due},
        [&](Row& row) { taken.insert(row.integer()); });
    for (Money amount = due - Money{1}; amount >= least; amount -= Money{1})
        if (!taken.contains(amount.vnd())) return amount + txn.credit_used;
    return txn.amount;
}

std::string hash_text(const ports::PurchaseIntent& intent)
{
    return to_hex(intent.request_hash);
}

/// The transaction that the same request opened before, or why the key cannot be used.
std::optional<Result<OpenedPurchase, OpenPurchaseError>> earlier_request(
    Connection& db, const ports::PurchaseIntent& intent)
{
    if (intent.idempotency_key.empty()) return std::nullopt;
    const domain::AccountId account = intent.transaction.account;
    std::optional<domain::TransactionId> id;
    std::string hash;
    db.one(
        "select id, request_hash from txn where account_id = :account "
        "and idempotency_key = :idempotency_key and idempotency_key <> ''",
        "tt", {account, intent.idempotency_key}, [&](Row& row) {
            id = row.id<domain::TransactionId>();
            hash = row.text();
        });
    if (!id) return std::nullopt;
    if (hash != hash_text(intent)) return std::unexpected(OpenPurchaseError::key_reused);
    return OpenedPurchase{*load_transaction(db, *id), false};
}

bool is_device_taken(Connection& db, const Transaction& txn)
{
    // A device that is not known takes nothing.
    if (txn.mac == MacAddress{}) return false;
    const bool is_in_session = db.exists(
        "select 1 from open_session_device join open_session on open_session.id = session_id "
        "where open_session_device.location_id = :location and mac = :mac "
        "and session_id <> :extended and state <> 'paused' limit 1",
        {txn.location, txn.mac, txn.is_extension ? to_string(txn.session) : std::string{}});
    return is_in_session || db.exists(
                                "select 1 from txn where location_id = :location and mac = :mac "
                                "and is_unfinished = 1 and state <> 'refunding' limit 1",
                                {txn.location, txn.mac});
}

/// Running sessions of the package at the location, and purchases that may become one. Time that
/// stands still takes no place.
std::int64_t places_taken(Connection& db, const Transaction& txn)
{
    return db.number(
               "select count(*) from open_session where location_id = :location "
               "and package_id = :package and state <> 'paused'",
               {txn.location, txn.terms.package}) +
           db.number(
               "select count(*) from txn where location_id = :location and package_id = :package "
               "and is_unfinished = 1 and state <> 'refunding' and is_extension = 0 "
               "and not exists (select 1 from open_session where open_session.id = txn.session_id)",
               {txn.location, txn.terms.package});
}

/// What failed or was given back does not count.
std::int64_t bought_since(Connection& db, const Transaction& txn, UtcTime day_start)
{
    return db.number(
        "select count(*) from txn where account_id = :account and created_at >= :day_start "
        "and package_id = :package and state in ('created', 'pending', 'success')",
        {txn.account, day_start, txn.terms.package});
}

} // namespace

Result<OpenedPurchase, OpenPurchaseError> open_purchase(
    Connection& db, const std::string& node, const ports::PurchaseIntent& intent)
{
    Transaction txn = intent.transaction;
    std::vector<std::string> locks{
        "account:" + to_string(txn.account),
        "device:" + txn.location.text() + ":" + to_string(txn.mac)};
    if (intent.capacity)
        locks.push_back("package:" + txn.location.text() + ":" + txn.terms.package.text());
    const bool needs_own_amount = intent.unique_amount_max > Money{};
    if (needs_own_amount) locks.push_back("payments:" + txn.payment_account.text());
    lock_names(db, std::move(locks));

    if (auto earlier = earlier_request(db, intent)) return std::move(*earlier);
    if (is_device_taken(db, txn)) return std::unexpected(OpenPurchaseError::device_already_active);
    // An extension stays in the place that its session has.
    if (intent.capacity && !txn.is_extension && places_taken(db, txn) >= *intent.capacity)
        return std::unexpected(OpenPurchaseError::at_capacity);
    if (intent.purchases_per_day_max &&
        bought_since(db, txn, intent.day_start) >= *intent.purchases_per_day_max)
        return std::unexpected(OpenPurchaseError::purchase_limit);

    if (needs_own_amount) txn.amount = free_amount(db, intent);
    if (txn.credit_used > Money{} &&
        !change_credit(
            db, {txn.account, txn.id, txn.created_at, Money{} - txn.credit_used, "spent"}))
        return std::unexpected(OpenPurchaseError::credit_changed);

    insert_transaction(db, txn, intent.idempotency_key, hash_text(intent));
    txn.version = 1;
    append_event(db, txn.id, txn.created_at, "", TransactionState::created, "customer", "");
    if (txn.state != TransactionState::created)
        append_event(
            db, txn.id, txn.created_at, domain::to_text(TransactionState::created), txn.state,
            "customer", "");
    keep_job(db, intent.resume, node);
    if (txn.mac != MacAddress{})
        note_device_account(db, txn.location, txn.mac, txn.account, txn.created_at);
    return OpenedPurchase{std::move(txn), true};
}

Result<ports::Committed, StoreError> commit_step(
    Connection& db, const KeyRing& keys, const std::string& node, const ports::Step& step)
{
    ports::Committed committed;
    if (step.transaction) {
        if (!keep_transaction(db, *step.transaction, step))
            return std::unexpected(StoreError::conflict);
        committed.transaction_version = step.transaction->version + 1;
    }
    for (const Transaction& other : step.others)
        if (!keep_transaction(db, other, step)) return std::unexpected(StoreError::conflict);
    for (const domain::Payment& payment : step.payments)
        if (!insert_payment(db, payment)) return std::unexpected(StoreError::conflict);
    for (const ports::FoundPayment& found : step.found)
        if (!move_payment(db, found)) return std::unexpected(StoreError::conflict);
    for (const ports::CreditEntry& entry : step.credit)
        if (!change_credit(db, entry)) return std::unexpected(StoreError::conflict);
    if (step.session) {
        const auto version = keep_session(db, keys, *step.session);
        if (!version) return std::unexpected(version.error());
        committed.session_version = *version;
    }
    for (const ports::Job& job : step.jobs)
        keep_job(db, job, node);
    for (const domain::JobId& id : step.finished)
        remove_job(db, id);
    if (step.held) hold_job(db, *step.held, node, step.now);
    return committed;
}

std::vector<ports::QueuedRefund> queue_lines(
    Connection& db, std::string_view sql, std::initializer_list<Param> params)
{
    struct Line {
        domain::TransactionId id;
        std::string why;
        UtcTime since;
    };
    std::vector<Line> lines;
    db.each(sql, "tti", params, [&](Row& row) {
        Line line;
        line.id = row.id<domain::TransactionId>();
        line.why = row.text();
        line.since = row.time();
        lines.push_back(std::move(line));
    });
    std::vector<ports::QueuedRefund> queue;
    for (Line& line : lines)
        if (auto transaction = load_transaction(db, line.id))
            queue.push_back({std::move(*transaction), std::move(line.why), line.since});
    return queue;
}

std::vector<ports::QueuedRefund> refund_queue(Connection& db, int limit)
{
    return queue_lines(
        db, "select txn_id, why, since from refund_queue order by since, txn_id limit :limit",
        {limit});
}

} // namespace iwas::adapters
