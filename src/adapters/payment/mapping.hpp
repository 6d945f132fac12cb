// GatewayMapping: one gateway's protocol as pure functions, between the port's values and HTTP.
#pragma once

#include "adapters/http/client.hpp"
#include "ports/payment_gateway.hpp"

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace iwas::adapters {

template <class T>
struct GatewayStep;

/// An answer, or the call that leads to it. Some questions need several calls, one after the other.
template <class T>
using GatewayPlan = std::variant<ports::GatewayAnswer<T>, GatewayStep<T>>;

/// One call to a gateway. `read` never throws, whatever came, and borrows nothing: the account that
/// it was made for may be gone from the catalog when it runs.
template <class T>
struct GatewayStep {
    std::string base_url;
    http::OutboundRequest request; // sent again, octet for octet, when the outcome is open
    std::function<GatewayPlan<T>(const http::InboundResponse&)> read;
    /// At least so long lies between two such calls for the account to this address, whoever makes
    /// them: where the gateway allows only so many a second.
    Milliseconds spacing{0};
    /// Where a plan goes on without the answer, when none came in all the tries. Absent: it ends
    /// with the failure. Borrows nothing, as `read`.
    std::function<GatewayPlan<T>(const ports::GatewayFailure&)> on_failure{};
};

/// The payments on an account, as far as those who watch it tell. Each stands in it once.
struct TransferList {
    std::vector<ports::ListedPayment> payments;
    /// Why some may be missing. What is there is there all the same.
    std::optional<ports::GatewayFailure> failure;
};

/// What stands beside the order in a request, and may not come from a clock or chance in here.
struct GatewayMoment {
    UtcTime now;
    std::uint64_t chance = 0; // for request ids; the retry of a step has the same
};

/// Exhaustive and never fail-open: an unknown status is pending, an unreadable answer unknown, a
/// missing signature refused. Stateless; the account brings keys and addresses. The calls mean what
/// ports::PaymentGateways says; what a gateway lacks is not_supported.
class GatewayMapping {
public:
    virtual ~GatewayMapping() = default;

    [[nodiscard]] virtual std::string new_order_id(
        const domain::PaymentAccount& account, UtcTime now, std::uint64_t chance) const = 0;
    [[nodiscard]] virtual std::string new_refund_id(
        const domain::PaymentAccount& account, UtcTime now, std::uint64_t chance) const = 0;

    [[nodiscard]] virtual GatewayPlan<domain::Invitation> create(
        const domain::PaymentAccount& account, const ports::PaymentOrder& order,
        const GatewayMoment& moment) const = 0;
    [[nodiscard]] virtual GatewayPlan<ports::PaymentStatus> find(
        const domain::PaymentAccount& account, const ports::PaymentQuery& query,
        const GatewayMoment& moment) const = 0;
    /// Where `find` reads a list that answers for every other order as well: since when this one
    /// wants it. The caller asks for `transfers` once for all who want it at about the same time,
    /// and reads it with `find_in`.
    [[nodiscard]] virtual std::optional<UtcTime> listed_since(
        const ports::PaymentQuery& /*query*/) const
    {
        return std::nullopt;
    }
    [[nodiscard]] virtual GatewayPlan<TransferList> transfers(
        const domain::PaymentAccount& /*account*/, UtcTime /*from*/,
        const GatewayMoment& /*moment*/) const
    {
        return ports::GatewayAnswer<TransferList>{std::unexpected(
            ports::GatewayFailure{.error = ports::GatewayError::not_supported, .code = {}})};
    }
    [[nodiscard]] virtual GatewayPlan<ports::RefundStatus> refund(
        const domain::PaymentAccount& account, const ports::RefundOrder& order,
        const GatewayMoment& moment) const = 0;
    [[nodiscard]] virtual GatewayPlan<ports::RefundStatus> find_refund(
        const domain::PaymentAccount& account, const ports::RefundOrder& order,
        const GatewayMoment& moment) const = 0;

    [[nodiscard]] virtual GatewayPlan<domain::Invitation> bind(
        const domain::PaymentAccount& account, const ports::PaymentOrder& order,
        const GatewayMoment& moment) const = 0;
    [[nodiscard]] virtual GatewayPlan<ports::BindingStatus> find_binding(
        const domain::PaymentAccount& account, const ports::PaymentOrder& order,
        const GatewayMoment& moment) const = 0;
    [[nodiscard]] virtual GatewayPlan<std::monostate> unbind(
        const domain::PaymentAccount& account, const ports::PaymentOrder& order,
        const ports::BoundToken& token, const GatewayMoment& moment) const = 0;
    [[nodiscard]] virtual GatewayPlan<ports::PaymentStatus> charge(
        const domain::PaymentAccount& account, const ports::PaymentOrder& order,
        const ports::BoundToken& token, const GatewayMoment& moment) const = 0;

    [[nodiscard]] virtual GatewayPlan<std::vector<ports::ListedPayment>> list(
        const domain::PaymentAccount& account, UtcTime from, UtcTime to,
        const GatewayMoment& moment) const = 0;

    [[nodiscard]] virtual Result<ports::PaymentNotice, ports::NoticeError> read_notice(
        const domain::PaymentAccount& account, const ports::NoticeRequest& request) const = 0;
    [[nodiscard]] virtual ports::NoticeReply reply_to(
        const domain::PaymentAccount& account, ports::NoticeOutcome outcome) const = 0;
};

} // namespace iwas::adapters
