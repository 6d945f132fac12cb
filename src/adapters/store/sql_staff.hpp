// The register of staff in SQL.
#pragma once

#include "adapters/store/connection.hpp"
#include "ports/store/staff.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::adapters {

/// False: a member of that name is there, and not revoked.
bool add_staff(
    Connection& db, const domain::StaffMember& member, const Sha256Digest& token_digest,
    const std::string& actor);
std::optional<domain::StaffMember> staff_of_token(Connection& db, const Sha256Digest& token_digest);
std::vector<domain::StaffMember> all_staff(Connection& db);
/// False: nobody of that name is there, or he was revoked before.
bool revoke_staff(
    Connection& db, const domain::StaffId& name, const std::string& actor, UtcTime now);

} // namespace iwas::adapters
