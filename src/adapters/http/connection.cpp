#include "adapters/http/connection.hpp"

#include "adapters/http/exchange.hpp"
#include "adapters/http/streams.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>

#include <array>

namespace iwas::http::detail {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;

namespace {

/// After an answer to a request that was not read to its end, so much more is read and thrown away,
/// else the kernel's reset could overtake the answer.
constexpr std::size_t discarded_octets_max = 256 * 1024;
constexpr auto discard_time_max = std::chrono::seconds{1};

template <class Stream>
class Session final : public Connection, public std::enable_shared_from_this<Session<Stream>> {
public:
    using Self = std::shared_ptr<Session>;

    Session(std::shared_ptr<Shared> shared, Stream stream, std::string peer)
        : shared_{std::move(shared)}, stream_{std::move(stream)}, peer_{std::move(peer)}
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
        transport().close();
    }

    static asio::awaitable<void> run(Self self)
    {
        if constexpr (is_tls) {
            self->transport().expires_after(self->options().header_timeout);
            const auto shaken =
                co_await self->stream_.async_handshake(asio::ssl::stream_base::server, as_result);
            if (std::get<0>(shaken)) co_return;
        }
        bool again = true;
        while (again && !self->shared_->draining)
            again = co_await serve_one(self);
        co_await end(self);
    }

private:
    static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

    PlainStream& transport() { return beast::get_lowest_layer(stream_); }
    const ServerOptions& options() const { return shared_->options; }

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
        self->transport().expires_after(self->options().header_timeout);
        const auto read =
            co_await wire::async_read_header(self->stream_, self->buffer_, parser, as_result);
        const auto begun = std::chrono::steady_clock::now();
        if (const beast::error_code error = std::get<0>(read)) {
            auto refused = refusal_for(error);
            if (refused) co_await write(self, Asked{}, std::move(*refused), false);
            self->discard_input_ = refused.has_value();
            co_return false;
        }

        Head head = judge(*self->shared_, parser, self->peer_, is_tls);
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
            self->transport().expires_never();
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
        self->transport().expires_after(
            self->first_ ? self->options().header_timeout : self->options().idle_timeout);
        self->first_ = false;
        const auto space = self->buffer_.prepare(4096);
        const auto read = co_await self->stream_.async_read_some(space, as_result);
        self->idle_ = false;
        if (std::get<0>(read)) co_return false;
        self->buffer_.commit(std::get<1>(read));
        co_return true;
    }

    /// Reads the rest of the request. A response when it is refused.
    static asio::awaitable<std::optional<Response>> read_body(
        Self self, Parser* parser, std::size_t limit)
    {
        if (parser->is_done()) co_return std::nullopt;
        const auto length = parser->content_length();
        if (length && *length > limit) {
            const beast::error_code too_large = make_error_code(wire::error::body_limit);
            co_return refusal_for(too_large);
        }
        parser->body_limit(limit);
        self->transport().expires_after(self->options().body_timeout);
        if (beast::iequals(parser->get()[wire::field::expect], "100-continue")) {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            const auto wrote =
                co_await asio::async_write(self->stream_, asio::buffer(go_on), as_result);
            if (std::get<0>(wrote)) co_return refusal(400, "BAD_REQUEST", "The connection broke.");
        }
        const auto read =
            co_await wire::async_read(self->stream_, self->buffer_, *parser, as_result);
        const beast::error_code error = std::get<0>(read);
        if (!error) co_return std::nullopt;
        auto refused = refusal_for(error);
        if (!refused) refused = refusal(400, "BAD_REQUEST", "The request was cut off.");
        co_return refused;
    }

    /// Sends the answer. False when it could not be
    /// sent.
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
        wire::response_serializer<wire::span_body<const char>> serializer{message};
        self->transport().expires_after(self->options().write_timeout);
        if (asked.method == Method::head) {
            const auto wrote =
                co_await wire::async_write_header(self->stream_, serializer, as_result);
            co_return !std::get<0>(wrote);
        }
        const auto wrote = co_await wire::async_write(self->stream_, serializer, as_result);
        co_return !std::get<0>(wrote);
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
        wire::response_serializer<wire::span_body<const char>> serializer{message};
        self->transport().expires_after(self->options().write_timeout);
        const auto wrote = co_await wire::async_write_header(self->stream_, serializer, as_result);
        const bool only_head = asked.method == Method::head;
        if (!std::get<0>(wrote) && !only_head) {
            ++self->shared_->event_streams;
            self->events_ = events;
            // The reader sees the client leave; it must not run into the writer's time limits.
            self->transport().expires_never();
            if (self->shared_->tasks.spawn("http events reader", watch(self, events)))
                co_await pump(self, events);
            self->events_.reset();
            --self->shared_->event_streams;
        }
        events->on_wake(nullptr);
        events->close();
        self->transport().close(); // ends the reader
        co_return false;
    }

    static asio::awaitable<void> pump(Self self, std::shared_ptr<EventStream> events)
    {
        const auto timer = std::make_shared<asio::steady_timer>(self->stream_.get_executor());
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
            self->transport().expires_after(self->options().write_timeout);
            const auto wrote =
                co_await asio::async_write(self->stream_, asio::buffer(text), as_result);
            if (std::get<0>(wrote)) co_return;
        }
    }

    /// Reads and drops what an event stream's client sends, until it leaves.
    static asio::awaitable<void> watch(Self self, std::shared_ptr<EventStream> events)
    {
        std::array<char, 256> dropped{};
        for (;;) {
            const auto read =
                co_await self->stream_.async_read_some(asio::buffer(dropped), as_result);
            if (std::get<0>(read)) break;
        }
        events->close();
    }

    static asio::awaitable<void> end(Self self)
    {
        if (!self->transport().socket().is_open()) co_return;
        self->transport().expires_after(discard_time_max);
        if constexpr (is_tls) {
            if (!self->discard_input_) co_await self->stream_.async_shutdown(as_result);
        }
        beast::error_code ignored;
        self->transport().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        std::array<char, 4096> dropped{};
        for (std::size_t octets = 0; self->discard_input_ && octets < discarded_octets_max;) {
            const auto read =
                co_await self->transport().async_read_some(asio::buffer(dropped), as_result);
            if (std::get<0>(read)) break;
            octets += std::get<1>(read);
        }
        self->transport().close();
    }

    std::shared_ptr<Shared> shared_;
    Stream stream_;
    std::string peer_;
    beast::flat_buffer buffer_;
    std::shared_ptr<EventStream> events_;
    bool idle_ = false;
    bool first_ = true;
    bool discard_input_ = false;
};

template <class Stream>
bool start(const std::shared_ptr<Shared>& shared, Stream stream, std::string peer)
{
    auto session = std::make_shared<Session<Stream>>(shared, std::move(stream), std::move(peer));
    return shared->tasks.spawn("http connection", Session<Stream>::run(std::move(session)));
}

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
    if (shared->tls)
        return start(shared, TlsStream{PlainStream{std::move(socket)}, *shared->tls}, peer);
    return start(shared, PlainStream{std::move(socket)}, peer);
}

} // namespace iwas::http::detail
