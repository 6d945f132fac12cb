// The portal's requests, one function each. The contract of every one is its operation in
// docs/openapi.yaml; errors are problems (RFC 9457).
#pragma once

#include "adapters/http/message.hpp"
#include "api/customer.hpp"
#include "api/services.hpp"

#include <boost/json/value.hpp>

namespace iwas::api::portal {

using http::Request;
using http::Response;

awaitable<Response> arrive(Request request, Services& services);
awaitable<Response> get_portal(Request request, Services& services);
/// What GET /api/v1/portal answers; also the answer to what changes it.
awaitable<Result<boost::json::object, Response>> portal_json(Customer customer, Services& services);
/// `PaymentWindow` of docs/openapi.yaml, or null.
boost::json::value payment_window_json(const std::optional<workflows::PaymentWindowState>& state);
awaitable<Response> post_payment_window(Request request, Services& services);
awaitable<Response> post_find_transfer(Request request, Services& services);
awaitable<Response> post_sign_in(Request request, Services& services);
awaitable<Response> post_sign_in_guest(Request request, Services& services);
awaitable<Response> post_reauthenticate(Request request, Services& services);
awaitable<Response> post_sign_out(Request request, Services& services);
awaitable<Response> get_balance(Request request, Services& services);
awaitable<Response> get_packages(Request request, Services& services);
awaitable<Response> post_purchase(Request request, Services& services);
awaitable<Response> get_purchase(Request request, Services& services);
awaitable<Response> get_payment_methods(Request request, Services& services);
/// Which banks a customer can have his account at, and which of their apps a link opens.
awaitable<Response> get_banks(Request request, Services& services);
awaitable<Response> get_purchase_qr_svg(Request request, Services& services);
awaitable<Response> get_purchase_qr_png(Request request, Services& services);
awaitable<Response> post_purchase_cancel(Request request, Services& services);
awaitable<Response> post_keep_as_credit(Request request, Services& services);
awaitable<Response> get_receipt(Request request, Services& services);
awaitable<Response> get_receipt_pdf(Request request, Services& services);
awaitable<Response> get_wallet(Request request, Services& services);
awaitable<Response> post_binding(Request request, Services& services);
awaitable<Response> get_binding(Request request, Services& services);
awaitable<Response> patch_saved_method(Request request, Services& services);
awaitable<Response> delete_saved_method(Request request, Services& services);
awaitable<Response> get_return(Request request, Services& services);
awaitable<Response> get_purchase_events(Request request, Services& services);
awaitable<Response> get_current_session(Request request, Services& services);
awaitable<Response> get_session_events(Request request, Services& services);
awaitable<Response> post_extend(Request request, Services& services);
awaitable<Response> post_session_end(Request request, Services& services);
awaitable<Response> post_session_resume(Request request, Services& services);
awaitable<Response> get_devices(Request request, Services& services);
awaitable<Response> post_device_disconnect(Request request, Services& services);
awaitable<Response> get_history(Request request, Services& services);
awaitable<Response> get_answer(Request request, Services& services);

} // namespace iwas::api::portal
