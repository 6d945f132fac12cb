#include "sim/router/router_model.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace iwas::sim {

RouterModel::RouterModel(
    RouterOptions options, ports::Clock& clock, ports::Random& random, RadiusTransport& transport,
    TaskGroup& tasks)
    : options_{std::move(options)}, secret_{options_.radius_secret}, clock_{clock}, random_{random},
      transport_{transport}, tasks_{tasks}, booted_at_{clock.steady_now()}
{
}

void RouterModel::add_device(MacAddress mac, Ipv4Address ip)
{
    settle();
    report(hotspot_.add_device(mac, ip, now()));
    if (hotspot_.find_active(mac) != nullptr) return;
    const auto cookie = cookies_.find(mac);
    if (cookie != cookies_.end()) {
        start_task(
            "sim cookie login",
            log_in_unasked(
                {mac, ip, cookie->second.user_name, cookie->second.password, "mac-cookie"}));
    } else if (options_.mac_authentication) {
        start_task("sim mac login", log_in_unasked({mac, ip, to_string(mac), SecretText{}, "mac"}));
    }
}

void RouterModel::remove_device(MacAddress mac)
{
    settle();
    report(hotspot_.remove_device(mac, now()));
}

void RouterModel::set_demand(MacAddress mac, std::uint64_t up_bps, std::uint64_t down_bps)
{
    settle();
    hotspot_.set_demand(mac, up_bps, down_bps, now());
    schedule();
}

bool RouterModel::is_online(MacAddress mac)
{
    settle();
    return is_up_ && hotspot_.find_active(mac) != nullptr;
}

const Hotspot& RouterModel::hotspot()
{
    settle();
    return hotspot_;
}

awaitable<LoginOutcome> RouterModel::log_in(LoginAttempt attempt)
{
    settle();
    const Device* const device = hotspot_.find_device(attempt.mac);
    if (device == nullptr || device->ip != attempt.ip)
        co_return LoginOutcome{LoginResult::no_host, "failure: no such host"};
    if (hotspot_.find_active(attempt.mac) != nullptr)
        co_return LoginOutcome{LoginResult::already_active, "failure: already logged in"};
    if (!logging_in_.insert(attempt.mac).second)
        co_return LoginOutcome{LoginResult::in_progress, "already authorizing, retry later"};

    const MacAddress mac = attempt.mac;
    auto outcome = co_await authenticate(std::move(attempt));
    logging_in_.erase(mac);
    co_return outcome;
}

awaitable<LoginOutcome> RouterModel::authenticate(LoginAttempt attempt)
{
    radius::Authenticator random{};
    random_.fill(random);
    const unsigned boot = boots_;
    std::string acct_session_id = next_session_id();
    const RadiusRequest request = access_request(
        options_.nas, attempt, acct_session_id, ++radius_identifier_, random, secret_,
        options_.sends_message_authenticator);
    ++statistics_.access_requests;
    const auto reply = co_await ask(RadiusService::authentication, request.octets);

    if (boot != boots_)
        co_return LoginOutcome{LoginResult::interrupted, "failure: router restarted"};
    if (!reply) {
        ++statistics_.timeouts;
        co_return LoginOutcome{LoginResult::no_answer, "RADIUS server is not responding"};
    }
    auto answer = read_answer(*reply, request, secret_, options_.requires_message_authenticator);
    if (answer.fault != AnswerFault::none) {
        // A router shows a reply with a wrong authenticator as no reply at all.
        ++statistics_.bad_replies;
        co_return LoginOutcome{LoginResult::no_answer, "RADIUS server is not responding"};
    }
    co_return admit(std::move(attempt), std::move(acct_session_id), std::move(answer));
}

LoginOutcome RouterModel::admit(
    LoginAttempt attempt, std::string acct_session_id, RadiusAnswer answer)
{
    if (answer.code != radius::Code::access_accept) {
        ++statistics_.rejects;
        return {
            LoginResult::rejected,
            answer.reply_message.empty() ? "invalid username or password" : answer.reply_message};
    }
    ++statistics_.accepts;
    settle();
    const Device* const device = hotspot_.find_device(attempt.mac);
    if (device == nullptr || device->ip != attempt.ip)
        return {LoginResult::no_host, "failure: no such host"};
    const auto& logins_max = answer.limits.logins_max;
    if (logins_max && hotspot_.logins_of(attempt.user_name) >= *logins_max)
        return {
            LoginResult::too_many, "no more sessions are allowed for user " + attempt.user_name};

    const auto* const clear = std::get_if<SecretText>(&attempt.proof);
    if (options_.mac_cookies && clear != nullptr && attempt.login_by != "mac")
        cookies_[attempt.mac] = {
            fmt::format("*C{:X}", ++last_cookie_), attempt.mac, attempt.user_name, *clear};
    std::vector<AccountingEvent> events;
    events.push_back(hotspot_.log_in(
        {.acct_session_id = std::move(acct_session_id),
         .user_name = std::move(attempt.user_name),
         .mac = attempt.mac,
         .ip = attempt.ip,
         .class_ = std::move(answer.class_),
         .login_by = std::move(attempt.login_by),
         .limits = std::move(answer.limits)},
        now()));
    report(std::move(events));
    return {LoginResult::accepted, {}};
}

