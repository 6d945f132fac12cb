#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "core/id.hpp"
#include "core/ip_address.hpp"
#include "core/mac_address.hpp"
#include "core/money.hpp"
#include "core/percent_encoding.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "core/utf8.hpp"

#include <gtest/gtest.h>

namespace iwas {
namespace {

TEST(Money, WritesGroupsOfThree)
{
    EXPECT_EQ(to_string(Money{0}), "0 ₫");
    EXPECT_EQ(to_string(Money{999}), "999 ₫");
    EXPECT_EQ(to_string(Money{12000}), "12.000 ₫");
    EXPECT_EQ(to_string(Money{-1234567}), "-1.234.567 ₫");
}

TEST(UtcTime, ReadsAndWritesRfc3339)
{
    const auto time = from_rfc3339("2026-09-21T14:13:20Z");
    ASSERT_TRUE(time);
    EXPECT_EQ(to_unix_ms(*time), 1'790'000'000'000);
    EXPECT_EQ(to_rfc3339(*time), "2026-09-21T14:13:20Z");
    EXPECT_EQ(from_rfc3339("2026-09-21T21:13:20.5+07:00"), *time + 500ms);
    EXPECT_EQ(to_rfc3339(*time + 7ms), "2026-09-21T14:13:20.007Z");
    for (const char* bad :
         {"", "2026", "2026-02-30T00:00:00Z", "2026-09-21T24:00:00Z", "2026-09-21T14:13:20",
          "2026-09-21T14:13:20Zx", "2026-09-21T14:13:20.Z", "1969-12-31T00:00:00Z"})
        EXPECT_FALSE(from_rfc3339(bad)) << bad;
}

TEST(MacAddress, AcceptsEveryNotation)
{
    const auto expected = MacAddress::parse("AA:BB:CC:DD:EE:0F");
    ASSERT_TRUE(expected);
    for (const char* text :
         {"aa-bb-cc-dd-ee-0f", "aabb.ccdd.ee0f", "AABBCCDDEE0F", "AABBCC-DDEE0F",
          "AA BB CC DD EE 0F", "AABB:CCDD:EE0F"})
        EXPECT_EQ(MacAddress::parse(text), expected) << text;
    EXPECT_EQ(to_string(*expected), "AA:BB:CC:DD:EE:0F");
}

TEST(MacAddress, RefusesWhatIsNoDevice)
{
    for (const char* text :
         {"", "00:00:00:00:00:00", "FF:FF:FF:FF:FF:FF", "01:00:5E:00:00:01", "AA:BB:CC:DD:EE",
          "AA:BB:CC:DD:EE:GG", "AA:BB:CC:DD:EE:0F:11"})
        EXPECT_FALSE(MacAddress::parse(text)) << text;
}

TEST(MacAddress, RecognizesPrivateAddresses)
{
    EXPECT_TRUE(MacAddress::parse("02:00:00:00:00:15")->is_private());
    EXPECT_FALSE(MacAddress::parse("BC:24:11:EB:56:4D")->is_private());
}

TEST(Ipv4, ParsesStrictly)
{
    EXPECT_EQ(to_string(*Ipv4Address::parse("10.5.50.21")), "10.5.50.21");
    for (const char* bad : {"", "10.5.50", "10.5.50.256", "10.5.50.021", "10.5.50.21 ", "a.b.c.d"})
        EXPECT_FALSE(Ipv4Address::parse(bad)) << bad;
    const auto prefix = Ipv4Prefix::parse("192.168.20.0/24");
    ASSERT_TRUE(prefix);
    EXPECT_TRUE(prefix->contains(*Ipv4Address::parse("192.168.20.255")));
    EXPECT_FALSE(prefix->contains(*Ipv4Address::parse("192.168.21.0")));
    EXPECT_FALSE(Ipv4Prefix::parse("192.168.20.1/24"));
    EXPECT_TRUE(Ipv4Prefix::parse("0.0.0.0/0")->contains(*Ipv4Address::parse("8.8.8.8")));
}

TEST(Ulid, RoundTripsAndSortsByTime)
{
    const Ulid early = Ulid::make(from_unix_ms(1000), 0xFFFF, ~0ULL);
    const Ulid late = Ulid::make(from_unix_ms(1001), 0, 0);
    EXPECT_LT(early, late);
    EXPECT_LT(to_string(early), to_string(late));
    EXPECT_EQ(Ulid::parse(to_string(early)), early);
    EXPECT_FALSE(Ulid::parse("8ZZZZZZZZZZZZZZZZZZZZZZZZZ")); // past 128 bits
    EXPECT_FALSE(Ulid::parse("01J"));
}

TEST(Key, NamesAreStrict)
{
    EXPECT_TRUE(is_key("q7"));
    EXPECT_TRUE(is_key("galaxy.1-hour"));
    for (const std::string_view bad : {"", "Q7", "-a", "a b", "a/b", "đ"})
        EXPECT_FALSE(is_key(bad));
    EXPECT_FALSE(is_key(std::string(65, 'a')));
}

TEST(Bytes, HexAndBase64)
{
    EXPECT_EQ(to_hex(*from_hex("00fF10")), "00ff10");
    EXPECT_FALSE(from_hex("0"));
    EXPECT_FALSE(from_hex("zz"));
    for (const char* text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
        EXPECT_EQ(as_text(*from_base64(to_base64(as_bytes(text)))), text);
    EXPECT_EQ(to_base64url(*from_hex("fbff")), "-_8");
    EXPECT_FALSE(from_base64("abc"));
}

// RFC 2202 §2 case 1 and 2, RFC 4231 §4.3 and §4.7, RFC 1321 A.5.
TEST(Digest, MatchesPublishedVectors)
{
    EXPECT_EQ(
        to_hex(md5({as_bytes("message "), as_bytes("digest")})),
        "f96b697d7cb7938d525a2f31aaf161d0");
    EXPECT_EQ(
        to_hex(hmac_md5(as_bytes("Jefe"), {as_bytes("what do ya want for nothing?")})),
        "750c783e6ab0b503eaa86e310a5db738");
    EXPECT_EQ(
        to_hex(hmac_sha256(as_bytes("Jefe"), {as_bytes("what do ya want for nothing?")})),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(
        to_hex(hmac_sha512(as_bytes("Jefe"), {as_bytes("what do ya want for nothing?")})),
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    const std::string long_key(131, '\xaa'); // longer than the block: hashed first
    EXPECT_EQ(
        to_hex(hmac_sha512(
            as_bytes(long_key),
            {as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")})),
        "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
        "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598");
    EXPECT_EQ(to_hex(sha1({as_bytes("abc")})), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(Bytes, ComparesInConstantTime)
{
    EXPECT_TRUE(equal_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_constant_time("abc", "ab"));
}

TEST(Text, TrimsBothEnds)
{
    EXPECT_EQ(trimmed("  a b "), "a b");
    EXPECT_EQ(trimmed("\ta "), "\ta");
    EXPECT_EQ(trimmed("\t a \t", " \t"), "a");
    EXPECT_EQ(trimmed("   "), "");
    EXPECT_EQ(trimmed(""), "");
}

TEST(PercentEncoding, RoundTripsAnyOctets)
{
    EXPECT_EQ(percent_encode("a b/c"), "a%20b%2Fc");
    EXPECT_EQ(percent_encode("aZ9-._~"), "aZ9-._~");
    EXPECT_EQ(percent_decode("a+b%2Fc", true), "a b/c");
    EXPECT_EQ(percent_decode("a+b%2fc", false), "a+b/c");
    EXPECT_FALSE(percent_decode("%2", true));
    EXPECT_FALSE(percent_decode("%zz", true));
    EXPECT_EQ(percent_decode(percent_encode("\xFF =&%\n"), true), "\xFF =&%\n");
}

TEST(Utf8, IsWellFormedOrNot)
{
    for (const char* good : {"", "abc", "thế giới", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"})
        EXPECT_TRUE(is_utf8(good)) << good;
    for (const char* bad :
         {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3\x28", "\xE0\x80\x80", "\xED\xA0\x80",
          "\xE1\xBB", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"})
        EXPECT_FALSE(is_utf8(bad));
}

} // namespace
} // namespace iwas
