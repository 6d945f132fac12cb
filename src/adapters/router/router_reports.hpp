// RouterReports: what the routers' accounting has said lately of single network sessions. It proves
// that a session has ended where no active list can be read.
#pragma once

#include "core/time.hpp"
#include "domain/accounting.hpp"
#include "ports/access_control.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

namespace iwas::adapters {

/// Lives on one thread and in memory only: what it does not know is asked of the router again.
class RouterReports {
public:
    /// Takes a record that is durable.
    void note(const domain::AccountingRecord& record);

    /// Whether the network session of the grant has stopped. Without its Acct-Session-Id: whether
    /// one of the same device and right has.
    [[nodiscard]] bool has_stopped(const ports::Grant& grant) const;
    /// How often the router has begun anew, which ends everything on it.
    [[nodiscard]] unsigned restarts_of(const domain::RouterId& router) const;
    /// How long the grant's network session has run; nothing when no report of it has come.
    [[nodiscard]] std::optional<Seconds> online_for(const ports::Grant& grant, UtcTime now) const;
    /// Counts the answers of a router that it has no such session; returns how many there were
    /// since it last reported it.
    unsigned count_absence(const ports::Grant& grant);
    /// The router knows the grant's session after all.
    void forget_absences(const ports::Grant& grant);

private:
    /// The newest entries by key; the oldest gives way.
    template <class Value>
    class Recent {
    public:
        explicit Recent(std::size_t size_max) : size_max_{size_max} {}
        Value& at(const std::string& key)
        {
            const auto [found, is_new] = values_.try_emplace(key);
            if (!is_new) return found->second;
            order_.push_back(key);
            if (order_.size() > size_max_) {
                values_.erase(order_.front());
                order_.pop_front();
            }
            return values_[key];
        }
        /// Back to a fresh value, where there is one.
        void reset(const std::string& key)
        {
            const auto found = values_.find(key);
            if (found != values_.end()) found->second = Value{};
        }
        [[nodiscard]] const Value* find(const std::string& key) const
        {
            const auto found = values_.find(key);
            return found == values_.end() ? nullptr : &found->second;
        }

    private:
        std::size_t size_max_;
        std::unordered_map<std::string, Value> values_;
        std::deque<std::string> order_;
    };

    Recent<bool> stopped_{16'384};
    Recent<UtcTime> began_{16'384};
    Recent<unsigned> absences_{4'096};
    std::map<domain::RouterId, unsigned> restarts_;
};

} // namespace iwas::adapters
