#include "workflows/staff_refunds.hpp"

#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "domain/received_money.hpp"
#include "domain/reconciliation.hpp"
#include "workflows/limits.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>

namespace iwas::workflows {

using domain::PaymentMethod;
using domain::Session;
using domain::SessionState;
using domain::Transaction;
using domain::TransactionReason;
using domain::TransactionState;
using ports::JobKind;

namespace {

std::string actor_of(const StaffAction& action)
{
    return "staff:" + action.staff;
}

/// How a key is found again in the story of a transaction.
std::string mark_of(const std::string& key)
{
    return " [key " + key + "]";
}

/// The part's id comes from the payment and the key: two tries at once make the same one.
domain::TransactionId part_id(const domain::TransactionId& paid, const std::string& key)
{
    const std::string id = to_string(paid);
    const Sha256Digest digest = sha256({as_bytes("refund "), as_bytes(id), as_bytes(key)});
    const std::uint64_t low = std::uint64_t{load_be32(digest, 0)} << 32 | load_be32(digest, 4);
    constexpr std::uint64_t chance = 0xffff;
    return domain::TransactionId{Ulid{(paid.value().high() & ~chance) | load_be16(digest, 8), low}};
}

ports::Job refund_job(const Transaction& refund, UtcTime now)
{
    return {
        .id = job_id(JobKind::refund, refund.id.value()),
        .kind = JobKind::refund,
        .subject = refund.id.value(),
        .target = refund.location.text(),
        .due_at = now,
    };
}

/// Whether somebody may say that nothing has to go back: no customer is known, or the money may
/// never have been taken.
bool may_be_dismissed(TransactionReason reason)
{
    return reason == TransactionReason::unmatched_payment ||
           reason == TransactionReason::doubtful_payment ||
           reason == TransactionReason::amount_mismatch ||
           reason == TransactionReason::outcome_unknown;
}

/// Banks take nothing back by themselves, and of a wrong or unknown debit there is nothing to ask
/// for.
bool may_be_retried(const Transaction& queued)
{
    const bool is_doubtful_debit =
        !is_gateway(queued.method) && (queued.reason == TransactionReason::amount_mismatch ||
                                       queued.reason == TransactionReason::outcome_unknown);
    // VNPay knows money by its order alone.
    const bool is_nameless =
        queued.method == PaymentMethod::vnpay && queued.order_id.empty() && !queued.origin;
    return !is_bank_transfer(queued.method) && !queued.charge_id.empty() && !is_doubtful_debit &&
           !is_nameless;
}

/// Only what came in through a gateway is a payment that another order can have.
bool may_be_attached(const Transaction& queued)
{
    return is_gateway(queued.method) && queued.order_id.empty() && !queued.charge_id.empty() &&
           queued.reason != TransactionReason::staff_refund;
}

/// Why the customer's money may not stay with us as credit.
StaffRefundError why_not_credit(const Transaction& queued)
{
    Transaction never_asked = queued;
    never_asked.gateway_refund_id.clear();
    return domain::may_keep_as_credit(never_asked) ? StaffRefundError::refund_in_doubt
                                                   : StaffRefundError::not_possible;
}

} // namespace

std::string_view to_text(QueueAction action)
{
    switch (action) {
    case QueueAction::retry: return "retry";
    case QueueAction::done_by_hand: return "made";
    case QueueAction::attach: return "attach";
    case QueueAction::keep_as_credit: return "keep";
    case QueueAction::dismiss: return "dismiss";
    }
    return "none";
}

std::vector<QueueAction> actions_for(const Transaction& queued)
{
    std::vector<QueueAction> actions;
    if (queued.state != TransactionState::refunding || !queued.is_refund_queued) return actions;
    if (may_be_retried(queued)) actions.push_back(QueueAction::retry);
    actions.push_back(QueueAction::done_by_hand);
    if (may_be_attached(queued) && domain::may_be_spent_otherwise(queued))
        actions.push_back(QueueAction::attach);
    if (domain::may_keep_as_credit(queued)) actions.push_back(QueueAction::keep_as_credit);
    if (may_be_dismissed(queued.reason)) actions.push_back(QueueAction::dismiss);
    return actions;
}

std::string_view to_text(StaffRefundError error)
{
    switch (error) {
    case StaffRefundError::not_found: return "there is no such transaction";
    case StaffRefundError::not_refundable:
        return "it is not paid, or its money is on its way back already";
    case StaffRefundError::too_much: return "that is more than what is left of the payment";
    case StaffRefundError::key_reused:
        return "this key came before with another amount; choose another one";
    case StaffRefundError::still_opening:
        return "the router has not confirmed the session yet; try again in a minute";
    case StaffRefundError::not_queued: return "it does not wait for a person";
    case StaffRefundError::not_possible: return "this money cannot be settled in that way";
    case StaffRefundError::refund_in_doubt:
        return "a gateway was asked to give this money back, and may still do so: ask it again "
               "(retry), or give the money back by hand";
    case StaffRefundError::try_later: return "the store does not answer, or the row keeps changing";
    }
    return "not possible";
}

awaitable<StaffRefunds::Done> StaffRefunds::start(
    domain::TransactionId id, std::optional<Money> amount, StaffAction action, std::string key)
{
    const std::string what = amount ? to_string(*amount) : std::string{"all that is left"};
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        auto loaded = co_await store_.load_transaction(id);
        if (!loaded) co_return std::unexpected{StaffRefundError::try_later};
        if (!*loaded) co_return std::unexpected{StaffRefundError::not_found};
        Transaction paid = std::move(**loaded);
        auto before = co_await earlier(paid, what, key);
        if (!before) co_return std::unexpected{before.error()};
        if (*before) co_return std::move(**before);
        if (paid.state != TransactionState::success)
            co_return std::unexpected{StaffRefundError::not_refundable};

        // Never more than what is left: `refunded` counts what is still on its way, too.
        const Money left = due_of(paid) - paid.refunded;
        const Money given = amount.value_or(left);
        if (given > left || given < Money{}) co_return std::unexpected{StaffRefundError::too_much};
        const bool is_whole = !amount || given == left;
        const bool is_at_once = is_whole && paid.refunded == Money{};
        if (given == Money{} && !(is_at_once && paid.credit_used > Money{}))
            co_return std::unexpected{StaffRefundError::too_much};

        // A router that refuses gives all of it back by itself: a part would go back twice.
        const auto opening = co_await store_.load_session(paid.session);
        if (!opening) co_return std::unexpected{StaffRefundError::try_later};
        if (*opening && (*opening)->state == SessionState::pending)
            co_return std::unexpected{StaffRefundError::still_opening};

        const UtcTime now = clock_.utc_now();
        paid.updated_at = now;
        ports::Step step{
            .actor = actor_of(action),
            .why = "refund of " + what + ": " + action.reason + mark_of(key),
            .now = now};
        Transaction refund = paid;
        if (is_at_once) {
            refund.state = TransactionState::refunding;
            refund.reason = TransactionReason::staff_refund;
            refund.is_refund_queued = is_bank_transfer(refund.method) && given > Money{};
            paid = refund;
        } else {
            paid.refunded += given;
            refund =
                aside_of(paid, part_id(paid.id, key), given, TransactionReason::staff_refund, now);
            refund.charge_id = paid.charge_id;
            step.others.push_back(refund);
        }
        step.transaction = paid;
        if (!refund.is_refund_queued) step.jobs.push_back(refund_job(refund, now));
        if (is_whole) {
            return_credit(step, paid);
            const auto obstacle = co_await take_time_back(step, paid);
            if (obstacle) co_return std::unexpected{*obstacle};
        }
        const auto committed = co_await store_.commit(std::move(step));
        if (committed) {
            refund.version = is_at_once ? committed->transaction_version : 1;
            co_return refund;
        }
        if (committed.error() == ports::StoreError::unavailable)
            co_return std::unexpected{StaffRefundError::try_later};
    }
    co_return std::unexpected{StaffRefundError::try_later};
}

