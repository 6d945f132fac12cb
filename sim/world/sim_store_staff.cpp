// The staff's side of SimStore.
#include "sim/world/sim_store_ask.hpp"

namespace iwas::sim {

SimStore::Answer<std::vector<ports::QueuedRefund>> SimStore::queued_refunds(
    ports::QueueFilter filter, int limit)
{
    return ask<std::vector<ports::QueuedRefund>>(
        "queued_refunds", [this, filter, limit] { return inner_.queued_refunds(filter, limit); });
}

SimStore::Answer<void> SimStore::add_staff(
    domain::StaffMember member, Sha256Digest token_digest, std::string actor)
{
    return ask<void>("add_staff", [this, member, token_digest, actor] {
        return inner_.add_staff(member, token_digest, actor);
    });
}

SimStore::Answer<std::optional<domain::StaffMember>> SimStore::staff_of_token(
    Sha256Digest token_digest)
{
    return ask<std::optional<domain::StaffMember>>(
        "staff_of_token", [this, token_digest] { return inner_.staff_of_token(token_digest); });
}

SimStore::Answer<std::vector<domain::StaffMember>> SimStore::all_staff()
{
    return ask<std::vector<domain::StaffMember>>(
        "all_staff", [this] { return inner_.all_staff(); });
}

SimStore::Answer<bool> SimStore::revoke_staff(domain::StaffId name, std::string actor, UtcTime now)
{
    return ask<bool>(
        "revoke_staff", [this, name, actor, now] { return inner_.revoke_staff(name, actor, now); });
}

} // namespace iwas::sim
