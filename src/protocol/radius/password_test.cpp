// The deprecated RC4 is used to replay the session key vector only.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "protocol/radius/ms_chap.hpp"
#include "protocol/radius/password.hpp"
#include "protocol/radius/service.hpp"
#include "tests/vectors/vector_file.hpp"

#include <gtest/gtest.h>
#include <openssl/rc4.h>

namespace iwas::radius {

namespace {

TEST(RadiusVectors, UserPasswordsAreHiddenAndRevealed)
{
    for (const auto& record : tests::read_vectors("radius_user_password.txt")) {
        const SharedSecret secret{SecretText{record.text("secret")}};
        const auto request = record.array<16>("request_authenticator");
        PacketBuffer buffer;
        PacketWriter writer{buffer, Code::access_request, 1, request};
        add_user_password(writer, as_bytes(record.text("password")), secret);
        const auto packet = decode(*writer.finish(secret));
        EXPECT_EQ(to_hex(*packet->find(attribute::user_password)), record.text("hidden"));
        const auto clear = reveal_password(record.bytes("hidden"), request, secret);
        ASSERT_TRUE(clear);
        EXPECT_EQ(as_text(clear->view()), record.text("password"));
    }
}

TEST(RadiusPassword, KeepsInnerNulsAndRefusesBadSizes)
{
    const SharedSecret secret{SecretText{"s"}};
    const std::string with_nul("a\0b", 3);
    for (const std::string& password : {std::string{}, with_nul, std::string(128, 'x')}) {
        PacketBuffer buffer;
        PacketWriter writer{buffer, Code::access_request, 1, Authenticator{3}};
        add_user_password(writer, as_bytes(password), secret);
        const auto packet = decode(*writer.finish(secret));
        const auto clear = reveal_password(
            *packet->find(attribute::user_password), packet->authenticator(), secret);
        EXPECT_EQ(as_text(clear->view()), password);
    }
    PacketBuffer buffer;
    PacketWriter writer{buffer, Code::access_request, 1, {}};
    add_user_password(writer, Bytes(129), secret);
    EXPECT_FALSE(writer.finish(secret));
    EXPECT_FALSE(reveal_password({}, {}, secret));
    EXPECT_FALSE(reveal_password(Bytes(17), {}, secret));
    EXPECT_FALSE(reveal_password(Bytes(144), {}, secret));
}

TEST(RadiusPassword, ChapTakesChallengesOfAnySize)
{
    for (const unsigned size : {0U, 1U, 16U, 21U, 23U, 128U}) {
        const Bytes challenge(size, 0x5A);
        auto proof = chap_password(7, challenge, as_bytes("pw"));
        EXPECT_TRUE(is_chap_right(proof, challenge, as_bytes("pw")));
        EXPECT_FALSE(is_chap_right(proof, challenge, as_bytes("pw2")));
        proof[0] = 8;
        EXPECT_FALSE(is_chap_right(proof, challenge, as_bytes("pw")));
    }
    EXPECT_FALSE(is_chap_right(Bytes(16), {}, {}));
    EXPECT_FALSE(is_chap_right({}, {}, {}));
}

TEST(RadiusVectors, SaltedValuesOpenAndSeal)
{
    for (const auto& record : tests::read_vectors("radius_salted.txt")) {
        const SharedSecret secret{SecretText{record.text("secret")}};
        const auto request = record.array<16>("request_authenticator");
        const Bytes salt = record.bytes("salt");
        const auto sealed =
            seal_with_salt(record.bytes("plaintext"), load_be16(salt, 0), request, secret);
        ASSERT_TRUE(sealed);
        EXPECT_EQ(to_hex(sealed->view()), record.text("value"));
        EXPECT_EQ(
            open_with_salt(record.bytes("value"), request, secret), record.bytes("plaintext"));
    }
    const SharedSecret secret{SecretText{"s"}};
    EXPECT_FALSE(open_with_salt(Bytes(17), {}, secret));
    EXPECT_FALSE(open_with_salt(Bytes(19), {}, secret));
    EXPECT_TRUE(seal_with_salt(Bytes(239), 0, {}, secret));
    EXPECT_FALSE(seal_with_salt(Bytes(240), 0, {}, secret));
    EXPECT_EQ(open_with_salt(seal_with_salt({}, 0, {}, secret)->view(), {}, secret), Bytes{});
}

TEST(RadiusVectors, MsChap2WithEveryIntermediateValue)
{
    for (const auto& record : tests::read_vectors("radius_ms_chap2.txt")) {
        SCOPED_TRACE(record.text("user_name"));
        const auto hash = nt_hash(record.text("password"));
        ASSERT_TRUE(hash);
        EXPECT_EQ(to_hex(*hash), record.text("nt_hash"));
        EXPECT_EQ(to_hex(md4(*hash)), record.text("nt_hash_hash"));
        const auto challenge = record.bytes("authenticator_challenge");
        const auto challenge_hash = ms_chap2_challenge_hash(
            record.bytes("peer_challenge"), challenge, record.text("user_name"));
        EXPECT_EQ(to_hex(challenge_hash), record.text("challenge_hash"));
        EXPECT_EQ(to_hex(ms_chap2_nt_response(*hash, challenge_hash)), record.text("nt_response"));

        const Bytes value = record.bytes("ms_chap2_response_value");
        const auto response = read_ms_chap2_response(value);
        ASSERT_TRUE(response);
        const auto proof = prove_ms_chap2(*hash, challenge, *response, record.text("user_name"));
        ASSERT_TRUE(proof);
        EXPECT_EQ(proof->authenticator_response, record.text("authenticator_response"));
        EXPECT_EQ(to_hex(proof->send_key), record.text("server_send_start_key_128"));
        EXPECT_EQ(to_hex(proof->recv_key), record.text("server_recv_start_key_128"));
        EXPECT_FALSE(
            prove_ms_chap2(*nt_hash("other"), challenge, *response, record.text("user_name")));
        EXPECT_FALSE(prove_ms_chap2(*hash, Bytes(8), *response, record.text("user_name")));

        const SharedSecret secret{SecretText{"key secret"}};
        PacketBuffer buffer;
        PacketWriter writer{buffer, Code::access_accept, 1, Authenticator{1}};
        add_ms_chap2_success(writer, response->identifier, *proof, 0x1234, secret);
        const auto packet = decode(*writer.finish(secret));
        EXPECT_EQ(
            to_hex(*packet->find_vendor(vendor::microsoft, microsoft::chap2_success)),
            record.text("ms_chap2_success_value"));
        const auto sent = packet->find_vendor(vendor::microsoft, microsoft::mppe_send_key);
        const auto opened = open_with_salt(*sent, Authenticator{1}, secret);
        EXPECT_EQ(to_hex(*opened), record.text("server_send_start_key_128"));
    }
    EXPECT_FALSE(read_ms_chap2_response(Bytes(49)));
    EXPECT_FALSE(nt_hash("\xFF"));
    // Beyond the basic plane: a surrogate pair, as MD4 of 3d d8 00 de.
    EXPECT_EQ(to_hex(*nt_hash("😀")), to_hex(md4(*from_hex("3dd800de"))));
}

TEST(RadiusVectors, MppeSessionKey)
{
    for (const auto& record : tests::read_vectors("radius_mppe_session.txt")) {
        // The 64-bit start key begins the send key of the first MS-CHAPv2 vector (RFC 3079 §3.5).
        const auto keys = tests::read_vectors("radius_ms_chap2.txt").front();
        EXPECT_TRUE(keys.text("server_send_start_key_128").starts_with(record.text("start")));
        const Bytes start = record.bytes("start");
        const Bytes zeros(40);
        const Bytes filler(40, 0xF2);
        const Sha1Digest digest = sha1({start, zeros, start, filler});
        std::array<std::uint8_t, 8> session;
        std::copy_n(digest.begin(), session.size(), session.begin());
        session[0] = 0xD1; // 40 bits: the first three octets are known
        session[1] = 0x26;
        session[2] = 0x9E;
        EXPECT_EQ(to_hex(session), record.text("session"));
        RC4_KEY key;
        RC4_set_key(&key, session.size(), session.data());
        Bytes message(12);
        RC4(&key, message.size(), as_bytes("test message").data(), message.data());
        EXPECT_EQ(to_hex(message), record.text("rc4_test_message"));
    }
}

TEST(RadiusService, AttributesAreExact)
{
    const auto vectors = tests::read_vectors("radius_attributes.txt");
    ASSERT_EQ(vectors.size(), 6U);
    const SharedSecret secret{SecretText{"x"}};
    const auto encoded = [&](auto add) {
        PacketBuffer buffer;
        PacketWriter writer{buffer, Code::access_accept, 1, {}};
        add(writer);
        const auto packet = writer.finish(secret);
        return to_hex(packet->subspan(header_octets));
    };
    EXPECT_EQ(
        encoded([](PacketWriter& w) {
            w.add_vendor_text(vendor::mikrotik, mikrotik::rate_limit, "2M/10M");
        }),
        vectors[0].text("hex"));
    EXPECT_EQ(
        encoded([](PacketWriter& w) { add_mikrotik_total_limit(w, 3ULL << 30); }),
        vectors[1].text("hex"));
    EXPECT_EQ(
        encoded([](PacketWriter& w) { add_vlan(w, 20); }),
        vectors[2].text("hex") + vectors[3].text("hex") + vectors[4].text("hex"));
    EXPECT_EQ(
        encoded([](PacketWriter& w) { w.add_integer(attribute::session_timeout, 3600); }),
        vectors[5].text("hex"));
    // 4.5 GiB needs Gigawords; bandwidths beyond 32 bits are cut to the largest.
    EXPECT_EQ(
        encoded([](PacketWriter& w) { add_mikrotik_total_limit(w, (1ULL << 32) + 5); }),
        "1a0c00003a8c1106000000051a0c00003a8c120600000001");
    EXPECT_EQ(
        encoded([](PacketWriter& w) { add_wispr_bandwidth(w, 1000, 1ULL << 33); }),
        "1a0c0000372a0706000003e81a0c0000372a0806ffffffff");
}

TEST(RadiusService, TagsOfTextsAreTakenOnlyUpToX1F)
{
    EXPECT_EQ(read_tagged_text(*from_hex("3230")).text, "20");
    EXPECT_EQ(read_tagged_text(*from_hex("003230")).text, "20");
    EXPECT_EQ(read_tagged_text(*from_hex("1f3230")).tag, 0x1F);
    EXPECT_EQ(read_tagged_text({}).text, "");
    EXPECT_EQ(read_tagged_integer(*from_hex("0100000d"))->tag, 1);
    EXPECT_EQ(read_tagged_integer(*from_hex("0100000d"))->value, 13U);
    EXPECT_FALSE(read_tagged_integer(*from_hex("00000d")));
    EXPECT_EQ(join_gigawords(1, 705032704), 5'000'000'000U);
}

} // namespace

} // namespace iwas::radius
