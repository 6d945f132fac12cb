// Catalog rows: one stored row of each kind of configuration, with its secrets sealed.
#pragma once

#include "adapters/store/connection.hpp"
#include "adapters/store/key_ring.hpp"
#include "domain/tenant.hpp"

#include <string>
#include <vector>

namespace iwas::adapters {

/// Settings that are only carried, never searched: one JSON object a row.
std::string location_settings(const domain::Location& location);
std::string router_settings(const domain::Router& router);
std::string package_settings(const domain::Package& package);
std::string pc_system_settings(const domain::PcSystem& system);
std::string payment_account_settings(const domain::PaymentAccount& account);
/// The feeds' webhook secrets and API tokens as one text, in the feeds' order.
SecretText payment_feed_secrets(const domain::PaymentAccount& account);

void read_organizations(Connection& db, domain::Catalog& catalog);
void read_locations(Connection& db, domain::Catalog& catalog);
void read_routers(Connection& db, const KeyRing& keys, domain::Catalog& catalog);
void read_packages(Connection& db, domain::Catalog& catalog);
void read_pc_systems(Connection& db, const KeyRing& keys, domain::Catalog& catalog);
void read_payment_accounts(Connection& db, const KeyRing& keys, domain::Catalog& catalog);

void keep_organization(Connection& db, const domain::Organization& organization);
void keep_location(Connection& db, const domain::Location& location);
void keep_router(Connection& db, const KeyRing& keys, const domain::Router& router);
void keep_package(Connection& db, const domain::Package& package);
void keep_pc_system(Connection& db, const KeyRing& keys, const domain::PcSystem& system);
void keep_payment_account(
    Connection& db, const KeyRing& keys, const domain::PaymentAccount& account);

/// Where a sealed column's text belongs; see KeyRing.
std::string sealed_place(std::string_view column, std::string_view row);

} // namespace iwas::adapters
