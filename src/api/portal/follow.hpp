// Following a purchase or session while it moves.
#pragma once

#include "adapters/http/event_stream.hpp"
#include "api/customer.hpp"
#include "api/views.hpp"

#include <memory>

namespace iwas::api::portal {

/// The purchase as soon as the customer waits for nothing more or has a form to post, else as it
/// stands at `until`. Nothing when the store never answered.
awaitable<std::optional<workflows::PurchaseView>> settled_purchase(
    domain::TransactionId id, std::shared_ptr<EventHub::Watch> watch, SteadyTime until,
    Services& services);

/// Server-sent events: the purchase at once and at each change, until it is final.
Response stream_purchase(
    Customer customer, domain::TransactionId id, Ulid session, Services& services);

/// Server-sent events: the session at once, at each change and now and then, until it is over.
Response stream_session(Customer customer, domain::SessionId id, Services& services);

} // namespace iwas::api::portal
