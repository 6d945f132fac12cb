#include "sim/world/iwas_life.hpp"

#include "core/assert.hpp"

#include <fmt/format.h>

namespace iwas::sim {

namespace {

// Comparing costs the simulation much of its time; this is slower than in production and still far
// inside what the invariants allow.
constexpr Seconds compare_every{60};
constexpr std::size_t tasks_max = 20'000;
constexpr adapters::RadiusLimits radius_limits{.cache_entries = 512};
constexpr Seconds reject_delay{1};

} // namespace

class IwasLife::Clock final : public ports::Clock {
public:
    Clock(SimClock& inner, Border border) : inner_{inner}, border_{std::move(border)} {}

    [[nodiscard]] UtcTime utc_now() const override { return inner_.utc_now(); }
    [[nodiscard]] SteadyTime steady_now() const override { return inner_.steady_now(); }
    [[nodiscard]] domain::LocalTime local_time(UtcTime time, std::string_view zone) const override
    {
        return inner_.local_time(time, zone);
    }
    awaitable<void> sleep_until(SteadyTime time) override
    {
        border_.throw_if_over();
        co_await inner_.sleep_until(time);
        border_.throw_if_over();
    }

private:
    SimClock& inner_;
    Border border_;
};

class IwasLife::Tracer final : public ports::Tracer {
public:
    explicit Tracer(Border border) : border_{std::move(border)} {}

    void record(ports::TraceStep step) noexcept override
    {
        if (border_.is_over() || !border_.nature().is_told()) return;
        border_.nature().tell(fmt::format("  {:<9} -> {:<9} {}", step.from, step.to, step.text));
    }
    void finished(std::string_view, std::chrono::microseconds) noexcept override {}

private:
    Border border_;
};

class IwasLife::Notifier final : public ports::Notifier {
public:
    explicit Notifier(Border border) : border_{std::move(border)} {}

