// GatewayClient: ports::PaymentGateways over HTTP, for every payment account of every organization.
#pragma once

#include "adapters/http/client.hpp"
#include "adapters/payment/mapping.hpp"
#include "adapters/payment/transfer_lists.hpp"
#include "core/backoff.hpp"
#include "core/circuit_breaker.hpp"
#include "ports/payment_gateway.hpp"
#include "ports/random.hpp"
#include "ports/store/catalog_store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::adapters {

struct GatewayClientOptions {
    /// One attempt, and how many follow the first with the same octets.
    Milliseconds attempt_timeout{10'000};
    unsigned retries_max = 1;
    BackoffPolicy backoff = {}; // 0.5 s ± 20 %
    CircuitBreaker::Limits breaker = {};
    /// Where gateways may live beside public addresses (this machine, for simulated ones).
    http::AddressPolicy addresses = {};
};

inline constexpr std::size_t gateway_errors = 7; // the enumerators of ports::GatewayError

/// What calls to one account came to, since the program started.
struct GatewayHealth {
    /// The worst of the account's addresses.
    CircuitBreaker::State breaker = CircuitBreaker::State::closed;
    std::optional<UtcTime> last_success; // of a call that ended with an answer
    std::optional<UtcTime> last_failure_at;
    /// The gateway's code, or what HTTP met: "timeout_unknown", "http_503". No personal data.
    std::string last_failure;
    std::uint64_t attempts = 0; // HTTP requests, the retries among them
    std::uint64_t retries = 0;
    std::uint64_t successes = 0;                          // calls
    std::array<std::uint64_t, gateway_errors> failures{}; // calls, by ports::GatewayError

    [[nodiscard]] std::uint64_t failed(ports::GatewayError error) const
    {
        return failures[static_cast<std::size_t>(error)];
    }
};

/// Use on the I/O thread only.
class GatewayClient final : public ports::PaymentGateways {
public:
    /// All of it outlives the adapter.
    GatewayClient(
        const ports::CatalogView& catalog, http::Caller& caller, ports::Clock& clock,
        ports::Random& random, GatewayClientOptions options = {});

    /// Empty for a method without a gateway.
    [[nodiscard]] std::string new_order_id(
        const domain::PaymentAccount& account, UtcTime now, std::uint64_t chance) const override;
    [[nodiscard]] std::string new_refund_id(
        const domain::PaymentAccount& account, UtcTime now, std::uint64_t chance) const override;

    ports::awaitable<ports::GatewayAnswer<domain::Invitation>> create(
        domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime deadline) override;
    ports::awaitable<ports::GatewayAnswer<ports::PaymentStatus>> find(
        domain::PaymentAccountId account, ports::PaymentQuery query, SteadyTime deadline) override;
    ports::awaitable<ports::GatewayAnswer<ports::RefundStatus>> refund(
        domain::PaymentAccountId account, ports::RefundOrder order, SteadyTime deadline) override;
    ports::awaitable<ports::GatewayAnswer<ports::RefundStatus>> find_refund(
        domain::PaymentAccountId account, ports::RefundOrder order, SteadyTime deadline) override;

    ports::awaitable<ports::GatewayAnswer<domain::Invitation>> bind(
        domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime deadline) override;
    ports::awaitable<ports::GatewayAnswer<ports::BindingStatus>> find_binding(
        domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime deadline) override;
    ports::awaitable<ports::GatewayAnswer<void>> unbind(
        domain::PaymentAccountId account, ports::PaymentOrder order, ports::BoundToken token,
        SteadyTime deadline) override;
    ports::awaitable<ports::GatewayAnswer<ports::PaymentStatus>> charge(
        domain::PaymentAccountId account, ports::PaymentOrder order, ports::BoundToken token,
        SteadyTime deadline) override;

    ports::awaitable<ports::GatewayAnswer<std::vector<ports::ListedPayment>>> list(
        domain::PaymentAccountId account, UtcTime from, UtcTime to, SteadyTime deadline) override;

    /// A method without a gateway: malformed.
    [[nodiscard]] Result<ports::PaymentNotice, ports::NoticeError> read_notice(
        const domain::PaymentAccount& account, const ports::NoticeRequest& request) const override;
    /// A method without a gateway: 404.
    [[nodiscard]] ports::NoticeReply reply_to(
        const domain::PaymentAccount& account, ports::NoticeOutcome outcome) const override;

    /// For the health view and metrics; all zero for an account that was never called.
    [[nodiscard]] GatewayHealth health(const domain::PaymentAccountId& account) const;

private:
    /// Whether a call changes anything at the gateway: a no after a lost answer proves nothing
    /// then.
    enum class Effect : std::uint8_t { changes, asks };
    struct Call {
        domain::PaymentAccountId account;
        std::string_view operation; // a literal, for logs
        Effect effect = Effect::asks;
        SteadyTime deadline;
    };
    /// One of an account's addresses, and when it may be called.
    struct Address {
        CircuitBreaker breaker;
        SteadyTime next_call{};   // where calls are spaced
        SteadyTime quiet_until{}; // it said that it is asked too often
    };
    /// One account's past: its addresses, and the counts.
    struct Watch {
        std::map<std::string, Address> addresses;
        GatewayHealth health;
    };
    template <class T>
    using Planner = std::function<GatewayPlan<T>(
        const GatewayMapping&, const domain::PaymentAccount&, const GatewayMoment&)>;

    Watch& watch_of(const domain::PaymentAccountId& account);
    Address& address_of(const domain::PaymentAccountId& account, const std::string& url);
    template <class T>
    GatewayPlan<T> plan_of(const Call& call, const Planner<T>& planner);
    template <class T>
    ports::awaitable<ports::GatewayAnswer<T>> walk(Call call, Planner<T> planner);
    template <class T>
    ports::awaitable<GatewayPlan<T>> take(Call call, GatewayStep<T> step);
    ports::awaitable<Result<http::InboundResponse, ports::GatewayFailure>> attempt(
        Call call, std::string base_url, http::OutboundRequest request);
    ports::awaitable<bool> wait_for_turn(Call call, std::string base_url, Milliseconds spacing);
    void note_refusal(const Call& call, const std::string& url, const http::InboundResponse& from);
    ports::awaitable<ports::GatewayAnswer<TransferList>> transfers(
        domain::PaymentAccountId account, UtcTime from, SteadyTime deadline);
    void count(const Call& call, const ports::GatewayFailure* failure);

    const ports::CatalogView& catalog_;
    http::Caller& caller_;
    ports::Clock& clock_;
    ports::Random& random_;
    GatewayClientOptions options_;
    std::map<domain::PaymentAccountId, Watch> watches_;
    TransferLists lists_;
};

} // namespace iwas::adapters