/// What the same key started before, if it did.
awaitable<Result<std::optional<Transaction>, StaffRefundError>> StaffRefunds::earlier(
    Transaction paid, std::string what, std::string key)
{
    const auto events = co_await store_.events_of(paid.id);
    if (!events) co_return std::unexpected{StaffRefundError::try_later};
    const std::string mark = mark_of(key);
    const auto same = std::ranges::find_if(
        *events, [&](const ports::TransactionEvent& event) { return event.why.ends_with(mark); });
    if (same == events->end()) co_return std::optional<Transaction>{};
    if (!same->why.starts_with("refund of " + what + ": "))
        co_return std::unexpected{StaffRefundError::key_reused};
    const auto part = co_await store_.load_transaction(part_id(paid.id, key));
    if (!part) co_return std::unexpected{StaffRefundError::try_later};
    co_return *part ? std::optional{**part} : std::optional{paid};
}

/// Who got his money back has not bought the time. What others paid for the same session stays.
awaitable<std::optional<StaffRefundError>> StaffRefunds::take_time_back(
    ports::Step& step, Transaction paid)
{
    const auto loaded = co_await store_.load_session(paid.session);
    if (!loaded) co_return StaffRefundError::try_later;
    if (!*loaded || domain::is_over((*loaded)->state)) co_return std::nullopt;
    Session session = std::move(**loaded);
    if (session.state == SessionState::pending) co_return StaffRefundError::still_opening;
    const UtcTime now = step.now;
    const bool is_all = domain::time_left(session, now) <= paid.terms.duration;
    if (is_all) {
        std::vector<ports::Job> closing = close_jobs(session, now, now);
        for (ports::Job& job : closing)
            job.lease_until.reset(); // for whichever server runs
        // Without a device there is nobody to disconnect, but the directory has to learn it.
        if (closing.empty())
            closing.push_back(
                {.id = job_id(JobKind::close_access, session.id.value()),
                 .kind = JobKind::close_access,
                 .subject = session.id.value(),
                 .due_at = now});
        std::ranges::move(closing, std::back_inserter(step.jobs));
        step.finished.push_back(job_id(JobKind::expire_session, session.id.value()));
        step.finished.push_back(job_id(JobKind::apply_change, session.id.value()));
        step.session = domain::ended(
            std::move(session), SessionState::terminated, domain::EndReason::admin_action, now);
        co_return std::nullopt;
    }
    Session shorter = domain::shortened(std::move(session), paid.terms.duration);
    step.jobs.push_back(
        {.id = job_id(JobKind::apply_change, shorter.id.value()),
         .kind = JobKind::apply_change,
         .subject = shorter.id.value(),
         .target = shorter.location.text(),
         .due_at = now});
    if (shorter.ends_at) step.jobs.push_back(expire_job(shorter, *shorter.ends_at));
    step.session = std::move(shorter);
    co_return std::nullopt;
}

