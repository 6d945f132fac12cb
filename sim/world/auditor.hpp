// Auditor: watches a simulated world from outside and says which rule it broke.
#pragma once

#include "adapters/radius/directory.hpp"
#include "sim/world/money_audit.hpp"
#include "sim/world/pc_site.hpp"
#include "sim/world/router_site.hpp"
#include "sim/world/sim_store.hpp"

#include <set>

namespace iwas::sim {

/// How long a device may be online without a right while its router can be reached and IWAS runs.
/// A command may be lost several times, and its repetitions come with waits of up to a minute.
inline constexpr Seconds enforcement_window{300};
/// How long a device may stay online after the end of what was paid for, whatever fails: the
/// router ends it by itself. The accept may have taken three tries of 3 s, a CoA three of 2 s, and
/// Session-Timeout is rounded up.
inline constexpr Seconds overtime_max{20};

class Auditor final : public StoreWitness {
public:
    Auditor(Nature& nature, const PcSite& pc, const GatewaySite& gateways);

    void opened(const domain::Transaction& transaction) override;
    void committed(const ports::Step& step) override;

    /// Safety, cheap enough for every step. `is_serving`: IWAS runs.
    void check_access(const std::map<domain::RouterId, RouterSite*>& routers, bool is_serving);
    /// Safety of money, at any moment.
    void check_money();
    /// Whether nothing is under way any more: no transaction unfinished, no debit without its
    /// place, no session half opened, nobody online without a right.
    [[nodiscard]] bool is_quiet() const;
    /// The refund queue lists exactly what waits for a person.
    void check_queue(const std::set<domain::TransactionId>& queue);
    /// Liveness, when the world is quiet: sums and the directory.
    void check_settled(const adapters::Directory& directory);
    /// Devices that have time left, stand at their router and are not online. Whoever is still
    /// among them two comparisons later was forgotten.
    [[nodiscard]] std::set<MacAddress> left_outside(
        const std::map<domain::RouterId, RouterSite*>& routers) const;

    /// A person took the matter into his hands; it is no more looked at.
    void forget(domain::TransactionId id);

    void broke(std::string rule);
    [[nodiscard]] const std::vector<std::string>& broken() const { return broken_; }

    [[nodiscard]] const std::map<domain::TransactionId, domain::Transaction>& transactions() const
    {
        return transactions_;
    }
    [[nodiscard]] const std::map<domain::SessionId, domain::Session>& sessions() const
    {
        return sessions_;
    }
    /// Money from gateways and store credit.
    [[nodiscard]] const MoneyAudit& money() const { return money_; }
    /// Whether this device may be online now.
    [[nodiscard]] bool has_right(const MacAddress& mac) const;

private:
    struct Trespass {
        SteadyTime seen_at;
        SteadyTime::duration enforceable{0};
    };

    void keep(const domain::Transaction& transaction, const std::string& why);
    void check_charge(const PcChargeRow& charge);
    void check_settled_debits();
    void check_trespass(
        const RouterSite& site, const ActiveSession& active, bool is_serving,
        std::set<std::string>& present);
    [[nodiscard]] std::optional<UtcTime> paid_until(const std::string& user_name) const;

    Nature& nature_;
    const PcSite& pc_;
    std::map<domain::TransactionId, domain::Transaction> transactions_;
    std::map<domain::SessionId, domain::Session> sessions_;
    std::map<std::string, domain::SessionId> by_name_;
    std::map<std::string, domain::TransactionId> by_reference_;
    std::map<domain::SessionId, UtcTime> ends_max_; // the latest end that was ever promised
    std::set<domain::TransactionId> extensions_granted_;
    std::set<std::string> forgotten_;            // references
    std::map<std::string, Trespass> trespasses_; // by router and its id of the network session
    std::vector<std::string> broken_;
    MoneyAudit money_;
};

} // namespace iwas::sim
