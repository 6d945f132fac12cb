#include "adapters/payment/momo/mapping.hpp"

#include "adapters/payment/momo/notice.hpp"
#include "adapters/payment/momo/orders.hpp"
#include "adapters/payment/momo/tokens.hpp"
#include "adapters/payment/order_ids.hpp"
#include "adapters/payment/plans.hpp"

namespace iwas::adapters {

using domain::PaymentAccount;
using ports::GatewayError;

namespace {

class MomoMapping final : public GatewayMapping {
public:
    /// Within MoMo's ^[0-9a-zA-Z]([-_.]*[0-9a-zA-Z]+)*$, and short enough to be a requestId (50)
    /// with a word behind it.
    std::string new_order_id(
        const PaymentAccount&, UtcTime now, std::uint64_t chance) const override
    {
        return "W" + vietnam_day(now) + "-" + hex_of(chance);
    }
    std::string new_refund_id(
        const PaymentAccount&, UtcTime now, std::uint64_t chance) const override
    {
        return "R" + vietnam_day(now) + "-" + hex_of(chance);
    }

    GatewayPlan<domain::Invitation> create(
        const PaymentAccount& account, const ports::PaymentOrder& order,
        const GatewayMoment&) const override
    {
        return momo::create_order(account, order);
    }
    GatewayPlan<ports::PaymentStatus> find(
        const PaymentAccount& account, const ports::PaymentQuery& query,
        const GatewayMoment& moment) const override
    {
        return momo::find_order(account, query, moment);
    }
    GatewayPlan<ports::RefundStatus> refund(
        const PaymentAccount& account, const ports::RefundOrder& order,
        const GatewayMoment& moment) const override
    {
        return momo::refund_order(account, order, moment);
    }
    GatewayPlan<ports::RefundStatus> find_refund(
        const PaymentAccount& account, const ports::RefundOrder& order,
        const GatewayMoment& moment) const override
    {
        return momo::find_refund_order(account, order, moment);
    }

    GatewayPlan<domain::Invitation> bind(
        const PaymentAccount& account, const ports::PaymentOrder& order,
        const GatewayMoment&) const override
    {
        if (!account.saves_tokens)
            return failed_plan<domain::Invitation>(GatewayError::not_supported);
        return momo::create_binding(account, order);
    }
    GatewayPlan<ports::BindingStatus> find_binding(
        const PaymentAccount& account, const ports::PaymentOrder& order,
        const GatewayMoment& moment) const override
    {
        return momo::find_binding_of(account, order, moment);
    }
    GatewayPlan<std::monostate> unbind(
        const PaymentAccount& account, const ports::PaymentOrder& order,
        const ports::BoundToken& token, const GatewayMoment&) const override
    {
        return momo::delete_token(account, order, token);
    }
    GatewayPlan<ports::PaymentStatus> charge(
        const PaymentAccount& account, const ports::PaymentOrder& order,
        const ports::BoundToken& token, const GatewayMoment& moment) const override
    {
        return momo::charge_token(account, order, token, moment);
    }

    GatewayPlan<std::vector<ports::ListedPayment>> list(
        const PaymentAccount&, UtcTime, UtcTime, const GatewayMoment&) const override
    {
        return failed_plan<std::vector<ports::ListedPayment>>(GatewayError::not_supported);
    }

    Result<ports::PaymentNotice, ports::NoticeError> read_notice(
        const PaymentAccount& account, const ports::NoticeRequest& request) const override
    {
        return momo::read_ipn(account, request);
    }
    ports::NoticeReply reply_to(const PaymentAccount&, ports::NoticeOutcome outcome) const override
    {
        return momo::reply_to_ipn(outcome);
    }
};

} // namespace

const GatewayMapping& momo_mapping()
{
    static const MomoMapping mapping;
    return mapping;
}

} // namespace iwas::adapters
