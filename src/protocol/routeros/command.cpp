#include "protocol/routeros/command.hpp"

#include <algorithm>

namespace iwas::routeros {

std::optional<std::string_view> find(const Attributes& attributes, std::string_view name)
{
    const auto found = std::ranges::find(attributes, name, &Attributes::value_type::first);
    if (found == attributes.end()) return std::nullopt;
    return found->second;
}

Command&& Command::with(std::string_view name, std::string_view value) &&
{
    attributes.emplace_back(name, value);
    return std::move(*this);
}

Command&& Command::with_properties(std::string_view comma_separated) &&
{
    return std::move(*this).with(".proplist", comma_separated);
}

Command&& Command::where(std::string_view name, std::string_view value) &&
{
    queries.push_back(std::string{name} + '=' + std::string{value});
    return std::move(*this);
}

Sentence to_sentence(const Command& command)
{
    Sentence words{command.path};
    for (const auto& [name, value] : command.attributes)
        words.push_back('=' + name + '=' + value);
    for (const std::string& query : command.queries)
        words.push_back('?' + query);
    if (!command.tag.empty()) words.push_back(".tag=" + command.tag);
    return words;
}

std::optional<Command> parse_command(const Sentence& sentence)
{
    if (sentence.empty() || !sentence.front().starts_with('/')) return std::nullopt;
    Command command{sentence.front()};
    for (auto word = sentence.begin() + 1; word != sentence.end(); ++word) {
        if (word->starts_with('?')) {
            command.queries.push_back(word->substr(1));
            continue;
        }
        const auto attribute = split_attribute(*word);
        if (!attribute) continue;
        if (word->starts_with(".tag=")) {
            command.tag = attribute->second;
        } else if (word->starts_with('=')) {
            command.attributes.emplace_back(attribute->first, attribute->second);
        }
    }
    return command;
}

std::optional<std::pair<std::string_view, std::string_view>> split_attribute(std::string_view word)
{
    if (!word.starts_with('=') && !word.starts_with('.')) return std::nullopt;
    const std::string_view content = word.substr(1);
    // A name may itself begin with a dot (`=.id=*1`); it never holds `=`.
    const auto equals = content.find('=');
    if (equals == std::string_view::npos) return std::pair{content, std::string_view{}};
    return std::pair{content.substr(0, equals), content.substr(equals + 1)};
}

} // namespace iwas::routeros
