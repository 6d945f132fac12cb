#include "adapters/store/store.hpp"

#include "adapters/store/readable_sessions.hpp"
#include "adapters/store/runner.hpp"
#include "adapters/store/sealing_keys.hpp"
#include "adapters/store/sql_catalog.hpp"
#include "adapters/store/sql_history.hpp"
#include "adapters/store/sql_jobs.hpp"
#include "adapters/store/sql_ledger.hpp"
#include "adapters/store/sql_payment_windows.hpp"
#include "adapters/store/sql_payments.hpp"
#include "adapters/store/sql_people.hpp"
#include "adapters/store/sql_reconciliation.hpp"
#include "adapters/store/sql_sessions.hpp"
#include "adapters/store/sql_staff.hpp"
#include "adapters/store/sql_traces.hpp"
#include "adapters/store/sql_transactions.hpp"
#include "adapters/store/sql_wallets.hpp"

#include <type_traits>
#include <utility>

namespace iwas::adapters {

namespace {

using namespace ports;
using domain::AccountId;
using domain::JobId;
using domain::LocationId;
using domain::RouterId;
using domain::SavedMethodId;
using domain::SessionId;
using domain::TransactionId;

template <class T>
using Answer = awaitable<Result<T, StoreError>>;

/// Runs `body` as one transaction and gives back its answer. An error in the answer undoes what
/// the body wrote.
template <class R>
awaitable<R> perform(Runner& runner, Access access, std::function<R(Connection&)> body)
{
    auto answer = std::make_shared<std::optional<R>>();
    Work work = [answer, body = std::move(body)](Connection& db) {
        *answer = body(db);
        return (*answer)->has_value();
    };
    const Outcome outcome = co_await runner.run(access, std::move(work));
    if (outcome == Outcome::failed) co_return std::unexpected(R::error_type::unavailable);
    co_return std::move(**answer);
}

/// As `perform`, for a body that cannot be refused.
template <class T>
Answer<T> perform_plain(Runner& runner, Access access, std::function<T(Connection&)> body)
{
    using R = Result<T, StoreError>;
    return perform<R>(runner, access, [body = std::move(body)](Connection& db) -> R {
        if constexpr (std::is_void_v<T>) {
            body(db);
            return {};
        } else {
            return body(db);
        }
    });
}

/// The functions below are no coroutines: they take their arguments by value into the body, which
/// lives until the answer is there.
class SqlStore final : public Store {
public:
    SqlStore(std::unique_ptr<Runner> runner, KeyRing keys, std::string node)
        : keys_{std::move(keys)}, node_{std::move(node)}, runner_{std::move(runner)}
    {
    }

    // Ledger
    awaitable<Result<OpenedPurchase, OpenPurchaseError>> open_purchase(
        PurchaseIntent intent) override
    {
        return perform<Result<OpenedPurchase, OpenPurchaseError>>(
            *runner_, Access::write, [this, intent = std::move(intent)](Connection& db) {
                return adapters::open_purchase(db, node_, intent);
            });
    }
    Answer<Committed> commit(Step step) override
    {
        return perform<Result<Committed, StoreError>>(
            *runner_, Access::write, [this, step = std::move(step)](Connection& db) {
                return commit_step(db, keys_, node_, step);
            });
    }
    Answer<std::optional<domain::Transaction>> load_transaction(TransactionId id) override
    {
        return read<std::optional<domain::Transaction>>(
            [id](Connection& db) { return adapters::load_transaction(db, id); });
    }
    Answer<std::optional<domain::Session>> load_session(SessionId id) override
    {
        return read<std::optional<domain::Session>>(
            [this, id](Connection& db) { return adapters::load_session(db, keys_, id); });
    }
    Answer<std::vector<domain::Session>> open_sessions_of(AccountId account) override
    {
        return read<std::vector<domain::Session>>([this, account](Connection& db) {
            return adapters::open_sessions_of(db, keys_, account);
        });
    }
    Answer<std::optional<domain::Session>> open_session_of_device(
        LocationId location, MacAddress mac) override
    {
        return read<std::optional<domain::Session>>(
            [this, location = std::move(location), mac](Connection& db) {
                return adapters::open_session_of_device(db, keys_, location, mac);
            });
    }
    Answer<std::vector<domain::Session>> open_sessions_at(RouterId router) override
    {
        return read<std::vector<domain::Session>>(
            [this, router = std::move(router)](Connection& db) {
                return adapters::open_sessions_at(db, keys_, router);
            });
    }
    Answer<std::vector<domain::Session>> open_sessions_after(SessionId after, int limit) override
    {
        return read<std::vector<domain::Session>>([this, after, limit](Connection& db) {
            return readable_sessions_after(db, keys_, after, limit);
        });
    }
    Answer<std::optional<domain::Transaction>> unfinished_transaction_of_device(
        LocationId location, MacAddress mac) override
    {
        return read<std::optional<domain::Transaction>>(
            [location = std::move(location), mac](Connection& db) {
                return adapters::unfinished_transaction_of_device(db, location, mac);
            });
    }
    Answer<std::vector<domain::Transaction>> transactions_of(AccountId account, int limit) override
    {
        return read<std::vector<domain::Transaction>>([account, limit](Connection& db) {
            return adapters::transactions_of(db, account, limit);
        });
    }
    Answer<std::vector<QueuedRefund>> refund_queue(int limit) override
    {
        return read<std::vector<QueuedRefund>>(
            [limit](Connection& db) { return adapters::refund_queue(db, limit); });
    }
    Answer<std::vector<QueuedRefund>> queued_refunds(QueueFilter filter, int limit) override
    {
        return read<std::vector<QueuedRefund>>([filter = std::move(filter), limit](Connection& db) {
            return adapters::queued_refunds(db, filter, limit);
        });
    }
    Answer<std::vector<domain::NetworkSession>> network_sessions_of(SessionId session) override
    {
        return read<std::vector<domain::NetworkSession>>(
            [session](Connection& db) { return adapters::network_sessions_of(db, session); });
    }

