// How the adapter makes sure of what a router did, step by step: scripted answers, time that jumps.
#include "adapters/router/mikrotik/access.hpp"
#include "tests/support/time_and_chance.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <deque>

namespace iwas::adapters {
namespace {

using ports::GrantError;

const MacAddress phone = *MacAddress::parse("02:00:00:00:00:15");
const auto router_id = domain::RouterId::trusted("q7");

/// Takes orders and answers as it is told; silence lasts until the caller's deadline.
class ScriptedOrders final : public SessionOrders {
public:
    explicit ScriptedOrders(ports::Clock& clock) : clock_{clock} {}

    std::deque<Result<void, CoaError>> answers;
    std::vector<Milliseconds> disconnect_patience;
    std::vector<ServiceChange> changes;
    std::function<void(const ServiceChange&)> on_change;

    awaitable<Result<void, CoaError>> disconnect(
        domain::Router, NetworkSessionName, SteadyTime deadline) override
    {
        disconnect_patience.push_back(
            std::chrono::duration_cast<Milliseconds>(deadline - clock_.steady_now()));
        const auto answer = next();
        if (!answer && answer.error() == CoaError::unknown) co_await clock_.sleep_until(deadline);
        co_return answer;
    }
    awaitable<Result<void, CoaError>> change(
        domain::Router, NetworkSessionName, ServiceChange change, SteadyTime) override
    {
        changes.push_back(change);
        if (on_change) on_change(change);
        co_return next();
    }

private:
    Result<void, CoaError> next()
    {
        if (answers.empty()) return {};
        const auto first = answers.front();
        answers.pop_front();
        return first;
    }
    ports::Clock& clock_;
};

/// An active list of at most one device.
class ListedDevice final : public RouterApi {
public:
    std::optional<HotspotActive> row;
    bool is_down = false;
    int removals = 0;

    template <class T>
    static ApiResult<T> down()
    {
        return std::unexpected{ApiFailure{.error = ApiError::unreachable, .message = "down"}};
    }
    awaitable<ApiResult<std::optional<HotspotHost>>> find_host(MacAddress, SteadyTime) override
    {
        co_return down<std::optional<HotspotHost>>();
    }
    awaitable<ApiResult<void>> log_in(HotspotLogin, SteadyTime) override { co_return down<void>(); }
    awaitable<ApiResult<std::vector<HotspotActive>>> active(SteadyTime) override
    {
        co_return rows();
    }
    awaitable<ApiResult<std::vector<HotspotActive>>> find_active(MacAddress, SteadyTime) override
    {
        co_return rows();
    }
    awaitable<ApiResult<void>> remove_active(std::string, MacAddress, SteadyTime) override
    {
        ++removals;
        row.reset();
        co_return ApiResult<void>{};
    }
    awaitable<ApiResult<SystemResource>> resource(SteadyTime) override
    {
        co_return down<SystemResource>();
    }
    awaitable<ApiResult<std::string>> identity(SteadyTime) override
    {
        co_return down<std::string>();
    }

private:
    ApiResult<std::vector<HotspotActive>> rows()
    {
        if (is_down) return down<std::vector<HotspotActive>>();
        return row ? std::vector{*row} : std::vector<HotspotActive>{};
    }
};

class Proof : public ::testing::Test {
protected:
    Proof() { router.id = router_id; }

