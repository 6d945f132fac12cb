// Cases for the configuration at rest, its secrets and their keys.
#include "tests/store/suites.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace iwas::testing_support {

using namespace domain;
using ::testing::HasSubstr;

namespace {

adapters::KeyRing ring(const char* text)
{
    return *adapters::KeyRing::parse(text);
}
constexpr const char* old_key = "k1 a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=";
constexpr const char* new_key_first = "k2 bW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW0=\n"
                                      "k1 a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=";
constexpr const char* new_key = "k2 bW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW0=";

} // namespace

TEST_P(CatalogContract, ComesBackAsItWasStored)
{
    EXPECT_EQ(wait(store().catalog_version()).value(), 0);
    EXPECT_TRUE(wait(store().load_catalog()).value().locations.empty());

    const Catalog wanted = cafe_catalog();
    ASSERT_TRUE(wait(store().replace_catalog(wanted, "staff:lan", noon)));
    const Catalog stored = wait(store().load_catalog()).value();
    EXPECT_EQ(stored.version, 1);
    EXPECT_EQ(stored.organizations, wanted.organizations);
    EXPECT_EQ(stored.locations, wanted.locations);
    EXPECT_EQ(stored.packages, wanted.packages);

    ASSERT_EQ(stored.routers.size(), 1U);
    const Router& router = stored.routers.begin()->second;
    EXPECT_EQ(router.kind, RouterKind::mikrotik);
    EXPECT_EQ(router.name, "Counter");
    EXPECT_EQ(router.nas_identifier, "mt-q7");
    EXPECT_EQ(to_string(router.radius_source), "10.9.0.0/24");
    EXPECT_EQ(router.radius_secret.reveal(), "radius-secret-in-clear");
    EXPECT_TRUE(router.requires_message_authenticator);
    EXPECT_TRUE(router.swaps_octets);
    EXPECT_FALSE(router.lacks_gigawords);
    EXPECT_EQ(router.guest_vlan, 20);
    EXPECT_EQ(router.coa_port, 3799);
    EXPECT_EQ(router.hotspot_host, "hotspot.q7.example");
    EXPECT_EQ(router.uam_secret.reveal(), "uam-secret-in-clear");
    EXPECT_EQ(router.mac_password.reveal(), "mac-password-in-clear");
    EXPECT_EQ(router.login_proof, LoginProof::pap);
    EXPECT_TRUE(router.coa_counts_from_start);
    EXPECT_TRUE(router.signs_accounting_replies);
    EXPECT_EQ(router.interim_interval, 60s);
    ASSERT_TRUE(router.api);
    EXPECT_EQ(router.api->host, "10.9.0.1");
    EXPECT_EQ(router.api->port, 8729);
    EXPECT_TRUE(router.api->uses_tls);
    EXPECT_EQ(router.api->password.reveal(), "api-password-in-clear");

    ASSERT_EQ(stored.pc_systems.size(), 1U);
    const PcSystem& system = stored.pc_systems.begin()->second;
    EXPECT_EQ(system.profile, PcSystemProfile::legacy);
    EXPECT_EQ(system.base_url, "https://pc.example/api");
    EXPECT_EQ(system.branch_key.reveal(), "branch-key-in-clear");
    ASSERT_EQ(system.webhook_secrets.size(), 2U);
    EXPECT_EQ(system.webhook_secrets[1].reveal(), "hook-two-in-clear");
    EXPECT_EQ(system.poll_interval, 15s);
    EXPECT_FALSE(system.logout_sync);
}

