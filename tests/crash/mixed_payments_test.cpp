// Goal: whatever customers pay with, whenever IWAS dies and however often gateways repeat what they
// tell, each order is one entitlement, and each đồng is WiFi, back, or in the queue.
// Method: the real program with SQLite on disk, the simulated PC system, gateways and bank on
// sockets, every notice on twenty connections at once, and kill -9 at random moments; then it is
// left alone, everything must settle, and the gateways' books are compared with the ledger.

#include "adapters/clock/system_clock.hpp"
#include "adapters/clock/system_random.hpp"
#include "sim/cafe/simulated_cafe.hpp"
#include "sim/payment/bank/qr_code.hpp"
#include "sim/phone/phone.hpp"
#include "tests/crash/database_rows.hpp"
#include "tests/support/served_iwas.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <map>
#include <random>

namespace iwas::tests {
namespace {

namespace asio = boost::asio;
using ports::awaitable;

constexpr int phones = 24;
constexpr std::size_t copies = 20;
constexpr std::int64_t price_vnd = 2000;
/// However slow the machine: the books are compared all the same.
constexpr Seconds buys_for{45};
constexpr std::array methods{"momo", "zalopay", "vnpay", "vietqr", "pc_balance"};

int purchases_wanted()
{
    const char* given = std::getenv("IWAS_CRASH_PAYMENTS");
    return given ? std::atoi(given) : 400;
}

struct Scene {
    asio::io_context io{1};
    adapters::SystemClock clock{io.get_executor()};
    adapters::SystemRandom random;
    TemporaryFolder folder;
    ServedIwas iwas{folder, "[timing]\norder_expires_seconds = 30\n"};
    std::mt19937_64 dice{20261126};
    http::Client client{io.get_executor(), {.calls_max = 4096}};
    std::unique_ptr<sim::SimulatedCafe> cafe;
    int started = 0;
    int paid = 0;
    int paid_twice = 0;
    int online = 0;
    int kills = 0;
    int phones_done = 0;
    bool is_over = false;

