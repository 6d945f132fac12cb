// Append-only stories: of a transaction, a saved method, a difference. One shape, a table each.
#pragma once

#include "adapters/store/connection.hpp"

#include <string_view>
#include <utility>
#include <vector>

namespace iwas::adapters {

/// `query` selects at, state_before, state_after, actor and why, oldest first, of `subject`.
template <class Event>
std::vector<Event> read_events(Connection& db, std::string_view query, Param subject)
{
    std::vector<Event> events;
    db.each(query, "itttt", {std::move(subject)}, [&](Row& row) {
        Event event;
        event.at = row.time();
        event.state_before = row.text();
        event.state_after = row.text();
        event.actor = row.text();
        event.why = row.text();
        events.push_back(std::move(event));
    });
    return events;
}

} // namespace iwas::adapters
