#include "domain/pc_event.hpp"

namespace iwas::domain {

std::string_view to_text(PcEventKind kind)
{
    switch (kind) {
    case PcEventKind::session_started: return "session.started";
    case PcEventKind::session_ended: return "session.ended";
    case PcEventKind::session_moved: return "session.moved";
    case PcEventKind::other: return "other";
    }
    return {};
}

PcEventKind pc_event_kind_from(std::string_view text)
{
    for (const auto kind :
         {PcEventKind::session_started, PcEventKind::session_ended, PcEventKind::session_moved})
        if (to_text(kind) == text) return kind;
    return PcEventKind::other;
}

} // namespace iwas::domain
