#include "adapters/store/sql_history.hpp"

#include "adapters/store/narrowing.hpp"
#include "adapters/store/sql_ledger.hpp"
#include "adapters/store/sql_transactions.hpp"
#include "core/folding.hpp"

#include <algorithm>
#include <tuple>

namespace iwas::adapters {

using domain::Transaction;
using ports::TransactionFilter;

namespace {

/// More than anybody asks for: names are unique at a location, references nearly so.
constexpr int candidates_max = 100;

template <class T>
std::string text_or_none(const std::optional<T>& value)
{
    return value ? std::string{to_string(*value)} : std::string{};
}

Narrowing narrowing_of(const TransactionFilter& filter)
{
    if (filter.account) return {"txn.account_id = :first ", to_string(*filter.account)};
    if (filter.is_queued)
        return {
            "txn.organization_id = :first and txn.is_refund_queued = 1 ",
            text_or_none(filter.organization)};
    // The state is one of a closed list of words, so it may stand in the statement.
    const std::string in_state = filter.state && *filter.state != domain::TransactionState::success
                                     ? "and txn.state <> 'success' and txn.state = '" +
                                           std::string{domain::to_text(*filter.state)} + "' "
                                     : "";
    if (filter.location) return {"txn.location_id = :first " + in_state, filter.location->text()};
    if (filter.payment_account)
        return {
            "txn.payment_account_id = :first and txn.payment_account_id <> '' ",
            filter.payment_account->text()};
    return {"txn.organization_id = :first " + in_state, text_or_none(filter.organization)};
}

/// One statement for all filters: what is not asked for is an empty text, which fits any row.
std::vector<Transaction> find_by(
    Connection& db, const Narrowing& narrowing, const TransactionFilter& filter, int limit)
{
    const std::string organization = text_or_none(filter.organization);
    const std::string location = text_or_none(filter.location);
    const std::string gateway = text_or_none(filter.payment_account);
    const std::string method{filter.method ? domain::to_text(*filter.method) : std::string_view{}};
    const std::string state{filter.state ? domain::to_text(*filter.state) : std::string_view{}};
    const std::string queued = filter.is_queued ? "queued" : "";
    const std::string scope = scope_of(filter.locations);
    const UtcTime from = filter.from.value_or(UtcTime{});
    UtcTime to = filter.to.value_or(from_unix_ms(std::int64_t{1} << 50));
    // The page before ended there. Ids are no order of their own: the part of a payment that is
    // given back later has an id of the payment's time.
    const std::string before = text_or_none(filter.before);
    UtcTime before_at;
    if (filter.before) {
        before_at = filter.before->value().made_at();
        db.one("select created_at from txn where id = :id", "i", {*filter.before}, [&](Row& row) {
            before_at = row.time();
        });
        to = std::min(to, before_at + Milliseconds{1});
    }
    return read_transactions(
        db,
        "where " + narrowing.condition +
            "and (:o1 = '' or txn.organization_id = :o2) and (:l1 = '' or txn.location_id = :l2) "
            "and (:g1 = '' or txn.payment_account_id = :g2) and (:m1 = '' or txn.method = :m2) "
            "and (:s1 = '' or txn.state = :s2) and (:q1 = '' or txn.is_refund_queued = 1) "
            "and (:w1 = '' or replace(:w2, ' ' || txn.location_id || ' ', '') <> :w3) "
            "and txn.created_at >= :begin and txn.created_at < :finish "
            "and (:b1 = '' or txn.created_at < :before_at or txn.id < :b2) "
            "order by txn.created_at desc, txn.id desc limit :limit",
        {narrowing.value, organization, organization, location, location,  gateway, gateway,
         method,          method,       state,        state,    queued,    scope,   scope,
         scope,           from,         to,           before,   before_at, before,  limit});
}

// "cross join": SQLite looks up the second table for each row of the first, which is the short one.

std::vector<std::string> texts(
    Connection& db, std::string_view query, std::initializer_list<Param> params)
{
    std::vector<std::string> found;
    db.each(query, "t", params, [&](Row& row) { found.push_back(row.text()); });
    return found;
}

/// The transactions that the reference may mean.
std::vector<std::string> referred_to(
    Connection& db, const std::string& organization, const std::string& reference)
{
    std::vector<std::string> ids = texts(
        db,
        "select txn.id from payment_account join txn on txn.payment_account_id = "
        "payment_account.id "
        "where payment_account.organization_id = :organization and txn.order_id = :reference "
        "and txn.order_id <> '' limit :limit",
        {organization, reference, candidates_max});
    std::ranges::move(
        texts(
            db,
            "select payment.txn_id from payment_account cross join payment "
            "where payment_account.organization_id = :organization "
            "and payment.account_id = payment_account.id and payment.gateway_id = :reference limit "
            ":limit",
            {organization, reference, candidates_max}),
        std::back_inserter(ids));
    if (const auto id = domain::TransactionId::parse(reference)) ids.push_back(to_string(*id));
    std::ranges::sort(ids);
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
    return ids;
}

std::vector<std::string> accounts_called(
    Connection& db, const TransactionFilter& filter, const std::string& user_name)
{
    const std::string location = text_or_none(filter.location);
    const std::string scope = scope_of(filter.locations);
    return texts(
        db,
        "select account.id from location cross join account "
        "where location.organization_id = :organization and account.location_id = location.id "
        "and (:l1 = '' or location.id = :l2) "
        "and (:w1 = '' or replace(:w2, ' ' || location.id || ' ', '') <> :w3) "
        "and account.folded_name = :name order by account.last_sign_in desc limit :limit",
        {text_or_none(filter.organization), location, location, scope, scope, scope,
         folded_name(user_name), candidates_max});
}

bool is_newer(const Transaction& a, const Transaction& b)
{
    return std::tie(a.created_at, a.id) > std::tie(b.created_at, b.id);
}

/// The newest of all, at most `limit`.
std::vector<Transaction> newest_of(std::vector<Transaction> found, int limit)
{
    std::ranges::sort(found, is_newer);
    if (found.size() > static_cast<std::size_t>(limit))
        found.resize(static_cast<std::size_t>(limit));
    return found;
}

/// Whether only the scope narrows: then each of its locations has an index that fits better than
/// the organization's.
bool is_narrowed_by_scope(const TransactionFilter& filter)
{
    return !filter.locations.empty() && !filter.location && !filter.account && !filter.is_queued;
}

std::vector<Transaction> find_in_scope(Connection& db, TransactionFilter filter, int limit)
{
    std::vector<Transaction> found;
    for (const domain::LocationId& each : filter.locations) {
        filter.location = each;
        std::ranges::move(
            find_by(db, narrowing_of(filter), filter, limit), std::back_inserter(found));
    }
    return newest_of(std::move(found), limit);
}

} // namespace

std::string scope_of(const std::vector<domain::LocationId>& locations)
{
    if (locations.empty()) return {};
    // One blank between two keys: two would be found as the key of what has no location.
    std::string scope = " ";
    for (const domain::LocationId& each : locations)
        scope.append(each.text()).append(" ");
    return scope;
}

std::vector<Transaction> find_transactions(
    Connection& db, const TransactionFilter& filter, int limit)
{
    if (!filter.reference && !filter.user_name)
        return is_narrowed_by_scope(filter) ? find_in_scope(db, filter, limit)
                                            : find_by(db, narrowing_of(filter), filter, limit);
    const std::string organization = text_or_none(filter.organization);
    const std::vector<std::string> customers = filter.user_name
                                                   ? accounts_called(db, filter, *filter.user_name)
                                                   : std::vector<std::string>{};
    const std::vector<std::string> candidates =
        filter.reference ? referred_to(db, organization, *filter.reference) : customers;
    std::vector<Transaction> found;
    for (const std::string& each : candidates)
        std::ranges::move(
            find_by(
                db, {filter.reference ? "txn.id = :first " : "txn.account_id = :first ", each},
                filter, limit),
            std::back_inserter(found));
    if (filter.reference && filter.user_name)
        std::erase_if(found, [&](const Transaction& each) {
            return !std::ranges::count(customers, to_string(each.account));
        });
    return newest_of(std::move(found), limit);
}

std::vector<ports::QueuedRefund> queued_refunds(
    Connection& db, const ports::QueueFilter& filter, int limit)
{
    const std::string scope = scope_of(filter.locations);
    return queue_lines(
        db,
        "select refund_queue.txn_id, refund_queue.why, refund_queue.since from refund_queue "
        "cross join txn where txn.id = refund_queue.txn_id and txn.organization_id = :organization "
        "and (:w1 = '' or replace(:w2, ' ' || txn.location_id || ' ', '') <> :w3) "
        "and (refund_queue.since > :since1 or (refund_queue.since = :since2 "
        "and refund_queue.txn_id > :after)) "
        "order by refund_queue.since, refund_queue.txn_id limit :limit",
        {filter.organization, scope, scope, scope, filter.after_since, filter.after_since,
         filter.after, limit});
}

} // namespace iwas::adapters
