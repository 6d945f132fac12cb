// One suite for the adapter and the simulated PC system: in-process under virtual time, and over
// real sockets. Whatever fails, a charge happens once, and an unknown outcome can be resolved.
#include "adapters/pc_system/rest/contract_world_test.hpp"

namespace iwas::adapters {
namespace {

using ports::PcError;
using sim::PcFault;
using testing::location;
using testing::Wire;
using testing::World;
namespace asio = boost::asio;

class PcContract : public ::testing::TestWithParam<Wire> {
protected:
    void open(
        std::uint64_t seed = 1,
        domain::PcSystemProfile profile = domain::PcSystemProfile::connector_v1)
    {
        world = std::make_unique<World>(GetParam(), seed, profile);
    }
    void SetUp() override { open(); }

    static ports::PcChargeOrder order(std::uint64_t number, std::int64_t amount = 12'000)
    {
        return {
            .idempotency_key = Ulid{1, number},
            .reference = "IWAS-" + std::to_string(number),
            .member_id = "4711",
            .amount = Money{amount},
            .description = "Wi-Fi"};
    }
    PcAnswer<ports::PcCharge> charge(std::uint64_t number, std::int64_t amount = 12'000)
    {
        return world->await(world->adapter->charge(location, order(number, amount), world->soon()));
    }
    PcAnswer<ports::PcCharge> find(std::uint64_t number)
    {
        return world->await(
            world->adapter->find_charge(location, order(number).reference, world->soon()));
    }
    PcAnswer<std::string> refund(std::string charge_id, std::uint64_t key, std::int64_t amount)
    {
        ports::PcRefundOrder wanted{
            .idempotency_key = Ulid{2, key},
            .charge_id = std::move(charge_id),
            .amount = Money{amount},
            .reason = "activation_failed"};
        return world->await(world->adapter->refund(location, wanted, world->soon()));
    }
    PcAnswer<ports::PcMember> verify(const char* name, const char* password)
    {
        return world->await(world->adapter->verify(
            location, name, SecretText{password}, std::nullopt, world->soon()));
    }
    sim::PcSystemModel& model() { return world->model; }
    void expect_money_conserved()
    {
        EXPECT_EQ(
            model().find_account("4711")->cash + model().net_charged() + model().played_away(),
            50'000);
    }

    std::unique_ptr<World> world;
};

INSTANTIATE_TEST_SUITE_P(
    Wires, PcContract, ::testing::Values(Wire::in_process, Wire::loopback),
    [](const auto& wire) { return wire.param == Wire::in_process ? "InProcess" : "Loopback"; });

TEST_P(PcContract, VerifiesMembers)
{
    const auto member = verify("ALICE", "secret");
    ASSERT_TRUE(member);
    EXPECT_EQ(member->id, "4711");
    EXPECT_FALSE(member->is_at_pc);
    EXPECT_EQ(verify("alice", "wrong").error().error, PcError::invalid_credentials);
    EXPECT_EQ(verify("nobody", "secret").error().error, PcError::invalid_credentials);
    model().log_in_at("alice", "PC-1", world->clock->utc_now());
    EXPECT_TRUE(verify("alice", "secret")->is_at_pc);
    model().set_status("4711", sim::PcAccountStatus::suspended, world->clock->utc_now());
    EXPECT_EQ(verify("alice", "secret").error().error, PcError::account_suspended);
}

TEST_P(PcContract, TellsBalancesSessionsAndCapabilities)
{
    const auto balance = [&](const char* id) {
        return world->await(world->adapter->balance(location, id, world->soon()));
    };
    EXPECT_EQ(balance("4711"), Money{50'000});
    EXPECT_EQ(balance("4712").error().error, PcError::not_found);
    model().log_in_at("alice", "PC-1", world->clock->utc_now());
    const auto sessions = world->await(world->adapter->active_sessions(location, world->soon()));
    ASSERT_TRUE(sessions);
    ASSERT_EQ(sessions->size(), 1U);
    EXPECT_EQ(sessions->front().pc_name, "PC-1");
    const auto able = world->await(world->adapter->capabilities(location, world->soon()));
    ASSERT_TRUE(able);
    EXPECT_EQ(able->contract, "1.0");
    EXPECT_TRUE(able->can_charge);
    EXPECT_TRUE(able->lists_sessions);
    const auto nowhere = domain::LocationId::trusted("elsewhere");
    EXPECT_EQ(
        world->await(world->adapter->balance(nowhere, "4711", world->soon())).error().error,
        PcError::unavailable);
}

TEST_P(PcContract, ChargesOnceAndFindsIt)
{
    EXPECT_EQ(find(1).error().error, PcError::not_found);
    const auto first = charge(1);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->amount, Money{12'000});
    EXPECT_EQ(charge(1)->id, first->id);
    EXPECT_EQ(find(1)->id, first->id);
    const auto poor = charge(2, 60'000);
    EXPECT_EQ(poor.error().error, PcError::insufficient_balance);
    EXPECT_EQ(poor.error().available, Money{38'000});
    EXPECT_EQ(model().net_charged(), 12'000);
}

TEST_P(PcContract, RefundsOnce)
{
    const auto paid = charge(1);
    ASSERT_TRUE(paid);
    const auto back = refund(paid->id, 1, 12'000);
    ASSERT_TRUE(back);
    EXPECT_EQ(refund(paid->id, 1, 12'000).value(), back.value());
    EXPECT_TRUE(refund(paid->id, 2, 12'000)) << "refunded in full already: success";
    EXPECT_EQ(refund("ch_none", 3, 12'000).error().error, PcError::not_found);
    EXPECT_EQ(model().net_charged(), 0);
    const auto other = charge(2);
    EXPECT_TRUE(refund(other->id, 4, 2'000));
    EXPECT_EQ(refund(other->id, 5, 12'000).error().error, PcError::refused);
    EXPECT_EQ(model().net_charged(), 10'000);
}

/// A charge under one fault that strikes 1 to 5 times: over the retries too.
TEST_P(PcContract, NoFaultDebitsTwice)
{
    for (const PcFault fault :
         {PcFault::delay, PcFault::drop_after_commit, PcFault::error_before_commit,
          PcFault::error_after_commit, PcFault::rate_limited, PcFault::garbage_json,
          PcFault::huge_body, PcFault::balance_race, PcFault::clock_skew}) {
        for (const unsigned times : {1U, 2U, 5U}) {
            if (fault == PcFault::rate_limited && GetParam() == Wire::loopback && times > 1)
                continue; // waits for whole seconds
            SCOPED_TRACE(std::string{to_string(fault)} + " " + std::to_string(times));
            open();
            model().faults.force(fault, times, "/v1/charges");
            const auto answer = charge(1);
            const auto made = model().charges_of("IWAS-1").size();
            EXPECT_LE(made, 1U);
            if (answer) EXPECT_EQ(made, 1U);
            if (!answer && answer.error().error != PcError::unknown) EXPECT_EQ(made, 0U);
            if (times == 1 && fault != PcFault::balance_race) EXPECT_TRUE(answer);

            model().faults.clear();
            world->await(world->clock->sleep_until(world->clock->steady_now() + 11ms));
            if (world->wire_ == Wire::in_process) // let the circuit breaker try again
                world->await(world->clock->sleep_until(world->clock->steady_now() + 11s));
            const auto found = find(1);
            if (world->adapter->breaker_state(location) == CircuitBreaker::State::closed) {
                EXPECT_EQ(found.has_value(), made == 1) << "unknown is resolved";
                if (!found) EXPECT_EQ(found.error().error, PcError::not_found);
            }
            expect_money_conserved();
        }
    }
}

TEST_P(PcContract, NoFaultRefundsTwice)
{
    for (const PcFault fault :
         {PcFault::delay, PcFault::drop_after_commit, PcFault::error_before_commit,
          PcFault::error_after_commit, PcFault::garbage_json, PcFault::huge_body}) {
        SCOPED_TRACE(std::string{to_string(fault)});
        open();
        const auto paid = charge(1);
        ASSERT_TRUE(paid);
        model().faults.force(fault, 2, "/refunds");
        EXPECT_TRUE(refund(paid->id, 1, 12'000));
        EXPECT_EQ(model().net_charged(), 0);
        expect_money_conserved();
    }
}

TEST_P(PcContract, MendsNamesAndBoundsAnswers)
{
    model().faults.force(PcFault::non_utf8_name, 1);
    const auto member = verify("alice", "secret");
    ASSERT_TRUE(member);
    EXPECT_EQ(member->display_name, "\uFFFD(\uFFFDalice");
    model().faults.force(PcFault::huge_body, 1);
    EXPECT_TRUE(verify("alice", "secret")) << "the next attempt is right";
    model().faults.force(PcFault::garbage_json, 4);
    EXPECT_EQ(verify("alice", "secret").error().error, PcError::unknown);
}

TEST_P(PcContract, ObeysRetryAfter)
{
    model().faults.retry_after = 3600s;
    model().faults.force(PcFault::rate_limited, 1);
    const auto limited = verify("alice", "secret");
    EXPECT_EQ(limited.error().error, PcError::rate_limited);
    EXPECT_EQ(limited.error().retry_after, 3600s);
    model().faults.retry_after = 1s;
    model().faults.force(PcFault::rate_limited, 1);
    const SteadyTime begun = world->clock->steady_now();
    EXPECT_TRUE(verify("alice", "secret"));
    EXPECT_GE(world->clock->steady_now() - begun, 1s);
}

TEST_P(PcContract, StopsCallingABrokenSystem)
{
    model().faults.set(PcFault::error_before_commit, {.probability = 1});
    EXPECT_EQ(verify("alice", "secret").error().error, PcError::unknown);
    EXPECT_EQ(verify("alice", "secret").error().error, PcError::unavailable);
    EXPECT_EQ(world->adapter->attempts(), 5U) << "then the circuit is open";
    EXPECT_EQ(world->adapter->breaker_state(location), CircuitBreaker::State::open);
    EXPECT_EQ(charge(1).error().error, PcError::unavailable) << "nothing was sent";
    EXPECT_TRUE(model().charges().empty());
}

TEST_P(PcContract, AMissingFeatureIsAnAnswer)
{
    model().settings.lists_sessions = false;
    EXPECT_FALSE(
        world->await(world->adapter->capabilities(location, world->soon()))->lists_sessions);
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(
            world->await(world->adapter->active_sessions(location, world->soon())).error().error,
            PcError::refused);
    EXPECT_EQ(world->adapter->breaker_state(location), CircuitBreaker::State::closed);
    EXPECT_TRUE(verify("alice", "secret"));
    EXPECT_TRUE(charge(1));

    // It says as little about a broken system as any other answer: five failures still count.
    model().faults.set(PcFault::error_before_commit, {.probability = 1});
    EXPECT_EQ(verify("alice", "secret").error().error, PcError::unknown);
    EXPECT_EQ(verify("alice", "secret").error().error, PcError::unavailable);
    EXPECT_EQ(world->adapter->breaker_state(location), CircuitBreaker::State::open);
}

TEST_P(PcContract, SerialisesAMembersMoney)
{
    // Money for one of the two.
    auto one = asio::co_spawn(
        world->io, world->adapter->charge(location, order(1, 30'000), world->soon()),
        asio::use_future);
    auto two = asio::co_spawn(
        world->io, world->adapter->charge(location, order(2, 30'000), world->soon()),
        asio::use_future);
    while (one.wait_for(0s) != std::future_status::ready ||
           two.wait_for(0s) != std::future_status::ready)
        world->step();
    EXPECT_TRUE(one.get());
    EXPECT_EQ(two.get().error().error, PcError::insufficient_balance);
    expect_money_conserved();
}

TEST_P(PcContract, ManyAttemptsWithOneKeyDebitOnce)
{
    std::vector<std::future<PcAnswer<ports::PcCharge>>> answers;
    const int count = GetParam() == Wire::in_process ? 500 : 50;
    for (int i = 0; i < count; ++i)
        answers.push_back(asio::co_spawn(
            world->io, world->adapter->charge(location, order(1), world->soon()),
            asio::use_future));
    std::string id;
    for (auto& answer : answers) {
        while (answer.wait_for(0s) != std::future_status::ready)
            world->step();
        const auto paid = answer.get();
        ASSERT_TRUE(paid);
        if (id.empty()) id = paid->id;
        EXPECT_EQ(paid->id, id);
    }
    EXPECT_EQ(model().net_charged(), 12'000);
}

TEST_P(PcContract, SpeaksTheLegacyProfile)
{
    open(1, domain::PcSystemProfile::legacy);
    EXPECT_EQ(verify("alice", "secret")->id, "4711");
    EXPECT_EQ(verify("alice", "wrong").error().error, PcError::invalid_credentials);
    EXPECT_EQ(
        world->await(world->adapter->balance(location, "4711", world->soon())), Money{50'000});
    model().faults.force(PcFault::drop_after_commit, 2, "/api/debit");
    const auto paid = charge(1);
    ASSERT_TRUE(paid) << "the key makes repetition safe";
    EXPECT_EQ(model().charges().size(), 1U);
    EXPECT_EQ(find(1).error().error, PcError::unknown) << "this design cannot tell";
    EXPECT_EQ(charge(2, 60'000).error().error, PcError::insufficient_balance);

    model().faults.force(PcFault::drop_after_commit, 1, "/api/refund");
    EXPECT_EQ(refund(paid->id, 1, 12'000).error().error, PcError::unknown)
        << "refunds are not repeated by themselves";
    EXPECT_TRUE(refund(paid->id, 1, 12'000));
    EXPECT_EQ(model().net_charged(), 0);
    EXPECT_EQ(
        world->await(world->adapter->active_sessions(location, world->soon())).error().error,
        PcError::refused);
}

// Goal: exactly once, whatever the weather. Method: seeded faults on every call, a caller that
// repeats what is unknown as the workflows do, then the books are compared.
TEST(PcContractSeeds, MoneyIsConserved)
{
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        World world{Wire::in_process, seed, domain::PcSystemProfile::connector_v1};
        for (const PcFault fault :
             {PcFault::delay, PcFault::drop_after_commit, PcFault::error_before_commit,
              PcFault::error_after_commit, PcFault::rate_limited, PcFault::garbage_json,
              PcFault::huge_body, PcFault::balance_race})
            world.model.faults.set(fault, {.probability = 0.15});
        std::int64_t believed = 0;
        for (std::uint64_t number = 1; number <= 4; ++number) {
            const ports::PcChargeOrder order{
                .idempotency_key = Ulid{seed, number},
                .reference = "IWAS-" + std::to_string(number),
                .member_id = "4711",
                .amount = Money{9'000},
                .description = {}};
            PcAnswer<ports::PcCharge> paid = std::unexpected(ports::PcFailure{});
            for (int round = 0; round < 50; ++round) {
                paid = world.await(
                    world.adapter->charge(location, order, world.clock->steady_now() + 30s));
                if (paid || paid.error().error != PcError::unknown) break;
                world.await(world.clock->sleep_until(world.clock->steady_now() + 15s));
            }
            const auto made = world.model.charges_of(order.reference).size();
            ASSERT_EQ(made, paid ? 1U : 0U);
            if (!paid) continue;
            believed += 9'000;
            if (number % 2 != 0) continue;
            const ports::PcRefundOrder refund{
                .idempotency_key = Ulid{seed, 100 + number},
                .charge_id = paid->id,
                .amount = Money{9'000},
                .reason = {}};
            for (int round = 0; round < 50; ++round) {
                const auto back = world.await(
                    world.adapter->refund(location, refund, world.clock->steady_now() + 30s));
                if (back) {
                    believed -= 9'000;
                    break;
                }
                world.await(world.clock->sleep_until(world.clock->steady_now() + 15s));
            }
        }
        ASSERT_EQ(world.model.net_charged(), believed);
        ASSERT_EQ(
            world.model.find_account("4711")->cash + world.model.net_charged() +
                world.model.played_away(),
            50'000);
    }
}

} // namespace
} // namespace iwas::adapters
