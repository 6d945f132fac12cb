#include "protocol/radius/password.hpp"

#include <algorithm>

namespace iwas::radius {

namespace {

constexpr std::size_t block_octets = 16;
constexpr std::size_t password_octets_max = 128;
constexpr std::size_t salt_octets = 2;

/// XORs `block` with MD5(secret, `chained`).
void mask(std::span<std::uint8_t> block, const SharedSecret& secret, ByteView chained)
{
    const Md5Digest pad = secret.digest_after_secret().add(chained).finish();
    for (std::size_t i = 0; i < block_octets; ++i)
        block[i] ^= pad[i];
}

/// Seals `octets` in place: each block is masked by the sealed one before it.
void seal_blocks(std::span<std::uint8_t> octets, ByteView first_chained, const SharedSecret& secret)
{
    ByteView chained = first_chained;
    for (std::size_t at = 0; at < octets.size(); at += block_octets) {
        const auto block = octets.subspan(at, block_octets);
        mask(block, secret, chained);
        chained = block;
    }
}

/// Opens `octets` in place, from the last block to the first so that no copy is needed.
void open_blocks(std::span<std::uint8_t> octets, ByteView first_chained, const SharedSecret& secret)
{
    for (std::size_t at = octets.size(); at > 0; at -= block_octets) {
        const auto block = octets.subspan(at - block_octets, block_octets);
        const ByteView chained =
            at == block_octets ? first_chained
                               : ByteView{octets.subspan(at - 2 * block_octets, block_octets)};
        mask(block, secret, chained);
    }
}

std::size_t whole_blocks(std::size_t size)
{
    return std::max((size + block_octets - 1) / block_octets, std::size_t{1}) * block_octets;
}

} // namespace

std::optional<ClearPassword> reveal_password(
    ByteView hidden, const Authenticator& request, const SharedSecret& secret)
{
    if (hidden.empty() || hidden.size() > password_octets_max || hidden.size() % block_octets != 0)
        return std::nullopt;
    ClearPassword clear;
    std::ranges::copy(hidden, clear.octets.begin());
    open_blocks(std::span{clear.octets}.first(hidden.size()), request, secret);
    clear.size = hidden.size();
    while (clear.size > 0 && clear.octets[clear.size - 1] == 0)
        --clear.size;
    return clear;
}

void add_user_password(PacketWriter& writer, ByteView password, const SharedSecret& secret)
{
    // A value too long for the attribute makes the writer fail.
    std::array<std::uint8_t, value_octets_max + 1> octets{};
    if (password.size() > password_octets_max) {
        writer.add(attribute::user_password, octets);
        return;
    }
    std::ranges::copy(password, octets.begin());
    const auto hidden = std::span{octets}.first(whole_blocks(password.size()));
    seal_blocks(hidden, writer.base(), secret);
    writer.add(attribute::user_password, hidden);
}

std::array<std::uint8_t, 17> chap_password(
    std::uint8_t identifier, ByteView challenge, ByteView password)
{
    std::array<std::uint8_t, 17> value;
    value[0] = identifier;
    const Md5Digest digest =
        Md5{}.add(std::span{value}.first(1)).add(password).add(challenge).finish();
    std::ranges::copy(digest, value.begin() + 1);
    return value;
}

bool is_chap_right(ByteView given, ByteView challenge, ByteView password)
{
    if (given.size() != 17) return false;
    return equal_constant_time(given, chap_password(given[0], challenge, password));
}

std::optional<Salted> seal_with_salt(
    ByteView clear, std::uint16_t salt, const Authenticator& request, const SharedSecret& secret)
{
    const std::size_t sealed_octets = whole_blocks(clear.size() + 1);
    // One octet less than an attribute takes: Tunnel-Password puts its tag before the salt.
    if (sealed_octets + salt_octets > value_octets_max - 1) return std::nullopt;
    Salted result;
    result.octets.fill(0);
    store_be16(result.octets, 0, static_cast<std::uint16_t>(salt | 0x8000));
    result.octets[salt_octets] = static_cast<std::uint8_t>(clear.size());
    std::ranges::copy(clear, result.octets.begin() + salt_octets + 1);
    result.size = salt_octets + sealed_octets;

    std::array<std::uint8_t, 18> first;
    std::ranges::copy(request, first.begin());
    std::ranges::copy(std::span{result.octets}.first(salt_octets), first.begin() + 16);
    seal_blocks(std::span{result.octets}.subspan(salt_octets, sealed_octets), first, secret);
    return result;
}

std::optional<Bytes> open_with_salt(
    ByteView value, const Authenticator& request, const SharedSecret& secret)
{
    if (value.size() < salt_octets + block_octets ||
        (value.size() - salt_octets) % block_octets != 0)
        return std::nullopt;
    std::array<std::uint8_t, 18> first;
    std::ranges::copy(request, first.begin());
    std::ranges::copy(value.first(salt_octets), first.begin() + 16);
    Bytes clear(value.begin() + salt_octets, value.end());
    open_blocks(clear, first, secret);
    const std::size_t size = clear[0];
    if (size + 1 > clear.size()) return std::nullopt;
    clear.erase(clear.begin());
    clear.resize(size);
    return clear;
}

} // namespace iwas::radius
