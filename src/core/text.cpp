#include "core/text.hpp"

#include <algorithm>

namespace iwas {

bool equal_ignoring_case(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, {}, lower, lower);
}

} // namespace iwas
