#include "adapters/radius/test_support.hpp"
#include "protocol/radius/service.hpp"
#include "tests/vectors/vector_file.hpp"

#include <gmock/gmock.h>

namespace iwas::adapters {

namespace {

using namespace testing_support;
namespace attribute = radius::attribute;
using radius::Code;
using radius::PacketWriter;

TEST(Access, AcceptCarriesWhatTheSessionMayHave)
{
    Cafe cafe;
    ports::Admission one = admission("alice", "s3cret");
    one.octets_left = (1ULL << 32) + 7;
    one.device_limit = 3;
    one.interim_interval = Seconds{20};
    one.vlan = 20;
    cafe.directory.admit(one);
    const Bytes reply = cafe.log_in("alice", "s3cret");
    const auto accept = radius::decode(reply).value();
    ASSERT_EQ(accept.code(), Code::access_accept);
    EXPECT_EQ(accept.find_integer(attribute::session_timeout), 3600U);
    EXPECT_EQ(accept.find_integer(attribute::acct_interim_interval), 60U); // below is ignored
    EXPECT_EQ(accept.find_integer(attribute::port_limit), 3U);
    EXPECT_EQ(text_in(reply, attribute::class_), to_string(one.session));
    EXPECT_EQ(text_in(reply, attribute::reply_message), "60 minutes left");
    const auto mikrotik = [&](std::uint8_t type) {
        return accept.find_vendor(radius::vendor::mikrotik, type);
    };
    EXPECT_EQ(as_text(*mikrotik(radius::mikrotik::rate_limit)), "2M/10M 2M/12M 2M/10M 8/8");
    EXPECT_EQ(radius::as_integer(*mikrotik(radius::mikrotik::total_limit)), 7U);
    EXPECT_EQ(radius::as_integer(*mikrotik(radius::mikrotik::total_limit_gigawords)), 1U);
    EXPECT_EQ(
        accept.find_vendor_integer(radius::vendor::wispr, radius::wispr::bandwidth_max_down),
        10'000'000U);
    EXPECT_EQ(
        radius::read_tagged_text(*accept.find(attribute::tunnel_private_group_id)).text, "20");
    EXPECT_FALSE(accept.find(attribute::user_name)); // no proxy in front
}

TEST(Access, OtherRoutersGetTheirOwnAttributes)
{
    RadiusClient client = router_client();
    client.kind = domain::RouterKind::uam;
    client.language = "vi";
    Cafe cafe{client};
    ports::Admission one = admission("alice", "pw");
    one.octets_left = 5'000'000'000;
    cafe.directory.admit(one);
    const Bytes reply = cafe.log_in("alice", "pw");
    const auto accept = radius::decode(reply).value();
    EXPECT_FALSE(accept.find_vendor(radius::vendor::mikrotik, radius::mikrotik::rate_limit));
    EXPECT_EQ(accept.find_vendor_integer(radius::vendor::chillispot, 3), 705032704U);
    EXPECT_EQ(accept.find_vendor_integer(radius::vendor::chillispot, 23), 1U);
    EXPECT_EQ(text_in(reply, attribute::reply_message), "Còn 60 phút");
}

TEST(Access, RefusesWithoutSayingWhichPartWasWrong)
{
    Cafe cafe;
    cafe.directory.admit(admission("alice", "right"));
    const Bytes wrong = cafe.log_in("alice", "wrong");
    const Bytes nobody = cafe.log_in("nobody", "right");
    EXPECT_EQ(code_of(wrong), Code::access_reject);
    EXPECT_EQ(code_of(nobody), Code::access_reject);
    EXPECT_EQ(text_in(wrong, attribute::reply_message), text_in(nobody, attribute::reply_message));
    EXPECT_FALSE(radius::decode(wrong)->find(attribute::class_));
    EXPECT_EQ(cafe.count(RadiusEvent::access_reject), 2U);
}

TEST(Access, NeverGrantsASessionWithoutTimeOrData)
{
    Cafe cafe;
    ports::Admission one = admission("alice", "pw");
    one.ends_at = noon; // a Session-Timeout of 0 would mean "no limit"
    cafe.directory.admit(one);
    EXPECT_EQ(
        text_in(cafe.log_in("alice", "pw"), attribute::reply_message), "Your time is used up.");
    one.ends_at = std::nullopt; // the clock starts at first connection
    one.remaining = Seconds{1800};
    cafe.directory.admit(one);
    const Bytes accept = cafe.log_in("alice", "pw");
    EXPECT_EQ(radius::decode(accept)->find_integer(attribute::session_timeout), 1800U);
    one.octets_left = 0;
    cafe.directory.admit(one);
    EXPECT_EQ(
        text_in(cafe.log_in("alice", "pw"), attribute::reply_message), "Your data is used up.");
}

TEST(Access, TheRoutersOwnTimeoutIsNeverBeforeTheEnd)
{
    Cafe cafe;
    ports::Admission one = admission("alice", "pw");
    one.ends_at = noon + Milliseconds{1100};
    cafe.directory.admit(one);
    const Bytes accept = cafe.log_in("alice", "pw");
    EXPECT_EQ(radius::decode(accept)->find_integer(attribute::session_timeout), 2U);
}

TEST(Access, OnlyTheDevicesOfTheSession)
{
    Cafe cafe;
    cafe.directory.admit(admission("alice", "pw"));
    const auto from = [&](const std::string& station) {
        return cafe.reply_to(make_request(
            Code::access_request, cafe.secret,
            [&](PacketWriter& writer) {
                writer.add_text(attribute::user_name, "alice");
                radius::add_user_password(writer, as_bytes("pw"), cafe.secret);
                writer.add_text(attribute::calling_station_id, station);
            },
            cafe.next_identifier++));
    };
    EXPECT_EQ(code_of(from("aa-bb-cc-00-00-01")), Code::access_accept);
    EXPECT_EQ(code_of(from("AA:BB:CC:00:00:02")), Code::access_reject);
    // Access servers that send no address, or an IP address with a port (strongSwan).
    EXPECT_EQ(code_of(from("")), Code::access_accept);
    EXPECT_EQ(code_of(from("10.0.0.9[4500]")), Code::access_accept);
}

TEST(Access, ChapWithAnyChallengeOrNone)
{
    Cafe cafe;
    cafe.directory.admit(admission("alice", "pw"));
    for (const std::size_t size : {std::size_t{0}, std::size_t{16}, std::size_t{23}}) {
        const Bytes challenge(size, 0x11);
        const radius::Authenticator random{9, 8, 7, cafe.next_identifier};
        const auto proof = radius::chap_password(
            0xF9, size == 0 ? ByteView{random} : ByteView{challenge}, as_bytes("pw"));
        const Bytes reply = cafe.reply_to(make_request(
            Code::access_request, cafe.secret,
            [&](PacketWriter& writer) {
                writer.add_text(attribute::user_name, "alice");
                writer.add(attribute::chap_password, proof);
                if (size != 0) writer.add(attribute::chap_challenge, challenge);
            },
            cafe.next_identifier++));
        EXPECT_EQ(code_of(reply), Code::access_accept) << size;
    }
}

TEST(Access, RefusesTwoMethodsAtOnceAndNone)
{
    Cafe cafe;
    cafe.directory.admit(admission("alice", "pw"));
    const Bytes both =
        cafe.reply_to(make_request(Code::access_request, cafe.secret, [&](PacketWriter& writer) {
            writer.add_text(attribute::user_name, "alice");
            radius::add_user_password(writer, as_bytes("pw"), cafe.secret);
            writer.add(
                attribute::chap_password, radius::chap_password(1, writer.base(), as_bytes("pw")));
        }));
    EXPECT_EQ(code_of(both), Code::access_reject);
    const Bytes none = cafe.reply_to(make_request(
        Code::access_request, cafe.secret,
        [&](PacketWriter& writer) { writer.add_text(attribute::user_name, "alice"); }, 2));
    EXPECT_EQ(code_of(none), Code::access_reject);
    const Bytes nameless =
        cafe.reply_to(make_request(Code::access_request, cafe.secret, [](PacketWriter&) {}, 3));
    EXPECT_EQ(code_of(nameless), Code::access_reject);
}

TEST(Access, MsChap2OfTheVectors)
{
    for (const auto& record : tests::read_vectors("radius_ms_chap2.txt")) {
        Cafe cafe;
        cafe.directory.admit(admission(record.text("user_name"), record.text("password")));
        const auto ask = [&](const Bytes& response) {
            return cafe.reply_to(make_request(
                Code::access_request, cafe.secret,
                [&](PacketWriter& writer) {
                    writer.add_text(attribute::user_name, record.text("user_name"));
                    writer.add_vendor(
                        radius::vendor::microsoft, radius::microsoft::chap_challenge,
                        record.bytes("ms_chap_challenge_value"));
                    writer.add_vendor(
                        radius::vendor::microsoft, radius::microsoft::chap2_response, response);
                },
                cafe.next_identifier++));
        };
        Bytes response = record.bytes("ms_chap2_response_value");
        const Bytes accept = ask(response);
        ASSERT_EQ(code_of(accept), Code::access_accept);
        const auto packet = radius::decode(accept).value();
        EXPECT_EQ(
            to_hex(
                *packet.find_vendor(radius::vendor::microsoft, radius::microsoft::chap2_success)),
            record.text("ms_chap2_success_value"));
        radius::Authenticator request{9, 8, 7, static_cast<std::uint8_t>(cafe.next_identifier - 1)};
        const auto key = radius::open_with_salt(
            *packet.find_vendor(radius::vendor::microsoft, radius::microsoft::mppe_recv_key),
            request, cafe.secret);
        EXPECT_EQ(to_hex(*key), record.text("server_recv_start_key_128"));

        response.back() ^= 1;
        const Bytes reject = ask(response);
        EXPECT_EQ(code_of(reject), Code::access_reject);
        const auto error = radius::decode(reject)->find_vendor(
            radius::vendor::microsoft, radius::microsoft::chap_error);
        ASSERT_TRUE(error);
        EXPECT_THAT(std::string{as_text(*error)}, testing::HasSubstr("E=691 R=0 C="));
    }
}

TEST(Access, MacAuthenticationInEveryForm)
{
    RadiusClient client = router_client();
    client.mac_password = SecretText{"constant"};
    Cafe cafe{client};
    cafe.directory.admit(admission("generated", "pw"));
    const auto ask = [&](const std::string& name, const std::string& password, bool is_chap) {
        const Bytes request = make_request(
            Code::access_request, cafe.secret,
            [&](PacketWriter& writer) {
                writer.add_text(attribute::user_name, name);
                if (is_chap) {
                    writer.add(
                        attribute::chap_password,
                        radius::chap_password(3, writer.base(), as_bytes(password)));
                } else {
                    radius::add_user_password(writer, as_bytes(password), cafe.secret);
                }
                writer.add_text(attribute::calling_station_id, "AA:BB:CC:00:00:01");
            },
            cafe.next_identifier++);
        const auto outcome = cafe.ask(request);
        EXPECT_EQ(outcome.delay.count(), 0); // an unknown device must meet the portal at once
        return radius::decode(outcome.reply).value().code();
    };
    for (const bool is_chap : {false, true}) {
        for (const std::string name :
             {"AA:BB:CC:00:00:01", "aa-bb-cc-00-00-01", "AABB:CC00:0001", "AABBCC000001",
              "AA BB CC 00 00 01"}) {
            EXPECT_EQ(ask(name, "", is_chap), Code::access_accept);
            EXPECT_EQ(ask(name, name, is_chap), Code::access_accept);
            EXPECT_EQ(ask(name, "constant", is_chap), Code::access_accept);
            EXPECT_EQ(ask(name, "guess", is_chap), Code::access_reject);
        }
        EXPECT_EQ(ask("AA:BB:CC:00:00:02", "", is_chap), Code::access_reject); // not its own
    }
    cafe.directory.revoke(admission("generated", "pw").session);
    EXPECT_EQ(ask("AA:BB:CC:00:00:01", "", false), Code::access_reject);
}

TEST(Access, AMacAddressTypedAsANameIsNoDevice)
{
    Cafe cafe;
    cafe.directory.admit(admission("generated", "pw"));
    const auto ask = [&](const std::string& station) {
        const Bytes request = make_request(
            Code::access_request, cafe.secret,
            [&](PacketWriter& writer) {
                writer.add_text(attribute::user_name, to_string(phone()));
                radius::add_user_password(writer, as_bytes(""), cafe.secret);
                writer.add_text(attribute::calling_station_id, station);
            },
            cafe.next_identifier++);
        return code_of(cafe.reply_to(request));
    };
    EXPECT_EQ(ask(to_string(phone())), Code::access_accept);
    EXPECT_EQ(ask(""), Code::access_reject); // no Calling-Station-Id
    EXPECT_EQ(ask("10.0.0.9[4500]"), Code::access_reject);
}

TEST(Access, BehindAProxyTheInnerNameIsReturned)
{
    Cafe cafe;
    cafe.directory.admit(admission("inner", "pw"));
    const Bytes reply =
        cafe.reply_to(make_request(Code::access_request, cafe.secret, [&](PacketWriter& writer) {
            writer.add_text(attribute::user_name, "inner");
            radius::add_user_password(writer, as_bytes("pw"), cafe.secret);
            writer.add_text(attribute::proxy_state, "first");
            writer.add_text(attribute::proxy_state, "second");
        }));
    EXPECT_EQ(text_in(reply, attribute::user_name), "inner");
    std::vector<std::string> states;
    for (const auto each : radius::decode(reply)->attributes())
        if (each.type == attribute::proxy_state) states.emplace_back(as_text(each.value));
    EXPECT_EQ(states, (std::vector<std::string>{"first", "second"}));
}

TEST(Access, TheHotspotRequestOfTheVectorsIsAccepted)
{
    const auto record = tests::read_vectors("radius_hotspot_access.txt").front();
    Cafe cafe{router_client(record.text("secret"))};
    ports::Admission one = admission(record.text("user"), record.text("password"));
    one.devices = {MacAddress::parse("BC:24:11:EB:56:4D").value()};
    cafe.directory.admit(one);
    EXPECT_EQ(code_of(cafe.reply_to(record.bytes("request"))), Code::access_accept);
}

TEST(Access, StatusServerIsAnsweredOnBothPorts)
{
    Cafe cafe;
    const Bytes request = make_request(Code::status_server, cafe.secret, [](PacketWriter&) {});
    EXPECT_EQ(code_of(cafe.reply_to(request)), Code::access_accept);
    const auto outcome = cafe.account(request);
    EXPECT_EQ(radius::decode(outcome.reply)->code(), Code::accounting_response);
    cafe.check_signatures(request, outcome.reply);
    const Bytes bare =
        make_request(Code::status_server, cafe.secret, [](PacketWriter&) {}, 2, false);
    EXPECT_TRUE(cafe.ask(bare).reply.empty());
    EXPECT_EQ(cafe.count(RadiusEvent::message_authenticator_missing), 1U);
}

TEST(Access, RejectsAreDelayedAndRepetitionsWaitToo)
{
    Cafe cafe;
    const Bytes request =
        make_request(Code::access_request, cafe.secret, [&](PacketWriter& writer) {
            writer.add_text(attribute::user_name, "nobody");
            radius::add_user_password(writer, as_bytes("pw"), cafe.secret);
        });
    const auto outcome = cafe.ask(request);
    EXPECT_TRUE(outcome.reply.empty());
    EXPECT_GE(outcome.delay, Milliseconds{1000});
    EXPECT_LE(outcome.delay, Milliseconds{1250});
    EXPECT_TRUE(cafe.ask(request).reply.empty());
    EXPECT_EQ(cafe.count(RadiusEvent::duplicate_in_progress), 1U);
    const ByteView reply = cafe.access.delayed_reply(outcome.ticket);
    const Bytes first(reply.begin(), reply.end());
    EXPECT_EQ(code_of(first), Code::access_reject);
    const ByteView again = cafe.ask(request).reply;
    EXPECT_EQ(Bytes(again.begin(), again.end()), first);
    EXPECT_EQ(cafe.count(RadiusEvent::access_request), 1U);
}

} // namespace

} // namespace iwas::adapters
