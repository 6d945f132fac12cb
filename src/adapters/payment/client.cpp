#include "adapters/payment/client.hpp"

#include "adapters/payment/gateways.hpp"
#include "adapters/payment/plan_ends.hpp"
#include "adapters/payment/plans.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>

namespace iwas::adapters {

using http::InboundResponse;
using http::OutboundRequest;
using ports::awaitable;
using ports::GatewayAnswer;
using ports::GatewayError;
using ports::GatewayFailure;

namespace {

constexpr std::size_t watches_max = 10'000;
constexpr std::size_t urls_per_account_max = 16;
/// The longest plan is a bank feed's list, page by page.
constexpr unsigned steps_max = 160;

bool may_try_again(GatewayError error)
{
    switch (error) {
    case GatewayError::unknown:
    case GatewayError::unavailable: return true;
    case GatewayError::refused:
    case GatewayError::duplicate:
    case GatewayError::not_found:
    case GatewayError::misconfigured:
    case GatewayError::not_supported: return false;
    }
    return false;
}

GatewayFailure failure_of(http::ClientError error)
{
    const std::string code{to_string(error)};
    switch (error) {
    case http::ClientError::unreachable: return gateway_failure(GatewayError::unavailable, code);
    case http::ClientError::timeout_unknown:
    case http::ClientError::bad_response:
    case http::ClientError::too_large: break;
    }
    return gateway_failure(GatewayError::unknown, code);
}

} // namespace

GatewayClient::GatewayClient(
    const ports::CatalogView& catalog, http::Caller& caller, ports::Clock& clock,
    ports::Random& random, GatewayClientOptions options)
    : catalog_{catalog}, caller_{caller}, clock_{clock}, random_{random},
      options_{std::move(options)}, lists_{clock}
{
}

GatewayClient::Watch& GatewayClient::watch_of(const domain::PaymentAccountId& account)
{
    if (watches_.size() >= watches_max && !watches_.contains(account)) watches_.clear();
    return watches_[account];
}

GatewayClient::Address& GatewayClient::address_of(
    const domain::PaymentAccountId& account, const std::string& url)
{
    auto& addresses = watch_of(account).addresses;
    if (addresses.size() >= urls_per_account_max && !addresses.contains(url)) addresses.clear();
    return addresses.try_emplace(url, Address{CircuitBreaker{options_.breaker}}).first->second;
}

GatewayHealth GatewayClient::health(const domain::PaymentAccountId& account) const
{
    const auto found = watches_.find(account);
    if (found == watches_.end()) return {};
    GatewayHealth health = found->second.health;
    // From bad to worse: what is set last is the worst.
    for (const auto state : {CircuitBreaker::State::half_open, CircuitBreaker::State::open})
        for (const auto& [url, address] : found->second.addresses)
            if (address.breaker.state(clock_.steady_now()) == state) health.breaker = state;
    return health;
}

void GatewayClient::count(const Call& call, const GatewayFailure* failure)
{
    GatewayHealth& health = watch_of(call.account).health;
    if (failure == nullptr) {
        ++health.successes;
        health.last_success = clock_.utc_now();
        return;
    }
    ++health.failures[static_cast<std::size_t>(failure->error)];
    health.last_failure_at = clock_.utc_now();
    health.last_failure = failure->code;
    if (failure->error == GatewayError::misconfigured)
        spdlog::error(
            "event=gateway_misconfigured account={} operation={} code={}", call.account.text(),
            call.operation, failure->code);
}

/// One attempt through the circuit breaker. Refused by it means: nothing was sent.
awaitable<Result<InboundResponse, GatewayFailure>> GatewayClient::attempt(
    Call call, std::string base_url, OutboundRequest request)
{
    const auto url = http::parse_base_url(base_url);
    if (!url)
        co_return std::unexpected(gateway_failure(GatewayError::misconfigured, "url_malformed"));
    const SteadyTime begun = clock_.steady_now();
    if (begun >= call.deadline)
        co_return std::unexpected(gateway_failure(GatewayError::unavailable, "too_late"));
    if (!address_of(call.account, base_url).breaker.may_call(begun))
        co_return std::unexpected(gateway_failure(GatewayError::unavailable, "circuit_open"));
    ++watch_of(call.account).health.attempts;
    http::Peer peer;
    peer.url = *url;
    peer.addresses = options_.addresses;
    const SteadyTime attempt_by = std::min(call.deadline, begun + options_.attempt_timeout);
    auto answer = co_await caller_.send(std::move(peer), std::move(request), attempt_by);

    if (answer) note_refusal(call, base_url, *answer);
    CircuitBreaker& breaker = address_of(call.account, base_url).breaker;
    if (answer && answer->status < 500) {
        breaker.succeeded();
        co_return std::move(*answer);
    }
    breaker.failed(clock_.steady_now());
    // A server error says nothing of what was done, whatever its body claims.
    const GatewayFailure failure =
        answer ? gateway_failure(GatewayError::unknown, "http_" + std::to_string(answer->status))
               : failure_of(answer.error());
    spdlog::warn(
        "event=gateway_no_answer account={} operation={} error={}", call.account.text(),
        call.operation, failure.code);
    co_return std::unexpected(failure);
}

/// Takes one step of a plan: the same octets until there is a clear answer, the tries are used up,
/// or the next would come too late.
template <class T>
awaitable<GatewayPlan<T>> GatewayClient::take(Call call, GatewayStep<T> step)
{
    bool may_have_happened = false;
    for (unsigned tries = 1;; ++tries) {
        OutboundRequest request = step.request;
        const bool is_in_time = co_await wait_for_turn(call, step.base_url, step.spacing);
        // Nothing is sent to who has asked to be left alone for longer.
        if (!is_in_time) {
            const auto error =
                may_have_happened ? GatewayError::unknown : GatewayError::unavailable;
            co_return without_answer(step, failed_plan<T>(error, "too_late"));
        }
        auto response = co_await attempt(call, step.base_url, std::move(request));
        GatewayPlan<T> next =
            response ? step.read(*response)
                     : GatewayPlan<T>{GatewayAnswer<T>{std::unexpected(response.error())}};
        const GatewayFailure* failure = failure_in(next);
        if (failure == nullptr) co_return next;
        const GatewayError error = failure->error;
        if (error == GatewayError::unknown && call.effect == Effect::changes)
            may_have_happened = true;

        const Milliseconds wait = backoff_after(options_.backoff, tries, random_.next());
        const SteadyTime again_at = clock_.steady_now() + wait;
        if (may_try_again(error) && tries <= options_.retries_max && again_at < call.deadline) {
            ++watch_of(call.account).health.retries;
            co_await clock_.sleep_until(again_at);
            continue;
        }
        // A no to the repetition may be about the first try, which nobody saw succeed.
        if (may_have_happened && error != GatewayError::duplicate)
            next = failed_plan<T>(GatewayError::unknown, std::string{failure->code});
        co_return without_answer(step, std::move(next));
    }
}

template <class T>
GatewayPlan<T> GatewayClient::plan_of(const Call& call, const Planner<T>& planner)
{
    const auto catalog = catalog_.current();
    const domain::PaymentAccount* account = catalog->payment_account(call.account);
    if (account == nullptr) return failed_plan<T>(GatewayError::misconfigured, "no_account");
    const GatewayMapping* mapping = mapping_for(account->method);
    if (mapping == nullptr) return failed_plan<T>(GatewayError::not_supported, "no_gateway");
    return planner(*mapping, *account, {.now = clock_.utc_now(), .chance = random_.next()});
}

/// From the account and its mapping to the answer, step by step.
template <class T>
awaitable<GatewayAnswer<T>> GatewayClient::walk(Call call, Planner<T> planner)
{
    GatewayPlan<T> plan = plan_of<T>(call, planner);
    for (unsigned steps = 0; steps < steps_max && std::holds_alternative<GatewayStep<T>>(plan);
         ++steps) {
        GatewayStep<T> step = std::get<GatewayStep<T>>(std::move(plan));
        GatewayPlan<T> next = co_await take<T>(call, std::move(step));
        plan = std::move(next);
    }
    if (std::holds_alternative<GatewayStep<T>>(plan))
        plan = failed_plan<T>(GatewayError::unknown, "too_many_steps");
    count(call, failure_counted(plan));
    co_return std::get<GatewayAnswer<T>>(std::move(plan));
}

awaitable<GatewayAnswer<domain::Invitation>> GatewayClient::create(
    domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime deadline)
{
    Call call{std::move(account), "create", Effect::changes, deadline};
    Planner<domain::Invitation> planner =
        [order = std::move(order)](const auto& mapping, const auto& of, const auto& moment) {
            return mapping.create(of, order, moment);
        };
    auto answer = co_await walk<domain::Invitation>(std::move(call), std::move(planner));
    co_return answer;
}

awaitable<GatewayAnswer<ports::PaymentStatus>> GatewayClient::find(
    domain::PaymentAccountId account, ports::PaymentQuery query, SteadyTime deadline)
{
    const auto catalog = catalog_.current();
    const domain::PaymentAccount* known = catalog->payment_account(account);
    const GatewayMapping* mapping = known ? mapping_for(known->method) : nullptr;
    if (const auto since = mapping ? mapping->listed_since(query) : std::nullopt) {
        TransferLists::Ask ask = [this, account](UtcTime from, SteadyTime by) {
            return transfers(account, from, by);
        };
        const auto list = co_await lists_.since(account, *since, deadline, std::move(ask));
        if (!*list) co_return std::unexpected(list->error());
        co_return find_in(**list, query.order_id);
    }
    Call call{std::move(account), "find", Effect::asks, deadline};
    Planner<ports::PaymentStatus> planner =
        [query = std::move(query)](const auto& mapping, const auto& of, const auto& moment) {
            return mapping.find(of, query, moment);
        };
    auto answer = co_await walk<ports::PaymentStatus>(std::move(call), std::move(planner));
    co_return answer;
}

awaitable<GatewayAnswer<TransferList>> GatewayClient::transfers(
    domain::PaymentAccountId account, UtcTime from, SteadyTime deadline)
{
    Call call{std::move(account), "find", Effect::asks, deadline};
    Planner<TransferList> planner =
        [from](const auto& mapping, const auto& of, const auto& moment) {
            return mapping.transfers(of, from, moment);
        };
    auto answer = co_await walk<TransferList>(std::move(call), std::move(planner));
    co_return answer;
}

awaitable<GatewayAnswer<ports::RefundStatus>> GatewayClient::refund(
    domain::PaymentAccountId account, ports::RefundOrder order, SteadyTime deadline)
{
    Call call{std::move(account), "refund", Effect::changes, deadline};
    Planner<ports::RefundStatus> planner =
        [order = std::move(order)](const auto& mapping, const auto& of, const auto& moment) {
            return mapping.refund(of, order, moment);
        };
    auto answer = co_await walk<ports::RefundStatus>(std::move(call), std::move(planner));
    co_return answer;
}

awaitable<GatewayAnswer<ports::RefundStatus>> GatewayClient::find_refund(
    domain::PaymentAccountId account, ports::RefundOrder order, SteadyTime deadline)
{
    Call call{std::move(account), "find_refund", Effect::asks, deadline};
    Planner<ports::RefundStatus> planner =
        [order = std::move(order)](const auto& mapping, const auto& of, const auto& moment) {
            return mapping.find_refund(of, order, moment);
        };
    auto answer = co_await walk<ports::RefundStatus>(std::move(call), std::move(planner));
    co_return answer;
}

awaitable<GatewayAnswer<domain::Invitation>> GatewayClient::bind(
    domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime deadline)
{
    Call call{std::move(account), "bind", Effect::changes, deadline};
    Planner<domain::Invitation> planner =
        [order = std::move(order)](const auto& mapping, const auto& of, const auto& moment) {
            return mapping.bind(of, order, moment);
        };
    auto answer = co_await walk<domain::Invitation>(std::move(call), std::move(planner));
    co_return answer;
}

awaitable<GatewayAnswer<ports::BindingStatus>> GatewayClient::find_binding(
    domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime deadline)
{
    Call call{std::move(account), "find_binding", Effect::asks, deadline};
    Planner<ports::BindingStatus> planner =
        [order = std::move(order)](const auto& mapping, const auto& of, const auto& moment) {
            return mapping.find_binding(of, order, moment);
        };
    auto answer = co_await walk<ports::BindingStatus>(std::move(call), std::move(planner));
    co_return answer;
}

awaitable<GatewayAnswer<void>> GatewayClient::unbind(
    domain::PaymentAccountId account, ports::PaymentOrder order, ports::BoundToken token,
    SteadyTime deadline)
{
    Call call{std::move(account), "unbind", Effect::changes, deadline};
    Planner<std::monostate> planner = [order = std::move(order), token = std::move(token)](
                                          const auto& mapping, const auto& of, const auto& moment) {
        return mapping.unbind(of, order, token, moment);
    };
    const auto answer = co_await walk<std::monostate>(std::move(call), std::move(planner));
    if (!answer) co_return std::unexpected(answer.error());
    co_return GatewayAnswer<void>{};
}

awaitable<GatewayAnswer<ports::PaymentStatus>> GatewayClient::charge(
    domain::PaymentAccountId account, ports::PaymentOrder order, ports::BoundToken token,
    SteadyTime deadline)
{
    Call call{std::move(account), "charge", Effect::changes, deadline};
    Planner<ports::PaymentStatus> planner =
        [order = std::move(order),
         token = std::move(token)](const auto& mapping, const auto& of, const auto& moment) {
            return mapping.charge(of, order, token, moment);
        };
    auto answer = co_await walk<ports::PaymentStatus>(std::move(call), std::move(planner));
    co_return answer;
}

awaitable<GatewayAnswer<std::vector<ports::ListedPayment>>> GatewayClient::list(
    domain::PaymentAccountId account, UtcTime from, UtcTime to, SteadyTime deadline)
{
    using Listed = std::vector<ports::ListedPayment>;
    Call call{std::move(account), "list", Effect::asks, deadline};
    Planner<Listed> planner = [from, to](const auto& mapping, const auto& of, const auto& moment) {
        return mapping.list(of, from, to, moment);
    };
    auto answer = co_await walk<Listed>(std::move(call), std::move(planner));
    co_return answer;
}

std::string GatewayClient::new_order_id(
    const domain::PaymentAccount& account, UtcTime now, std::uint64_t chance) const
{
    const GatewayMapping* mapping = mapping_for(account.method);
    return mapping == nullptr ? std::string{} : mapping->new_order_id(account, now, chance);
}

std::string GatewayClient::new_refund_id(
    const domain::PaymentAccount& account, UtcTime now, std::uint64_t chance) const
{
    const GatewayMapping* mapping = mapping_for(account.method);
    return mapping == nullptr ? std::string{} : mapping->new_refund_id(account, now, chance);
}

Result<ports::PaymentNotice, ports::NoticeError> GatewayClient::read_notice(
    const domain::PaymentAccount& account, const ports::NoticeRequest& request) const
{
    const GatewayMapping* mapping = mapping_for(account.method);
    if (mapping == nullptr) return std::unexpected(ports::NoticeError::malformed);
    return mapping->read_notice(account, request);
}

ports::NoticeReply GatewayClient::reply_to(
    const domain::PaymentAccount& account, ports::NoticeOutcome outcome) const
{
    const GatewayMapping* mapping = mapping_for(account.method);
    if (mapping == nullptr) return {.status = 404, .content_type = {}, .body = {}};
    return mapping->reply_to(account, outcome);
}

} // namespace iwas::adapters
