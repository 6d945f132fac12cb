#include "sim/world/sim_gateways.hpp"

namespace iwas::sim {

namespace {

constexpr Milliseconds usual{300};
constexpr Seconds try_timeout{10};
constexpr int tries_max = 2;

} // namespace

template <class T>
SimGateways::Answer<T> SimGateways::ask(
    std::string_view what, std::function<Answer<T>()> call, SteadyTime deadline)
{
    Nature& nature = border_.nature();
    for (int tries = 0; tries < tries_max; ++tries) {
        co_await border_.cross(what, usual);
        // Of an earlier try, which nobody answered, this says nothing.
        const auto down =
            tries == 0 ? ports::GatewayError::unavailable : ports::GatewayError::unknown;
        if (model_.is_down)
            co_return std::unexpected{ports::GatewayFailure{.error = down, .code = "down"}};
        const bool arrives = !nature.random.chance(nature.faults.gateway_request_lost);
        const bool is_heard = !nature.random.chance(nature.faults.gateway_answer_lost);
        if (arrives) {
            auto answer = co_await call();
            co_await border_.cross(what, usual);
            if (is_heard) co_return answer;
        }
        const SteadyTime waited = std::min(nature.clock.steady_now() + try_timeout, deadline);
        co_await nature.clock.sleep_until(waited);
        border_.throw_if_over();
        if (nature.clock.steady_now() >= deadline) break;
    }
    co_return std::unexpected{
        ports::GatewayFailure{.error = ports::GatewayError::unknown, .code = ""}};
}

SimGateways::Answer<domain::Invitation> SimGateways::create(
    domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime deadline)
{
    return ask<domain::Invitation>(
        "gateway create",
        [this, account, order, deadline] { return model_.create(account, order, deadline); },
        deadline);
}

SimGateways::Answer<ports::PaymentStatus> SimGateways::find(
    domain::PaymentAccountId account, ports::PaymentQuery query, SteadyTime deadline)
{
    return ask<ports::PaymentStatus>(
        "gateway find",
        [this, account, query, deadline] { return model_.find(account, query, deadline); },
        deadline);
}

SimGateways::Answer<ports::RefundStatus> SimGateways::refund(
    domain::PaymentAccountId account, ports::RefundOrder order, SteadyTime deadline)
{
    return ask<ports::RefundStatus>(
        "gateway refund",
        [this, account, order, deadline] { return model_.refund(account, order, deadline); },
        deadline);
}

SimGateways::Answer<ports::RefundStatus> SimGateways::find_refund(
    domain::PaymentAccountId account, ports::RefundOrder order, SteadyTime deadline)
{
    return ask<ports::RefundStatus>(
        "gateway find_refund",
        [this, account, order, deadline] { return model_.find_refund(account, order, deadline); },
        deadline);
}

SimGateways::Answer<domain::Invitation> SimGateways::bind(
    domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime deadline)
{
    return ask<domain::Invitation>(
        "gateway bind",
        [this, account, order, deadline] { return model_.bind(account, order, deadline); },
        deadline);
}

SimGateways::Answer<ports::BindingStatus> SimGateways::find_binding(
    domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime deadline)
{
    return ask<ports::BindingStatus>(
        "gateway find_binding",
        [this, account, order, deadline] { return model_.find_binding(account, order, deadline); },
        deadline);
}

SimGateways::Answer<void> SimGateways::unbind(
    domain::PaymentAccountId account, ports::PaymentOrder order, ports::BoundToken token,
    SteadyTime deadline)
{
    return ask<void>(
        "gateway unbind",
        [this, account, order, token, deadline] {
            return model_.unbind(account, order, token, deadline);
        },
        deadline);
}

SimGateways::Answer<ports::PaymentStatus> SimGateways::charge(
    domain::PaymentAccountId account, ports::PaymentOrder order, ports::BoundToken token,
    SteadyTime deadline)
{
    return ask<ports::PaymentStatus>(
        "gateway charge",
        [this, account, order, token, deadline] {
            return model_.charge(account, order, token, deadline);
        },
        deadline);
}

SimGateways::Answer<std::vector<ports::ListedPayment>> SimGateways::list(
    domain::PaymentAccountId account, UtcTime from, UtcTime to, SteadyTime deadline)
{
    return ask<std::vector<ports::ListedPayment>>(
        "gateway list",
        [this, account, from, to, deadline] { return model_.list(account, from, to, deadline); },
        deadline);
}

} // namespace iwas::sim
