// IWAS dies at every step of every workflow, once for each port that it crosses, before and after
// the effect. Whatever step it was, after the restart everything settles.
#include "sim/world/phone.hpp"
#include "sim/world/run.hpp"
#include "tests/simulation/scenario.hpp"

namespace iwas::sim {
namespace {

using Deeds = std::function<void(World&, Phone&)>;

void sign_in(World& world, Phone& phone)
{
    (void)world.run(phone.sign_in());
}

void nothing(World&, Phone&) {}

/// Prepares in peace, then does the deeds, dying at `crossing` of them (0: never). How many
/// crossings they had.
std::uint64_t live_through(
    const Deeds& prepare, const Deeds& deeds, std::uint64_t crossing, const WorldOptions& options)
{
    World world{7, Faults::none(), options};
    world.run_for(1s); // IWAS starts
    Phone& alice = world.add_phone("alice", 50'000);
    sign_in(world, alice);
    prepare(world, alice);
    const std::uint64_t before = world.crossings();
    if (crossing > 0) world.crash_at_crossing(before + crossing);
    deeds(world, alice);
    const std::uint64_t crossed = world.crossings() - before;
    world.stop_faults();
    EXPECT_TRUE(world.run_until_quiet(std::chrono::hours{30}));
    world.check_settled();
    for (const std::string& rule : world.broken())
        ADD_FAILURE() << "crash at crossing " << crossing << ": " << rule;
    // Whoever paid was served or has his money.
    const std::int64_t cash = world.pc().model.find_account("m-alice")->cash;
    std::int64_t bought = 0;
    for (const auto& [id, txn] : world.auditor().transactions())
        if (txn.state == TransactionState::success &&
            txn.method == domain::PaymentMethod::pc_balance)
            bought += txn.amount.vnd();
    EXPECT_EQ(cash, 50'000 - bought) << "crash at crossing " << crossing;
    return crossed;
}

void die_at_every_crossing(
    const Deeds& prepare, const Deeds& deeds, const WorldOptions& options = {})
{
    const std::uint64_t crossings = live_through(prepare, deeds, 0, options);
    ASSERT_GT(crossings, 10U);
    for (std::uint64_t crossing = 1; crossing <= crossings; ++crossing)
        live_through(prepare, deeds, crossing, options);
}

void buy(World& world, Phone& phone, const char* package, const char* key, bool extends = false)
{
    std::optional<domain::SessionId> session;
    if (extends) {
        const auto open = world.run(phone.sessions());
        if (open && *open && !(*open)->empty()) session = (*open)->front().id;
    }
    const auto opened = world.run(phone.buy(package, key, session));
    if (opened && *opened) (void)world.run(phone.watch((*opened)->transaction.id));
}

void with_session(World& world, Phone& phone, const std::function<void(domain::SessionId)>& deed)
{
    const auto open = world.run(phone.sessions());
    if (open && *open && !(*open)->empty()) deed((*open)->front().id);
}

void buy_quick(World& world, Phone& phone)
{
    buy(world, phone, "quick", "k1");
}

void buy_hour(World& world, Phone& phone)
{
    buy(world, phone, "hour", "k1");
}

TEST(CrashSim, AtEveryStepOfAPurchase)
{
    die_at_every_crossing(nothing, buy_quick);
}

TEST(CrashSim, AtEveryStepOfARefund)
{
    die_at_every_crossing(nothing, [](World& world, Phone& phone) {
        world.router().refuses_logins = true;
        buy_quick(world, phone);
    });
}

TEST(CrashSim, AtEveryStepOfAnUnknownCharge)
{
    die_at_every_crossing(nothing, [](World& world, Phone& phone) {
        world.pc().forced["charge"] = PcTrouble::answer_lost;
        buy_quick(world, phone);
    });
}

TEST(CrashSim, AtEveryStepOfAnExtension)
{
    die_at_every_crossing(
        buy_quick, [](World& world, Phone& phone) { buy(world, phone, "quick", "k2", true); });
}

TEST(CrashSim, AtEveryStepOfAnExpiry)
{
    die_at_every_crossing(
        [](World& world, Phone& phone) {
            buy_quick(world, phone);
            world.run_for(14min + 50s);
        },
        [](World& world, Phone&) { world.run_for(20s); });
}

TEST(CrashSim, AtEveryStepOfADeviceSwitchAndASignOut)
{
    die_at_every_crossing(buy_hour, [](World& world, Phone& phone) {
        Phone& tablet = world.add_phone_of(phone);
        sign_in(world, tablet);
        with_session(world, phone, [&](domain::SessionId id) {
            (void)world.run(tablet.use_session(id));
            (void)world.run(phone.sign_out(id));
        });
    });
}

TEST(CrashSim, AtEveryStepOfAPauseAndAReturn)
{
    die_at_every_crossing(buy_hour, [](World& world, Phone& phone) {
        world.report_pc_event(domain::PcEventKind::session_ended, phone.member_id());
        world.run_for(2s);
        with_session(
            world, phone, [&](domain::SessionId id) { (void)world.run(phone.use_session(id)); });
    });
}

/// Orders and, once invited, pays `times` times `more` than is due; what remains becomes credit.
void pay_at(
    World& world, Phone& phone, domain::PaymentMethod method, int times = 1, Money more = {})
{
    const auto opened = world.run(phone.buy("quick", "k1", std::nullopt, method));
    if (!opened || !*opened) return;
    const auto id = (*opened)->transaction.id;
    const auto shown = world.run(phone.watch_for_invitation(id));
    if (!shown || !shown->invitation) return;
    const domain::Transaction& order = shown->transaction;
    for (int payment = 0; payment < times; ++payment)
        world.gateways().pay(order.order_id, {.amount = domain::due_of(order) + more});
    (void)world.run(phone.watch(id));
    const auto history = world.run(phone.history());
    if (history && *history)
        for (const domain::Transaction& each : **history)
            (void)world.run(phone.keep_as_credit(each.id));
}

TEST(CrashSim, AtEveryStepOfAGatewayPurchase)
{
    die_at_every_crossing(nothing, [](World& world, Phone& phone) {
        pay_at(world, phone, domain::PaymentMethod::momo);
    });
}

TEST(CrashSim, AtEveryStepOfAGatewayRefund)
{
    die_at_every_crossing(nothing, [](World& world, Phone& phone) {
        pay_at(world, phone, domain::PaymentMethod::zalopay, 2);
    });
}

TEST(CrashSim, AtEveryStepOfATransferOfTooMuchThatBecomesCredit)
{
    die_at_every_crossing(nothing, [](World& world, Phone& phone) {
        pay_at(world, phone, domain::PaymentMethod::vietqr, 1, Money{2'000});
    });
}

/// The PC system can tell of nothing, and is not asked: no money of it is in this.
TEST(CrashSim, AtEveryStepOfARefundOfCreditAlone)
{
    die_at_every_crossing(
        [](World& world, Phone& phone) {
            pay_at(world, phone, domain::PaymentMethod::vietqr, 1, Money{5'000});
            with_session(
                world, phone, [&](domain::SessionId id) { (void)world.run(phone.sign_out(id)); });
            world.run_for(5s);
        },
        [](World& world, Phone& phone) {
            world.router().refuses_logins = true;
            buy(world, phone, "quick", "k2");
        },
        {.pc_abilities = {.finds_charges = false, .repeats_refunds = false}});
}

TEST(CrashSim, AtEveryStepOfGivingUpAndPayingAllTheSame)
{
    die_at_every_crossing(nothing, [](World& world, Phone& phone) {
        const auto opened =
            world.run(phone.buy("quick", "k1", std::nullopt, domain::PaymentMethod::vnpay));
        if (!opened || !*opened) return;
        const domain::Transaction order = (*opened)->transaction;
        (void)world.run(phone.watch_for_invitation(order.id));
        (void)world.run(phone.cancel(order.id));
        world.gateways().pay(order.order_id, {.amount = domain::due_of(order)});
        (void)world.run(phone.watch(order.id));
    });
}

TEST(CrashSim, ASeedReplaysExactly)
{
    std::vector<std::string> first;
    std::vector<std::string> second;
    (void)run_seed(42, [&](std::string line) { first.push_back(std::move(line)); });
    (void)run_seed(42, [&](std::string line) { second.push_back(std::move(line)); });
    EXPECT_GT(first.size(), 20U);
    EXPECT_EQ(first, second);
}

} // namespace
} // namespace iwas::sim
