// ServedIwas: the real program as a child process on fixed loopback ports, killed and started at
// will. It ends with its holder, whatever happens.
#pragma once

#include "tests/support/child_process.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <cstdlib>
#include <sys/prctl.h>
#include <sys/socket.h>

namespace iwas::tests {

/// A port of 127.0.0.1 that was free a moment ago; `type` SOCK_STREAM or SOCK_DGRAM.
inline std::uint16_t free_port(int type)
{
    const int descriptor = ::socket(AF_INET, type, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) != 0)
        throw std::runtime_error{"no free port"};
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(descriptor);
    return ntohs(address.sin_port);
}

inline std::string iwas_binary()
{
    const char* given = std::getenv("IWAS_BINARY");
    return given ? given : IWAS_BINARY_DEFAULT;
}

class ServedIwas {
public:
    explicit ServedIwas(const TemporaryFolder& folder, std::string more_config = {})
        : folder_{folder}, http_port_{free_port(SOCK_STREAM)},
          authentication_port_{free_port(SOCK_DGRAM)}, accounting_port_{free_port(SOCK_DGRAM)}
    {
        folder_.write(
            "iwas.toml", fmt::format(
                             "[http]\nport = {}\nrequests_per_second = 0\n"
                             "[radius]\nauthentication_port = {}\naccounting_port = {}\n"
                             "[store]\nurl = \"sqlite:{}\"\n"
                             "[secrets]\nkey_file = \"{}\"\nportal_key_file = \"{}\"\n"
                             "[outbound]\nallowed_networks = [\"127.0.0.0/8\"]\n"
                             "[log]\nlevel = \"warn\"\n{}",
                             http_port_, authentication_port_, accounting_port_, database(),
                             (folder_.path() / "iwas.key").string(),
                             (folder_.path() / "portal.key").string(), more_config));
        run({"key", "new", (folder_.path() / "iwas.key").string()});
    }
    ~ServedIwas() { kill(); }
    ServedIwas(const ServedIwas&) = delete;
    ServedIwas& operator=(const ServedIwas&) = delete;

    /// Declares the café, as an operator would.
    void apply(const std::string& cafe_file)
    {
        const auto file = folder_.write("cafe.toml", cafe_file);
        run({"apply", file.string()});
    }

    void start()
    {
        id_ = ::fork();
        if (id_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            const std::string binary = iwas_binary();
            const std::string config = (folder_.path() / "iwas.toml").string();
            const std::string log = (folder_.path() / "iwas.log").string();
            const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
            ::dup2(out, 1);
            ::dup2(out, 2);
            ::execl(binary.c_str(), binary.c_str(), "--config", config.c_str(), "serve", nullptr);
            ::_exit(127);
        }
    }
    /// kill -9, and the end of it.
    void kill() { end(SIGKILL); }
    /// An orderly stop.
    void stop() { end(SIGTERM); }

    [[nodiscard]] std::string database() const { return (folder_.path() / "iwas.db").string(); }
    [[nodiscard]] std::string key_file() const { return (folder_.path() / "iwas.key").string(); }
    [[nodiscard]] std::string log() const
    {
        std::ifstream file{folder_.path() / "iwas.log"};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    [[nodiscard]] std::uint16_t http_port() const { return http_port_; }
    [[nodiscard]] std::uint16_t authentication_port() const { return authentication_port_; }
    [[nodiscard]] std::uint16_t accounting_port() const { return accounting_port_; }
    [[nodiscard]] pid_t id() const { return id_; }

private:
    void end(int signal)
    {
        if (id_ <= 0) return;
        ::kill(id_, signal);
        int status = 0;
        ::waitpid(id_, &status, 0);
        id_ = 0;
    }

    void run(std::vector<std::string> words)
    {
        words.insert(
            words.begin(), {iwas_binary(), "--config", (folder_.path() / "iwas.toml").string()});
        ChildProcess command{words};
        const auto result = command.finish(std::chrono::seconds{60});
        if (result != 0) throw std::runtime_error{words[3] + " failed: " + command.output()};
    }

    const TemporaryFolder& folder_;
    std::uint16_t http_port_;
    std::uint16_t authentication_port_;
    std::uint16_t accounting_port_;
    pid_t id_ = 0;
};

} // namespace iwas::tests
