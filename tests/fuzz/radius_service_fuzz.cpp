// Any datagram at both RADIUS services: as it came, and with its attributes signed by a known
// router, so that the checks do not keep the fuzzer out.
#include "adapters/radius/service.hpp"
#include "core/assert.hpp"

#include <spdlog/spdlog.h>

using namespace iwas;
using namespace iwas::adapters;

namespace {

const MacAddress phone = MacAddress::parse("AA:BB:CC:00:00:01").value();
const auto location = domain::LocationId::trusted("q7");
constexpr RadiusSource from{Ipv4Address{0x0A4D0002}, 40001};
constexpr RadiusSource stranger{Ipv4Address{0x0B000001}, 1};

RadiusClient client_named(const char* name)
{
    RadiusClient client;
    client.router = domain::RouterId::trusted(name);
    client.location = location;
    client.kind = domain::RouterKind::uam;
    client.source = Ipv4Prefix::parse("10.77.0.2/32").value();
    client.nas_identifier = name;
    client.secrets = {SecretText{"fuzz"}};
    client.requires_message_authenticator = false;
    client.limits_proxy_state = false;
    client.packets_per_second_max = 0;
    client.mac_password = SecretText{"constant"};
    return client;
}

/// Two routers behind one address, one customer.
struct Cafe {
    Cafe()
    {
        spdlog::set_level(spdlog::level::off);
        clients.replace({client_named("one"), client_named("two")});
        ports::Admission admission;
        admission.session = domain::SessionId{Ulid{1, 2}};
        admission.location = location;
        admission.user_name = "alice";
        admission.password = SecretText{"pw"};
        admission.devices = {phone};
        admission.remaining = Seconds{3'600};
        admission.octets_left = 5'000'000'000;
        admission.vlan = 20;
        directory.admit(admission);
    }
    ClientRegistry clients;
    Directory directory;
    radius::SharedSecret secret{SecretText{"fuzz"}};
    RadiusLimits limits{.reject_delay = Milliseconds{0}, .cache_entries = 64};
    AccessService access{clients, directory, limits};
    AccountingService accounting{clients, limits};
    Moment now{from_unix_ms(1'790'000'000'000), SteadyTime{std::chrono::hours{1}}};
};

void offer(Cafe& cafe, ByteView datagram, RadiusSource source)
{
    radius::PacketBuffer buffer;
    const auto table = cafe.clients.table();
    cafe.now.steady += Milliseconds{1};
    const auto answered = cafe.access.handle(datagram, source, *table, cafe.now, buffer);
    if (!answered.reply.empty()) IWAS_ASSERT(radius::decode(answered.reply).has_value());
    const auto outcome = cafe.accounting.handle(datagram, source, *table, cafe.now, buffer);
    if (!outcome.record) return;
    IWAS_ASSERT(outcome.record->location == location);
    const ByteView reply =
        cafe.accounting.completed(outcome.ticket, *outcome.client, ports::Journaled::durable);
    IWAS_ASSERT(radius::decode(reply)->code() == radius::Code::accounting_response);
    IWAS_ASSERT(cafe.accounting.in_flight() == 0);
}

/// The input's attributes in a packet of `code` that proves itself.
void offer_signed(Cafe& cafe, radius::Code code, ByteView attributes, bool has_password)
{
    radius::PacketBuffer buffer;
    radius::Authenticator base{};
    if (radius::has_random_authenticator(code)) base = {9, 8, 7};
    radius::PacketWriter writer{buffer, code, 1, base};
    writer.add_message_authenticator();
    writer.add_text(radius::attribute::nas_identifier, "two");
    if (has_password) {
        writer.add_text(radius::attribute::user_name, "alice");
        writer.add_text(radius::attribute::calling_station_id, "AA:BB:CC:00:00:01");
    }
    while (attributes.size() >= 2) {
        const std::size_t size = std::min<std::size_t>(attributes[1] % 254, attributes.size() - 2);
        writer.add(attributes[0], attributes.subspan(2, size));
        attributes = attributes.subspan(2 + size);
    }
    if (const auto octets = writer.finish(cafe.secret)) offer(cafe, *octets, from);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static Cafe cafe;
    const ByteView input{data, size};
    offer(cafe, input, from);
    offer(cafe, input, stranger);
    if (input.empty()) return 0;
    const bool is_named = (input[0] & 1) != 0;
    for (const radius::Code code :
         {radius::Code::access_request, radius::Code::accounting_request,
          radius::Code::status_server})
        offer_signed(cafe, code, input.subspan(1), is_named);
    return 0;
}
