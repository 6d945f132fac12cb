#include "asio/resolve.hpp"

#include "asio/as_result.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>

namespace iwas {

namespace asio = boost::asio;

asio::awaitable<std::vector<Ipv4Address>> resolve(
    asio::any_io_executor executor, std::string host, SteadyTime deadline)
{
    std::vector<Ipv4Address> addresses;
    if (const auto literal = Ipv4Address::parse(host)) {
        addresses.push_back(*literal);
        co_return addresses;
    }
    // The timer is the mailbox: whoever comes first, the resolver or the deadline, ends the wait.
    struct Mailbox {
        explicit Mailbox(const asio::any_io_executor& executor)
            : resolver{executor}, timer{executor}
        {
        }
        asio::ip::tcp::resolver resolver;
        asio::steady_timer timer;
        std::vector<Ipv4Address> found;
    };
    const auto mailbox = std::make_shared<Mailbox>(executor);
    mailbox->timer.expires_at(deadline);
    mailbox->resolver.async_resolve(
        asio::ip::tcp::v4(), host, "",
        [mailbox](
            const boost::system::error_code& error,
            const asio::ip::tcp::resolver::results_type& all) {
            for (const auto& entry : all) {
                if (error || mailbox->found.size() == resolved_addresses_max) break;
                mailbox->found.emplace_back(entry.endpoint().address().to_v4().to_uint());
            }
            mailbox->timer.expires_at(asio::steady_timer::time_point::min());
        });
    co_await mailbox->timer.async_wait(as_result);
    mailbox->resolver.cancel();
    co_return mailbox->found;
}

} // namespace iwas
