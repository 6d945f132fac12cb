// run_now: one coroutine to its end, for commands and tests, which have nothing else to do.
#pragma once

#include "core/assert.hpp"
#include "core/time.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <utility>

namespace iwas {

/// Runs `io` on the calling thread until `task` is done. The coroutine's result; what it throws is
/// thrown here. Other work of `io` runs meanwhile, and what is left of it stays for the next run.
template <class T>
T run_now(boost::asio::io_context& io, boost::asio::awaitable<T> task)
{
    auto result = boost::asio::co_spawn(io, std::move(task), boost::asio::use_future);
    const auto is_done = [&] { return result.wait_for(0s) == std::future_status::ready; };
    io.restart();
    while (!is_done() && io.run_one() > 0) {
    }
    IWAS_ASSERT(is_done()); // else it waits for what nobody will bring
    return result.get();
}

} // namespace iwas
