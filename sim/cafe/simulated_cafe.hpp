// SimulatedCafe: one branch on loopback: its PC system, its router, phones on its WiFi, and the
// payment gateways and the bank of its owner.
#pragma once

#include "adapters/http/client.hpp"
#include "sim/cafe/cafe_gateways.hpp"
#include "sim/pc_system/server.hpp"
#include "sim/router/router_server.hpp"

#include <functional>
#include <string>
#include <vector>

namespace iwas::sim {

struct CafeOptions {
    std::string branch = "q7";
    /// Where IWAS listens; everything is on 127.0.0.1.
    std::uint16_t iwas_port = 8080;
    std::uint16_t radius_authentication_port = 1812;
    std::uint16_t radius_accounting_port = 1813;
    /// 0: any free port.
    std::uint16_t pc_system_port = 0;
    std::uint16_t control_port = 0;
    std::uint16_t gateway_port = 0;
    std::uint16_t first_device_port = 0;
    std::size_t devices = 3;
    std::uint64_t seed = 1;
    /// Gateways send every notice on so many connections at once.
    std::size_t notice_copies = 1;
    /// See RouterServerOptions::leap.
    std::function<void(Milliseconds)> leap = {};
};

/// A phone on the WiFi: its browser reaches the network through `port`.
struct CafeDevice {
    MacAddress mac;
    Ipv4Address ip;
    std::uint16_t port = 0;
};

/// Lives on the executor's thread; `stop` must complete before it is destroyed.
class SimulatedCafe {
public:
    SimulatedCafe(
        boost::asio::any_io_executor executor, ports::Clock& clock, ports::Random& random,
        CafeOptions options);

    /// Opens every port and lets the phones join. Throws std::runtime_error that names a port that
    /// is taken.
    void start();
    boost::asio::awaitable<void> stop();

    /// One more phone.
    CafeDevice add_device();

    /// The café as `iwas apply` takes it: organization, location, router, PC system, packages,
    /// payment accounts.
    [[nodiscard]] std::string cafe_file() const;

    [[nodiscard]] const std::vector<CafeDevice>& devices() const { return devices_; }
    [[nodiscard]] PcSystemModel& pc_system() { return pc_model_; }
    [[nodiscard]] RouterServer& router() { return router_; }
    [[nodiscard]] std::uint16_t pc_system_port() const { return pc_server_.port(); }
    [[nodiscard]] CafeGateways& gateways() { return gateways_; }
    [[nodiscard]] const CafeGateways& gateways() const { return gateways_; }

private:
    CafeOptions options_;
    ports::Clock& clock_;
    PcSystemModel pc_model_;
    PcSystemServer pc_server_;
    RouterServer router_;
    CafeGateways gateways_;
    std::vector<CafeDevice> devices_;
};

} // namespace iwas::sim
