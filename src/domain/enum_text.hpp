// EnumText: the one table that spells an enum's values, read in both directions.
#pragma once

#include "core/assert.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace iwas::domain {

/// The stored and shown spelling of each value of a closed enum.
template <class E, std::size_t N>
struct EnumText {
    std::array<std::pair<E, std::string_view>, N> rows;

    [[nodiscard]] constexpr std::string_view text_of(E value) const
    {
        for (const auto& [each, text] : rows)
            if (each == value) return text;
        assertion_failed("every value has a row", __FILE__, __LINE__);
    }
    [[nodiscard]] constexpr std::optional<E> value_of(std::string_view wanted) const
    {
        for (const auto& [each, text] : rows)
            if (text == wanted) return each;
        return std::nullopt;
    }
};
template <class E, std::size_t N>
EnumText(std::array<std::pair<E, std::string_view>, N>) -> EnumText<E, N>;

} // namespace iwas::domain
