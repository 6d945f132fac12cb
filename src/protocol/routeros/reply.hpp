// Reply: one sentence of a router's answer, and what its errors mean.
#pragma once

#include "protocol/routeros/command.hpp"

#include <cstdint>

namespace iwas::routeros {

/// `re` one record · `done` the command has ended · `trap` an error, `done` still follows · `empty`
/// no record (RouterOS 7.18 and later), `done` follows · `fatal` the connection ends · `other` a
/// word that later versions may bring: it is to be passed over.
enum class ReplyKind : std::uint8_t { re, done, trap, empty, fatal, other };

struct Reply {
    ReplyKind kind = ReplyKind::other;
    /// Empty when the reply carries no tag.
    std::string tag;
    Attributes attributes;
    /// Bare words, joined by blanks: the reason of `!fatal`.
    std::string text;

    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const
    {
        return routeros::find(attributes, name);
    }
};

/// Reads a router's sentence. Nothing when its first word is no reply (does not begin with `!`).
std::optional<Reply> parse_reply(const Sentence& sentence);

/// The words of `reply`, for the simulated router. `other` is written as `!unknown`.
Sentence to_sentence(const Reply& reply);

/// What an error means to a client, from its category where there is one, else from its words.
enum class TrapKind : std::uint8_t {
    no_such_item,    ///< the row is gone; removing it has succeeded
    no_such_command, ///< this version or package lacks the menu
    already_exists,  ///< such a row is there
    bad_login,       ///< name or password wrong
    not_permitted,   ///< the API user lacks a policy
    interrupted,     ///< cancelled
    bad_value,       ///< an argument is wrong
    no_answer,       ///< the router's RADIUS server was silent
    other,
};

std::string_view to_string(TrapKind kind);

/// `category` is the trap's attribute of that name; without one the message decides.
TrapKind classify_trap(std::string_view message, std::optional<std::string_view> category);
/// The same for a whole `!trap`.
TrapKind classify_trap(const Reply& trap);

} // namespace iwas::routeros
