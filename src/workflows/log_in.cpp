#include "workflows/log_in.hpp"

#include "workflows/run_trace.hpp"

#include <algorithm>

namespace iwas::workflows {

namespace {

constexpr Milliseconds verify_target = 500ms;
constexpr Seconds verify_within = 5s;

/// User names compare without case and surrounding blanks; ASCII is enough to count tries.
std::string normalized(std::string_view user_name)
{
    while (user_name.starts_with(' '))
        user_name.remove_prefix(1);
    while (user_name.ends_with(' '))
        user_name.remove_suffix(1);
    std::string text{user_name};
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

std::vector<std::string> counter_keys(const LogInRequest& request)
{
    const std::string& location = request.visit.location.text();
    const std::string address =
        request.visit.ip ? to_string(*request.visit.ip) : request.peer_address;
    return {
        "account " + location + " " + normalized(request.user_name),
        "device " + location + " " + to_string(request.visit.mac),
        "address " + location + " " + address,
    };
}

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

LogIn::LogIn(Outside outside, LogInLimits limits) : outside_{outside}, limits_{limits} {}

awaitable<Result<SignedIn, LogInFailure>> LogIn::run(LogInRequest request)
{
    RunTrace trace{outside_.tracer, outside_.clock, "log_in", request.visit.id.value()};
    trace.async(party::phone, party::iwas, "sign in as " + masked(request.user_name));

    // Counted before asking: tries that run side by side count as well.
    const std::vector<std::string> keys = counter_keys(request);
    if (const auto wait = blocked_for(keys)) {
        trace.condition("too many tries");
        co_return std::unexpected{LogInFailure{LogInError::rate_limited, *wait}};
    }
    count_try(keys);

    // Verify.
    const SteadyTime verify_by = outside_.clock.steady_now() + verify_within;
    auto call = trace.call(party::pc_system, "verify " + masked(request.user_name), verify_target);
    const auto member = co_await outside_.pc_system.verify(
        request.visit.location, request.user_name, request.password, request.visit.mac, verify_by);
    if (!member) {
        const LogInFailure failure = failure_of(member.error());
        call.failed(
            failure.error == LogInError::pc_system_unavailable ? "not available" : "refused");
        // Only refused passwords count against the customer.
        if (failure.error != LogInError::invalid_credentials) forget_try(keys);
        co_return std::unexpected{failure};
    }
    call.answered("member");
    // The account's counter starts anew; those of device and address only forget this try, or one
    // known password would let its owner try the accounts of others without end.
    counters_.erase(keys.front());
    forget_try(keys);

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
    const auto account = co_await outside_.store.keep_account(std::move(seen));
    if (!account) co_return std::unexpected{LogInFailure{LogInError::try_later, {}}};

    // A new visit: whoever knew the old one's token must not be signed in by it.
    domain::Visit visit = request.visit;
    visit.id = outside_.random.make_id<domain::VisitId>(now);
    visit.created_at = now;
    visit.account = account->id;
    visit.signed_in_until = now + limits_.signed_in_for;
    const auto kept = co_await outside_.store.keep_visit(visit);
    if (!kept) co_return std::unexpected{LogInFailure{LogInError::try_later, {}}};
    if (request.visit.account) {
        const auto left = co_await sign_out(std::move(request.visit));
        if (!left) co_return std::unexpected{LogInFailure{LogInError::try_later, {}}};
    }

    trace.async(party::iwas, party::phone, "signed in");
    co_return SignedIn{*account, std::move(visit)};
}

awaitable<Result<domain::Visit, ports::StoreError>> LogIn::sign_out(domain::Visit visit)
{
    visit.account.reset();
    visit.signed_in_until.reset();
    const auto kept = co_await outside_.store.keep_visit(visit);
    if (!kept) co_return std::unexpected{kept.error()};
    co_return visit;
}

std::optional<Seconds> LogIn::blocked_for(const std::vector<std::string>& keys)
{
    const SteadyTime now = outside_.clock.steady_now();
    std::optional<Seconds> longest;
    for (const std::string& key : keys) {
        const auto found = counters_.find(key);
        if (found == counters_.end() || found->second.window_ends <= now) continue;
        if (found->second.tries < limits_.tries_max) continue;
        const Seconds wait = std::chrono::ceil<Seconds>(found->second.window_ends - now);
        longest = std::max(longest.value_or(wait), wait);
    }
    return longest;
}

void LogIn::count_try(const std::vector<std::string>& keys)
{
    const SteadyTime now = outside_.clock.steady_now();
    if (counters_.size() >= limits_.counters_max)
        std::erase_if(counters_, [&](const auto& each) { return each.second.window_ends <= now; });
    // Still full: an attacker is at work with invented devices. The counters of accounts are what
    // protects people, and one forgotten counter is better than no sign-in for anybody.
    if (counters_.size() >= limits_.counters_max) counters_.erase(counters_.begin());

    for (const std::string& key : keys) {
        Counter& counter = counters_[key];
        if (counter.window_ends <= now) counter = {0, now + limits_.window};
        ++counter.tries;
    }
}

void LogIn::forget_try(const std::vector<std::string>& keys)
{
    for (const std::string& key : keys)
        if (const auto counter = counters_.find(key); counter != counters_.end())
            --counter->second.tries;
}

} // namespace iwas::workflows
