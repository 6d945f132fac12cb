#include "bench/sessions/router.hpp"

#include "protocol/radius/packet_writer.hpp"

#include <array>
#include <cstring>
#include <ctime>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>

namespace iwas::bench {

namespace {

namespace asio = boost::asio;
using asio::ip::udp;

constexpr std::size_t tasks_max = 16'384;
constexpr int receive_buffer_octets = 4 << 20;

sim::RouterOptions model_options(unsigned branch)
{
    sim::RouterOptions options;
    options.nas = nas_of(branch);
    options.radius_secret = SecretText{std::string{radius_secret}};
    return options;
}

sim::ApiOptions api_options()
{
    sim::ApiOptions options;
    options.user_name = std::string{api_user};
    options.password = SecretText{std::string{api_password}};
    return options;
}

} // namespace

sim::NasIdentity nas_of(unsigned branch)
{
    sim::NasIdentity nas;
    nas.identifier = router_name(branch);
    nas.address = router_address(branch);
    return nas;
}

void stamp_arrivals(udp::socket& socket)
{
    const int on = 1;
    if (::setsockopt(socket.native_handle(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0)
        throw std::runtime_error{"the kernel does not stamp datagrams"};
    socket.set_option(asio::socket_base::receive_buffer_size{receive_buffer_octets});
    socket.non_blocking(true);
}

std::optional<Arrival> take_datagram(udp::socket& socket, std::span<std::uint8_t> buffer)
{
    Arrival arrival;
    iovec part{buffer.data(), buffer.size()};
    alignas(cmsghdr) std::array<char, 256> control{};
    msghdr message{};
    message.msg_name = arrival.from.data();
    message.msg_namelen = static_cast<socklen_t>(arrival.from.capacity());
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const auto size = ::recvmsg(socket.native_handle(), &message, 0);
    if (size < 0) return std::nullopt;
    arrival.size = static_cast<std::size_t>(size);
    arrival.from.resize(message.msg_namelen);
    for (cmsghdr* each = CMSG_FIRSTHDR(&message); each; each = CMSG_NXTHDR(&message, each)) {
        if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_TIMESTAMPNS) continue;
        timespec time{};
        std::memcpy(&time, CMSG_DATA(each), sizeof time);
        arrival.unix_time =
            std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
    }
    return arrival;
}

std::vector<std::unique_ptr<sim::UdpRadiusTransport>> radius_of_branches(
    const asio::any_io_executor& executor, std::uint16_t authentication_port,
    std::uint16_t accounting_port, ports::Clock& clock, sim::Line& line)
{
    const auto server = asio::ip::address_v4::loopback();
    std::vector<std::unique_ptr<sim::UdpRadiusTransport>> ways;
    for (unsigned branch = 0; branch < branches; ++branch)
        ways.push_back(std::make_unique<sim::UdpRadiusTransport>(
            executor, udp::endpoint{asio::ip::address_v4{router_address(branch).value()}, 0},
            udp::endpoint{server, authentication_port}, udp::endpoint{server, accounting_port},
            clock, line));
    return ways;
}

sim::awaitable<std::optional<Bytes>> AcceptingRadius::exchange(
    sim::RadiusService service, Bytes request, Milliseconds, unsigned)
{
    const bool is_login = service == sim::RadiusService::authentication;
    const auto asked = radius::decode(request).value();
    radius::PacketBuffer buffer;
    radius::PacketWriter writer{
        buffer, is_login ? radius::Code::access_accept : radius::Code::accounting_response,
        asked.identifier(), asked.authenticator()};
    if (is_login) writer.add_message_authenticator();
    const auto answer = writer.finish(secret_).value();
    co_return Bytes{answer.begin(), answer.end()};
}

Router::Router(
    asio::any_io_executor executor, unsigned branch, ports::Clock& clock, ports::Random& random,
    sim::RadiusTransport& radius, OnDisconnect on_disconnect)
    : tasks_{executor, tasks_max}, model_{model_options(branch), clock, random, radius, tasks_},
      api_{executor, model_, api_options(), tasks_}, coa_{executor},
      on_disconnect_{std::move(on_disconnect)}
{
}

void Router::start()
{
    const auto loopback = asio::ip::address_v4::loopback();
    api_.start({loopback, 0}, nullptr);
    coa_.open(udp::v4());
    coa_.bind({loopback, 0});
    stamp_arrivals(coa_);
    wait_for_orders();
}

asio::awaitable<void> Router::stop()
{
    coa_.close();
    api_.close();
    tasks_.cancel();
    co_await tasks_.join();
}

RouterPorts Router::router_ports() const
{
    return {.api = api_.port(), .coa = coa_.local_endpoint().port()};
}

asio::awaitable<bool> Router::log_in(const domain::Session& session)
{
    const domain::SessionDevice& device = session.devices.front();
    model_.add_device(device.mac, *device.ip);
    sim::LoginAttempt attempt{
        device.mac, *device.ip, session.user_name, session.password, "http-pap"};
    const auto outcome = co_await model_.log_in(std::move(attempt));
    co_return outcome.result == sim::LoginResult::accepted;
}

void Router::wait_for_orders()
{
    coa_.async_wait(udp::socket::wait_read, [this](boost::system::error_code error) {
        if (error) return;
        take_orders();
        wait_for_orders();
    });
}

void Router::take_orders()
{
    radius::PacketBuffer buffer;
    while (const auto arrival = take_datagram(coa_, buffer)) {
        const ByteView datagram = ByteView{buffer}.first(arrival->size);
        const auto answer = model_.dynamic_authorization(datagram);
        if (!answer) {
            ++dropped_;
            continue;
        }
        boost::system::error_code ignored;
        coa_.send_to(asio::buffer(*answer), arrival->from, 0, ignored);
        const auto request = radius::decode(datagram).value();
        if (request.code() != radius::Code::disconnect_request) continue;
        const auto user_name = request.find(radius::attribute::user_name).value_or(ByteView{});
        const bool is_ack = radius::decode(*answer).value().code() == radius::Code::disconnect_ack;
        on_disconnect_(as_text(user_name), arrival->unix_time, is_ack);
    }
}

} // namespace iwas::bench