    // Payments
    Answer<std::optional<domain::Payment>> payment_by_gateway_id(
        domain::PaymentAccountId account, std::string gateway_id) override
    {
        return read<std::optional<domain::Payment>>(
            [account = std::move(account), id = std::move(gateway_id)](Connection& db) {
                return adapters::payment_by_gateway_id(db, account, id);
            });
    }
    Answer<std::vector<domain::Payment>> payments_of(TransactionId transaction) override
    {
        return read<std::vector<domain::Payment>>(
            [transaction](Connection& db) { return adapters::payments_of(db, transaction); });
    }
    Answer<std::vector<domain::Payment>> payments_between(
        domain::PaymentAccountId account, UtcTime from, UtcTime to, int limit) override
    {
        return read<std::vector<domain::Payment>>(
            [account = std::move(account), from, to, limit](Connection& db) {
                return adapters::payments_between(db, account, from, to, limit);
            });
    }
    Answer<std::optional<domain::Transaction>> transaction_of_order(
        domain::PaymentAccountId account, std::string order_id) override
    {
        return read<std::optional<domain::Transaction>>(
            [account = std::move(account), id = std::move(order_id)](Connection& db) {
                return adapters::transaction_of_order(db, account, id);
            });
    }
    Answer<std::vector<domain::Transaction>> unpaid_orders_of_amount(
        domain::PaymentAccountId account, Money due, UtcTime since) override
    {
        return read<std::vector<domain::Transaction>>(
            [account = std::move(account), due, since](Connection& db) {
                return adapters::unpaid_orders_of_amount(db, account, due, since);
            });
    }
    Answer<std::vector<domain::Payment>> unmatched_payments(
        domain::PaymentAccountId account, Money amount, UtcTime since) override
    {
        return read<std::vector<domain::Payment>>(
            [account = std::move(account), amount, since](Connection& db) {
                return adapters::unmatched_payments(db, account, amount, since);
            });
    }
    Answer<std::vector<domain::Transaction>> transactions_from(TransactionId origin) override
    {
        return read<std::vector<domain::Transaction>>(
            [origin](Connection& db) { return adapters::transactions_from(db, origin); });
    }
    Answer<std::vector<domain::Transaction>> find_transactions(
        TransactionFilter filter, int limit) override
    {
        return read<std::vector<domain::Transaction>>(
            [filter = std::move(filter), limit](Connection& db) {
                return adapters::find_transactions(db, filter, limit);
            });
    }
    Answer<std::vector<TransactionEvent>> events_of(TransactionId transaction) override
    {
        return read<std::vector<TransactionEvent>>(
            [transaction](Connection& db) { return adapters::events_of(db, transaction); });
    }
    Answer<void> keep_invitation(TransactionId transaction, domain::Invitation invitation) override
    {
        return write<void>([transaction, invitation = std::move(invitation)](Connection& db) {
            adapters::keep_invitation(db, transaction, invitation);
        });
    }
    Answer<std::optional<domain::Invitation>> load_invitation(TransactionId transaction) override
    {
        return read<std::optional<domain::Invitation>>(
            [transaction](Connection& db) { return adapters::load_invitation(db, transaction); });
    }
    Answer<void> append_notice(KeptNotice notice) override
    {
        return write<void>(
            [notice = std::move(notice)](Connection& db) { adapters::append_notice(db, notice); });
    }
    Answer<Money> credit_of(AccountId account) override
    {
        return read<Money>([account](Connection& db) { return adapters::credit_of(db, account); });
    }
    Answer<std::vector<CreditEntry>> credit_entries(AccountId account, int limit) override
    {
        return read<std::vector<CreditEntry>>([account, limit](Connection& db) {
            return adapters::credit_entries(db, account, limit);
        });
    }

