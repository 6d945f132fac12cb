#include "protocol/routeros/sentence.hpp"

#include <utility>

namespace iwas::routeros {

namespace {

constexpr std::uint32_t two_octets_from = 0x80;
constexpr std::uint32_t three_octets_from = 0x4000;
constexpr std::uint32_t four_octets_from = 0x200000;
constexpr std::uint32_t five_octets_from = 0x10000000;

void append_big_endian(std::string& out, std::uint32_t value, int octets)
{
    for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(value >> shift & 0xFF));
}

} // namespace

std::string_view to_string(DecodeError error)
{
    switch (error) {
    case DecodeError::reserved_control_byte: return "reserved control byte";
    case DecodeError::bad_length: return "bad word length";
    case DecodeError::word_too_long: return "word too long";
    case DecodeError::sentence_too_long: return "sentence too long";
    case DecodeError::too_many_words: return "too many words";
    }
    std::unreachable();
}

void append_length(std::string& out, std::uint32_t length)
{
    if (length < two_octets_from) return append_big_endian(out, length, 1);
    if (length < three_octets_from) return append_big_endian(out, length | 0x8000, 2);
    if (length < four_octets_from) return append_big_endian(out, length | 0xC00000, 3);
    if (length < five_octets_from) return append_big_endian(out, length | 0xE0000000, 4);
    out.push_back(static_cast<char>(0xF0));
    append_big_endian(out, length, 4);
}

Result<std::optional<WordLength>, DecodeError> decode_length(ByteView octets)
{
    if (octets.empty()) return std::nullopt;
    const std::uint8_t first = octets[0];
    if (first >= 0xF8) return std::unexpected{DecodeError::reserved_control_byte};
    if (first > 0xF0) return std::unexpected{DecodeError::bad_length};

    std::uint32_t length = first;
    std::size_t size = 1;
    if (first == 0xF0) {
        length = 0;
        size = 5;
    } else if ((first & 0xF0) == 0xE0) {
        length = first & 0x0FU;
        size = 4;
    } else if ((first & 0xE0) == 0xC0) {
        length = first & 0x1FU;
        size = 3;
    } else if ((first & 0xC0) == 0x80) {
        length = first & 0x3FU;
        size = 2;
    }
    if (octets.size() < size) return std::nullopt;
    for (std::size_t i = 1; i < size; ++i)
        length = length << 8 | octets[i];
    return WordLength{length, size};
}

std::string encode(const Sentence& sentence)
{
    std::string out;
    for (const std::string& word : sentence) {
        if (word.empty()) continue;
        append_length(out, static_cast<std::uint32_t>(word.size()));
        out += word;
    }
    out.push_back('\0');
    return out;
}

void SentenceDecoder::feed(ByteView piece)
{
    if (!error_) buffer_.append(as_text(piece));
}

Result<std::optional<Sentence>, DecodeError> SentenceDecoder::next()
{
    if (error_) return std::unexpected{*error_};
    while (true) {
        const auto rest = as_bytes(buffer_).subspan(at_);
        const auto prefix = decode_length(rest);
        if (!prefix) return fail(prefix.error());
        if (!*prefix) break;
        const auto [length, octets] = **prefix;
        // Checked before the word is waited for, so that a false length is refused at once.
        if (length > limits_.word_octets_max) return fail(DecodeError::word_too_long);
        if (sentence_octets_ + length > limits_.sentence_octets_max)
            return fail(DecodeError::sentence_too_long);
        if (length > 0 && words_.size() >= limits_.words_max)
            return fail(DecodeError::too_many_words);
        if (rest.size() - octets < length) break;

        at_ += octets;
        if (length == 0) {
            sentence_octets_ = 0;
            if (words_.empty()) continue;
            return std::exchange(words_, {});
        }
        words_.emplace_back(buffer_, at_, length);
        at_ += length;
        sentence_octets_ += length;
    }
    compact();
    return std::nullopt;
}

std::unexpected<DecodeError> SentenceDecoder::fail(DecodeError error)
{
    error_ = error;
    buffer_.clear();
    words_.clear();
    at_ = 0;
    return std::unexpected{error};
}

void SentenceDecoder::compact()
{
    buffer_.erase(0, at_);
    at_ = 0;
}

} // namespace iwas::routeros
