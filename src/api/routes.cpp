#include "api/routes.hpp"

#include "api/callback/handlers.hpp"
#include "api/captive/handlers.hpp"
#include "api/portal/handlers.hpp"
#include "api/staff/handlers.hpp"
#include "api/system/handlers.hpp"

namespace iwas::api {

namespace {

constexpr auto get = http::Method::get;
constexpr auto post = http::Method::post;
constexpr auto patch = http::Method::patch;
constexpr auto del = http::Method::del;
constexpr std::size_t small_body = 4 * 1024;
constexpr std::size_t event_body = 64 * 1024;
constexpr http::RouteOptions small{.body_octets_max = small_body, .rate_limited = true};
/// Answered from memory, without the store, or to few.
constexpr http::RouteOptions unlimited{.body_octets_max = small_body, .rate_limited = false};
constexpr http::RouteOptions event{.body_octets_max = event_body, .rate_limited = true};

/// Gateways share few addresses: a limit by address would refuse payments. What a forged notice
/// costs is bounded by its size.
constexpr http::RouteOptions notice{.body_octets_max = event_body, .rate_limited = false};

http::Handler bound(
    awaitable<http::Response> (*handler)(http::Request, Services&), Services& services)
{
    return [handler, &services](http::Request request) {
        return handler(std::move(request), services);
    };
}

} // namespace

const std::vector<Route>& routes()
{
    static const std::vector<Route> all{
        {get, "/p", portal::arrive, small},
        {get, "/api/v1/portal", portal::get_portal, small},
        {post, "/api/v1/sign-in", portal::post_sign_in, small},
        {post, "/api/v1/sign-in/guest", portal::post_sign_in_guest, small},
        {post, "/api/v1/reauthenticate", portal::post_reauthenticate, small},
        {post, "/api/v1/sign-out", portal::post_sign_out, small},
        {get, "/api/v1/balance", portal::get_balance, small},
        {get, "/api/v1/packages", portal::get_packages, small},
        {post, "/api/v1/purchases", portal::post_purchase, small},
        {get, "/api/v1/purchases/{id}", portal::get_purchase, small},
        {get, "/api/v1/payment-methods", portal::get_payment_methods, small},
        {get, "/api/v1/banks", portal::get_banks, small},
        {get, "/api/v1/purchases/{id}/qr.svg", portal::get_purchase_qr_svg, small},
        {get, "/api/v1/purchases/{id}/qr.png", portal::get_purchase_qr_png, small},
        {post, "/api/v1/purchases/{id}/cancel", portal::post_purchase_cancel, small},
        {post, "/api/v1/purchases/{id}/keep-as-credit", portal::post_keep_as_credit, small},
        {get, "/api/v1/purchases/{id}/receipt", portal::get_receipt, small},
        {get, "/api/v1/purchases/{id}/receipt.pdf", portal::get_receipt_pdf, small},
        {post, "/api/v1/transfers/find", portal::post_find_transfer, small},
        {post, "/api/v1/payment-window", portal::post_payment_window, small},
        {get, "/api/v1/wallet", portal::get_wallet, small},
        {post, "/api/v1/wallet/bindings", portal::post_binding, small},
        {get, "/api/v1/wallet/bindings/{id}", portal::get_binding, small},
        {patch, "/api/v1/wallet/methods/{id}", portal::patch_saved_method, small},
        {del, "/api/v1/wallet/methods/{id}", portal::delete_saved_method, small},
        {get, "/r/{token}/{purchase_id}", portal::get_return, small},
        {get, "/api/v1/purchases/{id}/events", portal::get_purchase_events, small},
        {get, "/api/v1/sessions/current", portal::get_current_session, small},
        {get, "/api/v1/sessions/current/events", portal::get_session_events, small},
        {post, "/api/v1/sessions/current/extend", portal::post_extend, small},
        {post, "/api/v1/sessions/{id}/end", portal::post_session_end, small},
        {post, "/api/v1/sessions/{id}/resume", portal::post_session_resume, small},
        {get, "/api/v1/devices", portal::get_devices, small},
        {post, "/api/v1/devices/{id}/disconnect", portal::post_device_disconnect, small},
        {get, "/api/v1/history", portal::get_history, small},
        {get, "/api/v1/answers/{id}", portal::get_answer, small},
        {post, "/api/v1/branches/{branch}/pc-events", callback::post_pc_event, event},
        {post, "/api/v1/payments/{account}/notice", callback::take_payment_notice, notice},
        {get, "/api/v1/payments/{account}/notice", callback::take_payment_notice, notice},
        {get, "/api/v1/staff/transactions", staff::get_transactions, small},
        {get, "/api/v1/staff/transactions/{id}", staff::get_transaction, small},
        {post, "/api/v1/staff/transactions/{id}/refund", staff::post_refund, small},
        {get, "/api/v1/staff/refunds", staff::get_refund_queue, small},
        {post, "/api/v1/staff/refunds/{id}/retry", staff::post_refund_retry, small},
        {post, "/api/v1/staff/refunds/{id}/made", staff::post_refund_made, small},
        {post, "/api/v1/staff/refunds/{id}/attach", staff::post_refund_attach, small},
        {post, "/api/v1/staff/refunds/{id}/keep", staff::post_refund_keep, small},
        {post, "/api/v1/staff/refunds/{id}/dismiss", staff::post_refund_dismiss, small},
        {get, "/api/v1/staff/reconciliation/reports", staff::get_reports, small},
        {post, "/api/v1/staff/reconciliation/run", staff::post_reconciliation, small},
        {get, "/api/v1/staff/reconciliation/differences", staff::get_differences, small},
        {get, "/api/v1/staff/reconciliation/differences/{id}", staff::get_difference, small},
        {post, "/api/v1/staff/reconciliation/differences/{id}/explain",
         staff::post_difference_explain, small},
        {post, "/api/v1/staff/reconciliation/differences/{id}/correct",
         staff::post_difference_correct, small},
        {post, "/api/v1/staff/reconciliation/differences/{id}/dismiss",
         staff::post_difference_dismiss, small},
        {get, "/captive-portal/api", captive_portal::get_state, small},
        {get, "/healthz", system::get_healthz, unlimited},
        {get, "/readyz", system::get_readyz, small},
        {get, "/metrics", system::get_metrics, unlimited},
        {get, "/openapi.json", system::get_openapi, small},
    };
    return all;
}

http::Router make_router(Services& services, http::Handler otherwise)
{
    http::Router router;
    for (const Route& route : routes())
        router.add(route.method, route.pattern, bound(route.handler, services), route.options);
    for (const std::string& path : captive_portal::probe_paths())
        router.get(path, bound(captive_portal::answer_probe, services), small);
    // The portal's first page, unless a system asks for the page of its probe's host.
    router.get(
        "/",
        [otherwise, &services](http::Request request) {
            return captive_portal::is_probe_of_root(request)
                       ? captive_portal::answer_probe(std::move(request), services)
                       : otherwise(std::move(request));
        },
        small);
    router.otherwise(std::move(otherwise), unlimited);
    return router;
}

} // namespace iwas::api
