#include "protocol/radius/authenticator.hpp"
#include "protocol/radius/packet.hpp"
#include "protocol/radius/packet_writer.hpp"
#include "protocol/radius/password.hpp"
#include "tests/vectors/vector_file.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace iwas::radius {

namespace {

SharedSecret secret_of(const tests::VectorRecord& record)
{
    return SharedSecret{SecretText{record.text("secret")}};
}

TEST(RadiusDecode, RefusesBadFraming)
{
    std::array<std::uint8_t, 22> datagram{1, 7, 0, 22};
    datagram[20] = 1;
    datagram[21] = 9; // claims 9 octets; 2 remain
    EXPECT_EQ(decode(datagram).error(), DecodeError::bad_attribute);
    datagram[21] = 1; // shorter than its own header
    EXPECT_EQ(decode(datagram).error(), DecodeError::bad_attribute);
    datagram[21] = 2;
    EXPECT_TRUE(decode(datagram));
    EXPECT_EQ(decode(std::span{datagram}.first(21)).error(), DecodeError::bad_length);
    EXPECT_EQ(decode(std::span{datagram}.first(19)).error(), DecodeError::too_short);
    EXPECT_EQ(decode({}).error(), DecodeError::too_short);
    datagram[3] = 19;
    EXPECT_EQ(decode(datagram).error(), DecodeError::bad_length);
    datagram[3] = 21; // one octet of an attribute's header
    EXPECT_EQ(decode(datagram).error(), DecodeError::bad_attribute);

    std::vector<std::uint8_t> large(5000, 2); // attributes of two octets, type 2
    large[2] = 0x10;
    large[3] = 0x00; // 4096
    EXPECT_TRUE(decode(large));
    large[3] = 0x02;
    EXPECT_EQ(decode(large).error(), DecodeError::bad_length);
}

TEST(RadiusDecode, IgnoresPadding)
{
    Bytes datagram{12, 1, 0, 20};
    datagram.resize(64, 0xFF);
    const auto packet = decode(datagram);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->octets().size(), 20U);
    EXPECT_EQ(packet->attributes().begin(), packet->attributes().end());
}

TEST(RadiusDecode, ReadsEverySubAttributeOfAVendor)
{
    PacketBuffer buffer;
    PacketWriter writer{buffer, Code::access_request, 1, {}};
    // Vendor 14988: Rate-Limit "1M", then Host-IP.
    writer.add(attribute::vendor_specific, *from_hex("00003a8c0804314d0a060a053207"));
    // A sub-attribute past the end makes the whole opaque.
    writer.add(attribute::vendor_specific, *from_hex("00003a8c0309"));
    writer.add(attribute::vendor_specific, *from_hex("0000"));
    const SharedSecret secret{SecretText{"x"}};
    const auto packet = decode(*writer.finish(secret));
    ASSERT_TRUE(packet);
    EXPECT_EQ(as_text(*packet->find_vendor(vendor::mikrotik, mikrotik::rate_limit)), "1M");
    EXPECT_EQ(packet->find_vendor_integer(vendor::mikrotik, mikrotik::host_ip), 0x0a053207U);
    EXPECT_FALSE(packet->find_vendor(vendor::mikrotik, mikrotik::group));
    EXPECT_EQ(packet->count(attribute::vendor_specific), 3U);
}

TEST(RadiusVectors, RfcPacketsVerifyAndAreMadeAgain)
{
    for (const auto& record : tests::read_vectors("radius_packets.txt")) {
        SCOPED_TRACE(record.text("name"));
        const SharedSecret secret = secret_of(record);
        const Bytes request_octets = record.bytes("request");
        const auto request = decode(request_octets);
        ASSERT_TRUE(request);
        const Bytes response_octets = record.bytes("response");
        const auto response = decode(response_octets);
        ASSERT_TRUE(response);
        EXPECT_TRUE(is_authenticator_right(*response, request->authenticator(), secret));
        EXPECT_EQ(response->identifier(), request->identifier());
        if (record.has("message_authenticator_valid")) {
            EXPECT_EQ(
                check_message_authenticator(*request, base_of_request(*request), secret),
                MessageAuthenticator::right);
        }
        if (record.has("password") && request->code() == Code::access_request &&
            request->find(attribute::user_password)) {
            EXPECT_EQ(as_text(*request->find(attribute::user_name)), record.text("user"));
            const auto clear = reveal_password(
                *request->find(attribute::user_password), request->authenticator(), secret);
            ASSERT_TRUE(clear);
            EXPECT_EQ(as_text(clear->view()), record.text("password"));
        }
        PacketBuffer buffer;
        PacketWriter writer{
            buffer, response->code(), response->identifier(), request->authenticator()};
        for (const Attribute attribute : response->attributes())
            writer.add(attribute.type, attribute.value);
        EXPECT_EQ(to_hex(*writer.finish(secret)), record.text("response"));
    }
}

