#include "api/views.hpp"

#include <algorithm>

namespace iwas::api {

namespace json = boost::json;

namespace {

constexpr std::uint64_t bits_per_mbit = 1'000'000;

json::value time_or_null(const std::optional<UtcTime>& time)
{
    if (!time) return nullptr;
    return json::string{to_rfc3339(*time)};
}

json::object rate_json(const domain::RateLimit& rate)
{
    const auto mbps = [](std::uint64_t bps) {
        return std::max<std::uint64_t>(1, (bps + bits_per_mbit / 2) / bits_per_mbit);
    };
    return {{"down_mbps", mbps(rate.down_bps)}, {"up_mbps", mbps(rate.up_bps)}};
}

json::value octets_or_null(const std::optional<std::uint64_t>& octets)
{
    if (!octets) return nullptr;
    return *octets;
}

bool can_resume(const domain::Session& session, const Viewer& viewer)
{
    if (viewer.account != session.account) return false;
    if (session.state != domain::SessionState::paused &&
        session.state != domain::SessionState::active)
        return false;
    const domain::SessionDevice* device = find_device(session, viewer.device);
    if (device && is_on_network(session, *device, viewer.now)) return false;
    return change_for_device(session, viewer.device) != domain::DeviceChange::refuse;
}

json::object device_json(const domain::SessionDevice& device, bool is_online, const Viewer& viewer)
{
    return {
        {"id", viewer.tokens.device_id(device.mac)},     {"mac_masked", masked_mac(device.mac)},
        {"is_this_device", device.mac == viewer.device}, {"online", is_online},
        {"is_private_mac", device.mac.is_private()},
    };
}

} // namespace

std::string masked_mac(const MacAddress& mac)
{
    const std::string text = to_string(mac);
    return text.substr(0, 6) + "••:••:••" + text.substr(14);
}

std::string shortened_name(std::string_view display_name)
{
    constexpr int characters_shown = 2;
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
    std::size_t end = 0;
    for (int shown = 0; shown < characters_shown && end < display_name.size(); ++shown) {
        ++end;
        while (end < display_name.size() && continues(display_name[end]))
            ++end;
    }
    return end == 0 ? std::string{} : std::string{display_name.substr(0, end)} + "…";
}

json::value text_or_null(const std::string& text)
{
    if (text.empty()) return nullptr;
    return json::value(text);
}

json::object account_json(const domain::Account& account)
{
    return {
        {"id", to_string(account.id)},
        {"kind", domain::is_guest(account) ? "guest" : "member"},
        {"username", account.user_name},
        {"display_name", account.display_name.empty() ? account.user_name : account.display_name},
    };
}

json::object balance_json(const Balance& balance)
{
    return {
        {"amount", std::max<std::int64_t>(0, balance.amount.vnd())},
        {"as_of", to_rfc3339(balance.as_of)},
        {"stale", balance.is_stale},
    };
}

json::array devices_json(const domain::Session& session, const Viewer& viewer)
{
    json::array list;
    for (const bool is_online : {true, false})
        for (const domain::SessionDevice& device : session.devices)
            if (is_on_network(session, device, viewer.now) == is_online)
                list.push_back(device_json(device, is_online, viewer));
    return list;
}

json::object session_json(const domain::Session& session, const Viewer& viewer)
{
    const bool has_reason = session.reason != domain::EndReason::none;
    json::value reason = nullptr;
    if (has_reason)
        reason = to_text(session.reason);
    else if (session.state == domain::SessionState::paused)
        reason = to_text(domain::EndReason::pc_logout);
    return {
        {"id", to_string(session.id)},
        {"package_name", session.terms.name},
        {"state", to_text(session.state)},
        {"reason", std::move(reason)},
        {"starts_at", time_or_null(session.started_at)},
        {"ends_at", time_or_null(session.ends_at)},
        {"seconds_left", time_left(session, viewer.now).count()},
        {"data_used_bytes", session.used_octets},
        {"data_cap_bytes", octets_or_null(session.terms.data_cap_octets)},
        {"rate", rate_json(session.terms.rate)},
        {"devices", devices_json(session, viewer)},
        {"device_limit", session.terms.device_limit},
        {"can_extend",
         viewer.account == session.account && session.state == domain::SessionState::active},
        {"can_resume", can_resume(session, viewer)},
    };
}

json::object package_json(
    const domain::Package& package, const domain::LocalTime& now, const Demand& demand)
{
    json::value why = nullptr;
    if (!is_on_sale(package.schedule, now))
        why = to_text(ProblemCode::package_not_available);
    else if (package.capacity && demand.open_sessions >= *package.capacity)
        why = to_text(ProblemCode::package_at_capacity);
    else if (package.purchases_per_day_max && demand.bought_today >= *package.purchases_per_day_max)
        why = to_text(ProblemCode::purchase_limit_reached);
    return {
        {"id", package.id.text()},
        {"name", package.terms.name},
        {"description", package.description},
        {"price", package.terms.price.vnd()},
        {"duration_seconds", package.terms.duration.count()},
        {"rate", rate_json(package.terms.rate)},
        {"data_cap_bytes", octets_or_null(package.terms.data_cap_octets)},
        {"device_limit", package.terms.device_limit},
        {"recommended", package.is_recommended},
        {"available", why.is_null()},
        {"unavailable_code", why},
    };
}

bool has_receipt(const domain::Transaction& transaction)
{
    return !transaction.origin && (transaction.state == domain::TransactionState::success ||
                                   transaction.state == domain::TransactionState::refunding ||
                                   transaction.state == domain::TransactionState::refunded);
}

Money money_given_back(const domain::Transaction& transaction)
{
    const bool is_whole = transaction.state == domain::TransactionState::refunded;
    return is_whole ? transaction.amount : transaction.refunded;
}

json::object history_json(const domain::Transaction& transaction)
{
    return {
        {"id", to_string(transaction.id)},
        {"kind", transaction.is_extension ? "extension" : "purchase"},
        {"package_name", transaction.terms.name},
        {"amount", transaction.amount.vnd()},
        {"state", to_text(transaction.state)},
        {"created_at", to_rfc3339(transaction.created_at)},
        {"method", to_text(transaction.method)},
        {"credit_used", transaction.credit_used.vnd()},
        {"refunded", money_given_back(transaction).vnd()},
        {"has_receipt", has_receipt(transaction)},
    };
}

json::object form_json(const ports::LoginForm& form)
{
    json::object fields;
    for (const auto& [name, value] : form.fields)
        fields[name] = value;
    return {{"url", form.url}, {"method", form.method}, {"fields", std::move(fields)}};
}

} // namespace iwas::api
