#include "adapters/http/connection.hpp"

#include "adapters/http/exchange.hpp"
#include "adapters/http/message_io.hpp"
#include "asio/as_result.hpp"
#include "asio/tls_transport.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

#include <array>

namespace iwas::http::detail {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using boost::system::error_code;

namespace {

/// After an answer to a request that was not read to its end, so much more is read and thrown away,
/// else the kernel's reset could overtake the answer.
constexpr std::size_t discarded_octets_max = 256 * 1024;
constexpr auto discard_time_max = std::chrono::seconds{1};

SteadyTime in(std::chrono::milliseconds time)
{
    return std::chrono::steady_clock::now() + time;
}

class Session final : public Connection {
public:
    using Self = std::shared_ptr<Session>;

    Session(std::shared_ptr<Shared> shared, std::unique_ptr<Transport> transport, std::string peer)
        : shared_{std::move(shared)}, transport_{std::move(transport)}, peer_{std::move(peer)}
    {
        shared_->connections.insert(this);
        ++shared_->per_address[peer_];
    }
    ~Session() override
    {
        shared_->connections.erase(this);
        const auto count = shared_->per_address.find(peer_);
        if (count != shared_->per_address.end() && --count->second == 0)
            shared_->per_address.erase(count);
    }

    void drain() override
    {
        if (idle_) abort();
        if (events_) events_->close();
    }
    void abort() override
    {
        if (events_) events_->close();
        transport_->close();
    }

    static asio::awaitable<void> run(Self self)
    {
        const SteadyTime greet_by = in(self->options().header_timeout);
        const error_code failed = co_await self->transport_->shake_hands(greet_by);
        if (failed) co_return;
        bool again = true;
        while (again && !self->shared_->draining)
            again = co_await serve_one(self);
        co_await end(self);
    }

private:
    [[nodiscard]] const ServerOptions& options() const { return shared_->options; }
    [[nodiscard]] SteadyTime write_by() const { return in(options().write_timeout); }

    /// Reads one request and answers it. False when the connection ends.
    static asio::awaitable<bool> serve_one(Self self)
    {
        if (self->buffer_.size() == 0) {
            const bool arrived = co_await wait_for_octets(self);
            if (!arrived) co_return false;
        }
        Parser parser;
        parser.header_limit(static_cast<std::uint32_t>(self->options().header_octets_max));
        parser.body_limit(boost::none); // set once the route is known
        const SteadyTime read_by = in(self->options().header_timeout);
        const error_code error =
            co_await read_message(*self->transport_, self->buffer_, parser, Part::head, read_by);
        const auto begun = std::chrono::steady_clock::now();
        if (error) {
            auto refused = refusal_for(error);
            if (refused) co_await write(self, Asked{}, std::move(*refused), false);
            self->discard_input_ = refused.has_value();
            co_return false;
        }

        Head head = judge(*self->shared_, parser, self->peer_, self->shared_->tls.has_value());
        if (!head.refused)
            head.refused =
                co_await read_body(self, &parser, body_limit(*self->shared_, *head.match.route));
        Asked asked;
        if (head.request) asked = {head.request->method, head.request->request_id};
        bool keep = parser.is_done() && parser.keep_alive() && !self->shared_->draining;
        self->discard_input_ = !parser.is_done();
        Response response;
        if (head.refused) {
            response = std::move(*head.refused);
            keep = keep && response.status != 400; // who sends such things is not asked again
        } else {
            head.request->body = std::move(parser.get().body());
            head.request->path_params = std::move(head.match.params);
            Request request = *head.request; // the handler's own; ours names the answer
            response = co_await run_handler(head.match.route, std::move(request));
        }
        keep = keep && !self->shared_->draining;
        if (response.hangs_up) co_return false;
        const int status = response.status;
        const bool sent = co_await write(self, asked, std::move(response), keep);
        observed(*self->shared_, asked, head.match.route, status, begun);
        co_return sent&& keep;
    }

    static asio::awaitable<bool> wait_for_octets(Self self)
    {
        self->idle_ = true;
        const SteadyTime arrive_by =
            in(self->first_ ? self->options().header_timeout : self->options().idle_timeout);
        self->first_ = false;
        const auto space = self->buffer_.prepare(4096);
        const Arrived arrived = co_await self->transport_->read_some(space, arrive_by);
        self->idle_ = false;
        self->buffer_.commit(arrived.octets);
        co_return !arrived.error;
    }

    /// Reads the rest of the request. A response when it is refused.
    static asio::awaitable<std::optional<Response>> read_body(
        Self self, Parser* parser, std::size_t limit)
    {
        if (parser->is_done()) co_return std::nullopt;
        const auto length = parser->content_length();
        if (length && *length > limit) {
            const error_code too_large = make_error_code(wire::error::body_limit);
            co_return refusal_for(too_large);
        }
        parser->body_limit(limit);
        const SteadyTime read_by = in(self->options().body_timeout);
        if (beast::iequals(parser->get()[wire::field::expect], "100-continue")) {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            const error_code broken =
                co_await self->transport_->write(asio::buffer(go_on), {}, read_by);
            if (broken) co_return refusal(400, "BAD_REQUEST", "The connection broke.");
        }
        const error_code error =
            co_await read_message(*self->transport_, self->buffer_, *parser, Part::whole, read_by);
        if (!error) co_return std::nullopt;
        auto refused = refusal_for(error);
        if (!refused) refused = refusal(400, "BAD_REQUEST", "The request was cut off.");
        co_return refused;
    }

