#include "api/customer.hpp"

#include "core/text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace iwas::api {

namespace json = boost::json;

namespace {

constexpr std::size_t json_depth_max = 8;

/// The visits that a request names, the best first.
struct Named {
    std::optional<domain::VisitId> visit;
    std::optional<domain::VisitId> signed_in;
    std::optional<domain::VisitId> of_browser; // what the router's last redirect began
};

Named named_by(const Request& request, const Tokens& tokens)
{
    Named named;
    named.signed_in = tokens.visit_of(request.cookies.value(session_cookie));
    named.of_browser = tokens.visit_of(request.cookies.value(device_cookie));
    // A header or query that is there and wrong is not made up for by a cookie: the page would
    // show another visit than the one it believes in.
    if (const auto header = request.headers.find("X-IWAS-Visit"))
        named.visit = tokens.visit_of(*header);
    else if (request.method == http::Method::get && request.query.has("v"))
        named.visit = tokens.visit_of(request.query.value("v"));
    else
        named.visit = named.of_browser ? named.of_browser : named.signed_in;
    return named;
}

bool is_signed_in(const domain::Visit& visit, UtcTime now)
{
    return visit.account && visit.signed_in_until && *visit.signed_in_until > now;
}

bool changes(Entry entry)
{
    return entry == Entry::change || entry == Entry::change_signed_in;
}
bool needs_account(Entry entry)
{
    return entry == Entry::read_signed_in || entry == Entry::change_signed_in;
}

/// Whether both were begun for one device at one location.
bool is_same_device(const domain::Visit& a, const domain::Visit& b)
{
    return a.location == b.location && a.mac == b.mac;
}

/// Who is signed in: in this visit, else in another one of the same browser and device. A link to
/// a stranger's visit must not carry the customer into it: the browser's own arrival names this
/// visit or none, and the device is the same.
awaitable<Result<std::optional<domain::AccountId>, ports::StoreError>> account_of(
    domain::Visit visit, Named named, Services& services)
{
    const UtcTime now = services.clock.utc_now();
    if (is_signed_in(visit, now)) co_return visit.account;
    if (!named.signed_in || *named.signed_in == visit.id) co_return std::nullopt;
    if (named.of_browser && *named.of_browser != visit.id) co_return std::nullopt;
    const auto found = co_await services.store.load_visit(*named.signed_in);
    if (!found) co_return std::unexpected{found.error()};
    if (!*found || !is_same_device(**found, visit) || !is_signed_in(**found, now))
        co_return std::nullopt;
    co_return (*found)->account;
}

/// Whether `peer` is one of the location's routers, which stands for all devices behind it where
/// it translates addresses.
bool is_a_router(
    const domain::Catalog& catalog, const domain::LocationId& location, Ipv4Address peer)
{
    return std::ranges::any_of(catalog.routers, [&](const auto& each) {
        const domain::Router& router = each.second;
        const std::string_view host{router.hotspot_host};
        return router.location == location &&
               (Ipv4Address::parse(host.substr(0, host.find(':'))) == peer ||
                router.radius_source == Ipv4Prefix::parse(to_string(peer)));
    });
}

/// `peer_address` where it is a device's own. One outside the guest network is that of a proxy, a
/// tunnel or a translation, and proves nothing.
std::optional<Ipv4Address> address_of_device(
    std::string_view peer_address, const domain::LocationId& at, const domain::Catalog& catalog)
{
    const auto peer = Ipv4Address::parse(peer_address);
    const domain::Location* location = catalog.location(at);
    const bool is_own = peer && location && location->guest_network.contains(*peer) &&
                        !is_a_router(catalog, at, *peer);
    return is_own ? peer : std::nullopt;
}

/// Whether the request's address proves that another device than the visit's sent it.
bool comes_from_another_address(
    const Request& request, const domain::Visit& visit, const domain::Catalog& catalog)
{
    const auto peer = address_of_device(request.peer_address, visit.location, catalog);
    return peer && visit.ip && *peer != *visit.ip;
}

/// Whether the browser itself arrived for another device than the visit's.
awaitable<Result<bool, ports::StoreError>> comes_from_another_arrival(
    domain::Visit visit, std::optional<domain::VisitId> of_browser, Services& services)
{
    if (!of_browser || *of_browser == visit.id) co_return false;
    const auto arrival = co_await services.store.load_visit(*of_browser);
    if (!arrival) co_return std::unexpected{arrival.error()};
    co_return *arrival && !is_same_device(**arrival, visit);
}

/// A guest is known by his device alone, and anybody could have claimed it before he came: while he
/// is online, only the address that the router reported for the device is his.
awaitable<Result<bool, ports::StoreError>> is_not_that_guest(
    Customer customer, std::string peer_address, Services& services)
{
    const auto catalog = services.catalog.current();
    const auto peer = address_of_device(peer_address, customer.visit.location, *catalog);
    if (!peer || !domain::is_guest(*customer.account)) co_return false;
    const auto session =
        co_await services.store.open_session_of_device(customer.visit.location, customer.visit.mac);
    if (!session) co_return std::unexpected{session.error()};
    if (!*session || (*session)->account != customer.account->id) co_return false;
    const domain::SessionDevice* device = find_device(**session, customer.visit.mac);
    co_return device && device->is_online && device->ip && *device->ip != *peer;
}

} // namespace

