#include "adapters/radius/directory.hpp"
#include "adapters/radius/test_support.hpp"

#include <thread>

namespace iwas::adapters {

namespace {

using namespace testing_support;

domain::SessionId session(std::uint64_t number)
{
    return domain::SessionId{Ulid{1, number}};
}

TEST(Directory, FindsByUserAndDeviceWithinTheLocation)
{
    Directory directory;
    directory.admit(admission("u-1", "pw"));
    const auto other = domain::LocationId::trusted("q8");
    ASSERT_TRUE(directory.find_user(q7, "u-1"));
    EXPECT_FALSE(directory.find_user(other, "u-1"));
    EXPECT_FALSE(directory.find_user(q7, "U-1"));
    EXPECT_TRUE(directory.find_device(q7, phone()));
    EXPECT_FALSE(directory.find_device(other, phone()));
    directory.revoke(session(2));
    EXPECT_FALSE(directory.find_user(q7, "u-1"));
    EXPECT_FALSE(directory.find_device(q7, phone()));
    EXPECT_EQ(directory.size(), 0U);
    directory.revoke(session(2));
}

TEST(Directory, ReplacesWhatIsKnownOfASession)
{
    Directory directory;
    directory.admit(admission("u-1", "pw"));
    const auto held = directory.find_user(q7, "u-1");
    ports::Admission changed = admission("u-2", "pw2");
    changed.devices = {MacAddress::parse("AA:BB:CC:00:00:02").value()};
    directory.admit(changed);
    EXPECT_FALSE(directory.find_user(q7, "u-1"));
    EXPECT_EQ(directory.find_user(q7, "u-2")->password.reveal(), "pw2");
    EXPECT_FALSE(directory.find_device(q7, phone()));
    EXPECT_TRUE(directory.find_device(q7, changed.devices[0]));
    EXPECT_EQ(held->user_name, "u-1"); // what a reader holds does not change
    EXPECT_EQ(directory.size(), 1U);
}

TEST(Directory, OfSeveralSessionsOfADeviceTheNewestIsMeant)
{
    Directory directory;
    ports::Admission old = admission("old", "pw");
    old.session = session(1);
    ports::Admission young = admission("young", "pw");
    young.session = session(5);
    directory.admit(young);
    directory.admit(old);
    EXPECT_EQ(directory.find_device(q7, phone())->user_name, "young");
    directory.revoke(young.session);
    EXPECT_EQ(directory.find_device(q7, phone())->user_name, "old");
}

TEST(Directory, ReadersNeverMissASessionThatIsBeingChanged)
{
    Directory directory;
    directory.admit(admission("u-1", "pw"));
    std::atomic<bool> is_done{false};
    std::atomic<int> missed{0};
    std::thread reader{[&] {
        while (!is_done) {
            if (!directory.find_user(q7, "u-1")) ++missed;
            if (!directory.find_device(q7, phone())) ++missed;
        }
    }};
    for (int i = 0; i < 5000; ++i)
        directory.admit(admission("u-1", "pw" + std::to_string(i)));
    is_done = true;
    reader.join();
    EXPECT_EQ(missed, 0);
}

} // namespace

} // namespace iwas::adapters
