#include "sim/phone/phone.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace iwas::sim {

namespace {

constexpr Seconds patience = 10s;

/// Scheme and authority of an absolute address, and the rest.
struct Location {
    http::BaseUrl base;
    std::string target;
};

std::optional<Location> split(const std::string& url)
{
    const std::size_t scheme = url.find("://");
    if (scheme == std::string::npos) return std::nullopt;
    const std::size_t path = std::min(url.find_first_of("/?", scheme + 3), url.size());
    const auto base = http::parse_base_url(url.substr(0, path));
    if (!base) return std::nullopt;
    std::string target = url.substr(path);
    if (!target.starts_with('/')) target.insert(0, "/");
    return Location{*base, std::move(target)};
}

} // namespace

std::string PhoneAnswer::text_at(std::string_view pointer) const
{
    boost::system::error_code error;
    const boost::json::value* found = body.find_pointer(pointer, error);
    return found && found->is_string() ? std::string{found->as_string()} : std::string{};
}

std::string PhoneAnswer::problem() const
{
    return text_at("/code");
}

Phone::Phone(http::Client& client, std::uint16_t device_port) : client_{client}
{
    network_.host = "127.0.0.1";
    network_.port = device_port;
}

boost::asio::awaitable<bool> Phone::has_internet()
{
    const PhoneAnswer answer =
        co_await through_router("connectivitycheck.gstatic.com", "/generate_204");
    co_return answer.status == 204;
}

boost::asio::awaitable<bool> Phone::is_redirected()
{
    const PhoneAnswer answer = co_await through_router("example.com", "/");
    co_return answer.status == 302 && !answer.location.empty();
}

boost::asio::awaitable<bool> Phone::open_portal()
{
    const PhoneAnswer redirect = co_await through_router("example.com", "/");
    const auto arrival = split(redirect.location);
    if (redirect.status != 302 || !arrival) co_return false;
    portal_ = arrival->base;

    http::OutboundRequest request{.target = arrival->target};
    const PhoneAnswer welcome = co_await send(portal_, std::move(request));
    const std::size_t token = welcome.location.find("v=");
    if (welcome.status != 302 || token == std::string::npos) co_return false;
    visit_ = welcome.location.substr(token + 2);
    visit_ = visit_.substr(0, visit_.find('&'));

    const PhoneAnswer state = co_await portal();
    co_return state.is_ok();
}

boost::asio::awaitable<PhoneAnswer> Phone::portal()
{
    PhoneAnswer answer = co_await call(http::Method::get, "/api/v1/portal", nullptr);
    if (answer.is_ok()) csrf_token_ = answer.text_at("/csrf_token");
    co_return answer;
}

boost::asio::awaitable<PhoneAnswer> Phone::sign_in(std::string user_name, std::string password)
{
    boost::json::value body = {{"username", user_name}, {"password", password}};
    PhoneAnswer answer = co_await call(http::Method::post, "/api/v1/sign-in", std::move(body));
    if (answer.is_ok()) {
        visit_ = answer.text_at("/visit_token");
        csrf_token_ = answer.text_at("/csrf_token");
    }
    co_return answer;
}

boost::asio::awaitable<PhoneAnswer> Phone::sign_in_as_guest()
{
    PhoneAnswer answer =
        co_await call(http::Method::post, "/api/v1/sign-in/guest", boost::json::object{});
    if (answer.is_ok()) {
        visit_ = answer.text_at("/visit_token");
        csrf_token_ = answer.text_at("/csrf_token");
    }
    co_return answer;
}

boost::asio::awaitable<PhoneAnswer> Phone::packages()
{
    co_return co_await call(http::Method::get, "/api/v1/packages", nullptr);
}

boost::asio::awaitable<PhoneAnswer> Phone::buy(
    std::string package, std::int64_t quoted_price_vnd, std::string idempotency_key,
    std::string method)
{
    boost::json::value body = {
        {"package_id", package}, {"quoted_price", quoted_price_vnd}, {"method", method}};
    co_return co_await call(
        http::Method::post, "/api/v1/purchases", std::move(body), std::move(idempotency_key));
}

boost::asio::awaitable<PhoneAnswer> Phone::purchase(std::string id)
{
    co_return co_await call(http::Method::get, "/api/v1/purchases/" + id, nullptr);
}

boost::asio::awaitable<PhoneAnswer> Phone::end_session(std::string id, std::string idempotency_key)
{
    co_return co_await call(
        http::Method::post, "/api/v1/sessions/" + id + "/end", boost::json::object{},
        std::move(idempotency_key));
}

boost::asio::awaitable<PhoneAnswer> Phone::through_router(std::string host, std::string target)
{
    http::OutboundRequest request{.target = std::move(target)};
    request.headers.set("Host", std::move(host));
    co_return co_await send(network_, std::move(request));
}

boost::asio::awaitable<PhoneAnswer> Phone::call(
    http::Method method, std::string target, boost::json::value body, std::string idempotency_key)
{
    http::OutboundRequest request{.method = method, .target = std::move(target)};
    request.headers.set("X-IWAS-Visit", visit_);
    if (method == http::Method::post) {
        request.headers.set("Content-Type", "application/json");
        request.headers.set("X-CSRF-Token", csrf_token_);
        request.body = boost::json::serialize(body);
    }
    if (!idempotency_key.empty())
        request.headers.set("Idempotency-Key", std::move(idempotency_key));
    co_return co_await send(portal_, std::move(request));
}

boost::asio::awaitable<PhoneAnswer> Phone::send(http::BaseUrl where, http::OutboundRequest request)
{
    http::Peer peer;
    peer.url = std::move(where);
    peer.addresses.allowed.push_back(*Ipv4Prefix::parse("127.0.0.0/8"));
    const SteadyTime by = std::chrono::steady_clock::now() + patience;
    auto received = co_await client_.send(std::move(peer), std::move(request), by);
    PhoneAnswer answer;
    if (!received) co_return answer;
    answer.status = received->status;
    answer.location = std::string{received->headers.value("Location")};
    boost::system::error_code error;
    answer.body = boost::json::parse(received->body, error);
    if (error) answer.body = nullptr;
    co_return answer;
}

} // namespace iwas::sim
