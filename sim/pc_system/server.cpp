#include "sim/pc_system/server.hpp"

#include "sim/pc_system/face.hpp"

#include <stdexcept>

namespace iwas::sim {

namespace {

constexpr std::size_t tasks_max = 4;
constexpr auto webhook_look_every = std::chrono::milliseconds{10};
constexpr auto webhook_answer_within = std::chrono::seconds{2};

std::optional<http::Peer> peer_of(const std::string& url)
{
    if (url.empty()) return std::nullopt;
    const auto parsed = http::parse_base_url(url);
    if (!parsed) throw std::invalid_argument{"the webhook URL " + url + " is malformed"};
    http::Peer peer;
    peer.url = *parsed;
    peer.addresses.allowed = {Ipv4Prefix::parse("127.0.0.0/8").value()};
    return peer;
}

http::ServerOptions server_options(const PcSystemServer::Options& options)
{
    http::ServerOptions http;
    http.address = options.address;
    http.port = options.port;
    return http;
}

} // namespace

PcSystemServer::PcSystemServer(
    boost::asio::any_io_executor executor, PcSystemModel& model, ports::Clock& clock,
    Options options)
    : model_{model}, clock_{clock}, webhook_peer_{peer_of(options.webhook_url)}, client_{executor},
      server_{executor, server_options(options), router()}, tasks_{executor, tasks_max}
{
}

http::Router PcSystemServer::router()
{
    http::Router router;
    router.otherwise([this](http::Request request) { return answer(std::move(request)); });
    return router;
}

boost::asio::awaitable<http::Response> PcSystemServer::answer(http::Request request)
{
    if (request.path.starts_with("/_sim/"))
        co_return answer_control(model_, request, clock_.utc_now());
    PcAnswer answered = answer_connector(model_, request, clock_.utc_now());
    if (answered.delay.count() > 0)
        co_await clock_.sleep_until(clock_.steady_now() + answered.delay);
    answered.response.hangs_up = answered.is_dropped;
    co_return std::move(answered.response);
}

void PcSystemServer::start()
{
    server_.start();
    if (webhook_peer_ && !tasks_.spawn("pc webhooks", send_webhooks()))
        throw std::runtime_error{"the simulated PC system was stopped before its start"};
}

boost::asio::awaitable<void> PcSystemServer::send_webhooks()
{
    while (!stopping_) {
        auto webhook = model_.take_webhook(clock_.utc_now());
        if (!webhook) {
            co_await clock_.sleep_until(clock_.steady_now() + webhook_look_every);
            continue;
        }
        http::OutboundRequest request{http::Method::post, "", {}, webhook->webhook.body};
        request.headers.set("Content-Type", "application/json");
        request.headers.set("X-IWAS-Timestamp", webhook->timestamp);
        request.headers.set("X-IWAS-Signature", webhook->signature);
        const SteadyTime deadline = clock_.steady_now() + webhook_answer_within;
        const auto answered = co_await client_.send(*webhook_peer_, std::move(request), deadline);
        std::optional<int> status;
        if (answered) status = answered->status;
        if (status && *status >= 200 && *status < 300) ++delivered_;
        model_.webhook_answered(std::move(webhook->webhook), status, clock_.utc_now());
    }
}

boost::asio::awaitable<void> PcSystemServer::stop(SteadyTime deadline)
{
    stopping_ = true;
    co_await server_.stop(deadline);
    co_await tasks_.join();
    client_.close_idle();
}

} // namespace iwas::sim
