// A RADIUS server on 127.0.0.1 and an io_context to ask it from, for the tests with real sockets.
#pragma once

#include "adapters/radius/probe.hpp"
#include "adapters/radius/requester.hpp"
#include "adapters/radius/server.hpp"
#include "adapters/radius/test_support.hpp"
#include "asio/run_now.hpp"

#include <boost/asio/io_context.hpp>

#include <condition_variable>

namespace iwas::adapters::testing_support {

namespace asio = boost::asio;

inline constexpr Ipv4Address loopback{0x7F000001};

/// A journal that keeps records, and answers from a thread of its own when told to.
class MemoryJournal final : public ports::AccountingJournal {
public:
    void submit(
        domain::AccountingRecord record,
        std::function<void(ports::Journaled)> done) noexcept override
    {
        const std::lock_guard lock{mutex_};
        records.push_back(std::move(record));
        waiting_.push_back(std::move(done));
        arrived_.notify_all();
    }
    bool wait_for(std::size_t count)
    {
        std::unique_lock lock{mutex_};
        return arrived_.wait_for(lock, 5s, [&] { return waiting_.size() >= count; });
    }
    void commit(ports::Journaled result)
    {
        const std::lock_guard lock{mutex_};
        for (auto& done : waiting_)
            done(result);
        waiting_.clear();
    }
    std::vector<domain::AccountingRecord> records;

private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<std::function<void(ports::Journaled)>> waiting_;
};

inline RadiusClient local_client()
{
    RadiusClient client = router_client("loopback secret");
    client.source = Ipv4Prefix::parse("127.0.0.0/8").value();
    return client;
}

class RadiusExchange : public ::testing::Test {
protected:
    explicit RadiusExchange(Ipv4Address bound = loopback)
    {
        clients.replace({local_client()});
        directory.admit(online());
        RadiusServerSettings settings{
            .address = bound,
            .authentication_port = 0,
            .accounting_port = 0,
            .authentication_threads = 2,
            .limits = {.reject_delay = Milliseconds{50}}};
        server.emplace(settings, clients, directory, journal);
    }
    static ports::Admission online()
    {
        ports::Admission one = admission("alice", "pw");
        one.ends_at = moment_now().utc + std::chrono::hours{1};
        return one;
    }
    RadiusTarget target(std::uint16_t port, const std::string& secret = "loopback secret")
    {
        return {
            loopback, port, std::make_shared<const radius::SharedSecret>(SecretText{secret}), true};
    }
    ProbeResult ask(ProbeRequest request, RadiusTarget to, Milliseconds within = 5s)
    {
        return run_now(
            io,
            probe(requester, std::move(to), std::move(request), SteadyTime::clock::now() + within));
    }

    asio::io_context io{1};
    ClientRegistry clients;
    Directory directory;
    MemoryJournal journal;
    std::optional<RadiusServer> server;
    RadiusRequester requester{io.get_executor()};
};

} // namespace iwas::adapters::testing_support
