#include "domain/staff.hpp"

#include "core/bytes.hpp"
#include "domain/enum_text.hpp"

#include <algorithm>

namespace iwas::domain {

namespace {

constexpr EnumText roles{std::to_array<std::pair<StaffRole, std::string_view>>({
    {StaffRole::viewer, "viewer"},
    {StaffRole::manager, "manager"},
})};

constexpr std::size_t random_characters = 43; // base64url of 32 octets

bool is_base64url(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

} // namespace

bool may_see(
    const StaffMember& member, const OrganizationId& organization, const LocationId& location)
{
    return member.organization == organization &&
           (sees_everything(member) || member.locations.contains(location));
}

bool sees_everything(const StaffMember& member)
{
    return member.locations.empty();
}

SecretText staff_token(std::span<const std::uint8_t, 32> random)
{
    return SecretText{std::string{staff_token_prefix} + to_base64url(random)};
}

std::optional<Sha256Digest> staff_token_digest(std::string_view token)
{
    if (!token.starts_with(staff_token_prefix)) return std::nullopt;
    const std::string_view random = token.substr(staff_token_prefix.size());
    if (random.size() != random_characters || !std::ranges::all_of(random, is_base64url))
        return std::nullopt;
    return sha256({as_bytes(token)});
}

std::string_view to_text(StaffRole role)
{
    return roles.text_of(role);
}
std::optional<StaffRole> staff_role_from(std::string_view text)
{
    return roles.value_of(text);
}

} // namespace iwas::domain
