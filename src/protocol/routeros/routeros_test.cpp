#include "protocol/routeros/login.hpp"
#include "protocol/routeros/query.hpp"
#include "protocol/routeros/reply.hpp"
#include "protocol/routeros/value.hpp"
#include "tests/vectors/vector_file.hpp"

#include <gtest/gtest.h>

#include <random>
#include <sstream>

namespace iwas::routeros {
namespace {

using tests::read_vectors;
using namespace std::chrono_literals;

Bytes hex(std::string_view text)
{
    const auto octets = from_hex(text);
    if (!octets) throw std::runtime_error("bad hexadecimal in a vector");
    return *octets;
}

/// All sentences of a stream that is fed in pieces of the given sizes (repeated).
std::vector<Sentence> decode_all(
    ByteView stream, const std::vector<std::size_t>& sizes, DecodeLimits limits = {})
{
    SentenceDecoder decoder{limits};
    std::vector<Sentence> sentences;
    std::size_t piece = 0;
    while (!stream.empty()) {
        const auto size = std::min(sizes[piece++ % sizes.size()], stream.size());
        decoder.feed(stream.first(size));
        stream = stream.subspan(size);
        while (true) {
            auto sentence = decoder.next();
            EXPECT_TRUE(sentence);
            if (!sentence || !*sentence) break;
            sentences.push_back(std::move(**sentence));
        }
    }
    EXPECT_FALSE(decoder.inside_sentence());
    return sentences;
}

TEST(RouterosLength, EncodesAndDecodesEveryVector)
{
    for (const auto& vector : read_vectors("rosapi_length.txt")) {
        const auto length = static_cast<std::uint32_t>(std::stoul(vector["length"]));
        std::string encoded;
        append_length(encoded, length);
        EXPECT_EQ(to_hex(as_bytes(encoded)), vector["hex"]);
        const auto decoded = decode_length(hex(vector["hex"]));
        ASSERT_TRUE(decoded && *decoded);
        EXPECT_EQ((*decoded)->length, length);
        EXPECT_EQ((*decoded)->octets, vector["hex"].size() / 2);
    }
}

TEST(RouterosLength, RefusesReservedOctetsAndWaitsForMissingOnes)
{
    for (const auto& vector : read_vectors("rosapi_length_bad.txt")) {
        const auto decoded = decode_length(hex(vector["hex"]));
        if (vector["expect"] == "reserved") {
            ASSERT_FALSE(decoded);
            EXPECT_EQ(decoded.error(), DecodeError::reserved_control_byte);
        } else {
            ASSERT_TRUE(decoded);
            EXPECT_FALSE(*decoded);
        }
    }
    const auto unknown_form = decode_length(hex("f100000000"));
    ASSERT_FALSE(unknown_form);
    EXPECT_EQ(unknown_form.error(), DecodeError::bad_length);
}

TEST(RouterosSentence, EncodesAndDecodesEveryVector)
{
    for (const auto& vector : read_vectors("rosapi_sentence.txt")) {
        const Sentence words = vector.all("word");
        EXPECT_EQ(to_hex(as_bytes(encode(words))), vector["hex"]);
        EXPECT_EQ(decode_all(hex(vector["hex"]), {1}), std::vector<Sentence>{words});
    }
}

TEST(RouterosSentence, SplitsOfTheStreamChangeNothing)
{
    Bytes stream;
    std::vector<Sentence> expected;
    for (const auto& vector : read_vectors("rosapi_sentence.txt")) {
        const Bytes octets = hex(vector["hex"]);
        stream.insert(stream.end(), octets.begin(), octets.end());
        stream.push_back(0); // an empty sentence, to be passed over
        expected.push_back(vector.all("word"));
    }
    const Sentence large{"!re", "=source=" + std::string(20'000, 'x')};
    const std::string encoded = encode(large);
    stream.insert(stream.end(), encoded.begin(), encoded.end());
    expected.push_back(large);

    EXPECT_EQ(decode_all(stream, {1}), expected);
    EXPECT_EQ(decode_all(stream, {stream.size()}), expected);
    std::mt19937 random{7};
    for (int round = 0; round < 50; ++round) {
        std::vector<std::size_t> sizes(64);
        for (auto& size : sizes)
            size = 1 + random() % 300;
        EXPECT_EQ(decode_all(stream, sizes), expected);
    }
}

TEST(RouterosSentence, RefusesWhatIsBeyondItsLimits)
{
    const DecodeLimits limits{.word_octets_max = 10, .sentence_octets_max = 25, .words_max = 4};
    const auto error_of = [&limits](std::string_view octets) {
        SentenceDecoder decoder{limits};
        decoder.feed(as_bytes(octets));
        const auto sentence = decoder.next();
        EXPECT_FALSE(sentence);
        // It stays in error, whatever comes after.
        decoder.feed(as_bytes("\x01x"));
        EXPECT_FALSE(decoder.next());
        return sentence ? std::optional<DecodeError>{} : sentence.error();
    };
    // The length alone suffices: the word is not waited for.
    EXPECT_EQ(error_of("\x0B"), DecodeError::word_too_long);
    EXPECT_EQ(error_of("\xF0\xFF\xFF\xFF\xFF"), DecodeError::word_too_long);
    EXPECT_EQ(
        error_of("\x0A"
                 "0123456789"
                 "\x0A"
                 "0123456789"
                 "\x0A"),
        DecodeError::sentence_too_long);
    EXPECT_EQ(
        error_of("\x01"
                 "a"
                 "\x01"
                 "a"
                 "\x01"
                 "a"
                 "\x01"
                 "a"
                 "\x01"),
        DecodeError::too_many_words);
    EXPECT_EQ(
        error_of("\x01"
                 "a"
                 "\xF8"),
        DecodeError::reserved_control_byte);
}

TEST(RouterosCommand, SurvivesTheWire)
{
    auto command = Command{"/ip/hotspot/host/print"}
                       .with_properties(".id,mac-address")
                       .with("comment", std::string{"a=b\r\nc\0\xFF\xFE\x80", 11})
                       .where("address", "10.5.50.21");
    command.tag = "12";
    const auto back = parse_command(to_sentence(command));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->path, command.path);
    EXPECT_EQ(back->attributes, command.attributes);
    EXPECT_EQ(back->queries, (std::vector<std::string>{"address=10.5.50.21"}));
    EXPECT_EQ(back->tag, "12");
    EXPECT_FALSE(parse_command({"login"}));
    EXPECT_FALSE(parse_command({}));
}

TEST(RouterosReply, ReadsEveryKind)
{
    const auto re = parse_reply({"!re", ".tag=7", "=.id=*A1", "=comment=", "=script=a=b"});
    ASSERT_TRUE(re);
    EXPECT_EQ(re->kind, ReplyKind::re);
    EXPECT_EQ(re->tag, "7");
    EXPECT_EQ(re->find(".id"), "*A1");
    EXPECT_EQ(re->find("comment"), "");
    EXPECT_EQ(re->find("script"), "a=b");
    EXPECT_FALSE(re->find("absent"));

    EXPECT_EQ(parse_reply({"!done"})->kind, ReplyKind::done);
    EXPECT_EQ(parse_reply({"!empty", ".tag=3"})->kind, ReplyKind::empty);
    EXPECT_EQ(parse_reply({"!progress", ".tag=3"})->kind, ReplyKind::other);
    EXPECT_EQ(parse_reply({"!progress", ".tag=3"})->tag, "3");
    const auto fatal = parse_reply({"!fatal", "session terminated on request"});
    EXPECT_EQ(fatal->kind, ReplyKind::fatal);
    EXPECT_EQ(fatal->text, "session terminated on request");
    EXPECT_FALSE(parse_reply({"/login"}));
    EXPECT_FALSE(parse_reply({}));
}

TEST(RouterosReply, SurvivesTheWire)
{
    const Reply reply{ReplyKind::trap, "9", {{"category", "2"}, {"message", "interrupted"}}, {}};
    const auto back = parse_reply(to_sentence(reply));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->kind, reply.kind);
    EXPECT_EQ(back->tag, reply.tag);
    EXPECT_EQ(back->attributes, reply.attributes);
}

TEST(RouterosTrap, IsToldApartByItsWordsAndCategory)
{
    EXPECT_EQ(classify_trap("no such item (4)", std::nullopt), TrapKind::no_such_item);
    EXPECT_EQ(classify_trap("no such item", "0"), TrapKind::no_such_item);
    EXPECT_EQ(classify_trap("no such command prefix", "0"), TrapKind::no_such_command);
    EXPECT_EQ(classify_trap("failure: already have such entry", {}), TrapKind::already_exists);
    EXPECT_EQ(classify_trap("failure: item already exists", {}), TrapKind::already_exists);
    EXPECT_EQ(classify_trap("invalid user name or password (6)", {}), TrapKind::bad_login);
    EXPECT_EQ(classify_trap("cannot log in", {}), TrapKind::bad_login);
    EXPECT_EQ(classify_trap("not enough permissions (9)", {}), TrapKind::not_permitted);
    EXPECT_EQ(classify_trap("RADIUS server is not responding", {}), TrapKind::no_answer);
    EXPECT_EQ(classify_trap("interrupted", "2"), TrapKind::interrupted);
    EXPECT_EQ(classify_trap("something new", "2"), TrapKind::interrupted);
    EXPECT_EQ(classify_trap("something new", "1"), TrapKind::bad_value);
    EXPECT_EQ(classify_trap("something new", "4"), TrapKind::other);
}

TEST(RouterosLogin, AnswersTheOldChallenge)
{
    for (const auto& vector : read_vectors("rosapi_login_md5.txt")) {
        const auto command =
            old_login_command("admin", SecretText{vector["password"]}, vector["challenge"]);
        ASSERT_TRUE(command);
        EXPECT_EQ(find(command->attributes, "response"), vector["response"]);
        EXPECT_EQ(find(command->attributes, "name"), "admin");
    }
    EXPECT_FALSE(old_login_command("admin", SecretText{"x"}, "93b4"));
    EXPECT_FALSE(old_login_command("admin", SecretText{"x"}, std::string(32, 'z')));
}

Attributes row(const std::string& text)
{
    Attributes attributes;
    std::istringstream words{text};
    for (std::string word; words >> word;)
        attributes.emplace_back(word.substr(0, word.find('=')), word.substr(word.find('=') + 1));
    return attributes;
}

TEST(RouterosQuery, LetsPassWhatEveryVectorSays)
{
    for (const auto& vector : read_vectors("rosapi_query.txt")) {
        std::vector<std::string> words;
        for (const auto& word : vector.all("query"))
            words.push_back(word.substr(1));
        const auto query = Query::parse(words);
        ASSERT_TRUE(query);
        std::vector<std::string> passed;
        for (const auto& item : vector.all("item")) {
            const Attributes record = row(item);
            if (query->matches(record)) passed.emplace_back(*find(record, ".id"));
        }
        EXPECT_EQ(passed, vector.all("match")) << words.front();
    }
}

TEST(RouterosQuery, ComparesNumbersByValueAndKnowsStackOperations)
{
    const Attributes record{{"mtu", "1500"}, {"name", "ether1"}};
    const auto passes = [&record](std::vector<std::string> words) {
        const auto query = Query::parse(words);
        return query && query->matches(record);
    };
    EXPECT_TRUE(passes({">mtu=999"}));
    EXPECT_FALSE(passes({"<mtu=999"}));
    EXPECT_TRUE(passes({"=name=ether1"}));
    EXPECT_FALSE(passes({">absent=1"}));
    EXPECT_TRUE(passes({}));
    EXPECT_TRUE(passes({"#!!"}));                      // below the stack all is true
    EXPECT_TRUE(passes({"name=x", "mtu=1500", "#0"})); // the top replaces everything
    EXPECT_FALSE(passes({"name=x", "mtu=1500", "#1"}));
    EXPECT_TRUE(passes({"name=x", "#.!|"}));             // copy, negate, or
    EXPECT_TRUE(passes({"mtu=1500", "name=x", "#1.|"})); // copy of an index, or
    EXPECT_FALSE(passes({"mtu=1500", "name=x", "#1.!|"}));
    EXPECT_FALSE(Query::parse({"#x"}));
    EXPECT_FALSE(Query::parse(std::vector<std::string>(Query::words_max + 1, "name")));
}

TEST(RouterosValue, ReadsDurations)
{
    EXPECT_EQ(parse_duration("1w2d03:04:05"), 9 * 24h + 3h + 4min + 5s);
    EXPECT_EQ(parse_duration("2d20h12m20s"), 68h + 12min + 20s);
    EXPECT_EQ(parse_duration("5m30s"), 330s);
    EXPECT_EQ(parse_duration("00:05:30"), 330s);
    EXPECT_EQ(parse_duration("00:05:30.25"), 330s + 250ms);
    EXPECT_EQ(parse_duration("500ms"), 500ms);
    EXPECT_EQ(parse_duration("1s500ms"), 1500ms);
    EXPECT_EQ(parse_duration("0s"), 0s);
    EXPECT_EQ(parse_duration("90"), 90s);
    for (const auto* const bad :
         {"", "s", "5x", "1m1h", "1m1m", "00:61:00", "00:05", "1:2:3:4", "-5s",
          "99999999999999999s", "9999999w", "5 s", "1h00:05:00"}) {
        EXPECT_FALSE(parse_duration(bad)) << bad;
    }
}

TEST(RouterosValue, WritesDurationsThatReadBack)
{
    EXPECT_EQ(format_duration(9 * 24h + 3h + 5s), "1w2d3h5s");
    EXPECT_EQ(format_duration(1500ms), "1s500ms");
    EXPECT_EQ(format_duration(0s), "0s");
    EXPECT_EQ(format_duration(-3s), "0s");
    for (const auto duration : {1ms, 61'000ms, 3'600'000ms, 987'654'321ms})
        EXPECT_EQ(parse_duration(format_duration(duration)), duration);
}

TEST(RouterosValue, ReadsBooleansAndCounts)
{
    EXPECT_EQ(parse_boolean("true"), true);
    EXPECT_EQ(parse_boolean("no"), false);
    EXPECT_FALSE(parse_boolean("1"));
    EXPECT_EQ(parse_octet_count("18446744073709551615"), 18446744073709551615ULL);
    EXPECT_EQ(parse_octet_count("12.5KiB"), 12'800U);
    EXPECT_EQ(parse_octet_count("3MiB"), 3U << 20);
    EXPECT_FALSE(parse_octet_count("12.KiB"));
    EXPECT_FALSE(parse_octet_count("99999999999999999TiB"));
    EXPECT_FALSE(parse_octet_count("-1"));
    EXPECT_FALSE(parse_octet_count(""));
}

} // namespace
} // namespace iwas::routeros
