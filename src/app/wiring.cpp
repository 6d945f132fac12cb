#include "app/wiring.hpp"

#include "adapters/qr/qr_image.hpp"
#include "api/customer.hpp"
#include "api/routes.hpp"
#include "app/secrets.hpp"

#include <boost/asio/ip/host_name.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <malloc.h>

namespace iwas::app {

namespace {

constexpr std::size_t work_max = 50'000;
constexpr std::size_t loops_max = 10'000;
constexpr Seconds forget_every{600};
constexpr Seconds scheduled_every{600};
constexpr int forgotten_at_once = 5'000;
constexpr int compared_at_once = 4;

std::string node_of(const StoreConfig& config)
{
    if (!config.node.empty()) return config.node;
    boost::system::error_code error;
    const std::string host = boost::asio::ip::host_name(error);
    return error || host.empty() ? "node" : host;
}

adapters::StoreOptions store_options(const Config& config, boost::asio::any_io_executor executor)
{
    return {
        .url = config.store.url,
        .keys = load_key_ring(config.secrets),
        .io = std::move(executor),
        .threads = static_cast<std::size_t>(config.store.threads),
        .node = node_of(config.store),
    };
}

std::string public_url_of(const HttpConfig& http, std::uint16_t port)
{
    if (!http.public_url.empty()) return http.public_url;
    return fmt::format(
        "{}://{}:{}", http.tls_certificate.empty() ? "http" : "https", http.address, port);
}

/// What the poller found goes the way of a pushed event. False: not kept, to be handed over again.
ports::awaitable<bool> keep_event(workflows::SyncPcLogout& pc_logout, domain::PcEvent event)
{
    const auto kept = co_await pc_logout.receive(std::move(event));
    co_return kept.has_value();
}

std::optional<std::string> draw_svg(std::string_view text)
{
    auto drawn = adapters::qr_svg(text);
    if (!drawn) return std::nullopt;
    return std::move(*drawn);
}

std::optional<std::string> draw_png(std::string_view text)
{
    const auto drawn = adapters::qr_png(text);
    if (!drawn) return std::nullopt;
    return std::string{as_text(*drawn)};
}

} // namespace

Program::Program(boost::asio::io_context& io, Config config, ports::Clock* clock)
    : config_{std::move(config)}, executor_{io.get_executor()}, system_clock_{executor_},
      clock_{clock ? *clock : system_clock_}, work_{executor_, work_max},
      job_work_{executor_, work_max}, loops_{executor_, loops_max}, tasks_{work_},
      job_tasks_{job_work_}, loop_tasks_{loops_},

      store_{adapters::open_store(store_options(config_, executor_))}, catalog_{*store_, clock_},
      events_{executor_, clock_}, late_answers_{events_, clock_, random_, tasks_},
      tracer_{*store_, loop_tasks_, clock_, metrics_, events_},

      radius_requester_{executor_}, session_orders_{executor_, radius_requester_},
      router_apis_{executor_, clock_, random_},
      access_{[this] { return catalog_.current(); }, router_apis_, session_orders_, clock_},
      outbound_{executor_, http::ClientOptions{}},
      pc_system_{
          catalog_, outbound_, clock_, random_, {.addresses = {config_.outbound.allowed_networks}}},
      gateways_{
          catalog_, outbound_, clock_, random_, {.addresses = {config_.outbound.allowed_networks}}},

      outside_{*store_, catalog_, pc_system_, gateways_, access_, directory_,
               clock_,  random_,  tracer_,    events_,   tasks_},
      job_outside_{*store_, catalog_, pc_system_, gateways_, access_,   directory_,
                   clock_,  random_,  tracer_,    events_,   job_tasks_},
      sessions_{outside_, {.paused_kept = config_.timing.paused_kept}},
      purchases_{outside_, sessions_, {.expire_after = config_.timing.order_expires}},
      wallet_{outside_}, log_in_{outside_}, pc_logout_{outside_, sessions_},
      find_transfer_{outside_, purchases_}, payment_window_{outside_},
      staff_refunds_{*store_, clock_}, reconcile_{job_outside_, purchases_},
      job_runner_{job_outside_,    purchases_, sessions_, pc_logout_,
                  payment_window_, wallet_,    reconcile_},
      pc_poller_{
          catalog_, pc_system_, clock_, loop_tasks_,
          [this](domain::PcEvent event) { return keep_event(pc_logout_, std::move(event)); }},

