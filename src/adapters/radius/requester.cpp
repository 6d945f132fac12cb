#include "adapters/radius/requester.hpp"

#include "protocol/radius/authenticator.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/rand.h>

#include <algorithm>
#include <bitset>
#include <random>
#include <unordered_map>
#include <vector>

namespace iwas::adapters {

namespace asio = boost::asio;
using asio::ip::udp;
using radius::Code;

namespace {

constexpr int receive_buffer_octets = 4 << 20;
/// Datagrams taken from one socket before others get their turn.
constexpr int receive_burst = 64;
/// Silent destinations that are remembered; more are asked again and again.
constexpr std::size_t circuits_max = 4'096;

std::uint64_t destination_key(Ipv4Address address, std::uint16_t port)
{
    return std::uint64_t{address.value()} << 16 | port;
}
std::uint64_t request_key(std::uint64_t destination, std::uint8_t identifier)
{
    return destination << 8 | identifier;
}

bool answers(Code response, Code request)
{
    if (response == Code::protocol_error) return true;
    switch (request) {
    case Code::access_request:
        return response == Code::access_accept || response == Code::access_reject ||
               response == Code::access_challenge;
    case Code::status_server:
        return response == Code::access_accept || response == Code::accounting_response;
    case Code::accounting_request: return response == Code::accounting_response;
    case Code::disconnect_request:
        return response == Code::disconnect_ack || response == Code::disconnect_nak;
    case Code::coa_request: return response == Code::coa_ack || response == Code::coa_nak;
    case Code::access_accept:
    case Code::access_reject:
    case Code::access_challenge:
    case Code::accounting_response:
    case Code::disconnect_ack:
    case Code::disconnect_nak:
    case Code::coa_ack:
    case Code::coa_nak:
    case Code::protocol_error: return false;
    }
    return false;
}

/// Hands out the identifiers of one destination in turn, so that each rests as long as possible.
class Identifiers {
public:
    std::optional<std::uint8_t> take()
    {
        if (used_.all()) return std::nullopt;
        do
            ++last_;
        while (used_[last_]);
        used_.set(last_);
        return last_;
    }
    void give_back(std::uint8_t identifier) { used_.reset(identifier); }

private:
    std::bitset<256> used_;
    std::uint8_t last_ = 255;
};

/// One request in the air. Its timer is a mailbox: whoever puts in the answer makes it due.
struct Pending {
    explicit Pending(const asio::any_io_executor& executor) : mailbox{executor} {}

    asio::steady_timer mailbox;
    RadiusTarget target;
    Code code{};
    radius::Authenticator base{};
    Bytes request;
    std::optional<Bytes> answer;
    bool is_closed = false;

    void wake() { mailbox.expires_at(SteadyTime::min()); }
};

struct Socket {
    explicit Socket(const asio::any_io_executor& executor)
        : socket{executor, udp::endpoint{udp::v4(), 0}}
    {
        socket.non_blocking(true);
        boost::system::error_code ignored;
        socket.set_option(asio::socket_base::receive_buffer_size{receive_buffer_octets}, ignored);
    }
    udp::socket socket;
    udp::endpoint from;
    radius::PacketBuffer buffer;
    std::unordered_map<std::uint64_t, Identifiers> identifiers;
    std::unordered_map<std::uint64_t, Pending*> pending;
};

/// A request's place: which socket and which identifier.
struct Place {
    std::shared_ptr<Socket> socket;
    std::uint8_t identifier = 0;
};

/// Keeps a request known to its socket for as long as it waits, however that ends.
class Enrolled {
public:
    Enrolled(Place place, std::uint64_t destination, Pending& pending)
        : place_{std::move(place)}, destination_{destination}, pending_{pending}
    {
        place_.socket->pending[key()] = &pending_;
    }
    ~Enrolled() { leave(); }
    Enrolled(const Enrolled&) = delete;
    Enrolled& operator=(const Enrolled&) = delete;

    [[nodiscard]] std::uint8_t identifier() const { return place_.identifier; }
    [[nodiscard]] udp::socket& socket() const { return place_.socket->socket; }
    /// Takes the next identifier of the same socket.
    void move_on()
    {
        leave();
        // The one just given back is free, so there is one.
        place_.identifier = place_.socket->identifiers[destination_].take().value();
        place_.socket->pending[key()] = &pending_;
    }

private:
    [[nodiscard]] std::uint64_t key() const { return request_key(destination_, place_.identifier); }
    void leave()
    {
        place_.socket->identifiers[destination_].give_back(place_.identifier);
        place_.socket->pending.erase(key());
    }

