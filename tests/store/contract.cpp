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

MacAddress mac_of(unsigned number)
{
    return MacAddress{
        {0xBC, 0x24, 0x11, static_cast<std::uint8_t>(number >> 16),
         static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)}};
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
    Transaction transaction;
    transaction.id = id_of<TransactionId>(number);
    transaction.organization = OrganizationId::trusted("arena");
    transaction.location = LocationId::trusted("q7");
    transaction.account = id_of<AccountId>(account);
    transaction.terms = hour_terms();
    transaction.amount = transaction.terms.price;
    transaction.state = TransactionState::pending;
    transaction.session = id_of<SessionId>(number);
    transaction.mac = mac_of(device);
    transaction.ip = Ipv4Address::parse("10.5.50.21");
    transaction.router = RouterId::trusted("q7-mt");
    transaction.created_at = noon;
    transaction.updated_at = noon;
    return transaction;
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

Session session_of(const Transaction& transaction)
{
    Session session;
    session.id = transaction.session;
    session.transaction = transaction.id;
    session.account = transaction.account;
    session.organization = transaction.organization;
    session.location = transaction.location;
    session.terms = transaction.terms;
    session.user_name = "w-" + to_string(transaction.session);
    session.password = SecretText{"s3cret-of-" + to_string(transaction.session)};
    session.created_at = noon;
    session.remaining = session.terms.duration;
    SessionDevice device;
    device.mac = transaction.mac;
    device.ip = transaction.ip;
    device.router = transaction.router;
    device.added_at = noon;
    session.devices.push_back(device);
    return session;
}

AccountingRecord record_of(
    AccountingStatus status, const Session& session, Seconds session_time, std::uint64_t octets)
{
    AccountingRecord record;
    record.router = session.devices.front().router;
    record.location = session.location;
    record.status = status;
    record.acct_session_id = "80100014";
    record.session = session.id;
    record.user_name = session.user_name;
    record.mac = session.devices.front().mac;
    record.ip = Ipv4Address::parse("10.5.50.77");
    record.event_at = noon + session_time;
    record.received_at = record.event_at;
    record.session_time = session_time;
    record.up_octets = octets / 4;
    record.down_octets = octets - octets / 4;
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
