#include "bench/sessions/chain.hpp"

#include "adapters/store/store.hpp"
#include "tests/support/sold_session.hpp"
#include "workflows/session_steps.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <atomic>
#include <semaphore>
#include <stdexcept>

namespace iwas::bench {

namespace {

namespace asio = boost::asio;
using domain::Session;

constexpr int writers = 400;
constexpr std::ptrdiff_t records_in_air_max = 4'096;
constexpr Seconds bought{3600};

std::unique_ptr<ports::Store> open(
    asio::io_context& io, const std::string& database, const std::string& key_file)
{
    auto keys = adapters::KeyRing::from_file(key_file);
    if (!keys) throw std::runtime_error{keys.error()};
    return adapters::open_store({
        .url = "sqlite:" + database,
        .keys = std::move(*keys),
        .io = io.get_executor(),
        .node = "bench",
    });
}

asio::awaitable<void> write_sessions(
    ports::Store& store, const std::vector<Session>& sessions, std::size_t& next)
{
    while (next < sessions.size()) {
        const Session& session = sessions[next++];
        ports::Step step;
        step.session = session;
        step.jobs.push_back(workflows::expire_job(session, *session.ends_at));
        step.actor = "bench";
        step.now = *session.started_at;
        const auto kept = co_await store.commit(std::move(step));
        if (!kept) throw std::runtime_error{"a session was not kept"};
    }
}

void bring_online(ports::Store& store, const Population& population)
{
    std::counting_semaphore<records_in_air_max> in_air{records_in_air_max};
    std::atomic<std::size_t> durable{0};
    for (std::size_t i = 0; i < population.acct_session_ids.size(); ++i) {
        in_air.acquire();
        store.submit(
            testing_support::accounting_of(
                population.sessions[i], domain::AccountingStatus::start,
                population.acct_session_ids[i], Seconds{0}, 0),
            [&](ports::Journaled what) {
                if (what == ports::Journaled::durable) ++durable;
                in_air.release();
            });
    }
    for (std::ptrdiff_t i = 0; i < records_in_air_max; ++i)
        in_air.acquire();
    if (durable != population.acct_session_ids.size())
        throw std::runtime_error{"an accounting record was not kept"};
}

asio::awaitable<std::size_t> count_open(ports::Store& store)
{
    std::size_t found = 0;
    for (domain::SessionId after;;) {
        const auto page = co_await store.open_sessions_after(after, 2'000);
        if (!page || page->empty()) co_return found;
        found += page->size();
        after = page->back().id;
    }
}

} // namespace

std::string router_name(unsigned branch)
{
    return fmt::format("router-{}", branch);
}

Ipv4Address router_address(unsigned branch)
{
    return Ipv4Address{0x7F'00'01'01U + branch};
}

std::string cafe_file(const std::vector<RouterPorts>& routers)
{
    std::string text = "[organizations.arena]\nname = \"Arena\"\n"
                       "[packages.hour]\norganization = \"arena\"\nname = \"1 hour\"\n"
                       "duration = \"1h\"\nprice = 5000\ntier = \"standard\"\n";
    for (unsigned branch = 0; branch < routers.size(); ++branch)
        text += fmt::format(
            "[locations.branch-{0}]\norganization = \"arena\"\nname = \"Branch {0}\"\n"
            "guest_network = \"10.{0}.0.0/16\"\n"
            "[routers.{1}]\nlocation = \"branch-{0}\"\nradius_source = \"{7}/32\"\n"
            "radius_secret = \"{2}\"\ncoa_port = {3}\n"
            "[routers.{1}.api]\nhost = \"127.0.0.1\"\nport = {4}\nuser_name = \"{5}\"\n"
            "password = \"{6}\"\n",
            branch, router_name(branch), radius_secret, routers[branch].coa, routers[branch].api,
            api_user, api_password, to_string(router_address(branch)));
    return text;
}

std::vector<Session> running_sessions(
    std::size_t count, const std::function<UtcTime(std::size_t)>& ends_at)
{
    std::vector<Session> sessions;
    sessions.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const unsigned branch = branch_of(i);
        const auto number = static_cast<std::uint32_t>(i);
        const UtcTime started_at = ends_at(i) - bought;
        const auto transaction = testing_support::pending_transaction(
            {.number = i + 1,
             .account = i + 1,
             .location = domain::LocationId::trusted(fmt::format("branch-{}", branch)),
             .router = domain::RouterId::trusted(router_name(branch)),
             .mac = testing_support::mac_of(number),
             .ip = Ipv4Address{0x0A'00'00'0AU + (branch << 16) + number / branches},
             .at = started_at});
        sessions.push_back(domain::activated(testing_support::session_of(transaction), started_at));
    }
    return sessions;
}

void fill(const Population& population)
{
    asio::io_context io;
    const auto store = open(io, population.database, population.key_file);
    std::size_t next = 0;
    for (int i = 0; i < writers; ++i)
        asio::co_spawn(
            io, write_sessions(*store, population.sessions, next), [](std::exception_ptr error) {
                if (error) std::rethrow_exception(error);
            });
    io.run();
    bring_online(*store, population);
}

std::size_t open_sessions(const std::string& database, const std::string& key_file)
{
    asio::io_context io;
    const auto store = open(io, database, key_file);
    std::size_t found = 0;
    asio::co_spawn(io, count_open(*store), [&](std::exception_ptr error, std::size_t count) {
        if (error) std::rethrow_exception(error);
        found = count;
    });
    io.run();
    return found;
}

} // namespace iwas::bench
