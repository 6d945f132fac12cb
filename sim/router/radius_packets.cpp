#include "sim/router/radius_packets.hpp"

#include "core/assert.hpp"
#include "protocol/radius/authenticator.hpp"
#include "protocol/radius/packet_writer.hpp"
#include "protocol/radius/password.hpp"
#include "protocol/radius/rate_limit.hpp"

namespace iwas::sim {

namespace {

namespace attribute = radius::attribute;
using radius::Code;
using radius::PacketWriter;

constexpr std::uint32_t wireless_802_11 = 19;
constexpr std::uint32_t login_user = 1;
constexpr std::uint32_t authenticated_by_radius = 1;
constexpr std::uint8_t acct_authentic = 45;
constexpr std::uint8_t acct_input_packets = 47;
constexpr std::uint8_t acct_output_packets = 48;

RadiusRequest finish(PacketWriter& writer, const radius::SharedSecret& secret)
{
    const auto octets = writer.finish(secret);
    IWAS_ASSERT(octets.has_value());
    return {Bytes{octets->begin(), octets->end()}, radius::decode(*octets)->authenticator()};
}

/// The attributes that stand in every packet about one device.
void add_identity(
    PacketWriter& writer, const NasIdentity& nas, MacAddress mac, Ipv4Address ip,
    const std::string& user_name, const std::string& acct_session_id, int nas_port)
{
    writer.add_integer(attribute::nas_port_type, wireless_802_11);
    writer.add_text(attribute::calling_station_id, to_string(mac));
    writer.add_text(attribute::called_station_id, nas.hotspot_server);
    writer.add_text(attribute::nas_port_id, nas.port_id);
    writer.add_text(attribute::user_name, user_name);
    writer.add_integer(attribute::nas_port, 0x80'10'00'00U | static_cast<std::uint32_t>(nas_port));
    writer.add_text(attribute::acct_session_id, acct_session_id);
    writer.add_address(attribute::framed_ip_address, ip);
    writer.add_vendor_integer(radius::vendor::mikrotik, radius::mikrotik::host_ip, ip.value());
    writer.add_text(attribute::nas_identifier, nas.identifier);
    writer.add_address(attribute::nas_ip_address, nas.address);
}

void add_counters(PacketWriter& writer, const ActiveSession& session, SteadyTime at)
{
    constexpr std::uint64_t octets_per_packet = 1'000;
    const auto uptime = std::chrono::duration_cast<Seconds>(at - session.started_at);
    const auto low = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
    const auto high = [](std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); };
    writer.add_integer(attribute::acct_session_time, static_cast<std::uint32_t>(uptime.count()));
    writer.add_integer(attribute::acct_input_octets, low(session.up_octets));
    writer.add_integer(attribute::acct_input_gigawords, high(session.up_octets));
    writer.add_integer(attribute::acct_output_octets, low(session.down_octets));
    writer.add_integer(attribute::acct_output_gigawords, high(session.down_octets));
    writer.add_integer(acct_input_packets, low(session.up_octets / octets_per_packet));
    writer.add_integer(acct_output_packets, low(session.down_octets / octets_per_packet));
}

std::uint32_t status_of(AccountingKind kind)
{
    switch (kind) {
    case AccountingKind::start: return radius::status_type::start;
    case AccountingKind::interim: return radius::status_type::interim_update;
    case AccountingKind::stop: return radius::status_type::stop;
    }
    return 0;
}

/// A limit of RouterOS in two attributes, the high half optional.
std::optional<std::uint64_t> read_octets(
    const radius::PacketView& packet, std::uint8_t low_type, std::uint8_t high_type)
{
    const auto low = packet.find_vendor_integer(radius::vendor::mikrotik, low_type);
    const auto high = packet.find_vendor_integer(radius::vendor::mikrotik, high_type);
    if (!low && !high) return std::nullopt;
    return std::uint64_t{high.value_or(0)} << 32 | low.value_or(0);
}

std::optional<Seconds> read_seconds(const radius::PacketView& packet, std::uint8_t type)
{
    const auto value = packet.find_integer(type);
    if (!value) return std::nullopt;
    return Seconds{*value};
}

} // namespace

RadiusRequest access_request(
    const NasIdentity& nas, const LoginAttempt& attempt, const std::string& acct_session_id,
    std::uint8_t identifier, const radius::Authenticator& random,
    const radius::SharedSecret& secret, bool with_message_authenticator)
{
    radius::PacketBuffer buffer;
    PacketWriter writer{buffer, Code::access_request, identifier, random};
    if (with_message_authenticator) writer.add_message_authenticator();
    writer.add_integer(attribute::service_type, login_user);
    add_identity(writer, nas, attempt.mac, attempt.ip, attempt.user_name, acct_session_id, 0);
    if (const auto* clear = std::get_if<SecretText>(&attempt.proof)) {
        radius::add_user_password(writer, as_bytes(clear->reveal()), secret);
    } else {
        const auto& chap = std::get<ChapProof>(attempt.proof);
        Bytes value{chap.id};
        value.insert(value.end(), chap.digest.begin(), chap.digest.end());
        writer.add(attribute::chap_password, value);
        writer.add(attribute::chap_challenge, chap.challenge);
    }
    return finish(writer, secret);
}

RadiusRequest accounting_request(
    const NasIdentity& nas, const AccountingEvent& event, Seconds delay, UtcTime event_time,
    std::uint8_t identifier, const radius::SharedSecret& secret)
{
    radius::PacketBuffer buffer;
    PacketWriter writer{buffer, Code::accounting_request, identifier, {}};
    const ActiveSession& session = event.session;
    writer.add_integer(attribute::acct_status_type, status_of(event.kind));
    add_identity(
        writer, nas, session.mac, session.ip, session.user_name, session.acct_session_id,
        session.nas_port);
    writer.add_integer(acct_authentic, authenticated_by_radius);
    if (!session.class_.empty()) writer.add(attribute::class_, session.class_);
    const auto unix_seconds = std::chrono::floor<Seconds>(event_time).time_since_epoch().count();
    writer.add_integer(attribute::event_timestamp, static_cast<std::uint32_t>(unix_seconds));
    writer.add_integer(attribute::acct_delay_time, static_cast<std::uint32_t>(delay.count()));
    if (event.kind != AccountingKind::start) add_counters(writer, session, event.at);
    if (event.kind == AccountingKind::stop)
        writer.add_integer(
            attribute::acct_terminate_cause, static_cast<std::uint32_t>(event.cause));
    return finish(writer, secret);
}

RadiusRequest accounting_on_off(
    const NasIdentity& nas, bool is_on, std::uint8_t identifier, const radius::SharedSecret& secret)
{
    radius::PacketBuffer buffer;
    PacketWriter writer{buffer, Code::accounting_request, identifier, {}};
    writer.add_integer(
        attribute::acct_status_type,
        is_on ? radius::status_type::accounting_on : radius::status_type::accounting_off);
    writer.add_text(attribute::nas_identifier, nas.identifier);
    writer.add_address(attribute::nas_ip_address, nas.address);
    writer.add_integer(attribute::acct_delay_time, 0);
    return finish(writer, secret);
}

RadiusAnswer read_answer(
    ByteView datagram, const RadiusRequest& request, const radius::SharedSecret& secret,
    bool requires_message_authenticator)
{
    RadiusAnswer answer;
    const auto packet = radius::decode(datagram);
    if (!packet || packet->identifier() != request.octets[1] ||
        !radius::is_response(packet->code())) {
        answer.fault = AnswerFault::malformed;
        return answer;
    }
    answer.code = packet->code();
    if (!radius::is_authenticator_right(*packet, request.base, secret)) {
        answer.fault = AnswerFault::wrong_authenticator;
        return answer;
    }
    const auto signature = radius::check_message_authenticator(*packet, request.base, secret);
    const bool is_login_answer = packet->code() != Code::accounting_response;
    if (signature == radius::MessageAuthenticator::absent) {
        if (is_login_answer && requires_message_authenticator) {
            answer.fault = AnswerFault::no_message_authenticator;
            return answer;
        }
    } else if (signature != radius::MessageAuthenticator::right) {
        answer.fault = AnswerFault::wrong_authenticator;
        return answer;
    }
    if (const auto text = packet->find(attribute::reply_message))
        answer.reply_message = as_text(*text);
    if (answer.code != Code::access_accept) return answer;
    answer.limits = read_limits(*packet);
    if (const auto class_ = packet->find(attribute::class_))
        answer.class_.assign(class_->begin(), class_->end());
    return answer;
}

SessionLimits read_limits(const radius::PacketView& packet)
{
    namespace mikrotik = radius::mikrotik;
    SessionLimits limits;
    limits.session_timeout = read_seconds(packet, attribute::session_timeout);
    limits.idle_timeout = read_seconds(packet, attribute::idle_timeout);
    limits.interim_interval = read_seconds(packet, attribute::acct_interim_interval);
    if (limits.interim_interval && limits.interim_interval->count() == 0)
        limits.interim_interval.reset();
    if (const auto logins = packet.find_integer(attribute::port_limit))
        limits.logins_max = static_cast<int>(*logins);
    limits.up_octets_max =
        read_octets(packet, mikrotik::recv_limit, mikrotik::recv_limit_gigawords);
    limits.down_octets_max =
        read_octets(packet, mikrotik::xmit_limit, mikrotik::xmit_limit_gigawords);
    limits.total_octets_max =
        read_octets(packet, mikrotik::total_limit, mikrotik::total_limit_gigawords);

    // Mikrotik-Rate-Limit wins over WISPr.
    limits.up_bps =
        packet.find_vendor_integer(radius::vendor::wispr, radius::wispr::bandwidth_max_up);
    limits.down_bps =
        packet.find_vendor_integer(radius::vendor::wispr, radius::wispr::bandwidth_max_down);
    const auto text = packet.find_vendor(radius::vendor::mikrotik, mikrotik::rate_limit);
    if (!text) return limits;
    if (const auto rate = radius::parse_rate_limit(as_text(*text))) {
        limits.up_bps = rate->rate_bps.upload;
        limits.down_bps = rate->rate_bps.download;
        limits.rate_text = as_text(*text);
    }
    return limits;
}

} // namespace iwas::sim
