// PurchasePackage: from "Buy" to online, or the money back.
#pragma once

#include "domain/account.hpp"
#include "domain/received_money.hpp"
#include "domain/reconciliation.hpp"
#include "workflows/outside.hpp"
#include "workflows/payment_way.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::workflows {

class RunSession;
class RunTrace;

struct PurchaseRequest {
    domain::Account account;
    domain::Visit visit;
    domain::PackageId package;
    Money quoted_price;
    std::string idempotency_key;              // 1-64 characters, chosen by the client
    std::optional<domain::SessionId> extends; // more time for this session instead of a new one
    domain::PaymentMethod method = domain::PaymentMethod::pc_balance;
    std::optional<domain::SavedMethodId>
        saved_method;        // pays by itself, or the account from which he does
    bool uses_credit = true; // store credit is spent first
    PaymentWay way;          // gateways only
};

enum class PurchaseRejection {
    package_not_available,
    payment_method_inactive,   // not offered here, or not to this account; or not kept any more
    reauthentication_required, // the password has to be typed once more for so much
    package_at_capacity,
    price_changed,
    credit_changed, // less store credit than the purchase needs
    device_blocked,
    device_already_active,
    purchase_limit_reached,
    session_not_extendable,
    idempotency_conflict,
    try_later,
};

struct PurchaseRejected {
    PurchaseRejection why = PurchaseRejection::try_later;
    std::optional<Money> current_price; // with price_changed
};

/// `refund_id` of money that the customer keeps as store credit.
inline constexpr std::string_view credit_refund_id = domain::credit_refund;

/// What the customer sees while and after he pays.
struct PurchaseView {
    domain::Transaction transaction;
    std::optional<domain::Session> session;
    std::optional<ports::LoginForm> form;         // the browser has to post it
    std::optional<domain::Invitation> invitation; // while a gateway waits for the customer
    Money received;                               // of the amount due, so far
    std::string payer_bank; // BIN of the bank of the saved account that pays; empty: not known
};

struct PurchaseLimits {
    Seconds charge_within = 25s;        // one charge with its retries
    Seconds charge_again_for = 60s;     // after a crash: how long the customer is thought to wait
    Seconds expire_after = 15min;       // no debit found by then: the order expires
    Seconds unknown_for = 24h;          // nobody could tell for so long: a person gets it
    Seconds activate_for = 30s;         // after the payment: online by then, or money back
    Seconds activate_by_browser = 60s;  // the same where the browser must post a form
    Seconds refund_by_itself_for = 24h; // then a person gets it
    Seconds watch_for = 48h;            // a debit that may still come
    Seconds lease = 120s;
    Seconds invite_within = 21s; // one request for an invitation, with its retry
    Seconds poll_charge = 3s;    // what a saved method was charged is asked for sooner
    Seconds absent_for = 60s;    // a gateway that does not know the charge by then never will
    Seconds poll_first = 10s;    // a gateway is asked again after so long, then less often
    Seconds poll_max = 60s;
    Seconds reopens_for = 24h;  // late money still buys what was ordered for so long
    Seconds after_part = 10min; // so long at least an order waits after a part of its money
};

class PurchasePackage {
public:
    PurchasePackage(Outside outside, RunSession& sessions, PurchaseLimits limits = {});

    /// Checks the order and makes it durable, with its resume job; no money has moved. The same
    /// idempotency key and request give the same transaction. The caller starts `carry_out`,
    /// unless `is_new` is false.
    awaitable<Result<ports::OpenedPurchase, PurchaseRejected>> begin(PurchaseRequest request);

    /// Carries out what `begin` opened for `request`: debit, session, router, or refund. Where it
    /// stops, by a crash or an unknown outcome, its job goes on.
    awaitable<void> carry_out(domain::Transaction opened, PurchaseRequest request);
    /// For who cannot start `carry_out` now: the job does it, at once.
    awaitable<void> leave_to_job(domain::TransactionId id);
    /// Handles resume_purchase, refund, watch_late_debit and attach_money: brings the transaction
    /// as far as it goes now, from any step. Running it twice does no harm.
    awaitable<void> handle(ports::Job job);

    /// The customer does not want to pay this way any more. What is paid all the same is late
    /// money. The transaction as it is now; not_found when it waits for no payment.
    awaitable<Result<domain::Transaction, ports::StoreError>> cancel(domain::TransactionId id);

    /// Money that waits for a person becomes store credit, if domain::may_keep_as_credit; else the
    /// transaction as it stands.
    awaitable<Result<domain::Transaction, ports::StoreError>> keep_as_credit(
        domain::TransactionId id);