TEST(RadiusVectors, DecodesWithoutSecret)
{
    for (const auto& record : tests::read_vectors("radius_codec.txt")) {
        const Bytes octets = record.bytes("packet");
        const auto packet = decode(octets);
        ASSERT_TRUE(packet);
        EXPECT_EQ(packet->code(), Code::disconnect_request);
        EXPECT_EQ(as_text(*packet->find(attribute::user_name)), record.text("user"));
    }
}

TEST(RadiusVectors, HotspotRequestAndItsAnswersAreMadeAgain)
{
    for (const auto& record : tests::read_vectors("radius_hotspot_access.txt")) {
        const SharedSecret secret = secret_of(record);
        const Bytes octets = record.bytes("request");
        const auto request = decode(octets);
        ASSERT_TRUE(request);
        EXPECT_EQ(
            check_message_authenticator(*request, request->authenticator(), secret),
            MessageAuthenticator::right);
        EXPECT_EQ(as_text(*request->find(attribute::user_name)), record.text("user"));
        EXPECT_TRUE(is_chap_right(
            *request->find(attribute::chap_password), *request->find(attribute::chap_challenge),
            as_bytes(record.text("password"))));
        EXPECT_EQ(
            as_text(*request->find_vendor(vendor::wispr, wispr::logoff_url)),
            "http://10.5.50.1/logout");
        for (const char* key : {"accept", "reject"}) {
            const Bytes answer_octets = record.bytes(key);
            const auto answer = decode(answer_octets);
            ASSERT_TRUE(answer);
            EXPECT_TRUE(is_authenticator_right(*answer, request->authenticator(), secret));
            EXPECT_EQ(
                check_message_authenticator(*answer, request->authenticator(), secret),
                MessageAuthenticator::right);
            PacketBuffer buffer;
            PacketWriter writer{
                buffer, answer->code(), answer->identifier(), request->authenticator()};
            for (const Attribute attribute : answer->attributes()) {
                if (attribute.type == attribute::message_authenticator)
                    writer.add_message_authenticator();
                else
                    writer.add(attribute.type, attribute.value);
            }
            EXPECT_EQ(to_hex(*writer.finish(secret)), record.text(key));
        }
    }
}

TEST(RadiusVectors, AccountingIsAnsweredOctetForOctet)
{
    for (const char* file : {"radius_accounting.txt", "radius_accounting_on.txt"}) {
        for (const auto& record : tests::read_vectors(file)) {
            const SharedSecret secret = secret_of(record);
            const Bytes octets = record.bytes("packet");
            const auto request = decode(octets);
            ASSERT_TRUE(request);
            EXPECT_TRUE(is_authenticator_right(*request, base_of_request(*request), secret));
            PacketBuffer buffer;
            PacketWriter writer{
                buffer, Code::accounting_response, request->identifier(), request->authenticator()};
            EXPECT_EQ(to_hex(*writer.finish(secret)), record.text("response"));
        }
    }
}

TEST(RadiusVectors, CoaExchangesVerify)
{
    for (const auto& record : tests::read_vectors("radius_coa.txt")) {
        SCOPED_TRACE(record.text("name"));
        const SharedSecret secret = secret_of(record);
        const Bytes request_octets = record.bytes("request");
        const auto request = decode(request_octets);
        ASSERT_TRUE(request);
        EXPECT_TRUE(is_authenticator_right(*request, {}, secret));
        if (request->find(attribute::message_authenticator)) {
            EXPECT_EQ(
                check_message_authenticator(*request, base_of_request(*request), secret),
                MessageAuthenticator::right);
        }
        const Bytes response_octets = record.bytes("response");
        const auto response = decode(response_octets);
        ASSERT_TRUE(response);
        EXPECT_TRUE(is_authenticator_right(*response, request->authenticator(), secret));
        EXPECT_EQ(static_cast<std::uint64_t>(response->code()), record.number("response_code"));
        if (record.has("error_cause")) {
            EXPECT_EQ(response->find_integer(attribute::error_cause), record.number("error_cause"));
        }
        PacketBuffer buffer;
        PacketWriter writer{buffer, request->code(), request->identifier(), {}};
        for (const Attribute attribute : request->attributes()) {
            if (attribute.type == attribute::message_authenticator)
                writer.add_message_authenticator();
            else
                writer.add(attribute.type, attribute.value);
        }
        EXPECT_EQ(to_hex(*writer.finish(secret)), record.text("request"));
    }
}