    // Payment windows
    awaitable<Result<OpenedPaymentWindow, OpenPaymentWindowError>> open_payment_window(
        domain::PaymentWindow window, int times_max, UtcTime day_start, Job end) override
    {
        return perform<Result<OpenedPaymentWindow, OpenPaymentWindowError>>(
            *runner_, Access::write,
            [this, window = std::move(window), times_max, day_start,
             end = std::move(end)](Connection& db) {
                return adapters::open_payment_window(db, node_, window, times_max, day_start, end);
            });
    }
    Answer<PaymentWindowUse> payment_window_use(
        domain::OrganizationId organization, LocationId location, MacAddress mac,
        UtcTime day_start) override
    {
        return read<PaymentWindowUse>([organization = std::move(organization),
                                       location = std::move(location), mac,
                                       day_start](Connection& db) {
            return adapters::payment_window_use(db, organization, location, mac, day_start);
        });
    }
    Answer<std::optional<domain::PaymentWindow>> load_payment_window(SessionId id) override
    {
        return read<std::optional<domain::PaymentWindow>>(
            [id](Connection& db) { return adapters::load_payment_window(db, id); });
    }
    Answer<std::optional<domain::PaymentWindow>> open_payment_window_of(
        LocationId location, MacAddress mac) override
    {
        return read<std::optional<domain::PaymentWindow>>(
            [location = std::move(location), mac](Connection& db) {
                return adapters::open_payment_window_of(db, location, mac);
            });
    }
    Answer<void> end_payment_window(SessionId id, UtcTime now, bool counts, Job closing) override
    {
        return write<void>([this, id, now, counts, closing = std::move(closing)](Connection& db) {
            adapters::end_payment_window(db, node_, id, now, counts, closing);
        });
    }
    Answer<std::vector<domain::PaymentWindow>> open_payment_windows_after(
        SessionId after, int limit) override
    {
        return read<std::vector<domain::PaymentWindow>>([after, limit](Connection& db) {
            return adapters::open_payment_windows_after(db, after, limit);
        });
    }

    // Wallets
    Answer<void> change_wallet(WalletStep step) override
    {
        return perform<Result<void, StoreError>>(
            *runner_, Access::write, [this, step = std::move(step)](Connection& db) {
                return adapters::change_wallet(db, keys_, node_, step);
            });
    }
    Answer<std::optional<domain::SavedMethod>> load_saved_method(SavedMethodId id) override
    {
        return read<std::optional<domain::SavedMethod>>(
            [this, id](Connection& db) { return adapters::load_saved_method(db, keys_, id); });
    }
    Answer<std::optional<domain::SavedMethod>> saved_method_of_order(
        domain::PaymentAccountId account, std::string order_id) override
    {
        return read<std::optional<domain::SavedMethod>>(
            [this, account = std::move(account), id = std::move(order_id)](Connection& db) {
                return adapters::saved_method_of_order(db, keys_, account, id);
            });
    }
    Answer<std::vector<domain::SavedMethod>> saved_methods_of(AccountId account) override
    {
        return read<std::vector<domain::SavedMethod>>([this, account](Connection& db) {
            return adapters::saved_methods_of(db, keys_, account);
        });
    }
    Answer<std::vector<MethodUsage>> method_usage_of(AccountId account) override
    {
        return read<std::vector<MethodUsage>>(
            [account](Connection& db) { return adapters::method_usage_of(db, account); });
    }
    Answer<std::vector<MethodEvent>> events_of_method(SavedMethodId id) override
    {
        return read<std::vector<MethodEvent>>(
            [id](Connection& db) { return adapters::events_of_method(db, id); });
    }

