#include "sim/world/world.hpp"

#include "adapters/store/store.hpp"
#include "core/assert.hpp"
#include "sim/world/cafe.hpp"
#include "sim/world/customer.hpp"
#include "sim/world/phone.hpp"
#include "workflows/link_method.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace iwas::sim {

namespace {

constexpr std::size_t tasks_max = 20'000;
constexpr Seconds two_comparisons{130};

std::unique_ptr<ports::Store> make_store()
{
    // 32 octets of base 64; the key protects nothing in a world that ends in a moment.
    auto keys = adapters::KeyRing::parse("sim AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    IWAS_ASSERT(keys.has_value());
    return adapters::open_store({
        .url = "sqlite::memory:",
        .keys = std::move(*keys),
        .io = {},
        .inline_execution = true,
        .sqlite_synchronous = "off",
    });
}

} // namespace

World::World(std::uint64_t seed, Faults faults, WorldOptions options)
    : clock_{io_.get_executor()},
      nature_{
          .clock = clock_,
          .random = SimRandom{seed},
          .faults = faults,
          .crash = {},
          .listener = {}},
      catalog_{cafe_catalog()}, store_{make_store()}, pc_{nature_},
      gateways_{
          nature_,
          [this](
              const domain::PaymentAccountId& account, const std::string& body,
              const std::function<void(bool)>& done) { deliver_notice(account, body, done); }},
      auditor_{nature_, pc_, gateways_}, poll_every_{options.poll_every},
      reconciles_daily_{options.reconciles_daily}, tasks_{io_.get_executor(), tasks_max}
{
    catalog_->locations[cafe_location].pc_logout_grace = options.pc_logout_grace;
    pc_.abilities = options.pc_abilities;
    if (options.listener)
        nature_.listener = [this, tell = std::move(options.listener)](std::string line) {
            tell(fmt::format(
                "{:>10.3f} {}", static_cast<double>(clock_.elapsed().count()) / 1000, line));
        };
    nature_.crash = [this] {
        const Seconds downtime = nature_.random.between(Seconds{1}, Seconds{40});
        boost::asio::post(io_, [this, downtime] { bury(downtime); });
    };
    for (const auto& [id, router] : catalog_->routers) {
        sites_[id] =
            std::make_unique<RouterSite>(router, options.mac_cookies, nature_, *this, tasks_);
        site_view_[id] = sites_[id].get();
    }
    begin_life();
    if (faults.incident_every > Seconds{0}) (void)tasks_.spawn("incidents", incidents());
    settle();
}

World::~World()
{
    nature_.listener = {};
    nature_.faults = {};
    nature_.crash = [] {};
    clock_.stop();
    if (life_) {
        life_->kill();
        dying_.push_back(std::move(life_));
    }
    tasks_.cancel();
    // Whoever unwinds may wake another.
    while (io_.poll() > 0)
        io_.restart();
    for (const auto& life : dying_)
        IWAS_ASSERT(life->is_gone());
    dying_.clear();
    IWAS_ASSERT(tasks_.running() == 0);
}

void World::begin_life()
{
    ++lives_;
    life_ = std::make_unique<IwasLife>(Surroundings{
        .nature = nature_,
        .store = *store_,
        .witness = auditor_,
        .tampering = tampering_,
        .catalog = catalog_,
        .pc = pc_,
        .gateways = gateways_.model,
        .routers = site_view_,
        .poll_every = poll_every_,
        .reconciles_daily = reconciles_daily_,
    });
}

void World::crash(Seconds downtime)
{
    nature_.tell("IWAS is killed");
    bury(downtime);
    settle();
}

void World::bury(Seconds downtime)
{
    if (!life_) return;
    life_->kill();
    dying_.push_back(std::move(life_));
    clock_.after(downtime, [this] {
        nature_.tell("IWAS starts");
        begin_life();
    });
}

/// Lets everything run that can run at this moment.
void World::settle()
{
    io_.restart();
    while (io_.poll() > 0)
        io_.restart();
    std::erase_if(dying_, [](const auto& life) { return life->is_gone(); });
}

bool World::step(SteadyTime limit)
{
    if (!clock_.jump(limit)) return false;
    settle();
    ++steps_;
    if (life_ && life_->failures() > 0) auditor_.broke("a task of IWAS ended with an exception");
    if (tasks_.failed() > 0) auditor_.broke("a task of the world ended with an exception");
    auditor_.check_access(site_view_, life_ && life_->is_serving());
    constexpr std::uint64_t steps_between_audits = 256;
    if (steps_ % steps_between_audits == 0) auditor_.check_money();
    return true;
}

void World::run_for(Seconds time)
{
    settle();
    const SteadyTime limit = clock_.steady_now() + time;
    while (step(limit)) {
    }
}

void World::stop_faults()
{
    nature_.tell("the faults stop");
    is_calm_ = true;
    nature_.faults = {};
    nature_.crash_at_crossing = 0;
    pc_.is_down = false;
    pc_.forced.clear();
    GatewayModel& gateways = gateways_.model;
    gateways.is_down = gateways.refunds_fail = gateways.slow_refunds_fail = false;
    gateways.create_fails.reset();
    gateways.find_fails.reset();
    gateways.refund_fails.reset();
    for (auto& [id, site] : sites_) {
        site->model.reappear();
        site->refuses_logins = false;
    }
}

bool World::run_until_quiet(Seconds at_most)
{
    const SteadyTime limit = clock_.steady_now() + at_most;
    while (clock_.steady_now() < limit) {
        run_for(Seconds{30});
        if (auditor_.is_quiet()) return true;
    }
    for (const auto& [id, txn] : auditor_.transactions())
        if (!domain::is_final(txn.state) && !txn.is_refund_queued)
            auditor_.broke("does not settle: " + auditor_.money().story_of(txn));
    auditor_.money().check_known();
    auditor_.broke("the world does not become quiet");
    return false;
}

void World::check_settled()
{
    while (!life_ || !life_->is_serving())
        run_for(Seconds{5});
    const std::set<MacAddress> before = auditor_.left_outside(site_view_);
    run_for(two_comparisons);
    for (const MacAddress& mac : auditor_.left_outside(site_view_))
        if (before.contains(mac)) auditor_.broke("paid, present and not online: " + to_string(mac));
    // A session may have ended just now, and a router without an API, which had told of nothing, is
    // believed after some tries.
    const auto tells_a_router = [](const ports::Job& job) {
        return job.kind == ports::JobKind::close_access;
    };
    constexpr int rounds = 24;
    for (int round = 0; round < rounds && std::ranges::any_of(jobs(), tells_a_router); ++round)
        run_for(Seconds{5});
    auditor_.check_settled(life_->directory());
    check_stored();
    for (const ports::Job& job : jobs()) {
        const bool may_wait = job.kind == ports::JobKind::expire_session ||
                              job.kind == ports::JobKind::watch_late_debit ||
                              job.kind == ports::JobKind::pc_logout ||
                              (job.kind == ports::JobKind::reconcile && job.detail.empty());
        if (!may_wait && !waits_for_wallet(job))
            auditor_.broke(fmt::format(
                "a job still waits: kind {}, attempt {}", static_cast<int>(job.kind), job.attempt));
    }
}

/// Whether it is about an agreement that a wallet's owner may still give, or of which a gateway
/// that was down has to be told again, later and later.
bool World::waits_for_wallet(const ports::Job& job)
{
    if (job.kind != ports::JobKind::link_method) return false;
    const auto kept = run(store_->load_saved_method(domain::SavedMethodId{job.subject}));
    if (!kept || !*kept) return false;
    constexpr Seconds a_turn{60};
    const UtcTime now = clock_.utc_now();
    if ((*kept)->state == domain::SavedMethodState::leaving) return job.due_at + a_turn > now;
    return (*kept)->state == domain::SavedMethodState::asked &&
           now - (*kept)->created_at < workflows::LinkLimits{}.agree_within + a_turn;
}

/// What the auditor saw is what the store has, the queue and the credit included.
void World::check_stored()
{
    for (const auto& [id, seen] : auditor_.transactions()) {
        const auto stored = run(store_->load_transaction(id));
        if (!stored || !*stored || (*stored)->state != seen.state)
            auditor_.broke("the store has another transaction " + to_string(id));
    }
    for (const auto& [id, seen] : auditor_.sessions()) {
        const auto stored = run(store_->load_session(id));
        if (!stored || !*stored || (*stored)->state != seen.state)
            auditor_.broke("the store has another session " + seen.user_name);
    }
    constexpr int all = 100'000;
    std::set<domain::TransactionId> queued;
    const auto queue = run(store_->refund_queue(all));
    if (!queue) auditor_.broke("the refund queue cannot be read");
    if (queue)
        for (const ports::QueuedRefund& each : *queue)
            queued.insert(each.transaction.id);
    auditor_.check_queue(queued);
    for (const auto& [account, credit] : auditor_.money().credit()) {
        const auto stored = run(store_->credit_of(account));
        if (!stored || *stored != credit)
            auditor_.broke(fmt::format(
                "the store has another credit of {} than {}", to_string(account),
                to_string(credit)));
    }
}

std::vector<ports::Job> World::jobs()
{
    // Looked at as another node would, long after every lease has ended, and leased for no time.
    const UtcTime later = clock_.utc_now() + std::chrono::hours{10'000};
    const auto found = run(store_->lease_jobs(later, later, clock_.utc_now(), 10'000));
    return found ? *found : std::vector<ports::Job>{};
}

RouterSite& World::router(const std::string& id)
{
    return *sites_.at(domain::RouterId::trusted(id));
}

void World::receive(RadiusService service, Bytes datagram, Ipv4Address source, Reply reply)
{
    if (life_) life_->receive_radius(service, datagram, source, reply);
}

Phone& World::add_phone(const std::string& user_name, std::int64_t balance)
{
    PcAccount account;
    account.id = "m-" + user_name;
    account.user_name = user_name;
    account.password = "pw-" + user_name;
    account.display_name = user_name;
    account.cash = balance;
    pc_.model.put_account(account);
    phones_.push_back(
        std::make_unique<Phone>(*this, user_name, static_cast<int>(phones_.size()) + 1));
    return *phones_.back();
}

Phone& World::add_phone_of(const Phone& other)
{
    phones_.push_back(
        std::make_unique<Phone>(*this, other.user_name(), static_cast<int>(phones_.size()) + 1));
    return *phones_.back();
}

Phone& World::add_guest()
{
    phones_.push_back(std::make_unique<Phone>(*this, "", static_cast<int>(phones_.size()) + 1));
    return *phones_.back();
}

void World::add_customers(int count)
{
    for (int number = 1; number <= count; ++number) {
        const std::string name = "c" + std::to_string(number);
        const bool is_guest = random().chance(0.3);
        Phone& phone = is_guest ? add_guest() : add_phone(name, random().between(0, 20) * 3'000);
        Phone& second = is_guest ? add_guest() : add_phone_of(phone);
        (void)tasks_.spawn("customer " + name, live(*this, phone, second, random().fork()));
    }
}

void World::deliver_notice(
    const domain::PaymentAccountId& account, const std::string& body,
    const std::function<void(bool)>& done)
{
    if (!life_ || !life_->is_serving()) return;
    if (nature_.is_told()) nature_.tell("notice from " + account.text() + ": " + body);
    life_->tasks().start(
        "notice",
        [](IwasLife* life, domain::PaymentAccountId from, std::string what,
           std::function<void(bool)> hears) -> awaitable<void> {
            const bool is_durable = co_await life->take_notice(std::move(from), std::move(what));
            hears(is_durable);
        }(life_.get(), account, body, done));
}

void World::report_pc_event(domain::PcEventKind kind, const std::string& member_id)
{
    domain::PcEvent event{
        .location = cafe_location,
        .event_id = "evt-" + std::to_string(++events_),
        .kind = kind,
        .member_id = member_id,
        .occurred_at = clock_.utc_now(),
    };
    SimRandom& random = nature_.random;
    if (random.chance(nature_.faults.pc_event_lost)) return;
    const int copies = random.chance(nature_.faults.pc_event_twice) ? 2 : 1;
    for (int copy = 0; copy < copies; ++copy) {
        Milliseconds way = random.between(Milliseconds{5}, Milliseconds{200});
        if (random.chance(nature_.faults.pc_event_late))
            way = random.between(Seconds{1}, Seconds{120});
        clock_.after(way, [this, event] { deliver_pc_event(event); });
    }
}

void World::deliver_pc_event(domain::PcEvent event)
{
    if (!life_ || !life_->is_serving()) {
        // The café repeats it until it is taken.
        clock_.after(Seconds{5}, [this, event] { deliver_pc_event(event); });
        return;
    }
    life_->tasks().start("pc event", [](IwasLife* life, domain::PcEvent what) -> awaitable<void> {
        (void)co_await life->pc_logout().receive(std::move(what));
    }(life_.get(), event));
}

} // namespace iwas::sim
