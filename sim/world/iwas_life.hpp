// IwasLife: one run of the IWAS process in a simulated world, from its start to its death: the real
// workflows, directory and RADIUS services, wired as the program wires them.
#pragma once

#include "adapters/radius/directory.hpp"
#include "adapters/radius/service.hpp"
#include "asio/task_group.hpp"
#include "sim/world/pc_site.hpp"
#include "sim/world/sim_access.hpp"
#include "sim/world/sim_gateways.hpp"
#include "sim/world/sim_store.hpp"
#include "workflows/job_runner.hpp"
#include "workflows/link_method.hpp"
#include "workflows/log_in.hpp"
#include "workflows/payment_window.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/reconcile.hpp"
#include "workflows/run_session.hpp"
#include "workflows/staff_refunds.hpp"
#include "workflows/sync_pc_logout.hpp"

namespace iwas::sim {

/// What outlives every run of IWAS.
struct Surroundings {
    Nature& nature;
    ports::Store& store;
    StoreWitness& witness;
    const Tampering& tampering;
    std::shared_ptr<const domain::Catalog> catalog;
    PcSite& pc;
    GatewayModel& gateways;
    std::map<domain::RouterId, RouterSite*> routers;
    Milliseconds poll_every; // JobRunnerLimits
    bool reconciles_daily = false;
};

class IwasLife {
public:
    /// Starts at once: gives back its leases, rebuilds the directory, then serves.
    explicit IwasLife(Surroundings around);
    IwasLife(const IwasLife&) = delete;
    IwasLife& operator=(const IwasLife&) = delete;
    ~IwasLife();

    /// Ends it: every coroutine unwinds the next time it would run, without effect.
    void kill();
    /// Whether everything has unwound, so that the object may go.
    [[nodiscard]] bool is_gone() const { return life_->is_over && tasks_.running() == 0; }
    [[nodiscard]] bool is_serving() const { return is_serving_ && !life_->is_over; }
    /// Tasks that ended with an exception while the process lived.
    [[nodiscard]] std::uint64_t failures() const { return life_->is_over ? 0 : tasks_.failed(); }
    [[nodiscard]] const adapters::Directory& directory() const { return directory_; }

    workflows::LogIn& log_in() { return *log_in_; }
    workflows::PurchasePackage& purchases() { return *purchases_; }
    workflows::RunSession& sessions() { return *sessions_; }
    workflows::SyncPcLogout& pc_logout() { return *pc_logout_; }
    workflows::LinkMethod& wallet() { return *wallet_; }
    workflows::StaffRefunds& staff() { return *staff_; }
    ports::Store& store() { return store_; }
    ports::Tasks& tasks() { return started_; }
    /// Takes a gateway's notice as the program does (api/callback). Whether the gateway hears that
    /// it is durable.
    awaitable<bool> take_notice(domain::PaymentAccountId account, std::string body);

    void receive_radius(
        RadiusService service, const Bytes& datagram, Ipv4Address source,
        const RadiusDoor::Reply& reply);

private:
    class Clock;
    class Tasks final : public ports::Tasks {
    public:
        Tasks(TaskGroup& group, std::shared_ptr<Life> life) : group_{group}, life_{std::move(life)}
        {
        }
        bool start(std::string name, awaitable<void> task) override
        {
            return !life_->is_over && group_.spawn(std::move(name), std::move(task));
        }

    private:
        TaskGroup& group_;
        std::shared_ptr<Life> life_;
    };
    class Tracer;
    class Notifier;
    class View;

    awaitable<void> begin();
    awaitable<void> compare_regularly();
    void account(
        const Bytes& datagram, adapters::RadiusSource source, const RadiusDoor::Reply& reply);

    Surroundings around_;
    std::shared_ptr<Life> life_;
    TaskGroup tasks_;
    Tasks started_;
    SimStore store_;
    SimPcSystem pc_system_;
    SimGateways gateways_;
    SimRouterApis apis_;
    SimOrders orders_;
    std::unique_ptr<ports::Clock> clock_;
    std::unique_ptr<ports::Tracer> tracer_;
    std::unique_ptr<ports::Notifier> notifier_;
    std::unique_ptr<ports::CatalogView> catalog_;
    adapters::RouterAccess access_;
    SimRandom random_;
    adapters::Directory directory_;
    adapters::ClientRegistry registry_;
    adapters::AccessService access_service_;
    adapters::AccountingService accounting_service_;
    std::unique_ptr<workflows::RunSession> sessions_;
    std::unique_ptr<workflows::PurchasePackage> purchases_;
    std::unique_ptr<workflows::SyncPcLogout> pc_logout_;
    std::unique_ptr<workflows::LinkMethod> wallet_;
    std::unique_ptr<workflows::LogIn> log_in_;
    std::unique_ptr<workflows::OpenPaymentWindow> windows_;
    std::unique_ptr<workflows::Reconcile> reconcile_;
    std::unique_ptr<workflows::StaffRefunds> staff_;
    std::unique_ptr<workflows::JobRunner> jobs_;
    bool is_serving_ = false;
};

} // namespace iwas::sim
