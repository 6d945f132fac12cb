// For tests: a café with one member, the adapter that talks to it, and time that jumps or runs.
#pragma once

#include "adapters/clock/system_clock.hpp"
#include "adapters/pc_system/rest/client.hpp"
#include "sim/pc_system/in_process_caller.hpp"
#include "sim/pc_system/server.hpp"
#include "tests/support/time_and_chance.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <map>
#include <memory>

namespace iwas::adapters::testing {

namespace asio = boost::asio;

inline const auto location = domain::LocationId::trusted("q7");

/// Time stands still until everybody waits, then jumps to who wakes first.
class VirtualClock final : public ports::Clock {
public:
    explicit VirtualClock(asio::io_context& io) : io_{io} {}
    [[nodiscard]] UtcTime utc_now() const override
    {
        return from_unix_ms(1'790'000'000'000) +
               std::chrono::floor<Milliseconds>(now_.time_since_epoch());
    }
    [[nodiscard]] SteadyTime steady_now() const override { return now_; }
    [[nodiscard]] domain::LocalTime local_time(UtcTime, std::string_view) const override
    {
        return {};
    }
    ports::awaitable<void> sleep_until(SteadyTime time) override
    {
        const auto timer =
            std::make_shared<asio::steady_timer>(io_, asio::steady_timer::time_point::max());
        sleepers_.emplace(time, timer);
        co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
    }
    void jump()
    {
        ASSERT_FALSE(sleepers_.empty()) << "everybody waits for nothing";
        now_ = std::max(now_, sleepers_.begin()->first);
        sleepers_.begin()->second->cancel();
        sleepers_.erase(sleepers_.begin());
    }

private:
    asio::io_context& io_;
    SteadyTime now_{};
    std::multimap<SteadyTime, std::shared_ptr<asio::steady_timer>> sleepers_;
};

class OneCafe final : public ports::CatalogView {
public:
    explicit OneCafe(std::string url, domain::PcSystemProfile profile)
    {
        auto catalog = std::make_shared<domain::Catalog>();
        domain::PcSystem system;
        system.location = location;
        system.profile = profile;
        system.base_url = std::move(url);
        system.branch_key = SecretText{"branch-key"};
        catalog->pc_systems.emplace(location, std::move(system));
        catalog_ = std::move(catalog);
    }
    [[nodiscard]] std::shared_ptr<const domain::Catalog> current() const override
    {
        return catalog_;
    }

private:
    std::shared_ptr<const domain::Catalog> catalog_;
};

enum class Wire { in_process, loopback };

/// A café with one member, and the adapter that talks to it.
class World {
public:
    World(Wire wire, std::uint64_t seed, domain::PcSystemProfile profile)
        : wire_{wire}, model{{.branch_id = "q7", .branch_key = "branch-key", .seed = seed}}
    {
        model.put_account(
            {.id = "4711", .user_name = "alice", .password = "secret", .cash = 50'000});
        std::string url = "http://127.0.0.1:9";
        RestPcSystemOptions options;
        options.addresses.allowed = {*Ipv4Prefix::parse("127.0.0.0/8")};
        if (wire == Wire::loopback) {
            clock = std::make_unique<SystemClock>(io.get_executor());
            server = std::make_unique<sim::PcSystemServer>(
                io.get_executor(), model, *clock, sim::PcSystemServer::Options{});
            server->start();
            url = "http://127.0.0.1:" + std::to_string(server->port());
            auto client = std::make_unique<http::Client>(io.get_executor());
            caller = std::move(client);
            options.attempt_timeout = 300ms;
            options.backoff.first = 5ms;
            model.faults.delay = 500ms;
        } else {
            clock = std::make_unique<VirtualClock>(io);
            auto direct = std::make_unique<sim::InProcessCaller>(model, *clock);
            direct->latency = 20ms;
            in_process = direct.get();
            caller = std::move(direct);
        }
        cafe = std::make_unique<OneCafe>(url, profile);
        adapter = std::make_unique<RestPcSystem>(*cafe, *caller, *clock, random, options);
    }
    ~World()
    {
        if (server) await(server->stop(clock->steady_now() + 1s));
        // What still sleeps is destroyed with the context, before what it refers to.
    }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// Runs until `task` is done; virtual time jumps whenever nothing else can happen.
    template <class T>
    T await(ports::awaitable<T> task)
    {
        auto result = asio::co_spawn(io, std::move(task), asio::use_future);
        while (result.wait_for(0s) != std::future_status::ready)
            step();
        return result.get();
    }
    void step()
    {
        io.restart();
        if (wire_ == Wire::loopback)
            io.run_one_for(100ms);
        else if (io.poll() == 0)
            static_cast<VirtualClock&>(*clock).jump();
    }
    [[nodiscard]] SteadyTime soon() const
    {
        return clock->steady_now() + (wire_ == Wire::loopback ? 15s : 60s);
    }

    Wire wire_;
    asio::io_context io{1};
    sim::PcSystemModel model;
    std::unique_ptr<ports::Clock> clock;
    std::unique_ptr<sim::PcSystemServer> server;
    sim::InProcessCaller* in_process = nullptr;
    std::unique_ptr<http::Caller> caller;
    tests::SeededRandom random;
    std::unique_ptr<OneCafe> cafe;
    std::unique_ptr<RestPcSystem> adapter;
};

} // namespace iwas::adapters::testing
