// Identifiers: Id<Tag> for what IWAS creates, Key<Tag> for what people name in configuration.
#pragma once

#include "core/time.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace iwas {

/// 128 bits, ordered by creation: 48 bits of Unix milliseconds, then 80 random bits (the layout of
/// a ULID). Written as 26 characters of Crockford's base 32.
class Ulid {
public:
    constexpr Ulid() = default;
    constexpr Ulid(std::uint64_t high, std::uint64_t low) : high_{high}, low_{low} {}

    /// `random_high` gives its low 16 bits, `random_low` all 64.
    static Ulid make(UtcTime now, std::uint64_t random_high, std::uint64_t random_low);
    /// 26 characters, either case; nothing for anything else.
    static std::optional<Ulid> parse(std::string_view text);

    [[nodiscard]] constexpr std::uint64_t high() const { return high_; }
    [[nodiscard]] constexpr std::uint64_t low() const { return low_; }
    [[nodiscard]] constexpr bool is_nil() const { return high_ == 0 && low_ == 0; }
    /// The moment that it was made with, in whole milliseconds.
    [[nodiscard]] UtcTime made_at() const;
    friend constexpr auto operator<=>(const Ulid&, const Ulid&) = default;

private:
    std::uint64_t high_ = 0;
    std::uint64_t low_ = 0;
};

std::string to_string(const Ulid& id);
/// The same 26 characters, without allocation.
std::array<char, 26> to_characters(const Ulid& id);

/// A ULID that cannot be mistaken for one of another kind.
template <class Tag>
class Id {
public:
    constexpr Id() = default;
    explicit constexpr Id(Ulid value) : value_{value} {}

    static std::optional<Id> parse(std::string_view text)
    {
        const auto value = Ulid::parse(text);
        if (!value) return std::nullopt;
        return Id{*value};
    }

    [[nodiscard]] constexpr const Ulid& value() const { return value_; }
    [[nodiscard]] constexpr bool is_nil() const { return value_.is_nil(); }
    friend constexpr auto operator<=>(const Id&, const Id&) = default;
    friend std::string to_string(const Id& id) { return iwas::to_string(id.value_); }

private:
    Ulid value_;
};

/// Whether `text` may name something in configuration: 1-64 of `a-z`, `0-9`, `-`, `_`, `.`,
/// beginning with a letter or digit.
bool is_key(std::string_view text);

/// A name given by people, such as the location `q7`. Compared exactly.
template <class Tag>
class Key {
public:
    Key() = default;

    static std::optional<Key> parse(std::string_view text)
    {
        if (!is_key(text)) return std::nullopt;
        return Key{std::string{text}};
    }
    /// For names that are known to be well formed (from the store or a literal).
    static Key trusted(std::string text) { return Key{std::move(text)}; }

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }
    friend auto operator<=>(const Key&, const Key&) = default;
    friend const std::string& to_string(const Key& key) { return key.text_; }

private:
    explicit Key(std::string text) : text_{std::move(text)} {}
    std::string text_;
};

} // namespace iwas

template <>
struct std::hash<iwas::Ulid> {
    std::size_t operator()(const iwas::Ulid& id) const noexcept
    {
        return static_cast<std::size_t>(id.high() ^ id.low());
    }
};
template <class Tag>
struct std::hash<iwas::Id<Tag>> {
    std::size_t operator()(const iwas::Id<Tag>& id) const noexcept
    {
        return std::hash<iwas::Ulid>{}(id.value());
    }
};
template <class Tag>
struct std::hash<iwas::Key<Tag>> {
    std::size_t operator()(const iwas::Key<Tag>& key) const noexcept
    {
        return std::hash<std::string>{}(key.text());
    }
};
