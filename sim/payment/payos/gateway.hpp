// PayosGateway: the simulated PayOS. Payment links over bank transfers: API, checkout page and
// webhooks.
#pragma once

#include "sim/payment/bank/feed.hpp"
#include "sim/payment/payos/model.hpp"

namespace iwas::sim::payos {

/// Paths: POST and GET /v2/payment-requests..., POST /confirm-webhook, the page GET /web/{id}. The
/// payer's money is in `book`, by orderCode; payments go through the bank.
class PayosGateway final : public bank::BankFeed {
public:
    struct Settings {
        std::vector<Merchant> merchants;
        /// Each link gets an account number of its own, by which transfers are found whatever their
        /// text; else PayOS looks for its code in the text.
        bool uses_virtual_accounts = true;
        /// Whether the account number of an ended link stays open, so that late money arrives and
        /// is told like any other; else the bank refuses the transfer. Not documented.
        bool takes_late_money = true;
        /// Integrations say 25 for accounts that are linked through PayOS, else 9.
        std::size_t description_characters_max = 25;
    };
    PayosGateway(bank::Bank& bank, Settings settings, std::uint64_t seed);

    Model model;
    Settings settings;

    [[nodiscard]] std::string_view name() const override { return "payos"; }
    [[nodiscard]] bool owns(std::string_view path) const override;
    void notice_answered(const Notice& notice, const NoticeAnswer& answer, UtcTime now) override;
    std::optional<bank::BookEntry> entry_of(const bank::Transfer& transfer) override;

protected:
    [[nodiscard]] bool is_call(std::string_view path) const override;
    http::Response route(const http::Request& request, UtcTime now) override;
    http::Response refusal(const http::Request& request, UtcTime now) override;
    /// order_id: the orderCode. "pay" transfers at the bank, "refuse" cancels the link.
    Result<PayResult, std::string> act(const PayCommand& command, UtcTime now) override;
    void transfer_shown(const bank::Transfer& transfer, UtcTime now) override;
    [[nodiscard]] bool is_accepted(const NoticeAnswer& answer) const override;

private:
    // The API (api.cpp).
    http::Response call(const Merchant& merchant, const http::Request& request, UtcTime now);
    http::Response create(const Merchant& merchant, const http::Request& request, UtcTime now);
    http::Response confirm_webhook(Merchant& merchant, const http::Request& request, UtcTime now);
    void cancel(Link& link, std::string reason, UtcTime now);

    // What happens to links (gateway.cpp).
    http::Response page(const http::Request& request, UtcTime now);
    Result<PayResult, std::string> decide(Link& link, const PayCommand& command, UtcTime now);
    Notice webhook_of(const Link& link, const Payment& payment, const bank::Transfer& transfer);
    [[nodiscard]] std::string redirect_of(const Link& link, UtcTime now) const;
};

} // namespace iwas::sim::payos
