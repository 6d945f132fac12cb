// Narrowing: the condition of a filtered list that an index serves; the rest of the filter is
// checked row by row.
#pragma once

#include <string>

namespace iwas::adapters {

/// What narrows most, in plain words; `value` is its one parameter, `:first`.
struct Narrowing {
    std::string condition;
    std::string value;
};

} // namespace iwas::adapters
