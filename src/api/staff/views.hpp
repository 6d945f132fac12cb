// Views: money as staff sees it, in the API and in the commands' --json (docs/openapi.yaml). Pure.
#pragma once

#include "domain/account.hpp"
#include "domain/reconciliation.hpp"
#include "domain/session.hpp"
#include "domain/tenant.hpp"
#include "ports/store/ledger.hpp"
#include "ports/store/payments.hpp"
#include "ports/store/reconciliation.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <vector>

namespace iwas::api::staff {

boost::json::object transaction_json(const domain::Transaction& transaction);
boost::json::object payment_json(const domain::Payment& payment);
boost::json::object session_summary_json(const domain::Session& session);
boost::json::object customer_json(const domain::Account& account);
/// A line of the queue: the transaction, why and how long it waits, and what can be done.
boost::json::object queued_json(const ports::QueuedRefund& queued, UtcTime now);

boost::json::object difference_json(const domain::Difference& difference);
boost::json::object figures_json(const domain::DayFigures& figures);
boost::json::object comparison_json(
    const ports::Comparison& comparison, domain::PaymentMethod method);
/// Of the payment account, or pc_balance.
domain::PaymentMethod method_of(
    const domain::Catalog& catalog, const domain::ReconciliationSubject& subject);
boost::json::object credit_json(const ports::CreditMovement& movement);

/// A story, oldest first: of a transaction or a difference.
template <class Event>
boost::json::array story_json(const std::vector<Event>& events)
{
    boost::json::array story;
    for (const Event& each : events)
        story.push_back(boost::json::object{
            {"at", to_rfc3339(each.at)},
            {"from", each.state_before},
            {"to", each.state_after},
            {"actor", each.actor},
            {"why", each.why}});
    return story;
}

} // namespace iwas::api::staff