Response Caller::refuse(Refusal refusal) const
{
    refusal.request_id = request_id;
    return api::refuse(refusal, language);
}

Language language_of(const Request& request)
{
    return language_of(request.headers.value("Accept-Language"));
}

awaitable<Result<Customer, Response>> enter(Request request, Entry entry, Services& services)
{
    Customer customer;
    customer.language = language_of(request);
    customer.request_id = request.request_id;

    const Named named = named_by(request, services.tokens);
    if (!named.visit) co_return std::unexpected{customer.refuse(ProblemCode::visit_unknown)};
    auto visit = co_await services.store.load_visit(*named.visit);
    if (!visit) co_return std::unexpected{customer.refuse(ProblemCode::try_later)};
    const UtcTime now = services.clock.utc_now();
    const auto catalog = services.catalog.current();
    if (!*visit || (*visit)->created_at + services.settings.visit_for < now ||
        !catalog->location((*visit)->location) ||
        comes_from_another_address(request, **visit, *catalog))
        co_return std::unexpected{customer.refuse(ProblemCode::visit_unknown)};
    customer.visit = std::move(**visit);

    if (changes(entry)) {
        if (!services.tokens.is_csrf_token(
                customer.visit.id, request.headers.value("X-CSRF-Token")))
            co_return std::unexpected{customer.refuse(ProblemCode::csrf_failed)};
        const auto is_stranger =
            co_await comes_from_another_arrival(customer.visit, named.of_browser, services);
        if (!is_stranger) co_return std::unexpected{customer.refuse(ProblemCode::try_later)};
        if (*is_stranger) co_return std::unexpected{customer.refuse(ProblemCode::visit_unknown)};
    }

    const auto account = co_await account_of(customer.visit, named, services);
    if (!account) co_return std::unexpected{customer.refuse(ProblemCode::try_later)};
    if (*account) {
        auto loaded = co_await services.store.load_account(**account);
        if (!loaded) co_return std::unexpected{customer.refuse(ProblemCode::try_later)};
        customer.account = std::move(*loaded);
        const auto is_other = co_await is_not_that_guest(customer, request.peer_address, services);
        if (!is_other) co_return std::unexpected{customer.refuse(ProblemCode::try_later)};
        if (*is_other) customer.account.reset();
    }
    if (needs_account(entry) && !customer.account)
        co_return std::unexpected{customer.refuse(ProblemCode::not_signed_in)};
    co_return customer;
}

