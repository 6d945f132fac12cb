// What the staff API answers (docs/openapi.yaml, "staff"). Every handler asks for a token; what
// changes something asks for a manager and an Idempotency-Key.
#pragma once

#include "api/services.hpp"
#include "api/staff/staff_guard.hpp"

namespace iwas::api::staff {

awaitable<Response> get_transactions(Request request, Services& services);
awaitable<Response> get_transaction(Request request, Services& services);
awaitable<Response> post_refund(Request request, Services& services);

awaitable<Response> get_refund_queue(Request request, Services& services);
awaitable<Response> post_refund_retry(Request request, Services& services);
awaitable<Response> post_refund_made(Request request, Services& services);
awaitable<Response> post_refund_attach(Request request, Services& services);
awaitable<Response> post_refund_keep(Request request, Services& services);
awaitable<Response> post_refund_dismiss(Request request, Services& services);

awaitable<Response> get_reports(Request request, Services& services);
awaitable<Response> post_reconciliation(Request request, Services& services);
awaitable<Response> get_differences(Request request, Services& services);
awaitable<Response> get_difference(Request request, Services& services);
awaitable<Response> post_difference_explain(Request request, Services& services);
awaitable<Response> post_difference_correct(Request request, Services& services);
awaitable<Response> post_difference_dismiss(Request request, Services& services);

/// What a handler does once it knows who asks. Parameters by value; `services` outlives it.
using StaffWork = awaitable<Response> (*)(StaffCaller caller, Request request, Services& services);

/// Lets the caller in and runs `work`. Nothing of the answer is kept by anybody on the way.
awaitable<Response> read_as_staff(Request request, Services& services, StaffWork work);
/// The same for a manager, once for each Idempotency-Key that he uses.
awaitable<Response> act_as_staff(Request request, Services& services, StaffWork work);

/// The transaction of that id, where the caller may see it; else the refusal to send back.
awaitable<Result<domain::Transaction, Response>> visible_transaction(
    StaffCaller caller, std::string id, Services& services);

} // namespace iwas::api::staff
