#include "protocol/radius/describe.hpp"
#include "protocol/radius/packet_writer.hpp"
#include "protocol/radius/password.hpp"
#include "tests/vectors/vector_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iwas::radius {

namespace {

using testing::HasSubstr;
using testing::Not;

TEST(RadiusDictionary, ReadsTheFormatOfFreeRadius)
{
    Dictionary dictionary;
    const auto read = dictionary.add(
        "# comment\n"
        "VENDOR\tAcme\t9999\r\n"
        "ATTRIBUTE  Plain 1 string # trailing\n"
        "BEGIN-VENDOR Acme\n"
        "ATTRIBUTE Acme-Key 0x02 octets[16] has_tag,encrypt=2\n"
        "ATTRIBUTE Acme-Wide 300 integer\n"
        "ATTRIBUTE Acme-Inner 2.1 integer\n"
        "VALUE Acme-Key One 1\n"
        "VALUE Acme-Wide Skipped 1\n"
        "END-VENDOR Acme\n"
        "$INCLUDE more\n",
        [](std::string_view file) {
            return file == "more" ? std::optional<std::string>{"ATTRIBUTE More 7 date"}
                                  : std::nullopt;
        });
    ASSERT_TRUE(read) << read.error().reason;
    EXPECT_EQ(dictionary.find(0, 1)->name, "Plain");
    EXPECT_EQ(dictionary.find(0, 7)->type, ValueType::date);
    const auto* key = dictionary.find("Acme-Key");
    ASSERT_NE(key, nullptr);
    EXPECT_EQ(key->vendor, 9999U);
    EXPECT_EQ(key->number, 2);
    EXPECT_TRUE(key->has_tag);
    EXPECT_EQ(key->encryption, 2);
    EXPECT_EQ(key->value_names.at(1), "One");
    EXPECT_EQ(dictionary.vendor_name(9999), "Acme");
    EXPECT_EQ(dictionary.attribute_count(), 3U);
}

TEST(RadiusDictionary, SaysWhereItIsWrong)
{
    const auto error_of = [](std::string_view text) {
        Dictionary dictionary;
        const auto read = dictionary.add(text, [](std::string_view) { return "$INCLUDE again\n"; });
        EXPECT_FALSE(read);
        return read ? DictionaryError{} : read.error();
    };
    EXPECT_EQ(error_of("\n\nATTRIBUTE Short 1\n").line, 3U);
    EXPECT_THAT(error_of("ATTRIBUTE A x string").reason, HasSubstr("number"));
    EXPECT_THAT(error_of("BEGIN-VENDOR Nobody").reason, HasSubstr("Nobody"));
    EXPECT_THAT(error_of("VENDOR A 0").reason, HasSubstr("number"));
    EXPECT_THAT(error_of("VALUE A").reason, HasSubstr("needs"));
    EXPECT_THAT(error_of("$INCLUDE again").reason, HasSubstr("deep"));
    EXPECT_THAT(error_of(std::string(200, 'a')).reason, HasSubstr("128"));
}

TEST(RadiusDictionary, TheStandardOneKnowsWhatIwasUses)
{
    const Dictionary& dictionary = standard_dictionary();
    EXPECT_EQ(dictionary.find(0, attribute::message_authenticator)->name, "Message-Authenticator");
    EXPECT_EQ(dictionary.find(vendor::mikrotik, mikrotik::rate_limit)->name, "Mikrotik-Rate-Limit");
    EXPECT_EQ(
        dictionary.find(vendor::wispr, wispr::bandwidth_max_up)->name, "WISPr-Bandwidth-Max-Up");
    EXPECT_EQ(
        dictionary.find(0, attribute::error_cause)->value_names.at(503),
        "Session-Context-Not-Found");
    EXPECT_GT(dictionary.attribute_count(), 120U);
}

TEST(RadiusText, NamesAttributesAndJudgesAuthenticators)
{
    const auto record = tests::read_vectors("radius_hotspot_access.txt").front();
    const SharedSecret secret{SecretText{record.text("secret")}};
    const Bytes request_octets = record.bytes("request");
    const auto request = decode(request_octets);
    const std::string text = to_text(*request, {.secret = &secret});
    EXPECT_THAT(text, HasSubstr("Access-Request (1), identifier 44, 223 octets"));
    EXPECT_THAT(text, HasSubstr("  NAS-Port-Type = Wireless-802.11 (19)\n"));
    EXPECT_THAT(text, HasSubstr("  User-Name = \"thepumper\"\n"));
    EXPECT_THAT(text, HasSubstr("  Mikrotik-Host-IP = 10.5.50.7\n"));
    EXPECT_THAT(text, HasSubstr("Message-Authenticator: right\n"));

    const SharedSecret other{SecretText{"another"}};
    EXPECT_THAT(to_text(*request, {.secret = &other}), HasSubstr("Message-Authenticator: WRONG\n"));
    EXPECT_THAT(to_text(*request), HasSubstr("not checked (no secret given)"));

    const Bytes accept_octets = record.bytes("accept");
    const auto accept = decode(accept_octets);
    EXPECT_THAT(to_text(*accept, {.secret = &secret}), HasSubstr("needs the request"));
    const std::string judged =
        to_text(*accept, {.secret = &secret, .request = request->authenticator()});
    EXPECT_THAT(judged, HasSubstr("Response Authenticator: right\nMessage-Authenticator: right\n"));
    EXPECT_THAT(judged, HasSubstr("  Mikrotik-Rate-Limit = \"2M/10M\"\n"));
}

TEST(RadiusText, MasksPasswordsAndEscapesControls)
{
    const SharedSecret secret{SecretText{"s3cr3t"}};
    PacketBuffer buffer;
    PacketWriter writer{buffer, Code::access_request, 1, Authenticator{1, 2, 3}};
    writer.add_text(attribute::user_name, "evil\x1b[31m\"");
    add_user_password(writer, as_bytes("hunter22"), secret);
    writer.add(attribute::tunnel_type, *from_hex("0100000d"));
    writer.add_vendor(9999, 200, Bytes{1});
    writer.add(attribute::session_timeout, Bytes{1});
    const auto packet = decode(*writer.finish(secret));
    const std::string masked = to_text(*packet, {.secret = &secret});
    EXPECT_THAT(masked, Not(HasSubstr("hunter22")));
    EXPECT_THAT(masked, HasSubstr("User-Password = ******** (8 octets, readable)"));
    EXPECT_THAT(masked, HasSubstr("User-Name = \"evil\\x1b[31m\\\"\""));
    EXPECT_THAT(masked, HasSubstr("Tunnel-Type = VLAN (13) (tag 1)"));
    EXPECT_THAT(masked, HasSubstr("Vendor 9999 Attribute 200 = 0x01"));
    EXPECT_THAT(masked, HasSubstr("Session-Timeout = 0x01 (invalid size)"));
    EXPECT_THAT(
        to_text(*packet, {.secret = &secret, .reveal_passwords = true}), HasSubstr("hunter22"));
    EXPECT_THAT(to_text(*packet), HasSubstr("User-Password = (hidden, 16 octets)"));
    const SharedSecret wrong{SecretText{"wrong one"}};
    EXPECT_THAT(
        to_text(*packet, {.secret = &wrong}), HasSubstr("shared secret is probably another"));
}

TEST(RadiusText, SendsNothingToTheTerminalThatItWouldObey)
{
    const SharedSecret secret{SecretText{"s3cr3t"}};
    PacketBuffer buffer;
    PacketWriter writer{buffer, Code::access_accept, 1, Authenticator{}};
    writer.add_text(attribute::reply_message, "C\u1ea3m \u01a1n \u00a9");
    writer.add_text(
        attribute::user_name, "\xc2\x9b"
                              "31m\xe2\x80\xae"
                              "admin\xc2\x85");
    writer.add(attribute::tunnel_private_group_id, *from_hex("01ff1b5b32"));
    writer.add(attribute::tunnel_private_group_id, *from_hex("01c29b323030"));
    const auto packet = decode(*writer.finish(secret));
    const std::string text = to_text(*packet);
    EXPECT_THAT(text, HasSubstr("Reply-Message = \"C\u1ea3m \u01a1n \u00a9\"\n"));
    EXPECT_THAT(text, HasSubstr("User-Name = \"\\u009b31m\\u202eadmin\\u0085\"\n"));
    EXPECT_THAT(text, HasSubstr("Tunnel-Private-Group-Id = 0x01ff1b5b32 (not UTF-8)\n"));
    EXPECT_THAT(text, HasSubstr("Tunnel-Private-Group-Id = \"\\u009b200\" (tag 1)\n"));
    for (const char c : text)
        EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

} // namespace

} // namespace iwas::radius
