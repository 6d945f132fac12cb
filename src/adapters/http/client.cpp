#include "adapters/http/client.hpp"

#include "adapters/http/link.hpp"
#include "asio/resolve.hpp"
#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <deque>
#include <map>

namespace iwas::http {

namespace asio = boost::asio;
namespace wire = boost::beast::http;
using detail::Link;

namespace {

/// Connections and TLS contexts are shared only between calls that agree on all of this.
std::string key_of(const Peer& peer)
{
    std::string key = to_string(peer.url) + "|" + peer.pinned_certificate.value_or("") + "|";
    if (!peer.client_certificate.empty())
        key +=
            to_hex(sha256({as_bytes(peer.client_certificate), as_bytes(peer.client_key.reveal())}));
    return key;
}

std::string without_breaks(std::string_view value)
{
    std::string clean{value};
    std::erase_if(clean, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
    return clean;
}

detail::WireRequest wire_request(const Peer& peer, OutboundRequest request)
{
    detail::WireRequest message;
    message.version(11);
    message.method_string(to_string(request.method));
    message.target(peer.url.prefix + without_breaks(request.target));
    const bool default_port = peer.url.port == (peer.url.tls ? 443 : 80);
    message.set(
        wire::field::host,
        default_port ? peer.url.host : peer.url.host + ":" + std::to_string(peer.url.port));
    message.set(wire::field::user_agent, "IWAS");
    for (const auto& [name, value] : request.headers.all())
        if (equal_ignoring_case(name, "Host"))
            message.set(name, without_breaks(value)); // there must be one (RFC 9112 §3.2)
        else
            message.insert(name, without_breaks(value));
    message.body() = std::move(request.body);
    message.prepare_payload();
    message.keep_alive(true);
    return message;
}

} // namespace

std::string_view to_string(ClientError error)
{
    switch (error) {
    case ClientError::unreachable: return "unreachable";
    case ClientError::timeout_unknown: return "timeout_unknown";
    case ClientError::bad_response: return "bad_response";
    case ClientError::too_large: return "too_large";
    }
    return "unknown";
}

struct Client::State {
    struct Known {
        std::shared_ptr<asio::ssl::context> tls;
        std::deque<std::unique_ptr<Link>> idle;
    };
    /// Counts a call for as long as it lives.
    struct CallCount {
        explicit CallCount(std::size_t& calls) : calls_{calls} { ++calls_; }
        ~CallCount() { --calls_; }
        CallCount(const CallCount&) = delete;
        CallCount& operator=(const CallCount&) = delete;

    private:
        std::size_t& calls_;
    };

    State(asio::any_io_executor executor_, ClientOptions options_)
        : executor{std::move(executor_)}, options{std::move(options_)}
    {
    }

    Known& known(const std::string& key)
    {
        if (peers.size() >= options.peers_max && !peers.contains(key)) peers.clear();
        return peers[key];
    }

    /// An idle connection that the peer has not closed, newest first.
    std::unique_ptr<Link> take_idle(const std::string& key)
    {
        auto& idle = known(key).idle;
        const SteadyTime oldest = std::chrono::steady_clock::now() - options.idle_time_max;
        while (!idle.empty() && idle.front()->idle_since < oldest)
            idle.pop_front();
        while (!idle.empty()) {
            std::unique_ptr<Link> link = std::move(idle.back());
            idle.pop_back();
            if (link->quiet()) return link;
        }
        return nullptr;
    }

    void keep(const std::string& key, std::unique_ptr<Link> link)
    {
        auto& idle = known(key).idle;
        link->idle_since = std::chrono::steady_clock::now();
        idle.push_back(std::move(link));
        if (idle.size() > options.idle_per_peer_max) idle.pop_front();
    }

    /// A new connection; null when there is none by `deadline`.
    static asio::awaitable<std::unique_ptr<Link>> connect(
        std::shared_ptr<State> state, Peer peer, std::string key, SteadyTime deadline)
    {
        std::shared_ptr<asio::ssl::context> tls;
        if (peer.url.tls) {
            tls = state->known(key).tls;
            if (!tls) tls = detail::client_tls(peer, state->options);
            if (!tls) co_return nullptr;
            state->known(key).tls = tls;
        }
        auto addresses = co_await iwas::resolve(state->executor, peer.url.host, deadline);
        std::erase_if(addresses, [&](Ipv4Address a) { return !peer.addresses.may_connect(a); });
        auto link = co_await detail::connect_link(
            state->executor, std::move(addresses), std::move(peer), std::move(tls), deadline);
        co_return link;
    }

    asio::any_io_executor executor;
    ClientOptions options;
    std::map<std::string, Known> peers;
    std::size_t calls = 0;
};

Client::Client(asio::any_io_executor executor, ClientOptions options)
    : state_{std::make_shared<State>(std::move(executor), std::move(options))}
{
}

Client::~Client() = default;

asio::awaitable<Result<InboundResponse, ClientError>> Client::send(
    Peer peer, OutboundRequest request, SteadyTime deadline)
{
    const std::shared_ptr<State> state = state_;
    const SteadyTime now = std::chrono::steady_clock::now();
    if (state->calls >= state->options.calls_max || now >= deadline)
        co_return std::unexpected(ClientError::unreachable);
    const State::CallCount counted{state->calls};
    const std::string key = key_of(peer);
    ClientOptions limits = state->options;
    if (request.answer_octets_max != 0) limits.body_octets_max = request.answer_octets_max;
    detail::WireRequest message = wire_request(peer, std::move(request));

    std::unique_ptr<Link> link = state->take_idle(key);
    if (!link) {
        const SteadyTime connect_by = std::min(deadline, now + state->options.connect_timeout);
        link = co_await State::connect(state, std::move(peer), key, connect_by);
        if (!link) co_return std::unexpected(ClientError::unreachable);
    }
    auto answer = co_await link->exchange(std::move(message), deadline, std::move(limits));
    if (answer && link->reusable()) state->keep(key, std::move(link));
    co_return answer;
}

std::size_t Client::idle_connections() const
{
    std::size_t count = 0;
    for (const auto& [key, peer] : state_->peers)
        count += peer.idle.size();
    return count;
}

void Client::close_idle()
{
    for (auto& [key, peer] : state_->peers)
        peer.idle.clear();
}

} // namespace iwas::http
