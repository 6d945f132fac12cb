// FreeRadius: Debian's FreeRADIUS in a temporary folder, configured by the test, on 127.0.0.1.
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace iwas::tests {

/// A UDP port of 127.0.0.1 that nobody uses at the moment.
inline std::uint16_t free_udp_port()
{
    const int descriptor = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), size);
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(descriptor);
    return ntohs(address.sin_port);
}

class FreeRadius {
public:
    /// `modules` and `rest` are in the language of radiusd.conf. Throws, with what it printed, when
    /// it does not start.
    FreeRadius(const TemporaryFolder& folder, const std::string& modules, const std::string& rest)
        : process_{start(folder, modules, rest)}
    {
        if (!process_.wait_for("Ready to process requests", std::chrono::seconds{20}))
            throw std::runtime_error{"FreeRADIUS does not start:\n" + process_.output()};
    }
    [[nodiscard]] ChildProcess& process() { return process_; }

private:
    static std::vector<std::string> start(
        const TemporaryFolder& folder, const std::string& modules, const std::string& rest)
    {
        const std::string path = folder.path().string();
        folder.write(
            "radiusd.conf", "prefix = /usr\nexec_prefix = /usr\nlibdir = /usr/lib/freeradius\n"
                            "logdir = " +
                                path + "\nraddbdir = " + path + "\nrun_dir = " + path +
                                "\nname = radiusd\nmax_requests = 4096\n"
                                "log {\n destination = stdout\n}\n"
                                "security {\n reject_delay = 0\n status_server = yes\n}\n"
                                "thread pool {\n start_servers = 2\n max_servers = 4\n}\n"
                                "modules {\n always ok {\n rcode = ok\n }\n" +
                                modules + "\n}\n" + rest);
        folder.write("dictionary", "$INCLUDE /usr/share/freeradius/dictionary\n");
        return {"/usr/sbin/freeradius", "-f", "-l", "stdout", "-d", path};
    }

    ChildProcess process_;
};

} // namespace iwas::tests
