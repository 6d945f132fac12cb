// Octets of a RouterOS API stream, in pieces: no crash, bounded memory, and whatever is decoded
// encodes and decodes to itself. Replies, commands, queries and values are read from it too.
#include "core/assert.hpp"
#include "protocol/routeros/query.hpp"
#include "protocol/routeros/reply.hpp"
#include "protocol/routeros/value.hpp"

using namespace iwas;

namespace {

void read_values(const routeros::Attributes& attributes)
{
    for (const auto& [name, value] : attributes) {
        const auto duration = routeros::parse_duration(value);
        if (duration)
            IWAS_ASSERT(routeros::parse_duration(routeros::format_duration(*duration)) == duration);
        static_cast<void>(routeros::parse_octet_count(value));
    }
}

void check(const routeros::Sentence& sentence, const routeros::DecodeLimits& limits)
{
    routeros::SentenceDecoder decoder{limits};
    decoder.feed(as_bytes(routeros::encode(sentence)));
    const auto again = decoder.next();
    IWAS_ASSERT(again && *again && **again == sentence);

    if (const auto reply = routeros::parse_reply(sentence)) {
        static_cast<void>(routeros::classify_trap(*reply));
        read_values(reply->attributes);
    }
    if (const auto command = routeros::parse_command(sentence)) {
        const auto query = routeros::Query::parse(command->queries);
        if (query) static_cast<void>(query->matches(command->attributes));
        const auto back = routeros::parse_command(routeros::to_sentence(*command));
        IWAS_ASSERT(back && back->attributes == command->attributes);
        read_values(command->attributes);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const routeros::DecodeLimits limits{
        .word_octets_max = 4'096, .sentence_octets_max = 16'384, .words_max = 256};
    // The first octet gives the size of the pieces, as TCP may cut the stream anywhere.
    const std::size_t piece = 1U + data[0];
    ByteView rest{data + 1, size - 1};
    routeros::SentenceDecoder decoder{limits};
    while (!rest.empty()) {
        const auto part = rest.first(std::min(piece, rest.size()));
        rest = rest.subspan(part.size());
        decoder.feed(part);
        while (true) {
            const auto sentence = decoder.next();
            if (!sentence) return 0;
            if (!*sentence) break;
            check(**sentence, limits);
        }
    }
    return 0;
}
