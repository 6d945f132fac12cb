#include "bench/purchase/forged_flood.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <chrono>
#include <vector>

namespace iwas::bench {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

// A notice of MoMo that is whole but for its signature, so that everything is computed for it.
constexpr std::string_view body =
    R"({"partnerCode":"MOMO","orderId":"W260921-1","requestId":"W260921-1-1","amount":12000,)"
    R"("orderInfo":"WiFi","orderType":"momo_wallet","transId":4014083433,"resultCode":0,)"
    R"("message":"Successful.","payType":"qr","responseTime":1790000000000,"extraData":"",)"
    R"("signature":"0000000000000000000000000000000000000000000000000000000000000000"})";

std::vector<tcp::socket> connect(asio::io_context& io, std::uint16_t port)
{
    constexpr std::size_t connections = 16;
    std::vector<tcp::socket> sockets;
    while (sockets.size() < connections) {
        tcp::socket& socket = sockets.emplace_back(io);
        boost::system::error_code error;
        socket.connect({asio::ip::address_v4::loopback(), port}, error);
        if (error) sockets.pop_back();
        if (error) break;
    }
    return sockets;
}

/// Whether a whole answer without a body, or with one that is small, came.
bool exchange(tcp::socket& socket, const std::string& request)
{
    boost::system::error_code error;
    asio::write(socket, asio::buffer(request), error);
    asio::streambuf answer;
    if (!error) asio::read_until(socket, answer, "\r\n\r\n", error);
    return !error;
}

} // namespace

ForgedFlood::ForgedFlood(std::uint16_t port, std::string path, int per_second)
{
    const std::string request = fmt::format(
        "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "Content-Length: {}\r\n\r\n{}",
        path, body.size(), body);
    if (per_second <= 0) return;
    thread_ =
        std::thread{[this, request, per_second, port] { send_all(request, per_second, port); }};
}

ForgedFlood::~ForgedFlood()
{
    is_over_ = true;
    if (thread_.joinable()) thread_.join();
}

void ForgedFlood::send_all(const std::string& request, int per_second, std::uint16_t port)
{
    asio::io_context io;
    std::vector<tcp::socket> sockets;
    const auto gap = std::chrono::nanoseconds{1'000'000'000 / per_second};
    auto due = std::chrono::steady_clock::now();
    for (std::size_t turn = 0; !is_over_; ++turn) {
        if (!is_active_) {
            std::this_thread::sleep_for(1ms);
            due = std::chrono::steady_clock::now();
            continue;
        }
        if (sockets.empty()) sockets = connect(io, port);
        std::this_thread::sleep_until(due);
        due += gap;
        if (sockets.empty()) continue;
        if (exchange(sockets[turn % sockets.size()], request))
            ++answered_;
        else
            sockets.clear(); // IWAS closes a connection after so many requests
    }
}

} // namespace iwas::bench