    // Staff
    Answer<void> add_staff(
        domain::StaffMember member, Sha256Digest token_digest, std::string actor) override
    {
        return perform<Result<void, StoreError>>(
            *runner_, Access::write,
            [member = std::move(member), token_digest,
             actor = std::move(actor)](Connection& db) -> Result<void, StoreError> {
                if (!adapters::add_staff(db, member, token_digest, actor))
                    return std::unexpected(StoreError::conflict);
                return {};
            });
    }
    Answer<std::optional<domain::StaffMember>> staff_of_token(Sha256Digest token_digest) override
    {
        return read<std::optional<domain::StaffMember>>(
            [token_digest](Connection& db) { return adapters::staff_of_token(db, token_digest); });
    }
    Answer<std::vector<domain::StaffMember>> all_staff() override
    {
        return read<std::vector<domain::StaffMember>>(
            [](Connection& db) { return adapters::all_staff(db); });
    }
    Answer<bool> revoke_staff(domain::StaffId name, std::string actor, UtcTime now) override
    {
        return write<bool>([name = std::move(name), actor = std::move(actor), now](Connection& db) {
            return adapters::revoke_staff(db, name, actor, now);
        });
    }

    // Reconciliations
    Answer<void> keep_comparison(Comparison comparison) override
    {
        return write<void>([comparison = std::move(comparison)](Connection& db) {
            adapters::keep_comparison(db, comparison);
        });
    }
    Answer<std::vector<Comparison>> comparisons_of(
        domain::OrganizationId organization, std::string day) override
    {
        return read<std::vector<Comparison>>(
            [organization = std::move(organization), day = std::move(day)](Connection& db) {
                return adapters::comparisons_between(db, organization, day, day);
            });
    }
    Answer<std::vector<Comparison>> comparisons_between(
        domain::OrganizationId organization, std::string first, std::string last) override
    {
        return read<std::vector<Comparison>>([organization = std::move(organization),
                                              first = std::move(first),
                                              last = std::move(last)](Connection& db) {
            return adapters::comparisons_between(db, organization, first, last);
        });
    }
    Answer<std::vector<domain::FirstComparison>> first_comparisons(
        domain::OrganizationId organization) override
    {
        return read<std::vector<domain::FirstComparison>>(
            [organization = std::move(organization)](Connection& db) {
                return adapters::first_comparisons(db, organization);
            });
    }
    Answer<std::string> last_compared_day(domain::OrganizationId organization) override
    {
        return read<std::string>([organization = std::move(organization)](Connection& db) {
            return adapters::last_compared_day(db, organization);
        });
    }
    Answer<domain::Difference> keep_difference(
        domain::Difference found, std::string actor, std::string why) override
    {
        return write<domain::Difference>([found = std::move(found), actor = std::move(actor),
                                          why = std::move(why)](Connection& db) {
            return adapters::keep_difference(db, found, actor, why);
        });
    }
    Answer<domain::Difference> settle_difference(
        domain::Difference loaded, domain::DifferenceState state, std::string actor,
        std::string why, UtcTime now) override
    {
        return perform<Result<domain::Difference, StoreError>>(
            *runner_, Access::write,
            [loaded = std::move(loaded), state, actor = std::move(actor), why = std::move(why),
             now](Connection& db) {
                return adapters::settle_difference(db, loaded, state, actor, why, now);
            });
    }
    Answer<std::optional<domain::Difference>> load_difference(domain::DifferenceId id) override
    {
        return read<std::optional<domain::Difference>>(
            [id](Connection& db) { return adapters::load_difference(db, id); });
    }
    Answer<std::vector<domain::Difference>> find_differences(
        DifferenceFilter filter, int limit) override
    {
        return read<std::vector<domain::Difference>>(
            [filter = std::move(filter), limit](Connection& db) {
                return adapters::find_differences(db, filter, limit);
            });
    }
    Answer<std::vector<DifferenceCount>> count_differences(
        domain::OrganizationId organization, std::string first, std::string last,
        std::vector<domain::LocationId> locations) override
    {
        return read<std::vector<DifferenceCount>>(
            [organization = std::move(organization), first = std::move(first),
             last = std::move(last), locations = std::move(locations)](Connection& db) {
                return adapters::count_differences(db, organization, first, last, locations);
            });
    }
    Answer<std::vector<DifferenceEvent>> difference_events(domain::DifferenceId id) override
    {
        return read<std::vector<DifferenceEvent>>(
            [id](Connection& db) { return adapters::difference_events(db, id); });
    }
    Answer<std::vector<domain::Transaction>> refunds_between(
        domain::ReconciliationSubject subject, UtcTime from, UtcTime to, int limit) override
    {
        return read<std::vector<domain::Transaction>>(
            [subject = std::move(subject), from, to, limit](Connection& db) {
                return adapters::refunds_between(db, subject, from, to, limit);
            });
    }
    Answer<std::vector<CreditMovement>> credit_movements(
        domain::OrganizationId organization, UtcTime from, UtcTime to) override
    {
        return read<std::vector<CreditMovement>>(
            [organization = std::move(organization), from, to](Connection& db) {
                return adapters::credit_movements(db, organization, from, to);
            });
    }

