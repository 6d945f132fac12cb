// For tests: the smallest gateway there can be. POST /small/create makes an order, and a notice
// says "paid" or "refused".
#pragma once

#include "sim/payment/gateway_face.hpp"
#include "sim/payment/payer_page.hpp"

#include <vector>

namespace iwas::sim::testing {

class SmallGateway final : public GatewayFace {
public:
    SmallGateway() : GatewayFace{1} {}

    std::string notify_url = "http://127.0.0.1/notify";
    int created = 0;
    std::vector<NoticeAnswer> answers;
    /// Whether an answer of 503 makes it send the notice again.
    bool repeats = false;

    [[nodiscard]] std::string_view name() const override { return "small"; }
    [[nodiscard]] bool owns(std::string_view path) const override
    {
        return path.starts_with("/small/");
    }
    void notice_answered(const Notice& notice, const NoticeAnswer& answer, UtcTime now) override
    {
        answers.push_back(answer);
        if (repeats && answer.status == 503) repeat_notice(notice, now + 1s);
    }

protected:
    [[nodiscard]] bool is_call(std::string_view path) const override
    {
        return path == "/small/create";
    }
    http::Response route(const http::Request& request, UtcTime) override
    {
        if (request.path != "/small/create")
            return payer_page({"Small", "#123456", "<Quán>", "O1", "Gói 1 giờ", Money{5000}, "?"});
        ++created;
        return http::Response::json(200, R"({"created":true})");
    }
    http::Response refusal(const http::Request&, UtcTime) override
    {
        return http::Response::json(200, R"({"created":false})");
    }
    Result<PayResult, std::string> act(const PayCommand& command, UtcTime now) override
    {
        if (command.order_id.empty()) return std::unexpected{"no such order"};
        const bool pays = command.act == PayerAct::pay &&
                          book.take(command.order_id, "P1", command.payer, Money{5'000}, now);
        send_notice(command.order_id, [&] {
            Notice notice;
            notice.due = now;
            notice.url = notify_url;
            notice.body = pays ? "paid" : "refused";
            return notice;
        });
        return PayResult{pays ? "0" : "1", "http://127.0.0.1/back"};
    }
    void settle(UtcTime) override {}
    [[nodiscard]] std::optional<UtcTime> next_settlement() const override { return std::nullopt; }
};

} // namespace iwas::sim::testing