TEST(RadiusAuthenticator, RefusesRepeatedAndMisshapenMessageAuthenticators)
{
    const SharedSecret secret{SecretText{"s3cr3t"}};
    PacketBuffer buffer;
    PacketWriter twice{buffer, Code::access_request, 1, {}};
    twice.add_message_authenticator();
    twice.add(attribute::message_authenticator, Authenticator{});
    EXPECT_EQ(
        check_message_authenticator(*decode(*twice.finish(secret)), {}, secret),
        MessageAuthenticator::repeated);
    PacketWriter brief{buffer, Code::access_request, 1, {}};
    brief.add(attribute::message_authenticator, Bytes(15));
    EXPECT_EQ(
        check_message_authenticator(*decode(*brief.finish(secret)), {}, secret),
        MessageAuthenticator::wrong);
}

TEST(RadiusAuthenticator, SecretsLongerThanABlockAreDigested)
{
    const std::string key(80, 'k');
    const SharedSecret secret{SecretText{key}};
    const Bytes data{1, 2, 3};
    EXPECT_EQ(secret.hmac({data}), hmac_md5(as_bytes(key), {data}));
    EXPECT_EQ(SharedSecret{SecretText{"short"}}.hmac({data}), hmac_md5(as_bytes("short"), {data}));
}

TEST(RadiusWriter, RemembersThatSomethingDidNotFit)
{
    const SharedSecret secret{SecretText{"x"}};
    PacketBuffer buffer;
    PacketWriter value{buffer, Code::access_accept, 1, {}};
    value.add(attribute::class_, Bytes(254));
    EXPECT_EQ(value.finish(secret).error(), EncodeError::too_long);

    PacketWriter inner{buffer, Code::access_accept, 1, {}};
    inner.add_vendor(vendor::mikrotik, 1, Bytes(vendor_value_octets_max));
    EXPECT_TRUE(inner.finish(secret));
    inner.add_vendor(vendor::mikrotik, 1, Bytes(vendor_value_octets_max + 1));
    EXPECT_FALSE(inner.finish(secret));

    PacketWriter full{buffer, Code::access_accept, 1, {}};
    for (int i = 0; i < 15; ++i)
        full.add(attribute::class_, Bytes(253));
    EXPECT_EQ(full.octets_left(), 4096U - 20 - 15 * 255);
    EXPECT_TRUE(full.finish(secret));
    full.add(attribute::class_, Bytes(253));
    EXPECT_FALSE(full.finish(secret));
}

TEST(RadiusWriter, CutsTextAtACharacter)
{
    EXPECT_EQ(cut_utf8("thế giới", 4), "th");
    EXPECT_EQ(cut_utf8("thế giới", 5), "thế");
    EXPECT_EQ(cut_utf8("abc", 9), "abc");
    EXPECT_EQ(cut_utf8("\x80\x80", 1), "");
}

RC_GTEST_PROP(
    RadiusProperty, WhatIsWrittenIsRead,
    (const std::vector<std::pair<std::uint8_t, Bytes>>& attributes))
{
    const SharedSecret secret{SecretText{"property"}};
    PacketBuffer buffer;
    PacketWriter writer{buffer, Code::access_accept, 9, {}};
    bool fits = true;
    std::size_t size = header_octets;
    for (const auto& [type, value] : attributes) {
        writer.add(type, value);
        fits = fits && value.size() <= value_octets_max;
        size += value.size() + 2;
    }
    const auto octets = writer.finish(secret);
    RC_ASSERT(octets.has_value() == (fits && size <= packet_octets_max));
    if (!octets) return;
    const auto packet = decode(*octets);
    RC_ASSERT(packet.has_value());
    RC_ASSERT(is_authenticator_right(*packet, {}, secret));
    auto expected = attributes.begin();
    for (const Attribute attribute : packet->attributes()) {
        RC_ASSERT(attribute.type == expected->first);
        RC_ASSERT(Bytes(attribute.value.begin(), attribute.value.end()) == expected->second);
        ++expected;
    }
    RC_ASSERT(expected == attributes.end());
}

} // namespace

} // namespace iwas::radius
