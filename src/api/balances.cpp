#include "api/balances.hpp"

namespace iwas::api {

ports::awaitable<std::optional<Balance>> Balances::of(domain::Account account, SteadyTime deadline)
{
    const auto said = co_await pc_system_.balance(account.location, account.member_id, deadline);
    if (said) {
        const Balance fresh{*said, clock_.utc_now(), false};
        // Which one goes matters little: it only decides who sees no amount while the café's
        // system is away.
        if (known_.size() >= known_max) known_.erase(known_.begin());
        known_[account.id] = fresh;
        co_return fresh;
    }
    const auto found = known_.find(account.id);
    if (found == known_.end()) co_return std::nullopt;
    Balance old = found->second;
    old.is_stale = true;
    co_return old;
}

} // namespace iwas::api
