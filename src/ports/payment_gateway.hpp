// PaymentGateways: what workflows ask of MoMo, ZaloPay, VNPay, PayOS and bank feeds.
// Real: adapters/payment, a folder a gateway. Simulated: sim/payment, behind the same HTTP.
#pragma once

#include "core/money.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "domain/payment.hpp"
#include "domain/payment_account.hpp"
#include "domain/transaction.hpp"
#include "ports/clock.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::ports {

enum class GatewayError {
    refused,       // a clear no; nothing happened at the gateway
    duplicate,     // it knows this order id already, and does not say with what
    not_found,     // it knows no such order, refund or token
    misconfigured, // our keys, signature or settings are wrong: for the organization to mend
    not_supported, // this gateway, or this account, has no such thing
    unavailable,   // could not be asked; nothing happened
    unknown,       // sent, and no usable answer; it may have happened
};

struct GatewayFailure {
    GatewayError error = GatewayError::unknown;
    /// Why, in the customer's words, where the gateway told.
    domain::TransactionReason reason = domain::TransactionReason::declined;
    std::string code; // the gateway's own, for staff and logs
};
template <class T>
using GatewayAnswer = Result<T, GatewayFailure>;

/// An order as the gateway shall know it. Fixed before the first send and the same in every try.
struct PaymentOrder {
    std::string order_id;    // from new_order_id
    Money amount;            // what the gateway shall take
    std::string description; // A-Z, a-z, 0-9 and spaces; at most 50
    UtcTime created_at;
    UtcTime expires_at;
    std::string return_url;      // where the browser goes afterwards; proves nothing
    std::string notify_url;      // of the gateway's notices; no query
    std::string payer_address;   // the customer's IPv4, as VNPay wants it
    std::string language = "vi"; // vi or en
    std::string customer;        // an opaque name of the payer, the same for all his orders
};

/// By what an order is found again.
struct PaymentQuery {
    std::string order_id;
    std::string gateway_order; // Invitation::gateway_order
    Money amount;
    UtcTime created_at; // PaymentOrder::created_at
    std::string payer_address;
};

/// Money of an order that the gateway says it has taken.
struct ReceivedMoney {
    std::string gateway_id; // the gateway's name of this payment
    Money amount;
    UtcTime paid_at;
    std::string memo;
    std::string payer; // masked
};

enum class PaymentState {
    pending, // may still be paid; whatever is not clearly an end
    paid,    // the order is paid (a bank transfer: money has come; the amounts decide)
    failed,  // ended without money; some gateways still deliver money afterwards
    held,    // taken, and the gateway itself doubts it: a person decides
};

struct PaymentStatus {
    PaymentState state = PaymentState::pending;
    std::vector<ReceivedMoney> received;                                // with `paid` and `held`
    domain::TransactionReason reason = domain::TransactionReason::none; // with `failed`
    std::string code;
    /// Of a charge that is pending until the customer confirms it on the gateway's page (VNPay).
    std::optional<domain::Invitation> invitation{};
    /// What the order is of, as a gateway says that tells of failures too: a `failed` or `pending`
    /// of another amount is not of our order, and changes nothing.
    std::optional<Money> order_amount{};
};

struct RefundOrder {
    std::string refund_id; // from new_refund_id: fixed before the first send
    std::string order_id;
    std::string gateway_id; // of the payment that is given back
    Money amount;
    Money paid; // the whole payment
    UtcTime order_created_at;
    UtcTime created_at;
    std::string description; // A-Z, a-z, 0-9 and spaces
    std::string payer_address;
};

enum class RefundState {
    pending, // accepted and under way: ask again
    done,
    failed, // clearly not made
};
struct RefundStatus {
    RefundState state = RefundState::pending;
    std::string gateway_id; // the gateway's name of the refund, once it has one
    std::string code;
};

/// A payment method that the customer saved with the gateway; `token` charges him.
struct BoundToken {
    SecretText token;       // as the gateway gave it (MoMo: the decrypted JSON)
    std::string binding_id; // zalopay: needed to unbind
    std::string label;      // masked, such as "09****123"
    std::optional<UtcTime> expires_at;
};
enum class BindingState { pending, bound, failed };
struct BindingStatus {
    BindingState state = BindingState::pending;
    std::optional<BoundToken> token; // with `bound`
    std::string code;
};

/// A line of the gateway's or bank's own list of payments, or of a bank's notice.
struct ListedPayment {
    std::string order_id; // empty where it names none; no order's name where it names several
    ReceivedMoney money;
};

