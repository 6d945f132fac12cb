// The purchase as the customer follows it: its state, its steps and its error.
#include "api/views.hpp"

namespace iwas::api {

namespace json = boost::json;

namespace {

using domain::SessionState;
using domain::TransactionReason;
using domain::TransactionState;

bool was_refused_by_payer(TransactionReason reason)
{
    return reason == TransactionReason::declined ||
           reason == TransactionReason::insufficient_balance ||
           reason == TransactionReason::account_suspended;
}

PurchaseState state_of_paid(const workflows::PurchaseView& view)
{
    if (view.transaction.is_extension) return PurchaseState::online;
    if (!view.session) return PurchaseState::activating;
    switch (view.session->state) {
    case SessionState::pending: return PurchaseState::activating;
    case SessionState::failed: return PurchaseState::refunding;
    case SessionState::active:
    case SessionState::paused:
    case SessionState::expired:
    case SessionState::terminated: return PurchaseState::online;
    }
    return PurchaseState::activating;
}

ProblemCode code_of(const domain::Transaction& txn)
{
    switch (txn.reason) {
    case TransactionReason::declined: return ProblemCode::payment_declined;
    // What a gateway says of the payer's wallet or card is nothing that the counter can mend.
    case TransactionReason::insufficient_balance:
        return domain::is_gateway(txn.method) ? ProblemCode::payer_funds_short
                                              : ProblemCode::insufficient_balance;
    case TransactionReason::account_suspended:
        return domain::is_gateway(txn.method) ? ProblemCode::payer_account_locked
                                              : ProblemCode::account_suspended;
    case TransactionReason::payment_unavailable:
        return domain::is_gateway(txn.method) ? ProblemCode::payment_unavailable
                                              : ProblemCode::pc_system_unavailable;
    case TransactionReason::cancelled: return ProblemCode::payment_cancelled;
    case TransactionReason::method_expired: return ProblemCode::payment_method_inactive;
    case TransactionReason::payment_expired:
    case TransactionReason::outcome_unknown:
    case TransactionReason::late_debit: return ProblemCode::payment_expired;
    case TransactionReason::amount_mismatch:
    case TransactionReason::surplus_payment:
    case TransactionReason::partial_payment: return ProblemCode::amount_mismatch;
    case TransactionReason::second_payment:
    case TransactionReason::unmatched_payment:
    case TransactionReason::doubtful_payment: return ProblemCode::payment_set_aside;
    case TransactionReason::staff_refund: return ProblemCode::staff_refund;
    case TransactionReason::none:
    case TransactionReason::activation_failed:
        // An extension asks no router for access: its session was over when the money came.
        return txn.is_extension ? ProblemCode::session_expired : ProblemCode::activation_failed;
    }
    return ProblemCode::activation_failed;
}

/// Money that came too late, twice or in another amount, or perhaps never: no router was asked.
bool fits_no_order(TransactionReason reason)
{
    switch (reason) {
    case TransactionReason::late_debit:
    case TransactionReason::outcome_unknown:
    case TransactionReason::amount_mismatch:
    case TransactionReason::surplus_payment:
    case TransactionReason::second_payment:
    case TransactionReason::partial_payment:
    case TransactionReason::unmatched_payment:
    case TransactionReason::doubtful_payment: return true;
    case TransactionReason::none:
    case TransactionReason::declined:
    case TransactionReason::insufficient_balance:
    case TransactionReason::account_suspended:
    case TransactionReason::payment_unavailable:
    case TransactionReason::payment_expired:
    case TransactionReason::activation_failed:
    case TransactionReason::cancelled:
    case TransactionReason::method_expired:
    case TransactionReason::staff_refund: break;
    }
    return false;
}

json::object step(std::string_view name, std::string_view state, std::optional<Milliseconds> took)
{
    json::value ms = nullptr;
    if (took && took->count() >= 0) ms = took->count();
    return {{"name", name}, {"state", state}, {"ms", std::move(ms)}};
}

std::optional<Milliseconds> between(
    const std::optional<UtcTime>& from, const std::optional<UtcTime>& to)
{
    if (!from || !to) return std::nullopt;
    return *to - *from;
}

/// The steps with the durations that the durable rows tell. Validation and the session's creation
/// share one commit with their neighbour, so they have none of their own.
json::array steps_of(const workflows::PurchaseView& view, PurchaseState state)
{
    const domain::Transaction& txn = view.transaction;
    const bool is_paid = view.session.has_value() || txn.state == TransactionState::success;
    const bool has_failed_unpaid =
        state == PurchaseState::declined || state == PurchaseState::failed;
    const bool is_refund = state == PurchaseState::refunding || state == PurchaseState::refunded ||
                           state == PurchaseState::refund_queued;
    const bool is_online = state == PurchaseState::online;
    const bool was_never_settled = is_refund && fits_no_order(txn.reason);
    const std::optional<UtcTime> session_at =
        view.session && !txn.is_extension ? std::optional{view.session->created_at} : std::nullopt;

    json::array steps;
    steps.push_back(step("validate", "done", std::nullopt));
    if (has_failed_unpaid || was_never_settled)
        steps.push_back(step("pay", "failed", txn.updated_at - txn.created_at));
    else if (state == PurchaseState::paying || state == PurchaseState::awaiting_payment)
        steps.push_back(step("pay", "running", std::nullopt));
    else
        steps.push_back(step("pay", "done", between(txn.created_at, session_at)));
    steps.push_back(step(
        "create_session", (is_paid || is_refund) && !was_never_settled ? "done" : "waiting",
        std::nullopt));
    const bool was_online = is_refund && txn.reason == TransactionReason::staff_refund &&
                            view.session && view.session->started_at;
    if (is_online || was_online)
        steps.push_back(step(
            "activate", "done",
            view.session ? between(session_at, view.session->started_at) : std::nullopt));
    else if (is_refund && !was_never_settled)
        steps.push_back(step(
            "activate", "failed",
            view.session ? between(session_at, view.session->ended_at) : std::nullopt));
    else if (state == PurchaseState::activating)
        steps.push_back(step("activate", "running", std::nullopt));
    else
        steps.push_back(step("activate", "waiting", std::nullopt));
    if (is_refund) {
        const bool is_back = state == PurchaseState::refunded;
        steps.push_back(step(
            "refund", is_back ? "done" : "running",
            is_back && view.session ? between(view.session->ended_at, txn.updated_at)
                                    : std::nullopt));
    }
    return steps;
}

} // namespace

PurchaseState state_of(const workflows::PurchaseView& view)
{
    const domain::Transaction& txn = view.transaction;
    switch (txn.state) {
    case TransactionState::created:
    case TransactionState::pending:
        return view.invitation ? PurchaseState::awaiting_payment : PurchaseState::paying;
    case TransactionState::success: return state_of_paid(view);
    case TransactionState::refunding:
        return txn.is_refund_queued ? PurchaseState::refund_queued : PurchaseState::refunding;
    case TransactionState::refunded: return PurchaseState::refunded;
    case TransactionState::failed:
        return was_refused_by_payer(txn.reason) ? PurchaseState::declined : PurchaseState::failed;
    case TransactionState::expired: return PurchaseState::failed;
    }
    return PurchaseState::paying;
}

std::string_view to_text(PurchaseState state)
{
    switch (state) {
    case PurchaseState::paying: return "paying";
    case PurchaseState::awaiting_payment: return "awaiting_payment";
    case PurchaseState::activating: return "activating";
    case PurchaseState::online: return "online";
    case PurchaseState::declined: return "declined";
    case PurchaseState::refunding: return "refunding";
    case PurchaseState::refunded: return "refunded";
    case PurchaseState::failed: return "failed";
    case PurchaseState::refund_queued: return "refund_queued";
    }
    return {};
}

bool is_final(PurchaseState state)
{
    return state != PurchaseState::paying && state != PurchaseState::awaiting_payment &&
           state != PurchaseState::activating && state != PurchaseState::refunding;
}

std::optional<Refusal> refusal_of(const workflows::PurchaseView& view)
{
    const PurchaseState state = state_of(view);
    switch (state) {
    case PurchaseState::paying:
    case PurchaseState::awaiting_payment:
    case PurchaseState::activating:
    case PurchaseState::online: return std::nullopt;
    case PurchaseState::declined:
    case PurchaseState::failed:
    case PurchaseState::refunding:
    case PurchaseState::refunded:
    case PurchaseState::refund_queued: break;
    }
    const domain::Transaction& txn = view.transaction;
    Refusal refusal{.code = code_of(txn)};
    refusal.method = txn.method;
    // A PC system may refuse without a figure: then none is told, least of all zero.
    if (refusal.code == ProblemCode::insufficient_balance && txn.available) {
        refusal.needed = txn.amount;
        refusal.available = txn.available;
    }
    refusal.purchase_id = to_string(txn.id);
    refusal.purchase_state = std::string{to_text(state)};
    return refusal;
}

json::object purchase_json(const workflows::PurchaseView& view, const Viewer& viewer)
{
    const domain::Transaction& txn = view.transaction;
    const PurchaseState state = state_of(view);
    const bool is_payer = viewer.account == txn.account;
    json::value error = nullptr;
    if (auto refusal = refusal_of(view)) {
        // What he has on his account is not for whoever claims this device's address.
        if (!is_payer) refusal->available.reset();
        error = to_json(*refusal, viewer.language);
    }
    json::value session = nullptr;
    if (view.session) session = session_json(*view.session, viewer);
    json::value form = nullptr;
    // The form holds the network's password: not for whoever claims this device's address.
    if (view.form && is_payer && state == PurchaseState::activating) form = form_json(*view.form);
    return {
        {"id", to_string(txn.id)},
        {"kind", txn.is_extension ? "extension" : "new"},
        {"state", to_text(state)},
        {"package_id", txn.terms.package.text()},
        {"package_name", txn.terms.name},
        {"price", txn.terms.price.vnd()},
        {"created_at", to_rfc3339(txn.created_at)},
        {"steps", steps_of(view, state)},
        {"transaction",
         json::object{
             {"id", to_string(txn.id)},
             {"amount", txn.amount.vnd()},
             {"state", to_text(txn.state)},
             {"credit_used", txn.credit_used.vnd()},
             {"refunded", money_given_back(txn).vnd()},
         }},
        {"method", to_text(txn.method)},
        {"payment", payment_json(view, viewer.bank_links)},
        {"can_keep_as_credit", is_payer && domain::may_keep_as_credit(txn)},
        {"kept_as_credit",
         txn.state == TransactionState::refunded && txn.refund_id == workflows::credit_refund_id},
        {"error", std::move(error)},
        {"session", std::move(session)},
        {"login_form", std::move(form)},
    };
}

} // namespace iwas::api
