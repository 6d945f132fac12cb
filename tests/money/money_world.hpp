// For tests of reconciliation and staff refunds: the real workflows and store (in memory, inline)
// under virtual time, with gateways and a PC system whose books a test can change.
#pragma once

#include "adapters/clock/system_clock.hpp"
#include "adapters/radius/directory.hpp"
#include "adapters/store/store.hpp"
#include "asio/run_now.hpp"
#include "asio/task_group.hpp"
#include "sim/gateways/gateway_model.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/reconcile.hpp"
#include "workflows/run_session.hpp"
#include "workflows/staff_refunds.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace iwas::testing_support {

/// Time that passes only when somebody waits for it.
class LeapClock final : public ports::Clock {
public:
    UtcTime now;

    [[nodiscard]] UtcTime utc_now() const override { return now; }
    [[nodiscard]] SteadyTime steady_now() const override
    {
        return SteadyTime{now.time_since_epoch()};
    }
    [[nodiscard]] domain::LocalTime local_time(UtcTime time, std::string_view zone) const override
    {
        return adapters::local_time_in(time, zone);
    }
    ports::awaitable<void> sleep_until(SteadyTime time) override
    {
        const UtcTime then{std::chrono::ceil<Milliseconds>(time.time_since_epoch())};
        now = std::max(now, then);
        co_return;
    }
};

class CountedRandom final : public ports::Random {
public:
    void fill(std::span<std::uint8_t> bytes) override
    {
        for (std::uint8_t& each : bytes)
            each = static_cast<std::uint8_t>(engine_());
    }

private:
    std::mt19937_64 engine_{42};
};

/// The PC system's book: charges by their reference.
class BookedPcSystem final : public ports::PcSystem {
public:
    std::map<std::string, ports::PcCharge> charges;
    ports::PcAbilities can;
    bool is_down = false;
    bool loses_answers = false; // debits, and does not tell
    /// What happens while it answers a question for a charge, from then on.
    std::function<ports::awaitable<void>(ports::PcCharge&)> meanwhile;

    [[nodiscard]] ports::PcAbilities abilities(const domain::LocationId&) const override
    {
        return can;
    }
    ports::awaitable<Result<ports::PcMember, ports::PcFailure>> verify(
        domain::LocationId, std::string, SecretText, std::optional<MacAddress>,
        SteadyTime) override;
    ports::awaitable<Result<Money, ports::PcFailure>> balance(
        domain::LocationId, std::string, SteadyTime) override;
    ports::awaitable<Result<ports::PcCharge, ports::PcFailure>> charge(
        domain::LocationId, ports::PcChargeOrder order, SteadyTime) override;
    ports::awaitable<Result<ports::PcCharge, ports::PcFailure>> find_charge(
        domain::LocationId, std::string reference, SteadyTime) override;
    ports::awaitable<Result<std::string, ports::PcFailure>> refund(
        domain::LocationId, ports::PcRefundOrder order, SteadyTime) override;
    ports::awaitable<Result<ports::PcCapabilities, ports::PcFailure>> capabilities(
        domain::LocationId, SteadyTime) override;
    ports::awaitable<Result<std::vector<ports::PcSession>, ports::PcFailure>> active_sessions(
        domain::LocationId, SteadyTime) override;
};

/// A router that lets everybody in.
class OpenDoor final : public ports::AccessControl {
public:
    std::map<MacAddress, std::string> online;
    bool is_undecided = false; // it has the browser log in, and no browser does

    ports::awaitable<Result<ports::Opened, ports::GrantError>> open(
        ports::Grant grant, ports::LoginChallenge, SteadyTime) override;
    ports::awaitable<Result<void, ports::GrantError>> close(
        ports::Grant grant, SteadyTime) override;
    ports::awaitable<Result<void, ports::GrantError>> change(ports::Grant, SteadyTime) override;
    [[nodiscard]] bool can_list(const domain::RouterId&) const override { return false; }
    ports::awaitable<Result<std::vector<ports::ActiveDevice>, ports::GrantError>> list(
        domain::RouterId, SteadyTime) override;
};

class QuietTracer final : public ports::Tracer {
public:
    void record(ports::TraceStep) noexcept override {}
    void finished(std::string_view, std::chrono::microseconds) noexcept override {}
};
class CountingNotifier final : public ports::Notifier {
public:
    std::map<ports::AlertKind, int> alerts;
    void changed(const Ulid&) noexcept override {}
    void alert(
        ports::AlertKind kind, const domain::LocationId&, const std::string&) noexcept override
    {
        ++alerts[kind];
    }
};

/// Every id of one moment is the same, so that the store keeps one of two.
class StuckRandom final : public ports::Random {
public:
    void fill(std::span<std::uint8_t> bytes) override { std::ranges::fill(bytes, 7); }
};

/// Organization galaxy with the location q7, its PC system, the package pkg_3h (12,000, of which
/// the gateways keep 1 %), and the payment accounts `momo` and `bank`.
class MoneyTest : public ::testing::Test {
protected:
    explicit MoneyTest(std::string zone = "Asia/Ho_Chi_Minh");
    ~MoneyTest() override;

    /// Buys the package with a fresh device; the transaction as it stands then.
    domain::Transaction buy(
        domain::PaymentMethod method, std::optional<domain::SessionId> extends = std::nullopt);
    /// The customer pays at the gateway, and the gateway's notice arrives.
    domain::Transaction paid(const domain::Transaction& order, Money amount);
    domain::Transaction paid(const domain::Transaction& order)
    {
        return paid(order, due_of(order));
    }
    /// The customer pays, and no notice arrives.
    void pay_unheard(const domain::Transaction& order);

    domain::Transaction stored(domain::TransactionId id);
    domain::Session session_of(const domain::Transaction& transaction);
    /// Runs every job that is due, and what those leave due.
    void run_jobs();
    void pass(Milliseconds time);

    ports::Comparison compare(const std::string& subject, const std::string& day);
    std::vector<domain::Difference> differences();
    std::vector<ports::QueuedRefund> queue();

    template <class T>
    T run(ports::awaitable<T> task)
    {
        return run_now(io, std::move(task));
    }

    boost::asio::io_context io{1};
    LeapClock clock;
    CountedRandom random;
    TaskGroup group{io.get_executor(), 1000};
    class GroupTasks final : public ports::Tasks {
    public:
        explicit GroupTasks(TaskGroup& group) : group_{group} {}
        bool start(std::string name, ports::awaitable<void> task) override
        {
            return group_.spawn(std::move(name), std::move(task));
        }

    private:
        TaskGroup& group_;
    } tasks{group};
    class FixedCatalog final : public ports::CatalogView {
    public:
        domain::Catalog catalog;
        [[nodiscard]] std::shared_ptr<const domain::Catalog> current() const override
        {
            return std::make_shared<const domain::Catalog>(catalog);
        }
    } view;
    std::unique_ptr<ports::Store> store;
    QuietTracer tracer;
    CountingNotifier notifier;
    adapters::Directory directory;
    BookedPcSystem pc_system;
    sim::GatewayModel gateways{clock};
    OpenDoor access;
    workflows::Outside outside;
    workflows::RunSession sessions;
    workflows::PurchasePackage purchases;
    workflows::Reconcile reconcile;
    workflows::StaffRefunds refunds;
    domain::Account member;

private:
    unsigned devices_ = 0;
};

} // namespace iwas::testing_support
