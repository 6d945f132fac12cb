#include "protocol/radius/shared_secret.hpp"

#include <algorithm>

namespace iwas::radius {

SharedSecret::SharedSecret(SecretText secret) : secret_{std::move(secret)}
{
    after_secret_.add(octets());

    constexpr std::size_t block_octets = 64;
    std::array<std::uint8_t, block_octets> pad{};
    if (octets().size() > block_octets) {
        std::ranges::copy(Md5{}.add(octets()).finish(), pad.begin());
    } else {
        std::ranges::copy(octets(), pad.begin());
    }
    for (std::uint8_t& octet : pad)
        octet ^= 0x36;
    inner_.add(pad);
    for (std::uint8_t& octet : pad)
        octet ^= 0x36 ^ 0x5c;
    outer_.add(pad);
    wipe(pad);
}

Md5Digest SharedSecret::hmac(std::initializer_list<ByteView> parts) const
{
    Md5 inner = inner_;
    for (const ByteView part : parts)
        inner.add(part);
    return Md5{outer_}.add(inner.finish()).finish();
}

} // namespace iwas::radius
