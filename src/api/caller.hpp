// Caller: who asks, as far as a refusal has to know it.
#pragma once

#include "adapters/http/message.hpp"
#include "api/problems.hpp"

#include <string>

namespace iwas::api {

using http::Request;
using http::Response;

struct Caller {
    Language language = Language::vi;
    std::string request_id;

    [[nodiscard]] Response refuse(Refusal refusal) const;
    [[nodiscard]] Response refuse(ProblemCode code) const { return refuse(Refusal{.code = code}); }
};

Language language_of(const Request& request);

} // namespace iwas::api
