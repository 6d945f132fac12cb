// Pushed events: the body, and the signature header, as anybody on the Internet may send them.
#include "core/assert.hpp"
#include "protocol/pc_events/event.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace iwas;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    if (const auto event = pc_events::parse_event(text)) {
        IWAS_ASSERT(!event->event_id.empty() && event->event_id.size() <= 128);
        IWAS_ASSERT(!event->branch_id.empty());
        IWAS_ASSERT(to_unix_ms(event->occurred_at) >= 0);
    }
    const std::array<SecretText, 1> secrets{SecretText{"secret"}};
    const UtcTime now = from_unix_ms(1'790'000'000'000);
    IWAS_ASSERT(!pc_events::verify_signature("1790000000", text, "{}", secrets, now));
    IWAS_ASSERT(!pc_events::verify_signature(text, "v1=00", "{}", secrets, now));
    return 0;
}
