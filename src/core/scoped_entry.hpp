// ScopedEntry: takes an entry out of a set or map when the scope ends, whatever ends it.
#pragma once

#include <utility>

namespace iwas {

template <class Container>
class ScopedEntry {
public:
    /// The entry is in `container` already, or comes in while the scope lasts.
    ScopedEntry(Container& container, typename Container::key_type key)
        : container_{container}, key_{std::move(key)}
    {
    }
    ~ScopedEntry() { container_.erase(key_); }
    ScopedEntry(const ScopedEntry&) = delete;
    ScopedEntry& operator=(const ScopedEntry&) = delete;

private:
    Container& container_;
    typename Container::key_type key_;
};

} // namespace iwas
