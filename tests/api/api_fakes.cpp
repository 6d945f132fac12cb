// What stands for the PC system and the router in tests of the API.
#include "tests/api/api_world.hpp"

namespace iwas::api::testing {

using ports::PcError;
using ports::PcFailure;

ports::awaitable<Result<ports::PcMember, PcFailure>> FakePcSystem::verify(
    domain::LocationId, std::string user_name, SecretText password, std::optional<MacAddress>,
    SteadyTime)
{
    if (is_down) co_return std::unexpected{PcFailure{.error = PcError::unavailable}};
    const SteadyTime answered_at = clock_.steady_now() + verify_takes;
    co_await clock_.sleep_until(answered_at);
    const auto found = members.find(user_name);
    if (found == members.end() || found->second.password != password.reveal())
        co_return std::unexpected{PcFailure{.error = PcError::invalid_credentials}};
    if (found->second.is_suspended)
        co_return std::unexpected{PcFailure{.error = PcError::account_suspended}};
    co_return ports::PcMember{"m-" + user_name, user_name, "Anh " + user_name, false};
}

ports::awaitable<Result<Money, PcFailure>> FakePcSystem::balance(
    domain::LocationId, std::string member_id, SteadyTime)
{
    if (is_down) co_return std::unexpected{PcFailure{.error = PcError::unavailable}};
    co_return members.at(member_id.substr(2)).balance;
}

ports::awaitable<Result<ports::PcCharge, PcFailure>> FakePcSystem::charge(
    domain::LocationId, ports::PcChargeOrder order, SteadyTime deadline)
{
    if (is_down) co_return std::unexpected{PcFailure{.error = PcError::unavailable}};
    if (charges_hang) {
        const SteadyTime soon = std::min(deadline, clock_.steady_now() + 2500ms);
        co_await clock_.sleep_until(soon);
    }
    if (const auto known = by_reference_.find(order.reference); known != by_reference_.end())
        co_return known->second;
    Member& member = members.at(order.member_id.substr(2));
    if (member.balance < order.amount)
        co_return std::unexpected{
            PcFailure{.error = PcError::insufficient_balance, .available = member.balance}};
    member.balance -= order.amount;
    ++charges;
    const ports::PcCharge charge{
        "ch_" + std::to_string(charges), order.reference, order.member_id, order.amount, Money{}};
    by_reference_[order.reference] = charge;
    co_return charge;
}

ports::awaitable<Result<ports::PcCharge, PcFailure>> FakePcSystem::find_charge(
    domain::LocationId, std::string reference, SteadyTime)
{
    if (is_down) co_return std::unexpected{PcFailure{.error = PcError::unavailable}};
    const auto known = by_reference_.find(reference);
    if (known == by_reference_.end())
        co_return std::unexpected{PcFailure{.error = PcError::not_found}};
    co_return known->second;
}

ports::awaitable<Result<std::string, PcFailure>> FakePcSystem::refund(
    domain::LocationId, ports::PcRefundOrder order, SteadyTime)
{
    if (is_down) co_return std::unexpected{PcFailure{.error = PcError::unavailable}};
    for (auto& [reference, charge] : by_reference_) {
        if (charge.id != order.charge_id || charge.refunded_total != Money{}) continue;
        charge.refunded_total = order.amount;
        members.at(charge.member_id.substr(2)).balance += order.amount;
        ++refunds;
    }
    co_return "rf_" + order.charge_id;
}

ports::awaitable<Result<std::vector<ports::PcSession>, PcFailure>> FakePcSystem::active_sessions(
    domain::LocationId, SteadyTime)
{
    co_return std::vector<ports::PcSession>{};
}

ports::awaitable<Result<ports::Opened, ports::GrantError>> FakeAccess::open(
    ports::Grant grant, ports::LoginChallenge challenge, SteadyTime)
{
    if (refuses) co_return std::unexpected{*refuses};
    if (wants_the_browser)
        co_return ports::Opened{
            .is_confirmed = false,
            .form = ports::LoginForm{
                .url = challenge.login_url,
                .method = "POST",
                .fields = {{"username", grant.user_name}, {"dst", challenge.return_url}}}};
    if (form) co_return ports::Opened{.is_confirmed = false, .form = form};
    online[grant.mac] = {
        .user_name = grant.user_name, .mac = grant.mac, .ip = grant.ip, .acct_session_id = "a1"};
    co_return ports::Opened{.is_confirmed = true, .form = std::nullopt};
}

ports::awaitable<Result<void, ports::GrantError>> FakeAccess::close(ports::Grant grant, SteadyTime)
{
    const auto found = online.find(grant.mac);
    if (found != online.end() && found->second.user_name == grant.user_name) online.erase(found);
    co_return Result<void, ports::GrantError>{};
}

ports::awaitable<Result<void, ports::GrantError>> FakeAccess::change(ports::Grant grant, SteadyTime)
{
    if (!online.contains(grant.mac)) co_return std::unexpected{ports::GrantError::absent};
    changed.push_back(grant.mac);
    co_return Result<void, ports::GrantError>{};
}

ports::awaitable<Result<std::vector<ports::ActiveDevice>, ports::GrantError>> FakeAccess::list(
    domain::RouterId, SteadyTime)
{
    std::vector<ports::ActiveDevice> devices;
    for (const auto& [mac, device] : online)
        devices.push_back(device);
    co_return devices;
}

} // namespace iwas::api::testing
