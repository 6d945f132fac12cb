// Balances: the last known balance of each account, for when the PC system does not answer.
#pragma once

#include "core/money.hpp"
#include "core/time.hpp"
#include "domain/account.hpp"
#include "ports/pc_system.hpp"

#include <map>
#include <optional>

namespace iwas::api {

struct Balance {
    Money amount;
    UtcTime as_of;
    bool is_stale = false; // the PC system did not answer; this is what it last said
};

class Balances {
public:
    Balances(ports::PcSystem& pc_system, const ports::Clock& clock)
        : pc_system_{pc_system}, clock_{clock}
    {
    }

    /// What the PC system says by `deadline`, else what it last said; nothing when it never did.
    ports::awaitable<std::optional<Balance>> of(domain::Account account, SteadyTime deadline);

    static constexpr std::size_t known_max = 50'000;

private:
    ports::PcSystem& pc_system_;
    const ports::Clock& clock_;
    std::map<domain::AccountId, Balance> known_;
};

} // namespace iwas::api
