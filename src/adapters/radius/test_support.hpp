// What the tests of this folder share: a café with one router, and packets as a router sends them.
#pragma once

#include "adapters/radius/service.hpp"
#include "protocol/radius/password.hpp"

#include <gtest/gtest.h>

namespace iwas::adapters::testing_support {

inline const UtcTime noon = from_unix_ms(1'790'000'000'000);
inline const SteadyTime start_of_time{std::chrono::hours{1}};
inline const RadiusSource router_source{Ipv4Address{0x0A4D0002}, 40001};
inline const domain::LocationId q7 = domain::LocationId::trusted("q7");

inline MacAddress phone()
{
    return MacAddress::parse("AA:BB:CC:00:00:01").value();
}

inline RadiusClient router_client(const std::string& secret = "IWAS-branch-07-shared-secret-0001")
{
    RadiusClient client;
    client.router = domain::RouterId::trusted("q7-router");
    client.location = q7;
    client.source = Ipv4Prefix::parse("10.77.0.2/32").value();
    client.secrets = {SecretText{secret}};
    client.language = "en";
    client.packets_per_second_max = 0;
    return client;
}

inline ports::Admission admission(const std::string& user_name, const std::string& password)
{
    ports::Admission one;
    one.session = domain::SessionId{Ulid{1, 2}};
    one.location = q7;
    one.user_name = user_name;
    one.password = SecretText{password};
    one.devices = {phone()};
    one.ends_at = noon + std::chrono::hours{1};
    one.rate = {.up_bps = 2'000'000, .down_bps = 10'000'000, .burst_down_bps = 12'000'000};
    return one;
}

/// Builds one request; `add` puts in what the test is about.
template <class Add>
Bytes make_request(
    radius::Code code, const radius::SharedSecret& secret, Add add, std::uint8_t identifier = 1,
    bool with_message_authenticator = true)
{
    radius::PacketBuffer buffer;
    radius::Authenticator base{};
    if (radius::has_random_authenticator(code)) base = {9, 8, 7, identifier};
    radius::PacketWriter writer{buffer, code, identifier, base};
    if (with_message_authenticator) writer.add_message_authenticator();
    add(writer);
    const auto octets = writer.finish(secret).value();
    return {octets.begin(), octets.end()};
}

/// A café's server without sockets, whose clock the test moves.
struct Cafe {
    explicit Cafe(
        RadiusClient client = router_client(), RadiusLimits limits = {.cache_entries = 64})
        : secret{client.secrets.front()}, access{clients, directory, limits},
          accounting{clients, limits}
    {
        clients.replace({std::move(client)});
    }

    AccessService::Outcome ask(ByteView datagram, RadiusSource source = router_source)
    {
        table = clients.table();
        return access.handle(datagram, source, *table, now, buffer);
    }
    AccountingService::Outcome account(ByteView datagram, RadiusSource source = router_source)
    {
        table = clients.table();
        return accounting.handle(datagram, source, *table, now, buffer);
    }
    /// Sends PAP and returns the reply, delays skipped.
    Bytes log_in(const std::string& user_name, const std::string& password)
    {
        return reply_to(make_request(
            radius::Code::access_request, secret,
            [&](radius::PacketWriter& writer) {
                writer.add_text(radius::attribute::user_name, user_name);
                radius::add_user_password(writer, as_bytes(password), secret);
            },
            next_identifier++));
    }
    Bytes reply_to(const Bytes& request)
    {
        const auto outcome = ask(request);
        const ByteView reply =
            outcome.delay.count() > 0 ? access.delayed_reply(outcome.ticket) : outcome.reply;
        check_signatures(request, reply);
        return {reply.begin(), reply.end()};
    }
    void check_signatures(const Bytes& request, ByteView reply) const
    {
        const auto packet = radius::decode(reply);
        ASSERT_TRUE(packet);
        const auto base = radius::decode(request)->authenticator();
        EXPECT_TRUE(radius::is_authenticator_right(*packet, base, secret));
        EXPECT_EQ(
            radius::check_message_authenticator(*packet, base, secret),
            radius::MessageAuthenticator::right);
        EXPECT_EQ((*packet->attributes().begin()).type, radius::attribute::message_authenticator);
    }
    [[nodiscard]] std::uint64_t count(RadiusEvent event) const
    {
        return clients.table()->clients().front().state->counters.of(event);
    }

    ClientRegistry clients;
    Directory directory;
    radius::SharedSecret secret;
    AccessService access;
    AccountingService accounting;
    Moment now{noon, start_of_time};
    std::shared_ptr<const ClientTable> table;
    radius::PacketBuffer buffer;
    std::uint8_t next_identifier = 10;
};

inline radius::Code code_of(const Bytes& packet)
{
    return radius::decode(packet).value().code();
}
inline std::string text_in(const Bytes& packet, std::uint8_t type)
{
    const auto view = radius::decode(packet).value();
    const auto value = view.find(type);
    return value ? std::string{as_text(*value)} : std::string{};
}

} // namespace iwas::adapters::testing_support
