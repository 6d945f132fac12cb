// Wallets in SQL: saved methods with their sealed tokens, and the events of each.
#pragma once

#include "adapters/store/connection.hpp"
#include "adapters/store/key_ring.hpp"
#include "ports/store/wallets.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::adapters {

Result<void, ports::StoreError> change_wallet(
    Connection& db, const KeyRing& keys, const std::string& node, const ports::WalletStep& step);
std::optional<domain::SavedMethod> load_saved_method(
    Connection& db, const KeyRing& keys, domain::SavedMethodId id);
std::optional<domain::SavedMethod> saved_method_of_order(
    Connection& db, const KeyRing& keys, const domain::PaymentAccountId& account,
    const std::string& order_id);
std::vector<domain::SavedMethod> saved_methods_of(
    Connection& db, const KeyRing& keys, domain::AccountId account);
std::vector<ports::MethodUsage> method_usage_of(Connection& db, domain::AccountId account);
std::vector<ports::MethodEvent> events_of_method(Connection& db, domain::SavedMethodId id);

} // namespace iwas::adapters
