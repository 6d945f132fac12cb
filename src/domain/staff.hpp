// Staff: who looks after an organization's money through the API, and what he may see and do.
#pragma once

#include "core/digest.hpp"
#include "core/secret.hpp"
#include "core/time.hpp"
#include "domain/ids.hpp"

#include <optional>
#include <set>
#include <span>
#include <string_view>

namespace iwas::domain {

enum class StaffRole {
    viewer,  // reads
    manager, // reads, gives money back, settles what waits
};

struct StaffMember {
    StaffId name;
    OrganizationId organization;
    /// What he may see; empty: the whole organization, and money that belongs to no location.
    std::set<LocationId> locations;
    StaffRole role = StaffRole::viewer;
    UtcTime added_at;
    std::optional<UtcTime> revoked_at; // from when on his token opens nothing
};

/// Whether something of that organization and location is his to see; an empty location: of none.
bool may_see(
    const StaffMember& member, const OrganizationId& organization, const LocationId& location);
/// Whether the whole organization is his to see.
bool sees_everything(const StaffMember& member);

/// How a token begins, so that people and programs that look for leaked secrets know it.
inline constexpr std::string_view staff_token_prefix = "iwas_staff_";
/// The prefix and the base64url of 256 random bits: 54 characters. It opens what its owner may see
/// and do, so nobody keeps it: the store has its digest only.
SecretText staff_token(std::span<const std::uint8_t, 32> random);
/// By which the store finds the owner; nothing for a text that no token looks like.
std::optional<Sha256Digest> staff_token_digest(std::string_view token);

std::string_view to_text(StaffRole role);
std::optional<StaffRole> staff_role_from(std::string_view text);

} // namespace iwas::domain
