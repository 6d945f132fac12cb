#include "adapters/store/key_ring.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace iwas::adapters {
namespace {

constexpr const char* two_keys = "# newest first\n"
                                 "k2 bW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW0=\n"
                                 "  k1\ta2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=  # old\n";

TEST(KeyRing, OpensWhatItSealed)
{
    const auto ring = *KeyRing::parse(two_keys);
    EXPECT_EQ(ring.active_key(), "k2");
    const SecretText secret{"xin chào"};
    const std::string sealed = ring.seal(secret, "router.secret:q7");
    EXPECT_TRUE(sealed.starts_with("k2:"));
    EXPECT_TRUE(ring.is_current(sealed));
    EXPECT_EQ(ring.open(sealed, "router.secret:q7")->reveal(), "xin chào");
    EXPECT_NE(sealed, ring.seal(secret, "router.secret:q7")); // a nonce of its own
    EXPECT_EQ(ring.open(ring.seal(SecretText{}, "p"), "p")->reveal(), "");
}

TEST(KeyRing, OpensNothingElse)
{
    const auto ring = *KeyRing::parse(two_keys);
    const std::string sealed = ring.seal(SecretText{"secret"}, "a:1");
    EXPECT_FALSE(ring.open(sealed, "a:2"));
    EXPECT_FALSE(ring.open("k1" + sealed.substr(2), "a:1"));
    EXPECT_FALSE(ring.open("k9" + sealed.substr(2), "a:1"));
    EXPECT_FALSE(ring.open("k2:", "a:1"));
    EXPECT_FALSE(ring.open("k2:AAAA", "a:1"));
    EXPECT_FALSE(ring.open("", "a:1"));
    for (std::size_t at = 3; at < sealed.size(); ++at) {
        std::string changed = sealed;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        // The last character of base64 may hold bits that do not count.
        const auto opened = ring.open(changed, "a:1");
        EXPECT_TRUE(!opened || at + 4 > sealed.size()) << at;
    }
}

TEST(KeyRing, SaysWhatIsWrongWithAKeyFile)
{
    EXPECT_EQ(KeyRing::parse("# nothing\n").error(), "there is no key");
    EXPECT_EQ(KeyRing::parse("k1 c2hvcnQ=").error(), "key k1: base64 of 32 octets is expected");
    EXPECT_FALSE(KeyRing::parse("K1 a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="));
    EXPECT_FALSE(KeyRing::parse("k1"));
    const std::string line = "k1 a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=";
    EXPECT_EQ(KeyRing::parse(line + "," + line).error(), "key k1 is there twice");
    EXPECT_FALSE(KeyRing::from_file("/nonexistent/key"));
    EXPECT_FALSE(KeyRing::from_environment("IWAS_NO_SUCH_VARIABLE"));
}

TEST(KeyRing, AGeneratedKeyIsReadBack)
{
    const SecretText line = KeyRing::generate("k7");
    const auto ring = KeyRing::parse(line.reveal());
    ASSERT_TRUE(ring);
    EXPECT_EQ(ring->active_key(), "k7");
    EXPECT_NE(line.reveal(), KeyRing::generate("k7").reveal());
}

} // namespace
} // namespace iwas::adapters
