// Targets, queries and cookies as browsers and attackers write them.
#include "adapters/http/url.hpp"
#include "core/assert.hpp"
#include "core/percent_encoding.hpp"
#include "core/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace iwas::http;
using iwas::is_utf8;
using iwas::percent_encode;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    if (const auto target = decode_target(text)) {
        IWAS_ASSERT(target->path.starts_with('/'));
        IWAS_ASSERT(is_utf8(target->path));
        IWAS_ASSERT(target->path.find("/../") == std::string::npos);
        IWAS_ASSERT(target->query.all().size() <= pairs_max);
    }
    if (const auto decoded = percent_decode(text, false))
        IWAS_ASSERT(percent_decode(percent_encode(*decoded), true) == *decoded);
    if (const auto cookies = decode_cookies(text)) IWAS_ASSERT(cookies->all().size() <= pairs_max);
    (void)decode_query(text);
    if (const auto url = parse_base_url(text)) IWAS_ASSERT(parse_base_url(to_string(*url)) == url);
    return 0;
}
