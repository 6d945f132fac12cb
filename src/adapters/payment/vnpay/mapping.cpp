#include "adapters/payment/vnpay/mapping.hpp"

#include "adapters/payment/order_ids.hpp"
#include "adapters/payment/plans.hpp"
#include "adapters/payment/vnpay/parts.hpp"

#include <charconv>

namespace iwas::adapters {

namespace vnpay {

bool has_keys(const domain::PaymentAccount& account)
{
    return !account.merchant.empty() && !account.secret_key.empty();
}

std::optional<Money> money_from(std::string_view text)
{
    constexpr std::size_t digits_max = 12;
    std::int64_t hundredths = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hundredths);
    if (error != std::errc{} || end != text.data() + text.size() || text.size() > digits_max ||
        hundredths < 0 || hundredths % amount_factor != 0)
        return std::nullopt;
    return Money{hundredths / amount_factor};
}

std::string amount_text(Money amount)
{
    return std::to_string(amount.vnd() * amount_factor);
}

} // namespace vnpay

namespace {

using domain::PaymentAccount;
using ports::GatewayError;

class VnpayMapping final : public GatewayMapping {
public:
    /// vnp_TxnRef: letters and digits, unique for the merchant and day.
    [[nodiscard]] std::string new_order_id(
        const PaymentAccount& /*account*/, UtcTime now, std::uint64_t chance) const override
    {
        return "IW" + vietnam_day(now) + hex_of(chance);
    }
    /// vnp_RequestId: at most 32, unique for the day.
    [[nodiscard]] std::string new_refund_id(
        const PaymentAccount& /*account*/, UtcTime now, std::uint64_t chance) const override
    {
        return std::string{vnpay::refund_prefix} + vietnam_day(now) + hex_of(chance);
    }

    [[nodiscard]] GatewayPlan<domain::Invitation> create(
        const PaymentAccount& account, const ports::PaymentOrder& order,
        const GatewayMoment& /*moment*/) const override
    {
        return vnpay::pay_page(account, order);
    }
    [[nodiscard]] GatewayPlan<ports::PaymentStatus> find(
        const PaymentAccount& account, const ports::PaymentQuery& query,
        const GatewayMoment& moment) const override
    {
        return vnpay::find_payment(account, query, moment);
    }
    [[nodiscard]] GatewayPlan<ports::RefundStatus> refund(
        const PaymentAccount& account, const ports::RefundOrder& order,
        const GatewayMoment& moment) const override
    {
        return vnpay::refund_payment(account, order, moment);
    }
    [[nodiscard]] GatewayPlan<ports::RefundStatus> find_refund(
        const PaymentAccount& account, const ports::RefundOrder& order,
        const GatewayMoment& moment) const override
    {
        return vnpay::find_refund_of(account, order, moment);
    }

    [[nodiscard]] GatewayPlan<domain::Invitation> bind(
        const PaymentAccount& account, const ports::PaymentOrder& order,
        const GatewayMoment& /*moment*/) const override
    {
        return vnpay::bind_page(account, order);
    }
    /// Only the notice tells.
    [[nodiscard]] GatewayPlan<ports::BindingStatus> find_binding(
        const PaymentAccount& /*account*/, const ports::PaymentOrder& /*order*/,
        const GatewayMoment& /*moment*/) const override
    {
        return failed_plan<ports::BindingStatus>(GatewayError::not_supported);
    }
    [[nodiscard]] GatewayPlan<std::monostate> unbind(
        const PaymentAccount& /*account*/, const ports::PaymentOrder& /*order*/,
        const ports::BoundToken& /*token*/, const GatewayMoment& /*moment*/) const override
    {
        return failed_plan<std::monostate>(GatewayError::not_supported);
    }
    [[nodiscard]] GatewayPlan<ports::PaymentStatus> charge(
        const PaymentAccount& account, const ports::PaymentOrder& order,
        const ports::BoundToken& token, const GatewayMoment& /*moment*/) const override
    {
        return vnpay::charge_page(account, order, token);
    }

    [[nodiscard]] GatewayPlan<std::vector<ports::ListedPayment>> list(
        const PaymentAccount& /*account*/, UtcTime /*from*/, UtcTime /*to*/,
        const GatewayMoment& /*moment*/) const override
    {
        return failed_plan<std::vector<ports::ListedPayment>>(GatewayError::not_supported);
    }

    [[nodiscard]] Result<ports::PaymentNotice, ports::NoticeError> read_notice(
        const PaymentAccount& account, const ports::NoticeRequest& request) const override
    {
        return vnpay::read_notice(account, request);
    }
    [[nodiscard]] ports::NoticeReply reply_to(
        const PaymentAccount& /*account*/, ports::NoticeOutcome outcome) const override
    {
        return vnpay::reply_to(outcome);
    }
};

} // namespace

const GatewayMapping& vnpay_mapping()
{
    static const VnpayMapping mapping;
    return mapping;
}

} // namespace iwas::adapters
