#include "adapters/payment/zalopay/mapping.hpp"

#include "adapters/payment/order_ids.hpp"
#include "adapters/payment/plans.hpp"
#include "adapters/payment/zalopay/agreement.hpp"
#include "adapters/payment/zalopay/notice.hpp"
#include "adapters/payment/zalopay/orders.hpp"

namespace iwas::adapters {

using domain::PaymentAccount;
using ports::GatewayError;

namespace {

class ZalopayMapping final : public GatewayMapping {
public:
    /// ZaloPay demands the day in Vietnam in front, and at most 40 characters.
    std::string new_order_id(
        const PaymentAccount&, UtcTime now, std::uint64_t chance) const override
    {
        return vietnam_day(now) + "_" + hex_of(chance);
    }
    std::string new_refund_id(
        const PaymentAccount& account, UtcTime now, std::uint64_t chance) const override
    {
        return vietnam_day(now) + "_" + account.merchant + "_" + hex_of(chance);
    }

    GatewayPlan<domain::Invitation> create(
        const PaymentAccount& account, const ports::PaymentOrder& order,
        const GatewayMoment&) const override
    {
        return zalopay::create_order(account, order);
    }
    GatewayPlan<ports::PaymentStatus> find(
        const PaymentAccount& account, const ports::PaymentQuery& query,
        const GatewayMoment& moment) const override
    {
        return zalopay::find_order(account, query, moment);
    }
    GatewayPlan<ports::RefundStatus> refund(
        const PaymentAccount& account, const ports::RefundOrder& order,
        const GatewayMoment& moment) const override
    {
        return zalopay::refund_order(account, order, moment);
    }
    GatewayPlan<ports::RefundStatus> find_refund(
        const PaymentAccount& account, const ports::RefundOrder& order,
        const GatewayMoment& moment) const override
    {
        return zalopay::find_refund_order(account, order, moment);
    }

    GatewayPlan<domain::Invitation> bind(
        const PaymentAccount& account, const ports::PaymentOrder& order,
        const GatewayMoment& moment) const override
    {
        if (!account.saves_tokens)
            return failed_plan<domain::Invitation>(GatewayError::not_supported);
        return zalopay::bind_agreement(account, order, moment);
    }
    GatewayPlan<ports::BindingStatus> find_binding(
        const PaymentAccount& account, const ports::PaymentOrder& order,
        const GatewayMoment& moment) const override
    {
        return zalopay::find_agreement(account, order, moment);
    }
    GatewayPlan<std::monostate> unbind(
        const PaymentAccount& account, const ports::PaymentOrder& order,
        const ports::BoundToken& token, const GatewayMoment& moment) const override
    {
        return zalopay::unbind_agreement(account, order, token, moment);
    }
    GatewayPlan<ports::PaymentStatus> charge(
        const PaymentAccount& account, const ports::PaymentOrder& order,
        const ports::BoundToken& token, const GatewayMoment& moment) const override
    {
        return zalopay::pay_by_agreement(account, order, token, moment);
    }

    GatewayPlan<std::vector<ports::ListedPayment>> list(
        const PaymentAccount&, UtcTime, UtcTime, const GatewayMoment&) const override
    {
        return failed_plan<std::vector<ports::ListedPayment>>(GatewayError::not_supported);
    }

    Result<ports::PaymentNotice, ports::NoticeError> read_notice(
        const PaymentAccount& account, const ports::NoticeRequest& request) const override
    {
        return zalopay::read_callback(account, request);
    }
    ports::NoticeReply reply_to(const PaymentAccount&, ports::NoticeOutcome outcome) const override
    {
        return zalopay::reply_to_callback(outcome);
    }
};

} // namespace

const GatewayMapping& zalopay_mapping()
{
    static const ZalopayMapping mapping;
    return mapping;
}

} // namespace iwas::adapters
