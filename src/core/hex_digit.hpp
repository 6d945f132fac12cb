// hex_digit: what one hexadecimal digit is worth. For the decoders of this folder.
#pragma once

namespace iwas {

/// 0 to 15; -1 when `c` is none of 0-9, a-f, A-F.
constexpr int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

} // namespace iwas
