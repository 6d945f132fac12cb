#include "adapters/http/server.hpp"

#include "adapters/http/connection.hpp"
#include "asio/as_result.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <openssl/ssl.h>
#include <spdlog/spdlog.h>

#include <stdexcept>

namespace iwas::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

asio::ssl::context tls_context(const TlsFiles& files)
{
    asio::ssl::context context{asio::ssl::context::tls_server};
    context.set_options(
        asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
        asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
        asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression);
    try {
        context.use_certificate_chain_file(files.certificate_chain);
        context.use_private_key_file(files.private_key, asio::ssl::context::pem);
    } catch (const std::exception& error) {
        throw std::runtime_error{
            "cannot read the TLS certificate " + files.certificate_chain + " or its key " +
            files.private_key + ": " + error.what()};
    }
    return context;
}

} // namespace

std::vector<std::pair<std::string, std::string>> ServerOptions::security_headers()
{
    return {
        {"Content-Security-Policy",
         "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
         "form-action 'self'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
    };
}

struct Server::State {
    State(asio::any_io_executor executor_, ServerOptions options, Router router)
        : executor{executor_}, acceptor{executor_},
          shared{std::make_shared<detail::Shared>(
              std::move(executor_), std::move(options), std::move(router))}
    {
    }

    static asio::awaitable<void> accept(std::shared_ptr<State> state)
    {
        while (state->acceptor.is_open()) {
            auto accepted = co_await state->acceptor.async_accept(as_result);
            const boost::system::error_code error = std::get<0>(accepted);
            if (error == asio::error::operation_aborted || !state->acceptor.is_open()) co_return;
            if (error) {
                // Out of file descriptors, most likely: give connections time to end.
                spdlog::warn("event=http_accept_failed error=\"{}\"", error.message());
                asio::steady_timer pause{state->executor, std::chrono::milliseconds{100}};
                co_await pause.async_wait(as_result);
                continue;
            }
            detail::start_connection(state->shared, std::move(std::get<1>(accepted)));
        }
    }

    asio::any_io_executor executor;
    tcp::acceptor acceptor;
    std::shared_ptr<detail::Shared> shared;
    std::uint16_t port = 0;
};

Server::Server(asio::any_io_executor executor, ServerOptions options, Router router)
    : state_{std::make_shared<State>(std::move(executor), std::move(options), std::move(router))}
{
}

Server::~Server() = default;

void Server::start()
{
    const ServerOptions& options = state_->shared->options;
    const std::string where = options.address + ":" + std::to_string(options.port);
    if (options.tls) state_->shared->tls.emplace(tls_context(*options.tls));
    boost::system::error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    const auto check = [&] {
        if (error) throw std::runtime_error{"cannot listen on " + where + ": " + error.message()};
    };
    check();
    tcp::acceptor& acceptor = state_->acceptor;
    const tcp::endpoint endpoint{address, options.port};
    acceptor.open(endpoint.protocol(), error);
    check();
    acceptor.set_option(asio::socket_base::reuse_address{true}, error);
    check();
    acceptor.bind(endpoint, error);
    check();
    acceptor.listen(asio::socket_base::max_listen_connections, error);
    check();
    state_->port = acceptor.local_endpoint().port();
    if (!state_->shared->tasks.spawn("http accept", State::accept(state_)))
        throw std::runtime_error{"the HTTP server on " + where + " was stopped before its start"};
}

std::uint16_t Server::port() const
{
    return state_->port;
}
std::size_t Server::connections() const
{
    return state_->shared->connections.size();
}

asio::awaitable<void> Server::stop(SteadyTime deadline)
{
    const std::shared_ptr<State> state = state_;
    detail::Shared& shared = *state->shared;
    shared.draining = true;
    boost::system::error_code ignored;
    state->acceptor.close(ignored);
    // Copies: ending a connection changes the set.
    for (detail::Connection* connection :
         std::vector(shared.connections.begin(), shared.connections.end()))
        if (shared.connections.contains(connection)) connection->drain();

    asio::steady_timer pause{state->executor};
    while (shared.tasks.running() > 0 && std::chrono::steady_clock::now() < deadline) {
        pause.expires_after(std::chrono::milliseconds{5});
        co_await pause.async_wait(as_result);
    }
    for (detail::Connection* connection :
         std::vector(shared.connections.begin(), shared.connections.end()))
        if (shared.connections.contains(connection)) connection->abort();
    co_await shared.tasks.join();
}

} // namespace iwas::http
