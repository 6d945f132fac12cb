// Faults: how hostile a simulated world is. All shares are probabilities from 0 to 1.
#pragma once

#include "sim/world/sim_random.hpp"

namespace iwas::sim {

struct Faults {
    // RADIUS datagrams, either way.
    double packet_lost = 0;
    double packet_twice = 0;
    // Commands over the router's API.
    double api_lost = 0; // never arrives, or its answer does not
    // Requests to the PC system, each try by itself.
    double pc_request_lost = 0;
    double pc_request_late = 0; // wanders for minutes and then arrives
    double pc_request_twice = 0;
    double pc_answer_lost = 0;
    double pc_error_before = 0; // 503, nothing was done
    double pc_error_after = 0;  // 500, but it was done
    double pc_event_lost = 0;
    double pc_event_twice = 0;
    double pc_event_late = 0; // overtaken by later ones
    // Requests to the gateways, each try by itself.
    double gateway_request_lost = 0;
    double gateway_answer_lost = 0; // it was carried out
    // What the gateways tell of their own accord, each try; they repeat it until it is answered.
    double notice_lost = 0;
    double notice_twice = 0;
    double notice_late = 0;   // by minutes or hours, also after the order has expired
    double notice_never = 0;  // of an order that is paid once: only asking finds it
    double notice_wrong = 0;  // rightly signed, with another amount than was paid; wallets only
    double notice_stale = 0;  // tells a refusal of an order that is being paid
    double pays_reversed = 0; // the gateway says "success", and later gives it back; wallets only
    double pays_doubted = 0;  // the gateway takes it and doubts it; wallets only
    // What payers do.
    double pays_never = 0;
    double pays_refused = 0;        // the gateway refuses him; he may try again
    double pays_another_amount = 0; // transfers only
    double pays_twice = 0;
    double pays_late = 0; // about when the order expires, or up to an hour later
    double memo_lost = 0; // missing or mistyped; transfers only
    double gives_up = 0;  // takes another way to pay, and may pay this one all the same
    // The store.
    double store_refuses = 0; // unavailable, nothing was stored
    double store_silent = 0;  // unavailable, but it was stored
    double slow = 0;          // an answer takes a hundred times as long
    // The customer's calls to IWAS.
    double call_lost = 0;
    double closes_browser = 0;
    // IWAS dies, at each crossing of a port, before or after the effect.
    double crash = 0;
    // Mean time between incidents at a router (restart, forgets, disappears) or the PC system
    // (down); zero: none.
    Seconds incident_every{0};

    static Faults none() { return {}; }
    /// A mix drawn from the seed: some worlds are calm, some suffer from one thing, some from all.
    static Faults drawn(SimRandom& random);
};

} // namespace iwas::sim
