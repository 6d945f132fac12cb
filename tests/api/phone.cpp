// Phone: what a customer's browser sends and keeps.
#include "core/percent_encoding.hpp"
#include "tests/api/api_world.hpp"

#include <stdexcept>

namespace iwas::api::testing {

http::Response Phone::arrive()
{
    http::Response response = world_.get(
        "/p?n=Galaxy-Q7&s=hotspot1&mac=" + percent_encode(mac_) + "&ip=" + ip_ +
        "&lo=" + percent_encode("http://192.168.20.1/login") +
        "&dst=" + percent_encode("http://example.com/"));
    const std::string location{response.headers.value("Location")};
    if (const auto at = location.find("v="); at != std::string::npos)
        token = location.substr(at + 2);
    return response;
}

http::Request Phone::request(http::Method method, std::string target) const
{
    http::Request request;
    request.method = method;
    request.target = std::move(target);
    request.peer_address = peer;
    request.headers.set("X-IWAS-Visit", token);
    request.headers.set("Accept-Language", language);
    std::string cookies;
    if (!session_cookie.empty()) cookies += "iwas_session=" + session_cookie + "; ";
    if (!device_cookie.empty()) cookies += "iwas_device=" + device_cookie;
    if (!cookies.empty()) request.headers.set("Cookie", cookies);
    return request;
}

http::Response Phone::get(const std::string& path)
{
    http::Response response = world_.send(request(http::Method::get, path));
    if (path == "/api/v1/portal" && response.status == 200)
        csrf = std::string{body_of(response).at("csrf_token").as_string()};
    return response;
}

http::Response Phone::change(
    http::Method method, const std::string& path, const std::string& body, std::string key)
{
    http::Request sent = request(method, path);
    sent.headers.set("X-CSRF-Token", csrf);
    if (!body.empty()) sent.headers.set("Content-Type", "application/json");
    if (!key.empty()) sent.headers.set("Idempotency-Key", key);
    sent.body = body;
    return world_.send(std::move(sent));
}

http::Response Phone::patch(const std::string& path, const std::string& body)
{
    return change(http::Method::patch, path, body, {});
}

http::Response Phone::del(const std::string& path)
{
    return change(http::Method::del, path, {}, {});
}

http::Response Phone::post(const std::string& path, const std::string& body, std::string key)
{
    http::Response response = change(http::Method::post, path, body, std::move(key));
    if (path.starts_with("/api/v1/sign-in") && response.status == 200) {
        const auto answer = body_of(response);
        token = std::string{answer.at("visit_token").as_string()};
        csrf = std::string{answer.at("csrf_token").as_string()};
    }
    return response;
}

void Phone::sign_in(const std::string& user, const std::string& password)
{
    if (token.empty()) arrive();
    get("/api/v1/portal");
    const http::Response response = post(
        "/api/v1/sign-in", R"({"username":")" + user + R"(","password":")" + password + R"("})");
    if (response.status != 200) throw std::runtime_error{"sign-in failed: " + response.body};
}

std::string Phone::sign_in_as_guest()
{
    arrive();
    get("/api/v1/portal");
    const http::Response response = post("/api/v1/sign-in/guest", "");
    if (response.status != 200) throw std::runtime_error{"no guest: " + response.body};
    return std::string{body_of(response).at("account").at("id").as_string()};
}

std::string Phone::next_key()
{
    std::string key = "key-of-" + ip_ + "-" + std::to_string(++keys_);
    std::erase(key, '.');
    return key;
}

std::string Phone::order(const std::string& method)
{
    const http::Response response = post(
        "/api/v1/purchases",
        R"({"package_id":"pkg_3h","quoted_price":12000,"method":")" + method + R"("})", next_key());
    const auto body = body_of(response);
    if (response.status != 202 || body.at("state") != "awaiting_payment")
        throw std::runtime_error{"not ordered: " + response.body};
    return std::string{body.at("id").as_string()};
}

std::string Phone::state_of(const std::string& purchase)
{
    world_.settle();
    return std::string{body_of(get("/api/v1/purchases/" + purchase)).at("state").as_string()};
}

http::Response Phone::buy(const std::string& package, int price, std::string key)
{
    if (key.empty()) key = next_key();
    return post(
        "/api/v1/purchases",
        R"({"package_id":")" + package + R"(","quoted_price":)" + std::to_string(price) +
            R"(,"method":"pc_balance"})",
        key);
}

boost::json::object body_of(const http::Response& response)
{
    const std::string& body = response.shared_body ? *response.shared_body : response.body;
    return boost::json::parse(body).as_object();
}

std::string code_of(const http::Response& response)
{
    if (response.status < 400) return {};
    const auto body = body_of(response);
    const auto* code = body.if_contains("code");
    return code ? std::string{code->as_string()} : std::string{};
}

} // namespace iwas::api::testing
