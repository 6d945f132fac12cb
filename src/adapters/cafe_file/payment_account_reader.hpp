// PaymentAccountReader: one [payment_accounts.NAME] of the café file
// (docs/configuration/cafe-file.md).
#pragma once

#include "adapters/cafe_file/toml_reader.hpp"
#include "domain/tenant.hpp"

#include <optional>

namespace iwas::adapters {

/// Notes a fault for whatever is wrong in `table`. Nothing when the method is not known: then no
/// other key can be judged. `organization` was read before; it is empty when that had a fault.
std::optional<domain::PaymentAccount> read_payment_account(
    const domain::PaymentAccountId& id, const domain::OrganizationId& organization,
    TomlReader& table, const SecretSources& sources);

/// An organization has one enabled account a method: IWAS never has to choose where money goes.
/// `known` holds the accounts that stand before `account`.
void check_one_enabled(
    const domain::Catalog& known, const domain::PaymentAccount& account, TomlReader& table);

} // namespace iwas::adapters
