// Query: the filter of `print`, as a router evaluates it. Used by the simulated router.
#pragma once

#include "core/result.hpp"
#include "protocol/routeros/command.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::routeros {

enum class QueryError : std::uint8_t {
    too_long,      ///< more words or octets than `Query` takes
    bad_operation, ///< a character in `?#...` that is no operation
};

/// The parsed query words of one command. Each record has a stack of booleans, conceptually above
/// endless `true`s; the record passes when no `false` is left on it.
class Query {
public:
    static constexpr std::size_t words_max = 256;
    static constexpr std::size_t octets_max = 16'384;

    /// `words` without their leading `?`.
    static Result<Query, QueryError> parse(const std::vector<std::string>& words);

    [[nodiscard]] bool matches(const Attributes& record) const;

private:
    enum class Test : std::uint8_t { present, absent, equal, less, greater, operations };
    struct Step {
        Test test;
        std::string name;
        std::string value;
    };

    static Step parse_word(std::string_view word);
    std::vector<Step> steps_;
};

} // namespace iwas::routeros
