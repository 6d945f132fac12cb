// For commands: runs one coroutine to its end, and opens the store for it.
#pragma once

#include "adapters/store/store.hpp"
#include "app/config.hpp"
#include "app/secrets.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace iwas::app {

/// The coroutine's result. What it throws is thrown here.
template <class T>
T run_now(boost::asio::io_context& io, boost::asio::awaitable<T> task)
{
    std::optional<T> result;
    std::exception_ptr failure;
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr error, T value) {
        failure = error;
        if (!error) result.emplace(std::move(value));
    });
    io.restart();
    while (!result && !failure && io.run_one() > 0) {
    }
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
}

/// The store, every call of which completes before it returns.
inline std::unique_ptr<ports::Store> open_store_now(
    const Config& config, boost::asio::io_context& io)
{
    return adapters::open_store({
        .url = config.store.url,
        .keys = load_key_ring(config.secrets),
        .io = io.get_executor(),
        .node = "command",
        .inline_execution = true,
    });
}

} // namespace iwas::app
