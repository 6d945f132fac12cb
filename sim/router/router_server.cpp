#include "sim/router/router_server.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <fmt/format.h>

#include <stdexcept>

namespace iwas::sim {

namespace {

namespace asio = boost::asio;

// Sessions account for themselves one by one, so this bounds what waits for a silent server.
constexpr std::size_t tasks_max = 16'384;

UdpRadiusTransport::Endpoint udp_endpoint(const std::string& address, std::uint16_t port)
{
    return {asio::ip::make_address(address), port};
}

std::shared_ptr<asio::ssl::context> tls_context(const std::optional<http::TlsFiles>& files)
{
    if (!files) return nullptr;
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    context->use_certificate_chain_file(files->certificate_chain);
    context->use_private_key_file(files->private_key, asio::ssl::context::pem);
    return context;
}

/// Not the server's defaults: a hotspot sets no security headers, and phones come back often.
http::ServerOptions plain_server(const std::string& address, std::uint16_t port)
{
    http::ServerOptions options;
    options.address = address;
    options.port = port;
    options.connections_max = 128;
    options.connections_per_address_max = 128;
    options.default_headers.clear();
    return options;
}

} // namespace

RouterServer::RouterServer(
    asio::any_io_executor executor, RouterServerOptions options, ports::Clock& clock,
    ports::Random& random)
    : executor_{executor}, options_{std::move(options)}, clock_{clock}, tasks_{executor, tasks_max},
      line_{options_.seed},
      transport_{
          executor,
          udp_endpoint(options_.radius_source, 0),
          udp_endpoint(options_.radius_address, options_.radius_authentication_port),
          udp_endpoint(options_.radius_address, options_.radius_accounting_port),
          clock,
          line_},
      model_{options_.router, clock, random, transport_, tasks_},
      pages_{model_, options_.pages, random}, api_{executor, model_, options_.api, tasks_},
      coa_{executor, model_, clock, line_, tasks_}
{
    model_.on_active_change = [this](const ActiveSession& session, bool is_gone) {
        api_.active_changed(session, is_gone);
    };
}

RouterServer::~RouterServer() = default;

void RouterServer::start()
{
    const auto address = asio::ip::make_address(options_.address);
    api_.start({address, options_.api_port}, tls_context(options_.api_tls));
    coa_.start({address, options_.coa_port});
    control_ = std::make_unique<http::Server>(
        executor_, plain_server(options_.address, options_.control_port), control_routes());
    control_->start();
}

awaitable<void> RouterServer::stop()
{
    constexpr Milliseconds patience{200};
    const SteadyTime deadline = std::chrono::steady_clock::now() + patience;
    api_.close();
    coa_.close();
    if (control_) co_await control_->stop(deadline);
    for (auto& [mac, server] : device_ports_)
        co_await server->stop(deadline);
    device_ports_.clear();
    tasks_.cancel();
    co_await tasks_.join();
}

std::uint16_t RouterServer::add_device(MacAddress mac, Ipv4Address ip, std::uint16_t port)
{
    model_.add_device(mac, ip);
    auto& server = device_ports_[mac];
    if (server) return server->port();
    http::Router router;
    // The Host header alone tells where the phone wanted to go; every path is possible.
    router.otherwise(
        [this, mac](http::Request request) {
            const std::string own_host =
                fmt::format("{}:{}", options_.address, device_ports_.at(mac)->port());
            return pages_.answer(mac, own_host, std::move(request));
        },
        {.rate_limited = false});
    server = std::make_unique<http::Server>(
        executor_, plain_server(options_.address, port), std::move(router));
    server->start();
    return server->port();
}

awaitable<void> RouterServer::remove_device(MacAddress mac)
{
    model_.remove_device(mac);
    auto node = device_ports_.extract(mac);
    if (node.empty()) co_return;
    co_await node.mapped()->stop(std::chrono::steady_clock::now());
}

void RouterServer::set_radius_ports(std::uint16_t authentication, std::uint16_t accounting)
{
    transport_.set_server(
        udp_endpoint(options_.radius_address, authentication),
        udp_endpoint(options_.radius_address, accounting));
}

void RouterServer::restart(Milliseconds downtime)
{
    model_.restart(downtime);
    api_.drop_connections();
}

void RouterServer::disappear()
{
    model_.disappear();
    api_.set_mute(true);
}

void RouterServer::reappear()
{
    model_.reappear();
    api_.set_mute(false);
}

} // namespace iwas::sim
