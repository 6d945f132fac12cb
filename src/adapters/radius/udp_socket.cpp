#include "adapters/radius/udp_socket.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <unistd.h>

namespace iwas::adapters {

namespace {

/// Room for bursts: about 8,000 requests of 250 octets with their bookkeeping.
constexpr int receive_buffer_octets = 8 << 20;

sockaddr_in to_native(Ipv4Address address, std::uint16_t port)
{
    sockaddr_in native{};
    native.sin_family = AF_INET;
    native.sin_port = htons(port);
    native.sin_addr.s_addr = htonl(address.value());
    return native;
}

void set_option(int descriptor, int level, int name, int value)
{
    ::setsockopt(descriptor, level, name, &value, sizeof value);
}

[[noreturn]] void fail(std::string_view what, Ipv4Address address, std::uint16_t port)
{
    throw std::system_error{
        errno, std::system_category(),
        fmt::format("RADIUS: cannot {} UDP {}:{}", what, to_string(address), port)};
}

} // namespace

/// The arrays that the system calls work on; their pointers are set once.
struct BatchSocket::Buffers {
    struct alignas(cmsghdr) Control {
        std::array<char, CMSG_SPACE(sizeof(in_pktinfo))> octets;
    };
    std::array<mmsghdr, batch_max> received{};
    std::array<iovec, batch_max> received_parts{};
    std::array<sockaddr_in, batch_max> received_from{};
    std::array<Control, batch_max> received_control{};
    std::array<radius::PacketBuffer, batch_max> received_octets;
    std::array<Datagram, batch_max> datagrams;

    std::array<mmsghdr, batch_max> sent{};
    std::array<iovec, batch_max> sent_parts{};
    std::array<sockaddr_in, batch_max> sent_to{};
    std::array<Control, batch_max> sent_control{};
    std::array<radius::PacketBuffer, batch_max> sent_octets;

    Buffers()
    {
        for (std::size_t i = 0; i < batch_max; ++i) {
            received_parts[i] = {received_octets[i].data(), received_octets[i].size()};
            received[i].msg_hdr.msg_iov = &received_parts[i];
            received[i].msg_hdr.msg_iovlen = 1;
            received[i].msg_hdr.msg_name = &received_from[i];
            sent_parts[i] = {sent_octets[i].data(), 0};
            sent[i].msg_hdr.msg_iov = &sent_parts[i];
            sent[i].msg_hdr.msg_iovlen = 1;
            sent[i].msg_hdr.msg_name = &sent_to[i];
            sent[i].msg_hdr.msg_namelen = sizeof(sockaddr_in);
        }
    }
};

BatchSocket::BatchSocket(Ipv4Address address, std::uint16_t port, bool shares_port)
    : tells_local_address_{address == Ipv4Address{}}, buffers_{std::make_unique<Buffers>()}
{
    descriptor_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor_ < 0) fail("open", address, port);
    if (shares_port) set_option(descriptor_, SOL_SOCKET, SO_REUSEPORT, 1);
    set_option(descriptor_, SOL_SOCKET, SO_RCVBUF, receive_buffer_octets);
    if (tells_local_address_) set_option(descriptor_, IPPROTO_IP, IP_PKTINFO, 1);

    sockaddr_in native = to_native(address, port);
    socklen_t size = sizeof native;
    if (::bind(descriptor_, reinterpret_cast<const sockaddr*>(&native), size) != 0) {
        const int error = errno;
        ::close(descriptor_);
        errno = error;
        fail("listen on", address, port);
    }
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&native), &size);
    port_ = ntohs(native.sin_port);
}

BatchSocket::~BatchSocket()
{
    ::close(descriptor_);
}

std::span<const Datagram> BatchSocket::receive()
{
    Buffers& b = *buffers_;
    for (std::size_t i = 0; i < batch_max; ++i) {
        b.received[i].msg_hdr.msg_namelen = sizeof(sockaddr_in);
        b.received[i].msg_hdr.msg_control =
            tells_local_address_ ? b.received_control[i].octets.data() : nullptr;
        b.received[i].msg_hdr.msg_controllen =
            tells_local_address_ ? b.received_control[i].octets.size() : 0;
    }
    const int count = ::recvmmsg(descriptor_, b.received.data(), batch_max, MSG_DONTWAIT, nullptr);
    if (count <= 0) return {};

    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        Datagram& datagram = b.datagrams[i];
        const sockaddr_in& from = b.received_from[i];
        datagram.peer.remote = {Ipv4Address{ntohl(from.sin_addr.s_addr)}, ntohs(from.sin_port)};
        datagram.peer.local = {};
        datagram.octets = ByteView{b.received_octets[i]}.first(b.received[i].msg_len);
        const cmsghdr* control =
            tells_local_address_ ? CMSG_FIRSTHDR(&b.received[i].msg_hdr) : nullptr;
        if (control != nullptr && control->cmsg_type == IP_PKTINFO) {
            in_pktinfo info;
            std::memcpy(&info, CMSG_DATA(control), sizeof info);
            datagram.peer.local = Ipv4Address{ntohl(info.ipi_spec_dst.s_addr)};
        }
    }
    return std::span{b.datagrams}.first(static_cast<std::size_t>(count));
}

radius::PacketBuffer& BatchSocket::reply_buffer()
{
    return buffers_->sent_octets[queued_];
}

void BatchSocket::send(const UdpPeer& to, ByteView octets)
{
    Buffers& b = *buffers_;
    const std::size_t i = queued_;
    if (octets.data() != b.sent_octets[i].data())
        std::ranges::copy(octets, b.sent_octets[i].begin());
    b.sent_parts[i].iov_len = octets.size();
    b.sent_to[i] = to_native(to.remote.address, to.remote.port);
    msghdr& header = b.sent[i].msg_hdr;
    header.msg_control = nullptr;
    header.msg_controllen = 0;
    if (tells_local_address_ && to.local != Ipv4Address{}) {
        header.msg_control = b.sent_control[i].octets.data();
        header.msg_controllen = b.sent_control[i].octets.size();
        cmsghdr* control = CMSG_FIRSTHDR(&header);
        control->cmsg_level = IPPROTO_IP;
        control->cmsg_type = IP_PKTINFO;
        control->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
        in_pktinfo info{};
        info.ipi_spec_dst.s_addr = htonl(to.local.value());
        std::memcpy(CMSG_DATA(control), &info, sizeof info);
    }
    if (++queued_ == batch_max) flush();
}

void BatchSocket::flush()
{
    std::size_t done = 0;
    while (done < queued_) {
        const auto left = static_cast<unsigned>(queued_ - done);
        const int count = ::sendmmsg(descriptor_, buffers_->sent.data() + done, left, 0);
        // An error concerns the first of the rest (say, no route to it): go on behind it.
        done += count > 0 ? static_cast<std::size_t>(count) : 1;
    }
    queued_ = 0;
}

} // namespace iwas::adapters
