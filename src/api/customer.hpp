// Customer: who makes a request, from which device, in which language; and the checks that stand
// before every handler of the portal.
#pragma once

#include "adapters/http/message.hpp"
#include "api/caller.hpp"
#include "api/problems.hpp"
#include "api/services.hpp"
#include "core/result.hpp"

#include <boost/json/object.hpp>

#include <functional>

namespace iwas::api {

struct Customer : Caller {
    domain::Visit visit;
    std::optional<domain::Account> account; // set while he is signed in
};

/// What a handler asks of the request before it begins.
enum class Entry : std::uint8_t {
    read,           // a known visit
    read_signed_in, // and a customer
    change,         // a known visit and the page's CSRF token
    change_signed_in,
};

/// The customer, or the refusal to send back. The visit is named by the header X-IWAS-Visit, by
/// `v` in the query (GET only), or by a cookie, in this order. The cookie of a sign-in in another
/// visit of the same browser and device counts as well. VISIT_UNKNOWN where the request comes from
/// another device than the visit's (docs/decisions/0003).
awaitable<Result<Customer, Response>> enter(Request request, Entry entry, Services& services);

/// The body as a JSON object of application/json; refused with VALIDATION_FAILED otherwise.
Result<boost::json::object, Refusal> json_body(const Request& request);
/// A text member of `octets_min` to `octets_max` octets.
Result<std::string, Refusal> text_member(
    const boost::json::object& body, std::string_view name, std::size_t octets_min,
    std::size_t octets_max);
/// An amount of money: a whole number that is not negative.
Result<Money, Refusal> money_member(const boost::json::object& body, std::string_view name);

/// The Idempotency-Key: 8 to 64 characters of letters, digits, '-' and '_'.
Result<std::string, Refusal> idempotency_key(const Request& request);

/// Runs `work` once for the request's Idempotency-Key; a repetition gets the first answer. A
/// repetition of a request that ended with 5xx runs again: what it asks for happens once anyhow.
awaitable<Response> run_once(
    Customer customer, Request request, Services& services,
    std::function<awaitable<Response>()> work);

/// The same for anybody; keys are unique within `scope`.
awaitable<Response> run_once(
    Caller caller, std::string scope, Request request, Services& services,
    std::function<awaitable<Response>()> work);

Response json_response(int status, const boost::json::object& body);

/// A cookie that scripts cannot read and other sites' forms do not send. `for_how_long` 0 deletes
/// it.
std::string cookie(
    std::string_view name, std::string_view value, Seconds for_how_long, bool secure);
inline constexpr std::string_view device_cookie = "iwas_device";
inline constexpr std::string_view session_cookie = "iwas_session";

} // namespace iwas::api
