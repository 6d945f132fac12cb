#include "adapters/store/sql_ledger.hpp"

#include "adapters/store/locks.hpp"
#include "adapters/store/spelling.hpp"
#include "adapters/store/sql_jobs.hpp"
#include "adapters/store/sql_people.hpp"
#include "adapters/store/sql_sessions.hpp"

#include <utility>

namespace iwas::adapters {

namespace {

using domain::Transaction;
using domain::TransactionState;
using ports::OpenedPurchase;
using ports::OpenPurchaseError;
using ports::StoreError;

constexpr std::string_view select_transaction =
    "select txn.id, txn.version, txn.organization_id, txn.location_id, txn.account_id, txn.method, "
    "txn.amount, txn.state, txn.reason, txn.charge_id, txn.refund_id, txn.is_refund_queued, "
    "txn.terms, txn.session_id, txn.is_extension, txn.available, txn.mac, txn.ip, txn.router_id, "
    "txn.created_at, txn.updated_at from txn ";
constexpr std::string_view transaction_kinds = "tittttittttittiitttii";

Transaction read_transaction(Row& row)
{
    Transaction transaction;
    transaction.id = row.id<domain::TransactionId>();
    transaction.version = row.integer();
    transaction.organization = row.key<domain::OrganizationId>();
    transaction.location = row.key<domain::LocationId>();
    transaction.account = row.id<domain::AccountId>();
    transaction.method = payment_method_of(row.text());
    transaction.amount = row.money();
    transaction.state = transaction_state_of(row.text());
    transaction.reason = transaction_reason_of(row.text());
    transaction.charge_id = row.text();
    transaction.refund_id = row.text();
    transaction.is_refund_queued = row.flag();
    transaction.terms = terms_of(row.text());
    transaction.session = row.id<domain::SessionId>();
    transaction.is_extension = row.flag();
    if (const auto available = row.maybe_integer()) transaction.available = Money{*available};
    transaction.mac = row.mac();
    transaction.ip = row.maybe_ip();
    transaction.router = row.key<domain::RouterId>();
    transaction.created_at = row.time();
    transaction.updated_at = row.time();
    return transaction;
}

std::vector<Transaction> read_all(
    Connection& db, std::string_view condition, std::initializer_list<Param> params)
{
    std::vector<Transaction> found;
    db.each(
        std::string{select_transaction}.append(condition), transaction_kinds, params,
        [&](Row& row) { found.push_back(read_transaction(row)); });
    return found;
}

std::optional<Transaction> read_first(
    Connection& db, std::string_view condition, std::initializer_list<Param> params)
{
    auto found = read_all(db, condition, params);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

void insert_transaction(
    Connection& db, const Transaction& txn, std::string_view idempotency_key,
    std::string_view request_hash)
{
    db.run(
        "insert into txn (id, version, organization_id, location_id, account_id, method, amount, "
        "state, is_unfinished, reason, charge_id, refund_id, is_refund_queued, package_id, terms, "
        "session_id, is_extension, available, mac, ip, router_id, created_at, updated_at, "
        "idempotency_key, request_hash) values (:id, 1, :organization_id, :location_id, "
        ":account_id, :method, :amount, :state, :is_unfinished, :reason, :charge_id, :refund_id, "
        ":is_refund_queued, :package_id, :terms, :session_id, :is_extension, :available, :mac, "
        ":ip, :router_id, :created_at, :updated_at, :idempotency_key, :request_hash)",
        {txn.id,
         txn.organization,
         txn.location,
         txn.account,
         domain::to_text(txn.method),
         txn.amount,
         domain::to_text(txn.state),
         !is_final(txn.state),
         domain::to_text(txn.reason),
         txn.charge_id,
         txn.refund_id,
         txn.is_refund_queued,
         txn.terms.package,
         stored(txn.terms),
         txn.session,
         txn.is_extension,
         txn.available,
         txn.mac,
         txn.ip,
         txn.router,
         txn.created_at,
         txn.updated_at,
         idempotency_key,
         request_hash});
}

bool update_transaction(Connection& db, const Transaction& txn)
{
    return db.run(
               "update txn set version = version + 1, state = :state, "
               "is_unfinished = :is_unfinished, reason = :reason, charge_id = :charge_id, "
               "refund_id = :refund_id, is_refund_queued = :is_refund_queued, amount = :amount, "
               "package_id = :package_id, terms = :terms, session_id = :session_id, "
               "is_extension = :is_extension, available = :available, mac = :mac, ip = :ip, "
               "router_id = :router_id, updated_at = :updated_at "
               "where id = :id and version = :version",
               {domain::to_text(txn.state), !is_final(txn.state), domain::to_text(txn.reason),
                txn.charge_id, txn.refund_id, txn.is_refund_queued, txn.amount, txn.terms.package,
                stored(txn.terms), txn.session, txn.is_extension, txn.available, txn.mac, txn.ip,
                txn.router, txn.updated_at, txn.id, txn.version}) == 1;
}

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
    lock_names(db, std::move(locks));

    if (auto earlier = earlier_request(db, intent)) return std::move(*earlier);
    if (is_device_taken(db, txn)) return std::unexpected(OpenPurchaseError::device_already_active);
    // An extension stays in the place that its session has.
    if (intent.capacity && !txn.is_extension && places_taken(db, txn) >= *intent.capacity)
        return std::unexpected(OpenPurchaseError::at_capacity);
    if (intent.purchases_per_day_max &&
        bought_since(db, txn, intent.day_start) >= *intent.purchases_per_day_max)
        return std::unexpected(OpenPurchaseError::purchase_limit);

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
        const Transaction& txn = *step.transaction;
        std::string before;
        db.one("select state from txn where id = :id", "t", {txn.id}, [&](Row& row) {
            before = row.text();
        });
        const bool is_new = txn.version == 0;
        if (is_new != before.empty()) return std::unexpected(StoreError::conflict);
        if (is_new)
            insert_transaction(db, txn, "", "");
        else if (!update_transaction(db, txn))
            return std::unexpected(StoreError::conflict);
        committed.transaction_version = txn.version + 1;
        if (before != domain::to_text(txn.state))
            append_event(db, txn.id, step.now, before, txn.state, step.actor, step.why);
        keep_refund_queue(db, txn, step.why, step.now);
    }
    if (step.session) {
        const auto version = keep_session(db, keys, *step.session);
        if (!version) return std::unexpected(version.error());
        committed.session_version = *version;
    }
    for (const ports::Job& job : step.jobs)
        keep_job(db, job, node);
    for (const domain::JobId& id : step.finished)
        remove_job(db, id);
    return committed;
}

std::optional<Transaction> load_transaction(Connection& db, domain::TransactionId id)
{
    return read_first(db, "where txn.id = :id", {id});
}

std::optional<Transaction> unfinished_transaction_of_device(
    Connection& db, const domain::LocationId& location, const MacAddress& mac)
{
    return read_first(
        db,
        "where txn.location_id = :location and txn.mac = :mac and txn.is_unfinished = 1 "
        "order by txn.created_at desc, txn.id desc limit 1",
        {location, mac});
}

std::vector<Transaction> transactions_of(Connection& db, domain::AccountId account, int limit)
{
    return read_all(
        db,
        "where txn.account_id = :account order by txn.created_at desc, txn.id desc limit :limit",
        {account, limit});
}

std::vector<ports::QueuedRefund> refund_queue(Connection& db, int limit)
{
    struct Line {
        domain::TransactionId id;
        std::string why;
        UtcTime since;
    };
    std::vector<Line> lines;
    db.each(
        "select txn_id, why, since from refund_queue order by since, txn_id limit :limit", "tti",
        {limit}, [&](Row& row) {
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

} // namespace iwas::adapters
