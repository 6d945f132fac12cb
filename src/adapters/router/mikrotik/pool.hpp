// MikrotikPool: one client for each MikroTik router, made when first needed and anew when the
// router's configuration has changed.
#pragma once

#include "adapters/router/access.hpp"
#include "adapters/router/mikrotik/client.hpp"

#include <map>

namespace iwas::adapters {

/// How a client reaches and enters the router of this configuration; the rest as by default.
MikrotikOptions mikrotik_options_of(const domain::RouterosApi& api);

/// Lives on one thread. `stop` must complete before it is destroyed.
class MikrotikPool final : public RouterApis {
public:
    MikrotikPool(boost::asio::any_io_executor executor, ports::Clock& clock, ports::Random& random);
    ~MikrotikPool() override;

    std::shared_ptr<RouterApi> api_of(const domain::Router& router) override;

    /// Lets go of the routers that the catalog no longer reaches over an API.
    void keep_only(const domain::Catalog& catalog);

    /// The clients' circuits, for the health page.
    [[nodiscard]] std::map<domain::RouterId, CircuitBreaker::State> circuits() const;

    /// Closes every connection.
    awaitable<void> stop();

private:
    struct Entry {
        domain::RouterosApi configuration;
        std::shared_ptr<MikrotikClient> client;
    };
    static awaitable<void> retire(std::shared_ptr<MikrotikClient> client);

    boost::asio::any_io_executor executor_;
    ports::Clock& clock_;
    ports::Random& random_;
    TaskGroup tasks_;
    std::map<domain::RouterId, Entry> entries_;
};

} // namespace iwas::adapters
