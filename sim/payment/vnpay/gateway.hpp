// VnpayGateway: simulated VNPay 2.1.0. The payment page, return URL, IPN, querydr, refund and the
// token pages, over HTTP that needs no socket.
#pragma once

#include "sim/payment/agenda.hpp"
#include "sim/payment/gateway_face.hpp"
#include "sim/payment/vnpay/model.hpp"
#include "sim/payment/vnpay/signature.hpp"

#include <boost/json/object.hpp>

namespace iwas::sim::vnpay {

/// The demonstration merchant that VNPay's users have published; its IPN goes to `ipn_url`.
Merchant demo_merchant(std::string ipn_url);

/// Paths: GET /paymentv2/vpcpay.html, POST /merchant_webapi/api/transaction, GET /token_ui/*.html
/// (also /tokenUI/). The payer's "code" may be any vnp_ResponseCode, or "04": debited, and not
/// settled.
class VnpayGateway final : public GatewayFace {
public:
    VnpayGateway(Model::Settings settings, std::uint64_t seed)
        : GatewayFace{seed}, model{std::move(settings)}
    {
    }

    Model model;

    [[nodiscard]] std::string_view name() const override { return "vnpay"; }
    [[nodiscard]] bool owns(std::string_view path) const override;
    /// Calls again unless RspCode is 00 or 02, and writes down what was answered.
    void notice_answered(const Notice& notice, const NoticeAnswer& answer, UtcTime now) override;
    /// GET ipn_answers: model.ipn_answers.
    std::optional<http::Response> control(
        std::string_view what, const http::Request& request, UtcTime now) override;

protected:
    [[nodiscard]] bool is_call(std::string_view path) const override;
    http::Response route(const http::Request& request, UtcTime now) override;
    http::Response refusal(const http::Request& request, UtcTime now) override;
    Result<PayResult, std::string> act(const PayCommand& command, UtcTime now) override;
    void settle(UtcTime now) override { agenda_.run(now); }
    [[nodiscard]] std::optional<UtcTime> next_settlement() const override { return agenda_.next(); }

private:
    // Pages (pages.cpp).
    Result<Order*, std::string> open(std::string_view path, const http::Params& query);
    http::Response show(const Order& order, UtcTime now) const;
    http::Response decide(const http::Request& request, UtcTime now);
    Result<PayResult, std::string> decide(Order& order, const PayCommand& command, UtcTime now);
    void pay_in_full(Order& order, std::string_view code, UtcTime now);
    PayResult end(
        Order& order, std::string_view code, std::string_view status, bool took_money, UtcTime now);
    void send_ipn(const Order& order, UtcTime now);
    Notice ipn_of(const Order& order, UtcTime now);
    [[nodiscard]] std::string redirect_of(const Order& order) const;

    // The API (api.cpp).
    http::Response api(const http::Request& request, UtcTime now);
    boost::json::object querydr(const Merchant& merchant, const Fields& asked);
    boost::json::object refund(const Merchant& merchant, const Fields& asked, UtcTime now);
    void settle_refund(Order& order, const std::string& request_id);

    Agenda agenda_;
    std::uint64_t next_response_ = 1;
};

} // namespace iwas::sim::vnpay
