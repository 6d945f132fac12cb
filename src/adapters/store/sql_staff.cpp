#include "adapters/store/sql_staff.hpp"

#include "adapters/store/locks.hpp"
#include "adapters/store/sql_traces.hpp"
#include "core/bytes.hpp"

namespace iwas::adapters {

using domain::StaffMember;

namespace {

std::string stored(const std::set<domain::LocationId>& locations)
{
    std::string text;
    for (const domain::LocationId& each : locations)
        text.append(text.empty() ? "" : " ").append(each.text());
    return text;
}

/// Throws DamagedRow for a text that names none: it would open the whole organization.
std::set<domain::LocationId> locations_of(std::string_view text)
{
    std::set<domain::LocationId> locations;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const auto location = domain::LocationId::parse(text.substr(0, end));
        if (!location) damaged("a member of staff has a location that is no name");
        locations.insert(*location);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return locations;
}

std::vector<StaffMember> read_staff(
    Connection& db, std::string_view condition, std::initializer_list<Param> params)
{
    std::vector<StaffMember> found;
    db.each(
        std::string{"select name, organization_id, locations, role, added_at, revoked_at "
                    "from staff "}
            .append(condition),
        "ttttii", params, [&](Row& row) {
            StaffMember member;
            member.name = row.key<domain::StaffId>();
            member.organization = row.key<domain::OrganizationId>();
            member.locations = locations_of(row.text());
            const auto role = domain::staff_role_from(row.text());
            if (!role) damaged("a member of staff has an unknown role");
            member.role = *role;
            member.added_at = row.time();
            member.revoked_at = row.maybe_time();
            found.push_back(std::move(member));
        });
    return found;
}

std::string described(const StaffMember& member)
{
    std::string text{domain::to_text(member.role)};
    text.append(" of ").append(member.organization.text());
    if (!member.locations.empty()) text.append(": ").append(stored(member.locations));
    return text;
}

} // namespace

bool add_staff(
    Connection& db, const StaffMember& member, const Sha256Digest& token_digest,
    const std::string& actor)
{
    lock_names(db, {"staff:" + member.name.text()});
    const bool is_taken =
        db.exists("select 1 from staff where name = :name and revoked_at is null", {member.name});
    if (is_taken) return false;
    db.run("delete from staff where name = :name", {member.name});
    db.run(
        "insert into staff (name, organization_id, locations, role, token_digest, added_at) "
        "values (:name, :organization, :locations, :role, :digest, :added_at)",
        {member.name, member.organization, stored(member.locations), domain::to_text(member.role),
         to_hex(token_digest), member.added_at});
    append_audit(
        db, {member.added_at, actor, "staff.added", member.name.text(), described(member)});
    return true;
}

std::optional<StaffMember> staff_of_token(Connection& db, const Sha256Digest& token_digest)
{
    auto found = read_staff(
        db, "where token_digest = :digest and token_digest <> '' and revoked_at is null",
        {to_hex(token_digest)});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<StaffMember> all_staff(Connection& db)
{
    return read_staff(db, "order by name", {});
}

bool revoke_staff(
    Connection& db, const domain::StaffId& name, const std::string& actor, UtcTime now)
{
    const bool is_revoked = db.run(
                                "update staff set token_digest = '', revoked_at = :now "
                                "where name = :name and revoked_at is null",
                                {now, name}) == 1;
    if (is_revoked) append_audit(db, {now, actor, "staff.revoked", name.text(), ""});
    return is_revoked;
}

} // namespace iwas::adapters
