// How SimStore asks the real store: across the border, and with the store's faults.
#pragma once

#include "sim/world/sim_store.hpp"

namespace iwas::sim {

template <class T>
SimStore::Answer<T> SimStore::ask(std::string_view what, std::function<Answer<T>()> call)
{
    co_await border_.cross(what, usual);
    if (refuses()) co_return std::unexpected{ports::StoreError::unavailable};
    auto answer = co_await call();
    co_await border_.cross(what, usual);
    if (is_silent()) co_return std::unexpected{ports::StoreError::unavailable};
    co_return answer;
}

} // namespace iwas::sim