    // Jobs
    Answer<std::vector<Job>> lease_jobs(
        UtcTime now, UtcTime due_before, UtcTime lease_until, int limit) override
    {
        return write<std::vector<Job>>([=, this](Connection& db) {
            return adapters::lease_jobs(db, node_, now, due_before, lease_until, limit);
        });
    }
    Answer<bool> offer_job(Job job) override
    {
        return write<bool>([this, job = std::move(job)](Connection& db) {
            return adapters::offer_job(db, job, node_);
        });
    }
    Answer<std::optional<Job>> load_job(JobId id) override
    {
        return read<std::optional<Job>>(
            [id](Connection& db) { return adapters::load_job(db, id); });
    }
    Answer<void> postpone_job(JobId id, UtcTime due_at) override
    {
        return perform<Result<void, StoreError>>(
            *runner_, Access::write, [id, due_at](Connection& db) -> Result<void, StoreError> {
                if (!adapters::postpone_job(db, id, due_at))
                    return std::unexpected(StoreError::conflict);
                return {};
            });
    }
    Answer<void> finish_job(JobId id) override
    {
        return write<void>([id](Connection& db) { remove_job(db, id); });
    }
    Answer<void> postpone_turn(Job turn, UtcTime due_at) override
    {
        return write<void>([turn = std::move(turn), due_at](Connection& db) {
            adapters::postpone_turn(db, turn, due_at);
        });
    }
    Answer<void> finish_turn(Job turn) override
    {
        return write<void>([turn = std::move(turn)](Connection& db) { remove_turn(db, turn); });
    }

    Answer<int> release_own_leases() override
    {
        return write<int>([this](Connection& db) { return release_leases(db, node_); });
    }

    // People
    Answer<domain::Account> keep_account(domain::Account account) override
    {
        return write<domain::Account>([account = std::move(account)](Connection& db) {
            return adapters::keep_account(db, account);
        });
    }
    Answer<std::optional<domain::Account>> load_account(AccountId id) override
    {
        return read<std::optional<domain::Account>>(
            [id](Connection& db) { return adapters::load_account(db, id); });
    }
    Answer<std::optional<domain::Account>> account_of_member(
        LocationId location, std::string member_id) override
    {
        return read<std::optional<domain::Account>>(
            [location = std::move(location), member = std::move(member_id)](Connection& db) {
                return adapters::account_of_member(db, location, member);
            });
    }
    Answer<std::optional<domain::Account>> account_of_user_name(
        LocationId location, std::string user_name) override
    {
        return read<std::optional<domain::Account>>(
            [location = std::move(location), name = std::move(user_name)](Connection& db) {
                return adapters::account_of_user_name(db, location, name);
            });
    }
    Answer<void> keep_visit(domain::Visit visit) override
    {
        return write<void>(
            [visit = std::move(visit)](Connection& db) { adapters::keep_visit(db, visit); });
    }
    Answer<std::optional<domain::Visit>> load_visit(domain::VisitId id) override
    {
        return read<std::optional<domain::Visit>>(
            [id](Connection& db) { return adapters::load_visit(db, id); });
    }
    Answer<std::optional<domain::Account>> last_account_of_device(
        LocationId location, MacAddress mac) override
    {
        return read<std::optional<domain::Account>>(
            [location = std::move(location), mac](Connection& db) {
                return adapters::last_account_of_device(db, location, mac);
            });
    }
    Answer<bool> keep_pc_event(LocationId location, std::string event_id, Job job) override
    {
        return write<bool>([this, location = std::move(location), event = std::move(event_id),
                            job = std::move(job)](Connection& db) {
            return adapters::keep_pc_event(db, location, event, job, node_);
        });
    }
    awaitable<Result<RequestState, RequestError>> begin_request(
        std::string scope, std::string key, Sha256Digest request_hash, UtcTime now) override
    {
        return perform<Result<RequestState, RequestError>>(
            *runner_, Access::write,
            [this, scope = std::move(scope), key = std::move(key), request_hash,
             now](Connection& db) {
                return adapters::begin_request(db, keys_, scope, key, request_hash, now);
            });
    }
    Answer<void> finish_request(std::string scope, std::string key, StoredAnswer answer) override
    {
        return write<void>([this, scope = std::move(scope), key = std::move(key),
                            answer = std::move(answer)](Connection& db) {
            adapters::finish_request(db, keys_, scope, key, answer);
        });
    }
    Answer<int> forget_old(UtcTime before, int limit) override
    {
        return write<int>(
            [before, limit](Connection& db) { return adapters::forget_old(db, before, limit); });
    }

