// What banks make of the text of a transfer on its way.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::sim::bank {

enum class MemoHabit : std::uint8_t {
    faithful,
    upper_case,     // without marks and punctuation, too
    incoming,       // "CT DEN:... " before it
    mobile,         // "MBVCB.123..." before and "CT tu ..." behind it, as Vietcombank writes it
    reference,      // the bank's reference hangs on it without a blank
    cut,            // 20 characters are left
    without_blanks, // words are joined
    blank_inside,   // a line break of the statement becomes a blank in the middle of a word
    dropped,        // the payer's app forgot it
};
inline constexpr std::size_t memo_habit_count = 9;

/// "upper_case", ...
std::string_view to_string(MemoHabit habit);
std::optional<MemoHabit> parse_memo_habit(std::string_view text);

/// `memo` as it stands on the statement. `reference`: the bank's name of the transfer.
std::string as_written(MemoHabit habit, std::string_view memo, std::string_view reference);

} // namespace iwas::sim::bank
