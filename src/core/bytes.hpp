// Octets: the buffer type, big-endian access, hexadecimal, base64 and constant-time comparison.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace iwas {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// The octets of `text`; the view borrows it.
inline ByteView as_bytes(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
/// The same octets as text, unchanged and unchecked; the view borrows `bytes`.
inline std::string_view as_text(ByteView bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Big-endian integers. The caller has checked that the octets are there.
constexpr std::uint16_t load_be16(ByteView bytes, std::size_t at)
{
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}
constexpr std::uint32_t load_be32(ByteView bytes, std::size_t at)
{
    return static_cast<std::uint32_t>(load_be16(bytes, at)) << 16 | load_be16(bytes, at + 2);
}
constexpr void store_be16(std::span<std::uint8_t> bytes, std::size_t at, std::uint16_t value)
{
    bytes[at] = static_cast<std::uint8_t>(value >> 8);
    bytes[at + 1] = static_cast<std::uint8_t>(value);
}
constexpr void store_be32(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value)
{
    store_be16(bytes, at, static_cast<std::uint16_t>(value >> 16));
    store_be16(bytes, at + 2, static_cast<std::uint16_t>(value));
}

/// Lower-case hexadecimal.
std::string to_hex(ByteView bytes);
/// Nothing when `text` has an odd length or another character than 0-9, a-f, A-F.
std::optional<Bytes> from_hex(std::string_view text);

/// Base64 (RFC 4648 §4, padded) and base64url (§5, not padded).
std::string to_base64(ByteView bytes);
std::string to_base64url(ByteView bytes);
/// Nothing when `text` is not base64 with its padding.
std::optional<Bytes> from_base64(std::string_view text);

/// Equality in time that depends on the sizes only. For authenticators, signatures and tokens.
bool equal_constant_time(ByteView a, ByteView b) noexcept;
inline bool equal_constant_time(std::string_view a, std::string_view b) noexcept
{
    return equal_constant_time(as_bytes(a), as_bytes(b));
}

/// Overwrites `bytes` in a way that the compiler keeps.
void wipe(std::span<std::uint8_t> bytes) noexcept;

} // namespace iwas
