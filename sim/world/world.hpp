// World: a café in one process under virtual time. One seed decides everything that happens in it:
// latencies, faults, what customers do, and when IWAS dies.
#pragma once

#include "sim/world/auditor.hpp"
#include "sim/world/gateway_site.hpp"
#include "sim/world/iwas_life.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>

namespace iwas::sim {

class Phone;

struct WorldOptions {
    Seconds pc_logout_grace{0};
    ports::PcAbilities pc_abilities{};
    /// How often IWAS looks for jobs. It costs a world most of its time; production looks more
    /// often.
    Milliseconds poll_every{2'000};
    bool reconciles_daily = false; // as in production; tests that look at jobs have none
    bool mac_cookies = false; // routers let known devices in again by themselves, asking RADIUS
    std::function<void(std::string)> listener; // takes the story, line by line
};

class World final : public RadiusDoor {
public:
    World(std::uint64_t seed, Faults faults, WorldOptions options = {});
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    ~World() override;

    /// A phone of a member with that much money, standing at router r1.
    Phone& add_phone(const std::string& user_name, std::int64_t balance);
    /// A second device of the same member.
    Phone& add_phone_of(const Phone& other);
    /// A phone of somebody who has no account at the PC system.
    Phone& add_guest();
    /// Customers who come, buy, leave and make trouble by themselves until the faults stop.
    void add_customers(int count);

    void run_for(Seconds time);
    /// From now on everything works, and customers only wait.
    void stop_faults();
    /// Runs until the auditor finds nothing under way; false when that takes longer than `at_most`.
    bool run_until_quiet(Seconds at_most);
    /// Runs until `work` is done.
    template <class T>
    T run(awaitable<T> work);
    /// Checks everything that must hold in a quiet world, what the store keeps included.
    void check_settled();

    /// IWAS dies now and comes back after `downtime`.
    void crash(Seconds downtime);
    /// Dies at that crossing of a port, counted from the beginning of the world.
    void crash_at_crossing(std::uint64_t crossing) { nature_.crash_at_crossing = crossing; }
    [[nodiscard]] std::uint64_t crossings() const { return nature_.crossings; }

    /// Calls IWAS as a browser does; nothing when no answer came.
    template <class T>
    awaitable<std::optional<T>> call(std::function<awaitable<T>(IwasLife&)> work);
    /// A gateway tells IWAS; `done` hears whether it took the notice, or never.
    void deliver_notice(
        const domain::PaymentAccountId& account, const std::string& body,
        const std::function<void(bool)>& done);
    /// From now on every step passes through this on its way into the store.
    void tamper_with_steps(Tampering tampering) { tampering_ = std::move(tampering); }
    /// The café reports an event by webhook, perhaps twice, late, or never.
    void report_pc_event(domain::PcEventKind kind, const std::string& member_id);
    void deliver_pc_event(domain::PcEvent event);

    [[nodiscard]] SimClock& clock() { return clock_; }
    [[nodiscard]] SimRandom& random() { return nature_.random; }
    [[nodiscard]] Nature& nature() { return nature_; }
    [[nodiscard]] PcSite& pc() { return pc_; }
    [[nodiscard]] GatewaySite& gateways() { return gateways_; }
    [[nodiscard]] RouterSite& router(const std::string& id = "r1");
    [[nodiscard]] Auditor& auditor() { return auditor_; }
    /// The running IWAS; null while it is dead.
    [[nodiscard]] IwasLife* iwas() { return life_.get(); }
    /// The store itself, past every fault. Its calls complete at once.
    [[nodiscard]] ports::Store& store() { return *store_; }
    [[nodiscard]] domain::Catalog& catalog() { return *catalog_; }
    [[nodiscard]] const std::vector<std::string>& broken() const { return auditor_.broken(); }
    [[nodiscard]] bool is_calm() const { return is_calm_; }
    [[nodiscard]] TaskGroup& tasks() { return tasks_; }
    [[nodiscard]] std::uint64_t steps() const { return steps_; }
    /// How often IWAS was started.
    [[nodiscard]] std::size_t lives() const { return lives_; }
    /// Jobs that wait in the store.
    std::vector<ports::Job> jobs();

    void receive(RadiusService service, Bytes datagram, Ipv4Address source, Reply reply) override;

private:
    void begin_life();
    void bury(Seconds downtime);
    void settle();
    bool step(SteadyTime limit);
    awaitable<void> incidents();
    void router_incident(RouterSite& site);
    void gateway_incident();
    void check_stored();
    bool waits_for_wallet(const ports::Job& job);
    template <class T>
    static awaitable<void> serve(
        World* world, IwasLife* life, std::function<awaitable<T>(IwasLife&)> work,
        std::shared_ptr<Mailbox<T>> box);

    boost::asio::io_context io_;
    SimClock clock_;
    Nature nature_;
    std::shared_ptr<domain::Catalog> catalog_;
    std::unique_ptr<ports::Store> store_;
    PcSite pc_;
    GatewaySite gateways_;
    Auditor auditor_;
    Tampering tampering_;
    Milliseconds poll_every_;
    bool reconciles_daily_;
    TaskGroup tasks_;
    std::map<domain::RouterId, std::unique_ptr<RouterSite>> sites_;
    std::map<domain::RouterId, RouterSite*> site_view_;
    std::vector<std::unique_ptr<Phone>> phones_;
    std::unique_ptr<IwasLife> life_;
    std::vector<std::unique_ptr<IwasLife>> dying_;
    std::uint64_t steps_ = 0;
    std::uint64_t events_ = 0;
    std::size_t lives_ = 0;
    bool is_calm_ = false;
};

template <class T>
awaitable<void> World::serve(
    World* world, IwasLife* life, std::function<awaitable<T>(IwasLife&)> work,
    std::shared_ptr<Mailbox<T>> box)
{
    T answer = co_await work(*life);
    SimRandom& random = world->random();
    if (random.chance(world->nature_.faults.call_lost)) co_return;
    const auto way = random.between(Milliseconds{1}, Milliseconds{20});
    world->clock_.after(way, [box, answer = std::move(answer)] { box->put(answer); });
}

template <class T>
awaitable<std::optional<T>> World::call(std::function<awaitable<T>(IwasLife&)> work)
{
    constexpr Seconds patience{40};
    const auto box = std::make_shared<Mailbox<T>>(clock_.executor());
    if (!random().chance(nature_.faults.call_lost)) {
        const auto way = random().between(Milliseconds{1}, Milliseconds{20});
        clock_.after(way, [this, work = std::move(work), box] {
            if (life_ && life_->is_serving())
                life_->tasks().start("call", serve<T>(this, life_.get(), work, box));
        });
    }
    const SteadyTime until = clock_.steady_now() + patience;
    co_return co_await Mailbox<T>::take(box, clock_, until);
}

template <class T>
T World::run(awaitable<T> work)
{
    constexpr std::chrono::hours at_most{100};
    std::optional<T> result;
    std::exception_ptr problem;
    bool is_done = false;
    boost::asio::co_spawn(
        io_,
        [](awaitable<T> inner, std::optional<T>& kept) -> awaitable<void> {
            kept.emplace(co_await std::move(inner));
        }(std::move(work), result),
        [&](std::exception_ptr error) {
            problem = error;
            is_done = true;
        });
    const SteadyTime limit = clock_.steady_now() + at_most;
    settle();
    while (!is_done && step(limit)) {
    }
    if (problem) std::rethrow_exception(problem);
    return std::move(result.value());
}

} // namespace iwas::sim
