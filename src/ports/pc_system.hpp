// PcSystem: the café's member database. Real: adapters/pc_system. Simulated: sim/pc_system.
// The contract is "IWAS Café Connector v1" (docs/cafe-connector.md).
#pragma once

#include "core/mac_address.hpp"
#include "core/money.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "domain/ids.hpp"
#include "ports/clock.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::ports {

enum class PcError {
    invalid_credentials,  // unknown member or wrong password
    account_suspended,    // suspended or expired
    not_found,            // no such member or charge
    insufficient_balance, // nothing was debited
    rate_limited,
    refused,     // another clear no; nothing was debited
    unavailable, // could not be asked; nothing was debited
    unknown,     // sent, and no usable answer; it may have happened
};

struct PcFailure {
    PcError error = PcError::unknown;
    std::optional<Money> available;     // with insufficient_balance
    std::optional<Seconds> retry_after; // with rate_limited
};

struct PcMember {
    std::string id; // stable; never the user name
    std::string user_name;
    std::string display_name;
    bool is_at_pc = false;
};

struct PcCharge {
    std::string id;
    std::string reference;
    std::string member_id;
    Money amount;
    Money refunded_total;
};

struct PcChargeOrder {
    Ulid idempotency_key; // the same for every attempt of one charge
    std::string reference;
    std::string member_id;
    Money amount;
    std::string description;
};

struct PcRefundOrder {
    Ulid idempotency_key;
    std::string charge_id;
    Money amount;
    std::string reason;
};

/// A member sitting at a gaming PC.
struct PcSession {
    std::string session_id;
    std::string member_id;
    std::string user_name;
    std::string pc_name;
    UtcTime started_at;
};

/// What a PC system can be asked or told again, by its profile.
struct PcAbilities {
    bool finds_charges = true; // find_charge tells; else only repeating the debit with its key does
    bool repeats_refunds = true; // a refund repeated with its key is made once
};

/// What a connector says of itself.
struct PcCapabilities {
    std::string contract;
    std::string product;
    std::string currency;
    bool can_charge = false;
    bool can_refund = false;
    bool pushes_events = false;
    bool lists_sessions = false; // active_sessions may be asked again and again
};

/// Every call is bounded by `deadline`, retries within it as the contract allows, and is not
/// cancellable. `location` names the PC system.
class PcSystem {
public:
    virtual ~PcSystem() = default;

    [[nodiscard]] virtual PcAbilities abilities(const domain::LocationId& location) const = 0;

    virtual awaitable<Result<PcMember, PcFailure>> verify(
        domain::LocationId location, std::string user_name, SecretText password,
        std::optional<MacAddress> device, SteadyTime deadline) = 0;

    /// What a charge may take now.
    virtual awaitable<Result<Money, PcFailure>> balance(
        domain::LocationId location, std::string member_id, SteadyTime deadline) = 0;

    /// Debits exactly once, however often it is called with the same key and order.
    virtual awaitable<Result<PcCharge, PcFailure>> charge(
        domain::LocationId location, PcChargeOrder order, SteadyTime deadline) = 0;

    /// The charge filed under `reference`; not_found when there is none at this moment.
    virtual awaitable<Result<PcCharge, PcFailure>> find_charge(
        domain::LocationId location, std::string reference, SteadyTime deadline) = 0;

    /// Gives money back exactly once. A charge that was already refunded in full is success.
    virtual awaitable<Result<std::string, PcFailure>> refund(
        domain::LocationId location, PcRefundOrder order, SteadyTime deadline) = 0;

    /// What it can do; also the health check. refused: this profile cannot be asked.
    virtual awaitable<Result<PcCapabilities, PcFailure>> capabilities(
        domain::LocationId location, SteadyTime deadline) = 0;

    /// Who sits at a PC now. refused: it has no such list.
    virtual awaitable<Result<std::vector<PcSession>, PcFailure>> active_sessions(
        domain::LocationId location, SteadyTime deadline) = 0;
};

} // namespace iwas::ports
