#include "adapters/payment/bank_transfer_mapping.hpp"

#include "adapters/payment/plans.hpp"

namespace iwas::adapters {

using domain::Invitation;
using domain::PaymentAccount;
using ports::GatewayError;
using ports::PaymentStatus;

std::string BankTransferMapping::new_refund_id(
    const PaymentAccount& /*account*/, UtcTime /*now*/, std::uint64_t /*chance*/) const
{
    return {};
}

GatewayPlan<ports::RefundStatus> BankTransferMapping::refund(
    const PaymentAccount& /*account*/, const ports::RefundOrder& /*order*/,
    const GatewayMoment& /*moment*/) const
{
    return failed_plan<ports::RefundStatus>(GatewayError::not_supported);
}
GatewayPlan<ports::RefundStatus> BankTransferMapping::find_refund(
    const PaymentAccount& /*account*/, const ports::RefundOrder& /*order*/,
    const GatewayMoment& /*moment*/) const
{
    return failed_plan<ports::RefundStatus>(GatewayError::not_supported);
}
GatewayPlan<Invitation> BankTransferMapping::bind(
    const PaymentAccount& /*account*/, const ports::PaymentOrder& /*order*/,
    const GatewayMoment& /*moment*/) const
{
    return failed_plan<Invitation>(GatewayError::not_supported);
}
GatewayPlan<ports::BindingStatus> BankTransferMapping::find_binding(
    const PaymentAccount& /*account*/, const ports::PaymentOrder& /*order*/,
    const GatewayMoment& /*moment*/) const
{
    return failed_plan<ports::BindingStatus>(GatewayError::not_supported);
}
GatewayPlan<std::monostate> BankTransferMapping::unbind(
    const PaymentAccount& /*account*/, const ports::PaymentOrder& /*order*/,
    const ports::BoundToken& /*token*/, const GatewayMoment& /*moment*/) const
{
    return failed_plan<std::monostate>(GatewayError::not_supported);
}
GatewayPlan<PaymentStatus> BankTransferMapping::charge(
    const PaymentAccount& /*account*/, const ports::PaymentOrder& /*order*/,
    const ports::BoundToken& /*token*/, const GatewayMoment& /*moment*/) const
{
    return failed_plan<PaymentStatus>(GatewayError::not_supported);
}
ports::NoticeReply BankTransferMapping::reply_to(
    const PaymentAccount& /*account*/, ports::NoticeOutcome outcome) const
{
    switch (outcome) {
    case ports::NoticeOutcome::recorded:
    case ports::NoticeOutcome::repeated:
    case ports::NoticeOutcome::unknown_order:
    case ports::NoticeOutcome::wrong_amount:
    case ports::NoticeOutcome::foreign:
    case ports::NoticeOutcome::unreadable:
        return {.status = 200, .content_type = "application/json", .body = R"({"success":true})"};
    case ports::NoticeOutcome::refused:
        return {.status = 401, .content_type = "application/json", .body = R"({"success":false})"};
    case ports::NoticeOutcome::not_kept: break;
    }
    return {.status = 500, .content_type = "application/json", .body = R"({"success":false})"};
}

} // namespace iwas::adapters
