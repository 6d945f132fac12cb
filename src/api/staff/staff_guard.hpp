// StaffGuard: turns the token of a request into a member of staff, or into the refusal to send
// back.
#pragma once

#include "api/caller.hpp"
#include "domain/staff.hpp"
#include "domain/tenant.hpp"
#include "ports/clock.hpp"
#include "ports/store/catalog_store.hpp"
#include "ports/store/staff.hpp"
#include "workflows/try_counters.hpp"

#include <vector>

namespace iwas::api::staff {

using ports::awaitable;

/// A member of staff who asks for something.
struct StaffCaller : Caller {
    domain::StaffMember member;
    domain::Organization organization;

    [[nodiscard]] bool may_see(
        const domain::OrganizationId& of, const domain::LocationId& location) const
    {
        return domain::may_see(member, of, location);
    }
    /// The locations that he is bound to, as the store's filters want them; empty: none.
    [[nodiscard]] std::vector<domain::LocationId> scope() const
    {
        return {member.locations.begin(), member.locations.end()};
    }
};

/// What a handler asks of the member before it begins.
enum class StaffEntry : std::uint8_t {
    read, // anybody
    act,  // a manager
};

/// At most `wrong_max` wrong tokens in the window from each address; more get 429. A right token
/// opens at any time: 256 bits cannot be guessed, and a customer behind the same address must not
/// be able to lock the staff out.
struct StaffGuardLimits {
    int wrong_max = 60;
    Seconds window = 5min;
    std::size_t counters_max = 10'000;
};

/// Used on the I/O thread only; what it refers to outlives it.
class StaffGuard {
public:
    StaffGuard(
        ports::StaffRegister& staff, const ports::CatalogView& catalog, ports::Clock& clock,
        StaffGuardLimits limits = {});

    /// Who asks, by `Authorization: Bearer TOKEN` (RFC 6750 §2.1). Refused with 401 and
    /// WWW-Authenticate without a token that opens something, with 403 where the role is too
    /// small.
    awaitable<Result<StaffCaller, Response>> enter(Request request, StaffEntry entry);

private:
    Response refuse_token(const Caller& caller, const Request& request, bool was_given);

    ports::StaffRegister& staff_;
    const ports::CatalogView& catalog_;
    ports::Clock& clock_;
    workflows::TryCounters wrong_; // by the address that they came from
};

} // namespace iwas::api::staff
