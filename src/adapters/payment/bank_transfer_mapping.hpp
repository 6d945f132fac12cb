// BankTransferMapping: what PayOS and VietQR have in common: money comes by a bank transfer.
#pragma once

#include "adapters/payment/mapping.hpp"

namespace iwas::adapters {

/// Nothing goes back by itself and nothing is saved: those calls are not_supported, and
/// `new_refund_id` is empty.
class BankTransferMapping : public GatewayMapping {
public:
    [[nodiscard]] std::string new_refund_id(
        const domain::PaymentAccount& account, UtcTime now, std::uint64_t chance) const override;
    [[nodiscard]] GatewayPlan<ports::RefundStatus> refund(
        const domain::PaymentAccount& account, const ports::RefundOrder& order,
        const GatewayMoment& moment) const override;
    [[nodiscard]] GatewayPlan<ports::RefundStatus> find_refund(
        const domain::PaymentAccount& account, const ports::RefundOrder& order,
        const GatewayMoment& moment) const override;
    [[nodiscard]] GatewayPlan<domain::Invitation> bind(
        const domain::PaymentAccount& account, const ports::PaymentOrder& order,
        const GatewayMoment& moment) const override;
    [[nodiscard]] GatewayPlan<ports::BindingStatus> find_binding(
        const domain::PaymentAccount& account, const ports::PaymentOrder& order,
        const GatewayMoment& moment) const override;
    [[nodiscard]] GatewayPlan<std::monostate> unbind(
        const domain::PaymentAccount& account, const ports::PaymentOrder& order,
        const ports::BoundToken& token, const GatewayMoment& moment) const override;
    [[nodiscard]] GatewayPlan<ports::PaymentStatus> charge(
        const domain::PaymentAccount& account, const ports::PaymentOrder& order,
        const ports::BoundToken& token, const GatewayMoment& moment) const override;
    /// PayOS, SePay and Casso all read 2xx as taken and send again after anything else: 200 once
    /// the notice is kept, whatever it says; 401 when it is not theirs; 500 when it could not be
    /// kept.
    [[nodiscard]] ports::NoticeReply reply_to(
        const domain::PaymentAccount& account, ports::NoticeOutcome outcome) const override;
};

} // namespace iwas::adapters