    /// Records money that a gateway says it has taken, and does with it what it is good for.
    /// Durable when it returns, unless `not_kept`. `order_id`: empty where the gateway names none.
    /// `is_held`: the gateway itself doubts it; it grants nothing until a person has looked.
    awaitable<ports::NoticeOutcome> take_in(
        domain::PaymentAccount account, std::string order_id, ports::ReceivedMoney money,
        domain::PaymentSource source, bool is_held = false);
    /// What a gateway says of an order, by a notice or asked.
    awaitable<ports::NoticeOutcome> take_in_status(
        domain::PaymentAccount account, std::string order_id, ports::PaymentStatus status,
        domain::PaymentSource source);
    /// What a bank says of money on its account: each transfer is for the order that it names
    /// itself. not_kept when one of them is not durable.
    awaitable<ports::NoticeOutcome> take_in_transfers(
        domain::PaymentAccount account, std::vector<ports::ListedPayment> transfers,
        domain::PaymentSource source);
    enum class Attached {
        yes,       // the order has the money; what it is good for is done with it
        gone,      // it is not held for its owner any more, or fits the order no longer
        try_later, // the store did not answer
    };
    /// Gives money that was kept for want of an order to the order that it was meant for: all that
    /// is due, neither more nor less. Who decides that it is this one is the caller's business.
    awaitable<Attached> attach(domain::Payment payment, domain::TransactionId order);
    /// Asks the gateway now: the browser came back from it, or the customer says that he has paid.
    awaitable<void> look_now(domain::TransactionId id);

    /// Only asks: what the gateway says of an order or of a refund. Nothing is done about it.
    awaitable<ports::GatewayAnswer<ports::PaymentStatus>> ask_for_order(
        domain::Transaction order, SteadyTime by);
    awaitable<ports::GatewayAnswer<ports::RefundStatus>> ask_for_refund(
        domain::Transaction refund, SteadyTime by);

    awaitable<Result<std::optional<PurchaseView>, ports::StoreError>> view(
        domain::TransactionId id);

private:
    /// A fresh run debits; a resumed one first asks what happened.
    enum class Run { fresh, resumed };
    awaitable<void> resume(ports::Job job);

    awaitable<void> pay(domain::Transaction txn, domain::Account buyer, Run run, RunTrace& trace);
    awaitable<void> find_payment(domain::Transaction txn, RunTrace& trace);
    awaitable<void> pay_again(domain::Transaction txn, RunTrace& trace);
    awaitable<void> give_up_asking(domain::Transaction txn, RunTrace& trace);
    awaitable<void> settle(domain::Transaction txn, ports::PcCharge charge, RunTrace& trace);
    awaitable<void> settle_paid(domain::Transaction txn, std::string actor, RunTrace& trace);

