#include "workflows/money_steps.hpp"

namespace iwas::workflows {

std::string_view actor_of(domain::PaymentSource source)
{
    return source == domain::PaymentSource::staff ? "staff" : "gateway";
}

domain::Transaction without_money(
    domain::Transaction kept_by, const domain::TransactionId& order, UtcTime now)
{
    kept_by.state = domain::TransactionState::refunded;
    kept_by.refund_id = "found: " + to_string(order);
    kept_by.amount = Money{};
    kept_by.is_refund_queued = false;
    kept_by.updated_at = now;
    return kept_by;
}

} // namespace iwas::workflows
