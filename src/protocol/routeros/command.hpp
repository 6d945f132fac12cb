// Command: what a client asks of a router, and the same read back by a router (or its simulation).
#pragma once

#include "protocol/routeros/sentence.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iwas::routeros {

/// Names and values in the order of the wire. A name may occur twice; the first one counts.
using Attributes = std::vector<std::pair<std::string, std::string>>;

/// The first value of `name`; nothing when it is absent. The view borrows `attributes`.
std::optional<std::string_view> find(const Attributes& attributes, std::string_view name);

/// One command: the path (`/ip/hotspot/active/print`), its `=name=value` words and its query words.
struct Command {
    std::string path;
    Attributes attributes;
    /// Query words without their leading `?`.
    std::vector<std::string> queries;
    /// Value of `.tag`; empty when there is none.
    std::string tag;

    explicit Command(std::string path_ = {}) : path{std::move(path_)} {}

    /// Adds `=name=value`. Values are octets and may hold anything, `=` and NUL included.
    Command&& with(std::string_view name, std::string_view value) &&;
    /// Adds `=.proplist=`, which keeps a router from computing properties that nobody reads.
    Command&& with_properties(std::string_view comma_separated) &&;
    /// Adds `?name=value`; several are joined by "and".
    Command&& where(std::string_view name, std::string_view value) &&;
};

/// The words of `command`, its tag included when there is one.
Sentence to_sentence(const Command& command);

/// Reads a client's sentence. Nothing when the first word is no command. Words of no known kind are
/// left out, as RouterOS does.
std::optional<Command> parse_command(const Sentence& sentence);

/// Splits an attribute word `=name=value` (or an API attribute `.name=value`) at the first `=`
/// after the name. Nothing for another kind of word.
std::optional<std::pair<std::string_view, std::string_view>> split_attribute(std::string_view word);

} // namespace iwas::routeros
