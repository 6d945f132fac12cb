#include "sim/world/sim_store_ask.hpp"

namespace iwas::sim {

using ports::StoreError;

bool SimStore::refuses() const
{
    return border_.nature().random.chance(border_.nature().faults.store_refuses);
}

bool SimStore::is_silent() const
{
    return border_.nature().random.chance(border_.nature().faults.store_silent);
}

awaitable<Result<ports::OpenedPurchase, ports::OpenPurchaseError>> SimStore::open_purchase(
    ports::PurchaseIntent intent)
{
    co_await border_.cross("open_purchase", usual);
    if (refuses()) co_return std::unexpected{ports::OpenPurchaseError::unavailable};
    auto opened = co_await inner_.open_purchase(intent);
    if (opened && opened->is_new) witness_.opened(opened->transaction);
    co_await border_.cross("open_purchase", usual);
    if (is_silent()) co_return std::unexpected{ports::OpenPurchaseError::unavailable};
    co_return opened;
}

SimStore::Answer<ports::Committed> SimStore::commit(ports::Step step)
{
    co_await border_.cross("commit", usual);
    if (refuses()) co_return std::unexpected{StoreError::unavailable};
    if (tampering_) tampering_(step);
    auto committed = co_await inner_.commit(step);
    if (committed) witness_.committed(step);
    co_await border_.cross("commit", usual);
    if (is_silent()) co_return std::unexpected{StoreError::unavailable};
    co_return committed;
}

SimStore::Answer<std::optional<domain::Transaction>> SimStore::load_transaction(
    domain::TransactionId id)
{
    return ask<std::optional<domain::Transaction>>(
        "load_transaction", [this, id] { return inner_.load_transaction(id); });
}

SimStore::Answer<std::optional<domain::Session>> SimStore::load_session(domain::SessionId id)
{
    return ask<std::optional<domain::Session>>(
        "load_session", [this, id] { return inner_.load_session(id); });
}

SimStore::Answer<std::vector<domain::Session>> SimStore::open_sessions_of(domain::AccountId account)
{
    return ask<std::vector<domain::Session>>(
        "open_sessions_of", [this, account] { return inner_.open_sessions_of(account); });
}

SimStore::Answer<std::optional<domain::Session>> SimStore::open_session_of_device(
    domain::LocationId location, MacAddress mac)
{
    return ask<std::optional<domain::Session>>("open_session_of_device", [this, location, mac] {
        return inner_.open_session_of_device(location, mac);
    });
}

SimStore::Answer<std::vector<domain::Session>> SimStore::open_sessions_at(domain::RouterId router)
{
    return ask<std::vector<domain::Session>>(
        "open_sessions_at", [this, router] { return inner_.open_sessions_at(router); });
}

SimStore::Answer<std::vector<domain::Session>> SimStore::open_sessions_after(
    domain::SessionId after, int limit)
{
    return ask<std::vector<domain::Session>>("open_sessions_after", [this, after, limit] {
        return inner_.open_sessions_after(after, limit);
    });
}

SimStore::Answer<std::optional<domain::Transaction>> SimStore::unfinished_transaction_of_device(
    domain::LocationId location, MacAddress mac)
{
    return ask<std::optional<domain::Transaction>>(
        "unfinished_transaction_of_device",
        [this, location, mac] { return inner_.unfinished_transaction_of_device(location, mac); });
}

SimStore::Answer<std::vector<domain::Transaction>> SimStore::transactions_of(
    domain::AccountId account, int limit)
{
    return ask<std::vector<domain::Transaction>>("transactions_of", [this, account, limit] {
        return inner_.transactions_of(account, limit);
    });
}

SimStore::Answer<std::vector<ports::QueuedRefund>> SimStore::refund_queue(int limit)
{
    return ask<std::vector<ports::QueuedRefund>>(
        "refund_queue", [this, limit] { return inner_.refund_queue(limit); });
}

SimStore::Answer<std::vector<domain::NetworkSession>> SimStore::network_sessions_of(
    domain::SessionId session)
{
    return ask<std::vector<domain::NetworkSession>>(
        "network_sessions_of", [this, session] { return inner_.network_sessions_of(session); });
}

SimStore::Answer<std::vector<ports::Job>> SimStore::lease_jobs(
    UtcTime now, UtcTime due_before, UtcTime lease_until, int limit)
{
    return ask<std::vector<ports::Job>>("lease_jobs", [this, now, due_before, lease_until, limit] {
        return inner_.lease_jobs(now, due_before, lease_until, limit);
    });
}

SimStore::Answer<bool> SimStore::offer_job(ports::Job job)
{
    return ask<bool>("offer_job", [this, job] { return inner_.offer_job(job); });
}

SimStore::Answer<std::optional<ports::Job>> SimStore::load_job(domain::JobId id)
{
    return ask<std::optional<ports::Job>>("load_job", [this, id] { return inner_.load_job(id); });
}

SimStore::Answer<void> SimStore::postpone_job(domain::JobId id, UtcTime due_at)
{
    return ask<void>(
        "postpone_job", [this, id, due_at] { return inner_.postpone_job(id, due_at); });
}

SimStore::Answer<void> SimStore::finish_job(domain::JobId id)
{
    return ask<void>("finish_job", [this, id] { return inner_.finish_job(id); });
}

SimStore::Answer<void> SimStore::postpone_turn(ports::Job turn, UtcTime due_at)
{
    return ask<void>(
        "postpone_turn", [this, turn, due_at] { return inner_.postpone_turn(turn, due_at); });
}

SimStore::Answer<void> SimStore::finish_turn(ports::Job turn)
{
    return ask<void>("finish_turn", [this, turn] { return inner_.finish_turn(turn); });
}

SimStore::Answer<int> SimStore::release_own_leases()
{
    return ask<int>("release_own_leases", [this] { return inner_.release_own_leases(); });
}

SimStore::Answer<domain::Account> SimStore::keep_account(domain::Account account)
{
    return ask<domain::Account>(
        "keep_account", [this, account] { return inner_.keep_account(account); });
}

SimStore::Answer<std::optional<domain::Account>> SimStore::load_account(domain::AccountId id)
{
    return ask<std::optional<domain::Account>>(
        "load_account", [this, id] { return inner_.load_account(id); });
}

SimStore::Answer<std::optional<domain::Account>> SimStore::account_of_member(
    domain::LocationId location, std::string member_id)
{
    return ask<std::optional<domain::Account>>("account_of_member", [this, location, member_id] {
        return inner_.account_of_member(location, member_id);
    });
}

SimStore::Answer<std::optional<domain::Account>> SimStore::account_of_user_name(
    domain::LocationId location, std::string user_name)
{
    return ask<std::optional<domain::Account>>("account_of_user_name", [this, location, user_name] {
        return inner_.account_of_user_name(location, user_name);
    });
}

SimStore::Answer<void> SimStore::keep_visit(domain::Visit visit)
{
    return ask<void>("keep_visit", [this, visit] { return inner_.keep_visit(visit); });
}

SimStore::Answer<std::optional<domain::Visit>> SimStore::load_visit(domain::VisitId id)
{
    return ask<std::optional<domain::Visit>>(
        "load_visit", [this, id] { return inner_.load_visit(id); });
}

SimStore::Answer<std::optional<domain::Account>> SimStore::last_account_of_device(
    domain::LocationId location, MacAddress mac)
{
    return ask<std::optional<domain::Account>>("last_account_of_device", [this, location, mac] {
        return inner_.last_account_of_device(location, mac);
    });
}

SimStore::Answer<bool> SimStore::keep_pc_event(
    domain::LocationId location, std::string event_id, ports::Job job)
{
    return ask<bool>("keep_pc_event", [this, location, event_id, job] {
        return inner_.keep_pc_event(location, event_id, job);
    });
}

awaitable<Result<ports::RequestState, ports::RequestError>> SimStore::begin_request(
    std::string scope, std::string key, Sha256Digest request_hash, UtcTime now)
{
    co_await border_.cross("begin_request", usual);
    if (refuses()) co_return std::unexpected{ports::RequestError::unavailable};
    auto state = co_await inner_.begin_request(scope, key, request_hash, now);
    co_await border_.cross("begin_request", usual);
    if (is_silent()) co_return std::unexpected{ports::RequestError::unavailable};
    co_return state;
}

SimStore::Answer<void> SimStore::finish_request(
    std::string scope, std::string key, ports::StoredAnswer answer)
{
    return ask<void>("finish_request", [this, scope, key, answer] {
        return inner_.finish_request(scope, key, answer);
    });
}

SimStore::Answer<int> SimStore::forget_old(UtcTime before, int limit)
{
    return ask<int>(
        "forget_old", [this, before, limit] { return inner_.forget_old(before, limit); });
}

SimStore::Answer<domain::Catalog> SimStore::load_catalog()
{
    return ask<domain::Catalog>("load_catalog", [this] { return inner_.load_catalog(); });
}

SimStore::Answer<void> SimStore::replace_catalog(
    domain::Catalog wanted, std::string actor, UtcTime now)
{
    return ask<void>("replace_catalog", [this, wanted, actor, now] {
        return inner_.replace_catalog(wanted, actor, now);
    });
}

SimStore::Answer<std::int64_t> SimStore::catalog_version()
{
    return ask<std::int64_t>("catalog_version", [this] { return inner_.catalog_version(); });
}

SimStore::Answer<void> SimStore::append_trace(std::vector<ports::TraceStep> steps)
{
    return ask<void>("append_trace", [this, steps] { return inner_.append_trace(steps); });
}

SimStore::Answer<std::vector<ports::TraceStep>> SimStore::load_trace(Ulid trace)
{
    return ask<std::vector<ports::TraceStep>>(
        "load_trace", [this, trace] { return inner_.load_trace(trace); });
}

SimStore::Answer<void> SimStore::append_audit(ports::AuditEntry entry)
{
    return ask<void>("append_audit", [this, entry] { return inner_.append_audit(entry); });
}

SimStore::Answer<std::vector<ports::AuditEntry>> SimStore::recent_audit(int limit)
{
    return ask<std::vector<ports::AuditEntry>>(
        "recent_audit", [this, limit] { return inner_.recent_audit(limit); });
}

void SimStore::submit(
    domain::AccountingRecord record, std::function<void(ports::Journaled)> done) noexcept
{
    Nature& nature = border_.nature();
    const auto wait =
        nature.random.between(std::chrono::microseconds{0}, std::chrono::microseconds{usual});
    const bool is_refused = refuses();
    const bool dies = nature.random.chance(nature.faults.crash);
    nature.clock.after(
        wait, [this, life = border_.life(), record = std::move(record), done = std::move(done),
               is_refused, dies] {
            // The process was killed with the record in its queue: it was never durable.
            if (life->is_over) return;
            if (is_refused) {
                done(ports::Journaled::rejected);
                return;
            }
            inner_.submit(record, [this, life, dies, done](ports::Journaled result) {
                if (dies) { // durable, and not answered
                    life->is_over = true;
                    border_.nature().tell("IWAS dies after an accounting commit");
                    border_.nature().crash();
                    return;
                }
                done(result);
            });
        });
}

} // namespace iwas::sim
