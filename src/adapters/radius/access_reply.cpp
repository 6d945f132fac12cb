// The replies to an Access-Request, attribute by attribute.
#include "adapters/radius/authenticate.hpp"
#include "protocol/radius/rate_limit.hpp"
#include "protocol/radius/service.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace iwas::adapters {

namespace {

namespace attribute = radius::attribute;
using radius::PacketWriter;

/// Below this hostapd and CoovaChilli ignore Acct-Interim-Interval.
constexpr Seconds interim_min{60};

/// Attributes of CoovaChilli for a data cap.
constexpr std::uint8_t chillispot_max_total_octets = 3;
constexpr std::uint8_t chillispot_max_total_gigawords = 23;

std::uint32_t as_32_bits(Seconds time)
{
    constexpr std::int64_t largest = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(time.count(), 0, largest));
}

/// Why access is refused, in the customer's words. Name, password and device are one answer, so
/// that nobody learns which of them was right.
std::string_view reject_text(AccessVerdict verdict, bool is_english)
{
    switch (verdict) {
    case AccessVerdict::no_time_left:
        return is_english ? "Your time is used up." : "Bạn đã dùng hết thời gian.";
    case AccessVerdict::no_data_left:
        return is_english ? "Your data is used up." : "Bạn đã dùng hết dung lượng.";
    case AccessVerdict::accepted:
    case AccessVerdict::unknown_user:
    case AccessVerdict::wrong_password:
    case AccessVerdict::wrong_device:
    case AccessVerdict::no_credentials: break;
    }
    return is_english ? "Wrong name or password." : "Sai tên hoặc mật khẩu.";
}

/// "Còn 59 phút" or "59 minutes left", without allocation.
struct TimeLeftText {
    std::array<char, 48> text;
    std::size_t size = 0;

    TimeLeftText(Seconds time_left, bool is_english)
    {
        const auto minutes = std::chrono::ceil<std::chrono::minutes>(time_left).count();
        if (!is_english) put("Còn ");
        size = static_cast<std::size_t>(
            std::to_chars(text.data() + size, text.data() + text.size(), minutes).ptr -
            text.data());
        put(is_english ? (minutes == 1 ? " minute left" : " minutes left") : " phút");
    }
    void put(std::string_view part)
    {
        std::ranges::copy(part, text.begin() + static_cast<std::ptrdiff_t>(size));
        size += part.size();
    }
    [[nodiscard]] std::string_view view() const { return {text.data(), size}; }
};

void add_total_limit(PacketWriter& writer, domain::RouterKind kind, std::uint64_t octets)
{
    switch (kind) {
    case domain::RouterKind::mikrotik: radius::add_mikrotik_total_limit(writer, octets); return;
    case domain::RouterKind::uam:
        writer.add_vendor_integer(
            radius::vendor::chillispot, chillispot_max_total_octets,
            static_cast<std::uint32_t>(octets));
        if (octets >> 32 != 0)
            writer.add_vendor_integer(
                radius::vendor::chillispot, chillispot_max_total_gigawords,
                static_cast<std::uint32_t>(octets >> 32));
        return;
    case domain::RouterKind::generic: return; // no attribute is common to them
    }
}

void add_accept(PacketWriter& writer, const CheckedRequest& request, const AccessDecision& decision)
{
    const ports::Admission& admission = *decision.admission;
    const RadiusClient& settings = request.client->settings;
    add_service(writer, settings.kind, decision.time_left, admission.rate, admission.octets_left);
    writer.add_integer(
        attribute::acct_interim_interval,
        as_32_bits(std::max(admission.interim_interval, interim_min)));
    writer.add_integer(
        attribute::port_limit, static_cast<std::uint32_t>(std::max(admission.device_limit, 1)));
    const auto class_text = to_characters(admission.session.value());
    writer.add_text(attribute::class_, {class_text.data(), class_text.size()});
    // A proxy in front has ended a tunnel: later accounting has to name the inner user.
    if (request.packet.find(attribute::proxy_state))
        writer.add_text(attribute::user_name, admission.user_name);
    if (admission.vlan && *admission.vlan >= 1 && *admission.vlan <= 4094)
        radius::add_vlan(writer, static_cast<std::uint16_t>(*admission.vlan));
    writer.add_text(
        attribute::reply_message,
        TimeLeftText{decision.time_left, settings.language == "en"}.view());
    if (decision.ms_chap2 && decision.ms_chap2_identifier) {
        std::array<std::uint8_t, 2> salt{};
        RAND_bytes(salt.data(), salt.size());
        // The lowest bit is left for the second key.
        const auto first = static_cast<std::uint16_t>(load_be16(salt, 0) & 0xFFFE);
        radius::add_ms_chap2_success(
            writer, *decision.ms_chap2_identifier, *decision.ms_chap2, first, *request.secret);
    }
}

void add_reject(PacketWriter& writer, const CheckedRequest& request, const AccessDecision& decision)
{
    const bool is_english = request.client->settings.language == "en";
    const std::string_view text = reject_text(decision.verdict, is_english);
    writer.add_text(attribute::reply_message, text);
    if (!decision.ms_chap2_identifier) return;
    radius::Authenticator challenge{};
    RAND_bytes(challenge.data(), static_cast<int>(challenge.size()));
    const std::string error =
        radius::ms_chap_error(*decision.ms_chap2_identifier, challenge, "Authentication failed");
    writer.add_vendor_text(radius::vendor::microsoft, radius::microsoft::chap_error, error);
}

} // namespace

void add_service(
    PacketWriter& writer, domain::RouterKind kind, Seconds time_left, const domain::RateLimit& rate,
    std::optional<std::uint64_t> octets_left)
{
    writer.add_integer(attribute::session_timeout, as_32_bits(time_left));
    if (rate.up_bps != 0 && rate.down_bps != 0) {
        if (kind == domain::RouterKind::mikrotik) {
            const auto limit =
                radius::session_rate_limit(rate.up_bps, rate.down_bps, rate.burst_down_bps);
            writer.add_vendor_text(
                radius::vendor::mikrotik, radius::mikrotik::rate_limit,
                radius::write_rate_limit(limit).view());
        }
        radius::add_wispr_bandwidth(writer, rate.up_bps, rate.down_bps);
    }
    if (octets_left) add_total_limit(writer, kind, *octets_left);
}

Result<ByteView, radius::EncodeError> write_access_reply(
    const CheckedRequest& request, const AccessDecision& decision, radius::PacketBuffer& buffer)
{
    const bool is_accepted = decision.verdict == AccessVerdict::accepted;
    PacketWriter writer{
        buffer, is_accepted ? radius::Code::access_accept : radius::Code::access_reject,
        request.packet.identifier(), request.packet.authenticator()};
    writer.add_message_authenticator();
    writer.copy_proxy_state(request.packet);
    if (is_accepted)
        add_accept(writer, request, decision);
    else
        add_reject(writer, request, decision);
    return writer.finish(*request.secret);
}

} // namespace iwas::adapters
