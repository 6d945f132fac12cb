// The wallets' side of SimStore.
#include "sim/world/sim_store_ask.hpp"

namespace iwas::sim {

SimStore::Answer<void> SimStore::change_wallet(ports::WalletStep step)
{
    return ask<void>("change_wallet", [this, step] { return inner_.change_wallet(step); });
}

SimStore::Answer<std::optional<domain::SavedMethod>> SimStore::load_saved_method(
    domain::SavedMethodId id)
{
    return ask<std::optional<domain::SavedMethod>>(
        "load_saved_method", [this, id] { return inner_.load_saved_method(id); });
}

SimStore::Answer<std::optional<domain::SavedMethod>> SimStore::saved_method_of_order(
    domain::PaymentAccountId account, std::string order_id)
{
    return ask<std::optional<domain::SavedMethod>>(
        "saved_method_of_order",
        [this, account, order_id] { return inner_.saved_method_of_order(account, order_id); });
}

SimStore::Answer<std::vector<domain::SavedMethod>> SimStore::saved_methods_of(
    domain::AccountId account)
{
    return ask<std::vector<domain::SavedMethod>>(
        "saved_methods_of", [this, account] { return inner_.saved_methods_of(account); });
}

SimStore::Answer<std::vector<ports::MethodUsage>> SimStore::method_usage_of(
    domain::AccountId account)
{
    return ask<std::vector<ports::MethodUsage>>(
        "method_usage_of", [this, account] { return inner_.method_usage_of(account); });
}

SimStore::Answer<std::vector<ports::MethodEvent>> SimStore::events_of_method(
    domain::SavedMethodId id)
{
    return ask<std::vector<ports::MethodEvent>>(
        "events_of_method", [this, id] { return inner_.events_of_method(id); });
}

} // namespace iwas::sim
