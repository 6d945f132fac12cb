// GatewayFaults: what can go wrong at a simulated gateway, each switchable by chance or by count.
#pragma once

#include "core/time.hpp"
#include "sim/split_mix.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::sim {

enum class GatewayFault : std::uint8_t {
    // What happens to a request.
    delay,        // the answer comes late
    error_before, // 500, nothing was done
    error_after,  // 500, but it was done
    lost_request, // the connection ends before anything is done
    lost_answer,  // it is done, and the connection ends without an answer
    refused,      // a clear no for a reason of the gateway's own, nothing was done
    garbage,      // 200 with a body that is cut in the middle
    huge_body,    // 200 with a body far over the limit
    crash,        // dies with this request: unreachable for a while, waiting notices are lost

    // What happens to a notice.
    notice_lost,     // never sent
    notice_delayed,  // sent later, so that others overtake it
    notice_repeated, // sent 2 to 5 times, some time apart
    notice_twice,    // sent twice at the same moment
    notice_first,    // the payer is so quick that the notice precedes the answer to create
    stale_refusal,   // after the notice of success one that tells a refusal of the same order

    // What stands in a notice instead of the truth.
    wrong_signature,
    wrong_amount,   // rightly signed, for another amount
    wrong_merchant, // rightly signed, for another merchant
    unknown_order,  // rightly signed, for an order that nobody made

    // How notices and answers are written.
    extra_members,   // members that no document knows
    vietnamese_text, // every free text in Vietnamese, with all its marks
    number_as_text,  // amounts as JSON strings

    // What happens to the money.
    late_success,   // long under way; succeeds when the merchant has given the order up
    reversed_later, // success, and later the gateway gives the money back by itself
    refund_pending, // a refund stays under way for long
    refund_failed,  // a refund is accepted, and fails
};
inline constexpr std::size_t gateway_fault_count = 26;

/// "lost_answer", ...
std::string_view to_string(GatewayFault fault);
std::optional<GatewayFault> parse_gateway_fault(std::string_view text);

/// Decides when faults strike. The seed alone decides the chances.
class GatewayFaults {
public:
    explicit GatewayFaults(std::uint64_t seed) : random_{seed} {}

    struct Setting {
        double probability = 0;
        /// Strikes for sure that many times first.
        unsigned next = 0;
        /// Only where `where` holds this text; empty: everywhere.
        std::string on = {};
    };
    void set(GatewayFault fault, Setting setting) { settings_[index(fault)] = std::move(setting); }
    void force(GatewayFault fault, unsigned times, std::string on = {})
    {
        set(fault, {.probability = 0, .next = times, .on = std::move(on)});
    }
    void clear() { settings_ = {}; }
    [[nodiscard]] const Setting& setting(GatewayFault fault) const
    {
        return settings_[index(fault)];
    }

    /// Whether the fault strikes now; counts a forced one down. `where`: the request's path, or the
    /// order of a notice or payment.
    bool strikes(GatewayFault fault, std::string_view where);
    /// A number from `low` to `high`, both included.
    std::uint64_t between(std::uint64_t low, std::uint64_t high)
    {
        return low + random_.bits() % (high - low + 1);
    }

    /// How late answers (delay) and notices (notice_delayed, notice_repeated) come.
    Milliseconds delay{6'000};
    /// How long a payment (late_success) or refund (refund_pending) stays under way. The default is
    /// past the 15 minutes after which IWAS gives an order up.
    Milliseconds late{17 * 60'000};
    /// How long after a success the gateway gives the money back (reversed_later).
    Milliseconds reversal_after{60'000};
    /// How long a crashed gateway is unreachable.
    Milliseconds down_for{30'000};
    /// What wrong_amount tells in addition, VND.
    std::int64_t told_more = 1'000;

private:
    static std::size_t index(GatewayFault fault) { return static_cast<std::size_t>(fault); }

    std::array<Setting, gateway_fault_count> settings_;
    SplitMix64 random_;
};

} // namespace iwas::sim
