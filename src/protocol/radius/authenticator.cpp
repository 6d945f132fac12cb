#include "protocol/radius/authenticator.hpp"

namespace iwas::radius {

bool has_random_authenticator(Code code)
{
    return code == Code::access_request || code == Code::status_server;
}

bool is_response(Code code)
{
    switch (code) {
    case Code::access_accept:
    case Code::access_reject:
    case Code::access_challenge:
    case Code::accounting_response:
    case Code::disconnect_ack:
    case Code::disconnect_nak:
    case Code::coa_ack:
    case Code::coa_nak:
    case Code::protocol_error: return true;
    case Code::access_request:
    case Code::accounting_request:
    case Code::status_server:
    case Code::disconnect_request:
    case Code::coa_request: return false;
    }
    return false;
}

Authenticator base_of_request(const PacketView& request)
{
    return has_random_authenticator(request.code()) ? request.authenticator() : Authenticator{};
}

MessageAuthenticator check_message_authenticator(
    const PacketView& packet, const Authenticator& base, const SharedSecret& secret)
{
    std::size_t found = 0;
    ByteView value;
    for (const Attribute attribute : packet.attributes()) {
        if (attribute.type != attribute::message_authenticator) continue;
        value = attribute.value;
        ++found;
    }
    if (found == 0) return MessageAuthenticator::absent;
    if (found > 1) return MessageAuthenticator::repeated;
    if (value.size() != Authenticator{}.size()) return MessageAuthenticator::wrong;

    const ByteView octets = packet.octets();
    const auto at = static_cast<std::size_t>(value.data() - octets.data());
    constexpr Authenticator zeros{};
    const Md5Digest expected = secret.hmac(
        {octets.first(4), base, octets.subspan(header_octets, at - header_octets), zeros,
         octets.subspan(at + zeros.size())});
    return equal_constant_time(value, expected) ? MessageAuthenticator::right
                                                : MessageAuthenticator::wrong;
}

bool is_authenticator_right(
    const PacketView& packet, const Authenticator& base, const SharedSecret& secret)
{
    const ByteView octets = packet.octets();
    const Md5Digest expected = Md5{}
                                   .add(octets.first(4))
                                   .add(base)
                                   .add(octets.subspan(header_octets))
                                   .add(secret.octets())
                                   .finish();
    return equal_constant_time(octets.subspan(4, expected.size()), expected);
}

} // namespace iwas::radius