Result<json::object, Refusal> json_body(const Request& request)
{
    const std::string_view type = request.headers.value("Content-Type");
    if (!equal_ignoring_case(type.substr(0, type.find(';')), "application/json"))
        return std::unexpected{invalid_field("Content-Type")};
    json::parse_options options;
    options.max_depth = json_depth_max;
    boost::system::error_code error;
    json::value value = json::parse(request.body, error, {}, options);
    if (error || !value.is_object()) return std::unexpected{invalid_field("body")};
    return std::move(value.as_object());
}

Result<std::string, Refusal> text_member(
    const json::object& body, std::string_view name, std::size_t octets_min, std::size_t octets_max)
{
    const json::value* value = body.if_contains(name);
    if (!value || !value->is_string()) return std::unexpected{invalid_field(name)};
    const json::string& text = value->as_string();
    if (text.size() < octets_min || text.size() > octets_max)
        return std::unexpected{invalid_field(name)};
    return std::string{text.data(), text.size()};
}

Result<Money, Refusal> money_member(const json::object& body, std::string_view name)
{
    constexpr std::int64_t amount_max = 1'000'000'000'000;
    const json::value* value = body.if_contains(name);
    if (!value || !value->is_int64()) return std::unexpected{invalid_field(name)};
    const std::int64_t amount = value->as_int64();
    if (amount < 0 || amount > amount_max) return std::unexpected{invalid_field(name)};
    return Money{amount};
}

Result<std::string, Refusal> idempotency_key(const Request& request)
{
    const std::string_view key = request.headers.value("Idempotency-Key");
    const auto may_stand = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    };
    if (key.size() < 8 || key.size() > 64 || !std::ranges::all_of(key, may_stand))
        return std::unexpected{invalid_field("Idempotency-Key")};
    return std::string{key};
}

namespace {

Response stored_response(ports::StoredAnswer stored)
{
    const bool is_problem = stored.status >= 400;
    Response response = Response::json(stored.status, std::move(stored.body));
    if (is_problem) response.headers.set("Content-Type", "application/problem+json");
    return response;
}

} // namespace

awaitable<Response> run_once(
    Customer customer, Request request, Services& services,
    std::function<awaitable<Response>()> work)
{
    std::string scope = to_string(customer.visit.id);
    return run_once(
        static_cast<const Caller&>(customer), std::move(scope), std::move(request), services,
        std::move(work));
}

awaitable<Response> run_once(
    Caller caller, std::string scope, Request request, Services& services,
    std::function<awaitable<Response>()> work)
{
    auto key = idempotency_key(request);
    if (!key) co_return caller.refuse(key.error());
    // What is short, as an account's number, could be guessed from a plain digest.
    const Sha256Digest hash =
        services.tokens.request_digest(http::to_string(request.method), request.path, request.body);

    const auto begun =
        co_await services.store.begin_request(scope, *key, hash, services.clock.utc_now());
    if (!begun) {
        switch (begun.error()) {
        case ports::RequestError::key_reused:
            co_return caller.refuse(ProblemCode::idempotency_conflict);
        case ports::RequestError::in_progress:
        case ports::RequestError::unavailable:
            co_return caller.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
        }
    }
    if (const auto* stored = std::get_if<ports::StoredAnswer>(&*begun); stored != nullptr)
        if (stored->status < 500) co_return stored_response(*stored);

    Response response = co_await work();
    const ports::StoredAnswer answer{response.status, response.body};
    // When it cannot be kept, a repetition runs again: these requests repeat harmlessly.
    (void)co_await services.store.finish_request(scope, *key, answer);
    co_return response;
}

Response json_response(int status, const json::object& body)
{
    return Response::json(status, json::serialize(body));
}

std::string cookie(std::string_view name, std::string_view value, Seconds for_how_long, bool secure)
{
    std::string text{name};
    text += '=';
    text += value;
    text += "; Path=/; Max-Age=" + std::to_string(for_how_long.count());
    text += "; HttpOnly; SameSite=Lax";
    if (secure) text += "; Secure";
    return text;
}

} // namespace iwas::api
