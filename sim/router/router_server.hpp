// RouterServer: the simulated router with real sockets on loopback, for `iwas demo` and end-to-end
// tests.
#pragma once

#include "adapters/http/server.hpp"
#include "sim/router/api_listener.hpp"
#include "sim/router/faulty_udp.hpp"
#include "sim/router/hotspot_pages.hpp"

#include <boost/json/fwd.hpp>

#include <functional>
#include <map>
#include <memory>

namespace iwas::sim {

struct RouterServerOptions {
    RouterOptions router;
    ApiOptions api;
    PagesOptions pages;
    /// Where everything listens. Ports of 0 take any free one, see the server's `*_port()`.
    std::string address = "127.0.0.1";
    std::uint16_t api_port = 0;
    std::uint16_t coa_port = 0;
    std::uint16_t control_port = 0;
    /// The RouterOS API over TLS with this certificate instead of plain TCP.
    std::optional<http::TlsFiles> api_tls;
    std::string radius_address = "127.0.0.1";
    std::uint16_t radius_authentication_port = 1812;
    std::uint16_t radius_accounting_port = 1813;
    /// From where RADIUS requests leave: lets several routers share one machine.
    std::string radius_source = "127.0.0.1";
    /// Of the line's dice.
    std::uint64_t seed = 1;
    /// Lets time pass at once, where the clock can do that; see POST /_sim/leap.
    std::function<void(Milliseconds)> leap = {};
};

/// Lives on the executor's thread. `stop` must complete before it is destroyed.
class RouterServer {
public:
    static constexpr std::size_t devices_max = 512;

    RouterServer(
        boost::asio::any_io_executor executor, RouterServerOptions options, ports::Clock& clock,
        ports::Random& random);
    ~RouterServer();
    RouterServer(const RouterServer&) = delete;
    RouterServer& operator=(const RouterServer&) = delete;

    /// Opens every port. Throws std::runtime_error that names a port that is taken.
    void start();
    /// Closes everything and waits for what runs.
    awaitable<void> stop();

    [[nodiscard]] std::uint16_t api_port() const { return api_.port(); }
    [[nodiscard]] std::size_t api_connections() const { return api_.connections(); }
    [[nodiscard]] std::uint16_t coa_port() const { return coa_.port(); }
    [[nodiscard]] std::uint16_t control_port() const { return control_->port(); }

    /// A phone joins the WiFi. Its browser reaches the network through the returned port: a request
    /// there with any Host header is what the phone would have sent. Port 0: any free one.
    std::uint16_t add_device(MacAddress mac, Ipv4Address ip, std::uint16_t port = 0);
    /// The phone leaves and its port closes.
    awaitable<void> remove_device(MacAddress mac);

    void set_radius_ports(std::uint16_t authentication, std::uint16_t accounting);
    void set_portal(std::string url) { pages_.set_portal(std::move(url)); }
    /// See PagesOptions, for hosts that start later.
    void set_walled_garden(std::vector<std::string> hosts)
    {
        pages_.set_walled_garden(std::move(hosts));
    }
    /// Makes it another kind of router, for browsers.
    void set_face(RouterFace face, SecretText uam_secret)
    {
        pages_.set_face(face, std::move(uam_secret));
    }

    /// Faults, see RouterModel. These also close or mute the connections.
    void restart(Milliseconds downtime);
    void disappear();
    void reappear();
    [[nodiscard]] LineFaults& line_faults() { return line_.faults; }

    [[nodiscard]] RouterModel& model() { return model_; }

private:
    http::Router control_routes();
    awaitable<http::Response> leave(std::string text);
    http::Response control(const http::Request& request);
    http::Response add_device_from(const boost::json::object& body);
    http::Response set_faults(const boost::json::object& body);
    [[nodiscard]] http::Response state();

    boost::asio::any_io_executor executor_;
    RouterServerOptions options_;
    ports::Clock& clock_;
    TaskGroup tasks_;
    Line line_;
    UdpRadiusTransport transport_;
    RouterModel model_;
    HotspotPages pages_;
    ApiListener api_;
    DynamicAuthorizationListener coa_;
    std::unique_ptr<http::Server> control_;
    std::map<MacAddress, std::unique_ptr<http::Server>> device_ports_;
};

} // namespace iwas::sim