awaitable<void> RouterModel::log_in_unasked(LoginAttempt attempt)
{
    const MacAddress mac = attempt.mac;
    const bool is_cookie = attempt.login_by == "mac-cookie";
    const auto outcome = co_await log_in(std::move(attempt));
    if (is_cookie && outcome.result == LoginResult::rejected) cookies_.erase(mac);
}

bool RouterModel::log_out(MacAddress mac, TerminateCause cause)
{
    settle();
    auto events = hotspot_.log_out(mac, cause, now());
    const bool was_active = !events.empty();
    report(std::move(events));
    return was_active;
}

bool RouterModel::remove_cookie(const std::string& id)
{
    return std::erase_if(cookies_, [&](const auto& entry) { return entry.second.id == id; }) > 0;
}

void RouterModel::restart(Milliseconds downtime)
{
    ++boots_;
    is_up_ = false;
    sessions_of_boot_ = 0;
    hotspot_.forget_sessions();
    answered_.clear();
    start_task("sim restart", come_back_after(downtime, boots_));
}

awaitable<void> RouterModel::come_back_after(Milliseconds downtime, unsigned boot)
{
    co_await clock_.sleep_until(now() + downtime);
    if (boot != boots_) co_return; // restarted once more meanwhile
    is_up_ = true;
    booted_at_ = now();
    const auto request = accounting_on_off(options_.nas, true, ++radius_identifier_, secret_);
    co_await deliver(request);
}

bool RouterModel::forget(MacAddress mac)
{
    settle();
    return hotspot_.forget(mac);
}

Seconds RouterModel::uptime() const
{
    return std::chrono::duration_cast<Seconds>(now() - booted_at_);
}

/// Brings the hotspot to the present and tells what has happened.
void RouterModel::settle()
{
    report(hotspot_.advance(now()));
    schedule();
}

void RouterModel::schedule()
{
    const auto next = hotspot_.next_event_at();
    if (!next || (scheduled_at_ && *scheduled_at_ <= *next)) return;
    scheduled_at_ = next;
    start_task("sim router timer", wake_at(*next));
}

awaitable<void> RouterModel::wake_at(SteadyTime at)
{
    co_await clock_.sleep_until(at);
    if (scheduled_at_ == at) scheduled_at_.reset();
    settle();
}

void RouterModel::report(std::vector<AccountingEvent> events)
{
    for (auto& event : events) {
        const bool is_stop = event.kind == AccountingKind::stop;
        // Cookies outlive only what the customer did not end and the router did not cut off.
        if (is_stop && event.cause != TerminateCause::lost_carrier)
            cookies_.erase(event.session.mac);
        if (on_active_change && event.kind != AccountingKind::interim)
            on_active_change(event.session, is_stop);
        start_task("sim accounting", send_accounting(std::move(event)));
    }
    if (!events.empty()) schedule();
}

awaitable<void> RouterModel::send_accounting(AccountingEvent event)
{
    const auto delay = std::chrono::duration_cast<Seconds>(now() - event.at);
    const UtcTime event_time = clock_.utc_now() - delay;
    const auto request =
        accounting_request(options_.nas, event, delay, event_time, ++radius_identifier_, secret_);
    const unsigned boot = boots_;
    // Interims are worth nothing once late: the next one holds the same totals.
    const unsigned rounds =
        event.kind == AccountingKind::interim ? 1 : std::max(1U, options_.accounting_rounds);
    for (unsigned round = 0; round < rounds && boot == boots_; ++round) {
        if (round > 0) co_await clock_.sleep_until(now() + options_.accounting_pause);
        const bool is_answered = co_await deliver(request);
        if (is_answered) co_return;
    }
    ++statistics_.accounting_lost;
}

/// Sends an accounting request; whether its record was acknowledged.
awaitable<bool> RouterModel::deliver(RadiusRequest request)
{
    const auto reply = co_await ask(RadiusService::accounting, request.octets);
    if (!reply) co_return false;
    const auto answer = read_answer(*reply, request, secret_, false);
    if (answer.fault != AnswerFault::none || answer.code != radius::Code::accounting_response) {
        ++statistics_.bad_replies;
        co_return false;
    }
    ++statistics_.accounting_answered;
    co_return true;
}

awaitable<std::optional<Bytes>> RouterModel::ask(RadiusService service, Bytes request)
{
    if (!is_reachable()) {
        co_await clock_.sleep_until(now() + options_.radius_timeout * options_.radius_tries);
        co_return std::nullopt;
    }
    auto reply = co_await transport_.exchange(
        service, std::move(request), options_.radius_timeout, options_.radius_tries);
    // The line may have been cut meanwhile.
    if (!is_reachable()) co_return std::nullopt;
    co_return reply;
}

void RouterModel::start_task(std::string name, awaitable<void> task)
{
    // A full group means that the simulation is being torn down.
    static_cast<void>(tasks_.spawn(std::move(name), std::move(task)));
}

/// Eight hexadecimal digits: service, boot counter, session counter, as RouterOS builds them. They
/// come again after 256 restarts.
std::string RouterModel::next_session_id()
{
    constexpr std::uint32_t hotspot_service = 0x80;
    return fmt::format(
        "{:02x}{:02x}{:04x}", hotspot_service, (0x10 + boots_) & 0xFF,
        ++sessions_of_boot_ & 0xFFFF);
}

} // namespace iwas::sim
