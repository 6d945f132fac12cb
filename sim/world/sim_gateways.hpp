// SimGateways: the gateways as one life of IWAS sees them, with requests and answers that get lost.
#pragma once

#include "sim/gateways/gateway_model.hpp"
#include "sim/world/border.hpp"

namespace iwas::sim {

/// Two tries of ten seconds with the same ids.
class SimGateways final : public ports::PaymentGateways {
public:
    SimGateways(GatewayModel& model, Border border) : model_{model}, border_{std::move(border)} {}

    template <class T>
    using Answer = awaitable<ports::GatewayAnswer<T>>;

    [[nodiscard]] std::string new_order_id(
        const domain::PaymentAccount& account, UtcTime now, std::uint64_t chance) const override
    {
        return model_.new_order_id(account, now, chance);
    }
    [[nodiscard]] std::string new_refund_id(
        const domain::PaymentAccount& account, UtcTime now, std::uint64_t chance) const override
    {
        return model_.new_refund_id(account, now, chance);
    }
    Answer<domain::Invitation> create(
        domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime deadline) override;
    Answer<ports::PaymentStatus> find(
        domain::PaymentAccountId account, ports::PaymentQuery query, SteadyTime deadline) override;
    Answer<ports::RefundStatus> refund(
        domain::PaymentAccountId account, ports::RefundOrder order, SteadyTime deadline) override;
    Answer<ports::RefundStatus> find_refund(
        domain::PaymentAccountId account, ports::RefundOrder order, SteadyTime deadline) override;
    Answer<domain::Invitation> bind(
        domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime deadline) override;
    Answer<ports::BindingStatus> find_binding(
        domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime deadline) override;
    Answer<void> unbind(
        domain::PaymentAccountId account, ports::PaymentOrder order, ports::BoundToken token,
        SteadyTime deadline) override;
    Answer<ports::PaymentStatus> charge(
        domain::PaymentAccountId account, ports::PaymentOrder order, ports::BoundToken token,
        SteadyTime deadline) override;
    Answer<std::vector<ports::ListedPayment>> list(
        domain::PaymentAccountId account, UtcTime from, UtcTime to, SteadyTime deadline) override;
    [[nodiscard]] Result<ports::PaymentNotice, ports::NoticeError> read_notice(
        const domain::PaymentAccount& account, const ports::NoticeRequest& request) const override
    {
        return model_.read_notice(account, request);
    }
    [[nodiscard]] ports::NoticeReply reply_to(
        const domain::PaymentAccount& account, ports::NoticeOutcome outcome) const override
    {
        return model_.reply_to(account, outcome);
    }

private:
    template <class T>
    Answer<T> ask(std::string_view what, std::function<Answer<T>()> call, SteadyTime deadline);

    GatewayModel& model_;
    Border border_;
};

} // namespace iwas::sim
