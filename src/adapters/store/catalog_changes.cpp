#include "adapters/store/catalog_changes.hpp"

#include "adapters/store/catalog_values.hpp"
#include "adapters/store/sql_catalog_rows.hpp"

#include <algorithm>
#include <utility>

namespace iwas::adapters {

namespace json = boost::json;
using namespace domain;

namespace {

class Names {
public:
    template <class T>
    Names& field(std::string_view name, const T& before, const T& now)
    {
        if (!(before == now)) add(name);
        return *this;
    }
    Names& secret(std::string_view name, const SecretText& before, const SecretText& now)
    {
        if (!is_same(before, now)) add(name);
        return *this;
    }
    /// The members that differ. A member that one side lacks differs as well.
    Names& members(const json::object& before, const json::object& now, const std::string& prefix)
    {
        for (const auto& member : now) {
            const std::string name = prefix + std::string{member.key()};
            const json::value* old = before.if_contains(member.key());
            if (old && old->is_object() && member.value().is_object())
                members(old->get_object(), member.value().get_object(), name + ".");
            else if (!old || *old != member.value())
                add(name);
        }
        for (const auto& member : before)
            if (!now.contains(member.key())) add(prefix + std::string{member.key()});
        return *this;
    }
    Names& settings(const std::string& before, const std::string& now)
    {
        return members(json_object_of(before), json_object_of(now), "");
    }
    std::vector<std::string> take() { return std::move(names_); }

private:
    void add(std::string_view name) { names_.emplace_back(name); }

    std::vector<std::string> names_;
};

json::object settings_of(const Package& package)
{
    json::object settings = json_object_of(package_settings(package));
    settings["terms"] = json_object_of(json_text(settings, "terms"));
    return settings;
}

SecretText api_password(const Router& router)
{
    return router.api ? router.api->password : SecretText{};
}

SecretText webhook_secrets(const PcSystem& system)
{
    std::string all;
    for (const SecretText& each : system.webhook_secrets)
        all += std::to_string(each.reveal().size()) + ":" + each.reveal();
    return SecretText{std::move(all)};
}

} // namespace

std::vector<std::string> changed_fields(const Organization& before, const Organization& now)
{
    return Names{}
        .field("name", before.name, now.name)
        .field("time_zone", before.time_zone, now.time_zone)
        .take();
}

std::vector<std::string> changed_fields(const Location& before, const Location& now)
{
    return Names{}
        .field("organization", before.organization, now.organization)
        .field("name", before.name, now.name)
        .settings(location_settings(before), location_settings(now))
        .take();
}

std::vector<std::string> changed_fields(const Router& before, const Router& now)
{
    return Names{}
        .field("location", before.location, now.location)
        .field("kind", before.kind, now.kind)
        .field("name", before.name, now.name)
        .settings(router_settings(before), router_settings(now))
        .secret("radius_secret", before.radius_secret, now.radius_secret)
        .secret("api.password", api_password(before), api_password(now))
        .secret("uam_secret", before.uam_secret, now.uam_secret)
        .secret("mac_password", before.mac_password, now.mac_password)
        .take();
}

std::vector<std::string> changed_fields(const Package& before, const Package& now)
{
    return Names{}
        .field("organization", before.organization, now.organization)
        .field("status", before.status, now.status)
        .members(settings_of(before), settings_of(now), "")
        .take();
}

std::vector<std::string> changed_fields(const PcSystem& before, const PcSystem& now)
{
    return Names{}
        .field("profile", before.profile, now.profile)
        .settings(pc_system_settings(before), pc_system_settings(now))
        .secret("branch_key", before.branch_key, now.branch_key)
        .secret("webhook_secrets", webhook_secrets(before), webhook_secrets(now))
        .take();
}

std::vector<std::string> changed_fields(const PaymentAccount& before, const PaymentAccount& now)
{
    return Names{}
        .field("organization", before.organization, now.organization)
        .field("method", before.method, now.method)
        .settings(payment_account_settings(before), payment_account_settings(now))
        .secret("access_key", before.access_key, now.access_key)
        .secret("secret_key", before.secret_key, now.secret_key)
        .secret("callback_key", before.callback_key, now.callback_key)
        .secret("feeds.secrets", payment_feed_secrets(before), payment_feed_secrets(now))
        .take();
}

} // namespace iwas::adapters