    sim::GatewayFace& face(std::string_view method)
    {
        const std::string_view name = method == "vietqr" ? std::string_view{"bank"} : method;
        return *cafe->gateways().hub().find(name);
    }
    std::int64_t taken()
    {
        std::int64_t sum = 0;
        for (const char* method : {"momo", "zalopay", "vnpay", "vietqr"})
            sum += face(method).book.total_taken().vnd();
        return sum;
    }
    std::int64_t given_back()
    {
        std::int64_t sum = 0;
        for (const char* method : {"momo", "zalopay", "vnpay", "vietqr"})
            sum += face(method).book.total_refunded().vnd();
        return sum;
    }
    bool chance(unsigned percent) { return dice() % 100 < percent; }
};

awaitable<void> nap(Scene& scene, Milliseconds time)
{
    const SteadyTime until = scene.clock.steady_now() + time;
    co_await scene.clock.sleep_until(until);
}

std::string new_key(Scene& scene)
{
    return to_string(scene.random.make_id<domain::JobId>(scene.clock.utc_now()).value());
}

/// What the customer's app or page is given: the link, or what stands in the bank's QR code.
sim::PayCommand command_of(const sim::PhoneAnswer& purchase, const std::string& payer)
{
    sim::PayCommand command;
    command.payer = payer;
    command.qr_text = purchase.text_at("/payment/pay_url");
    if (!command.qr_text.empty()) return command;
    boost::system::error_code error;
    const auto* const amount = purchase.body.find_pointer("/payment/bank/amount", error);
    command.qr_text = sim::bank::write_qr(
        purchase.text_at("/payment/bank/bank_bin"),
        purchase.text_at("/payment/bank/account_number"),
        Money{amount && amount->is_int64() ? amount->as_int64() : 0},
        purchase.text_at("/payment/bank/memo"));
    return command;
}

bool is_under_way(const std::string& state)
{
    return state.empty() || state == "paying" || state == "activating" || state == "refunding";
}

/// Pays what is shown, which may be an order from before, and a transfer sometimes twice. False:
/// nothing is shown to pay.
bool pay(Scene& scene, const sim::PhoneAnswer& shown, const std::string& payer)
{
    boost::system::error_code error;
    const auto* const payment = shown.body.find_pointer("/payment", error);
    if (!payment || !payment->is_object()) return false;
    const std::string method = shown.text_at("/method");
    const sim::PayCommand command = command_of(shown, payer);
    const auto once = scene.face(method).pay(command, scene.clock.utc_now());
    EXPECT_TRUE(once.has_value()) << method << ": " << once.error();
    ++scene.paid;
    if (method != "vietqr" || !scene.chance(10)) return true;
    const auto twice = scene.face(method).pay(command, scene.clock.utc_now());
    if (twice) ++scene.paid_twice;
    return true;
}

/// Repeats the purchase with its key until an answer comes, pays as he is told, and follows the
/// purchase to its end.
awaitable<sim::PhoneAnswer> buy(
    Scene& scene, sim::Phone& phone, std::string method, std::string payer)
{
    const std::string key = new_key(scene);
    sim::PhoneAnswer answer;
    for (int tries = 0; tries < 400; ++tries) {
        answer = co_await phone.buy("quick", price_vnd, key, method);
        if (answer.status != 0 && answer.status != 503) break;
        co_await nap(scene, 100ms);
    }
    std::string id = answer.text_at("/id");
    if (id.empty()) id = answer.text_at("/purchase_id");
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
    sim::Phone phone{scene.client, scene.cafe->devices().at(static_cast<std::size_t>(number)).port};
    const SteadyTime until = scene.clock.steady_now() + buys_for;
    while (scene.started < purchases_wanted() && scene.clock.steady_now() < until) {
        const std::string method = methods.at(scene.dice() % methods.size());
        const bool is_in = co_await sign_in(scene, phone, method, user);
        if (!is_in) break;
        ++scene.started;
        const auto bought = co_await buy(scene, phone, method, user);
        if (bought.text_at("/state") != "online") continue;
        ++scene.online;
        const std::string session = bought.text_at("/session/id");
        for (int tries = 0; tries < 100; ++tries) {
            const auto ended = co_await phone.end_session(session, new_key(scene));
            if (ended.is_ok() || ended.status == 409 || ended.status == 404) break;
            co_await nap(scene, 100ms);
        }
    }
    ++scene.phones_done;
}

awaitable<void> killer(Scene& scene)
{
    while (!scene.is_over) {
        co_await nap(scene, Milliseconds{400 + static_cast<int>(scene.dice() % 2'600)});
        if (scene.is_over) co_return;
        scene.iwas.kill();
        scene.iwas.start();
        ++scene.kills;
    }
}

std::int64_t number(Scene& scene, const std::string& sql)
{
    const auto found = rows(scene.iwas.database(), sql);
    return found.empty() || found[0][0].empty() ? 0 : std::stoll(found[0][0]);
}

/// Nothing is open, and IWAS knows all that the gateways took.
bool is_settled(Scene& scene)
{
    const std::int64_t open = number(
        scene, "select (select count(*) from txn where state in ('created','pending') or "
               "(state = 'refunding' and is_refund_queued = 0)) + (select count(*) from "
               "open_session where state = 'pending') + (select count(*) from job where kind in "
               "('resume_purchase','refund','close_access'))");
    return open == 0 && number(scene, "select sum(amount) from payment") == scene.taken();
}

awaitable<void> conduct(Scene& scene)
{
    const SteadyTime give_up = scene.clock.steady_now() + 3min;
    while (scene.phones_done < phones && scene.clock.steady_now() < give_up)
        co_await nap(scene, 100ms);
    scene.is_over = true;
    co_await nap(scene, 1s);

    // Left alone, everything settles.
    const SteadyTime settled_by = scene.clock.steady_now() + 2min;
    while (scene.clock.steady_now() < settled_by && !is_settled(scene))
        co_await nap(scene, 500ms);
    EXPECT_TRUE(is_settled(scene)) << "does not settle";
    scene.iwas.stop();
    co_await scene.cafe->stop();
}

/// Each payment once, each order one entitlement.
void count_entitlements(Scene& scene)
{
    EXPECT_EQ(
        number(
            scene, "select count(*) from (select 1 from payment group by account_id, "
                   "gateway_id having count(*) > 1)"),
        0)
        << "a payment is recorded twice";
    EXPECT_EQ(
        number(
            scene, "select count(*) from (select transaction_id from (select transaction_id "
                   "from open_session union all select transaction_id from session_history) "
                   "group by transaction_id having count(*) > 1)"),
        0)
        << "two sessions for one order";
    EXPECT_EQ(
        number(
            scene, "select count(*) from txn t where t.state = 'success' and not exists "
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
    const std::int64_t received = number(scene, "select sum(amount) from payment");
    const std::int64_t granted = number(scene, sum + gateway + "state = 'success'");
    const std::int64_t returned = number(scene, sum + gateway + "state = 'refunded'");
    const std::int64_t queued = number(scene, sum + gateway + "is_refund_queued = 1");
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
        debited, number(
                     scene, "select sum(amount) from txn where method = 'pc_balance' and "
                            "(state = 'success' or is_refund_queued = 1)"));
    fmt::print(
        "purchases {}, paid at gateways {} ({} of them twice), online {}, kills {}, notices "
        "answered on {} connections each; received {} = granted {} + returned {} + queued {}; "
        "debited at the PC system {}\n",
        scene.started, scene.paid, scene.paid_twice, scene.online, scene.kills, copies, received,
        granted, returned, queued, debited);
}

TEST(Crash, MixedPaymentsSurviveKillNine)
{
    Scene scene;
    scene.cafe = std::make_unique<sim::SimulatedCafe>(
        scene.io.get_executor(), scene.clock, scene.random,
        sim::CafeOptions{
            .iwas_port = scene.iwas.http_port(),
            .radius_authentication_port = scene.iwas.authentication_port(),
            .radius_accounting_port = scene.iwas.accounting_port(),
            .devices = phones,
            .notice_copies = copies,
        });
    scene.cafe->start();
    for (int number = 0; number < phones; ++number) {
        const std::string user = "crash" + std::to_string(number);
        scene.cafe->pc_system().put_account(
            {.id = "m-" + user,
             .user_name = user,
             .password = "secret-" + user,
             .cash = 10'000'000});
    }
    for (const char* method : {"momo", "zalopay", "vnpay", "vietqr"})
        for (const sim::GatewayFault fault :
             {sim::GatewayFault::error_after, sim::GatewayFault::lost_answer,
              sim::GatewayFault::notice_lost, sim::GatewayFault::notice_repeated})
            scene.face(method).faults.set(fault, {.probability = 0.03});
    scene.iwas.apply(scene.cafe->cafe_file());
    scene.iwas.start();

    const auto report = [](std::exception_ptr error) {
        if (error) std::rethrow_exception(error);
    };
    for (int number = 0; number < phones; ++number)
        asio::co_spawn(scene.io, customer(scene, number), report);
    asio::co_spawn(scene.io, killer(scene), report);
    asio::co_spawn(scene.io, conduct(scene), [&](std::exception_ptr error) {
        scene.io.stop();
        if (error) std::rethrow_exception(error);
    });
    scene.io.run();

    EXPECT_GT(scene.kills, 5);
    EXPECT_GT(scene.online, 20);
    EXPECT_GT(scene.paid, 20);
    count_entitlements(scene);
    compare_the_books(scene);
    if (HasFailure()) fmt::print("{}\n", scene.iwas.log().substr(0, 20'000));
}

} // namespace
} // namespace iwas::tests
