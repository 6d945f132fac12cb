#include "adapters/radius/accounting.hpp"

#include "core/utf8.hpp"
#include "protocol/radius/service.hpp"

#include <algorithm>

namespace iwas::adapters {

namespace {

namespace attribute = radius::attribute;

/// Acct-View-Point of CoovaChilli: the octets are counted as the client sees them.
constexpr std::uint32_t client_view_point = 2;
/// Times a router may claim that lie further off than this are not believed.
constexpr std::chrono::days clock_error_max{2};
constexpr std::size_t text_octets_max = 253;

std::optional<domain::AccountingStatus> status_from(std::optional<std::uint32_t> value)
{
    if (!value) return std::nullopt;
    switch (*value) {
    case radius::status_type::start: return domain::AccountingStatus::start;
    case radius::status_type::stop: return domain::AccountingStatus::stop;
    case radius::status_type::interim_update: return domain::AccountingStatus::interim;
    case radius::status_type::accounting_on: return domain::AccountingStatus::nas_on;
    case radius::status_type::accounting_off: return domain::AccountingStatus::nas_off;
    default: return std::nullopt;
    }
}

/// Text as stored: octets that are no UTF-8 would break what reads it later.
std::string text_of(std::optional<ByteView> value)
{
    if (!value) return {};
    const std::string_view text = as_text(*value).substr(0, text_octets_max);
    if (is_utf8(text) && text.find('\0') == std::string_view::npos) return std::string{text};
    return to_hex(*value);
}

/// The event by the router's own clock; nothing when that clock was never set (1970, or worse).
std::optional<UtcTime> stamped_time(const radius::PacketView& packet, UtcTime received_at)
{
    const auto stamp = packet.find_integer(attribute::event_timestamp);
    if (!stamp) return std::nullopt;
    const UtcTime event{Seconds{*stamp}};
    if (event <= received_at - clock_error_max || event >= received_at + clock_error_max)
        return std::nullopt;
    return event;
}

/// The event by our clock: Acct-Delay-Time tells how long the router tried (RFC 2866 §5.2).
UtcTime reckoned_time(const radius::PacketView& packet, UtcTime received_at)
{
    const Seconds delay{packet.find_integer(attribute::acct_delay_time).value_or(0)};
    return received_at - std::min<Seconds>(delay, clock_error_max);
}

/// Since when the router has lost all that it had. A clock that is behind would leave open what
/// began by ours, one that is ahead what began by its own; so whichever is later.
UtcTime restart_time(const radius::PacketView& packet, UtcTime received_at)
{
    const UtcTime reckoned = reckoned_time(packet, received_at);
    return std::max(stamped_time(packet, received_at).value_or(reckoned), reckoned);
}

std::uint64_t octets_of(
    const radius::PacketView& packet, std::uint8_t octets, std::uint8_t gigawords)
{
    return radius::join_gigawords(
        packet.find_integer(gigawords).value_or(0), packet.find_integer(octets).value_or(0));
}

std::optional<domain::SessionId> session_of(const radius::PacketView& packet)
{
    // A proxy may have added Class attributes of its own.
    for (const radius::Attribute each : packet.attributes()) {
        if (each.type != attribute::class_) continue;
        if (const auto id = domain::SessionId::parse(as_text(each.value))) return id;
    }
    return std::nullopt;
}

} // namespace

std::optional<domain::AccountingRecord> read_accounting(
    const CheckedRequest& request, UtcTime received_at)
{
    const radius::PacketView& packet = request.packet;
    const RadiusClient& settings = request.client->settings;
    const auto status = status_from(packet.find_integer(attribute::acct_status_type));
    if (!status) return std::nullopt;

    domain::AccountingRecord record;
    record.router = settings.router;
    record.location = settings.location;
    record.status = *status;
    record.received_at = received_at;
    if (*status == domain::AccountingStatus::nas_on ||
        *status == domain::AccountingStatus::nas_off) {
        record.event_at = restart_time(packet, received_at);
        return record;
    }
    record.event_at =
        stamped_time(packet, received_at).value_or(reckoned_time(packet, received_at));

    record.acct_session_id = text_of(packet.find(attribute::acct_session_id));
    // Without it the report belongs to no network session (RFC 2866 §5.5 demands it).
    if (record.acct_session_id.empty()) return std::nullopt;
    record.session = session_of(packet);
    record.user_name = text_of(packet.find(attribute::user_name));
    if (const auto station = packet.find(attribute::calling_station_id))
        record.mac = MacAddress::parse(as_text(*station));
    if (const auto address = packet.find_integer(attribute::framed_ip_address))
        record.ip = Ipv4Address{*address};
    record.session_time = Seconds{packet.find_integer(attribute::acct_session_time).value_or(0)};
    record.up_octets =
        octets_of(packet, attribute::acct_input_octets, attribute::acct_input_gigawords);
    record.down_octets =
        octets_of(packet, attribute::acct_output_octets, attribute::acct_output_gigawords);
    const auto view_point =
        packet.find_vendor_integer(radius::vendor::chillispot, radius::chillispot::acct_view_point);
    record.lacks_gigawords = settings.lacks_gigawords;
    const bool is_swapped = view_point ? *view_point == client_view_point : settings.swaps_octets;
    if (is_swapped) std::swap(record.up_octets, record.down_octets);
    record.terminate_cause =
        static_cast<int>(packet.find_integer(attribute::acct_terminate_cause).value_or(0) & 0xFFFF);
    return record;
}

} // namespace iwas::adapters
