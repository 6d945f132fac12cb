#include "adapters/radius/gate.hpp"

#include <algorithm>

namespace iwas::adapters {

namespace {

using radius::Code;
using radius::MessageAuthenticator;

bool belongs_to(Code code, RadiusPort port)
{
    if (code == Code::status_server) return true;
    return code ==
           (port == RadiusPort::authentication ? Code::access_request : Code::accounting_request);
}

/// Which of the routers behind one address sent this. Null when the packet names none of them.
const PreparedClient* sender_of(
    const radius::PacketView& packet, std::span<const PreparedClient> sharers)
{
    // A Status-Server asks the server, not for a router; its proof is the secret all have.
    if (sharers.size() == 1 || packet.code() == Code::status_server) return sharers.data();
    const auto name = packet.find(radius::attribute::nas_identifier);
    if (!name) return nullptr;
    const auto found = std::ranges::find_if(sharers, [&](const PreparedClient& each) {
        return each.settings.nas_identifier == as_text(*name);
    });
    return found == sharers.end() ? nullptr : &*found;
}

/// Whether the absence of a Message-Authenticator is a reason to discard, and which.
std::optional<RadiusEvent> why_unprotected(
    const radius::PacketView& packet, const RadiusClient& settings)
{
    if (packet.code() == Code::status_server) return RadiusEvent::message_authenticator_missing;
    if (packet.code() != Code::access_request) return std::nullopt;
    if (settings.requires_message_authenticator) return RadiusEvent::message_authenticator_missing;
    if (settings.limits_proxy_state && packet.find(radius::attribute::proxy_state))
        return RadiusEvent::proxy_state_unprotected;
    if (packet.find(radius::attribute::eap_message))
        return RadiusEvent::message_authenticator_missing;
    return std::nullopt;
}

/// Whether what the packet proves is proven with `secret`; otherwise what is wrong.
std::optional<RadiusEvent> why_unproven(
    const radius::PacketView& packet, const radius::SharedSecret& secret)
{
    const radius::Authenticator base = radius::base_of_request(packet);
    switch (radius::check_message_authenticator(packet, base, secret)) {
    case MessageAuthenticator::absent:
    case MessageAuthenticator::right: break;
    case MessageAuthenticator::wrong:
    case MessageAuthenticator::repeated: return RadiusEvent::message_authenticator_wrong;
    }
    if (radius::has_random_authenticator(packet.code())) return std::nullopt;
    if (radius::is_authenticator_right(packet, base, secret)) return std::nullopt;
    return RadiusEvent::authenticator_wrong;
}

} // namespace

Result<CheckedRequest, Discarded> check_request(
    ByteView datagram, RadiusSource source, RadiusPort port, const ClientTable& table)
{
    const auto sharers = table.find(source.address);
    const PreparedClient* client = sharers.empty() ? nullptr : sharers.data();
    const auto refused = [&](RadiusEvent why) { return std::unexpected{Discarded{why, client}}; };
    const auto packet = radius::decode(datagram);
    if (!packet) return refused(RadiusEvent::malformed);
    if (client == nullptr) return refused(RadiusEvent::wrong_code);
    if (!belongs_to(packet->code(), port)) return refused(RadiusEvent::wrong_code);
    const PreparedClient* const sender = sender_of(*packet, sharers);
    if (sender == nullptr) return refused(RadiusEvent::nas_identifier_unknown);
    client = sender;

    const bool is_protected = packet->find(radius::attribute::message_authenticator).has_value();
    if (!is_protected)
        if (const auto why = why_unprotected(*packet, client->settings)) return refused(*why);

    std::optional<RadiusEvent> why;
    for (const radius::SharedSecret& secret : client->secrets) {
        why = why_unproven(*packet, secret);
        if (!why) return CheckedRequest{*packet, client, &secret, is_protected};
    }
    return refused(why.value_or(RadiusEvent::authenticator_wrong));
}

} // namespace iwas::adapters
