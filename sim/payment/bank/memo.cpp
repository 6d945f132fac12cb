#include "sim/payment/bank/memo.hpp"

#include <algorithm>
#include <array>

namespace iwas::sim::bank {

namespace {

constexpr std::array<std::string_view, memo_habit_count> names{
    "faithful", "upper_case",     "incoming",     "mobile", "reference",
    "cut",      "without_blanks", "blank_inside", "dropped"};

std::string upper_case(std::string_view memo)
{
    std::string text;
    for (const char c : memo) {
        if (c >= 'a' && c <= 'z')
            text += static_cast<char>(c - 'a' + 'A');
        else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ')
            text += c;
    }
    return text;
}

} // namespace

std::string_view to_string(MemoHabit habit)
{
    return names[static_cast<std::size_t>(habit)];
}

std::optional<MemoHabit> parse_memo_habit(std::string_view text)
{
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) return std::nullopt;
    return static_cast<MemoHabit>(found - names.begin());
}

std::string as_written(MemoHabit habit, std::string_view memo, std::string_view reference)
{
    const std::string text{memo};
    switch (habit) {
    case MemoHabit::faithful: return text;
    case MemoHabit::upper_case: return upper_case(memo);
    case MemoHabit::incoming: return "CT DEN:" + std::string{reference} + " " + text;
    case MemoHabit::mobile:
        return "MBVCB.3278907687." + text + ".CT tu 0071000888888 toi 0123499999";
    case MemoHabit::reference: return text + std::string{reference};
    case MemoHabit::cut: return text.substr(0, 20);
    case MemoHabit::without_blanks: {
        std::string joined = text;
        std::erase(joined, ' ');
        return joined;
    }
    case MemoHabit::blank_inside: {
        std::string broken = text;
        broken.insert(broken.size() / 2, " ");
        return broken;
    }
    case MemoHabit::dropped: return {};
    }
    return text;
}

} // namespace iwas::sim::bank
