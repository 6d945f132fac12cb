// For tests of the API: the real handlers, workflows and store (in memory, inline), a café that
// answers at once, and a router that lets everybody in or nobody.
#pragma once

#include "adapters/clock/system_clock.hpp"
#include "adapters/clock/system_random.hpp"
#include "adapters/radius/directory.hpp"
#include "adapters/receipt/sheet_printer.hpp"
#include "adapters/store/store.hpp"
#include "api/routes.hpp"
#include "app/group_tasks.hpp"
#include "app/live_catalog.hpp"
#include "asio/run_now.hpp"
#include "sim/gateways/gateway_model.hpp"
#include "workflows/reconcile.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>

#include <map>
#include <optional>
#include <string>

namespace iwas::api::testing {

/// A PC system with one table of members.
class FakePcSystem final : public ports::PcSystem {
public:
    struct Member {
        std::string password;
        Money balance;
        bool is_suspended = false;
    };
    std::map<std::string, Member> members;
    bool is_down = false;
    Milliseconds verify_takes{0};
    bool charges_hang = false; // a charge answers nothing by its deadline
    int charges = 0;
    int refunds = 0;

    explicit FakePcSystem(ports::Clock& clock) : clock_{clock} {}

    [[nodiscard]] ports::PcAbilities abilities(const domain::LocationId&) const override
    {
        return {};
    }
    ports::awaitable<Result<ports::PcMember, ports::PcFailure>> verify(
        domain::LocationId, std::string user_name, SecretText password, std::optional<MacAddress>,
        SteadyTime) override;
    ports::awaitable<Result<Money, ports::PcFailure>> balance(
        domain::LocationId, std::string member_id, SteadyTime) override;
    ports::awaitable<Result<ports::PcCharge, ports::PcFailure>> charge(
        domain::LocationId, ports::PcChargeOrder order, SteadyTime deadline) override;
    ports::awaitable<Result<ports::PcCharge, ports::PcFailure>> find_charge(
        domain::LocationId, std::string reference, SteadyTime) override;
    ports::awaitable<Result<std::string, ports::PcFailure>> refund(
        domain::LocationId, ports::PcRefundOrder order, SteadyTime) override;
    ports::awaitable<Result<ports::PcCapabilities, ports::PcFailure>> capabilities(
        domain::LocationId, SteadyTime) override
    {
        ports::PcCapabilities all;
        all.can_charge = all.can_refund = all.pushes_events = all.lists_sessions = true;
        co_return all;
    }
    ports::awaitable<Result<std::vector<ports::PcSession>, ports::PcFailure>> active_sessions(
        domain::LocationId, SteadyTime) override;

private:
    ports::Clock& clock_;
    std::map<std::string, ports::PcCharge> by_reference_;
};

/// A router with an active list.
class FakeAccess final : public ports::AccessControl {
public:
    std::optional<ports::GrantError> refuses;
    bool wants_the_browser = false;       // answers with a form, as a router without an API does
    std::optional<ports::LoginForm> form; // only the browser can log in, by this
    std::map<MacAddress, ports::ActiveDevice> online;
    std::vector<MacAddress> changed; // who got new terms

    ports::awaitable<Result<ports::Opened, ports::GrantError>> open(
        ports::Grant grant, ports::LoginChallenge, SteadyTime) override;
    ports::awaitable<Result<void, ports::GrantError>> close(
        ports::Grant grant, SteadyTime) override;
    ports::awaitable<Result<void, ports::GrantError>> change(
        ports::Grant grant, SteadyTime) override;
    [[nodiscard]] bool can_list(const domain::RouterId&) const override { return true; }
    ports::awaitable<Result<std::vector<ports::ActiveDevice>, ports::GrantError>> list(
        domain::RouterId, SteadyTime) override;
};

class SilentTracer final : public ports::Tracer {
public:
    void record(ports::TraceStep) noexcept override {}
    void finished(std::string_view, std::chrono::microseconds) noexcept override {}
};

/// The location q7 of the organization galaxy: router r1, packages pkg_1h (5,000) and pkg_3h
/// (12,000, recommended); member minh with 50,000 and the password "secret".
class World {
public:
    /// `store_threads` 0: the store answers before its call returns. With threads (of a database in
    /// a file) requests run beside each other, as in production.
    explicit World(std::string url = "sqlite::memory:", std::size_t store_threads = 0);
    ~World();

    /// Runs the handler of that method and path to its end.
    http::Response send(http::Request request);
    http::Response get(const std::string& target, http::Headers headers = {});
    http::Response post(const std::string& path, std::string body, http::Headers headers = {});