    /// Sends the answer. False when it could not be sent.
    static asio::awaitable<bool> write(Self self, Asked asked, Response response, bool keep)
    {
        if (response.events) {
            const bool streamed = co_await write_events(self, asked, std::move(response));
            co_return streamed;
        }
        WireResponse message = wire_head(*self->shared_, asked, response, keep);
        const std::string& body = response.shared_body ? *response.shared_body : response.body;
        message.body() = boost::span<const char>{body.data(), body.size()};
        message.prepare_payload();
        const std::string head = head_of(message);
        const auto sent = asked.method == Method::head ? asio::const_buffer{} : asio::buffer(body);
        const error_code broken =
            co_await self->transport_->write(asio::buffer(head), sent, self->write_by());
        co_return !broken;
    }

    /// Sends events until one side ends the stream. The body ends with the connection, so the
    /// result is always false: nothing can follow.
    static asio::awaitable<bool> write_events(Self self, Asked asked, Response response)
    {
        const std::shared_ptr<EventStream> events = std::move(response.events);
        if (self->shared_->event_streams >= self->options().event_streams_max) {
            events->close();
            Response full = refusal(503, "TOO_MANY_STREAMS", "Too many event streams are open.");
            full.headers.set("Retry-After", "5");
            co_await write(self, asked, std::move(full), false);
            co_return false;
        }
        response.headers.set("Content-Type", "text/event-stream");
        response.headers.set("Cache-Control", "no-store");
        response.headers.set("X-Accel-Buffering", "no");
        WireResponse message = wire_head(*self->shared_, asked, response, false);
        const std::string head = head_of(message);
        const error_code broken =
            co_await self->transport_->write(asio::buffer(head), {}, self->write_by());
        const bool only_head = asked.method == Method::head;
        if (!broken && !only_head) {
            ++self->shared_->event_streams;
            self->events_ = events;
            if (self->shared_->tasks.spawn("http events reader", watch(self, events)))
                co_await pump(self, events);
            self->events_.reset();
            --self->shared_->event_streams;
        }
        events->on_wake(nullptr);
        events->close();
        self->transport_->close(); // ends the reader
        co_return false;
    }

    static asio::awaitable<void> pump(Self self, std::shared_ptr<EventStream> events)
    {
        const auto timer =
            std::make_shared<asio::steady_timer>(self->transport_->socket().get_executor());
        events->on_wake([timer] { timer->expires_at(asio::steady_timer::time_point::min()); });
        for (;;) {
            std::string text = events->take();
            if (text.empty()) {
                if (!events->is_open()) co_return;
                // No wake-up is lost: nothing runs between take() and here.
                timer->expires_after(self->options().event_keepalive);
                co_await timer->async_wait(as_result);
                if (events->has_queued() || !events->is_open()) continue;
                text = ":\n\n";
            }
            const error_code broken =
                co_await self->transport_->write(asio::buffer(text), {}, self->write_by());
            if (broken) co_return;
        }
    }

    /// Reads and drops what an event stream's client sends, until it leaves.
    static asio::awaitable<void> watch(Self self, std::shared_ptr<EventStream> events)
    {
        std::array<char, 256> dropped{};
        for (;;) {
            const Arrived arrived =
                co_await self->transport_->read_some(asio::buffer(dropped), no_limit);
            if (arrived.error) break;
        }
        events->close();
    }

    static asio::awaitable<void> end(Self self)
    {
        if (!self->transport_->socket().is_open()) co_return;
        const SteadyTime end_by = in(discard_time_max);
        if (self->discard_input_)
            co_await self->transport_->drain(discarded_octets_max, end_by);
        else
            co_await self->transport_->say_goodbye(end_by);
        self->transport_->close();
    }

    std::shared_ptr<Shared> shared_;
    std::unique_ptr<Transport> transport_;
    std::string peer_;
    beast::flat_buffer buffer_;
    std::shared_ptr<EventStream> events_;
    bool idle_ = false;
    bool first_ = true;
    bool discard_input_ = false;
};

} // namespace

bool start_connection(const std::shared_ptr<Shared>& shared, asio::ip::tcp::socket socket)
{
    beast::error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error) return false;
    const std::string peer = endpoint.address().to_string();
    if (shared->connections.size() >= shared->options.connections_max) return false;
    const auto count = shared->per_address.find(peer);
    if (count != shared->per_address.end() &&
        count->second >= shared->options.connections_per_address_max &&
        !is_trusted_proxy(shared->options, peer))
        return false;
    socket.set_option(asio::ip::tcp::no_delay{true}, error);
    auto transport = shared->tls ? std::make_unique<TlsTransport>(std::move(socket), *shared->tls)
                                 : std::make_unique<Transport>(std::move(socket));
    auto session = std::make_shared<Session>(shared, std::move(transport), peer);
    return shared->tasks.spawn("http connection", Session::run(std::move(session)));
}

} // namespace iwas::http::detail
