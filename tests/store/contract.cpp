#include "tests/store/contract.hpp"

#include <atomic>
#include <thread>

namespace iwas::testing_support {

using namespace domain;

adapters::KeyRing test_keys()
{
    // 32 octets of 'k': good enough for tests and for nothing else.
    return *adapters::KeyRing::parse("k1 a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=");
}

ports::Journaled StoreContract::journal(AccountingRecord record)
{
    std::atomic<int> answer{-1};
    store_->submit(std::move(record), [&](ports::Journaled what) {
        answer.store(static_cast<int>(what));
        answer.notify_one();
    });
    answer.wait(-1);
    return static_cast<ports::Journaled>(answer.load());
}

Terms hour_terms()
{
    Terms terms;
    terms.package = PackageId::trusted("hour");
    terms.name = "1 giờ";
    terms.duration = 1h;
    terms.price = Money{12'000};
    terms.rate = *rate_of_tier("standard");
    terms.data_cap_octets = 5'000'000'000;
    terms.device_limit = 2;
    terms.on_pc_logout = PcLogoutRule::terminate;
    terms.clock_start = ClockStart::at_first_connection;
    return terms;
}

Transaction transaction_of(std::uint64_t number, std::uint64_t account, unsigned device)
{
    return pending_transaction(
        {.number = number,
         .account = account,
         .terms = hour_terms(),
         .mac = mac_of(device),
         .ip = Ipv4Address::parse("10.5.50.21")});
}

ports::PurchaseIntent intent_of(Transaction transaction, std::string key)
{
    ports::PurchaseIntent intent;
    intent.resume.id = JobId{transaction.id.value()};
    intent.resume.kind = ports::JobKind::resume_purchase;
    intent.resume.subject = transaction.id.value();
    intent.resume.due_at = noon + 30s;
    intent.resume.lease_until = noon + 60s;
    intent.request_hash = sha256({as_bytes(key)});
    intent.idempotency_key = std::move(key);
    intent.transaction = std::move(transaction);
    intent.day_start = noon - 12h;
    return intent;
}

AccountingRecord record_of(
    AccountingStatus status, const Session& session, Seconds session_time, std::uint64_t octets)
{
    AccountingRecord record = accounting_of(session, status, "80100014", session_time, octets);
    record.ip = Ipv4Address::parse("10.5.50.77");
    return record;
}

Catalog cafe_catalog()
{
    Catalog catalog;
    Organization organization;
    organization.id = OrganizationId::trusted("arena");
    organization.name = "Arena";
    catalog.organizations.emplace(organization.id, organization);

    Location location;
    location.id = LocationId::trusted("q7");
    location.organization = organization.id;
    location.name = "Arena Quận 7";
    location.guest_network = *Ipv4Prefix::parse("192.168.20.0/24");
    location.pc_logout_grace = 90s;
    location.blocked_devices.insert(mac_of(99));
    catalog.locations.emplace(location.id, location);

    Router router;
    router.id = RouterId::trusted("q7-mt");
    router.location = location.id;
    router.name = "Counter";
    router.nas_identifier = "mt-q7";
    router.radius_source = *Ipv4Prefix::parse("10.9.0.0/24");
    router.radius_secret = SecretText{"radius-secret-in-clear"};
    router.swaps_octets = true;
    router.guest_vlan = 20;
    router.hotspot_host = "hotspot.q7.example";
    RouterosApi api;
    api.host = "10.9.0.1";
    api.port = 8729;
    api.uses_tls = true;
    api.user_name = "iwas";
    api.password = SecretText{"api-password-in-clear"};
    router.api = api;
    router.uam_secret = SecretText{"uam-secret-in-clear"};
    router.mac_password = SecretText{"mac-password-in-clear"};
    router.login_proof = LoginProof::pap;
    router.coa_counts_from_start = true;
    router.signs_accounting_replies = true;
    catalog.routers.emplace(router.id, router);

    Package package;
    package.id = PackageId::trusted("hour");
    package.organization = organization.id;
    package.description = "Một giờ";
    package.terms = hour_terms();
    package.is_recommended = true;
    package.position = 3;
    package.capacity = 40;
    package.purchases_per_day_max = 5;
    package.schedule.weekdays[6] = false;
    package.schedule.from_minute = 480;
    package.schedule.to_minute = 1320;
    package.locations.push_back(location.id);
    catalog.packages.emplace(package.id, package);

    PcSystem system;
    system.location = location.id;
    system.profile = PcSystemProfile::legacy;
    system.base_url = "https://pc.example/api";
    system.branch_key = SecretText{"branch-key-in-clear"};
    system.webhook_secrets = {SecretText{"hook-one-in-clear"}, SecretText{"hook-two-in-clear"}};
    system.poll_interval = 15s;
    system.logout_sync = false;
    catalog.pc_systems.emplace(location.id, system);
    return catalog;
}

} // namespace iwas::testing_support
