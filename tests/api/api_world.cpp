#include "tests/api/api_world.hpp"

#include "adapters/http/url.hpp"
#include "core/percent_encoding.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <stdexcept>

namespace iwas::api::testing {

namespace {

domain::Package package(std::string id, std::string name, Seconds duration, Money price)
{
    domain::Package package;
    package.id = domain::PackageId::trusted(std::move(id));
    package.organization = domain::OrganizationId::trusted("galaxy");
    package.description = "For a test";
    package.terms.package = package.id;
    package.terms.name = std::move(name);
    package.terms.duration = duration;
    package.terms.price = price;
    package.terms.rate = *domain::rate_of_tier("premium");
    return package;
}

domain::Catalog cafe()
{
    domain::Catalog catalog;
    const auto galaxy = domain::OrganizationId::trusted("galaxy");
    const auto q7 = domain::LocationId::trusted("q7");
    const auto r1 = domain::RouterId::trusted("r1");
    catalog.organizations[galaxy] = {galaxy, "Galaxy Gaming"};
    domain::Location location;
    location.id = q7;
    location.organization = galaxy;
    location.name = "Quận 7";
    location.guest_network = *Ipv4Prefix::parse("192.168.20.0/24");
    catalog.locations[q7] = location;
    domain::Router router;
    router.id = r1;
    router.location = q7;
    router.name = "Router";
    router.nas_identifier = "Galaxy-Q7";
    router.radius_source = *Ipv4Prefix::parse("127.0.0.1");
    router.radius_secret = SecretText{"a-radius-secret"};
    router.hotspot_host = "192.168.20.1";
    catalog.routers[r1] = router;
    for (domain::Package each :
         {package("pkg_1h", "One hour", 1h, Money{5000}),
          package("pkg_3h", "Three hours", 3h, Money{12000}),
          package("pkg_two", "Two devices", 3h, Money{15000})}) {
        each.is_recommended = each.id.text() == "pkg_3h";
        each.terms.device_limit = each.id.text() == "pkg_two" ? 2 : 1;
        if (each.id.text() == "pkg_two") each.capacity = 1;
        if (each.id.text() == "pkg_1h") each.purchases_per_day_max = 1;
        catalog.packages[each.id] = each;
    }
    domain::PcSystem pc_system;
    pc_system.location = q7;
    pc_system.base_url = "http://127.0.0.1:1";
    pc_system.branch_key = SecretText{"branch-key"};
    pc_system.webhook_secrets = {SecretText{"webhook-secret"}};
    catalog.pc_systems[q7] = pc_system;
    return catalog;
}

std::unique_ptr<ports::Store> store_of(
    std::string url, std::size_t threads, boost::asio::any_io_executor executor)
{
    // One ring for all: a world may come back to the database of another.
    static const SecretText ring = adapters::KeyRing::generate("k1");
    auto keys = adapters::KeyRing::parse(ring.reveal());
    return adapters::open_store({
        .url = std::move(url),
        .keys = std::move(keys.value()),
        .io = std::move(executor),
        .threads = std::max<std::size_t>(threads, 1),
        .inline_execution = threads == 0,
        .sqlite_synchronous = "off",
    });
}

} // namespace

World::World(std::string url, std::size_t store_threads)
    : store{store_of(std::move(url), store_threads, io.get_executor())}, catalog{*store, clock},
      outside{*store, catalog, pc_system, gateways, access, directory,
              clock,  random,  tracer,    events,   tasks},
      sessions{outside}, purchases{outside, sessions}, wallet{outside}, log_in{outside},
      pc_logout{outside, sessions}, find_transfer{outside, purchases}, payment_window{outside},
      staff_refunds{*store, clock}, reconcile{outside, purchases},
      staff_guard{*store, catalog, clock}, balances{pc_system, clock}, occupancy{*store, clock},
      tokens{SecretText{std::string(32, 'k')}},
      services{
          .store = *store,
          .catalog = catalog,
          .pc_system = pc_system,
          .gateways = gateways,
          .clock = clock,
          .random = random,
          .tasks = tasks,
          .events = events,
          .late_answers = late_answers,
          .log_in = log_in,
          .purchases = purchases,
          .wallet = wallet,
          .sessions = sessions,
          .pc_logout = pc_logout,
          .find_transfer = find_transfer,
          .payment_window = payment_window,
          .staff_refunds = staff_refunds,
          .staff_guard = staff_guard,
          .balances = balances,
          .addresses = addresses,
          .occupancy = occupancy,
          .tokens = tokens,
          .settings = {.public_url = "http://portal.test"},
          .metrics = [] { return std::string{"iwas_test 1\n"}; },
          .missing = {},
          .openapi = "{}",
          .print_sheet =
              [this](const ports::PrintedSheet& sheet) { return sheet_printer.print(sheet); },
          .notice_counted =
              [this](const domain::PaymentAccountId&, std::string_view outcome) {
                  ++notices[std::string{outcome}];
              },
      },
      router{make_router(services, http::answer([](const http::Request&) {
                             return http::Response::html(200, "the portal's page");
                         }))}
{
    spdlog::set_level(spdlog::level::err);
    pc_system.members["minh"] = {"secret", Money{50'000}};
    pc_system.members["lan"] = {"secret", Money{20'000}};
    domain::Catalog wanted = cafe();
    const auto stored = run(store->catalog_version());
    wanted.version = stored.value();
    (void)run(store->replace_catalog(wanted, "test", clock.utc_now())).value();
    if (!run(catalog.load())) throw std::runtime_error{"the catalog cannot be loaded"};
}

World::~World()
{
    // On the I/O thread, as the program does it: Asio hands the cancellation over at once there.
    boost::asio::post(io, [this] { group.cancel(); });
    io.restart();
    io.run();
}

http::Response World::send(http::Request request)
{
    const auto target = http::decode_target(request.target);
    if (!target) throw std::runtime_error{"bad target " + request.target};
    request.path = target->path;
    request.query = target->query;
    if (const auto cookies = http::decode_cookies(request.headers.value("Cookie")))
        request.cookies = *cookies;
    if (request.peer_address.empty()) request.peer_address = "203.0.113.9";
    request.request_id = "test-request";
    const auto match = router.match(request.method, request.path);
    if (auto answer = http::answer_without_handler(match, request.method)) return *answer;
    request.path_params = match.params;
    return run(match.route->handler(std::move(request)));
}

http::Response World::get(const std::string& target, http::Headers headers)
{
    http::Request request;
    request.target = target;
    request.headers = std::move(headers);
    return send(std::move(request));
}

http::Response World::post(const std::string& path, std::string body, http::Headers headers)
{
    http::Request request;
    request.method = http::Method::post;
    request.target = path;
    request.body = std::move(body);
    request.headers = std::move(headers);
    return send(std::move(request));
}

void World::report_start(const std::string& mac, const std::string& ip)
{
    const auto device = access.online.at(*MacAddress::parse(mac));
    const auto location = domain::LocationId::trusted("q7");
    const auto session = run(store->open_session_of_device(location, device.mac)).value().value();
    const domain::AccountingRecord record{
        .router = domain::RouterId::trusted("r1"),
        .location = location,
        .status = domain::AccountingStatus::start,
        .acct_session_id = device.acct_session_id,
        .session = session.id,
        .user_name = session.user_name,
        .mac = device.mac,
        .ip = Ipv4Address::parse(ip),
        .event_at = clock.utc_now(),
        .received_at = clock.utc_now(),
    };
    bool is_durable = false;
    store->submit(
        record, [&](ports::Journaled result) { is_durable = result == ports::Journaled::durable; });
    if (!is_durable) throw std::runtime_error{"the journal did not take the record"};
    if (!tasks.start("accounting", sessions.account(record)))
        throw std::runtime_error{"no task can be started"};
    io.restart();
    io.run_for(20ms);
}

void World::add_payment_account(
    const std::string& id, domain::PaymentMethod method, bool saves_tokens)
{
    configure([&](domain::Catalog& wanted) {
        domain::PaymentAccount account;
        account.id = domain::PaymentAccountId::trusted(id);
        account.organization = domain::OrganizationId::trusted("galaxy");
        account.method = method;
        account.saves_tokens = saves_tokens;
        wanted.payment_accounts[account.id] = account;
    });
}

void World::configure(const std::function<void(domain::Catalog&)>& change)
{
    domain::Catalog wanted = *catalog.current();
    change(wanted);
    (void)run(store->replace_catalog(wanted, "test", clock.utc_now())).value();
    if (!run(catalog.load())) throw std::runtime_error{"the catalog cannot be loaded"};
}

void World::settle(Milliseconds within)
{
    io.restart();
    io.run_for(within);
}

void World::run_jobs()
{
    constexpr int rounds = 8;
    for (int i = 0; i < rounds; ++i) {
        settle();
        const UtcTime now = clock.utc_now();
        auto jobs = run(store->lease_jobs(now, now + 60s, now + 120s, 100)).value();
        for (ports::Job& job : jobs)
            if (job.kind == ports::JobKind::resume_purchase || job.kind == ports::JobKind::refund ||
                job.kind == ports::JobKind::attach_money)
                run(purchases.handle(std::move(job)));
            else if (job.kind == ports::JobKind::end_payment_window)
                run(payment_window.handle(std::move(job)));
            else if (job.kind == ports::JobKind::link_method)
                run(wallet.handle(std::move(job)));
            else if (job.kind == ports::JobKind::reconcile)
                run(reconcile.handle(std::move(job)));
    }
}

http::Response World::notify(
    const std::string& notice, const std::string& account, const std::string& signature)
{
    http::Headers headers;
    headers.set("X-Signature", signature);
    return post("/api/v1/payments/" + account + "/notice", notice, std::move(headers));
}

domain::Transaction World::transaction_of(const std::string& purchase)
{
    return run(store->load_transaction(*domain::TransactionId::parse(purchase))).value().value();
}

} // namespace iwas::api::testing
