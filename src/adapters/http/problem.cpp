#include "adapters/http/problem.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace iwas::http {

Response problem(Problem problem)
{
    boost::json::object body;
    body["type"] = problem.code.empty() ? "about:blank" : "urn:iwas:problem:" + problem.code;
    body["title"] =
        problem.title.empty() ? std::string{reason_phrase(problem.status)} : problem.title;
    body["status"] = problem.status;
    if (!problem.code.empty()) body["code"] = problem.code;
    if (!problem.detail.empty()) body["detail"] = problem.detail;
    if (!problem.instance.empty()) body["instance"] = problem.instance;
    for (auto& member : problem.more)
        body[member.key()] = std::move(member.value());

    Response response = Response::json(problem.status, boost::json::serialize(body));
    response.headers.set("Content-Type", "application/problem+json");
    response.headers.set("Cache-Control", "no-store");
    return response;
}

} // namespace iwas::http
