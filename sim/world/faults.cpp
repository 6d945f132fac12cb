#include "sim/world/faults.hpp"

#include <array>

namespace iwas::sim {

Faults Faults::drawn(SimRandom& random)
{
    Faults faults;
    // Every share is zero in about half of the worlds, else anything up to its worst.
    const auto draw = [&](double worst) {
        if (random.chance(0.5)) return 0.0;
        return worst * static_cast<double>(random.between(1, 100)) / 100.0;
    };
    faults.packet_lost = draw(0.3);
    faults.packet_twice = draw(0.3);
    faults.api_lost = draw(0.2);
    faults.pc_request_lost = draw(0.2);
    faults.pc_request_late = draw(0.2);
    faults.pc_request_twice = draw(0.2);
    faults.pc_answer_lost = draw(0.3);
    faults.pc_error_before = draw(0.2);
    faults.pc_error_after = draw(0.2);
    faults.pc_event_lost = draw(0.2);
    faults.pc_event_twice = draw(0.3);
    faults.pc_event_late = draw(0.3);
    faults.store_refuses = draw(0.03);
    faults.store_silent = draw(0.03);
    faults.slow = draw(0.05);
    faults.call_lost = draw(0.1);
    faults.closes_browser = draw(0.5);
    faults.crash = draw(0.004);
    faults.gateway_request_lost = draw(0.2);
    faults.gateway_answer_lost = draw(0.2);
    faults.notice_lost = draw(0.6);
    faults.notice_twice = draw(0.5);
    faults.notice_late = draw(0.3);
    faults.notice_never = draw(0.4);
    faults.notice_wrong = draw(0.1);
    faults.notice_stale = draw(0.1);
    faults.pays_reversed = draw(0.1);
    faults.pays_doubted = draw(0.1);
    faults.pays_never = draw(0.3);
    faults.pays_refused = draw(0.2);
    faults.pays_another_amount = draw(0.4);
    faults.pays_twice = draw(0.2);
    faults.pays_late = draw(0.4);
    faults.memo_lost = draw(0.4);
    faults.gives_up = draw(0.2);
    if (random.chance(0.6)) faults.incident_every = Seconds{random.between(60, 900)};
    return faults;
}

} // namespace iwas::sim
