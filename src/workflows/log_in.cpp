#include "workflows/log_in.hpp"

#include "core/folding.hpp"
#include "workflows/run_trace.hpp"

#include <algorithm>

namespace iwas::workflows {

namespace {

constexpr Milliseconds verify_target = 500ms;
constexpr Seconds verify_within = 5s;

LogInFailure failure_of(const ports::PcFailure& failure)
{
    switch (failure.error) {
    case ports::PcError::invalid_credentials:
    case ports::PcError::not_found: return {LogInError::invalid_credentials, {}};
    case ports::PcError::account_suspended: return {LogInError::account_suspended, {}};
    case ports::PcError::rate_limited:
        return {LogInError::rate_limited, failure.retry_after.value_or(60s)};
    case ports::PcError::insufficient_balance:
    case ports::PcError::refused:
    case ports::PcError::unavailable:
    case ports::PcError::unknown: return {LogInError::pc_system_unavailable, {}};
    }
    return {LogInError::pc_system_unavailable, {}};
}

} // namespace

LogIn::LogIn(Outside outside, LogInLimits limits)
    : outside_{outside}, limits_{limits},
      accounts_{
          {.tries_max = limits.tries_max,
           .window = limits.window,
           .counters_max = limits.counters_max,
           .when_full = TryCounters::WhenFull::block_new}},
      sources_{
          {.tries_max = limits.tries_max,
           .window = limits.window,
           .counters_max = limits.counters_max}},
      peers_{
          {.tries_max = limits.peer_tries_max,
           .window = limits.window,
           .counters_max = limits.counters_max}}
{
}

awaitable<Result<ports::PcMember, LogInFailure>> LogIn::verify(
    LogInRequest request, RunTrace& trace)
{
    // Counted before asking: tries that run side by side count as well.
    const Try tried = try_of(request);
    if (const auto wait = blocked_for(tried)) {
        trace.condition("too many tries");
        co_return std::unexpected{LogInFailure{LogInError::rate_limited, *wait}};
    }
    count(tried);

    // Verify.
    const SteadyTime verify_by = outside_.clock.steady_now() + verify_within;
    auto call = trace.call(party::pc_system, "verify " + masked(request.user_name), verify_target);
    auto member = co_await outside_.pc_system.verify(
        request.visit.location, request.user_name, request.password, request.visit.mac, verify_by);
    if (!member) {
        const LogInFailure failure = failure_of(member.error());
        call.failed(
            failure.error == LogInError::pc_system_unavailable ? "not available" : "refused");
        // Only refused passwords count against the customer.
        if (failure.error != LogInError::invalid_credentials) forget(tried);
        co_return std::unexpected{failure};
    }
    call.answered("member");
    // The account's counter starts anew; the others only forget this try, or one known password
    // would let its owner try the accounts of others without end.
    forget(tried);
    accounts_.forget(tried.account);
    co_return std::move(*member);
}

awaitable<Result<SignedIn, LogInFailure>> LogIn::run(LogInRequest request)
{
    RunTrace trace{outside_.tracer, outside_.clock, "log_in", request.visit.id.value()};
    trace.async(party::phone, party::iwas, "sign in as " + masked(request.user_name));
    const auto member = co_await verify(request, trace);
    if (!member) co_return std::unexpected{member.error()};

    // Remember who he is, and that this visit is his.
    const UtcTime now = outside_.clock.utc_now();
    domain::Account seen{
        .id = outside_.random.make_id<domain::AccountId>(now),
        .location = request.visit.location,
        .member_id = member->id,
        .user_name = member->user_name,
        .display_name = member->display_name,
        .last_sign_in = now,
    };
    auto signed_in = co_await remember(std::move(request.visit), std::move(seen));
    if (signed_in) trace.async(party::iwas, party::phone, "signed in");
    co_return signed_in;
}

awaitable<Result<domain::Visit, LogInFailure>> LogIn::prove(
    LogInRequest request, domain::Account account)
{
    RunTrace trace{outside_.tracer, outside_.clock, "log_in", request.visit.id.value()};
    trace.async(party::phone, party::iwas, "password once more");
    request.user_name = account.user_name;
    const domain::VisitId visit_id = request.visit.id;
    const auto member = co_await verify(std::move(request), trace);
    if (!member) co_return std::unexpected{member.error()};
    if (member->id != account.member_id)
        co_return std::unexpected{LogInFailure{LogInError::invalid_credentials, {}}};

    // As it is by now: who signed out meanwhile stays signed out.
    const auto loaded = co_await outside_.store.load_visit(visit_id);
    if (!loaded || !*loaded) co_return std::unexpected{LogInFailure{LogInError::try_later, {}}};
    domain::Visit visit = **loaded;
    visit.proven = account.id;
    visit.proven_until = outside_.clock.utc_now() + limits_.proven_for;
    const auto kept = co_await outside_.store.keep_visit(visit);
    if (!kept) co_return std::unexpected{LogInFailure{LogInError::try_later, {}}};
    co_return visit;
}

awaitable<Result<SignedIn, LogInFailure>> LogIn::as_guest(
    domain::Visit visit, std::string peer_address)
{
    auto known = co_await known_guest(visit, std::move(peer_address));
    if (!known) co_return std::unexpected{LogInFailure{LogInError::try_later, {}}};
    const UtcTime now = outside_.clock.utc_now();
    if (*known) {
        // As he is kept: coming back every day must not make him known for ever.
        auto back = co_await remember(std::move(visit), std::move(**known));
        co_return back;
    }
    const auto id = outside_.random.make_id<domain::AccountId>(now);
    domain::Account guest{
        .id = id,
        .location = visit.location,
        .member_id = std::string{domain::guest_prefix} + to_string(id),
        .user_name = {},
        .display_name = {},
        .last_sign_in = now,
    };
    auto signed_in = co_await remember(std::move(visit), std::move(guest));
    co_return signed_in;
}

awaitable<Result<std::optional<domain::Account>, ports::StoreError>> LogIn::known_guest(
    domain::Visit visit, std::string peer_address)
{
    using Found = std::optional<domain::Account>;
    auto session = co_await outside_.store.open_session_of_device(visit.location, visit.mac);
    if (!session) co_return std::unexpected{session.error()};
    if (!*session) {
        auto last = co_await outside_.store.last_account_of_device(visit.location, visit.mac);
        if (!last) co_return std::unexpected{last.error()};
        const UtcTime since = outside_.clock.utc_now() - limits_.guest_known_for;
        const bool is_known = *last && domain::is_guest(**last) && (*last)->last_sign_in >= since;
        co_return is_known ? std::move(*last) : Found{};
    }
    // Whoever types a MAC address into the redirect must not end what its owner is using. One that
    // has left may come back with another address.
    const domain::SessionDevice* device = domain::find_device(**session, visit.mac);
    const bool may_be_he =
        device &&
        (!device->is_online || (device->ip && Ipv4Address::parse(peer_address) == device->ip));
    if (!may_be_he) co_return Found{};
    auto owner = co_await outside_.store.load_account((*session)->account);
    if (!owner) co_return std::unexpected{owner.error()};
    co_return *owner&& domain::is_guest(**owner) ? std::move(*owner) : Found{};
}

awaitable<Result<SignedIn, LogInFailure>> LogIn::remember(
    domain::Visit before, domain::Account seen)
{
    const UtcTime now = outside_.clock.utc_now();
    const auto account = co_await outside_.store.keep_account(std::move(seen));
    if (!account) co_return std::unexpected{LogInFailure{LogInError::try_later, {}}};

    // A new visit: whoever knew the old one's token must not be signed in by it.
    domain::Visit visit = before;
    visit.id = outside_.random.make_id<domain::VisitId>(now);
    visit.created_at = now;
    visit.account = account->id;
    visit.signed_in_until = now + limits_.signed_in_for;
    visit.proven.reset();
    visit.proven_until.reset();
    const auto kept = co_await outside_.store.keep_visit(visit);
    if (!kept) co_return std::unexpected{LogInFailure{LogInError::try_later, {}}};
    if (before.account) {
        const auto left = co_await sign_out(std::move(before));
        if (!left) co_return std::unexpected{LogInFailure{LogInError::try_later, {}}};
    }
    co_return SignedIn{*account, std::move(visit)};
}

awaitable<Result<domain::Visit, ports::StoreError>> LogIn::sign_out(domain::Visit visit)
{
    visit.account.reset();
    visit.signed_in_until.reset();
    visit.proven.reset();
    visit.proven_until.reset();
    const auto kept = co_await outside_.store.keep_visit(visit);
    if (!kept) co_return std::unexpected{kept.error()};
    co_return visit;
}

LogIn::Try LogIn::try_of(const LogInRequest& request) const
{
    const domain::Visit& visit = request.visit;
    const std::string& location = visit.location.text();
    // A connection out of the guest network carries the device's own address, and nobody else's.
    const auto catalog = outside_.catalog.current();
    const domain::Location* place = catalog->location(visit.location);
    const auto peer = Ipv4Address::parse(request.peer_address);
    const bool is_own = place && peer && place->guest_network.contains(*peer);
    const std::string address = is_own || !visit.ip ? request.peer_address : to_string(*visit.ip);
    return {
        .account = location + " " + folded_name(request.user_name),
        .device = location + " device " + to_string(visit.mac),
        .address = location + " address " + address,
        .peer = request.peer_address,
    };
}

std::optional<Seconds> LogIn::blocked_for(const Try& tried)
{
    const SteadyTime now = outside_.clock.steady_now();
    std::optional<Seconds> longest = accounts_.blocked_for(tried.account, now);
    const auto consider = [&](std::optional<Seconds> wait) {
        if (wait) longest = std::max(longest.value_or(*wait), *wait);
    };
    consider(sources_.blocked_for(tried.device, now));
    consider(sources_.blocked_for(tried.address, now));
    if (!tried.peer.empty()) consider(peers_.blocked_for(tried.peer, now));
    return longest;
}

void LogIn::count(const Try& tried)
{
    const SteadyTime now = outside_.clock.steady_now();
    accounts_.count(tried.account, now);
    sources_.count(tried.device, now);
    sources_.count(tried.address, now);
    if (!tried.peer.empty()) peers_.count(tried.peer, now);
}

void LogIn::forget(const Try& tried)
{
    accounts_.forget_try(tried.account);
    sources_.forget_try(tried.device);
    sources_.forget_try(tried.address);
    if (!tried.peer.empty()) peers_.forget_try(tried.peer);
}

} // namespace iwas::workflows