      accounting_{
          *store_, executor_,
          [this](domain::AccountingRecord record) { consume(std::move(record)); }},
      front_end_{catalog_}, balances_{pc_system_, clock_}, occupancy_{*store_, clock_},
      staff_guard_{*store_, catalog_, clock_},
      tokens_{load_portal_key(config_.secrets.portal_key_file)},
      services_{
          .store = *store_,
          .catalog = catalog_,
          .pc_system = pc_system_,
          .gateways = gateways_,
          .clock = clock_,
          .random = random_,
          .tasks = tasks_,
          .events = events_,
          .late_answers = late_answers_,
          .log_in = log_in_,
          .purchases = purchases_,
          .wallet = wallet_,
          .sessions = sessions_,
          .pc_logout = pc_logout_,
          .find_transfer = find_transfer_,
          .payment_window = payment_window_,
          .staff_refunds = staff_refunds_,
          .staff_guard = staff_guard_,
          .balances = balances_,
          .addresses = addresses_,
          .occupancy = occupancy_,
          .tokens = tokens_,
          .settings =
              {.public_url = public_url_of(config_.http, config_.http.port),
               .bank_app_url = config_.http.bank_app_url,
               .answer_within = config_.timing.purchase_answer,
               .metrics_networks = config_.http.metrics_networks},
          .metrics = [this] { return metrics_.text(); },
          .missing =
              [this] {
                  std::vector<std::string> missing;
                  if (!radius_) missing.emplace_back("radius");
                  return missing;
              },
          .openapi = FrontEnd::openapi(),
          .qr_svg = draw_svg,
          .qr_png = draw_png,
          .print_sheet =
              [this](const ports::PrintedSheet& sheet) { return sheet_printer_.print(sheet); },
          .notice_counted =
              [this](const domain::PaymentAccountId& account, std::string_view outcome) {
                  ++notices_[{account.text(), std::string{outcome}}];
              },
          .pc_session_ended =
              [this](const domain::LocationId& location, const std::string& session) {
                  pc_poller_.heard_end(location, session);
              },
      }
{
    add_metrics();
}

Program::~Program() = default;

ports::awaitable<void> Program::start()
{
    catalog_.on_change([this](const domain::Catalog& catalog) {
        radius_clients_.replace(adapters::radius_clients_of(catalog));
        router_apis_.keep_only(catalog);
    });
    const bool is_loaded = co_await catalog_.load();
    if (!is_loaded) throw std::runtime_error{"the store does not answer"};

    // What this node worked on when it stopped is resumed at once, not when the leases run out.
    const auto released = co_await store_->release_own_leases();
    if (!released) throw std::runtime_error{"the store does not answer"};
    if (*released > 0) spdlog::info("event=jobs_resumed count={}", *released);

    // The directory first: a router that asks before it is full would send customers away.
    const std::size_t sessions = co_await sessions_.rebuild_directory();
    const std::size_t windows = co_await payment_window_.rebuild_directory();
    ::malloc_trim(0);
    spdlog::info("event=directory_rebuilt sessions={} payment_windows={}", sessions, windows);
    start_radius();
    start_http();
    start_loops();
    spdlog::info(
        "event=started portal={} radius={}:{},{}", public_url(), to_string(config_.radius.address),
        authentication_port(), accounting_port());
}

void Program::start_radius()
{
    const adapters::RadiusServerSettings settings{
        .address = config_.radius.address,
        .authentication_port = config_.radius.authentication_port,
        .accounting_port = config_.radius.accounting_port,
        .authentication_threads = config_.radius.authentication_threads,
        .accounting_threads = config_.radius.accounting_threads,
        .limits = {.reject_delay = config_.radius.reject_delay},
    };
    radius_ = std::make_unique<adapters::RadiusServer>(
        settings, radius_clients_, directory_, accounting_);
}

void Program::start_http()
{
    http::ServerOptions options;
    options.address = config_.http.address;
    options.port = config_.http.port;
    options.connections_max = static_cast<std::size_t>(config_.http.connections);
    options.connections_per_address_max =
        static_cast<std::size_t>(config_.http.connections_per_address);
    options.event_streams_max = options.connections_max / 2;
    if (config_.http.requests_per_second > 0)
        options.rate_limit = http::RateLimiter::Limits{
            .burst = static_cast<double>(config_.http.requests_burst),
            .per_second = static_cast<double>(config_.http.requests_per_second)};
    if (!config_.http.tls_certificate.empty())
        options.tls = http::TlsFiles{config_.http.tls_certificate, config_.http.tls_key};
    options.trusted_proxies = config_.http.trusted_proxies;
    options.refuse_over_rate = [](const http::Request& request, Seconds wait) {
        const api::Refusal refusal{
            .code = api::ProblemCode::rate_limited, .wait = wait, .request_id = request.request_id};
        return api::refuse(refusal, api::language_of(request));
    };
    options.event_keepalive = Milliseconds{10'000};
    options.observe = [this](const http::Served& served) {
        metrics_.request_took(
            http::to_string(served.method), served.pattern, served.status, served.duration);
    };
    http::Router router = api::make_router(
        services_,
        http::answer([this](const http::Request& request) { return front_end_.respond(request); }));
    http_ = std::make_unique<http::Server>(executor_, std::move(options), std::move(router));
    http_->start();
    services_.settings.public_url = public_url_of(config_.http, http_->port());
}

void Program::start_loops()
{
    const bool are_started =
        loop_tasks_.start("catalog", catalog_.follow(config_.timing.catalog_poll)) &&
        loop_tasks_.start("forget old", forget_old()) &&
        loop_tasks_.start("compare routers", compare_routers()) &&
        loop_tasks_.start("PC sessions", pc_poller_.run()) &&
        loop_tasks_.start("reconcile", reconcile_daily()) &&
        loop_tasks_.start("jobs", job_runner_.run());
    if (!are_started) throw std::runtime_error{"stopped before the start was complete"};
}

void Program::consume(domain::AccountingRecord record)
{
    access_.heard(record);
    if (record.mac && record.ip) addresses_.remember(record.location, *record.ip, *record.mac);
    // When too much runs already, comparing with the router finds what this record said.
    if (!tasks_.start("accounting", sessions_.account(std::move(record))))
        spdlog::warn("event=accounting_not_applied too many tasks run; the router is compared");
}

ports::awaitable<void> Program::compare_routers()
{
    if (config_.timing.router_compare == 0s) co_return;
    for (;;) {
        const SteadyTime at = clock_.steady_now() + config_.timing.router_compare;
        co_await clock_.sleep_until(at);
        const auto catalog = catalog_.current();
        const auto waiting = std::make_shared<std::deque<domain::RouterId>>();
        for (const auto& [id, router] : catalog->routers)
            if (access_.can_list(id)) waiting->push_back(id);
        // A few at a time: each holds all sessions of its router in memory, and one that does not
        // answer must not keep the others waiting.
        for (int i = 0; i < compared_at_once; ++i)
            loop_tasks_.start("compare routers", compare_some(waiting));
    }
}

ports::awaitable<void> Program::compare_some(std::shared_ptr<std::deque<domain::RouterId>> waiting)
{
    while (!waiting->empty()) {
        const domain::RouterId id = waiting->front();
        waiting->pop_front();
        co_await sessions_.compare(id);
    }
    ::malloc_trim(0); // what all those sessions took is not needed until the next round
}

ports::awaitable<void> Program::forget_old()
{
    for (;;) {
        // A visit that is over is of no use, nor are the answers given in it.
        const UtcTime before = clock_.utc_now() - services_.settings.visit_for;
        const auto forgotten = co_await store_->forget_old(before, forgotten_at_once);
        // A full batch: there may be more.
        const bool is_done = !forgotten || *forgotten < forgotten_at_once;
        const SteadyTime at = clock_.steady_now() + (is_done ? forget_every : Seconds{1});
        co_await clock_.sleep_until(at);
    }
}

/// The jobs do the work; this only sees to it that each organization has one.
ports::awaitable<void> Program::reconcile_daily()
{
    for (;;) {
        co_await reconcile_.schedule();
        const SteadyTime at = clock_.steady_now() + scheduled_every;
        co_await clock_.sleep_until(at);
    }
}

ports::awaitable<void> Program::stop()
{
    spdlog::info("event=stopping drain_seconds={}", config_.timing.drain.count());
    const SteadyTime deadline = clock_.steady_now() + config_.timing.drain;
    job_runner_.stop();
    pc_poller_.stop();
    if (radius_) radius_->stop();
    if (http_) co_await http_->stop(deadline);

    // Purchases that are under way end by themselves in a second or two; sleeping jobs need not.
    boost::asio::steady_timer pause{executor_};
    while (work_.running() > 0 && clock_.steady_now() < deadline) {
        pause.expires_after(Milliseconds{10});
        co_await pause.async_wait(boost::asio::use_awaitable);
    }
    loops_.cancel();
    job_work_.cancel();
    // Only what did not end in time: its resume job finds out at the next start what happened.
    work_.cancel();
    co_await loops_.join();
    co_await job_work_.join();
    co_await work_.join();
    co_await tracer_.flush();
    co_await router_apis_.stop();
    radius_requester_.close();
    spdlog::info("event=stopped");
}

} // namespace iwas::app
