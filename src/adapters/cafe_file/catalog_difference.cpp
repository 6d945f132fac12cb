#include "adapters/cafe_file/catalog_difference.hpp"

#include "adapters/cafe_file/payment_account_facts.hpp"
#include "core/bytes.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace iwas::adapters {

using namespace domain;

namespace {

/// What a row says under one name. A secret is compared, never shown.
struct Field {
    std::string name;
    std::string value;
    bool is_secret = false;

    static Field secret(std::string name, const SecretText& value)
    {
        return {std::move(name), value.reveal(), true};
    }
};
using Fields = std::vector<Field>;

std::string yes_or_no(bool value)
{
    return value ? "yes" : "no";
}
std::string text_of(const std::optional<int>& value)
{
    return value ? std::to_string(*value) : "none";
}
std::string text_of(Seconds span)
{
    return std::to_string(span.count()) + "s";
}
std::string text_of(const std::set<MacAddress>& devices)
{
    std::string text;
    for (const MacAddress& each : devices)
        text.append(text.empty() ? "" : " ").append(to_string(each));
    return text;
}
std::string clock_text(int minute)
{
    const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return two(minute / 60) + ":" + two(minute % 60);
}
std::string text_of(const RateLimit& rate)
{
    const auto mbps = [](std::uint64_t bps) { return std::to_string(bps / 1'000'000); };
    return mbps(rate.up_bps) + "/" + mbps(rate.down_bps) + "/" + mbps(rate.burst_down_bps) +
           " Mbps";
}
std::string text_of(const Schedule& schedule)
{
    constexpr auto days =
        std::to_array<std::string_view>({"mon", "tue", "wed", "thu", "fri", "sat", "sun"});
    std::string text;
    for (std::size_t day = 0; day < days.size(); ++day)
        if (schedule.weekdays.at(day)) text.append(days.at(day)).append(" ");
    return text + clock_text(schedule.from_minute) + "-" + clock_text(schedule.to_minute);
}
std::string_view text_of(PcLogoutRule rule)
{
    switch (rule) {
    case PcLogoutRule::pause: return "pause";
    case PcLogoutRule::terminate: return "terminate";
    case PcLogoutRule::ignore: return "ignore";
    }
    return {};
}
std::string_view text_of(PackageStatus status)
{
    switch (status) {
    case PackageStatus::draft: return "draft";
    case PackageStatus::published: return "published";
    case PackageStatus::archived: return "archived";
    }
    return {};
}

Fields fields_of(const Organization& row)
{
    return {{"name", row.name}, {"time_zone", row.time_zone}};
}

std::string text_of(const std::optional<PaymentWindowOffer>& offer)
{
    constexpr std::uint64_t kilo = 1'000;
    if (!offer) return {};
    return std::to_string(offer->duration.count()) + " min, " +
           std::to_string(offer->rate_bps / kilo) + " kbps, " +
           std::to_string(offer->times_per_day) + " a day";
}

Fields fields_of(const Location& row)
{
    return {
        {"organization", row.organization.text()},
        {"name", row.name},
        {"time_zone", row.time_zone},
        {"language", row.language},
        {"guest_network", to_string(row.guest_network)},
        {"pc_logout_grace", text_of(row.pc_logout_grace)},
        {"blocked_devices", text_of(row.blocked_devices)},
        {"payment_window", text_of(row.payment_window)},
    };
}

Fields fields_of(const Router& row)
{
    const RouterosApi api = row.api.value_or(RouterosApi{});
    return {
        {"location", row.location.text()},
        {"kind", std::string{to_text(row.kind)}},
        {"name", row.name},
        {"nas_identifier", row.nas_identifier},
        {"radius_source", to_string(row.radius_source)},
        Field::secret("radius_secret", row.radius_secret),
        {"requires_message_authenticator", yes_or_no(row.requires_message_authenticator)},
        {"limits_proxy_state", yes_or_no(row.limits_proxy_state)},
        {"swaps_octets", yes_or_no(row.swaps_octets)},
        {"lacks_gigawords", yes_or_no(row.lacks_gigawords)},
        {"signs_accounting_replies", yes_or_no(row.signs_accounting_replies)},
        {"radius_packets_per_second_max", std::to_string(row.radius_packets_per_second_max)},
        {"coa_host", row.coa_host},
        {"coa_port", std::to_string(row.coa_port)},
        {"coa_counts_from_start", yes_or_no(row.coa_counts_from_start)},
        {"hotspot_host", row.hotspot_host},
        {"login", row.login_proof == LoginProof::pap ? "pap" : "chap"},
        Field::secret("uam_secret", row.uam_secret),
        Field::secret("mac_password", row.mac_password),
        {"guest_vlan", text_of(row.guest_vlan)},
        {"interim_interval", text_of(row.interim_interval)},
        {"api", yes_or_no(row.api.has_value())},
        {"api.host", api.host},
        {"api.port", std::to_string(api.port)},
        {"api.uses_tls", yes_or_no(api.uses_tls)},
        {"api.certificate_sha256", api.certificate_sha256},
        {"api.user_name", api.user_name},
        Field::secret("api.password", api.password),
        {"api.allows_old_login", yes_or_no(api.allows_old_login)},
    };
}

Fields fields_of(const Package& row)
{
    std::string locations;
    for (const LocationId& each : row.locations)
        locations.append(locations.empty() ? "" : " ").append(each.text());
    const Terms& terms = row.terms;
    const bool starts_at_activation = terms.clock_start == ClockStart::at_activation;
    return {
        {"organization", row.organization.text()},
        {"name", terms.name},
        {"description", row.description},
        {"duration", text_of(terms.duration)},
        {"price", std::to_string(terms.price.vnd())},
        {"rate", text_of(terms.rate)},
        {"data_cap",
         terms.data_cap_octets ? std::to_string(*terms.data_cap_octets) + " octets" : "none"},
        {"devices", std::to_string(terms.device_limit)},
        {"on_pc_logout", std::string{text_of(terms.on_pc_logout)}},
        {"clock_start", starts_at_activation ? "at_activation" : "at_first_connection"},
        {"status", std::string{text_of(row.status)}},
        {"recommended", yes_or_no(row.is_recommended)},
        {"position", std::to_string(row.position)},
        {"capacity", text_of(row.capacity)},
        {"purchases_per_day", text_of(row.purchases_per_day_max)},
        {"schedule", text_of(row.schedule)},
        {"locations", locations.empty() ? "all" : locations},
    };
}

Fields fields_of(const PcSystem& row)
{
    std::string joined;
    for (const SecretText& each : row.webhook_secrets)
        joined += std::to_string(each.reveal().size()) + ":" + each.reveal();
    return {
        {"profile", row.profile == PcSystemProfile::connector_v1 ? "connector_v1" : "legacy"},
        {"base_url", row.base_url},
        Field::secret("branch_key", row.branch_key),
        Field::secret("webhook_secrets", SecretText{std::move(joined)}),
        {"poll_interval", text_of(row.poll_interval)},
        {"logout_sync", yes_or_no(row.logout_sync)},
    };
}

std::string text_of(const std::vector<BankFeed>& feeds)
{
    std::string text;
    for (const BankFeed& feed : feeds) {
        text.append(text.empty() ? "" : ", ").append(to_text(feed.kind)).append(" ");
        text.append(to_text(feed.proof)).append(feed.base_url.empty() ? "" : " ");
        text.append(feed.base_url);
    }
    return text;
}

SecretText secrets_of(const std::vector<BankFeed>& feeds)
{
    std::string joined;
    for (const BankFeed& feed : feeds)
        for (const SecretText* each : {&feed.webhook_secret, &feed.api_token})
            joined += std::to_string(each->reveal().size()) + ":" + each->reveal();
    return SecretText{std::move(joined)};
}

/// Keys carry the names that the gateway gives them, as in the file; `otherwise` where it has none.
Fields fields_of(const PaymentAccount& row)
{
    const PaymentKeyNames names = payment_key_names(row.method);
    const auto name = [](std::string_view given, std::string_view otherwise) {
        return std::string{given.empty() ? otherwise : given};
    };
    return {
        {"organization", row.organization.text()},
        {"method", std::string{to_text(row.method)}},
        {"enabled", yes_or_no(row.is_enabled)},
        {"base_url", row.base_url},
        {"page_url", row.page_url},
        {"token_url", row.token_url},
        {name(names.merchant, "merchant"), row.merchant},
        Field::secret(name(names.access_key, "access_key"), row.access_key),
        Field::secret(name(names.secret_key, "secret_key"), row.secret_key),
        Field::secret(name(names.callback_key, "callback_key"), row.callback_key),
        Field::secret("public_key", SecretText{row.public_key}), // no secret, but long
        {"saves_tokens", yes_or_no(row.saves_tokens)},
        {"refund_waits_for_bank", yes_or_no(row.refund_waits_for_bank)},
        {"bank", row.bank_bin},
        {"account", row.bank_account},
        {"holder", row.bank_holder},
        {"feeds", text_of(row.feeds)},
        Field::secret("feeds.secrets", secrets_of(row.feeds)),
        {"unique_amount_max", std::to_string(row.unique_amount_max.vnd())},
        {"fee.percent", percent_text(row.fee.basis_points)},
        {"fee.minimum", std::to_string(row.fee.minimum.vnd())},
        {"fee.maximum", std::to_string(row.fee.maximum.vnd())},
    };
}

/// The fields that differ. Both lists have the same names in the same order.
std::vector<std::string> changed_fields(const Fields& before, const Fields& wanted)
{
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const Field& old = before.at(i);
        const Field& now = wanted.at(i);
        if (equal_constant_time(std::string_view{old.value}, std::string_view{now.value})) continue;
        const auto shown = [](const std::string& value) {
            return value.empty() ? std::string{"none"} : value;
        };
        lines.push_back(
            now.name + ": " +
            (now.is_secret ? "changed" : shown(old.value) + " -> " + shown(now.value)));
    }
    return lines;
}