    /// The router's Accounting-Start for a device that is on its active list.
    void report_start(const std::string& mac, const std::string& ip);

    /// The organization takes this way to pay.
    void add_payment_account(
        const std::string& id, domain::PaymentMethod method, bool saves_tokens = false);
    /// A gateway's notice for that payment account.
    http::Response notify(
        const std::string& notice, const std::string& account = "galaxy-momo",
        const std::string& signature = "good");
    /// As it is stored; `purchase` must be one.
    domain::Transaction transaction_of(const std::string& purchase);
    /// Changes the configuration.
    void configure(const std::function<void(domain::Catalog&)>& change);
    /// Lets what was started run to its end.
    void settle(Milliseconds within = Milliseconds{20});
    /// Runs the jobs that are due within a minute, and what they start.
    void run_jobs();

    /// Runs a coroutine to its end.
    template <class T>
    T run(ports::awaitable<T> task)
    {
        return run_now(io, std::move(task));
    }

    boost::asio::io_context io{1};
    adapters::SystemClock clock{io.get_executor()};
    adapters::SystemRandom random;
    TaskGroup group{io.get_executor(), 10'000};
    app::GroupTasks tasks{group};
    std::unique_ptr<ports::Store> store;
    app::LiveCatalog catalog;
    EventHub events{io.get_executor(), clock};
    LateAnswers late_answers{events, clock, random, tasks};
    SilentTracer tracer;
    adapters::Directory directory;
    FakePcSystem pc_system{clock};
    sim::GatewayModel gateways{clock};
    FakeAccess access;
    workflows::Outside outside;
    workflows::RunSession sessions;
    workflows::PurchasePackage purchases;
    workflows::LinkMethod wallet;
    workflows::LogIn log_in;
    workflows::SyncPcLogout pc_logout;
    workflows::FindTransfer find_transfer;
    workflows::OpenPaymentWindow payment_window;
    workflows::StaffRefunds staff_refunds;
    workflows::Reconcile reconcile;
    staff::StaffGuard staff_guard;
    Balances balances;
    KnownAddresses addresses;
    Occupancy occupancy;
    Tokens tokens;
    adapters::SheetPrinter sheet_printer;
    std::map<std::string, int> notices; // what became of them
    Services services;
    http::Router router;
};

/// The device of most tests.
inline constexpr auto phone_mac = "A4:5E:60:11:22:0F";
inline constexpr auto phone_ip = "192.168.20.15";
/// Minh's, as the portal sends them.
inline constexpr auto minhs_credentials = R"({"username":"minh","password":"secret"})";
/// Longer than it takes until a router that refuses is believed.
inline constexpr Milliseconds router_tries{900};

/// A phone with its browser: keeps the visit, the CSRF token and the cookies.
class Phone {
public:
    Phone(World& world, std::string mac, std::string ip)
        : world_{world}, mac_{std::move(mac)}, ip_{std::move(ip)}
    {
    }

    /// Follows the router's redirect to the portal; the answer to it.
    http::Response arrive();
    /// GET and POST as the portal's page does them.
    http::Response get(const std::string& path);
    http::Response post(const std::string& path, const std::string& body, std::string key = {});
    http::Response patch(const std::string& path, const std::string& body);
    http::Response del(const std::string& path);
    /// Arrives, opens the portal and signs in.
    void sign_in(const std::string& user = "minh", const std::string& password = "secret");
    /// Arrives anew, opens the portal and goes on without an account of the café; which one the
    /// guest is to IWAS.
    std::string sign_in_as_guest();
    http::Response buy(const std::string& package, int price, std::string key = {});
    /// Orders three hours (12,000), to be paid outside, and is asked to pay; the purchase's id.
    std::string order(const std::string& method);
    /// The purchase's state, once what was started has ended.
    std::string state_of(const std::string& purchase);

    std::string token;
    std::string csrf;
    std::string session_cookie;
    std::string device_cookie;
    std::string peer; // the address its connections come from, where the portal sees one
    std::string language = "en";

private:
    http::Request request(http::Method method, std::string target) const;
    http::Response change(
        http::Method method, const std::string& path, const std::string& body, std::string key);
    std::string next_key();

    World& world_;
    std::string mac_;
    std::string ip_;
    int keys_ = 0;
};

boost::json::object body_of(const http::Response& response);
/// `code` of a problem; empty for other answers.
std::string code_of(const http::Response& response);

} // namespace iwas::api::testing
