// Agenda: what a simulated gateway will do by itself later: expire, settle, give money back.
#pragma once

#include "core/time.hpp"

#include <functional>
#include <map>
#include <optional>

namespace iwas::sim {

class Agenda {
public:
    using Work = std::function<void(UtcTime due)>;

    void at(UtcTime due, Work work) { entries_.emplace(due, std::move(work)); }
    /// Does what is due at `now`, oldest first; work may add more.
    void run(UtcTime now)
    {
        while (!entries_.empty() && entries_.begin()->first <= now) {
            const auto entry = entries_.extract(entries_.begin());
            entry.mapped()(entry.key());
        }
    }
    [[nodiscard]] std::optional<UtcTime> next() const
    {
        if (entries_.empty()) return std::nullopt;
        return entries_.begin()->first;
    }

private:
    std::multimap<UtcTime, Work> entries_;
};

} // namespace iwas::sim