    /// What is stored together with a transaction that has become paid.
    struct Receipt {
        std::string actor;
        std::vector<domain::Payment> payments;
        std::vector<ports::FoundPayment> found;
        std::vector<domain::Transaction> others;
        std::vector<ports::CreditEntry> credit;
        std::vector<ports::Job> jobs;
        std::vector<domain::JobId> finished;
    };
    enum class Extended { yes, session_over, not_stored };
    awaitable<Extended> extend(domain::Transaction txn, Receipt receipt, RunTrace& trace);
    awaitable<void> refuse_amount(domain::Transaction txn, ports::PcCharge charge, RunTrace& trace);
    /// `is_watched`: a request that was sent earlier may still debit.
    awaitable<void> decline(
        domain::Transaction txn, domain::TransactionState state, domain::TransactionReason reason,
        std::optional<Money> available, bool is_watched, RunTrace& trace);
    // Paying at a gateway (purchase_gateway.cpp, purchase_notice.cpp, purchase_money.cpp,
    // purchase_aside.cpp).
    awaitable<void> invite(
        domain::Transaction txn, domain::Account buyer, PaymentWay way, RunTrace& trace);
    awaitable<std::string> payer_bank_of(domain::Transaction txn);
    awaitable<Result<void, PurchaseRejection>> check_saved_method(
        PurchaseRequest request, Money due);
    awaitable<void> charge_saved(
        domain::Transaction txn, domain::Account buyer, PaymentWay way, RunTrace& trace);
    awaitable<void> take_in_charge(
        domain::Transaction txn, ports::GatewayAnswer<ports::PaymentStatus> charged,
        RunTrace& trace);
    awaitable<void> find_money(domain::Transaction txn, RunTrace& trace);
    awaitable<void> look_for_late_money(domain::Transaction txn, domain::JobId job);
    awaitable<void> look_again_later(domain::Transaction txn, domain::JobId job, bool is_absent);
    /// Money, and the order that it is taken for as it was loaded.
    struct Incoming {
        domain::PaymentAccount account;
        ports::ReceivedMoney money;
        domain::PaymentSource source = domain::PaymentSource::notice;
        domain::Transaction order;
        Money paid_before;
        /// Of money that was kept until its order was found: its payment, and what kept it.
        std::optional<domain::PaymentId> found{};
        std::optional<domain::Transaction> kept_by{};
        /// The transaction that held the money until a person gave it to this order, as it is to
        /// be stored; and who that was.
        std::optional<domain::Transaction> taken_from{};
        std::string staff{};
    };
    /// What became of one try to record it; nothing: the rows changed, decide anew.
    using Taken = std::optional<ports::NoticeOutcome>;
    awaitable<Result<std::optional<domain::Transaction>, ports::StoreError>> order_of(
        domain::PaymentAccount account, std::string order_id, ports::ReceivedMoney money);
    awaitable<Taken> pay_order(Incoming incoming);
    awaitable<Taken> keep_part(Incoming incoming);
    awaitable<Taken> set_aside(Incoming incoming, domain::TransactionReason reason);
    awaitable<Taken> give_late_money_back(Incoming incoming);
    awaitable<Taken> keep_unmatched(Incoming incoming);
    awaitable<Taken> take_in_once(
        domain::PaymentAccount account, std::string order_id, ports::ReceivedMoney money,
        domain::PaymentSource source, bool is_held);
    awaitable<ports::NoticeOutcome> told_again(
        domain::Payment known, ports::ReceivedMoney money, domain::PaymentSource source);
    awaitable<Taken> extend_paid(Incoming incoming, Receipt receipt);
    awaitable<std::optional<Attached>> attach_once(
        domain::Payment payment, domain::TransactionId order);
    awaitable<void> attach_money(ports::Job job);
    awaitable<Taken> attach_once(
        ports::Job job, domain::Transaction held, domain::Transaction order);
    awaitable<Taken> refuse_to_attach(
        ports::Job job, domain::Transaction held, std::string_view why);
    [[nodiscard]] domain::Payment payment_of(
        const Incoming& incoming, domain::TransactionId transaction);
    awaitable<void> continue_activation(domain::Transaction txn, domain::Session session);
    void tell_of_asides(const std::vector<domain::Transaction>& asides) const;
    void keep_challenge(const domain::TransactionId& id, ports::LoginChallenge challenge);
    awaitable<void> activate_paid(domain::Transaction txn, domain::Session session);
    /// `is_new_try`: a person says that a refund which clearly failed shall be tried anew.
    awaitable<void> refund_at_gateway(
        domain::Transaction txn, RunTrace& trace, bool is_new_try = false);
    awaitable<std::optional<ports::RefundOrder>> refund_order_of(domain::Transaction txn);

    awaitable<void> resume_activation(domain::Transaction txn, RunTrace& trace);
    awaitable<void> activate(domain::Transaction txn, domain::Session session, RunTrace& trace);
    awaitable<void> compensate(domain::Transaction txn, domain::Session session, RunTrace& trace);
    awaitable<void> give_back(
        domain::Transaction txn, domain::TransactionReason reason, std::string why,
        RunTrace& trace);
    awaitable<void> resume_refund(
        domain::Transaction txn, RunTrace& trace, bool is_new_try = false);
    awaitable<void> refund(domain::Transaction txn, RunTrace& trace);
    awaitable<void> finish_refund(domain::Transaction txn, std::string refund_id, RunTrace& trace);
    /// `holds_credit`: the transaction was open until now.
    awaitable<void> queue_refund(
        domain::Transaction txn, std::string why, bool holds_credit, RunTrace& trace);
    void tell_queued(const domain::Transaction& txn, const std::string& why, RunTrace& trace) const;
    awaitable<void> watch_late_debit(ports::Job job);

    /// Parts of a transfer that never became enough: each order that ends lets go of them.
    awaitable<bool> release_parts(ports::Step& step, domain::Transaction txn);

    /// Commits and tells the watchers. Nothing: nothing may be assumed; the job brings it back.
    awaitable<std::optional<ports::Committed>> commit(ports::Step step);
    awaitable<void> try_again(domain::TransactionId id, ports::JobKind kind, Milliseconds after);
    [[nodiscard]] domain::Session session_for(const domain::Transaction& txn);
    [[nodiscard]] ports::LoginChallenge known_challenge(const domain::TransactionId& id) const;

    Outside outside_;
    RunSession& sessions_;
    PurchaseLimits limits_;
    struct WaitingForm {
        ports::LoginForm form;
        UtcTime until;
    };
    /// Forms that browsers have to post, until the wait is over.
    std::map<domain::TransactionId, WaitingForm> forms_;
    /// Of the runs under way and of the orders that wait for money. A resumed one has it from its
    /// job.
    std::map<domain::TransactionId, ports::LoginChallenge> challenges_;
};

} // namespace iwas::workflows
