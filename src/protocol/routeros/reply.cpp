#include "protocol/routeros/reply.hpp"

#include <array>
#include <utility>

namespace iwas::routeros {

namespace {

constexpr std::array<std::pair<std::string_view, ReplyKind>, 5> kinds{{
    {"!re", ReplyKind::re},
    {"!done", ReplyKind::done},
    {"!trap", ReplyKind::trap},
    {"!empty", ReplyKind::empty},
    {"!fatal", ReplyKind::fatal},
}};

ReplyKind kind_of(std::string_view word)
{
    for (const auto& [name, kind] : kinds)
        if (word == name) return kind;
    return ReplyKind::other;
}

std::string_view word_of(ReplyKind kind)
{
    for (const auto& [name, candidate] : kinds)
        if (candidate == kind) return name;
    return "!unknown";
}

struct Phrase {
    std::string_view text;
    TrapKind kind;
};

// Searched in order, so the narrower phrase stands first.
constexpr Phrase phrases[] = {
    {"no such item", TrapKind::no_such_item},
    {"no such command", TrapKind::no_such_command},
    {"already have", TrapKind::already_exists},
    {"already exists", TrapKind::already_exists},
    {"invalid user name or password", TrapKind::bad_login},
    {"invalid username or password", TrapKind::bad_login},
    {"cannot log in", TrapKind::bad_login},
    {"not enough permissions", TrapKind::not_permitted},
    {"interrupted", TrapKind::interrupted},
    {"RADIUS server is not responding", TrapKind::no_answer},
    {"input does not match", TrapKind::bad_value},
    {"invalid value", TrapKind::bad_value},
    {"unknown parameter", TrapKind::bad_value},
    {"missing value", TrapKind::bad_value},
};

} // namespace

std::optional<Reply> parse_reply(const Sentence& sentence)
{
    if (sentence.empty() || !sentence.front().starts_with('!')) return std::nullopt;
    Reply reply;
    reply.kind = kind_of(sentence.front());
    for (auto word = sentence.begin() + 1; word != sentence.end(); ++word) {
        const auto attribute = split_attribute(*word);
        if (!attribute) {
            if (!reply.text.empty()) reply.text += ' ';
            reply.text += *word;
        } else if (word->starts_with('=')) {
            reply.attributes.emplace_back(attribute->first, attribute->second);
        } else if (attribute->first == "tag") {
            reply.tag = attribute->second;
        }
    }
    return reply;
}

Sentence to_sentence(const Reply& reply)
{
    Sentence words{std::string{word_of(reply.kind)}};
    if (!reply.tag.empty()) words.push_back(".tag=" + reply.tag);
    for (const auto& [name, value] : reply.attributes)
        words.push_back('=' + name + '=' + value);
    if (!reply.text.empty()) words.push_back(reply.text);
    return words;
}

std::string_view to_string(TrapKind kind)
{
    switch (kind) {
    case TrapKind::no_such_item: return "no such item";
    case TrapKind::no_such_command: return "no such command";
    case TrapKind::already_exists: return "already exists";
    case TrapKind::bad_login: return "bad login";
    case TrapKind::not_permitted: return "not permitted";
    case TrapKind::interrupted: return "interrupted";
    case TrapKind::bad_value: return "bad value";
    case TrapKind::no_answer: return "no answer from RADIUS";
    case TrapKind::other: return "other";
    }
    std::unreachable();
}

TrapKind classify_trap(std::string_view message, std::optional<std::string_view> category)
{
    for (const Phrase& phrase : phrases)
        if (message.find(phrase.text) != std::string_view::npos) return phrase.kind;
    if (!category) return TrapKind::other;
    // Only these two categories say by themselves what went wrong; 0 covers items and commands.
    if (*category == "1") return TrapKind::bad_value;
    if (*category == "2") return TrapKind::interrupted;
    return TrapKind::other;
}

TrapKind classify_trap(const Reply& trap)
{
    return classify_trap(trap.find("message").value_or(""), trap.find("category"));
}

} // namespace iwas::routeros
