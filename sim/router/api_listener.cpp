#include "sim/router/api_listener.hpp"

#include "asio/as_result.hpp"
#include "asio/tls_transport.hpp"

#include <fmt/format.h>

#include <array>
#include <deque>
#include <stdexcept>

namespace iwas::sim {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using TlsContext = std::shared_ptr<asio::ssl::context>;

constexpr std::size_t connections_max = 64;
// What a client may leave unread before it is dropped.
constexpr std::size_t unsent_octets_max = 8U << 20;
constexpr routeros::DecodeLimits limits{
    .word_octets_max = 64U << 10, .sentence_octets_max = 256U << 10, .words_max = 1'000};

/// One client. Its loops hold it; the listener knows it until it is closed.
class Peer : public std::enable_shared_from_this<Peer> {
public:
    Peer(std::unique_ptr<Transport> transport_, TaskGroup& tasks)
        : transport{std::move(transport_)}, tasks_{tasks}
    {
    }

    void close()
    {
        is_closed_ = true;
        transport->close();
    }
    [[nodiscard]] bool is_closed() const { return is_closed_; }

    /// Queues octets; the write loop runs while there are any.
    void send(std::string octets)
    {
        unsent_octets_ += octets.size();
        if (unsent_octets_ > unsent_octets_max) return close();
        out_.push_back(std::move(octets));
        if (is_writing_) return;
        is_writing_ = true; // the loop may run, and end, within the spawn
        if (!tasks_.spawn("sim api write", write_loop(shared_from_this()))) close();
    }

    const std::unique_ptr<Transport> transport;
    std::shared_ptr<ApiSession> session;
    bool has_lost_octets = false;

private:
    static awaitable<void> write_loop(std::shared_ptr<Peer> self)
    {
        while (!self->is_closed_ && !self->out_.empty()) {
            const std::string octets = std::move(self->out_.front());
            self->out_.pop_front();
            const error_code broken =
                co_await self->transport->write(asio::buffer(octets), {}, no_limit);
            self->unsent_octets_ -= octets.size();
            if (broken) self->close();
        }
        self->is_writing_ = false;
        // After !fatal the client gets its last sentence, then the end.
        if (self->session && self->session->is_over()) self->close();
    }

    TaskGroup& tasks_;
    std::deque<std::string> out_;
    std::size_t unsent_octets_ = 0;
    bool is_writing_ = false;
    bool is_closed_ = false;
};

} // namespace

struct ApiListener::State {
    State(
        asio::any_io_executor executor_, RouterModel& model_, ApiOptions options_,
        TaskGroup& tasks_)
        : executor{executor_}, model{model_}, options{std::move(options_)}, tasks{tasks_},
          acceptor{executor}
    {
    }
    asio::any_io_executor executor;
    RouterModel& model;
    ApiOptions options;
    TaskGroup& tasks;
    tcp::acceptor acceptor;
    TlsContext tls;
    std::set<std::shared_ptr<Peer>> peers;
    bool is_mute = false;
};

namespace {

/// Feeds what was read to the session. False when the stream is broken beyond repair.
bool take_all(routeros::SentenceDecoder& decoder, ApiSession& session)
{
    while (!session.is_over()) {
        const auto sentence = decoder.next();
        if (!sentence) return false;
        if (!*sentence) return true;
        session.take(**sentence);
    }
    return true;
}

template <class State>
awaitable<void> serve(std::shared_ptr<State> state, std::shared_ptr<Peer> peer)
{
    const error_code failed = co_await peer->transport->shake_hands(no_limit);
    if (failed) peer->close();
    peer->session = std::make_shared<ApiSession>(
        state->model, state->options, state->tasks,
        [weak = std::weak_ptr{peer}](std::string octets) {
            if (const auto target = weak.lock()) target->send(std::move(octets));
        });
    routeros::SentenceDecoder decoder{limits};
    std::array<std::uint8_t, 4'096> buffer{};
    while (!peer->is_closed()) {
        const Arrived arrived = co_await peer->transport->read_some(asio::buffer(buffer), no_limit);
        if (arrived.error) break;
        if (state->is_mute) {
            peer->has_lost_octets = true;
            continue;
        }
        decoder.feed(ByteView{buffer}.first(arrived.octets));
        if (!take_all(decoder, *peer->session)) break;
    }
    if (!peer->session->is_over()) peer->close();
    peer->session->end();
    state->peers.erase(peer);
}

template <class State>
awaitable<void> accept_loop(std::shared_ptr<State> state)
{
    while (state->acceptor.is_open()) {
        tcp::socket socket{state->executor};
        const auto accepted = co_await state->acceptor.async_accept(socket, as_result);
        if (!state->acceptor.is_open()) co_return;
        if (std::get<0>(accepted) || state->peers.size() >= connections_max) continue;
        error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        auto transport = state->tls ? std::make_unique<TlsTransport>(std::move(socket), *state->tls)
                                    : std::make_unique<Transport>(std::move(socket));
        const auto peer = std::make_shared<Peer>(std::move(transport), state->tasks);
        state->peers.insert(peer);
        if (!state->tasks.spawn("sim api", serve(state, peer))) state->peers.erase(peer);
    }
}

} // namespace

ApiListener::ApiListener(
    asio::any_io_executor executor, RouterModel& model, ApiOptions options, TaskGroup& tasks)
    : state_{std::make_shared<State>(executor, model, std::move(options), tasks)}
{
}

ApiListener::~ApiListener()
{
    close();
}

void ApiListener::start(tcp::endpoint local, TlsContext tls)
{
    state_->tls = std::move(tls);
    tcp::acceptor& acceptor = state_->acceptor;
    acceptor.open(tcp::v4());
    acceptor.set_option(tcp::acceptor::reuse_address{true});
    error_code error;
    acceptor.bind(local, error);
    if (error)
        throw std::runtime_error(fmt::format(
            "simulated router: cannot use TCP port {}: {}", local.port(), error.message()));
    acceptor.listen();
    if (!state_->tasks.spawn("sim api accept", accept_loop(state_)))
        throw std::runtime_error("simulated router: too many tasks");
}

std::uint16_t ApiListener::port() const
{
    return state_->acceptor.local_endpoint().port();
}

void ApiListener::active_changed(const ActiveSession& session, bool is_gone)
{
    if (state_->is_mute) return;
    for (const auto& peer : state_->peers)
        if (peer->session) peer->session->active_changed(session, is_gone);
}

void ApiListener::drop_connections()
{
    for (const auto& peer : state_->peers) {
        if (peer->session) peer->session->end();
        peer->close();
    }
}

void ApiListener::set_mute(bool is_mute)
{
    state_->is_mute = is_mute;
    if (is_mute) return;
    // Part of a sentence may be lost: such a connection cannot go on.
    for (const auto& peer : state_->peers)
        if (peer->has_lost_octets) peer->close();
}

void ApiListener::close()
{
    error_code ignored;
    state_->acceptor.close(ignored);
    drop_connections();
}

std::size_t ApiListener::connections() const
{
    return state_->peers.size();
}

} // namespace iwas::sim
