#include "adapters/store/sql_wallets.hpp"

#include "adapters/store/locks.hpp"
#include "adapters/store/spelling.hpp"
#include "adapters/store/sql_events.hpp"
#include "adapters/store/sql_jobs.hpp"

#include <utility>

namespace iwas::adapters {

using domain::SavedMethod;
using domain::SavedMethodId;
using ports::StoreError;

namespace {

constexpr std::string_view columns =
    "id, version, account_id, method, payment_account_id, state, order_id, pay_url, deep_link, "
    "qr_text, gateway_order, token_sealed, binding_id, label, masked, expires_at, is_default, "
    "position, created_at, updated_at";
constexpr std::string_view kinds = "titttttttttttttiiiii";

std::string place_of(SavedMethodId id)
{
    return "saved_method.token_sealed:" + to_string(id);
}

std::string sealed(const KeyRing& keys, const SavedMethod& saved)
{
    return saved.token.empty() ? std::string{} : keys.seal(saved.token, place_of(saved.id));
}

SavedMethod read_method(Row& row, const KeyRing& keys)
{
    SavedMethod saved;
    saved.id = row.id<SavedMethodId>();
    saved.version = row.integer();
    saved.account = row.id<domain::AccountId>();
    saved.method = payment_method_of(row.text());
    saved.payment_account = row.key<domain::PaymentAccountId>();
    const auto state = domain::saved_method_state_from(row.text());
    if (!state) damaged("unknown state of a saved method");
    saved.state = *state;
    saved.order_id = row.text();
    saved.invitation.pay_url = row.text();
    saved.invitation.deep_link = row.text();
    saved.invitation.qr_text = row.text();
    saved.invitation.gateway_order = row.text();
    if (const std::string text = row.text(); !text.empty()) {
        auto token = keys.open(text, place_of(saved.id));
        if (!token) damaged("token of a saved method: no key opens it");
        saved.token = std::move(*token);
    }
    saved.binding_id = row.text();
    saved.label = row.text();
    saved.masked = row.text();
    saved.expires_at = row.maybe_time();
    saved.is_default = row.flag();
    saved.position = static_cast<int>(row.integer());
    saved.created_at = row.time();
    saved.updated_at = row.time();
    return saved;
}

std::vector<SavedMethod> read_methods(
    Connection& db, const KeyRing& keys, std::string_view condition,
    std::initializer_list<Param> params)
{
    std::vector<SavedMethod> found;
    db.each(
        std::string{"select "}
            .append(columns)
            .append(" from saved_method where ")
            .append(condition),
        kinds, params, [&](Row& row) { found.push_back(read_method(row, keys)); });
    return found;
}

std::optional<SavedMethod> first_of(std::vector<SavedMethod> found)
{
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

void insert_method(Connection& db, const KeyRing& keys, const SavedMethod& saved)
{
    db.run(
        "insert into saved_method (id, version, account_id, method, payment_account_id, state, "
        "order_id, pay_url, deep_link, qr_text, gateway_order, token_sealed, binding_id, label, "
        "masked, expires_at, is_default, position, created_at, updated_at) values (:id, 1, "
        ":account, :method, :payment_account, :state, :order_id, :pay_url, :deep_link, :qr_text, "
        ":gateway_order, :token, :binding_id, :label, :masked, :expires_at, :is_default, "
        ":position, :created_at, :updated_at)",
        {saved.id, saved.account, domain::to_text(saved.method), saved.payment_account,
         domain::to_text(saved.state), saved.order_id, saved.invitation.pay_url,
         saved.invitation.deep_link, saved.invitation.qr_text, saved.invitation.gateway_order,
         sealed(keys, saved), saved.binding_id, saved.label, saved.masked, saved.expires_at,
         saved.is_default, saved.position, saved.created_at, saved.updated_at});
}

bool update_method(Connection& db, const KeyRing& keys, const SavedMethod& saved)
{
    return db.run(
               "update saved_method set version = version + 1, state = :state, "
               "pay_url = :pay_url, deep_link = :deep_link, qr_text = :qr_text, "
               "gateway_order = :gateway_order, token_sealed = :token, binding_id = :binding_id, "
               "label = :label, masked = :masked, expires_at = :expires_at, "
               "is_default = :is_default, position = :position, updated_at = :updated_at "
               "where id = :id and version = :version",
               {domain::to_text(saved.state), saved.invitation.pay_url, saved.invitation.deep_link,
                saved.invitation.qr_text, saved.invitation.gateway_order, sealed(keys, saved),
                saved.binding_id, saved.label, saved.masked, saved.expires_at, saved.is_default,
                saved.position, saved.updated_at, saved.id, saved.version}) == 1;
}

constexpr std::string_view kept_states = "state in ('asked', 'usable', 'expired')";

bool keeps_as_many(Connection& db, const ports::WalletStep& step)
{
    if (!step.kept_before || step.methods.empty()) return true;
    std::int64_t kept = 0;
    db.one(
        std::string{"select count(*) from saved_method where account_id = :account and "}.append(
            kept_states),
        "i", {step.methods.front().account}, [&](Row& row) { kept = row.integer(); });
    return static_cast<std::size_t>(kept) == *step.kept_before;
}

/// False: the stored version is another one.
bool keep_method(
    Connection& db, const KeyRing& keys, const SavedMethod& saved, const ports::WalletStep& step)
{
    std::string before;
    db.one("select state from saved_method where id = :id", "t", {saved.id}, [&](Row& row) {
        before = row.text();
    });
    const bool is_new = saved.version == 0;
    if (is_new != before.empty()) return false;
    if (is_new)
        insert_method(db, keys, saved);
    else if (!update_method(db, keys, saved))
        return false;
    if (before != domain::to_text(saved.state))
        db.run(
            "insert into saved_method_event (method_id, at, state_before, state_after, actor, why) "
            "values (:method, :at, :before, :after, :actor, :why)",
            {saved.id, step.now, before, domain::to_text(saved.state), step.actor, step.why});
    if (saved.is_default)
        db.run(
            "update saved_method set is_default = 0, version = version + 1 "
            "where account_id = :account and is_default = 1 and id <> :id",
            {saved.account, saved.id});
    return true;
}

} // namespace

Result<void, StoreError> change_wallet(
    Connection& db, const KeyRing& keys, const std::string& node, const ports::WalletStep& step)
{
    std::vector<std::string> locks;
    for (const SavedMethod& saved : step.methods)
        locks.push_back("wallet:" + to_string(saved.account));
    lock_names(db, std::move(locks));
    if (!keeps_as_many(db, step)) return std::unexpected(StoreError::conflict);
    // The default comes last: it takes that from others, whose versions were told as they were.
    for (const bool is_default : {false, true})
        for (const SavedMethod& saved : step.methods)
            if (saved.is_default == is_default && !keep_method(db, keys, saved, step))
                return std::unexpected(StoreError::conflict);
    for (const ports::Job& job : step.jobs)
        keep_job(db, job, node);
    for (const domain::JobId& id : step.finished)
        remove_job(db, id);
    return {};
}

std::optional<SavedMethod> load_saved_method(Connection& db, const KeyRing& keys, SavedMethodId id)
{
    return first_of(read_methods(db, keys, "id = :id", {id}));
}

std::optional<SavedMethod> saved_method_of_order(
    Connection& db, const KeyRing& keys, const domain::PaymentAccountId& account,
    const std::string& order_id)
{
    return first_of(read_methods(
        db, keys, "payment_account_id = :account and order_id = :order and order_id <> ''",
        {account, order_id}));
}

std::vector<SavedMethod> saved_methods_of(
    Connection& db, const KeyRing& keys, domain::AccountId account)
{
    return read_methods(
        db, keys,
        std::string{"account_id = :account and "}
            .append(kept_states)
            .append(" order by position, created_at, id"),
        {account});
}

std::vector<ports::MethodUsage> method_usage_of(Connection& db, domain::AccountId account)
{
    std::vector<ports::MethodUsage> usage;
    db.each(
        "select saved_method_id, count(*), cast(sum(amount - credit_used - refunded) as bigint), "
        "max(created_at) from txn where account_id = :account and state = 'success' "
        "and (saved_method_id <> '' or method = 'pc_balance') group by saved_method_id",
        "tiii", {account}, [&](Row& row) {
            ports::MethodUsage of;
            const std::string& id = row.text();
            of.method = SavedMethodId::parse(id);
            if (!of.method && !id.empty()) damaged("a saved method's id cannot be read");
            of.payments = static_cast<int>(row.integer());
            of.total = row.money();
            of.last_used_at = row.time();
            usage.push_back(of);
        });
    return usage;
}

std::vector<ports::MethodEvent> events_of_method(Connection& db, SavedMethodId id)
{
    return read_events<ports::MethodEvent>(
        db,
        "select at, state_before, state_after, actor, why from saved_method_event "
        "where method_id = :method order by id",
        id);
}

} // namespace iwas::adapters
