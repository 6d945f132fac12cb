// BatchSocket: a UDP socket that receives and sends many datagrams with one system call.
#pragma once

#include "adapters/radius/gate.hpp"
#include "protocol/radius/packet_writer.hpp"

#include <memory>
#include <netinet/in.h>
#include <span>
#include <sys/socket.h>

namespace iwas::adapters {

/// The other side of a datagram, and which of our addresses it used: a server with several has to
/// answer from the one that was asked.
struct UdpPeer {
    RadiusSource remote;
    Ipv4Address local;
};

struct Datagram {
    UdpPeer peer;
    ByteView octets; ///< valid until the next `receive`
};

/// Not thread-safe. Threads share a port by each having a socket with `shares_port`.
class BatchSocket {
public:
    static constexpr std::size_t batch_max = 64;

    /// Throws std::system_error, with the address in its text, when it cannot be bound.
    BatchSocket(Ipv4Address address, std::uint16_t port, bool shares_port);
    ~BatchSocket();
    BatchSocket(const BatchSocket&) = delete;
    BatchSocket& operator=(const BatchSocket&) = delete;

    [[nodiscard]] int descriptor() const { return descriptor_; }
    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// What has arrived, without waiting.
    std::span<const Datagram> receive();

    /// A buffer whose content may be passed to `send` without being copied.
    radius::PacketBuffer& reply_buffer();
    /// Queues a datagram; copies it unless it lies in `reply_buffer()`. Sends when 64 are queued.
    void send(const UdpPeer& to, ByteView octets);
    /// Sends what is queued. What the system does not take is lost, as datagrams are.
    void flush();

private:
    struct Buffers;

    int descriptor_ = -1;
    std::uint16_t port_ = 0;
    bool tells_local_address_ = false;
    std::size_t queued_ = 0;
    std::unique_ptr<Buffers> buffers_;
};

} // namespace iwas::adapters
