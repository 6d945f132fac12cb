// Words and sentences of the RouterOS API: the length prefix, an encoder and an incremental
// decoder.
#pragma once

#include "core/bytes.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace iwas::routeros {

/// The words of one sentence, without the closing empty word. Words are octets: RouterOS declares
/// no character encoding, so nothing here assumes UTF-8.
using Sentence = std::vector<std::string>;

/// What a decoder accepts before it gives up on a stream. A damaged stream otherwise asks for
/// gigabytes.
struct DecodeLimits {
    std::size_t word_octets_max = 1U << 20;
    std::size_t sentence_octets_max = 4U << 20;
    std::size_t words_max = 10'000;
};

/// Why a stream cannot go on. There is no way to find the next sentence: close the connection.
enum class DecodeError : std::uint8_t {
    reserved_control_byte, ///< a length that begins with 0xF8-0xFF
    bad_length,            ///< a length that begins with 0xF1-0xF7, which no encoder writes
    word_too_long,
    sentence_too_long,
    too_many_words,
};

std::string_view to_string(DecodeError error);

/// A decoded length prefix: the word's length and how many octets (1-5) the prefix took.
struct WordLength {
    std::uint32_t length;
    std::size_t octets;
};

/// Appends the length prefix of a word of `length` octets: 1 octet below 0x80, 2 below 0x4000, 3
/// below 0x200000, 4 below 0x10000000, else 0xF0 and 4 octets; big endian.
void append_length(std::string& out, std::uint32_t length);

/// Reads the length prefix at the start of `octets`; nothing when more octets are needed. Prefixes
/// longer than necessary are accepted. Errors: reserved_control_byte, bad_length.
Result<std::optional<WordLength>, DecodeError> decode_length(ByteView octets);

/// The sentence as sent: each word with its prefix, then the empty word. Empty words are left out,
/// because one would end the sentence.
std::string encode(const Sentence& sentence);

/// Takes a stream in pieces of any size and gives its sentences in order. After an error it stays
/// in error. Memory is bounded by the limits and the size of one piece, if the caller takes all
/// sentences out after each piece.
class SentenceDecoder {
public:
    explicit SentenceDecoder(DecodeLimits limits = {}) : limits_{limits} {}

    void feed(ByteView piece);

    /// The next whole sentence, nothing when more octets are needed. Empty sentences are skipped.
    Result<std::optional<Sentence>, DecodeError> next();

    /// Whether the stream stops in the middle of a sentence.
    [[nodiscard]] bool inside_sentence() const { return !words_.empty() || at_ < buffer_.size(); }

private:
    std::unexpected<DecodeError> fail(DecodeError error);
    void compact();

    DecodeLimits limits_;
    std::string buffer_;
    std::size_t at_ = 0;
    Sentence words_;
    std::size_t sentence_octets_ = 0;
    std::optional<DecodeError> error_;
};

} // namespace iwas::routeros