    // CatalogStore
    Answer<domain::Catalog> load_catalog() override
    {
        return read<domain::Catalog>(
            [this](Connection& db) { return adapters::load_catalog(db, keys_); });
    }
    Answer<void> replace_catalog(domain::Catalog wanted, std::string actor, UtcTime now) override
    {
        return perform<Result<void, StoreError>>(
            *runner_, Access::write,
            [this, wanted = std::move(wanted), actor = std::move(actor),
             now](Connection& db) -> Result<void, StoreError> {
                if (!adapters::replace_catalog(db, keys_, wanted, actor, now))
                    return std::unexpected(StoreError::conflict);
                return {};
            });
    }
    Answer<std::int64_t> catalog_version() override
    {
        return read<std::int64_t>([](Connection& db) { return adapters::catalog_version(db); });
    }

    // TraceStore
    Answer<void> append_trace(std::vector<TraceStep> steps) override
    {
        return write<void>(
            [steps = std::move(steps)](Connection& db) { adapters::append_trace(db, steps); });
    }
    Answer<std::vector<TraceStep>> load_trace(Ulid trace) override
    {
        return read<std::vector<TraceStep>>(
            [trace](Connection& db) { return adapters::load_trace(db, trace); });
    }
    Answer<void> append_audit(AuditEntry entry) override
    {
        return write<void>(
            [entry = std::move(entry)](Connection& db) { adapters::append_audit(db, entry); });
    }
    Answer<std::vector<AuditEntry>> recent_audit(int limit) override
    {
        return read<std::vector<AuditEntry>>(
            [limit](Connection& db) { return adapters::recent_audit(db, limit); });
    }

    // AccountingJournal
    void submit(
        domain::AccountingRecord record, std::function<void(Journaled)> done) noexcept override
    {
        runner_->submit(std::move(record), std::move(done));
    }

private:
    template <class T>
    Answer<T> read(std::function<T(Connection&)> body)
    {
        return perform_plain<T>(*runner_, Access::read, std::move(body));
    }
    template <class T>
    Answer<T> write(std::function<T(Connection&)> body)
    {
        return perform_plain<T>(*runner_, Access::write, std::move(body));
    }

    KeyRing keys_;
    std::string node_;
    std::unique_ptr<Runner> runner_; // last: its threads use the above until they are joined
};

/// Refuses before anything is changed when a key is missing.
void prepare(const std::string& url, const KeyRing& keys)
{
    Connection db{{url, "full"}};
    require_keys(db, keys);
    migrate(db);
    fold_account_names(db);
    note_active_key(db, keys);
}

} // namespace

std::unique_ptr<Store> open_store(StoreOptions options)
{
    const Connection::Settings settings{options.url, options.sqlite_synchronous};
    const bool is_memory = options.url == "sqlite::memory:";
    if (is_memory && !options.inline_execution)
        throw std::runtime_error("sqlite::memory: is for inline execution only");

    if (!is_memory) prepare(options.url, options.keys);
    auto runner = [&] {
        if (options.inline_execution) return make_inline_runner(settings);
        return Engine::sqlite == engine_of(options.url)
                   ? make_sqlite_runner(settings, options.io, options.threads)
                   : make_postgres_runner(settings, options.io, options.threads);
    }();
    return std::make_unique<SqlStore>(
        std::move(runner), std::move(options.keys), std::move(options.node));
}

bool needs_keys(const std::string& url)
{
    Connection db{{url, "full"}};
    return !keys_in_use(db).empty();
}

void require_keys(const std::string& url, const KeyRing& keys)
{
    Connection db{{url, "full"}};
    require_keys(db, keys);
}

std::vector<AppliedMigration> migrate_database(const std::string& url)
{
    Connection db{{url, "full"}};
    auto applied = migrate(db);
    fold_account_names(db);
    return applied;
}

} // namespace iwas::adapters
