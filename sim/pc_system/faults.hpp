// PcFaults: what can go wrong at the simulated PC system, each switchable by chance or by count.
#pragma once

#include "core/time.hpp"
#include "sim/split_mix.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::sim {

enum class PcFault : std::uint8_t {
    delay,               // the answer comes late
    drop_after_commit,   // the work is done, the connection ends without an answer
    error_before_commit, // 500, nothing was done
    error_after_commit,  // 500, but it was done
    rate_limited,        // 429 with Retry-After, nothing was done
    garbage_json,        // 200 with a body that is no JSON
    huge_body,           // 200 with a body far over the limit
    non_utf8_name,       // the display name is not UTF-8
    balance_race,        // play takes the money just before the charge does
    duplicate_webhook,   // an event is sent twice
    reordered_webhook,   // an event arrives after its successors
    wrong_signature,     // an event is signed with another secret
    clock_skew,          // the café's clock is wrong
    lost_request,        // money is asked to move, and the connection ends before anything is done
    refused,             // 403: money is not moved, for a reason that is the café's own
    wrong_key,           // 401: the branch key is not known any more, nothing was done
    wrong_amount,        // another amount than was asked for is charged
};
inline constexpr std::size_t pc_fault_count = 17;

/// "drop_after_commit", ...
std::string_view to_string(PcFault fault);
std::optional<PcFault> parse_pc_fault(std::string_view text);

/// Decides when faults strike. The seed alone decides the chances.
class PcFaults {
public:
    explicit PcFaults(std::uint64_t seed) : random_{seed} {}

    struct Setting {
        double probability = 0;
        /// Strikes for sure that many times first.
        unsigned next = 0;
        /// Only where the request's path holds this text; empty: everywhere.
        std::string on = {};
    };
    void set(PcFault fault, Setting setting) { settings_[index(fault)] = std::move(setting); }
    void force(PcFault fault, unsigned times, std::string on = {})
    {
        set(fault, {.probability = 0, .next = times, .on = std::move(on)});
    }
    void clear() { settings_ = {}; }
    [[nodiscard]] const Setting& setting(PcFault fault) const { return settings_[index(fault)]; }

    /// Whether the fault strikes at `path` now; counts a forced one down.
    bool strikes(PcFault fault, std::string_view path);

    /// How late, how skewed and how long refused: for those faults when they strike.
    Milliseconds delay{6'000};
    Milliseconds skew{900'000};
    Seconds retry_after{1};
    /// What wrong_amount charges in addition, VND.
    std::int64_t charged_more = 1'000;

private:
    static std::size_t index(PcFault fault) { return static_cast<std::size_t>(fault); }

    std::array<Setting, pc_fault_count> settings_;
    SplitMix64 random_;
};

} // namespace iwas::sim
