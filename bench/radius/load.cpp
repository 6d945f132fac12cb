// A load of RADIUS requests on 127.0.0.1, bounded in time, that counts answers and their delays.
// Usage: iwas_bench_radius_load auth|acct PORT USERS SECONDS WINDOW|rRATE
//   WINDOW: as many requests as this are always in the air: the highest rate that the server takes.
//   rRATE:  requests leave at this rate whatever comes back; delays count from when they were due.
// Prints one line: rate, answers, refusals, losses, delays at p50 and p99 in microseconds.
#include "bench/radius/population.hpp"
#include "protocol/radius/authenticator.hpp"
#include "protocol/radius/password.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <random>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

using namespace iwas;
using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

namespace {

constexpr std::size_t socket_count = 16;
constexpr std::size_t batch_max = 32;
constexpr auto lost_after = std::chrono::seconds{5};
constexpr int seconds_max = 60;

/// Requests of all users, made beforehand so that the load costs little while it runs.
std::vector<Bytes> make_requests(bool is_accounting, std::uint32_t users)
{
    const radius::SharedSecret secret{SecretText{bench::shared_secret}};
    std::mt19937 random{std::random_device{}()};
    std::vector<Bytes> requests;
    for (std::uint32_t i = 0; i < users; ++i) {
        radius::PacketBuffer buffer;
        radius::Authenticator base{};
        if (!is_accounting)
            for (auto& octet : base)
                octet = static_cast<std::uint8_t>(random());
        // The i-th request leaves by socket i % 16 with the identifier i / 16 % 256.
        const auto identifier = static_cast<std::uint8_t>(i / socket_count);
        radius::PacketWriter writer{
            buffer, is_accounting ? radius::Code::accounting_request : radius::Code::access_request,
            identifier, base};
        if (!is_accounting) writer.add_message_authenticator();
        writer.add_text(radius::attribute::user_name, bench::user_name(i));
        if (is_accounting) {
            writer.add_integer(radius::attribute::acct_status_type, 1);
            writer.add_text(radius::attribute::acct_session_id, fmt::format("{:08x}", random()));
            writer.add_address(radius::attribute::framed_ip_address, Ipv4Address{0x0A000000U + i});
        } else {
            radius::add_user_password(writer, as_bytes(bench::password(i)), secret);
        }
        writer.add_text(radius::attribute::calling_station_id, bench::mac(i));
        writer.add_text(radius::attribute::nas_identifier, "bench");
        writer.add_address(radius::attribute::nas_ip_address, Ipv4Address{0x7F000001});
        writer.add_integer(radius::attribute::nas_port_type, 19);
        const auto octets = writer.finish(secret).value();
        requests.emplace_back(octets.begin(), octets.end());
    }
    return requests;
}

class Load {
public:
    Load(std::vector<Bytes> requests, std::uint16_t port) : requests_{std::move(requests)}
    {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        for (Line& line : lines_) {
            line.socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
            const int octets = 4 << 20;
            ::setsockopt(line.socket, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
            if (::connect(line.socket, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
                std::abort();
        }
        delays_us_.reserve(4'000'000);
    }

    void run_window(Clock::duration time, std::size_t window)
    {
        const auto end = Clock::now() + time;
        auto checked = Clock::now();
        for (auto now = checked; now < end; now = Clock::now()) {
            const std::size_t free = window > in_air_ ? window - in_air_ : 0;
            for (std::size_t i = 0; i < std::min(free, batch_max); ++i)
                queue(now);
            flush();
            receive(Clock::now());
            if (now - checked > std::chrono::milliseconds{100}) {
                give_up_lost(now);
                checked = now;
            }
        }
    }

    void run_rate(Clock::duration time, double per_second)
    {
        const auto begin = Clock::now();
        std::size_t due_sent = 0;
        for (auto now = begin; now < begin + time; now = Clock::now()) {
            const std::chrono::duration<double> elapsed = now - begin;
            const auto due = static_cast<std::size_t>(elapsed.count() * per_second);
            for (std::size_t i = 0; due_sent < due && i < batch_max; ++i, ++due_sent) {
                const std::chrono::duration<double> at{static_cast<double>(due_sent) / per_second};
                queue(begin + std::chrono::duration_cast<Clock::duration>(at));
            }
            flush();
            receive(Clock::now());
        }
    }

    void report(Clock::duration time)
    {
        // What is still in the air may come yet.
        const auto end = Clock::now() + std::chrono::milliseconds{500};
        const std::size_t counted = answered_;
        for (auto now = Clock::now(); in_air_ > 0 && now < end; now = Clock::now())
            receive(now);
        lost_ += in_air_;
        std::ranges::sort(delays_us_);
        const auto at = [&](std::size_t percent) -> unsigned {
            if (delays_us_.empty()) return 0;
            return delays_us_[(delays_us_.size() - 1) * percent / 100];
        };
        const std::chrono::duration<double> elapsed = time;
        std::printf(
            "rate=%.0f answered=%zu refused=%zu forged=%zu lost=%zu p50_us=%u p99_us=%u\n",
            static_cast<double>(counted) / elapsed.count(), answered_, refused_, forged_, lost_,
            at(50), at(99));
    }

private:
    struct Sent {
        Clock::time_point at;
        std::size_t request = 0;
        bool is_open = false;
    };
    struct Line {
        int socket = -1;
        std::array<Sent, 256> sent;
        std::array<iovec, batch_max> parts{};
        std::size_t queued = 0;
    };

    void queue(Clock::time_point due)
    {
        const std::size_t number = next_++ % requests_.size();
        Line& line = lines_[number % socket_count];
        const Bytes& request = requests_[number];
        Sent& sent = line.sent[request[1]];
        if (sent.is_open) { // the identifier comes round again
            ++lost_;
            --in_air_;
        }
        sent = {due, number, true};
        ++in_air_;
        line.parts[line.queued++] = {const_cast<std::uint8_t*>(request.data()), request.size()};
        if (line.queued == batch_max) flush(line);
    }
    void flush()
    {
        for (Line& line : lines_)
            flush(line);
    }
    static void flush(Line& line)
    {
        if (line.queued == 0) return;
        std::array<mmsghdr, batch_max> messages{};
        for (std::size_t i = 0; i < line.queued; ++i) {
            messages[i].msg_hdr.msg_iov = &line.parts[i];
            messages[i].msg_hdr.msg_iovlen = 1;
        }
        ::sendmmsg(line.socket, messages.data(), static_cast<unsigned>(line.queued), 0);
        line.queued = 0;
    }
    void receive(Clock::time_point now)
    {
        static std::array<std::array<std::uint8_t, 1024>, batch_max> buffers;
        for (Line& line : lines_) {
            std::array<mmsghdr, batch_max> messages{};
            std::array<iovec, batch_max> parts{};
            for (std::size_t i = 0; i < batch_max; ++i) {
                parts[i] = {buffers[i].data(), buffers[i].size()};
                messages[i].msg_hdr.msg_iov = &parts[i];
                messages[i].msg_hdr.msg_iovlen = 1;
            }
            const int count =
                ::recvmmsg(line.socket, messages.data(), batch_max, MSG_DONTWAIT, nullptr);
            for (std::size_t i = 0; count > 0 && i < static_cast<std::size_t>(count); ++i)
                on_answer(line, ByteView{buffers[i]}.first(messages[i].msg_len), now);
        }
    }
    void on_answer(Line& line, ByteView octets, Clock::time_point now)
    {
        Sent& sent = line.sent[octets[1]];
        if (!sent.is_open) return;
        sent.is_open = false;
        --in_air_;
        ++answered_;
        if (octets[0] != 2 && octets[0] != 5) ++refused_;
        // Every answer could be forged; looking at one in 64 shows that they are not.
        if (answered_ % 64 == 0 && !is_right(sent, octets)) ++forged_;
        delays_us_.push_back(static_cast<std::uint32_t>(
            std::chrono::duration_cast<microseconds>(now - sent.at).count()));
    }
    [[nodiscard]] bool is_right(const Sent& sent, ByteView octets) const
    {
        const auto answer = radius::decode(octets);
        const auto request = radius::decode(requests_[sent.request]);
        if (!answer) return false;
        const auto base = request->authenticator();
        const auto check = radius::check_message_authenticator(*answer, base, secret_);
        const bool is_accounting = answer->code() == radius::Code::accounting_response;
        return radius::is_authenticator_right(*answer, base, secret_) &&
               (is_accounting || check == radius::MessageAuthenticator::right);
    }
    void give_up_lost(Clock::time_point now)
    {
        for (Line& line : lines_)
            for (Sent& sent : line.sent)
                if (sent.is_open && now - sent.at > lost_after) {
                    sent.is_open = false;
                    --in_air_;
                    ++lost_;
                }
    }

    std::vector<Bytes> requests_;
    radius::SharedSecret secret_{SecretText{bench::shared_secret}};
    std::array<Line, socket_count> lines_;
    std::vector<std::uint32_t> delays_us_;
    std::size_t next_ = 0;
    std::size_t in_air_ = 0;
    std::size_t answered_ = 0;
    std::size_t refused_ = 0;
    std::size_t forged_ = 0;
    std::size_t lost_ = 0;
};

} // namespace

int main(int count, char** words)
{
    if (count != 6) {
        std::fprintf(stderr, "usage: %s auth|acct PORT USERS SECONDS WINDOW|rRATE\n", words[0]);
        return 2;
    }
    const bool is_accounting = std::string_view{words[1]} == "acct";
    const auto users = static_cast<std::uint32_t>(std::clamp(std::atoi(words[3]), 1, 1'000'000));
    const std::chrono::seconds time{std::clamp(std::atoi(words[4]), 1, seconds_max)};
    Load load{make_requests(is_accounting, users), static_cast<std::uint16_t>(std::atoi(words[2]))};
    const std::string_view pace = words[5];
    if (pace.starts_with('r'))
        load.run_rate(time, std::atof(words[5] + 1));
    else
        load.run_window(time, static_cast<std::size_t>(std::clamp(std::atoi(words[5]), 1, 4096)));
    load.report(time);
    return 0;
}
