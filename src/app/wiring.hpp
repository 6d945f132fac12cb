// Program: every object of a running IWAS, built from top to bottom.
#pragma once

#include "adapters/clock/system_clock.hpp"
#include "adapters/clock/system_random.hpp"
#include "adapters/http/client.hpp"
#include "adapters/http/server.hpp"
#include "adapters/payment/client.hpp"
#include "adapters/pc_system/poller.hpp"
#include "adapters/pc_system/rest/client.hpp"
#include "adapters/radius/directory.hpp"
#include "adapters/radius/requester.hpp"
#include "adapters/radius/server.hpp"
#include "adapters/receipt/sheet_printer.hpp"
#include "adapters/router/access.hpp"
#include "adapters/router/mikrotik/pool.hpp"
#include "adapters/store/store.hpp"
#include "adapters/trace/buffered_tracer.hpp"
#include "api/services.hpp"
#include "app/accounting_feed.hpp"
#include "app/config.hpp"
#include "app/front_end.hpp"
#include "app/group_tasks.hpp"
#include "app/live_catalog.hpp"
#include "workflows/job_runner.hpp"
#include "workflows/reconcile.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace iwas::app {

/// The members stand in the order in which they are built; each may use those above it.
class Program {
public:
    /// Opens the store (and brings it to this program's schema). Throws ConfigError and
    /// std::runtime_error, both with a sentence for the operator. `io` outlives the program.
    /// `clock` stands in for the system's, for the demonstration; it outlives the program.
    Program(boost::asio::io_context& io, Config config, ports::Clock* clock = nullptr);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// Loads the catalog, rebuilds the directory, opens RADIUS and HTTP, and starts the jobs.
    /// Throws std::runtime_error that names a port that is taken.
    ports::awaitable<void> start();
    /// Takes no more, lets purchases and requests end until the drain time is over, and stops.
    /// What is left is resumed by its jobs at the next start.
    ports::awaitable<void> stop();

    [[nodiscard]] std::uint16_t http_port() const { return http_->port(); }
    [[nodiscard]] std::uint16_t authentication_port() const
    {
        return radius_->authentication_port();
    }
    [[nodiscard]] std::uint16_t accounting_port() const { return radius_->accounting_port(); }
    [[nodiscard]] const std::string& public_url() const { return services_.settings.public_url; }
    [[nodiscard]] ports::Store& store() { return *store_; }
    [[nodiscard]] LiveCatalog& catalog() { return catalog_; }

private:
    void add_metrics();
    void start_http();
    void start_radius();
    void start_loops();
    void consume(domain::AccountingRecord record);
    ports::awaitable<void> compare_routers();
    ports::awaitable<void> compare_some(std::shared_ptr<std::deque<domain::RouterId>> waiting);
    ports::awaitable<void> forget_old();
    ports::awaitable<void> reconcile_daily();

    Config config_;
    boost::asio::any_io_executor executor_;
    adapters::SystemClock system_clock_;
    ports::Clock& clock_;
    adapters::SystemRandom random_;
    adapters::Metrics metrics_;

    /// Work that a customer or a job started, and loops that only look after things.
    TaskGroup work_;
    TaskGroup job_work_;
    TaskGroup loops_;
    GroupTasks tasks_;
    GroupTasks job_tasks_;
    GroupTasks loop_tasks_;

    std::unique_ptr<ports::Store> store_;
    LiveCatalog catalog_;
    api::EventHub events_;
    api::LateAnswers late_answers_;
    adapters::BufferedTracer tracer_;

    adapters::Directory directory_;
    adapters::ClientRegistry radius_clients_;
    adapters::RadiusRequester radius_requester_;
    adapters::RadiusSessionOrders session_orders_;
    adapters::MikrotikPool router_apis_;
    adapters::RouterAccess access_;
    http::Client outbound_;
    adapters::RestPcSystem pc_system_;
    adapters::GatewayClient gateways_;
    /// Notices by account and what became of them.
    std::map<std::pair<std::string, std::string>, std::uint64_t> notices_;

    workflows::Outside outside_;
    workflows::Outside job_outside_;
    workflows::RunSession sessions_;
    workflows::PurchasePackage purchases_;
    workflows::LinkMethod wallet_;
    workflows::LogIn log_in_;
    workflows::SyncPcLogout pc_logout_;
    workflows::FindTransfer find_transfer_;
    workflows::OpenPaymentWindow payment_window_;
    workflows::StaffRefunds staff_refunds_;
    workflows::Reconcile reconcile_;
    workflows::JobRunner job_runner_;
    adapters::PcPoller pc_poller_;

    AccountingFeed accounting_;
    FrontEnd front_end_;
    adapters::SheetPrinter sheet_printer_;
    api::Balances balances_;
    api::KnownAddresses addresses_;
    api::Occupancy occupancy_;
    api::staff::StaffGuard staff_guard_;
    api::Tokens tokens_;
    api::Services services_;

    std::unique_ptr<adapters::RadiusServer> radius_;
    std::unique_ptr<http::Server> http_;
};

} // namespace iwas::app
