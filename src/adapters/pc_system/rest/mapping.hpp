// Mapping: the port's questions as HTTP requests, and the PC system's answers as the port's words.
#pragma once

#include "adapters/http/client.hpp"
#include "domain/tenant.hpp"
#include "ports/pc_system.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::adapters {

template <class T>
using PcAnswer = Result<T, ports::PcFailure>;

/// Pure. Exhaustive and never fail-open: whatever is not clearly a success or a clear no, as the
/// profile defines them, is PcError::unknown. Texts from outside come back as valid UTF-8.
class Mapping {
public:
    virtual ~Mapping() = default;

    [[nodiscard]] virtual http::OutboundRequest verify(
        const std::string& user_name, const SecretText& password,
        std::optional<MacAddress> device) const = 0;
    [[nodiscard]] virtual PcAnswer<ports::PcMember> verified(
        const http::InboundResponse& response) const = 0;

    [[nodiscard]] virtual http::OutboundRequest balance(const std::string& member_id) const = 0;
    [[nodiscard]] virtual PcAnswer<Money> balance_told(
        const http::InboundResponse& response) const = 0;

    [[nodiscard]] virtual ports::PcAbilities abilities() const = 0;
    [[nodiscard]] virtual http::OutboundRequest charge(const ports::PcChargeOrder& order) const = 0;
    /// The amount is the PC system's: the caller compares it with the order's.
    [[nodiscard]] virtual PcAnswer<ports::PcCharge> charged(
        const ports::PcChargeOrder& order, const http::InboundResponse& response) const = 0;

    [[nodiscard]] virtual http::OutboundRequest refund(const ports::PcRefundOrder& order) const = 0;
    [[nodiscard]] virtual PcAnswer<std::string> refunded(
        const ports::PcRefundOrder& order, const http::InboundResponse& response) const = 0;
    /// Nothing when the profile has no such question.
    [[nodiscard]] virtual std::optional<http::OutboundRequest> find_charge(
        const std::string& reference) const = 0;
    [[nodiscard]] virtual PcAnswer<ports::PcCharge> charge_found(
        const std::string& reference, const http::InboundResponse& response) const = 0;
    [[nodiscard]] virtual std::optional<http::OutboundRequest> charge_by_id(
        const std::string& charge_id) const = 0;
    [[nodiscard]] virtual PcAnswer<ports::PcCharge> charge_told(
        const http::InboundResponse& response) const = 0;
    [[nodiscard]] virtual std::optional<http::OutboundRequest> active_sessions() const = 0;
    [[nodiscard]] virtual PcAnswer<std::vector<ports::PcSession>> sessions_told(
        const http::InboundResponse& response) const = 0;
    [[nodiscard]] virtual std::optional<http::OutboundRequest> capabilities() const = 0;
    [[nodiscard]] virtual PcAnswer<ports::PcCapabilities> capabilities_told(
        const http::InboundResponse& response) const = 0;
};

/// The contract "IWAS Café Connector v1", or the flat endpoints of an earlier design. Lives
/// forever.
const Mapping& mapping_for(domain::PcSystemProfile profile);

/// A failed call without an answer: nothing was sent (unavailable), or nobody knows.
ports::PcFailure failure_of(http::ClientError error);

/// The key as UUID text, which the contract wants.
std::string uuid_text(const Ulid& key);

inline constexpr std::size_t sessions_max = 5000;

} // namespace iwas::adapters
