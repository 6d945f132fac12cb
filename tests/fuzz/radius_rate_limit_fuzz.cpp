// Any text: a rate limit that was read is written as text that reads the same.
#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "protocol/radius/rate_limit.hpp"

using namespace iwas::radius;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto limit = parse_rate_limit(iwas::as_text({data, size}));
    if (limit) IWAS_ASSERT(parse_rate_limit(to_string(*limit)) == limit);
    return 0;
}