/// A notice as HTTP brought it. Views live for the call only.
struct NoticeRequest {
    std::string_view query; // what followed '?', still encoded
    std::string_view body;
    std::function<std::string_view(std::string_view name)> header;
    UtcTime now;
};
enum class NoticeError {
    malformed,       // not what this gateway sends, and nothing in it proves that it is from there
    signature_wrong, // missing or wrong: not from the gateway
    too_old,         // rightly signed, outside the window: a replay
};
enum class NoticeKind {
    payment,    // of an order: `status`
    transfers,  // of money on a bank account: `transfers`
    binding,    // of a token that the customer has allowed or withdrawn
    test,       // the gateway tries the address; nothing to keep
    foreign,    // rightly signed, for another merchant or account: only `kept_body` counts
    unreadable, // rightly signed, and nothing in it can be used: only `kept_body` counts
};
/// What in a rightly signed notice could not be read. A person looks at the kept body: it may be
/// money.
enum class Unread {
    nothing,
    order,
    amount,
    other,
};
struct PaymentNotice {
    NoticeKind kind = NoticeKind::payment;
    /// Of `status` and `binding`. Of transfers: the order that all of them name, if there is one;
    /// for the record only, since each transfer names its own.
    std::string order_id;
    PaymentStatus status;
    std::vector<ListedPayment> transfers; // one notice may pay several orders
    BindingStatus binding;
    std::string kept_body;           // what is kept for audit: personal data masked
    Unread unread = Unread::nothing; // the rest of the notice is taken in all the same
};
/// What became of a notice; decides the reply.
enum class NoticeOutcome {
    recorded,      // durable
    repeated,      // was durable before
    unknown_order, // kept for a person; grants nothing
    wrong_amount,  // kept; grants nothing
    foreign,       // not ours, as its right signature itself says; its body is kept
    unreadable,    // rightly signed; its body is kept for a person, and sent again it says the same
    not_kept,      // the store did not answer: the gateway shall send it again
    refused,       // NoticeError
};
struct NoticeReply {
    int status = 200;
    std::string content_type; // empty: no body
    std::string body;
};

/// Every call names the account, is bounded by `deadline`, tries once again with the same ids where
/// the outcome is open (10 s each, 1 retry), and is not cancellable. Accounts come from
/// the catalog when the call begins; one that is gone gives misconfigured.
class PaymentGateways {
public:
    virtual ~PaymentGateways() = default;

    /// A name for an order or binding as the gateway demands it; `chance` is random and makes it
    /// unique for the account. A bank transfer's stands in the memo and is short.
    [[nodiscard]] virtual std::string new_order_id(
        const domain::PaymentAccount& account, UtcTime now, std::uint64_t chance) const = 0;
    [[nodiscard]] virtual std::string new_refund_id(
        const domain::PaymentAccount& account, UtcTime now, std::uint64_t chance) const = 0;

    /// Asks for the order to be paid. Repeating the same order gives the same invitation, or
    /// `duplicate` where the gateway does not tell it twice.
    virtual awaitable<GatewayAnswer<domain::Invitation>> create(
        domain::PaymentAccountId account, PaymentOrder order, SteadyTime deadline) = 0;
    /// What became of an order.
    virtual awaitable<GatewayAnswer<PaymentStatus>> find(
        domain::PaymentAccountId account, PaymentQuery query, SteadyTime deadline) = 0;
    /// Gives money back. Repeating the same order gives the state of the first.
    virtual awaitable<GatewayAnswer<RefundStatus>> refund(
        domain::PaymentAccountId account, RefundOrder order, SteadyTime deadline) = 0;
    /// not_found: the gateway has no such refund (at this moment).
    virtual awaitable<GatewayAnswer<RefundStatus>> find_refund(
        domain::PaymentAccountId account, RefundOrder order, SteadyTime deadline) = 0;

    /// Asks the customer to allow one-tap payments; `order.amount` 0: nothing is paid now.
    virtual awaitable<GatewayAnswer<domain::Invitation>> bind(
        domain::PaymentAccountId account, PaymentOrder order, SteadyTime deadline) = 0;
    /// What became of a binding that was asked for with `order`.
    virtual awaitable<GatewayAnswer<BindingStatus>> find_binding(
        domain::PaymentAccountId account, PaymentOrder order, SteadyTime deadline) = 0;
    virtual awaitable<GatewayAnswer<void>> unbind(
        domain::PaymentAccountId account, PaymentOrder order, BoundToken token,
        SteadyTime deadline) = 0;
    /// One-tap payment. `pending` is common: a notice or `find` settles it. `received` as in find.
    virtual awaitable<GatewayAnswer<PaymentStatus>> charge(
        domain::PaymentAccountId account, PaymentOrder order, BoundToken token,
        SteadyTime deadline) = 0;

    /// What the gateway or the bank feeds list for [from, to). not_supported: it has no list, and
    /// each order is asked for with `find`.
    virtual awaitable<GatewayAnswer<std::vector<ListedPayment>>> list(
        domain::PaymentAccountId account, UtcTime from, UtcTime to, SteadyTime deadline) = 0;

    /// Verifies and reads a notice; pure. The signature comes first.
    [[nodiscard]] virtual Result<PaymentNotice, NoticeError> read_notice(
        const domain::PaymentAccount& account, const NoticeRequest& request) const = 0;
    /// What the gateway expects to hear, word by word.
    [[nodiscard]] virtual NoticeReply reply_to(
        const domain::PaymentAccount& account, NoticeOutcome outcome) const = 0;
};

} // namespace iwas::ports
