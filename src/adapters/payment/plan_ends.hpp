// What a plan, or a step of it, came to, for the client that walks it.
#pragma once

#include "adapters/payment/mapping.hpp"

#include <type_traits>
#include <utility>
#include <variant>

namespace iwas::adapters {

/// The failure that a plan ended with; null while it goes on, or ended well.
template <class T>
const ports::GatewayFailure* failure_in(const GatewayPlan<T>& plan)
{
    const auto* answer = std::get_if<ports::GatewayAnswer<T>>(&plan);
    return answer == nullptr || *answer ? nullptr : &answer->error();
}

/// The failure that a walk counts as: also of a list that came, and is not whole.
template <class T>
const ports::GatewayFailure* failure_counted(const GatewayPlan<T>& plan)
{
    if constexpr (std::is_same_v<T, TransferList>) {
        const auto* answer = std::get_if<ports::GatewayAnswer<T>>(&plan);
        if (answer && *answer && (*answer)->failure) return &*(*answer)->failure;
    }
    return failure_in(plan);
}

/// What a plan makes of a step that ended with `failed`.
template <class T>
GatewayPlan<T> without_answer(const GatewayStep<T>& step, GatewayPlan<T> failed)
{
    const ports::GatewayFailure* const failure = failure_in(failed);
    return step.on_failure && failure ? step.on_failure(*failure) : std::move(failed);
}

} // namespace iwas::adapters
