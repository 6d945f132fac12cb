// Goal: whatever customers pay with, whenever IWAS dies and however often gateways repeat what they
// tell, each order is one entitlement, and each đồng is WiFi, back, or in the queue.
// Method: the real program with SQLite on disk, the simulated PC system, gateways and bank on
// sockets, every notice on twenty connections at once, and kill -9 at random moments; then it is
// left alone, everything must settle, and the gateways' books are compared with the ledger.

#include "sim/cafe/paying.hpp"
#include "tests/crash/scene.hpp"

#include <array>
#include <map>

namespace iwas::tests {
namespace {

constexpr int phones = 24;
constexpr std::size_t copies = 20;
/// However slow the machine: the books are compared all the same.
constexpr Seconds buys_for{45};
constexpr std::array methods{"momo", "zalopay", "vnpay", "vietqr", "payos", "pc_balance"};
/// Who takes money of customers.
constexpr std::array gateways{"momo", "zalopay", "vnpay", "vietqr", "payos"};

struct Scene : CrashScene {
    Scene() : CrashScene{30s, 20261126} {}

    const int purchases_wanted = wanted("IWAS_CRASH_PAYMENTS", 400);
    int paid = 0;
    int paid_twice = 0;

    sim::GatewayFace& face(std::string_view method)
    {
        return *sim::gateway_of(cafe->gateways().hub(), method);
    }
    std::int64_t taken()
    {
        std::int64_t sum = 0;
        for (const char* method : gateways)
            sum += face(method).book.total_taken().vnd();
        return sum;
    }
    std::int64_t given_back()
    {
        std::int64_t sum = 0;
        for (const char* method : gateways)
            sum += face(method).book.total_refunded().vnd();
        return sum;
    }
};

/// Pays what is shown, which may be an order from before, and a transfer sometimes twice. False:
/// nothing is shown to pay.
bool pay(Scene& scene, const sim::PhoneAnswer& shown, const std::string& payer)
{
    boost::system::error_code error;
    const auto* const payment = shown.body.find_pointer("/payment", error);
    if (!payment || !payment->is_object()) return false;
    const std::string method = shown.text_at("/method");
    sim::PayCommand command = sim::pay_command_of(shown.body);
    command.payer = payer;
    const auto once = scene.face(method).pay(command, scene.clock.utc_now());
    EXPECT_TRUE(once.has_value()) << method << ": " << once.error();
    ++scene.paid;
    if (method != "vietqr" || !scene.chance(10)) return true;
    const auto twice = scene.face(method).pay(command, scene.clock.utc_now());
    if (twice) ++scene.paid_twice;
    return true;
}

/// Orders, pays as he is told, and follows the purchase to its end.
awaitable<sim::PhoneAnswer> buy(
    Scene& scene, sim::Phone& phone, std::string method, std::string payer)
{
    sim::PhoneAnswer answer = co_await order_until_answered(scene, phone, method);
    const std::string id = purchase_id(answer);
    bool has_paid = false;
    for (int polls = 0; polls < 900 && !id.empty(); ++polls) {
        sim::PhoneAnswer now = co_await phone.purchase(id);
        const std::string state = now.text_at("/state");
        if (state == "awaiting_payment") {
            if (!has_paid) has_paid = pay(scene, now, payer);
        } else if (now.is_ok() && !is_under_way(state)) {
            co_return now;
        }
        co_await nap(scene, 100ms);
    }
    co_return answer;
}

awaitable<bool> sign_in(Scene& scene, sim::Phone& phone, std::string method, std::string user)
{
    for (int tries = 0; tries < 400; ++tries) {
        const bool is_at_portal = co_await phone.open_portal();
        if (is_at_portal) {
            sim::PhoneAnswer answer;
            if (method == "pc_balance")
                answer = co_await phone.sign_in(user, "secret-" + user);
            else
                answer = co_await phone.sign_in_as_guest();
            if (answer.is_ok()) co_return true;
        }
        co_await nap(scene, 100ms);
    }
    co_return false;
}

awaitable<void> customer(Scene& scene, int number)
{
    const std::string user = "crash" + std::to_string(number);
    sim::Phone phone = scene.phone(number);
    const SteadyTime until = scene.clock.steady_now() + buys_for;
    while (scene.started < scene.purchases_wanted && scene.clock.steady_now() < until) {
        const std::string method = methods.at(scene.dice() % methods.size());
        const bool is_in = co_await sign_in(scene, phone, method, user);
        if (!is_in) break;
        ++scene.started;
        const auto bought = co_await buy(scene, phone, method, user);
        if (bought.text_at("/state") != "online") continue;
        ++scene.online;
        co_await leave(scene, phone, bought.text_at("/session/id"));
    }
    ++scene.phones_done;
}

awaitable<void> conduct(Scene& scene)
{
    const SteadyTime give_up = scene.clock.steady_now() + 3min;
    while (scene.phones_done < phones && scene.clock.steady_now() < give_up)
        co_await nap(scene, 100ms);
    scene.is_over = true;
    co_await nap(scene, 1s);
    // Left alone, everything settles, and IWAS knows all that the gateways took.
    co_await settle(scene, 4min, [&scene] {
        return scene.number("select sum(amount) from payment") == scene.taken();
    });
}

/// Each payment once, each order one entitlement.
void count_entitlements(Scene& scene)
{
    EXPECT_EQ(
        scene.number("select count(*) from (select 1 from payment group by account_id, "
                     "gateway_id having count(*) > 1)"),
        0)
        << "a payment is recorded twice";
    EXPECT_EQ(
        scene.number("select count(*) from (select transaction_id from (select transaction_id "
                     "from open_session union all select transaction_id from session_history) "
                     "group by transaction_id having count(*) > 1)"),
        0)
        << "two sessions for one order";
    EXPECT_EQ(
        scene.number("select count(*) from txn t where t.state = 'success' and not exists "
                     "(select 1 from session_history h where h.id = t.session_id and h.state in "
                     "('terminated','expired')) and not exists (select 1 from open_session o "
                     "where o.id = t.session_id)"),
        0)
        << "paid, and no session";
}

/// The gateways' books against the ledger.
void compare_the_books(Scene& scene)
{
    const std::string gateway = "from txn where method not in ('pc_balance','store_credit') and ";
    const std::string sum = "select sum(amount - credit_used) ";
    const std::int64_t received = scene.number("select sum(amount) from payment");
    const std::int64_t granted = scene.number(sum + gateway + "state = 'success'");
    const std::int64_t returned = scene.number(sum + gateway + "state = 'refunded'");
    const std::int64_t queued = scene.number(sum + gateway + "is_refund_queued = 1");
    EXPECT_EQ(received, scene.taken());
    EXPECT_EQ(received, granted + returned + queued);
    EXPECT_EQ(returned, scene.given_back());

    // Each order by itself.
    std::map<std::string, std::array<std::string, 2>> orders; // state and what is due
    for (const auto& row : rows(
             scene.iwas.database(),
             "select order_id, state, amount - credit_used from txn where order_id <> ''"))
        orders[row[0]] = {row[1], row[2]};
    for (const char* method : {"momo", "zalopay", "vnpay"})
        for (const sim::MoneyLine& line : scene.face(method).book.lines()) {
            ASSERT_TRUE(orders.contains(line.order_id)) << line.order_id;
            const auto& [state, due] = orders.at(line.order_id);
            const Money kept = scene.face(method).book.taken(line.order_id) -
                               scene.face(method).book.refunded(line.order_id);
            if (state == "success")
                EXPECT_EQ(std::to_string(kept.vnd()), due) << method << " " << line.order_id;
            if (state == "refunded") EXPECT_EQ(kept, Money{}) << method << " " << line.order_id;
            EXPECT_NE(state, "failed") << method << " took money of " << line.order_id;
            EXPECT_NE(state, "expired") << method << " took money of " << line.order_id;
        }

    // The PC system, as ever: a debit is WiFi or went back.
    std::int64_t debited = 0;
    for (const auto& [id, charge] : scene.cafe->pc_system().charges())
        debited += charge.amount - charge.refunded_total();
    EXPECT_EQ(
        debited, scene.number("select sum(amount) from txn where method = 'pc_balance' and "
                              "(state = 'success' or is_refund_queued = 1)"));
    fmt::print(
        "purchases {}, paid at gateways {} ({} of them twice), online {}, kills {}, notices "
        "answered on {} connections each; received {} = granted {} + returned {} + queued {}; "
        "debited at the PC system {}\n",
        scene.started, scene.paid, scene.paid_twice, scene.online, scene.kills, copies, received,
        granted, returned, queued, debited);
}

/// Gateways and banks are no better than their lines.
void set_faults(Scene& scene)
{
    for (const char* method : gateways)
        for (const sim::GatewayFault fault :
             {sim::GatewayFault::error_after, sim::GatewayFault::lost_answer,
              sim::GatewayFault::notice_lost, sim::GatewayFault::notice_repeated})
            scene.face(method).faults.set(fault, {.probability = 0.03});
}

TEST(Crash, MixedPaymentsSurviveKillNine)
{
    Scene scene;
    scene.open(phones, copies, [&] { set_faults(scene); });
    for (int number = 0; number < phones; ++number)
        scene.start(customer(scene, number));
    scene.start(kill_again_and_again(scene, 400ms, 3s));
    scene.run(conduct(scene));

    EXPECT_GT(scene.kills, 5);
    EXPECT_GT(scene.online, 20);
    EXPECT_GT(scene.paid, 20);
    count_entitlements(scene);
    compare_the_books(scene);
    if (HasFailure()) fmt::print("{}\n", scene.iwas.log().substr(0, 20'000));
}

} // namespace
} // namespace iwas::tests