    static ports::Grant grant()
    {
        return {
            .session = domain::SessionId{Ulid{1, 2}},
            .router = router_id,
            .user_name = "w-1",
            .mac = phone,
            .acct_session_id = "80100001",
            .time_left = Seconds{3'600}};
    }
    static domain::AccountingRecord record(domain::AccountingStatus status)
    {
        return {
            .router = router_id,
            .status = status,
            .acct_session_id = "80100001",
            .session = domain::SessionId{Ulid{1, 2}},
            .user_name = "w-1",
            .mac = phone};
    }
    /// Starts a call; `result` is there when it has ended.
    void start(awaitable<Result<void, GrantError>> call)
    {
        result.reset();
        boost::asio::co_spawn(
            io, std::move(call),
            [this](std::exception_ptr, Result<void, GrantError> ended) { result = ended; });
        clock.run_for(Milliseconds{0});
    }
    void close(std::shared_ptr<RouterApi> api = nullptr, ports::Grant wanted = grant())
    {
        start(closing(std::move(api), std::move(wanted)));
    }
    awaitable<Result<void, GrantError>> closing(std::shared_ptr<RouterApi> api, ports::Grant wanted)
    {
        MikrotikAccess access{router, std::move(api), orders, reports, clock};
        const SteadyTime by = clock.steady_now() + Seconds{9};
        const auto closed = co_await access.close(std::move(wanted), by);
        co_return closed;
    }
    awaitable<Result<void, GrantError>> changing(std::shared_ptr<RouterApi> api)
    {
        MikrotikAccess access{router, std::move(api), orders, reports, clock};
        const SteadyTime by = clock.steady_now() + Seconds{9};
        const auto changed = co_await access.change(grant(), by);
        co_return changed;
    }
    [[nodiscard]] std::shared_ptr<ListedDevice> online() const
    {
        auto api = std::make_shared<ListedDevice>();
        api->row =
            HotspotActive{.id = "*A1", .user_name = "w-1", .mac = phone, .uptime = Seconds{600}};
        return api;
    }

    boost::asio::io_context io;
    tests::ManualClock clock{io};
    ScriptedOrders orders{clock};
    RouterReports reports;
    domain::Router router;
    std::optional<Result<void, GrantError>> result;
};

TEST_F(Proof, WithoutAnApiTheStopProvesTheEnd)
{
    close();
    EXPECT_FALSE(result); // acknowledged, and not believed
    clock.run_for(Milliseconds{500});
    EXPECT_FALSE(result);
    reports.note(record(domain::AccountingStatus::stop));
    clock.run_for(Milliseconds{100});
    ASSERT_TRUE(result);
    EXPECT_TRUE(*result);

    close(); // the job again
    ASSERT_TRUE(result);
    EXPECT_TRUE(*result);
    EXPECT_EQ(orders.disconnect_patience.size(), 1U);
}

TEST_F(Proof, WithoutAStopTheJobHasToComeAgain)
{
    close();
    clock.run_for(Seconds{4});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->error(), GrantError::unknown);
    // The Stop of another right of the same device is none of its own.
    auto other = record(domain::AccountingStatus::stop);
    other.session = domain::SessionId{Ulid{9, 9}};
    reports.note(other);
    close();
    clock.run_for(Seconds{4});
    EXPECT_EQ(result->error(), GrantError::unknown);
    // It begins anew under the same Acct-Session-Id, as some access servers do.
    reports.note(record(domain::AccountingStatus::stop));
    reports.note(record(domain::AccountingStatus::start));
    close();
    clock.run_for(Seconds{4});
    EXPECT_EQ(result->error(), GrantError::unknown);
    // A restart ends everything.
    close();
    reports.note(record(domain::AccountingStatus::nas_on));
    clock.run_for(Seconds{1});
    EXPECT_TRUE(*result);
}

TEST_F(Proof, ARouterThatInsistsHasLostItsStop)
{
    for (int look = 1; look <= 3; ++look) {
        orders.answers.emplace_back(std::unexpected{CoaError::session_not_found});
        close();
        clock.run_for(Seconds{4});
        ASSERT_TRUE(result);
        EXPECT_EQ(result->has_value(), look == 3) << look;
    }
    auto never_began = grant();
    never_began.acct_session_id.clear();
    orders.answers.emplace_back(std::unexpected{CoaError::session_not_found});
    close(nullptr, never_began);
    ASSERT_TRUE(result);
    EXPECT_TRUE(*result);
}

TEST_F(Proof, TheApiDoesNotWaitForRepeatedDisconnects)
{
    const auto api = online();
    orders.answers.emplace_back(std::unexpected{CoaError::unknown});
    close(api);
    clock.run_for(Milliseconds{2'000});
    ASSERT_TRUE(result);
    EXPECT_TRUE(*result);
    EXPECT_EQ(api->removals, 1);
    EXPECT_EQ(orders.disconnect_patience, std::vector{Milliseconds{2'000}});
}

TEST_F(Proof, WithTheApiDownTheDisconnectIsRepeatedAndTheStopAwaited)
{
    const auto api = online();
    api->is_down = true;
    orders.answers.emplace_back(std::unexpected{CoaError::unknown});
    close(api);
    clock.run_for(Milliseconds{2'100});
    EXPECT_FALSE(result);
    ASSERT_EQ(orders.disconnect_patience.size(), 2U);
    EXPECT_GE(orders.disconnect_patience[1], Milliseconds{4'000}); // the two retries
    reports.note(record(domain::AccountingStatus::stop));
    clock.run_for(Milliseconds{100});
    ASSERT_TRUE(result);
    EXPECT_TRUE(*result);
}

TEST_F(Proof, ADeviceAdmittedByItsMacAddressIsRemovedToo)
{
    const auto api = online();
    api->row->user_name = "02-00-00-00-00-15";
    orders.answers.emplace_back(std::unexpected{CoaError::session_not_found});
    close(api);
    ASSERT_TRUE(result);
    EXPECT_TRUE(*result);
    EXPECT_EQ(api->removals, 1);
}

TEST_F(Proof, TheTimeAfterAChangeIsLookedAtAndCorrected)
{
    for (const bool counts_from_start : {false, true}) {
        const auto api = online();
        orders.changes.clear();
        orders.on_change = [&](const ServiceChange& change) {
            api->row->time_left =
                counts_from_start ? change.time_left - api->row->uptime : change.time_left;
        };
        start(changing(api));
        ASSERT_TRUE(result);
        EXPECT_TRUE(*result);
        EXPECT_EQ(orders.changes.size(), counts_from_start ? 2U : 1U);
        EXPECT_EQ(api->row->time_left, Seconds{3'600});
    }
    // Told beforehand, one order is enough.
    router.coa_counts_from_start = true;
    const auto api = online();
    orders.changes.clear();
    orders.on_change = [&](const ServiceChange& change) {
        api->row->time_left = change.time_left - api->row->uptime;
    };
    start(changing(api));
    EXPECT_TRUE(*result);
    ASSERT_EQ(orders.changes.size(), 1U);
    EXPECT_EQ(orders.changes.front().time_left, Seconds{4'200});
    // One that takes no notice is reported.
    orders.on_change = [&](const ServiceChange&) { api->row->time_left = Seconds{60}; };
    start(changing(api));
    EXPECT_EQ(result->error(), GrantError::refused);
}

TEST_F(Proof, AChangeForWhoIsGoneIsNotRepeatedForEver)
{
    const auto change_refused = [&](const std::shared_ptr<RouterApi>& api) {
        orders.answers.emplace_back(std::unexpected{CoaError::session_not_found});
        start(changing(api));
        return result->error();
    };
    // The active list has the device: named wrongly, or not logged in yet.
    const auto api = online();
    EXPECT_EQ(change_refused(api), GrantError::refused);
    api->is_down = true;
    EXPECT_EQ(change_refused(api), GrantError::refused);
    api->is_down = false;
    api->row.reset();
    EXPECT_EQ(change_refused(api), GrantError::absent);

    // Without an API it counts when the router insists,
    EXPECT_EQ(change_refused(nullptr), GrantError::refused);
    EXPECT_EQ(change_refused(nullptr), GrantError::refused);
    start(changing(nullptr)); // and not when it has known the session in between.
    EXPECT_TRUE(*result);
    EXPECT_EQ(change_refused(nullptr), GrantError::refused);
    EXPECT_EQ(change_refused(nullptr), GrantError::refused);
    EXPECT_EQ(change_refused(nullptr), GrantError::absent);
    // A Stop that has come says it at once.
    reports.note(record(domain::AccountingStatus::start));
    start(changing(nullptr));
    EXPECT_TRUE(*result);
    reports.note(record(domain::AccountingStatus::stop));
    EXPECT_EQ(change_refused(nullptr), GrantError::absent);
}

TEST_F(Proof, WithoutAnApiTheReportsTellHowLongASessionHasRun)
{
    router.coa_counts_from_start = true;
    start(changing(nullptr));
    EXPECT_EQ(result->error(), GrantError::unreachable); // nothing known yet
    EXPECT_TRUE(orders.changes.empty());
    auto interim = record(domain::AccountingStatus::interim);
    interim.received_at = clock.utc_now();
    interim.session_time = Seconds{900};
    reports.note(interim);
    clock.run_for(Seconds{100});
    start(changing(nullptr));
    EXPECT_TRUE(*result);
    ASSERT_EQ(orders.changes.size(), 1U);
    EXPECT_EQ(orders.changes.front().time_left, Seconds{4'600});
}

} // namespace
} // namespace iwas::adapters
