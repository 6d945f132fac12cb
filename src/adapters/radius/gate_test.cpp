#include "adapters/radius/test_support.hpp"
#include "tests/vectors/vector_file.hpp"

namespace iwas::adapters {

namespace {

using namespace testing_support;
namespace attribute = radius::attribute;
using radius::Code;
using radius::PacketWriter;

TEST(Gate, DiscardsWhatTheVectorsSay)
{
    for (const auto& record : tests::read_vectors("radius_negative.txt")) {
        SCOPED_TRACE(record.text("name"));
        RadiusClient client = router_client(record.text("secret"));
        client.requires_message_authenticator =
            record.text("require_message_authenticator") == "true";
        Cafe cafe{client};
        const Bytes packet = record.bytes("packet");
        const bool is_answered = record.text("verdict") == "accept";
        if (record.text("port") == "accounting") {
            const auto outcome = cafe.account(packet);
            EXPECT_EQ(outcome.record.has_value(), is_answered);
            EXPECT_TRUE(outcome.reply.empty());
        } else {
            const auto outcome = cafe.ask(packet);
            EXPECT_EQ(outcome.delay.count() > 0, is_answered); // a Reject: nobody is admitted
        }
    }
}

TEST(Gate, ForgedPacketsDoNotTouchTheCache)
{
    Cafe cafe;
    cafe.directory.admit(admission("alice", "pw"));
    const Bytes request =
        make_request(Code::access_request, cafe.secret, [&](PacketWriter& writer) {
            writer.add_text(attribute::user_name, "alice");
            radius::add_user_password(writer, as_bytes("pw"), cafe.secret);
        });
    Bytes forged = request;
    forged.back() ^= 1;
    EXPECT_TRUE(cafe.ask(forged).reply.empty());
    EXPECT_EQ(cafe.count(RadiusEvent::message_authenticator_wrong), 1U);
    EXPECT_FALSE(cafe.ask(request).reply.empty());
    EXPECT_TRUE(cafe.ask(forged).reply.empty());
    EXPECT_FALSE(cafe.ask(request).reply.empty());
    EXPECT_EQ(cafe.count(RadiusEvent::duplicate_answered), 1U);
}

TEST(Gate, DuplicatesOfTheVectors)
{
    Cafe cafe{router_client(tests::read_vectors("radius_duplicate.txt").front().text("secret"))};
    cafe.directory.admit(admission("alice", "anything"));
    Bytes first_reply;
    for (const auto& record : tests::read_vectors("radius_duplicate.txt")) {
        cafe.now.steady = start_of_time + Milliseconds{record.number("at_ms")};
        RadiusSource source = router_source;
        source.port = static_cast<std::uint16_t>(std::stoi(record.text("source").substr(10)));
        const auto outcome = cafe.ask(record.bytes("packet"), source);
        if (record.text("expect") == "process") {
            ASSERT_GT(outcome.delay.count(), 0);
            const ByteView reply = cafe.access.delayed_reply(outcome.ticket);
            first_reply.assign(reply.begin(), reply.end());
        } else {
            EXPECT_EQ(Bytes(outcome.reply.begin(), outcome.reply.end()), first_reply);
        }
    }
    EXPECT_EQ(cafe.count(RadiusEvent::access_request), 2U);
    EXPECT_EQ(cafe.count(RadiusEvent::duplicate_answered), 2U);
}

TEST(Gate, AnotherPacketWithTheSameIdentifierIsNew)
{
    Cafe cafe;
    const auto request = [&](const std::string& user_name) {
        return make_request(Code::access_request, cafe.secret, [&](PacketWriter& writer) {
            writer.add_text(attribute::user_name, user_name);
        });
    };
    EXPECT_GT(cafe.ask(request("a")).delay.count(), 0);
    EXPECT_GT(cafe.ask(request("b")).delay.count(), 0);
    cafe.now.steady += ReplyCache::life;
    EXPECT_GT(cafe.ask(request("b")).delay.count(), 0); // forgotten after 30 s
    EXPECT_EQ(cafe.count(RadiusEvent::access_request), 3U);
}

TEST(Gate, TheCacheIsBoundedAndForgetsTheOldest)
{
    ReplyCache cache{8}; // one bucket
    std::vector<Bytes> packets;
    std::vector<ReplyCache::Ticket> tickets;
    for (std::uint8_t i = 0; i < 9; ++i) {
        packets.push_back({1, i, 0, 20});
        const auto looked =
            cache.look(router_source, packets.back(), start_of_time + Milliseconds{i});
        ASSERT_EQ(looked.found, ReplyCache::Found::fresh);
        EXPECT_TRUE(cache.keep(looked.ticket, Bytes{i}));
        tickets.push_back(looked.ticket);
    }
    EXPECT_TRUE(cache.answer(tickets[0]).empty());
    EXPECT_EQ(cache.answer(tickets[1])[0], 1);
    EXPECT_EQ(
        cache.look(router_source, packets[1], start_of_time).found, ReplyCache::Found::answered);
    EXPECT_EQ(
        cache.look(router_source, packets[2], start_of_time).found, ReplyCache::Found::in_progress);
    cache.forget(tickets[2]);
    EXPECT_EQ(cache.look(router_source, packets[2], start_of_time).found, ReplyCache::Found::fresh);
    EXPECT_FALSE(cache.keep(tickets[3], Bytes(ReplyCache::reply_octets_max + 1)));
}

TEST(Gate, LimitsTheRateOfEachRouter)
{
    RadiusClient client = router_client();
    client.packets_per_second_max = 10;
    Cafe cafe{client};
    int answered = 0;
    const auto send = [&](int count) {
        for (int i = 0; i < count; ++i) {
            const Bytes request = make_request(
                Code::status_server, cafe.secret, [](PacketWriter&) {}, cafe.next_identifier++);
            answered += cafe.ask(request).reply.empty() ? 0 : 1;
        }
    };
    send(30);
    EXPECT_EQ(answered, 10);
    EXPECT_EQ(cafe.count(RadiusEvent::rate_limited), 20U);
    cafe.now.steady += Milliseconds{500};
    send(30);
    EXPECT_EQ(answered, 15);
}

TEST(Gate, OldAndNewSecretWorkWhileASecretIsChanged)
{
    RadiusClient client = router_client("new secret");
    client.secrets.emplace_back("old secret");
    Cafe cafe{client};
    const radius::SharedSecret old{SecretText{"old secret"}};
    const Bytes request = make_request(Code::status_server, old, [](PacketWriter&) {});
    const auto reply = cafe.ask(request).reply;
    ASSERT_FALSE(reply.empty());
    EXPECT_TRUE(radius::is_authenticator_right(
        radius::decode(reply).value(), radius::decode(request)->authenticator(), old));
}

TEST(Clients, UnknownOnesAreCountedAndListed)
{
    Cafe cafe;
    const Bytes request = make_request(Code::status_server, cafe.secret, [](PacketWriter&) {});
    const RadiusSource stranger{Ipv4Address{0x0A4D0009}, 1};
    EXPECT_TRUE(cafe.ask(request, stranger).reply.empty());
    cafe.now.utc += Seconds{5};
    EXPECT_TRUE(cafe.ask(request, stranger).reply.empty());
    auto unknown = cafe.clients.unknown_clients();
    ASSERT_EQ(unknown.size(), 1U);
    EXPECT_EQ(unknown[0].address, stranger.address);
    EXPECT_EQ(unknown[0].packets, 2U);
    EXPECT_EQ(unknown[0].last_seen - unknown[0].first_seen, Seconds{5});
    for (std::uint32_t i = 0; i < 300; ++i)
        cafe.ask(request, {Ipv4Address{i}, 1});
    EXPECT_EQ(cafe.clients.unknown_clients().size(), 256U);
    EXPECT_EQ(cafe.clients.unknown_packets(), 302U);

    RadiusClient approved = router_client();
    approved.source = Ipv4Prefix::parse("0.0.0.0/0").value();
    cafe.clients.replace({approved});
    EXPECT_TRUE(cafe.clients.unknown_clients().empty());
}

TEST(Clients, TheMostSpecificPrefixWinsAndCountersOutliveAReplacement)
{
    ClientRegistry registry;
    RadiusClient wide = router_client();
    wide.router = domain::RouterId::trusted("wide");
    wide.source = Ipv4Prefix::parse("10.0.0.0/8").value();
    registry.replace({wide, router_client()});
    const auto name_of = [&](std::uint32_t address) {
        const auto table = registry.table();
        const auto found = table->find(Ipv4Address{address});
        return found.empty() ? std::string{} : found.front().settings.router.text();
    };
    EXPECT_EQ(name_of(0x0A4D0002), "q7-router");
    EXPECT_EQ(name_of(0x0A4D0003), "wide");
    EXPECT_EQ(name_of(0x0B000001), "");
    registry.table()->find(Ipv4Address{0x0A4D0002}).front().count(RadiusEvent::access_accept);
    registry.replace({router_client()});
    EXPECT_EQ(name_of(0x0A4D0003), "");
    ASSERT_EQ(registry.counts().size(), 1U);
    EXPECT_EQ(
        registry.counts()[0].counts[static_cast<std::size_t>(RadiusEvent::access_accept)], 1U);
}

/// Two branches behind one address translation.
struct SharedAddress : Cafe {
    SharedAddress()
    {
        RadiusClient first = router_client();
        first.router = domain::RouterId::trusted("first");
        first.nas_identifier = "cafe-1";
        RadiusClient second = first;
        second.router = domain::RouterId::trusted("second");
        second.location = domain::LocationId::trusted("q1");
        second.nas_identifier = "cafe-2";
        clients.replace({second, first});
    }
    Code log_in_at(const std::string& nas_identifier)
    {
        return code_of(reply_to(request_of(nas_identifier)));
    }
    Bytes request_of(const std::string& nas_identifier)
    {
        return make_request(
            Code::access_request, secret,
            [&](PacketWriter& writer) {
                writer.add_text(attribute::user_name, "alice");
                radius::add_user_password(writer, as_bytes("pw"), secret);
                writer.add_text(attribute::nas_identifier, nas_identifier);
            },
            next_identifier++);
    }
};

TEST(Clients, BehindOneAddressAreToldApartByNasIdentifier)
{
    SharedAddress cafe;
    cafe.directory.admit(admission("alice", "pw")); // at q7, where the first router stands
    EXPECT_EQ(cafe.log_in_at("cafe-1"), Code::access_accept);
    EXPECT_EQ(cafe.log_in_at("cafe-2"), Code::access_reject);
    const auto outcome = cafe.account(make_request(
        Code::accounting_request, cafe.secret,
        [](PacketWriter& writer) {
            writer.add_integer(attribute::acct_status_type, radius::status_type::accounting_on);
            writer.add_text(attribute::nas_identifier, "cafe-1");
        },
        1, false));
    ASSERT_TRUE(outcome.record);
    EXPECT_EQ(outcome.record->router.text(), "first");
    EXPECT_EQ(outcome.record->location, q7);

    for (const std::string name : {"", "cafe-3", "CAFE-1"})
        EXPECT_TRUE(cafe.ask(cafe.request_of(name)).reply.empty()) << name;
    EXPECT_EQ(cafe.count(RadiusEvent::nas_identifier_unknown), 3U);
    EXPECT_FALSE(cafe.ask(make_request(Code::status_server, cafe.secret, [](PacketWriter&) {}))
                     .reply.empty());
}

TEST(Clients, TakeEverySettingFromTheCatalog)
{
    domain::Catalog catalog;
    domain::Location location;
    location.id = q7;
    location.language = "en";
    catalog.locations[q7] = location;
    domain::Router router;
    router.id = domain::RouterId::trusted("r1");
    router.location = q7;
    router.kind = domain::RouterKind::generic;
    router.nas_identifier = "cafe-1";
    router.radius_source = Ipv4Prefix::parse("10.0.0.0/24").value();
    router.radius_secret = SecretText{"a radius secret"};
    router.mac_password = SecretText{"constant"};
    router.signs_accounting_replies = true;
    router.swaps_octets = true;
    catalog.routers[router.id] = router;
    router.id = domain::RouterId::trusted("r2");
    router.radius_secret = {};
    catalog.routers[router.id] = router;

    const auto clients = radius_clients_of(catalog);
    ASSERT_EQ(clients.size(), 1U); // the other has no secret
    const RadiusClient& client = clients.front();
    EXPECT_EQ(client.kind, domain::RouterKind::generic);
    EXPECT_EQ(client.nas_identifier, "cafe-1");
    EXPECT_EQ(client.mac_password.reveal(), "constant");
    EXPECT_EQ(client.language, "en");
    EXPECT_TRUE(client.signs_accounting_replies);
    EXPECT_TRUE(client.swaps_octets);
}

TEST(Clients, MayShareASourceOnlyWithNamesOfTheirOwnAndOneSecret)
{
    const domain::Router one{.nas_identifier = "a", .radius_secret = SecretText{"same-secret"}};
    domain::Router other = one;
    EXPECT_FALSE(domain::may_share_radius_source(one, other));
    other.nas_identifier = "b";
    EXPECT_TRUE(domain::may_share_radius_source(one, other));
    other.requires_message_authenticator = false; // the name must not choose the weaker rule
    EXPECT_FALSE(domain::may_share_radius_source(one, other));
    other = one;
    other.nas_identifier = "b";
    other.radius_secret = SecretText{"another-secret"};
    EXPECT_FALSE(domain::may_share_radius_source(one, other));
    other = one;
    other.nas_identifier = "";
    EXPECT_FALSE(domain::may_share_radius_source(one, other));
}

} // namespace

} // namespace iwas::adapters
