#include "tests/money/money_world.hpp"

#include "workflows/local_days.hpp"

#include <boost/asio/post.hpp>

#include <stdexcept>

namespace iwas::testing_support {

using ports::PcError;
using ports::PcFailure;

ports::awaitable<Result<ports::PcMember, PcFailure>> BookedPcSystem::verify(
    domain::LocationId, std::string, SecretText, std::optional<MacAddress>, SteadyTime)
{
    co_return std::unexpected{PcFailure{.error = PcError::refused}};
}

ports::awaitable<Result<Money, PcFailure>> BookedPcSystem::balance(
    domain::LocationId, std::string, SteadyTime)
{
    co_return Money{1'000'000};
}

ports::awaitable<Result<ports::PcCharge, PcFailure>> BookedPcSystem::charge(
    domain::LocationId, ports::PcChargeOrder order, SteadyTime)
{
    if (is_down) co_return std::unexpected{PcFailure{.error = PcError::unavailable}};
    const auto charge = charges
                            .try_emplace(
                                order.reference,
                                ports::PcCharge{
                                    "ch-" + std::to_string(charges.size() + 1), order.reference,
                                    order.member_id, order.amount, Money{}})
                            .first;
    if (loses_answers) co_return std::unexpected{PcFailure{.error = PcError::refused}};
    co_return charge->second;
}

ports::awaitable<Result<ports::PcCharge, PcFailure>> BookedPcSystem::find_charge(
    domain::LocationId, std::string reference, SteadyTime)
{
    if (is_down) co_return std::unexpected{PcFailure{.error = PcError::unavailable}};
    const auto found = charges.find(reference);
    if (found == charges.end()) co_return std::unexpected{PcFailure{.error = PcError::not_found}};
    ports::PcCharge told = found->second;
    if (meanwhile) co_await meanwhile(found->second);
    co_return told;
}

ports::awaitable<Result<std::string, PcFailure>> BookedPcSystem::refund(
    domain::LocationId, ports::PcRefundOrder order, SteadyTime)
{
    if (is_down) co_return std::unexpected{PcFailure{.error = PcError::unavailable}};
    for (auto& [reference, charge] : charges)
        if (charge.id == order.charge_id) charge.refunded_total += order.amount;
    co_return "rf-" + order.charge_id;
}

ports::awaitable<Result<ports::PcCapabilities, PcFailure>> BookedPcSystem::capabilities(
    domain::LocationId, SteadyTime)
{
    co_return ports::PcCapabilities{.can_charge = true, .can_refund = true};
}

ports::awaitable<Result<std::vector<ports::PcSession>, PcFailure>> BookedPcSystem::active_sessions(
    domain::LocationId, SteadyTime)
{
    co_return std::vector<ports::PcSession>{};
}

ports::awaitable<Result<ports::Opened, ports::GrantError>> OpenDoor::open(
    ports::Grant grant, ports::LoginChallenge, SteadyTime)
{
    if (is_undecided)
        co_return ports::Opened{
            .is_confirmed = false,
            .form = ports::LoginForm{
                .url = "http://router.test/login", .method = "POST", .fields = {}}};
    online[grant.mac] = grant.user_name;
    co_return ports::Opened{.is_confirmed = true, .form = std::nullopt};
}
ports::awaitable<Result<void, ports::GrantError>> OpenDoor::close(ports::Grant grant, SteadyTime)
{
    online.erase(grant.mac);
    co_return Result<void, ports::GrantError>{};
}
ports::awaitable<Result<void, ports::GrantError>> OpenDoor::change(ports::Grant, SteadyTime)
{
    co_return Result<void, ports::GrantError>{};
}
ports::awaitable<Result<std::vector<ports::ActiveDevice>, ports::GrantError>> OpenDoor::list(
    domain::RouterId, SteadyTime)
{
    co_return std::vector<ports::ActiveDevice>{};
}

namespace {

const auto galaxy = domain::OrganizationId::trusted("galaxy");
const auto q7 = domain::LocationId::trusted("q7");
const auto r1 = domain::RouterId::trusted("r1");
const auto pkg_3h = domain::PackageId::trusted("pkg_3h");
/// 2026-11-26 10:00 in Vietnam.
constexpr UtcTime morning{Milliseconds{1'795'662'000'000}};

domain::Catalog cafe(const std::string& zone)
{
    domain::Catalog catalog;
    catalog.organizations[galaxy] = {galaxy, "Galaxy Gaming", zone};
    domain::Location location;
    location.id = q7;
    location.organization = galaxy;
    location.name = "Quận 7";
    location.time_zone = zone;
    catalog.locations[q7] = location;
    domain::Router router;
    router.id = r1;
    router.location = q7;
    catalog.routers[r1] = router;
    domain::Package package;
    package.id = pkg_3h;
    package.organization = galaxy;
    package.terms.package = pkg_3h;
    package.terms.name = "Three hours";
    package.terms.duration = 3h;
    package.terms.price = Money{12'000};
    package.terms.rate = *domain::rate_of_tier("premium");
    catalog.packages[pkg_3h] = package;
    domain::PcSystem pc_system;
    pc_system.location = q7;
    catalog.pc_systems[q7] = pc_system;
    for (const auto& [id, method] :
         {std::pair{"momo", domain::PaymentMethod::momo},
          std::pair{"bank", domain::PaymentMethod::vietqr}}) {
        domain::PaymentAccount account;
        account.id = domain::PaymentAccountId::trusted(id);
        account.organization = galaxy;
        account.method = method;
        account.fee.basis_points = 100;
        catalog.payment_accounts[account.id] = account;
    }
    return catalog;
}

} // namespace

MoneyTest::MoneyTest(std::string zone)
    : store{adapters::open_store(
          {.url = "sqlite::memory:",
           .keys = adapters::KeyRing::parse(adapters::KeyRing::generate("k1").reveal()).value(),
           .io = io.get_executor(),
           .inline_execution = true,
           .sqlite_synchronous = "off"})},
      outside{*store, view,   pc_system, gateways, access, directory,
              clock,  random, tracer,    notifier, tasks},
      sessions{outside}, purchases{outside, sessions}, reconcile{outside, purchases},
      refunds{*store, clock}
{
    view.catalog = cafe(zone);
    clock.now = morning;
    // A bank feed has a list; wallets are asked order by order.
    gateways.without_list.insert(domain::PaymentAccountId::trusted("momo"));
    member.location = q7;
    member.member_id = "m-minh";
    member.user_name = "minh";
    member.last_sign_in = clock.now;
    member.id = random.make_id<domain::AccountId>(clock.now);
    member = run(store->keep_account(member)).value();
}

MoneyTest::~MoneyTest()
{
    boost::asio::post(io, [this] { group.cancel(); });
    io.restart();
    io.run();
}

domain::Transaction MoneyTest::buy(
    domain::PaymentMethod method, std::optional<domain::SessionId> extends)
{
    const unsigned device = ++devices_;
    domain::Visit visit;
    visit.id = random.make_id<domain::VisitId>(clock.now);
    visit.location = q7;
    visit.router = r1;
    visit.mac = *MacAddress::parse(
        "A4:5E:60:11:22:" + std::string{"0123456789ABCDEF"[device / 16 % 16]} +
        "0123456789ABCDEF"[device % 16]);
    visit.ip = Ipv4Address::parse("192.168.20.15");
    visit.created_at = clock.now;
    workflows::PurchaseRequest request{
        .account = member,
        .visit = visit,
        .package = pkg_3h,
        .quoted_price = Money{12'000},
        .idempotency_key = "order-" + std::to_string(device),
        .extends = extends,
        .method = method};
    const auto opened = run(purchases.begin(request));
    if (!opened) throw std::runtime_error{"the purchase is refused"};
    run(purchases.carry_out(opened->transaction, request));
    return stored(opened->transaction.id);
}

domain::Transaction MoneyTest::paid(const domain::Transaction& order, Money amount)
{
    const auto money = gateways.pay(order.order_id, amount);
    if (!money) throw std::runtime_error{"no such order"};
    const auto account = *view.catalog.payment_account(order.payment_account);
    (void)run(purchases.take_in(account, order.order_id, *money, domain::PaymentSource::notice));
    run_jobs();
    return stored(order.id);
}

void MoneyTest::pay_unheard(const domain::Transaction& order)
{
    if (!gateways.pay(order.order_id, due_of(order))) throw std::runtime_error{"no such order"};
}

domain::Transaction MoneyTest::stored(domain::TransactionId id)
{
    return run(store->load_transaction(id)).value().value();
}

domain::Session MoneyTest::session_of(const domain::Transaction& transaction)
{
    return run(store->load_session(transaction.session)).value().value();
}

void MoneyTest::run_jobs()
{
    for (int rounds = 0; rounds < 50; ++rounds) {
        io.restart();
        io.poll();
        const auto due = run(store->lease_jobs(clock.now, clock.now, clock.now + 60s, 100)).value();
        if (due.empty()) return;
        for (const ports::Job& job : due) {
            switch (job.kind) {
            case ports::JobKind::resume_purchase:
            case ports::JobKind::refund:
            case ports::JobKind::watch_late_debit:
            case ports::JobKind::attach_money: run(purchases.handle(job)); break;
            case ports::JobKind::expire_session:
            case ports::JobKind::close_access:
            case ports::JobKind::apply_change: run(sessions.handle(job)); break;
            case ports::JobKind::reconcile: run(reconcile.handle(job)); break;
            case ports::JobKind::pc_logout:
            case ports::JobKind::end_payment_window:
            case ports::JobKind::link_method:
            case ports::JobKind::pc_event: throw std::runtime_error{"an unexpected job"};
            }
        }
    }
}

void MoneyTest::pass(Milliseconds time)
{
    clock.now += time;
}

ports::Comparison MoneyTest::compare(const std::string& subject, const std::string& day)
{
    const domain::Organization& organization = view.catalog.organizations.at(galaxy);
    const auto local =
        workflows::day_of(clock, domain::date_from(day).value(), organization.time_zone);
    const auto side = subject == "q7" ? domain::OtherSide::pc_system : domain::OtherSide::gateway;
    return run(reconcile.compare(organization, local, {side, subject})).value();
}

std::vector<domain::Difference> MoneyTest::differences()
{
    return run(store->find_differences({}, 100)).value();
}

std::vector<ports::QueuedRefund> MoneyTest::queue()
{
    return run(store->refund_queue(100)).value();
}

} // namespace iwas::testing_support