template <class Map>
void compare(
    std::string_view kind, const Map& before, const Map& wanted,
    std::vector<CatalogChange>& changes)
{
    using enum CatalogChange::Kind;
    const auto row_name = [&](const auto& id) { return std::string{kind} + " " + id.text(); };
    for (const auto& [id, row] : wanted) {
        const auto old = before.find(id);
        if (old == before.end()) {
            changes.push_back({added, row_name(id), {}});
            continue;
        }
        auto fields = changed_fields(fields_of(old->second), fields_of(row));
        if (!fields.empty()) changes.push_back({changed, row_name(id), std::move(fields)});
    }
    for (const auto& [id, row] : before)
        if (!wanted.contains(id)) changes.push_back({removed, row_name(id), {}});
}

} // namespace

std::vector<CatalogChange> difference(const Catalog& before, const Catalog& wanted)
{
    std::vector<CatalogChange> changes;
    compare("organization", before.organizations, wanted.organizations, changes);
    compare("location", before.locations, wanted.locations, changes);
    compare("router", before.routers, wanted.routers, changes);
    compare("package", before.packages, wanted.packages, changes);
    compare("PC system", before.pc_systems, wanted.pc_systems, changes);
    compare("payment account", before.payment_accounts, wanted.payment_accounts, changes);
    return changes;
}

std::string to_text(const std::vector<CatalogChange>& changes)
{
    if (changes.empty()) return "no changes\n";
    std::string text;
    for (const CatalogChange& change : changes) {
        switch (change.kind) {
        case CatalogChange::Kind::added: text += "+ "; break;
        case CatalogChange::Kind::changed: text += "~ "; break;
        case CatalogChange::Kind::removed: text += "- "; break;
        }
        text += change.row + "\n";
        for (const std::string& field : change.fields)
            text += "    " + field + "\n";
    }
    return text;
}

} // namespace iwas::adapters
