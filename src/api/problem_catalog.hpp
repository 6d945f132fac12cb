// The words of every problem, in one table.
#pragma once

#include "api/problems.hpp"

#include <string_view>

namespace iwas::api {

struct ProblemWords {
    std::string_view title;
    std::string_view detail; // {needed}, {available}, {price}, {seconds}, {devices}, {field}
};

/// What is said of one code.
struct ProblemEntry {
    ProblemCode code;
    std::string_view text;
    int status;
    std::string_view action;
    ProblemWords vi;
    ProblemWords en;
};

const ProblemEntry& problem_entry(ProblemCode code);

} // namespace iwas::api
