#include "protocol/routeros/query.hpp"

#include <algorithm>
#include <optional>

namespace iwas::routeros {

namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_number(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, is_digit);
}

/// Numbers of any size compare by value, anything else as octets.
int compare(std::string_view a, std::string_view b)
{
    if (is_number(a) && is_number(b)) {
        const auto strip = [](std::string_view text) {
            const auto first = text.find_first_not_of('0');
            return first == std::string_view::npos ? std::string_view{} : text.substr(first);
        };
        a = strip(a);
        b = strip(b);
        if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    }
    return a.compare(b);
}

class Stack {
public:
    void push(bool value) { values_.push_back(value); }
    bool pop()
    {
        if (values_.empty()) return true;
        const bool value = values_.back();
        values_.pop_back();
        return value;
    }
    [[nodiscard]] bool at(std::size_t index) const
    {
        return index >= values_.size() || values_[values_.size() - 1 - index];
    }
    void replace_all(bool value) { values_.assign(1, value); }
    [[nodiscard]] bool passes() const { return std::ranges::find(values_, false) == values_.end(); }

private:
    std::vector<bool> values_;
};

void run_operations(std::string_view operations, Stack& stack)
{
    std::size_t at = 0;
    bool after_index = false;
    while (at < operations.size()) {
        const char operation = operations[at];
        if (is_digit(operation)) {
            // Far beyond any stack; larger numbers mean the same `true` below it.
            constexpr std::size_t index_max = 1'000'000;
            std::size_t index = 0;
            for (; at < operations.size() && is_digit(operations[at]); ++at)
                index = std::min(
                    index * 10 + static_cast<std::size_t>(operations[at] - '0'), index_max);
            if (at == operations.size()) {
                stack.replace_all(stack.at(index));
            } else {
                stack.push(stack.at(index));
            }
            after_index = true;
            continue;
        }
        if (operation == '!') stack.push(!stack.pop());
        if (operation == '&' || operation == '|') {
            const bool b = stack.pop();
            const bool a = stack.pop();
            stack.push(operation == '&' ? a && b : a || b);
        }
        if (operation == '.' && !after_index) stack.push(stack.at(0));
        after_index = false;
        ++at;
    }
}

} // namespace

Result<Query, QueryError> Query::parse(const std::vector<std::string>& words)
{
    if (words.size() > words_max) return std::unexpected{QueryError::too_long};
    Query query;
    std::size_t octets = 0;
    for (const std::string& word : words) {
        octets += word.size();
        if (octets > octets_max) return std::unexpected{QueryError::too_long};
        Step step = parse_word(word);
        const auto is_operation = [](char c) {
            return is_digit(c) || c == '!' || c == '&' || c == '|' || c == '.';
        };
        if (step.test == Test::operations && !std::ranges::all_of(step.value, is_operation))
            return std::unexpected{QueryError::bad_operation};
        query.steps_.push_back(std::move(step));
    }
    return query;
}

Query::Step Query::parse_word(std::string_view word)
{
    if (word.starts_with('#')) return {Test::operations, {}, std::string{word.substr(1)}};
    if (word.starts_with('-')) return {Test::absent, std::string{word.substr(1)}, {}};

    Test test = Test::equal;
    if (word.starts_with('<')) test = Test::less;
    if (word.starts_with('>')) test = Test::greater;
    if (test != Test::equal || word.starts_with('=')) word.remove_prefix(1);

    const auto equals = word.find('=');
    if (equals == std::string_view::npos) return {Test::present, std::string{word}, {}};
    return {test, std::string{word.substr(0, equals)}, std::string{word.substr(equals + 1)}};
}

bool Query::matches(const Attributes& record) const
{
    Stack stack;
    for (const Step& step : steps_) {
        if (step.test == Test::operations) {
            run_operations(step.value, stack);
            continue;
        }
        const auto value = find(record, step.name);
        bool result = value.has_value();
        switch (step.test) {
        case Test::present: break;
        case Test::absent: result = !result; break;
        case Test::equal: result = result && *value == step.value; break;
        case Test::less: result = result && compare(*value, step.value) < 0; break;
        case Test::greater: result = result && compare(*value, step.value) > 0; break;
        case Test::operations: break;
        }
        stack.push(result);
    }
    return stack.passes();
}

} // namespace iwas::routeros
