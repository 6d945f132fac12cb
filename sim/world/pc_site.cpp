#include "sim/world/pc_site.hpp"

#include <algorithm>

namespace iwas::sim {

using ports::PcCharge;
using ports::PcError;
using ports::PcFailure;

namespace {

constexpr Milliseconds try_timeout{5000};
constexpr int status_created = 201;
constexpr int status_too_little = 402;

std::unexpected<PcFailure> failure(PcError error, std::optional<Money> available = std::nullopt)
{
    return std::unexpected{PcFailure{error, available, {}}};
}

PcCharge charge_of(const PcChargeRow& row)
{
    return {
        .id = row.id,
        .reference = row.reference,
        .member_id = row.member_id,
        .amount = Money{row.amount},
        .refunded_total = Money{row.refunded_total()},
    };
}

} // namespace

PcSite::PcSite(Nature& nature)
    : model{{.branch_id = "q7", .branch_key = {}, .webhook_secret = {}, .rotating = {}}},
      nature_{nature}
{
}

PcTrouble PcSite::trouble_of(std::string_view call)
{
    if (const auto found = forced.find(call); found != forced.end()) return found->second;
    SimRandom& random = nature_.random;
    const Faults& faults = nature_.faults;
    if (random.chance(faults.pc_request_lost)) return PcTrouble::request_lost;
    if (random.chance(faults.pc_request_late)) return PcTrouble::request_late;
    if (random.chance(faults.pc_answer_lost)) return PcTrouble::answer_lost;
    if (random.chance(faults.pc_error_before)) return PcTrouble::error_before;
    if (random.chance(faults.pc_error_after)) return PcTrouble::error_after;
    return PcTrouble::none;
}

Result<ports::PcMember, PcFailure> PcSite::verify(
    const std::string& user_name, const SecretText& password)
{
    const PcAccount* account = model.find_user(user_name);
    if (!account || account->password != password.reveal())
        return failure(PcError::invalid_credentials);
    if (account->status != PcAccountStatus::active) return failure(PcError::account_suspended);
    return ports::PcMember{
        .id = account->id, .user_name = account->user_name, .display_name = account->display_name};
}

Result<Money, PcFailure> PcSite::balance(const std::string& member_id)
{
    const PcAccount* account = model.find_account(member_id);
    if (!account) return failure(PcError::not_found);
    return Money{account->cash};
}

Result<PcCharge, PcFailure> PcSite::charge(const ports::PcChargeOrder& order)
{
    const std::string key = to_string(order.idempotency_key);
    if (const PcStoredAnswer* before = model.stored_answer(key)) {
        if (before->status == status_too_little)
            return failure(PcError::insufficient_balance, Money{0});
        return charge_of(*model.find_charge(before->body));
    }
    const UtcTime now = nature_.clock.utc_now();
    const auto charged =
        model.charge(order.member_id, order.amount.vnd(), order.reference, order.description, now);
    if (charged) {
        model.store_answer(key, {.status = status_created, .body = charged->id});
        if (nature_.is_told())
            nature_.tell("PC system debits " + to_string(order.amount) + " for " + order.reference);
        return charge_of(*charged);
    }
    switch (charged.error()) {
    case PcRefusal::insufficient: {
        model.store_answer(key, {.status = status_too_little});
        const PcAccount* account = model.find_account(order.member_id);
        return failure(PcError::insufficient_balance, Money{account ? account->cash : 0});
    }
    case PcRefusal::member_not_found:
    case PcRefusal::charge_not_found: return failure(PcError::not_found);
    case PcRefusal::suspended:
    case PcRefusal::expired: return failure(PcError::account_suspended);
    case PcRefusal::over_refund:
    case PcRefusal::invalid: return failure(PcError::refused);
    }
    return failure(PcError::refused);
}

Result<PcCharge, PcFailure> PcSite::find_charge(const std::string& reference)
{
    const auto found = model.charges_of(reference);
    if (found.empty()) return failure(PcError::not_found);
    return charge_of(*found.front());
}

Result<std::string, PcFailure> PcSite::refund(const ports::PcRefundOrder& order)
{
    const PcChargeRow* charge = model.find_charge(order.charge_id);
    if (!charge) return failure(PcError::not_found);
    const std::string key = to_string(order.idempotency_key);
    if (!abilities.repeats_refunds && !refunds_asked_.insert(key).second)
        has_repeated_refund_ = true;
    if (const PcStoredAnswer* before = model.stored_answer(key)) return before->body;
    // All of it has gone back already, whoever did that.
    if (charge->refunded_total() == charge->amount && !charge->refunds.empty())
        return charge->refunds.front().id;
    const auto refunded =
        model.refund(order.charge_id, order.amount.vnd(), nature_.clock.utc_now());
    if (!refunded) return failure(PcError::refused);
    model.store_answer(key, {.status = status_created, .body = refunded->id});
    if (nature_.is_told())
        nature_.tell("PC system refunds " + to_string(order.amount) + " of " + order.charge_id);
    return refunded->id;
}

std::vector<ports::PcSession> PcSite::sessions() const
{
    std::vector<ports::PcSession> sessions;
    for (const auto& [pc, seat] : model.seats())
        sessions.push_back(
            {.session_id = seat.session_id,
             .member_id = seat.member_id,
             .pc_name = pc,
             .started_at = seat.started_at});
    return sessions;
}

template <class T>
SimPcSystem::Answer<T> SimPcSystem::ask(
    std::string_view call, std::function<Result<T, PcFailure>()> work, SteadyTime deadline,
    int tries_max)
{
    Nature& nature = border_.nature();
    bool may_be_done = false;
    for (int tries = 0; tries < tries_max && nature.clock.steady_now() < deadline; ++tries) {
        if (tries > 0) {
            const SteadyTime again_at =
                nature.clock.steady_now() +
                nature.random.between(Milliseconds{400}, Milliseconds{1200}) * tries;
            co_await nature.clock.sleep_until(again_at);
        }
        co_await border_.cross(call, Milliseconds{1});
        const auto left =
            std::chrono::duration_cast<Milliseconds>(deadline - nature.clock.steady_now());
        auto answer =
            co_await site_.send<T>(call, work, std::clamp(left, Milliseconds{1}, try_timeout));
        co_await border_.cross(call, Milliseconds{1});
        if (!answer) {
            may_be_done = true;
            continue;
        }
        if (*answer) co_return std::move(*answer);
        const PcError error = answer->error().error;
        if (error == PcError::unknown) may_be_done = true;
        if (error != PcError::unknown && error != PcError::unavailable)
            co_return std::move(*answer);
    }
    co_return failure(may_be_done ? PcError::unknown : PcError::unavailable);
}

SimPcSystem::Answer<ports::PcMember> SimPcSystem::verify(
    domain::LocationId, std::string user_name, SecretText password, std::optional<MacAddress>,
    SteadyTime deadline)
{
    return ask<ports::PcMember>(
        "verify",
        [site = &site_, user_name, password] { return site->verify(user_name, password); },
        deadline);
}

SimPcSystem::Answer<Money> SimPcSystem::balance(
    domain::LocationId, std::string member_id, SteadyTime deadline)
{
    return ask<Money>(
        "balance", [site = &site_, member_id] { return site->balance(member_id); }, deadline);
}

SimPcSystem::Answer<PcCharge> SimPcSystem::charge(
    domain::LocationId, ports::PcChargeOrder order, SteadyTime deadline)
{
    return ask<PcCharge>(
        "charge", [site = &site_, order] { return site->charge(order); }, deadline);
}

SimPcSystem::Answer<PcCharge> SimPcSystem::find_charge(
    domain::LocationId, std::string reference, SteadyTime deadline)
{
    return ask<PcCharge>(
        "find_charge", [site = &site_, reference] { return site->find_charge(reference); },
        deadline);
}

SimPcSystem::Answer<std::string> SimPcSystem::refund(
    domain::LocationId, ports::PcRefundOrder order, SteadyTime deadline)
{
    return ask<std::string>(
        "refund", [site = &site_, order] { return site->refund(order); }, deadline,
        site_.abilities.repeats_refunds ? 3 : 1);
}

SimPcSystem::Answer<ports::PcCapabilities> SimPcSystem::capabilities(
    domain::LocationId, SteadyTime deadline)
{
    return ask<ports::PcCapabilities>(
        "capabilities",
        []() -> Result<ports::PcCapabilities, PcFailure> {
            ports::PcCapabilities all;
            all.can_charge = all.can_refund = all.pushes_events = all.lists_sessions = true;
            return all;
        },
        deadline);
}

SimPcSystem::Answer<std::vector<ports::PcSession>> SimPcSystem::active_sessions(
    domain::LocationId, SteadyTime deadline)
{
    return ask<std::vector<ports::PcSession>>(
        "active_sessions",
        [site = &site_]() -> Result<std::vector<ports::PcSession>, PcFailure> {
            return site->sessions();
        },
        deadline);
}

} // namespace iwas::sim
