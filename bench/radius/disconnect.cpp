// How fast Disconnect-Requests leave: N of them at once towards one router that answers, then N
// spread over ten seconds, each timed from the moment it was due.
// Usage: iwas_bench_disconnect [N, default 10000]
#include "adapters/radius/dynamic_authorization.hpp"
#include "bench/radius/population.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

using namespace iwas;
using namespace iwas::adapters;
namespace asio = boost::asio;
using asio::ip::udp;

namespace {

/// Acknowledges every Disconnect-Request, on a thread of its own.
class Router {
public:
    Router() : socket_{io_, udp::endpoint{asio::ip::address_v4::loopback(), 0}}
    {
        socket_.set_option(asio::socket_base::receive_buffer_size{8 << 20});
        receive();
        thread_ = std::jthread{[this] { io_.run(); }};
    }
    ~Router()
    {
        io_.stop();
        thread_.join();
    }
    [[nodiscard]] std::uint16_t port() const { return socket_.local_endpoint().port(); }

private:
    void receive()
    {
        socket_.async_receive_from(asio::buffer(in_), from_, [this](auto error, std::size_t size) {
            if (error) return;
            const auto request = radius::decode(ByteView{in_}.first(size)).value();
            radius::PacketWriter writer{
                out_, radius::Code::disconnect_ack, request.identifier(), request.authenticator()};
            const auto octets = writer.finish(secret_).value();
            boost::system::error_code ignored;
            socket_.send_to(asio::buffer(octets.data(), octets.size()), from_, 0, ignored);
            receive();
        });
    }

    asio::io_context io_{1};
    udp::socket socket_;
    udp::endpoint from_;
    radius::PacketBuffer in_;
    radius::PacketBuffer out_;
    radius::SharedSecret secret_{SecretText{bench::shared_secret}};
    std::jthread thread_;
};

struct Outcome {
    std::vector<double> late_ms;
    std::size_t acknowledged = 0;
    std::size_t ended = 0;
};

asio::awaitable<void> disconnect_at(
    DynamicAuthorization& orders, RadiusTarget target, std::uint32_t number, SteadyTime due,
    Outcome& outcome)
{
    asio::steady_timer timer{co_await asio::this_coro::executor, due};
    (void)co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    const std::chrono::duration<double, std::milli> late = SteadyTime::clock::now() - due;
    outcome.late_ms.push_back(late.count());
    NetworkSessionName session{
        bench::user_name(number), fmt::format("{:08x}", number), Ipv4Address{number}, std::nullopt};
    const auto done = co_await orders.disconnect(
        std::move(target), domain::RouterKind::mikrotik, std::move(session), due + 20s);
    outcome.acknowledged += done ? 1 : 0;
    ++outcome.ended;
}

void run(const char* what, std::uint32_t count, std::chrono::milliseconds spread)
{
    asio::io_context io{1};
    Router router;
    RadiusRequester requester{io.get_executor()};
    DynamicAuthorization orders{requester};
    const auto secret =
        std::make_shared<const radius::SharedSecret>(SecretText{bench::shared_secret});
    const RadiusTarget target{Ipv4Address{0x7F000001}, router.port(), secret, false};
    Outcome outcome;
    const SteadyTime begin = SteadyTime::clock::now() + 300ms;
    for (std::uint32_t i = 0; i < count; ++i)
        asio::co_spawn(
            io, disconnect_at(orders, target, i, begin + spread * i / count, outcome),
            [](std::exception_ptr error) {
                if (error) std::rethrow_exception(error);
            });
    while (outcome.ended < count)
        io.run_one();
    const std::chrono::duration<double> took = SteadyTime::clock::now() - begin;
    std::ranges::sort(outcome.late_ms);
    std::printf(
        "%s: %u in %.2f s, acknowledged %zu, left late by p50 %.1f ms, p99 %.1f ms, most %.1f ms\n",
        what, count, took.count(), outcome.acknowledged, outcome.late_ms[count / 2],
        outcome.late_ms[count * 99UL / 100], outcome.late_ms.back());
}

} // namespace

int main(int count, char** words)
{
    const int wanted = count > 1 ? std::atoi(words[1]) : 10'000;
    const auto number = static_cast<std::uint32_t>(std::clamp(wanted, 1, 16'000));
    run("at once", number, std::chrono::milliseconds{0});
    run("within ten seconds", number, std::chrono::seconds{10});
}