    void changed(const Ulid&) noexcept override {}
    void alert(
        ports::AlertKind, const domain::LocationId&, const std::string& text) noexcept override
    {
        if (!border_.is_over() && border_.nature().is_told())
            border_.nature().tell("alert: " + text);
    }

private:
    Border border_;
};

class IwasLife::View final : public ports::CatalogView {
public:
    explicit View(std::shared_ptr<const domain::Catalog> catalog) : catalog_{std::move(catalog)} {}
    [[nodiscard]] std::shared_ptr<const domain::Catalog> current() const override
    {
        return catalog_;
    }

private:
    std::shared_ptr<const domain::Catalog> catalog_;
};

IwasLife::IwasLife(Surroundings around)
    : around_{std::move(around)}, life_{std::make_shared<Life>()},
      tasks_{around_.nature.clock.executor(), tasks_max}, started_{tasks_, life_},
      store_{around_.store, Border{around_.nature, life_}, around_.witness, around_.tampering},
      pc_system_{around_.pc, Border{around_.nature, life_}},
      gateways_{around_.gateways, Border{around_.nature, life_}},
      apis_{around_.routers, Border{around_.nature, life_}},
      orders_{around_.routers, Border{around_.nature, life_}},
      clock_{std::make_unique<Clock>(around_.nature.clock, Border{around_.nature, life_})},
      tracer_{std::make_unique<Tracer>(Border{around_.nature, life_})},
      notifier_{std::make_unique<Notifier>(Border{around_.nature, life_})},
      catalog_{std::make_unique<View>(around_.catalog)},
      access_{[catalog = around_.catalog] { return catalog; }, apis_, orders_, *clock_},
      random_{around_.nature.random.fork()}, access_service_{registry_, directory_, radius_limits},
      accounting_service_{registry_, radius_limits}
{
    registry_.replace(adapters::radius_clients_of(*around_.catalog));
    const workflows::Outside outside{
        .store = store_,
        .catalog = *catalog_,
        .pc_system = pc_system_,
        .gateways = gateways_,
        .access = access_,
        .directory = directory_,
        .clock = *clock_,
        .random = random_,
        .tracer = *tracer_,
        .notifier = *notifier_,
        .tasks = started_,
    };
    sessions_ = std::make_unique<workflows::RunSession>(outside);
    purchases_ = std::make_unique<workflows::PurchasePackage>(outside, *sessions_);
    pc_logout_ = std::make_unique<workflows::SyncPcLogout>(outside, *sessions_);
    wallet_ = std::make_unique<workflows::LinkMethod>(outside);
    log_in_ = std::make_unique<workflows::LogIn>(outside);
    windows_ = std::make_unique<workflows::OpenPaymentWindow>(outside);
    reconcile_ = std::make_unique<workflows::Reconcile>(outside, *purchases_);
    staff_ = std::make_unique<workflows::StaffRefunds>(store_, *clock_);
    jobs_ = std::make_unique<workflows::JobRunner>(
        outside, *purchases_, *sessions_, *pc_logout_, *windows_, *wallet_, *reconcile_,
        workflows::JobRunnerLimits{.poll_every = around_.poll_every});
    started_.start("begin", begin());
}

IwasLife::~IwasLife()
{
    IWAS_ASSERT(is_gone());
}

void IwasLife::kill()
{
    life_->is_over = true;
    tasks_.cancel();
}

awaitable<void> IwasLife::begin()
{
    while (true) {
        const auto released = co_await store_.release_own_leases();
        if (released) break;
        const SteadyTime again_at = clock_->steady_now() + Seconds{1};
        co_await clock_->sleep_until(again_at);
    }
    co_await sessions_->rebuild_directory();
    if (around_.reconciles_daily) co_await reconcile_->schedule();
    is_serving_ = true;
    around_.nature.tell("IWAS serves");
    started_.start("jobs", jobs_->run());
    started_.start("compare", compare_regularly());
}

awaitable<void> IwasLife::compare_regularly()
{
    while (true) {
        const SteadyTime again_at = clock_->steady_now() + compare_every;
        co_await clock_->sleep_until(again_at);
        for (const auto& [id, site] : around_.routers)
            co_await sessions_->compare(id);
    }
}

awaitable<bool> IwasLife::take_notice(domain::PaymentAccountId id, std::string body)
{
    const domain::PaymentAccount* known = around_.catalog->payment_account(id);
    if (!known) co_return false;
    const domain::PaymentAccount account = *known;
    const UtcTime now = clock_->utc_now();
    const ports::NoticeRequest request{
        .query = {},
        .body = body,
        .header = [](std::string_view) { return std::string_view{"good"}; },
        .now = now};
    auto notice = gateways_.read_notice(account, request);
    if (!notice) co_return false;
    if (notice->kind == ports::NoticeKind::binding) {
        const bool is_kept = co_await wallet_->told(
            account, std::move(notice->order_id), std::move(notice->binding));
        co_return is_kept;
    }
    ports::KeptNotice kept{
        .account = account.id,
        .at = now,
        .order_id = notice->order_id,
        .outcome = {},
        .body = std::move(notice->kept_body)};
    const auto outcome = co_await purchases_->take_in_status(
        account, std::move(notice->order_id), std::move(notice->status),
        domain::PaymentSource::notice);
    const ports::NoticeReply reply = gateways_.reply_to(account, outcome);
    kept.outcome = reply.body;
    (void)co_await store_.append_notice(std::move(kept));
    co_return reply.status == 200;
}

void IwasLife::receive_radius(
    RadiusService service, const Bytes& datagram, Ipv4Address source,
    const RadiusDoor::Reply& reply)
{
    if (!is_serving()) return;
    constexpr std::uint16_t port = 45'000;
    if (service == RadiusService::accounting) {
        account(datagram, {source, port}, reply);
        return;
    }
    radius::PacketBuffer buffer;
    const auto outcome = access_service_.handle(
        datagram, {source, port}, *registry_.table(), {clock_->utc_now(), clock_->steady_now()},
        buffer);
    if (outcome.delay > Milliseconds{0}) {
        around_.nature.clock.after(
            reject_delay, [this, life = life_, ticket = outcome.ticket, reply] {
                if (life->is_over) return;
                const ByteView late = access_service_.delayed_reply(ticket);
                if (!late.empty()) reply({late.begin(), late.end()});
            });
        return;
    }
    if (!outcome.reply.empty()) reply({outcome.reply.begin(), outcome.reply.end()});
}

void IwasLife::account(
    const Bytes& datagram, adapters::RadiusSource source, const RadiusDoor::Reply& reply)
{
    radius::PacketBuffer buffer;
    auto outcome = accounting_service_.handle(
        datagram, source, *registry_.table(), {clock_->utc_now(), clock_->steady_now()}, buffer);
    if (!outcome.record) {
        if (!outcome.reply.empty()) reply({outcome.reply.begin(), outcome.reply.end()});
        return;
    }
    store_.submit(
        *outcome.record,
        [this, life = life_, reply, record = *outcome.record, ticket = outcome.ticket,
         client = outcome.client](ports::Journaled result) {
            if (life->is_over) return;
            const ByteView answer = accounting_service_.completed(ticket, *client, result);
            if (!answer.empty()) reply({answer.begin(), answer.end()});
            if (result == ports::Journaled::durable)
                started_.start("account", sessions_->account(record));
        });
}

} // namespace iwas::sim
