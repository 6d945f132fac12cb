// For commands: opens the store beside the running server.
#pragma once

#include "adapters/store/store.hpp"
#include "app/config.hpp"
#include "app/secrets.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace iwas::app {

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
