#include "bench/sessions/served.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

namespace iwas::bench {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr double kib_per_mib = 1024;

bool is_ready(std::uint16_t http_port)
{
    asio::io_context io;
    tcp::socket socket{io};
    boost::system::error_code error;
    socket.connect({asio::ip::address_v4::loopback(), http_port}, error);
    if (error) return false;
    const std::string request =
        "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    asio::write(socket, asio::buffer(request), error);
    constexpr std::string_view wanted = "HTTP/1.1 200";
    std::array<char, wanted.size()> answer{};
    asio::read(socket, asio::buffer(answer), error);
    return std::string_view{answer.data(), answer.size()} == wanted;
}

} // namespace

Memory memory_of(pid_t process)
{
    Memory memory;
    std::ifstream file{fmt::format("/proc/{}/status", process)};
    for (std::string line; std::getline(file, line);) {
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos) continue;
        const std::string name = line.substr(0, colon);
        if (!name.starts_with("Vm") && !name.starts_with("Rss")) continue;
        const double mib = std::strtod(line.c_str() + colon + 1, nullptr) / kib_per_mib;
        if (name == "VmRSS") memory.resident = mib;
        if (name == "VmHWM") memory.resident_most = mib;
        if (name == "RssAnon") memory.anonymous = mib;
    }
    return memory;
}

std::chrono::milliseconds processor_time_of(pid_t process)
{
    std::ifstream file{fmt::format("/proc/{}/stat", process)};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    // The name in parentheses may hold blanks; user and system time are the 12th and 13th after it.
    const char* at = text.c_str() + std::min(text.rfind(')') + 1, text.size());
    long ticks = 0;
    for (int field = 1; field <= 13; ++field) {
        while (*at == ' ')
            ++at;
        if (field >= 12) ticks += std::strtol(at, nullptr, 10);
        while (*at != ' ' && *at != '\0')
            ++at;
    }
    return std::chrono::milliseconds{ticks * 1000 / ::sysconf(_SC_CLK_TCK)};
}

std::optional<std::chrono::milliseconds> wait_until_ready(
    std::uint16_t http_port, SteadyTime began, std::chrono::seconds limit)
{
    while (SteadyTime::clock::now() < began + limit) {
        if (is_ready(http_port))
            return std::chrono::duration_cast<std::chrono::milliseconds>(
                SteadyTime::clock::now() - began);
        std::this_thread::sleep_for(5ms);
    }
    return std::nullopt;
}

DiskProbe::DiskProbe(const std::filesystem::path& folder)
    : file_{::open((folder / "probe").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)}
{
    if (file_ < 0) throw std::runtime_error{"cannot write into " + folder.string()};
}

DiskProbe::~DiskProbe()
{
    ::close(file_);
}

double DiskProbe::flush_ms()
{
    const std::array<char, 4096> page{};
    const auto began = SteadyTime::clock::now();
    if (::write(file_, page.data(), page.size()) < 0 || ::fdatasync(file_) != 0)
        throw std::runtime_error{"cannot write to the disk"};
    const std::chrono::duration<double, std::milli> took = SteadyTime::clock::now() - began;
    return took.count();
}

std::vector<double> DiskProbe::flushes_ms(int count)
{
    std::vector<double> times;
    for (int i = 0; i < count; ++i)
        times.push_back(flush_ms());
    std::ranges::sort(times);
    return times;
}

double quantile(const std::vector<double>& values, double share)
{
    if (values.empty()) return 0;
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

} // namespace iwas::bench
