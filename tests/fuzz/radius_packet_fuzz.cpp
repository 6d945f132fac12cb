// Any datagram: decoding never reads past it, and what was decoded encodes to the same octets.
#include "core/assert.hpp"
#include "protocol/radius/authenticator.hpp"
#include "protocol/radius/describe.hpp"
#include "protocol/radius/packet_writer.hpp"
#include "protocol/radius/password.hpp"
#include "protocol/radius/service.hpp"

#include <algorithm>

using namespace iwas;
using namespace iwas::radius;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView datagram{data, size};
    const auto packet = decode(datagram);
    if (!packet) return 0;

    static const SharedSecret secret{SecretText{"fuzz"}};
    const Authenticator base = base_of_request(*packet);
    (void)check_message_authenticator(*packet, base, secret);
    (void)is_authenticator_right(*packet, base, secret);
    (void)to_text(*packet, {.secret = &secret, .request = base, .reveal_passwords = true});

    PacketBuffer buffer;
    PacketWriter writer{buffer, packet->code(), packet->identifier(), packet->authenticator()};
    for (const Attribute attribute : packet->attributes()) {
        writer.add(attribute.type, attribute.value);
        (void)reveal_password(attribute.value, base, secret);
        (void)open_with_salt(attribute.value, base, secret);
        (void)read_tagged_integer(attribute.value);
        (void)read_tagged_text(attribute.value);
        (void)read_ms_chap2_response(attribute.value);
        (void)nt_hash(as_text(attribute.value));
    }
    const auto again = writer.finish(secret);
    IWAS_ASSERT(again.has_value());
    IWAS_ASSERT(again->size() == packet->octets().size());
    IWAS_ASSERT(
        std::ranges::equal(again->subspan(header_octets), packet->octets().subspan(header_octets)));
    return 0;
}
