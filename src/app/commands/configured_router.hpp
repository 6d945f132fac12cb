// For commands: a router of the configuration by its name.
#pragma once

#include "app/commands/command_store.hpp"
#include "asio/run_now.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace iwas::app {

struct ConfiguredRouter {
    domain::Catalog catalog;
    domain::Router router;
};

/// Throws std::runtime_error when the store does not answer or has no router of this name.
inline ConfiguredRouter configured_router(
    const Config& config, boost::asio::io_context& io, const std::string& name)
{
    const auto store = open_store_now(config, io);
    auto catalog = run_now(io, store->load_catalog());
    if (!catalog) throw std::runtime_error{"the store does not answer"};
    const auto id = domain::RouterId::parse(name);
    const domain::Router* const found = id ? catalog->router(*id) : nullptr;
    if (found == nullptr)
        throw std::runtime_error{name + ": no router has this name; see `iwas apply`"};
    domain::Router router = *found;
    return {std::move(*catalog), std::move(router)};
}

} // namespace iwas::app
