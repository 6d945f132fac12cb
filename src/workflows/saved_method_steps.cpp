#include "workflows/saved_method_steps.hpp"

#include "workflows/limits.hpp"

namespace iwas::workflows {

bool pays_by_token(const domain::Transaction& transaction)
{
    return transaction.saved_method && !domain::is_bank_transfer(transaction.method);
}

std::string customer_of(domain::AccountId account)
{
    return to_string(account);
}

ports::BoundToken token_of(const domain::SavedMethod& saved)
{
    return {
        .token = saved.token,
        .binding_id = saved.binding_id,
        .label = saved.masked,
        .expires_at = saved.expires_at,
    };
}

ports::PaymentOrder binding_order(
    const domain::SavedMethod& saved, const PaymentWay& way, Seconds lives_for)
{
    return {
        .order_id = saved.order_id,
        .amount = Money{},
        .description = "WiFi wallet",
        .created_at = saved.created_at,
        .expires_at = saved.created_at + lives_for,
        .return_url = way.return_url + to_string(saved.id),
        .notify_url = way.notify_url,
        .payer_address = way.payer_address,
        .language = way.language,
        .customer = customer_of(saved.account),
    };
}

ports::awaitable<void> expire_method(
    ports::Store& store, domain::SavedMethodId id, std::string why, UtcTime now)
{
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        const auto loaded = co_await store.load_saved_method(id);
        // Not stored: the next payment that it refuses says so again.
        if (!loaded || !*loaded || (*loaded)->state != domain::SavedMethodState::usable) co_return;
        domain::SavedMethod saved = **loaded;
        saved.state = domain::SavedMethodState::expired;
        saved.updated_at = now;
        ports::WalletStep step{
            .methods = {std::move(saved)},
            .jobs = {},
            .finished = {},
            .actor = "gateway",
            .why = why,
            .now = now,
        };
        const auto stored = co_await store.change_wallet(std::move(step));
        if (stored || stored.error() != ports::StoreError::conflict) co_return;
    }
}

} // namespace iwas::workflows
