// Counters of the RADIUS server: what came, what was answered, and why the rest was not.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace iwas::adapters {

/// One thing that is counted for each access server.
enum class RadiusEvent {
    access_request,
    access_accept,
    access_reject,
    accounting_request,
    accounting_response,
    status_request,
    duplicate_answered, ///< the stored reply was sent again (RFC 5080 §2.2.2)
    // From here on: discarded silently.
    malformed,                     ///< size, length or attributes (RFC 2865 §3)
    wrong_code,                    ///< not a packet of this port
    nas_identifier_unknown,        ///< several routers share the address, and it names none of them
    message_authenticator_missing, ///< required for this router (CVE-2024-3596)
    proxy_state_unprotected,       ///< Proxy-State without Message-Authenticator
    message_authenticator_wrong,
    authenticator_wrong, ///< of an Accounting-Request: usually another secret
    duplicate_in_progress,
    rate_limited,
    overloaded,  ///< too many requests wait for their answer
    not_durable, ///< the journal did not take the record
    reply_too_long,
};
inline constexpr std::size_t radius_event_count =
    static_cast<std::size_t>(RadiusEvent::reply_too_long) + 1;

/// Whether the event is a packet that got no answer.
constexpr bool is_discard(RadiusEvent event)
{
    return event >= RadiusEvent::malformed;
}

/// The spelling in metrics.
std::string_view to_text(RadiusEvent event);

/// Counts of every event. Incremented by the server's threads, read by any.
class RadiusCounters {
public:
    void count(RadiusEvent event)
    {
        counts_[static_cast<std::size_t>(event)].fetch_add(1, std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t of(RadiusEvent event) const
    {
        return counts_[static_cast<std::size_t>(event)].load(std::memory_order_relaxed);
    }

private:
    std::array<std::atomic<std::uint64_t>, radius_event_count> counts_{};
};

} // namespace iwas::adapters
