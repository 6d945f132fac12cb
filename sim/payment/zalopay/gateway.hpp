// ZaloPayGateway: ZaloPay OpenAPI v2 in miniature (ZaloPay v2 documents): /v2/{create, query,
// refund, query_refund} and /v2/agreement/{bind, unbind, query, balance, pay}, the payer's page,
// callback and redirect. It tells of success only; the fault stale_refusal has nothing to say here.
#pragma once

#include "sim/payment/agenda.hpp"
#include "sim/payment/gateway_face.hpp"
#include "sim/payment/zalopay/mac.hpp"
#include "sim/payment/zalopay/orders.hpp"

#include <boost/json/object.hpp>

#include <span>

namespace iwas::sim {

class ZaloPayGateway final : public GatewayFace {
public:
    struct Settings {
        std::vector<zalopay::App> apps = zalopay::sandbox_apps();
        std::uint64_t seed = 1;
        /// How long a refund and a payment by pay_token are under way: both normally answer 3.
        Milliseconds refund_takes = std::chrono::seconds{5};
        Milliseconds token_payment_takes = std::chrono::seconds{2};
        /// Between the repetitions of a callback; the documents say "up to 3 times" only.
        Milliseconds callback_repeat_after = std::chrono::seconds{30};
        unsigned callback_repeats = 3;
    };
    explicit ZaloPayGateway(Settings settings);

    [[nodiscard]] std::string_view name() const override { return "zalopay"; }
    [[nodiscard]] bool owns(std::string_view path) const override;
    void notice_answered(const Notice& notice, const NoticeAnswer& answer, UtcTime now) override;

    [[nodiscard]] const Settings& settings() const { return settings_; }
    /// Orders, refunds, agreements and answers to callbacks, for tests and auditors.
    [[nodiscard]] const zalopay::Books& books() const { return books_; }

protected:
    [[nodiscard]] bool is_call(std::string_view path) const override;
    http::Response route(const http::Request& request, UtcTime now) override;
    http::Response refusal(const http::Request& request, UtcTime now) override;
    Result<PayResult, std::string> act(const PayCommand& command, UtcTime now) override;
    void settle(UtcTime now) override { agenda_.run(now); }
    [[nodiscard]] std::optional<UtcTime> next_settlement() const override { return agenda_.next(); }

private:
    /// A merchant's request whose MAC is right.
    struct Call {
        std::string path;
        const zalopay::App* app = nullptr;
        boost::json::object body;
        UtcTime now;
        [[nodiscard]] std::string text(std::string_view name) const;
        [[nodiscard]] std::int64_t number(std::string_view name) const; // -1: none
    };
    using Handler = http::Response (ZaloPayGateway::*)(const Call&);
    struct Endpoint {
        std::string_view path;
        std::span<const std::string_view> signed_names;
        Handler handler;
    };
    static std::span<const Endpoint> endpoints();

    const zalopay::App* app(std::int64_t id) const;
    http::Response answer_call(const http::Request& request, UtcTime now);
    http::Response reply(
        const Call& call, int return_code, int sub_code, boost::json::object more = {});
    http::Response bad_argument(const Call& call);
    static bool is_fresh(std::int64_t time_ms, UtcTime now);

    // gateway.cpp
    http::Response create(const Call& call);
    http::Response query(const Call& call);
    // refunds.cpp
    http::Response refund(const Call& call);
    http::Response query_refund(const Call& call);
    void finish_refund(const zalopay::Key& key, int state, UtcTime now);
    void reverse(const zalopay::Key& key, UtcTime now);
    // agreements.cpp
    http::Response bind(const Call& call);
    http::Response unbind(const Call& call);
    http::Response query_agreement(const Call& call);
    http::Response balance(const Call& call);
    http::Response pay_by_token(const Call& call);
    zalopay::Agreement* agreement_of(const Call& call);
    Result<PayResult, std::string> decide(
        zalopay::Agreement& agreement, const PayCommand& command, UtcTime now);
    boost::json::object agreement_data(const zalopay::Agreement& agreement, UtcTime now) const;
    void send_agreement(const zalopay::Agreement& agreement, bool is_update, UtcTime now);
    // payment.cpp
    void pay_order(zalopay::Order& order, const std::string& payer, UtcTime now);
    void take_money(const zalopay::Key& key, UtcTime now);
    void end_order(zalopay::Order& order, int state, int sub_code, UtcTime now);
    Notice make_callback(const zalopay::Order& order, UtcTime now);
    std::string redirect_of(const zalopay::Order& order, int status) const;
    // pages.cpp
    std::string page_url(std::string_view kind, std::string_view token) const;
    http::Response show_page(const http::Request& request, UtcTime now);

    std::string new_token(std::string_view prefix);
    std::int64_t new_trans_id(UtcTime now);

    Settings settings_;
    zalopay::Books books_;
    Agenda agenda_;
    std::int64_t next_id_ = 1;
};

} // namespace iwas::sim
