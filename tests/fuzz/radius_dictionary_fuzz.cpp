// Any text as a dictionary that may include itself: reading ends, with a definition or a reason.
#include "core/bytes.hpp"
#include "protocol/radius/dictionary.hpp"

using namespace iwas::radius;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = iwas::as_text({data, size});
    Dictionary dictionary;
    (void)dictionary.add(text, [&](std::string_view) { return std::string{text}; });
    return 0;
}
