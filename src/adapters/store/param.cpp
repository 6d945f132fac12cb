#include "adapters/store/connection.hpp"
#include "core/bytes.hpp"

#include <utility>

namespace iwas::adapters {

namespace {

/// The length of the UTF-8 character at `at`; 0 when there is none (RFC 3629 §4).
std::size_t utf8_size(std::string_view text, std::size_t at)
{
    const auto octet = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto is_tail = [&](std::size_t i) { return (octet(i) & 0xC0U) == 0x80U; };
    const unsigned first = octet(at);
    if (first == 0) return 0;
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return is_tail(at + 1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const unsigned second = octet(at + 1);
        if (first == 0xE0 && second < 0xA0) return 0;
        if (first == 0xED && second > 0x9F) return 0; // surrogates
        return is_tail(at + 1) && is_tail(at + 2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const unsigned second = octet(at + 1);
        if (first == 0xF0 && second < 0x90) return 0;
        if (first == 0xF4 && second > 0x8F) return 0;
        return is_tail(at + 1) && is_tail(at + 2) && is_tail(at + 3) ? 4 : 0;
    }
    return 0;
}

} // namespace

Param::Param(const MacAddress& mac) : is_text_{true}
{
    if (mac != MacAddress{}) text_ = to_string(mac);
}

void Param::clean()
{
    std::size_t at = 0;
    while (at < text_.size()) {
        const std::size_t size = utf8_size(text_, at);
        if (size == 0) break;
        at += size;
    }
    if (at == text_.size()) return;

    std::string cleaned = text_.substr(0, at);
    while (at < text_.size()) {
        const std::size_t size = utf8_size(text_, at);
        if (size > 0)
            cleaned.append(text_, at, size);
        else
            cleaned += "\\x" + to_hex(as_bytes(std::string_view{text_}.substr(at, 1)));
        at += size > 0 ? size : 1;
    }
    text_ = std::move(cleaned);
}

} // namespace iwas::adapters
