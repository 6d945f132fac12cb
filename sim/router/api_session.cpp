#include "sim/router/api_session.hpp"

#include "protocol/routeros/login.hpp"
#include "protocol/routeros/value.hpp"

#include <algorithm>

namespace iwas::sim {

namespace {

using routeros::Attributes;
using routeros::find;
using routeros::ReplyKind;

constexpr std::string_view active_menu = "/ip/hotspot/active";
constexpr std::string_view cookie_menu = "/ip/hotspot/cookie";
constexpr std::string_view host_menu = "/ip/hotspot/host";
constexpr std::size_t listeners_max = 32;

/// "/ip/hotspot/active" and "print".
std::pair<std::string, std::string> split_path(const std::string& path)
{
    const auto slash = path.rfind('/');
    return {path.substr(0, slash), path.substr(slash + 1)};
}

/// Calls `take` for each part of a comma-separated list.
template <class Take>
void each_part(std::string_view list, Take take)
{
    while (!list.empty()) {
        const auto part = list.substr(0, list.find(','));
        list.remove_prefix(std::min(part.size() + 1, list.size()));
        if (!part.empty()) take(part);
    }
}

/// The device that a print asks for, when its query can only mean that one. Spares a large café the
/// rows of everybody else.
std::optional<MacAddress> asked_device(const routeros::Command& command)
{
    constexpr std::string_view property = "mac-address=";
    std::optional<MacAddress> device;
    for (const std::string_view query : command.queries) {
        if (query.starts_with('#')) return std::nullopt;
        if (query.starts_with(property)) device = MacAddress::parse(query.substr(property.size()));
    }
    return device;
}

Attributes only(const Attributes& row, std::optional<std::string_view> properties)
{
    if (!properties) return row;
    Attributes kept;
    each_part(*properties, [&](std::string_view name) {
        if (const auto value = find(row, name)) kept.emplace_back(name, *value);
    });
    return kept;
}

} // namespace

ApiSession::ApiSession(
    RouterModel& model, ApiOptions options, TaskGroup& tasks, std::function<void(std::string)> send)
    : model_{model}, options_{std::move(options)}, tasks_{tasks}, send_{std::move(send)}
{
}

void ApiSession::take(const routeros::Sentence& sentence)
{
    if (is_over_) return;
    const auto command = routeros::parse_command(sentence);
    if (!command) return fatal("not a command");
    if (command->path == "/login") return log_in(*command);
    if (!is_logged_in_) return fatal("not logged in");
    run(*command);
}

void ApiSession::log_in(const Command& command)
{
    const auto name = find(command.attributes, "name");
    const auto password = find(command.attributes, "password");
    const auto response = find(command.attributes, "response");
    const std::string& wanted = options_.password.reveal();
    if (options_.old_login && !response) {
        // Versions before 6.43 ignore the password of the new form and answer with a challenge.
        constexpr std::size_t challenge_octets = 16;
        const auto boots = static_cast<std::uint8_t>(model_.boots());
        challenge_.assign(challenge_octets, static_cast<std::uint8_t>(0xA5 ^ boots));
        return done(command.tag, {{"ret", to_hex(challenge_)}});
    }
    bool is_right = name == options_.user_name;
    if (response && !challenge_.empty()) {
        is_right = is_right &&
                   equal_constant_time(*response, routeros::old_login_response(wanted, challenge_));
    } else {
        is_right = is_right && password && equal_constant_time(*password, wanted);
    }
    challenge_.clear();
    if (!is_right) return trap(command.tag, "invalid user name or password (6)");
    is_logged_in_ = true;
    done(command.tag);
}

void ApiSession::run(const Command& command)
{
    if (command.path == "/quit") return fatal("session terminated on request");
    if (command.path == "/cancel") return cancel(command);
    if (command.path == "/ip/hotspot/active/login") return start_hotspot_login(command);
    if (command.path == "/resolve") return resolve(command);
    if (command.path == "/tool/fetch") return fetch(command);
    const auto [menu, action] = split_path(command.path);
    if (RouterGarden::is_menu(menu) && run_garden(menu, action, command)) return;
    const auto rows = rows_of(menu, asked_device(command));
    if (!rows) return trap(command.tag, "no such command prefix", "0");
    if (action == "print" || action == "getall") return print(command, *rows);
    if (action == "listen" && menu == active_menu) return listen(command);
    if (action == "remove" && (menu == active_menu || menu == cookie_menu || menu == host_menu))
        return remove(command);
    trap(command.tag, "no such command", "0");
}

std::optional<ApiSession::Rows> ApiSession::rows_of(
    const std::string& menu, std::optional<MacAddress> only_device)
{
    const Hotspot& hotspot = model_.hotspot();
    Rows rows;
    if (menu == active_menu) {
        const auto add = [&](const ActiveSession& session) {
            const auto counted = hotspot.counted(session, model_.now());
            rows.push_back(active_row(counted, model_.options().nas, model_.now()));
        };
        if (only_device) {
            const auto* const session = hotspot.find_active(*only_device);
            if (session != nullptr) add(*session);
        } else {
            for (const auto& [mac, session] : hotspot.active())
                add(session);
        }
    } else if (menu == host_menu) {
        for (const auto& [mac, device] : hotspot.devices())
            rows.push_back(host_row(device, hotspot.find_active(mac) != nullptr, model_.now()));
    } else if (menu == cookie_menu) {
        for (const auto& [mac, cookie] : model_.cookies())
            rows.push_back(cookie_row(cookie));
    } else if (RouterGarden::is_menu(menu)) {
        rows = model_.garden().rows(menu);
    } else if (menu == "/system/identity") {
        rows.push_back({{"name", model_.options().nas.identifier}});
    } else if (menu == "/system/resource") {
        rows.push_back({
            {"uptime", routeros::format_duration(model_.uptime())},
            {"version", model_.options().version},
            {"board-name", model_.options().board_name},
            {"cpu-load", "3"},
            {"cpu-count", "4"},
            {"free-memory", "805306368"},
            {"total-memory", "1073741824"},
            {"architecture-name", "arm64"},
            {"platform", "MikroTik"},
        });
    } else {
        return std::nullopt;
    }
    return rows;
}

void ApiSession::print(const Command& command, const Rows& rows)
{
    const auto query = routeros::Query::parse(command.queries);
    if (!query) return trap(command.tag, "invalid value for query", "1");
    const auto properties = find(command.attributes, ".proplist");
    const bool counts = find(command.attributes, "count-only").has_value();
    std::size_t count = 0;
    for (const auto& row : rows) {
        if (!query->matches(row)) continue;
        ++count;
        if (!counts) send({ReplyKind::re, command.tag, only(row, properties), {}});
    }
    if (counts) return done(command.tag, {{"ret", std::to_string(count)}});
    if (count == 0 && options_.sends_empty) send({ReplyKind::empty, command.tag, {}, {}});
    done(command.tag);
}

void ApiSession::listen(const Command& command)
{
    if (listeners_.size() >= listeners_max) return trap(command.tag, "too many listeners", "4");
    listeners_.insert_or_assign(command.tag, command);
}

void ApiSession::active_changed(const ActiveSession& session, bool is_gone)
{
    if (!is_logged_in_ || is_over_) return;
    const Attributes row = active_row(session, model_.options().nas, model_.now());
    for (const auto& [tag, command] : listeners_) {
        if (is_gone) {
            send({ReplyKind::re, tag, {{".id", session.id}, {".dead", "yes"}}, {}});
            continue;
        }
        const auto query = routeros::Query::parse(command.queries);
        if (!query || !query->matches(row)) continue;
        send({ReplyKind::re, tag, only(row, find(command.attributes, ".proplist")), {}});
    }
}

void ApiSession::cancel(const Command& command)
{
    if (const auto tag = find(command.attributes, "tag")) {
        const std::string wanted{*tag};
        if (!listeners_.contains(wanted) && !logins_.contains(wanted))
            return trap(command.tag, "no such command (tag)", "0");
        send({ReplyKind::trap, wanted, {{"category", "2"}, {"message", "interrupted"}}, {}});
        done(command.tag);
        return cancel_tag(wanted);
    }
    std::vector<std::string> all;
    for (const auto& [tag, listener] : listeners_)
        all.push_back(tag);
    all.insert(all.end(), logins_.begin(), logins_.end());
    for (const auto& tag : all)
        send({ReplyKind::trap, tag, {{"category", "2"}, {"message", "interrupted"}}, {}});
    done(command.tag);
    for (const auto& tag : all)
        cancel_tag(tag);
}

void ApiSession::cancel_tag(const std::string& tag)
{
    listeners_.erase(tag);
    // The login itself goes on at the router: only its answer is not wanted any more.
    logins_.erase(tag);
    done(tag);
}

void ApiSession::remove(const Command& command)
{
    const auto ids = find(command.attributes, ".id");
    if (!ids) return trap(command.tag, "missing value(s) of argument(s) .id", "1");
    const auto menu = split_path(command.path).first;
    bool is_missing = false;
    each_part(*ids, [&](std::string_view part) {
        const std::string id{part};
        if (menu == cookie_menu) {
            is_missing = !model_.remove_cookie(id) || is_missing;
            return;
        }
        std::optional<MacAddress> mac;
        if (menu == active_menu) {
            if (const auto* session = model_.hotspot().find_active(id)) mac = session->mac;
        } else {
            for (const auto& [address, device] : model_.hotspot().devices())
                if (device.id == id) mac = address;
        }
        is_missing = is_missing || !mac;
        if (mac) model_.log_out(*mac, TerminateCause::admin_reset);
    });
    if (is_missing) return trap(command.tag, "no such item", "0");
    done(command.tag);
}

void ApiSession::start_hotspot_login(const Command& command)
{
    const auto text = [&command](std::string_view name) {
        return find(command.attributes, name).value_or("");
    };
    const auto ip = Ipv4Address::parse(text("ip"));
    auto mac = MacAddress::parse(text("mac-address"));
    if (!ip || text("user").empty())
        return trap(command.tag, "missing value(s) of argument(s) ip user", "1");
    // The address alone names the host; a hardware address that is given must be its own.
    if (!mac) {
        for (const auto& [address, device] : model_.hotspot().devices())
            if (device.ip == *ip) mac = address;
    }
    if (!mac) return trap(command.tag, "failure: no such host", "4");
    LoginAttempt attempt{
        .mac = *mac,
        .ip = *ip,
        .user_name = std::string{text("user")},
        .proof = SecretText{std::string{text("password")}},
        .login_by = "http-pap",
    };
    logins_.insert(command.tag);
    if (!tasks_.spawn(
            "sim hotspot login",
            hotspot_login(shared_from_this(), std::move(attempt), command.tag)))
        fatal("the router is closing");
}

awaitable<void> ApiSession::hotspot_login(
    std::shared_ptr<ApiSession> self, LoginAttempt attempt, std::string tag)
{
    const unsigned boot = self->model_.boots();
    const auto outcome = co_await self->model_.log_in(std::move(attempt));
    const bool is_wanted = self->logins_.erase(tag) > 0;
    if (!is_wanted || self->is_over_ || boot != self->model_.boots()) co_return;
    if (outcome.result == LoginResult::accepted) {
        self->done(tag);
    } else {
        self->trap(tag, outcome.message, "4");
    }
}

void ApiSession::send(const Reply& reply)
{
    if (!is_over_) send_(routeros::encode(routeros::to_sentence(reply)));
}

void ApiSession::done(const std::string& tag, Attributes attributes)
{
    send({ReplyKind::done, tag, std::move(attributes), {}});
}

void ApiSession::trap(const std::string& tag, std::string message, std::string category)
{
    Attributes attributes;
    if (!category.empty()) attributes.emplace_back("category", std::move(category));
    attributes.emplace_back("message", std::move(message));
    send({ReplyKind::trap, tag, std::move(attributes), {}});
    done(tag);
}

void ApiSession::fatal(std::string text)
{
    send({ReplyKind::fatal, {}, {}, std::move(text)});
    is_over_ = true;
}

} // namespace iwas::sim
