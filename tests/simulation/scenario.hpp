// What the scenarios share: a calm café with one customer, and short ways to say what he does.
#pragma once

#include "sim/world/phone.hpp"
#include "sim/world/world.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

namespace iwas::sim {

using domain::EndReason;
using domain::SessionState;
using domain::TransactionReason;
using domain::TransactionState;

/// A café without faults and a signed-in member with 50,000 who stands at router r1.
class Scenario : public ::testing::Test {
protected:
    explicit Scenario(WorldOptions options = {})
        : world{
              1,
              Faults::none(),
              {.pc_logout_grace = options.pc_logout_grace,
               .pc_abilities = options.pc_abilities,
               .poll_every = options.poll_every,
               .mac_cookies = options.mac_cookies,
               .listener = listener(options)}}
    {
        world.run_for(1s); // IWAS starts
        alice = &world.add_phone("alice", 50'000);
        const auto answer = world.run(alice->sign_in());
        EXPECT_TRUE(answer && *answer);
    }

    void TearDown() override
    {
        world.stop_faults();
        EXPECT_TRUE(world.run_until_quiet(std::chrono::hours{30}));
        world.check_settled();
        for (const std::string& rule : world.broken())
            ADD_FAILURE() << rule;
    }

    /// IWAS_TELL=1 prints the story of each scenario.
    static std::function<void(std::string)> listener(const WorldOptions& options)
    {
        if (options.listener || !std::getenv("IWAS_TELL")) return options.listener;
        return [](const std::string& line) { std::puts(line.c_str()); };
    }

    /// Starts a purchase; the transaction that was opened.
    domain::TransactionId start(
        Phone& phone, const std::string& package, const std::string& key,
        std::optional<domain::SessionId> extends = std::nullopt)
    {
        const auto opened = world.run(phone.buy(package, key, extends));
        EXPECT_TRUE(opened && *opened);
        return opened && *opened ? (*opened)->transaction.id : domain::TransactionId{};
    }
    /// Why the purchase is refused at once.
    std::optional<workflows::PurchaseRejection> refusal(
        Phone& phone, const std::string& package, const std::string& key,
        std::optional<domain::SessionId> extends = std::nullopt)
    {
        const auto opened = world.run(phone.buy(package, key, extends));
        if (!opened || *opened) return std::nullopt;
        return opened->error().why;
    }
    /// Buys and waits until it is decided.
    domain::Transaction buy(
        Phone& phone, const std::string& package, const std::string& key,
        std::optional<domain::SessionId> extends = std::nullopt)
    {
        const auto id = start(phone, package, key, extends);
        (void)world.run(phone.watch(id));
        return transaction(id);
    }

    domain::Transaction transaction(domain::TransactionId id)
    {
        return world.auditor().transactions().at(id);
    }
    domain::Session session(domain::SessionId id) { return world.auditor().sessions().at(id); }
    domain::Session stored_session(domain::SessionId id)
    {
        return world.run(world.store().load_session(id)).value().value();
    }
    std::int64_t balance(const Phone& phone)
    {
        return world.pc().model.find_account(phone.member_id())->cash;
    }
    Seconds left(domain::SessionId id)
    {
        return domain::time_left(session(id), world.clock().utc_now());
    }

    World world;
    Phone* alice = nullptr;
};

} // namespace iwas::sim
