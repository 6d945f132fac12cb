// StaffRegister: who may use the staff API, found by the digest of his token.
#pragma once

#include "core/digest.hpp"
#include "domain/staff.hpp"
#include "ports/store/jobs.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::ports {

class StaffRegister {
public:
    virtual ~StaffRegister() = default;

    /// Adds the member with the digest of his token, in place of a revoked one of that name, and
    /// says so in the audit log. conflict: a member of that name is there, and not revoked.
    virtual awaitable<Result<void, StoreError>> add_staff(
        domain::StaffMember member, Sha256Digest token_digest, std::string actor) = 0;
    /// Whose token that is; nothing when it is nobody's, or was revoked.
    virtual awaitable<Result<std::optional<domain::StaffMember>, StoreError>> staff_of_token(
        Sha256Digest token_digest) = 0;
    /// Everybody, also who was revoked, by name.
    virtual awaitable<Result<std::vector<domain::StaffMember>, StoreError>> all_staff() = 0;
    /// From now on his token opens nothing, and the audit log says so. False: nobody of that name
    /// is there, or he was revoked before.
    virtual awaitable<Result<bool, StoreError>> revoke_staff(
        domain::StaffId name, std::string actor, UtcTime now) = 0;
};

} // namespace iwas::ports
