#include "adapters/store/sql_transactions.hpp"

#include "adapters/store/spelling.hpp"
#include "domain/reconciliation.hpp"

namespace iwas::adapters {

using domain::Transaction;

namespace {

std::optional<domain::TransactionId> maybe_transaction(const std::string& text)
{
    if (text.empty()) return std::nullopt;
    auto id = domain::TransactionId::parse(text);
    if (!id) damaged("an origin is no transaction");
    return id;
}

std::string saved_method_text(const Transaction& txn)
{
    return txn.saved_method ? to_string(*txn.saved_method) : std::string{};
}

std::optional<domain::SavedMethodId> maybe_saved_method(const std::string& text)
{
    if (text.empty()) return std::nullopt;
    auto id = domain::SavedMethodId::parse(text);
    if (!id) damaged("a saved method's id cannot be read");
    return id;
}

std::string origin_text(const Transaction& txn)
{
    return txn.origin ? to_string(*txn.origin) : std::string{};
}

constexpr std::string_view select_transaction =
    "select txn.id, txn.version, txn.organization_id, txn.location_id, txn.account_id, txn.method, "
    "txn.amount, txn.state, txn.reason, txn.charge_id, txn.refund_id, txn.is_refund_queued, "
    "txn.terms, txn.session_id, txn.is_extension, txn.available, txn.mac, txn.ip, txn.router_id, "
    "txn.created_at, txn.updated_at, txn.payment_account_id, txn.order_id, txn.credit_used, "
    "txn.refunded, txn.fee, txn.origin_id, txn.expires_at, "
    "txn.saved_method_id, txn.gateway_refund_id from txn ";
constexpr std::string_view transaction_kinds = "tittttittttittiitttiittiiititt";

/// Whether its refund was sent to a gateway by the name that it has.
bool names_gateway_refund(const Transaction& txn)
{
    return domain::is_gateway(txn.method) && !domain::is_bank_transfer(txn.method) &&
           !txn.refund_id.empty() && !domain::is_settled_by_people(txn);
}

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
    transaction.payment_account = row.key<domain::PaymentAccountId>();
    transaction.order_id = row.text();
    transaction.credit_used = row.money();
    transaction.refunded = row.money();
    transaction.fee = row.money();
    transaction.origin = maybe_transaction(row.text());
    transaction.expires_at = row.maybe_time();
    transaction.saved_method = maybe_saved_method(row.text());
    transaction.gateway_refund_id = row.text();
    // Written by a node of the version before, which knew one name only.
    const bool is_under_way = transaction.state == domain::TransactionState::refunding;
    if (is_under_way && transaction.gateway_refund_id.empty() && names_gateway_refund(transaction))
        transaction.gateway_refund_id = transaction.refund_id;
    return transaction;
}

std::optional<Transaction> read_first(
    Connection& db, std::string_view condition, std::initializer_list<Param> params)
{
    auto found = read_transactions(db, condition, params);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

} // namespace

std::vector<Transaction> read_transactions(
    Connection& db, std::string_view condition, std::initializer_list<Param> params)
{
    std::vector<Transaction> found;
    db.each(
        std::string{select_transaction}.append(condition), transaction_kinds, params,
        [&](Row& row) { found.push_back(read_transaction(row)); });
    return found;
}

void insert_transaction(
    Connection& db, const Transaction& txn, std::string_view idempotency_key,
    std::string_view request_hash)
{
    db.run(
        "insert into txn (id, version, organization_id, location_id, account_id, method, amount, "
        "state, is_unfinished, reason, charge_id, refund_id, is_refund_queued, package_id, terms, "
        "session_id, is_extension, available, mac, ip, router_id, created_at, updated_at, "
        "payment_account_id, order_id, credit_used, refunded, fee, origin_id, expires_at, "
        "saved_method_id, gateway_refund_id, idempotency_key, request_hash) values (:id, 1, "
        ":organization_id, "
        ":location_id, "
        ":account_id, :method, :amount, :state, :is_unfinished, :reason, :charge_id, :refund_id, "
        ":is_refund_queued, :package_id, :terms, :session_id, :is_extension, :available, :mac, "
        ":ip, :router_id, :created_at, :updated_at, :payment_account_id, :order_id, :credit_used, "
        ":refunded, :fee, :origin_id, :expires_at, :saved_method_id, "
        ":gateway_refund_id, :idempotency_key, "
        ":request_hash)",
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
         txn.payment_account,
         txn.order_id,
         txn.credit_used,
         txn.refunded,
         txn.fee,
         origin_text(txn),
         txn.expires_at,
         saved_method_text(txn),
         txn.gateway_refund_id,
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
               "router_id = :router_id, updated_at = :updated_at, "
               "payment_account_id = :payment_account_id, order_id = :order_id, "
               "credit_used = :credit_used, refunded = :refunded, fee = :fee, "
               "origin_id = :origin_id, expires_at = :expires_at, method = :method, "
               "account_id = :account_id, gateway_refund_id = :gateway_refund_id "
               "where id = :id and version = :version",
               {domain::to_text(txn.state),
                !is_final(txn.state),
                domain::to_text(txn.reason),
                txn.charge_id,
                txn.refund_id,
                txn.is_refund_queued,
                txn.amount,
                txn.terms.package,
                stored(txn.terms),
                txn.session,
                txn.is_extension,
                txn.available,
                txn.mac,
                txn.ip,
                txn.router,
                txn.updated_at,
                txn.payment_account,
                txn.order_id,
                txn.credit_used,
                txn.refunded,
                txn.fee,
                origin_text(txn),
                txn.expires_at,
                domain::to_text(txn.method),
                txn.account,
                txn.gateway_refund_id,
                txn.id,
                txn.version}) == 1;
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
        "and txn.origin_id = '' "
        "order by txn.created_at desc, txn.id desc limit 1",
        {location, mac});
}

std::vector<Transaction> transactions_of(Connection& db, domain::AccountId account, int limit)
{
    return read_transactions(
        db,
        "where txn.account_id = :account order by txn.created_at desc, txn.id desc limit :limit",
        {account, limit});
}

std::optional<Transaction> transaction_of_order(
    Connection& db, const domain::PaymentAccountId& account, const std::string& order_id)
{
    return read_first(
        db,
        "where txn.payment_account_id = :account and txn.order_id = :order_id "
        "and txn.order_id <> ''",
        {account, order_id});
}

} // namespace iwas::adapters
