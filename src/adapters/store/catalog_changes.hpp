// Catalog changes: the names of what differs between two versions of a row, for the audit log.
#pragma once

#include "domain/tenant.hpp"

#include <string>
#include <vector>

namespace iwas::adapters {

/// Fields in the order of the row, those within a field as "api.port". Names only: neither a
/// secret's value nor another one is in them. Empty when nothing differs. Secrets are compared in
/// constant time.
std::vector<std::string> changed_fields(
    const domain::Organization& before, const domain::Organization& now);
std::vector<std::string> changed_fields(
    const domain::Location& before, const domain::Location& now);
std::vector<std::string> changed_fields(const domain::Router& before, const domain::Router& now);
std::vector<std::string> changed_fields(const domain::Package& before, const domain::Package& now);
std::vector<std::string> changed_fields(
    const domain::PcSystem& before, const domain::PcSystem& now);
std::vector<std::string> changed_fields(
    const domain::PaymentAccount& before, const domain::PaymentAccount& now);

} // namespace iwas::adapters
