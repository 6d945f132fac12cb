// Percent-encoding (RFC 3986 §2.1), of octets and without a judgement of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace iwas {

/// RFC 3986 §2.3: letters, digits and `-._~`.
bool is_unreserved(char c);

/// Keeps the unreserved characters and writes the others as `%XX`: safe in a path segment or a
/// query value.
std::string percent_encode(std::string_view octets);

/// Resolves `%XX`. Nothing when an escape is cut or not hexadecimal. `plus_is_blank`: as forms and
/// queries are written.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank);

} // namespace iwas
