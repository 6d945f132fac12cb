// Errors as application/problem+json (RFC 9457).
#pragma once

#include "adapters/http/message.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace iwas::http {

/// One error answer. `code` is the stable name that clients switch on.
struct Problem {
    int status = 500;
    std::string code = {};
    /// Defaults to the status' phrase.
    std::string title = {};
    std::string detail = {};
    /// The request that met the error, such as its path or id; left out when empty.
    std::string instance = {};
    /// Further members, such as `needed` and `available`.
    boost::json::object more = {};
};

/// {"type":"urn:iwas:problem:<code>","title":...,"status":...,"code":...,...}. Cache-Control:
/// no-store.
Response problem(Problem problem);

} // namespace iwas::http
