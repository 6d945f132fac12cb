// GatewayModel: every gateway of every organization in one table, behind the port itself. For
// tests of workflows and the simulated world; the wire protocols are simulated in sim/payment.
#pragma once

#include "ports/payment_gateway.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace iwas::sim {

using ports::awaitable;

/// Answers at once and never fails by itself; what can go wrong is put around it.
class GatewayModel final : public ports::PaymentGateways {
public:
    explicit GatewayModel(ports::Clock& clock) : clock_{clock} {}

    struct Order {
        ports::PaymentOrder asked;
        domain::PaymentAccountId account;
        std::vector<ports::ReceivedMoney> received;
        bool is_refused = false;
        Money refunded;
    };
    struct Refund {
        ports::RefundOrder asked;
        ports::RefundState state = ports::RefundState::pending;
    };

    // What payers do. Nothing when there is no such order.
    std::optional<ports::ReceivedMoney> pay(const std::string& order_id, Money amount);
    /// A transfer that names no order.
    ports::ReceivedMoney transfer(
        const domain::PaymentAccountId& account, Money amount, std::string memo);
    void refuse(const std::string& order_id);

    // How it behaves.
    std::optional<ports::GatewayError> create_fails;
    std::optional<ports::GatewayError> find_fails;
    std::optional<ports::GatewayError> refund_fails; // after it was made
    bool refunds_take_time = false;                  // pending at first, done when asked again
    bool refunds_fail = false;
    std::set<domain::PaymentAccountId> without_list;
    /// The gateway forgets a payment or changes its amount: for tests of what differs.
    void forget(const std::string& gateway_id);
    void change_amount(const std::string& gateway_id, Money amount);
    void forget_refund(const std::string& refund_id) { refunds_.erase(refund_id); }
    void make_refund(const std::string& refund_id);

    [[nodiscard]] const std::map<std::string, Order>& orders() const { return orders_; }
    [[nodiscard]] const std::map<std::string, Refund>& refunds() const { return refunds_; }
    /// All that was taken from payers, and all that went back to them.
    [[nodiscard]] Money taken() const;
    [[nodiscard]] Money given_back() const;

    [[nodiscard]] std::string new_order_id(
        const domain::PaymentAccount& account, UtcTime now, std::uint64_t chance) const override;
    [[nodiscard]] std::string new_refund_id(
        const domain::PaymentAccount& account, UtcTime now, std::uint64_t chance) const override;
    awaitable<ports::GatewayAnswer<domain::Invitation>> create(
        domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime deadline) override;
    awaitable<ports::GatewayAnswer<ports::PaymentStatus>> find(
        domain::PaymentAccountId account, ports::PaymentQuery query, SteadyTime deadline) override;
    awaitable<ports::GatewayAnswer<ports::RefundStatus>> refund(
        domain::PaymentAccountId account, ports::RefundOrder order, SteadyTime deadline) override;
    awaitable<ports::GatewayAnswer<ports::RefundStatus>> find_refund(
        domain::PaymentAccountId account, ports::RefundOrder order, SteadyTime deadline) override;
    awaitable<ports::GatewayAnswer<domain::Invitation>> bind(
        domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime deadline) override;
    awaitable<ports::GatewayAnswer<ports::BindingStatus>> find_binding(
        domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime deadline) override;
    awaitable<ports::GatewayAnswer<void>> unbind(
        domain::PaymentAccountId account, ports::PaymentOrder order, ports::BoundToken token,
        SteadyTime deadline) override;
    awaitable<ports::GatewayAnswer<ports::PaymentStatus>> charge(
        domain::PaymentAccountId account, ports::PaymentOrder order, ports::BoundToken token,
        SteadyTime deadline) override;
    awaitable<ports::GatewayAnswer<std::vector<ports::ListedPayment>>> list(
        domain::PaymentAccountId account, UtcTime from, UtcTime to, SteadyTime deadline) override;
    /// A notice is the text "paid ORDER AMOUNT ID" or "failed ORDER", signed by the header
    /// `X-Signature: good`.
    [[nodiscard]] Result<ports::PaymentNotice, ports::NoticeError> read_notice(
        const domain::PaymentAccount& account, const ports::NoticeRequest& request) const override;
    [[nodiscard]] ports::NoticeReply reply_to(
        const domain::PaymentAccount& account, ports::NoticeOutcome outcome) const override;

private:
    [[nodiscard]] ports::RefundStatus status_of(Refund& refund);

    ports::Clock& clock_;
    std::map<std::string, Order> orders_;
    std::map<std::string, Refund> refunds_;
    std::map<std::string, ports::BoundToken> bindings_; // by the order that asked for them
    struct Transfer {
        domain::PaymentAccountId account;
        ports::ListedPayment listed;
    };
    std::vector<Transfer> transfers_;
    int payments_ = 0;
};

} // namespace iwas::sim