awaitable<StaffRefunds::Done> StaffRefunds::load_queued(domain::TransactionId id)
{
    auto loaded = co_await store_.load_transaction(id);
    if (!loaded) co_return std::unexpected{StaffRefundError::try_later};
    if (!*loaded) co_return std::unexpected{StaffRefundError::not_found};
    if ((*loaded)->state != TransactionState::refunding || !(*loaded)->is_refund_queued)
        co_return std::unexpected{StaffRefundError::not_queued};
    co_return std::move(**loaded);
}

awaitable<StaffRefunds::Done> StaffRefunds::settle(
    Transaction queued, Settlement settlement, StaffAction action)
{
    const UtcTime now = clock_.utc_now();
    queued.state = settlement.state;
    queued.is_refund_queued = settlement.stays_queued;
    if (!settlement.refund_id.empty()) queued.refund_id = settlement.refund_id;
    queued.updated_at = now;
    ports::Step step{
        .transaction = queued,
        .actor = actor_of(action),
        .why = settlement.why + ": " + action.reason,
        .now = now};
    if (settlement.becomes_credit)
        step.credit.push_back({queued.account, queued.id, now, due_of(queued), "kept_refund"});
    if (settlement.job) step.jobs.push_back(*settlement.job);
    const auto committed = co_await store_.commit(std::move(step));
    // Whoever changed it meanwhile decided something: the person shall look again.
    if (!committed) co_return std::unexpected{StaffRefundError::try_later};
    queued.version = committed->transaction_version;
    co_return queued;
}

