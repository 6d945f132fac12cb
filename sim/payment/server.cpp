#include "sim/payment/server.hpp"

#include <stdexcept>

namespace iwas::sim {

namespace {

/// Notices under way at once, without their copies.
constexpr std::size_t notices_max = 64;
constexpr auto look_every = std::chrono::milliseconds{10};
/// MoMo waits 15 s for the answer to an IPN; nobody in the documents waits longer than 30 s.
constexpr auto answer_within = std::chrono::seconds{15};

struct Destination {
    http::Peer peer;
    std::string target;
};

/// Splits an absolute URL into where to connect and what to ask for.
std::optional<Destination> destination_of(const std::string& url)
{
    const std::size_t scheme = url.find("://");
    if (scheme == std::string::npos) return std::nullopt;
    const std::size_t path = url.find_first_of("/?", scheme + 3);
    const auto base = http::parse_base_url(url.substr(0, path));
    if (!base) return std::nullopt;
    Destination destination;
    destination.peer.url = *base;
    destination.peer.addresses.allowed = {Ipv4Prefix::parse("127.0.0.0/8").value()};
    destination.target = path == std::string::npos ? "/" : url.substr(path);
    if (destination.target.starts_with('?')) destination.target.insert(0, 1, '/');
    return destination;
}

http::ServerOptions server_options(const GatewayServer::Options& options)
{
    http::ServerOptions http;
    http.address = options.address;
    http.port = options.port;
    return http;
}

} // namespace

GatewayServer::GatewayServer(
    boost::asio::any_io_executor executor, GatewayHub& hub, ports::Clock& clock, Options options)
    : hub_{hub}, clock_{clock}, address_{options.address}, notice_copies_{options.notice_copies},
      client_{executor, {.calls_max = notices_max * notice_copies_}},
      server_{executor, server_options(options), router()},
      tasks_{executor, notices_max * notice_copies_ + 1} // and one that looks for notices
{
}

http::Router GatewayServer::router()
{
    http::Router router;
    router.otherwise([this](http::Request request) { return answer(std::move(request)); });
    return router;
}

std::string GatewayServer::url() const
{
    return "http://" + address_ + ":" + std::to_string(port());
}

boost::asio::awaitable<http::Response> GatewayServer::answer(http::Request request)
{
    GatewayAnswer answered = hub_.answer(request, clock_.utc_now());
    if (answered.delay.count() > 0)
        co_await clock_.sleep_until(clock_.steady_now() + answered.delay);
    // The socket listens on; a connection that ends at once is as near as it comes.
    answered.response.hangs_up = answered.is_dropped || answered.is_unreachable;
    co_return std::move(answered.response);
}

void GatewayServer::start()
{
    server_.start();
    hub_.set_public_url(url());
    if (!tasks_.spawn("gateway notices", send_notices()))
        throw std::runtime_error{"the simulated gateways were stopped before their start"};
}

boost::asio::awaitable<void> GatewayServer::send_notices()
{
    while (!stopping_) {
        for (DueNotice& due : hub_.due_notices(clock_.utc_now())) {
            for (std::size_t copy = 1; copy < notice_copies_; ++copy)
                (void)tasks_.spawn("gateway notice", send_notice(due, false));
            GatewayFace* const face = due.face;
            const Notice kept = due.notice;
            if (!tasks_.spawn("gateway notice", send_notice(std::move(due), true)))
                face->notice_answered(kept, {}, clock_.utc_now());
        }
        co_await clock_.sleep_until(clock_.steady_now() + look_every);
    }
}

boost::asio::awaitable<void> GatewayServer::send_notice(DueNotice due, bool is_first)
{
    const SteadyTime begun = clock_.steady_now();
    NoticeAnswer answer;
    if (auto destination = destination_of(due.notice.url)) {
        http::OutboundRequest request{
            due.notice.method, std::move(destination->target), due.notice.headers, due.notice.body};
        auto answered = co_await client_.send(
            std::move(destination->peer), std::move(request), begun + answer_within);
        if (answered) {
            ++answered_;
            answer.status = answered->status;
            answer.body = std::move(answered->body);
        }
    }
    if (!is_first) co_return;
    answer.took = std::chrono::duration_cast<Milliseconds>(clock_.steady_now() - begun);
    due.face->notice_answered(due.notice, answer, clock_.utc_now());
}

boost::asio::awaitable<void> GatewayServer::stop(SteadyTime deadline)
{
    stopping_ = true;
    co_await server_.stop(deadline);
    co_await tasks_.join();
    client_.close_idle();
}

} // namespace iwas::sim