TEST_P(CatalogContract, ChangesLeaveAnAuditAndConflictsNothing)
{
    ASSERT_TRUE(wait(store().replace_catalog(cafe_catalog(), "staff:lan", noon)));
    EXPECT_EQ(wait(store().recent_audit(100)).value().size(), 5U);
    EXPECT_EQ(
        wait(store().replace_catalog(cafe_catalog(), "staff:lan", noon)).error(),
        ports::StoreError::conflict);

    Catalog changed = wait(store().load_catalog()).value();
    changed.routers.begin()->second.radius_secret = SecretText{"another"};
    changed.packages.begin()->second.terms.price = Money{15'000};
    ASSERT_TRUE(wait(store().replace_catalog(changed, "staff:lan", noon + 1h)));
    const auto audit = wait(store().recent_audit(100)).value();
    ASSERT_EQ(audit.size(), 7U);
    EXPECT_EQ(audit[0].action, "package.changed");
    EXPECT_EQ(audit[0].detail, "terms.price");
    EXPECT_EQ(audit[1].action, "router.changed");
    EXPECT_EQ(audit[1].subject, "q7-mt");
    EXPECT_EQ(audit[1].actor, "staff:lan");
    EXPECT_EQ(audit[1].detail, "radius_secret");
    const Catalog stored = wait(store().load_catalog()).value();
    EXPECT_EQ(stored.routers.begin()->second.radius_secret.reveal(), "another");
    EXPECT_EQ(stored.version, 2);
}

TEST_P(CatalogContract, TheAuditNamesWhatChangedAndNoValue)
{
    ASSERT_TRUE(wait(store().replace_catalog(cafe_catalog(), "staff:lan", noon)));
    Catalog changed = wait(store().load_catalog()).value();
    changed.organizations.begin()->second.name = "Another name";
    changed.locations.begin()->second.language = "en";
    Router& router = changed.routers.begin()->second;
    router.name = "Roof";
    router.coa_port = 1700;
    router.guest_vlan.reset();
    router.api->port = 8730;
    router.api->password = SecretText{"new-in-clear"};
    router.mac_password = SecretText{"new-in-clear"};
    PcSystem& system = changed.pc_systems.begin()->second;
    system.base_url = "https://elsewhere.example";
    system.webhook_secrets.pop_back();
    ASSERT_TRUE(wait(store().replace_catalog(changed, "staff:lan", noon + 1h)));
    const auto audit = wait(store().recent_audit(4)).value();
    ASSERT_EQ(audit.size(), 4U);
    EXPECT_EQ(audit[0].detail, "base_url, webhook_secrets");
    EXPECT_EQ(audit[1].detail, "name, coa_port, api.port, guest_vlan, api.password, mac_password");
    EXPECT_EQ(audit[2].detail, "language");
    EXPECT_EQ(audit[3].detail, "name");

    // Nothing differs: no line.
    changed.version = 2;
    ASSERT_TRUE(wait(store().replace_catalog(changed, "staff:lan", noon + 2h)));
    EXPECT_EQ(wait(store().recent_audit(100)).value().size(), 9U);
}

TEST_P(CatalogContract, GoingWithoutMessageAuthenticatorHasALineOfItsOwn)
{
    const auto lines = [&] {
        std::vector<std::string> found;
        for (const ports::AuditEntry& each : wait(store().recent_audit(100)).value())
            if (each.action.starts_with("router.message_authenticator"))
                found.push_back(each.action + " " + each.subject + " by " + each.actor);
        return found;
    };
    Catalog catalog = cafe_catalog();
    const auto apply = [&](bool is_required) {
        for (auto& [id, router] : catalog.routers)
            router.requires_message_authenticator = is_required;
        ASSERT_TRUE(wait(store().replace_catalog(catalog, "staff:lan", noon)));
        ++catalog.version;
    };
    apply(true);
    EXPECT_TRUE(lines().empty());
    apply(false);
    const std::string relaxed = "router.message_authenticator.relaxed q7-mt by staff:lan";
    EXPECT_EQ(lines(), std::vector{relaxed});
    apply(false);
    EXPECT_EQ(lines(), std::vector{relaxed}) << "once";
    apply(true);
    const std::string restored = "router.message_authenticator.restored q7-mt by staff:lan";
    EXPECT_EQ(lines(), (std::vector{restored, relaxed}));

    // A router that comes without it is an exception from its first day.
    Router second = catalog.routers.begin()->second;
    second.id = RouterId::trusted("q7-old");
    second.nas_identifier = "old-q7";
    second.requires_message_authenticator = false;
    catalog.routers.emplace(second.id, second);
    ASSERT_TRUE(wait(store().replace_catalog(catalog, "staff:lan", noon)));
    EXPECT_EQ(
        lines(),
        (std::vector<std::string>{
            "router.message_authenticator.relaxed q7-old by staff:lan", restored, relaxed}));
}

TEST_P(CatalogContract, WhatHasHistoryIsArchivedAndComesBack)
{
    ASSERT_TRUE(wait(store().replace_catalog(cafe_catalog(), "staff:lan", noon)));
    ASSERT_TRUE(wait(store().open_purchase(intent_of(transaction_of(1), "k"))));
    Catalog empty = wait(store().load_catalog()).value();
    const Catalog before = empty;
    empty.packages.clear();
    empty.routers.clear();
    empty.pc_systems.clear();
    ASSERT_TRUE(wait(store().replace_catalog(empty, "staff:lan", noon)));
    EXPECT_TRUE(wait(store().load_catalog()).value().packages.empty());
    EXPECT_EQ(look()->number("select count(*) from package where archived_at is not null"), 1);
    EXPECT_EQ(look()->number("select count(*) from router where archived_at is not null"), 1);
    EXPECT_EQ(look()->number("select count(*) from pc_system"), 0);

    Catalog again = before;
    again.version = 2;
    ASSERT_TRUE(wait(store().replace_catalog(again, "staff:lan", noon)));
    EXPECT_EQ(wait(store().load_catalog()).value().packages, before.packages);

    // Without history it is gone.
    Catalog extra = wait(store().load_catalog()).value();
    Package second = extra.packages.begin()->second;
    second.id = PackageId::trusted("never-sold");
    extra.packages.emplace(second.id, second);
    ASSERT_TRUE(wait(store().replace_catalog(extra, "staff:lan", noon)));
    extra.packages.erase(second.id);
    extra.version = 4;
    ASSERT_TRUE(wait(store().replace_catalog(extra, "staff:lan", noon)));
    EXPECT_EQ(look()->number("select count(*) from package"), 1);
}

TEST_P(CatalogContract, SecretsAreSealedAndKeysRotate)
{
    ASSERT_TRUE(wait(store().replace_catalog(cafe_catalog(), "staff:lan", noon)));
    ASSERT_TRUE(wait(store().commit({.session = session_of(transaction_of(1))})));
    const auto answer_again = [&] {
        return wait(store().begin_request("visit-1", "k", sha256({as_bytes("body")}), noon));
    };
    ASSERT_TRUE(answer_again());
    ASSERT_TRUE(wait(store().finish_request("visit-1", "k", {201, "answer-in-clear"})));
    const auto read_sealed = [&] {
        std::vector<std::string> found;
        look()->each(
            "select radius_secret_sealed from router union all "
            "select api_password_sealed from router union all "
            "select uam_secret_sealed from router union all "
            "select mac_password_sealed from router union all "
            "select branch_key_sealed from pc_system union all "
            "select webhook_secrets_sealed from pc_system union all "
            "select password_sealed from open_session union all "
            "select body_sealed from request_answer",
            "t", {}, [&](adapters::Row& row) { found.push_back(row.text()); });
        return found;
    };
    const auto starts_with = [](const char* prefix) {
        return [prefix](const std::string& text) { return text.starts_with(prefix); };
    };
    ASSERT_EQ(read_sealed().size(), 8U);
    EXPECT_TRUE(std::ranges::all_of(read_sealed(), starts_with("k1:")));
    for (const std::string& text : read_sealed())
        EXPECT_EQ(text.find("clear"), std::string::npos);

    EXPECT_EQ(adapters::rotate_keys(backend_->url(), ring(new_key_first)), 8U);
    EXPECT_TRUE(std::ranges::all_of(read_sealed(), starts_with("k2:")));
    EXPECT_EQ(adapters::rotate_keys(backend_->url(), ring(new_key_first)), 0U);

    // The new key alone reads everything; the old one alone reads nothing.
    store_ = open(ring(new_key));
    const Catalog stored = wait(store().load_catalog()).value();
    EXPECT_EQ(stored.routers.begin()->second.radius_secret.reveal(), "radius-secret-in-clear");
    EXPECT_EQ(
        wait(store().load_session(id_of<SessionId>(1))).value()->password.reveal(),
        session_of(transaction_of(1)).password.reveal());
    EXPECT_EQ(std::get<ports::StoredAnswer>(answer_again().value()).body, "answer-in-clear");
    EXPECT_THROW(open(ring(old_key)), std::runtime_error);
    EXPECT_THROW(adapters::rotate_keys(backend_->url(), ring(old_key)), std::runtime_error);
}

TEST_P(CatalogContract, AStartWithoutAKeyNamesIt)
{
    const auto fault_of = [](const auto& start) -> std::string {
        try {
            start();
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return {};
    };
    const auto fault_with = [&](const char* keys) {
        return fault_of([&] { (void)open(ring(keys)); });
    };
    // The key that the first start noted is needed before anything is sealed with it.
    EXPECT_TRUE(adapters::needs_keys(backend_->url()));
    EXPECT_THAT(fault_with(new_key), HasSubstr("a key that is not there: k1."));

    ASSERT_TRUE(wait(store().replace_catalog(cafe_catalog(), "staff:lan", noon)));
    EXPECT_THAT(fault_with(new_key), HasSubstr("a key that is not there: k1."));
    EXPECT_THAT(
        fault_of([&] { adapters::require_keys(backend_->url(), ring(new_key)); }), HasSubstr("k1"));
    // Also where the note is missing.
    look()->run("delete from sealing_key");
    EXPECT_THAT(fault_with(new_key), HasSubstr("a key that is not there: k1."));
    EXPECT_EQ(fault_with(old_key), "");
    EXPECT_THAT(
        fault_with("k1 bW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW0="),
        HasSubstr("another key of the same name: k1."));

    // Only the sessions are left under the old key.
    ASSERT_TRUE(wait(store().commit({.session = session_of(transaction_of(1))})));
    look()->run("delete from sealing_key");
    for (const char* table : {"router", "pc_system"})
        look()->run("delete from " + std::string{table});
    EXPECT_THAT(fault_with(new_key), HasSubstr("a key that is not there: k1."));

    EXPECT_EQ(fault_with(new_key_first), "");
    EXPECT_EQ(adapters::rotate_keys(backend_->url(), ring(new_key_first)), 1U);
    EXPECT_EQ(fault_with(new_key), "") << "nothing needs the old one any more";
    EXPECT_THAT(fault_with(old_key), HasSubstr("a key that is not there: k2."));
}

} // namespace iwas::testing_support