    Place place_;
    std::uint64_t destination_;
    Pending& pending_;
};

} // namespace

struct RadiusRequester::State : std::enable_shared_from_this<State> {
    State(asio::any_io_executor on, RequesterSettings set) : executor{std::move(on)}, settings{set}
    {
    }

    asio::any_io_executor executor;
    RequesterSettings settings;
    std::vector<std::shared_ptr<Socket>> sockets;
    /// Of the destinations that have not answered lately.
    std::unordered_map<std::uint64_t, CircuitBreaker> circuits;
    std::minstd_rand jitter{std::random_device{}()};
    std::size_t outstanding = 0;
    std::uint64_t bad_answers = 0;
    bool is_closed = false;

    bool may_ask(std::uint64_t destination);
    void note_silence(std::uint64_t destination);
    Milliseconds next_wait();
    std::optional<Place> take_place(std::uint64_t destination);
    void listen(std::shared_ptr<Socket> socket);
    void receive_all(Socket& socket);
    void on_datagram(Socket& socket, ByteView octets);
    bool write(Pending& pending, std::uint8_t identifier, const Fill& fill) const;
};

bool RadiusRequester::State::may_ask(std::uint64_t destination)
{
    const auto circuit = circuits.find(destination);
    return circuit == circuits.end() || circuit->second.may_call(SteadyTime::clock::now());
}

void RadiusRequester::State::note_silence(std::uint64_t destination)
{
    if (circuits.size() >= circuits_max && !circuits.contains(destination)) return;
    circuits.try_emplace(destination, settings.circuit)
        .first->second.failed(SteadyTime::clock::now());
}

Milliseconds RadiusRequester::State::next_wait()
{
    const auto spread = settings.attempt.count() * settings.jitter_percent / 100;
    if (spread <= 0) return settings.attempt;
    return settings.attempt + Milliseconds{static_cast<std::int64_t>(jitter()) % (spread + 1)};
}

std::optional<Place> RadiusRequester::State::take_place(std::uint64_t destination)
{
    if (is_closed) return std::nullopt;
    for (const auto& socket : sockets)
        if (const auto identifier = socket->identifiers[destination].take())
            return Place{socket, *identifier};
    if (sockets.size() == settings.sockets_max) return std::nullopt;
    try {
        sockets.push_back(std::make_shared<Socket>(executor));
    } catch (const boost::system::system_error&) {
        return std::nullopt; // out of descriptors or ports: nothing can be sent
    }
    listen(sockets.back());
    return Place{sockets.back(), sockets.back()->identifiers[destination].take().value()};
}

void RadiusRequester::State::listen(std::shared_ptr<Socket> socket)
{
    Socket& it = *socket;
    it.socket.async_wait(
        udp::socket::wait_read,
        [self = shared_from_this(), socket = std::move(socket)](boost::system::error_code error) {
            if (error || self->is_closed) return;
            self->receive_all(*socket);
            self->listen(socket);
        });
}

void RadiusRequester::State::receive_all(Socket& socket)
{
    for (int i = 0; i < receive_burst; ++i) {
        boost::system::error_code error;
        const std::size_t size =
            socket.socket.receive_from(asio::buffer(socket.buffer), socket.from, 0, error);
        if (error) return;
        on_datagram(socket, ByteView{socket.buffer}.first(size));
    }
}

void RadiusRequester::State::on_datagram(Socket& socket, ByteView octets)
{
    ++bad_answers; // taken back when it is a good one
    const auto packet = radius::decode(octets);
    if (!packet || !socket.from.address().is_v4()) return;
    const Ipv4Address address{socket.from.address().to_v4().to_uint()};
    const std::uint64_t destination = destination_key(address, socket.from.port());
    const auto found = socket.pending.find(request_key(destination, packet->identifier()));
    if (found == socket.pending.end()) return;
    Pending& pending = *found->second;
    if (pending.answer || !answers(packet->code(), pending.code)) return;

    const radius::SharedSecret& secret = *pending.target.secret;
    if (!radius::is_authenticator_right(*packet, pending.base, secret)) return;
    switch (radius::check_message_authenticator(*packet, pending.base, secret)) {
    case radius::MessageAuthenticator::absent:
        if (pending.target.requires_message_authenticator) return;
        break;
    case radius::MessageAuthenticator::right: break;
    case radius::MessageAuthenticator::wrong:
    case radius::MessageAuthenticator::repeated: return;
    }
    --bad_answers;
    pending.answer.emplace(packet->octets().begin(), packet->octets().end());
    pending.wake();
}

bool RadiusRequester::State::write(
    Pending& pending, std::uint8_t identifier, const Fill& fill) const
{
    radius::PacketBuffer buffer;
    radius::Authenticator base{};
    if (radius::has_random_authenticator(pending.code))
        RAND_bytes(base.data(), static_cast<int>(base.size()));
    radius::PacketWriter writer{buffer, pending.code, identifier, base};
    if (radius::has_random_authenticator(pending.code)) writer.add_message_authenticator();
    fill(writer);
    const auto octets = writer.finish(*pending.target.secret);
    if (!octets) return false;
    pending.request.assign(octets->begin(), octets->end());
    std::copy_n(octets->begin() + 4, pending.base.size(), pending.base.begin());
    return true;
}

RadiusRequester::RadiusRequester(asio::any_io_executor executor, RequesterSettings settings)
    : state_{std::make_shared<State>(std::move(executor), settings)}
{
}

RadiusRequester::~RadiusRequester()
{
    close();
}

void RadiusRequester::close()
{
    state_->is_closed = true;
    for (const auto& socket : state_->sockets) {
        boost::system::error_code ignored;
        socket->socket.close(ignored);
        for (const auto& [key, pending] : socket->pending) {
            pending->is_closed = true;
            pending->wake();
        }
    }
}

std::size_t RadiusRequester::open_circuits() const
{
    const SteadyTime now = SteadyTime::clock::now();
    return static_cast<std::size_t>(std::ranges::count_if(state_->circuits, [&](const auto& each) {
        return each.second.state(now) != CircuitBreaker::State::closed;
    }));
}
std::size_t RadiusRequester::outstanding() const
{
    return state_->outstanding;
}
std::uint64_t RadiusRequester::bad_answers() const
{
    return state_->bad_answers;
}

asio::awaitable<Result<RadiusAnswer, AskError>> RadiusRequester::ask(
    RadiusTarget target, Code code, Fill fill, SteadyTime deadline)
{
    const std::shared_ptr<State> state = state_;
    const std::uint64_t destination = destination_key(target.address, target.port);
    const udp::endpoint to{asio::ip::address_v4{target.address.value()}, target.port};
    const SteadyTime began = SteadyTime::clock::now();
    if (!state->may_ask(destination)) co_return std::unexpected{AskError::unreachable};
    const auto place = state->take_place(destination);
    if (!place) co_return std::unexpected{AskError::unreachable};

    Pending pending{state->executor};
    pending.target = std::move(target);
    pending.code = code;
    Enrolled enrolled{*place, destination, pending};
    bool was_sent = false;
    bool is_written = state->write(pending, enrolled.identifier(), fill);
    ++state->outstanding;

    int attempt = 0;
    while (is_written && attempt < state->settings.attempts && !pending.is_closed) {
        const SteadyTime now = SteadyTime::clock::now();
        if (attempt > 0 && now >= deadline) break;
        if (attempt > 0 && code == Code::status_server) {
            // A probe is never repeated: each has an identifier and authenticator of its own.
            enrolled.move_on();
            is_written = state->write(pending, enrolled.identifier(), fill);
        }
        ++attempt;
        pending.mailbox.expires_at(std::min(now + state->next_wait(), deadline));
        boost::system::error_code error;
        enrolled.socket().send_to(asio::buffer(pending.request), to, 0, error);
        was_sent = was_sent || !error;
        (void)co_await pending.mailbox.async_wait(asio::as_tuple(asio::use_awaitable));
        if (pending.answer) break;
    }
    --state->outstanding;
    const auto took = SteadyTime::clock::now() - began;
    if (pending.answer) {
        state->circuits.erase(destination);
        co_return RadiusAnswer{
            std::move(*pending.answer), pending.base,
            std::chrono::duration_cast<Milliseconds>(took), attempt};
    }
    // One that had no time for an answer tells nothing about the destination.
    if (!pending.is_closed && took >= state->settings.attempt) state->note_silence(destination);
    co_return std::unexpected{was_sent ? AskError::unknown : AskError::unreachable};
}

} // namespace iwas::adapters
