// A bare UDP responder: answers every datagram with a signed reply of the size and form of IWAS's
// Access-Accept, and does nothing else. What a RADIUS server can at most reach on these cores.
// Usage: iwas_bench_responder PORT
#include "adapters/radius/authenticate.hpp"
#include "adapters/radius/udp_socket.hpp"
#include "bench/radius/population.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <poll.h>

using namespace iwas;
using namespace iwas::adapters;

namespace {

/// The attributes of IWAS's reply, with room for the Message-Authenticator in front.
Bytes make_reply(const radius::SharedSecret& secret)
{
    radius::PacketBuffer buffer;
    radius::PacketWriter writer{buffer, radius::Code::access_accept, 0, {}};
    writer.add_message_authenticator();
    const domain::RateLimit rate{2'000'000, 10'000'000, 12'000'000};
    add_service(writer, domain::RouterKind::mikrotik, Seconds{3600}, rate, std::nullopt);
    writer.add_integer(radius::attribute::acct_interim_interval, 60);
    writer.add_integer(radius::attribute::port_limit, 1);
    writer.add_text(radius::attribute::class_, to_string(Ulid{1, 2}));
    writer.add_text(radius::attribute::reply_message, "Còn 60 phút");
    const auto octets = writer.finish(secret);
    return {octets->begin(), octets->end()};
}

} // namespace

int main(int, char** words)
{
    const radius::SharedSecret secret{SecretText{bench::shared_secret}};
    const Bytes reply = make_reply(secret);
    constexpr std::size_t value_at = radius::header_octets + 2;
    BatchSocket socket{
        Ipv4Address{0x7F000001}, static_cast<std::uint16_t>(std::atoi(words[1])), false};
    std::printf("ready\n");
    std::fflush(stdout);
    for (;;) {
        const auto datagrams = socket.receive();
        for (const Datagram& datagram : datagrams) {
            if (datagram.octets.size() < radius::header_octets) continue;
            const auto out = std::span{socket.reply_buffer()}.first(reply.size());
            std::ranges::copy(reply, out.begin());
            out[1] = datagram.octets[1];
            std::ranges::copy(datagram.octets.subspan(4, 16), out.begin() + 4);
            std::ranges::fill(out.subspan(value_at, 16), std::uint8_t{0});
            std::ranges::copy(secret.hmac({out}), out.begin() + value_at);
            const Md5Digest digest = radius::Md5{}.add(out).add(secret.octets()).finish();
            std::ranges::copy(digest, out.begin() + 4);
            socket.send(datagram.peer, out);
        }
        socket.flush();
        if (datagrams.size() < BatchSocket::batch_max) {
            pollfd waited{socket.descriptor(), POLLIN, 0};
            ::poll(&waited, 1, -1);
        }
    }
}
