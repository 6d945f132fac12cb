// Goal: nobody loses money and no acknowledged accounting record is lost, whenever IWAS dies.
// Method: the real program with SQLite on disk, kill -9 at random moments while phones buy and a
// router accounts; then it is left alone, everything must settle, and the books are compared.

#include "adapters/radius/requester.hpp"
#include "tests/crash/scene.hpp"

#include <map>
#include <set>

namespace iwas::tests {
namespace {

constexpr int phones = 40;

/// What the answers promised of one network session.
struct Acknowledged {
    int records = 0;
    std::uint32_t up_octets = 0;
    bool is_stopped = false;
};

struct Scene : CrashScene {
    Scene() : CrashScene{60s, 20261123} {}

    const int purchases_wanted = wanted("IWAS_CRASH_PURCHASES", 2000);
    const int kills_wanted = purchases_wanted / 40;
    adapters::RadiusRequester radius{io.get_executor(), {.attempt = 300ms, .attempts = 1}};
    int finished = 0;
    std::map<std::string, Acknowledged> acknowledged; // by Acct-Session-Id
};

/// Orders and follows the purchase to its end.
awaitable<sim::PhoneAnswer> buy(Scene& scene, sim::Phone& phone)
{
    sim::PhoneAnswer answer = co_await order_until_answered(scene, phone, "pc_balance");
    const std::string id = purchase_id(answer);
    for (int polls = 0; polls < 1200 && answer.status == 202; ++polls) {
        co_await nap(scene, 100ms);
        sim::PhoneAnswer now = co_await phone.purchase(id);
        if (!is_under_way(now.text_at("/state"))) co_return now;
    }
    co_return answer;
}

awaitable<void> customer(Scene& scene, int number)
{
    const std::string user = "crash" + std::to_string(number);
    sim::Phone phone = scene.phone(number);
    // However fast it sells: it has to die often enough on the way.
    while (scene.started < scene.purchases_wanted || scene.kills < scene.kills_wanted) {
        const bool is_at_portal = co_await phone.open_portal();
        if (!is_at_portal) {
            co_await nap(scene, 100ms);
            continue;
        }
        const auto signed_in = co_await phone.sign_in(user, "secret-" + user);
        if (!signed_in.is_ok()) {
            co_await nap(scene, 100ms);
            continue;
        }
        ++scene.started;
        const auto bought = co_await buy(scene, phone);
        ++scene.finished;
        if (bought.text_at("/state") != "online") continue;
        ++scene.online;

        // Some stay, to be online when the books are compared.
        if (number % 8 == 0 && scene.started >= scene.purchases_wanted) break;
        // Off again, so that the next round starts behind the portal.
        co_await leave(scene, phone, bought.text_at("/session/id"));
    }
    ++scene.phones_done;
}

/// Sends one record until it is acknowledged or its moment is over. Whether it was.
awaitable<bool> account(Scene& scene, std::string id, int status, std::uint32_t octets)
{
    adapters::RadiusTarget target{
        .address = Ipv4Address{0x7F000001},
        .port = scene.iwas.accounting_port(),
        .secret = std::make_shared<const radius::SharedSecret>(
            SecretText{"demo-radius-secret-0123456789abcdef"}),
    };
    const SteadyTime by = scene.clock.steady_now() + 300ms;
    const auto answer = co_await scene.radius.ask(
        target, radius::Code::accounting_request,
        [id, status, octets](radius::PacketWriter& packet) {
            packet.add_integer(40, static_cast<std::uint32_t>(status)); // Acct-Status-Type
            packet.add_text(1, "load");
            packet.add_text(44, id);
            packet.add_text(31, "BC:24:11:00:00:01");
            packet.add_text(32, "q7-gw");
            packet.add_integer(42, octets); // Acct-Input-Octets
        },
        by);
    co_return answer.has_value();
}

/// Another router's worth of accounting: every answer is a promise that the record is on disk.
awaitable<void> accountant(Scene& scene, int number)
{
    constexpr int start = 1;
    constexpr int stop = 2;
    constexpr int interim = 3;
    for (int count = 0; !scene.is_over; ++count) {
        const std::string id = "load-" + std::to_string(number) + "-" + std::to_string(count);
        const int last = count % 3 == 0 ? stop : interim;
        std::uint32_t octets = 0;
        for (const int status : {start, interim, last}) {
            const bool is_kept = co_await account(scene, id, status, octets);
            if (is_kept) {
                Acknowledged& promised = scene.acknowledged[id];
                ++promised.records;
                promised.up_octets = octets;
                promised.is_stopped = status == stop;
            }
            octets += 1'000;
            co_await nap(scene, 5ms);
        }
    }
}

awaitable<void> conduct(Scene& scene)
{
    const SteadyTime give_up = scene.clock.steady_now() + 15min;
    while (scene.phones_done < phones && scene.clock.steady_now() < give_up)
        co_await nap(scene, 100ms);
    scene.is_over = true;
    co_await nap(scene, 2s);

    // Left alone, everything settles.
    co_await settle(scene, 3min, [] { return true; });
    scene.radius.close();
}

void compare_the_books(Scene& scene)
{
    std::map<std::string, std::vector<std::string>> transactions;
    for (const auto& row : rows(
             scene.iwas.database(),
             "select t.id, t.state, t.amount, t.charge_id, t.is_refund_queued, "
             "coalesce(o.state, h.state, '') from txn t left join open_session o on o.id = "
             "t.session_id left join session_history h on h.id = t.session_id"))
        transactions["IWAS-" + row[0]] = row;

    std::set<std::string> charged;
    std::int64_t debited = 0;
    std::int64_t granted = 0;
    std::int64_t returned = 0;
    std::int64_t queued = 0;
    for (const auto& [id, charge] : scene.cafe->pc_system().charges()) {
        EXPECT_TRUE(charged.insert(charge.reference).second)
            << "debited twice: " << charge.reference;
        ASSERT_TRUE(transactions.contains(charge.reference)) << "a debit nobody ordered";
        const auto& txn = transactions[charge.reference];
        debited += charge.amount;
        returned += charge.refunded_total();
        if (txn[1] == "success") {
            granted += charge.amount;
            EXPECT_EQ(charge.refunded_total(), 0) << txn[0];
            EXPECT_TRUE(txn[5] == "active" || txn[5] == "terminated" || txn[5] == "expired")
                << txn[0] << " paid, session " << txn[5];
        } else if (txn[4] == "1") {
            queued += charge.amount;
        } else {
            EXPECT_EQ(txn[1], "refunded") << txn[0];
            EXPECT_EQ(charge.refunded_total(), charge.amount) << txn[0];
        }
    }
    EXPECT_EQ(debited, granted + returned + queued);
    for (const auto& [reference, txn] : transactions) {
        EXPECT_TRUE(
            txn[1] == "success" || txn[1] == "refunded" || txn[1] == "failed" ||
            txn[1] == "expired" || txn[4] == "1")
            << reference << " is " << txn[1];
        if (txn[1] == "success") {
            EXPECT_TRUE(charged.contains(reference)) << "granted for nothing: " << reference;
        }
    }
    fmt::print(
        "purchases {} (online {}), kills {}, debits {}, debited {} = granted {} + returned {} + "
        "queued {}\n",
        transactions.size(), scene.online, scene.kills, charged.size(), debited, granted, returned,
        queued);
}

void compare_the_accounting(Scene& scene)
{
    struct Kept {
        std::int64_t up_octets = 0;
        bool is_stopped = false;
    };
    std::map<std::string, Kept> kept;
    for (const bool is_stopped : {false, true}) {
        const std::string table = is_stopped ? "network_session_history" : "open_network_session";
        for (const auto& row :
             rows(scene.iwas.database(), "select acct_session_id, up_octets from " + table))
            kept[row[0]] = {std::stoll(row[1]), is_stopped};
    }
    int records = 0;
    for (const auto& [id, promised] : scene.acknowledged) {
        records += promised.records;
        ASSERT_TRUE(kept.contains(id)) << id << " was acknowledged and is lost";
        EXPECT_GE(kept[id].up_octets, promised.up_octets) << id;
        if (promised.is_stopped) EXPECT_TRUE(kept[id].is_stopped) << id;
    }
    EXPECT_GT(records, 100);
    fmt::print("accounting records acknowledged {}, none missing\n", records);
}

void nobody_is_online_without_a_right(Scene& scene)
{
    std::set<std::string> open;
    for (const auto& row :
         rows(scene.iwas.database(), "select user_name from open_session where state = 'active'"))
        open.insert(row[0]);
    for (const auto& [mac, session] : scene.cafe->router().model().hotspot().active())
        EXPECT_TRUE(open.contains(session.user_name)) << to_string(mac) << " is online";
    // Else the line above would say nothing.
    EXPECT_FALSE(scene.cafe->router().model().hotspot().active().empty());
}

/// The PC system is no better than its line.
void set_faults(Scene& scene)
{
    for (const sim::PcFault fault :
         {sim::PcFault::drop_after_commit, sim::PcFault::error_before_commit,
          sim::PcFault::error_after_commit})
        scene.cafe->pc_system().faults.set(fault, {.probability = 0.02, .on = "/v1/charges"});
}

TEST(Crash, MoneyAndAccountingSurviveKillNine)
{
    Scene scene;
    scene.open(phones, 1, [&] { set_faults(scene); });
    for (int number = 0; number < phones; ++number)
        scene.start(customer(scene, number));
    for (int number = 0; number < 4; ++number)
        scene.start(accountant(scene, number));
    scene.start(kill_again_and_again(scene, 100ms, 700ms));
    scene.run(conduct(scene));

    EXPECT_GE(scene.finished, scene.purchases_wanted);
    EXPECT_GE(scene.kills, scene.kills_wanted);
    EXPECT_GT(scene.online, scene.purchases_wanted / 2);
    nobody_is_online_without_a_right(scene);
    compare_the_books(scene);
    compare_the_accounting(scene);
    if (HasFailure()) fmt::print("{}\n", scene.iwas.log().substr(0, 20'000));
}

} // namespace
} // namespace iwas::tests
