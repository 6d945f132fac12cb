#include "sim/world/cafe.hpp"

namespace iwas::sim {

namespace {

using domain::Package;
using domain::PackageId;
using domain::PcLogoutRule;
using domain::RouterId;

Package package(std::string id, Seconds duration, int price, PcLogoutRule rule)
{
    Package made;
    made.id = PackageId::trusted(id);
    made.organization = cafe_organization;
    made.terms = {
        .package = made.id,
        .name = "Package " + id,
        .duration = duration,
        .price = Money{price},
        .rate = *domain::rate_of_tier("standard"),
        .on_pc_logout = rule,
    };
    return made;
}

domain::Router router(std::string id, const char* address)
{
    domain::Router made;
    made.id = RouterId::trusted(id);
    made.location = cafe_location;
    made.name = "Router " + id;
    made.radius_source = *Ipv4Prefix::parse(address);
    made.radius_secret = SecretText{"secret-of-" + id};
    made.api = domain::RouterosApi{.host = address};
    made.hotspot_host = "wifi.cafe";
    made.interim_interval = 5min;
    return made;
}

domain::PaymentAccount payment_account(domain::PaymentMethod method)
{
    domain::PaymentAccount made;
    made.id = gateway_account(method);
    made.organization = cafe_organization;
    made.method = method;
    made.merchant = "icafe";
    made.fee = {.basis_points = 150, .minimum = Money{0}, .maximum = Money{5'000}};
    made.saves_tokens =
        method == domain::PaymentMethod::momo || method == domain::PaymentMethod::zalopay;
    if (method == domain::PaymentMethod::vietqr) made.unique_amount_max = Money{300};
    return made;
}

} // namespace

domain::PaymentAccountId gateway_account(domain::PaymentMethod method)
{
    return domain::PaymentAccountId::trusted(std::string{to_text(method)});
}

std::shared_ptr<domain::Catalog> cafe_catalog()
{
    auto catalog = std::make_shared<domain::Catalog>();
    catalog->version = 1;
    catalog->organizations[cafe_organization] = {cafe_organization, "iCafé"};
    domain::Location location;
    location.id = cafe_location;
    location.organization = cafe_organization;
    location.name = "Quận 7";
    location.guest_network = *Ipv4Prefix::parse("192.168.20.0/24");
    catalog->locations[cafe_location] = location;

    // At the third the browser logs in: IWAS may not use its API.
    domain::Router third = router("r3", "10.5.50.3");
    third.api.reset();
    third.coa_host = "10.5.50.3";
    for (const domain::Router& each : {router("r1", "10.5.50.1"), router("r2", "10.5.50.2"), third})
        catalog->routers[each.id] = each;

    Package family = package("family", 30min, 15'000, PcLogoutRule::ignore);
    family.terms.device_limit = 2;
    Package capped = package("capped", 30min, 8'000, PcLogoutRule::pause);
    capped.terms.data_cap_octets = 100'000'000;
    Package scarce = package("scarce", 15min, 3'000, PcLogoutRule::pause);
    scarce.capacity = 2;
    scarce.purchases_per_day_max = 2;
    for (const Package& each :
         {package("quick", 15min, 5'000, PcLogoutRule::terminate),
          package("hour", 60min, 12'000, PcLogoutRule::pause), family, capped, scarce})
        catalog->packages[each.id] = each;

    domain::PcSystem pc;
    pc.location = cafe_location;
    pc.base_url = "http://pc.invalid";
    catalog->pc_systems[cafe_location] = pc;
    for (const domain::PaymentMethod method : gateway_methods) {
        const domain::PaymentAccount account = payment_account(method);
        catalog->payment_accounts[account.id] = account;
    }
    return catalog;
}

} // namespace iwas::sim
