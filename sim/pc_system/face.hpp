// The simulated PC system as HTTP: the contract "IWAS Café Connector v1", the legacy endpoints, and
// the control API. Requests become answers without a socket.
#pragma once

#include "adapters/http/message.hpp"
#include "sim/pc_system/model.hpp"

namespace iwas::sim {

/// An answer and what the network does to it.
struct PcAnswer {
    http::Response response;
    /// Sent that much later.
    Milliseconds delay{0};
    /// Never sent: the connection ends.
    bool is_dropped = false;
};

/// Answers `request` of IWAS at time `now`, with the faults that strike. Paths begin with /v1/
/// (contract), /pc-api/ or /api/ (legacy).
PcAnswer answer_connector(PcSystemModel& model, const http::Request& request, UtcTime now);

/// Answers the control API at /_sim/..., which tests and the demonstration use:
/// POST accounts, PATCH accounts/{id}, GET accounts, POST pcs/{pc}/login|logout|move, GET pcs,
/// POST faults, DELETE faults, GET charges, POST heartbeat.
http::Response answer_control(PcSystemModel& model, const http::Request& request, UtcTime now);

/// The legacy endpoints, without faults. Part of answer_connector.
http::Response answer_legacy(PcSystemModel& model, const http::Request& request, UtcTime now);

} // namespace iwas::sim
