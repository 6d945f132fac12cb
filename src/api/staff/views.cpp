#include "api/staff/views.hpp"

#include "workflows/staff_refunds.hpp"

#include <boost/json/value.hpp>

#include <algorithm>

namespace iwas::api::staff {

namespace json = boost::json;

using domain::DayFigures;

namespace {

json::value time_or_null(const std::optional<UtcTime>& time)
{
    if (!time) return nullptr;
    return json::value(to_rfc3339(*time));
}

} // namespace

json::object transaction_json(const domain::Transaction& transaction)
{
    json::object object{
        {"id", to_string(transaction.id)},
        {"created_at", to_rfc3339(transaction.created_at)},
        {"updated_at", to_rfc3339(transaction.updated_at)},
        {"organization", transaction.organization.text()},
        {"location", transaction.location.text()},
        {"customer", to_string(transaction.account)},
        {"method", to_text(transaction.method)},
        {"account", transaction.payment_account.text()},
        {"order", transaction.order_id},
        {"amount", transaction.amount.vnd()},
        {"credit_used", transaction.credit_used.vnd()},
        {"refunded", transaction.refunded.vnd()},
        {"fee", transaction.fee.vnd()},
        {"state", to_text(transaction.state)},
        {"reason", to_text(transaction.reason)},
        {"charge", transaction.charge_id},
        {"refund", transaction.refund_id},
        {"gateway_refund", transaction.gateway_refund_id},
        {"waits_for_person", transaction.is_refund_queued},
        {"package", transaction.terms.name},
    };
    object["origin"] = nullptr;
    if (transaction.origin) object["origin"] = to_string(*transaction.origin);
    return object;
}

json::object payment_json(const domain::Payment& payment)
{
    return {
        {"id", payment.gateway_id},
        {"amount", payment.amount.vnd()},
        {"source", to_text(payment.source)},
        {"paid_at", to_rfc3339(payment.paid_at)},
        {"memo", payment.memo},
        {"payer", payment.payer}};
}

json::object session_summary_json(const domain::Session& session)
{
    return {
        {"id", to_string(session.id)},
        {"package", session.terms.name},
        {"state", to_text(session.state)},
        {"reason", to_text(session.reason)},
        {"started_at", time_or_null(session.started_at)},
        {"ends_at", time_or_null(session.ends_at)},
        {"ended_at", time_or_null(session.ended_at)},
        {"devices", session.devices.size()},
    };
}

json::object customer_json(const domain::Account& account)
{
    return {
        {"id", to_string(account.id)},           {"location", account.location.text()},
        {"user_name", account.user_name},        {"display_name", account.display_name},
        {"is_guest", domain::is_guest(account)},
    };
}

json::object queued_json(const ports::QueuedRefund& queued, UtcTime now)
{
    json::array actions;
    for (const workflows::QueueAction each : workflows::actions_for(queued.transaction))
        actions.push_back(json::value(workflows::to_text(each)));
    const Seconds age =
        std::chrono::floor<Seconds>(std::max(now - queued.since, Milliseconds::zero()));
    return {
        {"transaction", transaction_json(queued.transaction)},
        {"due", due_of(queued.transaction).vnd()},
        {"why", queued.why},
        {"since", to_rfc3339(queued.since)},
        {"age_seconds", age.count()},
        {"actions", std::move(actions)},
    };
}

json::object difference_json(const domain::Difference& difference)
{
    json::object object{
        {"id", to_string(difference.id)},
        {"organization", difference.organization.text()},
        {"day", difference.day},
        {"side", to_text(difference.subject.side)},
        {"subject", difference.subject.name},
        {"kind", to_text(difference.kind)},
        {"reference", difference.reference},
        {"ours_amount", difference.ours_amount.vnd()},
        {"ours", difference.ours},
        {"theirs_amount", difference.theirs_amount.vnd()},
        {"theirs", difference.theirs},
        {"state", to_text(difference.state)},
        {"found_at", to_rfc3339(difference.found_at)},
        {"updated_at", to_rfc3339(difference.updated_at)},
    };
    object["transaction"] = nullptr;
    if (difference.transaction) object["transaction"] = to_string(*difference.transaction);
    return object;
}

json::object figures_json(const DayFigures& figures)
{
    json::object object{{"payments", figures.payments}, {"refunds", figures.refunds}};
    for (const auto& [name, amount] : domain::day_amounts)
        object[name] = (figures.*amount).vnd();
    return object;
}

json::object comparison_json(const ports::Comparison& comparison, domain::PaymentMethod method)
{
    return {
        {"side", to_text(comparison.subject.side)},
        {"subject", comparison.subject.name},
        {"method", to_text(method)},
        {"outcome", to_text(comparison.outcome)},
        {"remark", comparison.remark},
        {"asked", comparison.asked},
        {"unanswered", comparison.unanswered},
        {"from", to_rfc3339(comparison.from)},
        {"to", to_rfc3339(comparison.to)},
        {"finished_at", to_rfc3339(comparison.finished_at)},
        {"figures", figures_json(comparison.figures)},
    };
}

domain::PaymentMethod method_of(
    const domain::Catalog& catalog, const domain::ReconciliationSubject& subject)
{
    if (subject.side == domain::OtherSide::pc_system) return domain::PaymentMethod::pc_balance;
    const auto* account = catalog.payment_account(domain::PaymentAccountId::trusted(subject.name));
    return account ? account->method : domain::PaymentMethod::vietqr;
}

json::object credit_json(const ports::CreditMovement& movement)
{
    return {
        {"why", movement.why}, {"entries", movement.entries}, {"amount", movement.amount.vnd()}};
}

} // namespace iwas::api::staff
