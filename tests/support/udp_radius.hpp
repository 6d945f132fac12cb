// For tests: ScriptedRadius on two loopback UDP ports.
#pragma once

#include "tests/support/scripted_radius.hpp"
#include "tests/support/time_and_chance.hpp"

#include <boost/asio/ip/udp.hpp>

#include <array>
#include <memory>

namespace iwas::tests {

/// Use on the executor's thread. Close before the executor ends.
class UdpRadius {
public:
    using udp = boost::asio::ip::udp;

    UdpRadius(boost::asio::any_io_executor executor, const std::string& secret)
        : script{secret}, authentication_{std::make_shared<udp::socket>(executor, loopback())},
          accounting_{std::make_shared<udp::socket>(executor, loopback())}
    {
        receive(authentication_);
        receive(accounting_);
    }
    ~UdpRadius()
    {
        authentication_->close();
        accounting_->close();
    }
    UdpRadius(const UdpRadius&) = delete;
    UdpRadius& operator=(const UdpRadius&) = delete;

    [[nodiscard]] std::uint16_t authentication_port() const
    {
        return authentication_->local_endpoint().port();
    }
    [[nodiscard]] std::uint16_t accounting_port() const
    {
        return accounting_->local_endpoint().port();
    }

    ScriptedRadius script;

private:
    struct Receive {
        std::array<std::uint8_t, radius::packet_octets_max> datagram{};
        udp::endpoint from;
    };

    static udp::endpoint loopback() { return {boost::asio::ip::address_v4::loopback(), 0}; }

    void receive(std::shared_ptr<udp::socket> socket)
    {
        const auto state = std::make_shared<Receive>();
        socket->async_receive_from(
            boost::asio::buffer(state->datagram), state->from,
            [this, socket, state](boost::system::error_code error, std::size_t octets) {
                if (error == boost::asio::error::operation_aborted || !socket->is_open()) return;
                if (!error) {
                    const auto reply = script.answer(ByteView{state->datagram}.first(octets));
                    boost::system::error_code ignored;
                    if (reply)
                        socket->send_to(boost::asio::buffer(*reply), state->from, 0, ignored);
                }
                receive(socket);
            });
    }

    std::shared_ptr<udp::socket> authentication_;
    std::shared_ptr<udp::socket> accounting_;
};

} // namespace iwas::tests
