// PcEvent: what happened to a member at a gaming PC, as the café reports it.
#pragma once

#include "core/time.hpp"
#include "domain/ids.hpp"

#include <string>

namespace iwas::domain {

enum class PcEventKind { session_started, session_ended, session_moved, other };

struct PcEvent {
    LocationId location;
    std::string event_id; // unique at the location
    PcEventKind kind = PcEventKind::other;
    std::string member_id; // empty where the café knows its members by user name only
    std::string user_name;
    std::string session_id; // of the seat; may be empty
    UtcTime occurred_at;
};

std::string_view to_text(PcEventKind kind);
PcEventKind pc_event_kind_from(std::string_view text);

} // namespace iwas::domain
