#include "domain/staff.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace iwas::domain {
namespace {

const auto galaxy = OrganizationId::trusted("galaxy");
const auto q7 = LocationId::trusted("q7");
const auto q1 = LocationId::trusted("q1");

TEST(Staff, SeesTheOrganizationOrOnlyItsLocations)
{
    StaffMember member{.name = StaffId::trusted("lan"), .organization = galaxy, .locations = {}};
    EXPECT_TRUE(may_see(member, galaxy, q7));
    EXPECT_TRUE(may_see(member, galaxy, LocationId{})) << "money that belongs to no location";
    EXPECT_FALSE(may_see(member, OrganizationId::trusted("other"), q7));
    member.locations = {q7};
    EXPECT_TRUE(may_see(member, galaxy, q7));
    EXPECT_FALSE(may_see(member, galaxy, q1));
    EXPECT_FALSE(may_see(member, galaxy, LocationId{}));
    EXPECT_FALSE(may_see(member, OrganizationId::trusted("other"), q7));
}

TEST(Staff, ATokenIsRecognisedAndNothingElseIs)
{
    std::array<std::uint8_t, 32> random{};
    const SecretText first = staff_token(random);
    random[31] = 1;
    const SecretText second = staff_token(random);
    EXPECT_EQ(first.reveal().size(), 54U);
    EXPECT_TRUE(first.reveal().starts_with("iwas_staff_"));
    ASSERT_TRUE(staff_token_digest(first.reveal()));
    EXPECT_NE(*staff_token_digest(first.reveal()), *staff_token_digest(second.reveal()));
    for (const std::string& text :
         {std::string{}, std::string{"iwas_staff_"}, first.reveal() + "A",
          first.reveal().substr(0, 53), first.reveal().substr(0, 53) + "=",
          "IWAS_STAFF_" + first.reveal().substr(11), " " + first.reveal().substr(1)})
        EXPECT_FALSE(staff_token_digest(text)) << text;
}

TEST(Staff, RolesAreSpelledAsTheyAreRead)
{
    for (const auto role : {StaffRole::viewer, StaffRole::manager})
        EXPECT_EQ(staff_role_from(to_text(role)), role);
    EXPECT_FALSE(staff_role_from("owner"));
}

} // namespace
} // namespace iwas::domain
