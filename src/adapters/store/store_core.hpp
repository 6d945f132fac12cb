// The floor of the store's class: how a port's call becomes a transaction on a thread of the
// runner.
#pragma once

#include "adapters/store/key_ring.hpp"
#include "adapters/store/runner.hpp"
#include "ports/store/store.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace iwas::adapters::store_parts {

using namespace ports;

template <class T>
using Answer = awaitable<Result<T, StoreError>>;

/// Runs `body` as one transaction and gives back its answer. An error in the answer undoes what
/// the body wrote.
template <class R>
awaitable<R> perform(Runner& runner, Access access, std::function<R(Connection&)> body)
{
    auto answer = std::make_shared<std::optional<R>>();
    Work work = [answer, body = std::move(body)](Connection& db) {
        *answer = body(db);
        return (*answer)->has_value();
    };
    const Outcome outcome = co_await runner.run(access, std::move(work));
    if (outcome == Outcome::failed) co_return std::unexpected(R::error_type::unavailable);
    co_return std::move(**answer);
}

/// As `perform`, for a body that cannot be refused.
template <class T>
Answer<T> perform_plain(Runner& runner, Access access, std::function<T(Connection&)> body)
{
    using R = Result<T, StoreError>;
    return perform<R>(runner, access, [body = std::move(body)](Connection& db) -> R {
        if constexpr (std::is_void_v<T>) {
            body(db);
            return {};
        } else {
            return body(db);
        }
    });
}

/// The functions of the classes above this one are no coroutines: they take their arguments by
/// value into the body, which lives until the answer is there.
class StoreCore : public Store {
public:
    StoreCore(std::unique_ptr<Runner> runner, KeyRing keys, std::string node)
        : keys_{std::move(keys)}, node_{std::move(node)}, runner_{std::move(runner)}
    {
    }

protected:
    template <class T>
    Answer<T> read(std::function<T(Connection&)> body)
    {
        return perform_plain<T>(*runner_, Access::read, std::move(body));
    }
    template <class T>
    Answer<T> write(std::function<T(Connection&)> body)
    {
        return perform_plain<T>(*runner_, Access::write, std::move(body));
    }

    KeyRing keys_;
    std::string node_;
    std::unique_ptr<Runner> runner_; // last: its threads use the above until they are joined
};

} // namespace iwas::adapters::store_parts
