// RadiusServer: the sockets and threads of the RADIUS server.
#pragma once

#include "adapters/radius/service.hpp"

#include <memory>
#include <thread>
#include <vector>

namespace iwas::adapters {

struct RadiusServerSettings {
    Ipv4Address address{0x7F000001};
    /// 0: any free port, see `authentication_port`.
    std::uint16_t authentication_port = 1812;
    std::uint16_t accounting_port = 1813;
    /// Threads for each port, 1-16; each has a socket of its own on the same port.
    int authentication_threads = 1;
    int accounting_threads = 1;
    RadiusLimits limits;
};

/// Answers RADIUS on its own threads from construction to `stop`. The registry, the directory and
/// the journal outlive it.
class RadiusServer {
public:
    /// Throws std::system_error when a port cannot be bound; its text names address and port.
    RadiusServer(
        const RadiusServerSettings& settings, ClientRegistry& registry, const Directory& directory,
        ports::AccountingJournal& journal);
    ~RadiusServer();
    RadiusServer(const RadiusServer&) = delete;
    RadiusServer& operator=(const RadiusServer&) = delete;

    [[nodiscard]] std::uint16_t authentication_port() const { return authentication_port_; }
    [[nodiscard]] std::uint16_t accounting_port() const { return accounting_port_; }

    /// Returns when no thread runs. Records that the journal still holds stay unanswered, and the
    /// routers repeat them.
    void stop();

private:
    class Worker;
    class AccessWorker;
    class AccountingWorker;

    std::uint16_t authentication_port_ = 0;
    std::uint16_t accounting_port_ = 0;
    std::vector<std::unique_ptr<Worker>> workers_;
};

} // namespace iwas::adapters
