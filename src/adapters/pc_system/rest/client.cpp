#include "adapters/pc_system/rest/client.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <functional>

namespace iwas::adapters {

using http::ClientError;
using http::InboundResponse;
using http::OutboundRequest;
using ports::awaitable;
using ports::PcError;
using ports::PcFailure;

namespace {

constexpr std::size_t breakers_max = 10'000;
constexpr std::size_t waiting_for_turn_max = 1000;

bool may_try_again(PcError error)
{
    switch (error) {
    case PcError::unknown:
    case PcError::unavailable:
    case PcError::rate_limited: return true;
    case PcError::invalid_credentials:
    case PcError::account_suspended:
    case PcError::not_found:
    case PcError::insufficient_balance:
    case PcError::refused: return false;
    }
    return false;
}

/// A PC system without a feature answers 501 and is well: its money calls must not suffer for it.
bool says_broken(int status)
{
    constexpr int not_supported = 501;
    return status >= 500 && status != not_supported;
}

PcFailure failure(PcError error)
{
    return {.error = error, .available = {}, .retry_after = {}};
}

} // namespace

RestPcSystem::RestPcSystem(
    const ports::CatalogView& catalog, http::Caller& caller, ports::Clock& clock,
    ports::Random& random, RestPcSystemOptions options)
    : catalog_{catalog}, caller_{caller}, clock_{clock}, random_{random},
      options_{std::move(options)}, money_turns_{waiting_for_turn_max}
{
}

std::optional<RestPcSystem::Site> RestPcSystem::site_of(const domain::LocationId& location) const
{
    const auto catalog = catalog_.current();
    const domain::PcSystem* system = catalog->pc_system(location);
    if (system == nullptr) return std::nullopt;
    const auto url = http::parse_base_url(system->base_url);
    if (!url) {
        spdlog::error("event=pc_system_url_malformed location={}", location.text());
        return std::nullopt;
    }
    Site site;
    site.location = location;
    site.mapping = &mapping_for(system->profile);
    site.peer.url = *url;
    site.peer.addresses = options_.addresses;
    site.branch_key = system->branch_key;
    return site;
}

ports::PcAbilities RestPcSystem::abilities(const domain::LocationId& location) const
{
    const domain::PcSystem* system = catalog_.current()->pc_system(location);
    return system ? mapping_for(system->profile).abilities() : ports::PcAbilities{};
}

CircuitBreaker& RestPcSystem::breaker_of(const domain::LocationId& location)
{
    if (breakers_.size() >= breakers_max && !breakers_.contains(location)) breakers_.clear();
    return breakers_.try_emplace(location, options_.breaker).first->second;
}

CircuitBreaker::State RestPcSystem::breaker_state(const domain::LocationId& location) const
{
    const auto breaker = breakers_.find(location);
    if (breaker == breakers_.end()) return CircuitBreaker::State::closed;
    return breaker->second.state(clock_.steady_now());
}

/// One attempt through the circuit breaker. Refused by it means: nothing was sent.
awaitable<Result<InboundResponse, ClientError>> RestPcSystem::attempt(
    Site site, OutboundRequest request, SteadyTime deadline)
{
    const SteadyTime begun = clock_.steady_now();
    if (!breaker_of(site.location).may_call(begun))
        co_return std::unexpected(ClientError::unreachable);
    request.headers.set("Authorization", "Bearer " + site.branch_key.reveal());
    request.headers.set("Accept", "application/json");
    const Ulid request_id = Ulid::make(clock_.utc_now(), random_.next(), random_.next());
    request.headers.set("X-Request-Id", uuid_text(request_id));
    ++attempts_;
    const SteadyTime attempt_by = std::min(deadline, begun + options_.attempt_timeout);
    auto answer = co_await caller_.send(std::move(site.peer), std::move(request), attempt_by);

    CircuitBreaker& breaker = breaker_of(site.location);
    if (answer && !says_broken(answer->status))
        breaker.succeeded();
    else
        breaker.failed(clock_.steady_now());
    if (!answer)
        spdlog::warn(
            "event=pc_system_no_answer location={} request_id={} error={}", site.location.text(),
            uuid_text(request_id), to_string(answer.error()));
    else if (
        answer->status == 401 &&
        site.mapping == &mapping_for(domain::PcSystemProfile::connector_v1))
        spdlog::error("event=pc_system_key_refused location={}", site.location.text());
    co_return answer;
}

/// Tries until there is a clear answer, the tries are used up, or the next would come too late.
template <class T>
awaitable<RestPcSystem::Outcome<T>> RestPcSystem::repeat(
    Site site, Maker make, Reader<T> read, unsigned retries_max, SteadyTime deadline)
{
    Outcome<T> outcome{std::unexpected(failure(PcError::unavailable)), false};
    for (unsigned tries = 1;; ++tries) {
        OutboundRequest request = make();
        auto response = co_await attempt(site, std::move(request), deadline);
        outcome.answer =
            response ? read(*response) : PcAnswer<T>{std::unexpected(failure_of(response.error()))};
        if (outcome.answer) co_return outcome;
        const PcFailure failed = outcome.answer.error();
        if (failed.error == PcError::unknown) outcome.is_open = true;
        if (!may_try_again(failed.error) || tries > retries_max) co_return outcome;
        Milliseconds wait = backoff_after(options_.backoff, tries, random_.next());
        if (failed.retry_after) wait = std::max<Milliseconds>(wait, *failed.retry_after);
        const SteadyTime again_at = clock_.steady_now() + wait;
        if (again_at >= deadline) co_return outcome;
        co_await clock_.sleep_until(again_at);
    }
}

/// A question that changes nothing at the PC system.
template <class T>
awaitable<PcAnswer<T>> RestPcSystem::ask(
    domain::LocationId location, std::function<std::optional<OutboundRequest>(const Mapping&)> make,
    std::function<PcAnswer<T>(const Mapping&, const InboundResponse&)> read, SteadyTime deadline)
{
    const auto site = site_of(location);
    if (!site) co_return std::unexpected(failure(PcError::unavailable));
    const Mapping& mapping = *site->mapping;
    const auto request = make(mapping);
    if (!request) co_return std::unexpected(failure(PcError::refused));
    Maker make_again = [request = *request] { return request; };
    Reader<T> read_it = [read = std::move(read), &mapping](const InboundResponse& response) {
        return read(mapping, response);
    };
    auto outcome = co_await repeat<T>(
        *site, std::move(make_again), std::move(read_it), options_.retries_max, deadline);
    co_return std::move(outcome.answer);
}

awaitable<PcAnswer<ports::PcMember>> RestPcSystem::verify(
    domain::LocationId location, std::string user_name, SecretText password,
    std::optional<MacAddress> device, SteadyTime deadline)
{
    const auto site = site_of(location);
    if (!site) co_return std::unexpected(failure(PcError::unavailable));
    const Mapping& mapping = *site->mapping;
    // Made anew for each attempt, so that no copy of the password waits in a request.
    Maker make = [&mapping, user_name, password, device] {
        return mapping.verify(user_name, password, device);
    };
    Reader<ports::PcMember> read = [&mapping](const InboundResponse& response) {
        return mapping.verified(response);
    };
    auto outcome = co_await repeat<ports::PcMember>(
        *site, std::move(make), std::move(read), options_.retries_max, deadline);
    co_return std::move(outcome.answer);
}

awaitable<PcAnswer<Money>> RestPcSystem::balance(
    domain::LocationId location, std::string member_id, SteadyTime deadline)
{
    auto answer = co_await ask<Money>(
        std::move(location),
        [member_id = std::move(member_id)](const Mapping& mapping) {
            return std::optional{mapping.balance(member_id)};
        },
        &Mapping::balance_told, deadline);
    co_return answer;
}

awaitable<PcAnswer<ports::PcCharge>> RestPcSystem::charge(
    domain::LocationId location, ports::PcChargeOrder order, SteadyTime deadline)
{
    const auto site = site_of(location);
    if (!site) co_return std::unexpected(failure(PcError::unavailable));
    const std::string key = location.text() + "/" + order.member_id;
    const auto turn = co_await money_turn(key, deadline);
    if (!turn) co_return std::unexpected(failure(PcError::unavailable));

    const Mapping& mapping = *site->mapping;
    Maker make = [&mapping, order] { return mapping.charge(order); };
    Reader<ports::PcCharge> read = [&mapping, order](const InboundResponse& response) {
        return mapping.charged(order, response);
    };
    auto outcome = co_await repeat<ports::PcCharge>(
        *site, std::move(make), std::move(read), options_.retries_max, deadline);
    if (outcome.answer || !outcome.is_open) co_return std::move(outcome.answer);

    // Some attempt may have debited. Its record decides, even over a later no.
    auto found = co_await find_charge(std::move(location), order.reference, deadline);
    if (found) co_return found;
    const bool is_absent = found.error().error == PcError::not_found;
    const bool was_clear = !may_try_again(outcome.answer.error().error);
    if (is_absent && was_clear) co_return std::move(outcome.answer);
    // Absent once proves nothing: the request may still be on its way.
    co_return std::unexpected(failure(PcError::unknown));
}

awaitable<PcAnswer<ports::PcCharge>> RestPcSystem::find_charge(
    domain::LocationId location, std::string reference, SteadyTime deadline)
{
    auto answer = co_await ask<ports::PcCharge>(
        std::move(location),
        [reference](const Mapping& mapping) { return mapping.find_charge(reference); },
        [reference](const Mapping& mapping, const InboundResponse& response) {
            return mapping.charge_found(reference, response);
        },
        deadline);
    // A profile without this question cannot tell, which is not the same as "there is none".
    if (!answer && answer.error().error == PcError::refused)
        co_return std::unexpected(failure(PcError::unknown));
    co_return answer;
}

awaitable<PcAnswer<std::string>> RestPcSystem::refund(
    domain::LocationId location, ports::PcRefundOrder order, SteadyTime deadline)
{
    const auto site = site_of(location);
    if (!site) co_return std::unexpected(failure(PcError::unavailable));
    const std::string key = location.text() + "/charge/" + order.charge_id;
    const auto turn = co_await money_turn(key, deadline);
    if (!turn) co_return std::unexpected(failure(PcError::unavailable));

    const Mapping& mapping = *site->mapping;
    Maker make = [&mapping, order] { return mapping.refund(order); };
    Reader<std::string> read = [&mapping, order](const InboundResponse& response) {
        return mapping.refunded(order, response);
    };
    const unsigned retries = mapping.abilities().repeats_refunds ? options_.retries_max : 0;
    auto outcome =
        co_await repeat<std::string>(*site, std::move(make), std::move(read), retries, deadline);
    if (outcome.answer) co_return std::move(outcome.answer);
    const bool is_refused = outcome.answer.error().error == PcError::refused;
    if (!outcome.is_open && !is_refused) co_return std::move(outcome.answer);
    const PcFailure last = outcome.answer.error();
    auto settled = co_await settle_refund(std::move(location), std::move(order), last, deadline);
    co_return settled;
}

/// Some attempt may have refunded, or the charge was refunded before: the charge's own total tells.
awaitable<PcAnswer<std::string>> RestPcSystem::settle_refund(
    domain::LocationId location, ports::PcRefundOrder order, PcFailure last, SteadyTime deadline)
{
    auto charge = co_await ask<ports::PcCharge>(
        std::move(location),
        [id = order.charge_id](const Mapping& mapping) { return mapping.charge_by_id(id); },
        &Mapping::charge_told, deadline);
    if (!charge && charge.error().error == PcError::refused && !may_try_again(last.error))
        co_return std::unexpected(last); // a profile that cannot be asked, and a clear no
    if (!charge) co_return std::unexpected(failure(PcError::unknown));
    if (charge->refunded_total >= charge->amount && order.amount <= charge->amount)
        co_return "refunded:" + charge->id;
    // Not refunded in full. A clear no stands; otherwise the refund may be on its way.
    if (!may_try_again(last.error)) co_return std::unexpected(last);
    co_return std::unexpected(failure(PcError::unknown));
}

awaitable<PcAnswer<std::vector<ports::PcSession>>> RestPcSystem::active_sessions(
    domain::LocationId location, SteadyTime deadline)
{
    auto answer = co_await ask<std::vector<ports::PcSession>>(
        std::move(location), &Mapping::active_sessions, &Mapping::sessions_told, deadline);
    co_return answer;
}

awaitable<PcAnswer<ports::PcCapabilities>> RestPcSystem::capabilities(
    domain::LocationId location, SteadyTime deadline)
{
    auto answer = co_await ask<ports::PcCapabilities>(
        std::move(location), &Mapping::capabilities, &Mapping::capabilities_told, deadline);
    co_return answer;
}

/// The member's turn; empty when the line was too long or the turn came after `deadline`.
awaitable<Turns::Turn> RestPcSystem::money_turn(std::string key, SteadyTime deadline)
{
    Turns::Turn turn = co_await money_turns_.take(std::move(key));
    if (turn && clock_.steady_now() >= deadline) turn.give_back();
    co_return turn;
}

} // namespace iwas::adapters
