#include "protocol/radius/ms_chap.hpp"

#include "core/digest.hpp"
#include "core/utf8.hpp"
#include "protocol/radius/legacy_digest.hpp"

#include <algorithm>

namespace iwas::radius {

namespace {

// The constants of RFC 2759 §8.7 and RFC 3079 §3.4.
constexpr std::string_view sign_magic = "Magic server to client signing constant";
constexpr std::string_view pad_magic = "Pad to make it do more than one iteration";
constexpr std::string_view master_magic = "This is the MPPE Master Key";
constexpr std::string_view recv_magic =
    "On the client side, this is the send key; on the server side, it is the receive key.";
constexpr std::string_view send_magic =
    "On the client side, this is the receive key; on the server side, it is the send key.";

std::string upper_hex(ByteView octets)
{
    std::string text = to_hex(octets);
    for (char& c : text)
        if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

std::array<std::uint8_t, 16> first_16(const Sha1Digest& digest)
{
    std::array<std::uint8_t, 16> key;
    std::copy_n(digest.begin(), key.size(), key.begin());
    return key;
}

std::array<std::uint8_t, 16> start_key(ByteView master, std::string_view magic)
{
    constexpr std::array<std::uint8_t, 40> zeros{};
    std::array<std::uint8_t, 40> filler;
    filler.fill(0xF2);
    return first_16(sha1({master, zeros, as_bytes(magic), filler}));
}

} // namespace

std::optional<NtHash> nt_hash(std::string_view password)
{
    Bytes utf16;
    utf16.reserve(password.size() * 2);
    const auto put = [&](std::uint32_t unit) {
        utf16.push_back(static_cast<std::uint8_t>(unit));
        utf16.push_back(static_cast<std::uint8_t>(unit >> 8));
    };
    while (!password.empty()) {
        const auto point = take_code_point(password);
        if (!point) return std::nullopt;
        if (*point < 0x10000) {
            put(*point);
        } else {
            put(0xD800 + ((*point - 0x10000) >> 10));
            put(0xDC00 + ((*point - 0x10000) & 0x3FF));
        }
    }
    const NtHash hash = md4(utf16);
    wipe(utf16);
    return hash;
}

std::optional<MsChap2Response> read_ms_chap2_response(ByteView value)
{
    // identifier, flags, peer challenge (16), reserved (8), response (24)
    if (value.size() != 50) return std::nullopt;
    return MsChap2Response{value[0], value.subspan(2, 16), value.subspan(26, 24)};
}

std::array<std::uint8_t, 8> ms_chap2_challenge_hash(
    ByteView peer_challenge, ByteView challenge, std::string_view user_name)
{
    if (const auto slash = user_name.find('\\'); slash != std::string_view::npos)
        user_name.remove_prefix(slash + 1);
    const Sha1Digest digest = sha1({peer_challenge, challenge, as_bytes(user_name)});
    std::array<std::uint8_t, 8> hash;
    std::copy_n(digest.begin(), hash.size(), hash.begin());
    return hash;
}

NtResponse ms_chap2_nt_response(const NtHash& hash, ByteView challenge_hash)
{
    std::array<std::uint8_t, 21> keys{};
    std::ranges::copy(hash, keys.begin());
    NtResponse response;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto block = des_encrypt(std::span{keys}.subspan(i * 7, 7), challenge_hash);
        std::ranges::copy(block, response.begin() + static_cast<std::ptrdiff_t>(i * 8));
    }
    return response;
}

std::optional<MsChap2Proof> prove_ms_chap2(
    const NtHash& hash, ByteView challenge, const MsChap2Response& response,
    std::string_view user_name)
{
    if (challenge.size() != 16) return std::nullopt;
    const auto challenge_hash =
        ms_chap2_challenge_hash(response.peer_challenge, challenge, user_name);
    if (!equal_constant_time(response.nt_response, ms_chap2_nt_response(hash, challenge_hash)))
        return std::nullopt;

    const auto hash_hash = md4(hash);
    const Sha1Digest digest = sha1({hash_hash, response.nt_response, as_bytes(sign_magic)});
    const Sha1Digest signature = sha1({digest, challenge_hash, as_bytes(pad_magic)});
    const auto master = first_16(sha1({hash_hash, response.nt_response, as_bytes(master_magic)}));
    return MsChap2Proof{
        "S=" + upper_hex(signature), start_key(master, send_magic), start_key(master, recv_magic)};
}

std::string ms_chap_error(std::uint8_t identifier, ByteView challenge, std::string_view message)
{
    std::string value(1, static_cast<char>(identifier));
    value += "E=691 R=0 C=" + upper_hex(challenge) + " V=3 M=";
    value += message;
    return value;
}

} // namespace iwas::radius
