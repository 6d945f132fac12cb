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
        bool is_doubted = false; // what is paid is held for suspicious
    };
    struct Refund {
        ports::RefundOrder asked;
        ports::RefundState state = ports::RefundState::pending;
    };
    /// One movement of money towards an organization.
    struct Movement {
        ports::ListedPayment listed;
        domain::PaymentAccountId account;
        Money refunded;           // what we asked to give back, done or under way
        bool is_reversed = false; // the gateway gave it back by itself
    };

    // What payers do. Nothing when there is no such order.
    std::optional<ports::ReceivedMoney> pay(const std::string& order_id, Money amount);
    /// A transfer that names no order.
    ports::ReceivedMoney transfer(
        const domain::PaymentAccountId& account, Money amount, std::string memo);
    /// Enters a payment into the account's book as if it had come at `paid_at`: of an order, or of
    /// none where `order_id` is empty. Nobody tells of it.
    ports::ReceivedMoney enter(
        const domain::PaymentAccountId& account, const std::string& order_id, Money amount,
        UtcTime paid_at);
    void refuse(const std::string& order_id);
    /// From now on the gateway doubts what is paid for the order.
    void doubt(const std::string& order_id);
    /// The gateway gives a payment back by itself, and knows it no more. False: it has gone back
    /// already.
    bool reverse(const std::string& gateway_id);
    /// What a customer does with a binding that was asked for as `order_id`; refusing one that he
    /// has agreed to withdraws it. False: it was never asked for.
    bool agree(const std::string& order_id);
    bool refuse_binding(const std::string& order_id);

    // How it behaves.
    bool is_down = false; // nobody reaches it; asked by who stands between
    std::optional<ports::GatewayError> create_fails;
    std::optional<ports::GatewayError> find_fails;
    std::optional<ports::GatewayError> refund_fails; // after it was made
    std::optional<ports::GatewayError> charge_fails; // before the money was taken
    std::optional<ports::GatewayError> charge_lost;  // the money was taken, the answer is lost
    bool charges_take_time = false;                  // pending, until `pay` or `refuse`
    bool charges_ask = false; // pending, with a page on which the customer says yes
    std::optional<ports::GatewayError> unbind_fails;
    std::optional<UtcTime> tokens_end_at;
    bool refunds_take_time = false;       // pending at first, done when asked again
    std::set<std::string> silent_refunds; // no question about these is answered
    bool refunds_fail = false;
    bool slow_refunds_fail = false; // those that take time do in the end
    std::set<domain::PaymentAccountId> without_list;
    /// The gateway forgets a payment or changes its amount: for tests of what differs.
    void forget(const std::string& gateway_id);
    void change_amount(const std::string& gateway_id, Money amount);
    void forget_refund(const std::string& refund_id) { refunds_.erase(refund_id); }
    void make_refund(const std::string& refund_id);
    /// The customer's bank refuses what counted as made.
    void fail_refund(const std::string& refund_id);

    [[nodiscard]] const std::map<std::string, Order>& orders() const { return orders_; }
    [[nodiscard]] const std::map<std::string, Refund>& refunds() const { return refunds_; }
    /// By the gateway's name of each.
    [[nodiscard]] const std::map<std::string, Movement>& movements() const { return movements_; }
    /// All that was taken from payers, and all that went back to them.
    [[nodiscard]] Money taken() const;
    [[nodiscard]] Money given_back() const;
    /// Tokens in force.
    [[nodiscard]] std::size_t agreements() const;
    /// How often a charge arrived here.
    [[nodiscard]] int charges() const { return charges_; }
    /// How often somebody asked for a refund.
    [[nodiscard]] int refund_questions() const { return refund_questions_; }

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
    /// A notice is the text "paid ORDER AMOUNT ID", "held ORDER AMOUNT ID", "failed ORDER
    /// [AMOUNT]" ("short" where the payer had too little, "locked" where he may not pay), "batch
    /// ORDER AMOUNT ID ORDER AMOUNT ID ...", "foreign ORDER", "garbled ORDER", "asked ORDER" (of a
    /// binding whose token has to be fetched), "bound ORDER" or "unbound ORDER", signed by the
    /// header `X-Signature: good`.
    [[nodiscard]] Result<ports::PaymentNotice, ports::NoticeError> read_notice(
        const domain::PaymentAccount& account, const ports::NoticeRequest& request) const override;
    [[nodiscard]] ports::NoticeReply reply_to(
        const domain::PaymentAccount& account, ports::NoticeOutcome outcome) const override;

private:
    struct Binding {
        ports::BindingState state = ports::BindingState::pending;
        ports::BoundToken token;
    };
    [[nodiscard]] ports::RefundStatus status_of(Refund& refund);
    /// Whether so much of the payment is still here. Of payments that it does not know: yes.
    [[nodiscard]] bool can_give_back(const ports::RefundOrder& order) const;
    ports::ReceivedMoney keep(Movement movement);
    [[nodiscard]] ports::BindingStatus status_of(const Binding& binding) const;
    [[nodiscard]] bool is_good(const ports::BoundToken& token) const;

    ports::Clock& clock_;
    std::map<std::string, Order> orders_;
    std::map<std::string, Refund> refunds_;
    std::map<std::string, Binding> bindings_; // by the order that asked for them
    std::map<std::string, Movement> movements_;
    int payments_ = 0;
    int charges_ = 0;
    int refund_questions_ = 0;
};

} // namespace iwas::sim
