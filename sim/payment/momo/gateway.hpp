// MomoGateway: MoMo AIO v2 in miniature (MoMo v2 documents): create, query, refund, refund/query,
// confirm and tokenization/... below /v2/gateway/api/, the payer's page, IPN and redirect.
#pragma once

#include "sim/payment/agenda.hpp"
#include "sim/payment/gateway_face.hpp"
#include "sim/payment/momo/orders.hpp"
#include "sim/payment/momo/signature.hpp"
#include "sim/payment/momo/token.hpp"

#include <boost/json/object.hpp>

#include <memory>
#include <span>

namespace iwas::sim {

class MomoGateway final : public GatewayFace {
public:
    struct Settings {
        std::vector<momo::Merchant> merchants = momo::sandbox_merchants();
        std::uint64_t seed = 1;
        /// Null: one is made. Several gateways may share one, which saves its making.
        std::shared_ptr<const momo::KeyPair> key_pair = nullptr;
        /// After that an unpaid order ends with 1005, and a hold without confirm with 1003. The
        /// documents give no figure for one-time payments.
        Milliseconds order_life = std::chrono::minutes{15};
        Milliseconds hold_life = std::chrono::hours{1};
        /// Whether create's answer is signed; sandbox answers often are not.
        bool signs_create_answer = false;
        /// Whether the IPN of a link signs callbackToken and partnerClientId (sources differ).
        bool signs_link_members = true;
        /// Whether a repeated create of an order that still waits gets its first answer, or 40: the
        /// documents can be read both ways.
        bool repeats_create_answer = true;
        /// How often an IPN is repeated that was not answered as it must be; not published.
        unsigned ipn_repeats = 2;
        Milliseconds ipn_repeat_after = std::chrono::seconds{30};
        /// Every token payment needs the code, also when the token does not ask for it.
        bool always_asks_otp = false;
        std::string otp = "123456";
    };
    explicit MomoGateway(Settings settings);

    [[nodiscard]] std::string_view name() const override { return "momo"; }
    [[nodiscard]] bool owns(std::string_view path) const override;
    void notice_answered(const Notice& notice, const NoticeAnswer& answer, UtcTime now) override;

    [[nodiscard]] const Settings& settings() const { return settings_; }
    /// With which IWAS encrypts tokens.
    [[nodiscard]] std::string public_key_pem() const { return settings_.key_pair->public_pem(); }
    /// Orders, refunds, links and answers to IPNs, for tests and auditors.
    [[nodiscard]] const momo::Books& books() const { return books_; }

protected:
    [[nodiscard]] bool is_call(std::string_view path) const override;
    http::Response route(const http::Request& request, UtcTime now) override;
    http::Response refusal(const http::Request& request, UtcTime now) override;
    Result<PayResult, std::string> act(const PayCommand& command, UtcTime now) override;
    void settle(UtcTime now) override { agenda_.run(now); }
    [[nodiscard]] std::optional<UtcTime> next_settlement() const override { return agenda_.next(); }

private:
    /// A merchant's request that is well formed and rightly signed.
    struct Call {
        std::string path;
        const momo::Merchant* merchant = nullptr;
        boost::json::object body;
        UtcTime now;
        [[nodiscard]] std::string text(std::string_view name) const;
        [[nodiscard]] std::int64_t number(std::string_view name) const; // -1: none
        [[nodiscard]] bool flag(std::string_view name, bool otherwise) const;
    };
    using Handler = http::Response (MomoGateway::*)(const Call&);
    struct Endpoint {
        std::string_view path;
        std::span<const std::string_view> signed_names;
        Handler handler;
        bool moves; // its requestId counts once
    };
    static std::span<const Endpoint> endpoints();

    const momo::Merchant* merchant(std::string_view partner_code) const;
    http::Response answer_call(const http::Request& request, UtcTime now);
    http::Response once_per_request(const Endpoint& endpoint, const Call& call);
    http::Response reply(const Call& call, int code, boost::json::object more = {});

    // gateway.cpp
    http::Response create(const Call& call);
    http::Response query(const Call& call);
    http::Response confirm(const Call& call);
    int why_not_create(const Call& call);
    std::string sign_create_answer(const Call& call, const std::string& pay_url) const;
    // refunds.cpp
    http::Response refund(const Call& call);
    http::Response query_refund(const Call& call);
    int why_not_refund(const Call& call, const momo::Order* paid);
    void finish_refund(const momo::Key& key, int code, UtcTime now);
    boost::json::array refunds_of(const momo::Order& order) const;
    void reverse(const momo::Key& key, UtcTime now);
    // tokens.cpp
    http::Response bind(const Call& call);
    http::Response find_link(const Call& call);
    http::Response pay_by_token(const Call& call);
    http::Response verify_otp(const Call& call);
    http::Response unlink(const Call& call);
    momo::Link* link_of_token(const Call& call, bool* asks_code);
    http::Response token_answer(const Call& call, const momo::Order& order);
    // payment.cpp
    momo::Order& open_order(const Call& call, std::string request_type, bool is_token);
    void pay_order(momo::Order& order, const std::string& payer, UtcTime now);
    void take_money(const momo::Key& key, UtcTime now);
    void end_order(momo::Order& order, int code, UtcTime now);
    momo::Outcome outcome_of(const momo::Order& order, UtcTime now);
    void send_ipn(const momo::Order& order, UtcTime now);
    Notice make_ipn(const momo::Order& order, UtcTime now);
    std::string redirect_of(const momo::Order& order, UtcTime now);
    // pages.cpp
    std::string page_url(const momo::Order& order, std::string_view page) const;
    momo::Order* order_of_link(std::string_view url_or_text);
    momo::Order* order_of_page(const http::Request& request);
    http::Response show_page(const http::Request& request, UtcTime now);

    std::int64_t new_trans_id() { return next_trans_id_++; }

    Settings settings_;
    momo::Books books_;
    Agenda agenda_;
    std::int64_t next_trans_id_ = 4'610'000'001;
};

} // namespace iwas::sim
