// Phone: a simulated customer's browser. It meets the router's redirect, follows it to the portal,
// and uses the same API as the portal's pages.
#pragma once

#include "adapters/http/client.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace iwas::sim {

/// An answer of the portal. `status` 0: there was none.
struct PhoneAnswer {
    int status = 0;
    std::string location;
    boost::json::value body;

    [[nodiscard]] bool is_ok() const { return status >= 200 && status < 300; }
    /// The text that `pointer` names in the body (RFC 6901), or an empty text.
    [[nodiscard]] std::string text_at(std::string_view pointer) const;
    /// The problem's `code`, or an empty text.
    [[nodiscard]] std::string problem() const;
};

/// Use on the client's executor only.
class Phone {
public:
    /// `device_port`: where this device reaches the network (RouterServer::add_device).
    Phone(http::Client& client, std::uint16_t device_port);

    /// What the operating system asks after joining: true when the internet is open, false when
    /// the answer is a redirect or there is none.
    boost::asio::awaitable<bool> has_internet();
    /// Opens any page: true when the answer sends the browser elsewhere, which only a router that
    /// works and holds the device back does.
    boost::asio::awaitable<bool> is_redirected();
    /// Opens any page and follows the router to the portal. False: it was not redirected there.
    boost::asio::awaitable<bool> open_portal();

    boost::asio::awaitable<PhoneAnswer> portal();
    boost::asio::awaitable<PhoneAnswer> sign_in(std::string user_name, std::string password);
    /// Without an account of the PC system.
    boost::asio::awaitable<PhoneAnswer> sign_in_as_guest();
    boost::asio::awaitable<PhoneAnswer> packages();
    /// `method`: as the API calls it, such as "momo".
    boost::asio::awaitable<PhoneAnswer> buy(
        std::string package, std::int64_t quoted_price_vnd, std::string idempotency_key,
        std::string method = "pc_balance");
    boost::asio::awaitable<PhoneAnswer> purchase(std::string id);
    boost::asio::awaitable<PhoneAnswer> end_session(std::string id, std::string idempotency_key);

    [[nodiscard]] const std::string& visit() const { return visit_; }

private:
    boost::asio::awaitable<PhoneAnswer> through_router(std::string host, std::string target);
    boost::asio::awaitable<PhoneAnswer> call(
        http::Method method, std::string target, boost::json::value body,
        std::string idempotency_key = {});
    boost::asio::awaitable<PhoneAnswer> send(http::BaseUrl where, http::OutboundRequest request);

    http::Client& client_;
    http::BaseUrl network_;
    http::BaseUrl portal_;
    std::string visit_;
    std::string csrf_token_;
};

} // namespace iwas::sim