awaitable<StaffRefunds::Done> StaffRefunds::retry(domain::TransactionId id, StaffAction action)
{
    auto queued = co_await load_queued(id);
    if (!queued) co_return queued;
    if (!may_be_retried(*queued)) co_return std::unexpected{StaffRefundError::not_possible};
    ports::Job job = refund_job(*queued, clock_.utc_now());
    job.detail = refund_again_detail;
    Settlement settlement{.job = std::move(job), .why = "retry"};
    Done done = co_await settle(std::move(*queued), std::move(settlement), std::move(action));
    co_return done;
}

awaitable<StaffRefunds::Done> StaffRefunds::done_by_hand(
    domain::TransactionId id, std::string reference, StaffAction action)
{
    auto queued = co_await load_queued(id);
    if (!queued) co_return queued;
    Settlement settlement{
        .state = TransactionState::refunded,
        .refund_id = std::string{domain::by_hand_refund_prefix} + reference,
        .why = "done by hand, " + reference};
    Done done = co_await settle(std::move(*queued), std::move(settlement), std::move(action));
    co_return done;
}

awaitable<StaffRefunds::Done> StaffRefunds::attach(
    domain::TransactionId id, domain::TransactionId order, StaffAction action)
{
    auto queued = co_await load_queued(id);
    if (!queued) co_return queued;
    if (!may_be_attached(*queued)) co_return std::unexpected{StaffRefundError::not_possible};
    if (!domain::may_be_spent_otherwise(*queued))
        co_return std::unexpected{StaffRefundError::refund_in_doubt};
    ports::Job job{
        .id = job_id(JobKind::attach_money, id.value()),
        .kind = JobKind::attach_money,
        .subject = id.value(),
        .target = to_string(order),
        .detail = actor_of(action),
        .due_at = clock_.utc_now()};
    Settlement settlement{
        .stays_queued = true, .job = std::move(job), .why = "attach to " + to_string(order)};
    Done done = co_await settle(std::move(*queued), std::move(settlement), std::move(action));
    co_return done;
}

awaitable<StaffRefunds::Done> StaffRefunds::keep_as_credit(
    domain::TransactionId id, StaffAction action)
{
    auto queued = co_await load_queued(id);
    if (!queued) co_return queued;
    if (!domain::may_keep_as_credit(*queued)) co_return std::unexpected{why_not_credit(*queued)};
    Settlement settlement{
        .state = TransactionState::refunded,
        .refund_id = std::string{domain::credit_refund},
        .becomes_credit = true,
        .why = "kept as store credit"};
    Done done = co_await settle(std::move(*queued), std::move(settlement), std::move(action));
    co_return done;
}

awaitable<StaffRefunds::Done> StaffRefunds::dismiss(domain::TransactionId id, StaffAction action)
{
    auto queued = co_await load_queued(id);
    if (!queued) co_return queued;
    if (!may_be_dismissed(queued->reason))
        co_return std::unexpected{StaffRefundError::not_possible};
    Settlement settlement{
        .state = TransactionState::refunded,
        .refund_id = std::string{domain::dismissed_refund_prefix} + "staff:" + action.staff,
        .why = "dismissed"};
    Done done = co_await settle(std::move(*queued), std::move(settlement), std::move(action));
    co_return done;
}

} // namespace iwas::workflows
