// application/x-www-form-urlencoded texts, as gateways write redirects and merchants write bodies.
#pragma once

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iwas::sim {

/// "a=1&b=x+y%21": blanks as '+', all but unreserved characters as %XX.
std::string form_encode(const std::vector<std::pair<std::string, std::string>>& pairs);

/// `url` with `query` appended behind '?' or '&'.
std::string with_query(std::string_view url, std::string_view query);

/// The fields of a form or of a JSON object, whichever `content_type` says (JSON where it says
/// neither). A form's values are all texts. Nothing when the body is neither.
std::optional<boost::json::object> read_fields(
    std::string_view content_type, std::string_view body);

/// Whether `url` is http:// or https://, as a page may link to it.
bool is_web_url(std::string_view url);

} // namespace iwas::sim
