#include "adapters/radius/authenticate.hpp"

#include "domain/enum_text.hpp"
#include "protocol/radius/password.hpp"

#include <algorithm>
#include <limits>

namespace iwas::adapters {

namespace {

namespace attribute = radius::attribute;
using radius::PacketView;

constexpr std::uint32_t service_type_call_check = 10;

/// The credentials of a request, found in one pass.
struct Credentials {
    std::optional<ByteView> user_name;
    std::optional<ByteView> user_password;
    std::optional<ByteView> chap_password;
    std::optional<ByteView> chap_challenge;
    std::optional<ByteView> ms_challenge;
    std::optional<ByteView> ms_response;
    std::optional<ByteView> calling_station;
    bool is_call_check = false;
};

void note_microsoft(Credentials& found, ByteView value)
{
    const auto inner = radius::vendor_attributes(value);
    if (!inner || inner->vendor != radius::vendor::microsoft) return;
    for (const radius::Attribute sub : inner->attributes) {
        if (sub.type == radius::microsoft::chap_challenge) found.ms_challenge = sub.value;
        if (sub.type == radius::microsoft::chap2_response) found.ms_response = sub.value;
    }
}

Credentials credentials_of(const PacketView& packet)
{
    Credentials found;
    for (const radius::Attribute each : packet.attributes()) {
        switch (each.type) {
        case attribute::user_name: found.user_name = each.value; break;
        case attribute::user_password: found.user_password = each.value; break;
        case attribute::chap_password: found.chap_password = each.value; break;
        case attribute::chap_challenge: found.chap_challenge = each.value; break;
        case attribute::calling_station_id: found.calling_station = each.value; break;
        case attribute::service_type:
            found.is_call_check = radius::as_integer(each.value) == service_type_call_check;
            break;
        case attribute::vendor_specific: note_microsoft(found, each.value); break;
        default: break;
        }
    }
    return found;
}

/// Whether exactly one way of proving oneself is there.
bool has_one_method(const Credentials& found)
{
    return int{found.user_password.has_value()} + int{found.chap_password.has_value()} +
               int{found.ms_response.has_value()} ==
           1;
}

ByteView challenge_of(const CheckedRequest& request, const Credentials& found)
{
    // RFC 2865 §5.3: without the attribute, the Request Authenticator is the challenge.
    return found.chap_challenge.value_or(request.packet.octets().subspan(4, 16));
}

/// Whether the PAP or CHAP credentials prove `password`.
bool proves(const CheckedRequest& request, const Credentials& found, std::string_view password)
{
    if (found.chap_password)
        return radius::is_chap_right(
            *found.chap_password, challenge_of(request, found), as_bytes(password));
    if (!found.user_password) return false;
    auto clear = radius::reveal_password(
        *found.user_password, request.packet.authenticator(), *request.secret);
    if (!clear) return false;
    const bool is_right = equal_constant_time(clear->view(), as_bytes(password));
    wipe(std::span{clear->octets}.first(clear->size));
    return is_right;
}

/// The device's address, where the router sends one (some send none, or another thing).
std::optional<MacAddress> device_of(const Credentials& found)
{
    if (!found.calling_station) return std::nullopt;
    return MacAddress::parse(as_text(*found.calling_station));
}

void check_what_is_left(AccessDecision& decision, UtcTime now)
{
    const ports::Admission& admission = *decision.admission;
    // Rounded up: IWAS itself ends the session at the due moment, and the router's own timeout,
    // which stands behind that, must not cut a customer off before it.
    decision.time_left = admission.ends_at ? std::chrono::ceil<Seconds>(*admission.ends_at - now)
                                           : admission.remaining;
    if (decision.time_left < Seconds{1})
        decision.verdict = AccessVerdict::no_time_left;
    else if (admission.octets_left == std::uint64_t{0})
        decision.verdict = AccessVerdict::no_data_left;
    else
        decision.verdict = AccessVerdict::accepted;
}

AccessDecision decide_by_mac(
    const CheckedRequest& request, const Credentials& found, const Directory& directory,
    const MacAddress& mac, UtcTime now)
{
    AccessDecision decision;
    decision.is_mac_authentication = true;
    const RadiusClient& settings = request.client->settings;
    // Routers send as password nothing, the address itself, or a constant; a Call-Check none.
    const bool is_bare = !found.user_password && !found.chap_password && found.is_call_check;
    const bool is_right =
        is_bare || proves(request, found, "") ||
        proves(request, found, as_text(*found.user_name)) ||
        (!settings.mac_password.empty() && proves(request, found, settings.mac_password.reveal()));
    if (!is_right) {
        decision.verdict = AccessVerdict::wrong_password;
        return decision;
    }
    // The name may have been typed into a login page; who really calls, only the router says.
    const auto device = device_of(found);
    if (!device || *device != mac) {
        decision.verdict = AccessVerdict::wrong_device;
        return decision;
    }
    decision.admission = directory.find_device(settings.location, mac);
    if (decision.admission)
        check_what_is_left(decision, now);
    else
        decision.verdict = AccessVerdict::unknown_user;
    return decision;
}

bool is_proven_by_ms_chap2(const Credentials& found, AccessDecision& decision)
{
    const auto response = radius::read_ms_chap2_response(*found.ms_response);
    if (!response || !found.ms_challenge) return false;
    decision.ms_chap2_identifier = response->identifier;
    const auto hash = radius::nt_hash(decision.admission->password.reveal());
    if (!hash) return false;
    decision.ms_chap2 =
        radius::prove_ms_chap2(*hash, *found.ms_challenge, *response, as_text(*found.user_name));
    return decision.ms_chap2.has_value();
}

constexpr domain::EnumText verdict_texts{std::to_array<std::pair<AccessVerdict, std::string_view>>({
    {AccessVerdict::accepted, "accepted"},
    {AccessVerdict::unknown_user, "unknown_user"},
    {AccessVerdict::wrong_password, "wrong_password"},
    {AccessVerdict::wrong_device, "wrong_device"},
    {AccessVerdict::no_time_left, "no_time_left"},
    {AccessVerdict::no_data_left, "no_data_left"},
    {AccessVerdict::no_credentials, "no_credentials"},
})};

} // namespace

std::string_view to_text(AccessVerdict verdict)
{
    return verdict_texts.text_of(verdict);
}

AccessDecision decide_access(const CheckedRequest& request, const Directory& directory, UtcTime now)
{
    AccessDecision decision;
    const Credentials found = credentials_of(request.packet);
    if (!found.user_name || found.user_name->empty()) return decision;
    const std::string_view user_name = as_text(*found.user_name);

    decision.admission = directory.find_user(request.client->settings.location, user_name);
    if (!decision.admission) {
        if (const auto mac = MacAddress::parse(user_name); mac && !found.ms_response)
            return decide_by_mac(request, found, directory, *mac, now);
        decision.verdict =
            has_one_method(found) ? AccessVerdict::unknown_user : AccessVerdict::no_credentials;
        return decision;
    }
    if (!has_one_method(found)) return decision;

    const bool is_right = found.ms_response
                              ? is_proven_by_ms_chap2(found, decision)
                              : proves(request, found, decision.admission->password.reveal());
    if (!is_right) {
        decision.verdict = AccessVerdict::wrong_password;
        return decision;
    }
    const auto device = device_of(found);
    const auto& devices = decision.admission->devices;
    if (device && !devices.empty() && !std::ranges::count(devices, *device)) {
        decision.verdict = AccessVerdict::wrong_device;
        return decision;
    }
    check_what_is_left(decision, now);
    return decision;
}

} // namespace iwas::adapters
