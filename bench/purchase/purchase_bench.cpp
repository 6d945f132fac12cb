// IWAS's own share of a purchase: the real program on SQLite with full durability, the PC system
// and the router simulated at no latency, purchases arriving on a clock and not when the last one
// is done. The disk's own fdatasync is measured in the same run, as the baseline.
//
// Usage: iwas_bench_purchase [PURCHASES [PER_SECOND [FORGED_PER_SECOND]]]   defaults 2000, 200, 0
// With forged notices, they are sent in every other second, and the purchases of those seconds are
// compared with the purchases of the others.

#include "adapters/clock/system_clock.hpp"
#include "adapters/clock/system_random.hpp"
#include "bench/purchase/forged_flood.hpp"
#include "sim/cafe/simulated_cafe.hpp"
#include "sim/phone/phone.hpp"
#include "tests/support/served_iwas.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <deque>

namespace iwas::bench {
namespace {

namespace asio = boost::asio;
using ports::awaitable;
using Microseconds = std::chrono::microseconds;

constexpr int phones_max = 400;
constexpr std::int64_t price_vnd = 2000;

struct Scene {
    Scene(int wanted_, int per_second_, int forged_per_second_)
        : wanted{wanted_}, per_second{per_second_}, forged_per_second{forged_per_second_}
    {
    }

    int wanted;
    int per_second;
    int forged_per_second;
    asio::io_context io{1};
    adapters::SystemClock clock{io.get_executor()};
    adapters::SystemRandom random;
    tests::TemporaryFolder folder;
    tests::ServedIwas iwas{folder};
    http::Client client{io.get_executor(), {.calls_max = 4096, .idle_per_peer_max = 512}};
    std::unique_ptr<sim::SimulatedCafe> cafe;
    std::vector<std::unique_ptr<sim::Phone>> phones;
    std::deque<sim::Phone*> idle;
    std::vector<Microseconds> latencies;        // of those due alone
    std::vector<Microseconds> latencies_beside; // of those due beside forged notices
    std::unique_ptr<ForgedFlood> flood;
    int running = 0;
    int failed = 0;
    int late = 0; // no phone was free
};

awaitable<void> nap(Scene& scene, Milliseconds time)
{
    const SteadyTime until = scene.clock.steady_now() + time;
    co_await scene.clock.sleep_until(until);
}

std::string new_key(Scene& scene)
{
    return to_string(scene.random.make_id<domain::JobId>(scene.clock.utc_now()));
}

awaitable<bool> prepare(Scene& scene, sim::Phone& phone, int number)
{
    const std::string user = "bench" + std::to_string(number);
    for (int tries = 0; tries < 50; ++tries) {
        const bool is_open = co_await phone.open_portal();
        if (is_open) {
            const auto signed_in = co_await phone.sign_in(user, "secret");
            if (signed_in.is_ok()) co_return true;
        }
        co_await nap(scene, 100ms);
    }
    co_return false;
}

awaitable<void> buy_once(Scene& scene, sim::Phone& phone, SteadyTime due, bool is_beside)
{
    const auto bought = co_await phone.buy("quick", price_vnd, new_key(scene));
    const auto took =
        std::chrono::duration_cast<Microseconds>(std::chrono::steady_clock::now() - due);
    const std::string session = bought.text_at("/session/id");
    if (bought.status == 201)
        (is_beside ? scene.latencies_beside : scene.latencies).push_back(took);
    else
        ++scene.failed;
    --scene.running;
    if (!session.empty()) (void)co_await phone.end_session(session, new_key(scene));
    scene.idle.push_back(&phone);
}

awaitable<void> conduct(Scene& scene)
{
    for (int number = 0; number < phones_max; ++number) {
        auto phone = std::make_unique<sim::Phone>(
            scene.client, scene.cafe->devices().at(static_cast<std::size_t>(number)).port);
        const bool is_ready = co_await prepare(scene, *phone, number);
        if (is_ready) scene.idle.push_back(phone.get());
        scene.phones.push_back(std::move(phone));
    }
    const auto gap = std::chrono::nanoseconds{1'000'000'000 / scene.per_second};
    const SteadyTime began = scene.clock.steady_now() + 100ms;
    for (int count = 0; count < scene.wanted; ++count) {
        const SteadyTime due = began + gap * count;
        co_await scene.clock.sleep_until(due);
        const bool is_beside = scene.forged_per_second > 0 && count / scene.per_second % 2 == 1;
        scene.flood->set_active(is_beside);
        if (scene.idle.empty()) {
            ++scene.late;
            continue;
        }
        sim::Phone* phone = scene.idle.front();
        scene.idle.pop_front();
        ++scene.running;
        asio::co_spawn(
            scene.io, buy_once(scene, *phone, due, is_beside), [](std::exception_ptr error) {
                if (error) std::rethrow_exception(error);
            });
    }
    while (scene.running > 0)
        co_await nap(scene, 50ms);
    co_await nap(scene, 1s);
    scene.iwas.stop();
    co_await scene.cafe->stop();
}

double quantile_ms(std::vector<Microseconds> values, double share)
{
    if (values.empty()) return 0;
    std::ranges::sort(values);
    const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
    return static_cast<double>(values[at].count()) / 1000;
}

/// What one durable write of a page costs on this disk.
std::vector<Microseconds> disk_baseline(const tests::TemporaryFolder& folder)
{
    const std::string path = (folder.path() / "baseline").string();
    const int file = ::open(path.c_str(), O_CREAT | O_WRONLY, 0600);
    const std::array<char, 4096> page{};
    std::vector<Microseconds> times;
    for (int count = 0; count < 300; ++count) {
        const auto began = std::chrono::steady_clock::now();
        if (::write(file, page.data(), page.size()) < 0 || ::fdatasync(file) != 0) break;
        times.push_back(
            std::chrono::duration_cast<Microseconds>(std::chrono::steady_clock::now() - began));
    }
    ::close(file);
    return times;
}

/// How purchases fare beside forged notices: at most a tenth slower. 0 when so.
int compare(const Scene& scene, double p50)
{
    if (scene.forged_per_second == 0) return 0;
    const double beside = quantile_ms(scene.latencies_beside, 0.5);
    fmt::print(
        "beside {} forged notices a second ({} answered): {} purchases, p50 {:.2f} ms ({:.2f} x; "
        "target 1.10), p99 {:.2f} ms\n",
        scene.forged_per_second, scene.flood->answered(), scene.latencies_beside.size(), beside,
        beside / p50, quantile_ms(scene.latencies_beside, 0.99));
    return beside <= 1.1 * p50 ? 0 : 1;
}

int run(int wanted, int per_second, int forged_per_second)
{
    Scene scene{wanted, per_second, forged_per_second};
    const auto disk = disk_baseline(scene.folder);
    scene.cafe = std::make_unique<sim::SimulatedCafe>(
        scene.io.get_executor(), scene.clock, scene.random,
        sim::CafeOptions{
            .iwas_port = scene.iwas.http_port(),
            .radius_authentication_port = scene.iwas.authentication_port(),
            .radius_accounting_port = scene.iwas.accounting_port(),
            .devices = phones_max,
        });
    scene.cafe->start();
    for (int number = 0; number < phones_max; ++number)
        scene.cafe->pc_system().put_account(
            {.id = "b" + std::to_string(number),
             .user_name = "bench" + std::to_string(number),
             .password = "secret",
             .cash = 100'000'000});
    scene.iwas.apply(scene.cafe->cafe_file());
    scene.iwas.start();
    scene.flood = std::make_unique<ForgedFlood>(
        scene.iwas.http_port(), "/api/v1/payments/galaxy-momo/notice", forged_per_second);
    asio::co_spawn(scene.io, conduct(scene), [&](std::exception_ptr error) {
        scene.io.stop();
        if (error) std::rethrow_exception(error);
    });
    scene.io.run();

    const double p50 = quantile_ms(scene.latencies, 0.5);
    const double p99 = quantile_ms(scene.latencies, 0.99);
    const double disk_p50 = quantile_ms(disk, 0.5);
    fmt::print(
        "disk: fdatasync p50 {:.2f} ms, p99 {:.2f} ms\n"
        "purchases: {} online at {}/s, {} not, {} without a free phone\n"
        "purchase: p50 {:.2f} ms ({:.1f} x fdatasync; target 5), p99 {:.2f} ms (target 25)\n",
        disk_p50, quantile_ms(disk, 0.99), scene.latencies.size(), per_second, scene.failed,
        scene.late, p50, p50 / disk_p50, p99);
    const bool is_fast = p50 <= 5 && p99 <= 25 && scene.failed == 0 && scene.late == 0;
    const int compared = compare(scene, p50);
    return is_fast ? compared : 1;
}

} // namespace
} // namespace iwas::bench

int main(int argc, char** argv)
{
    const int wanted = argc > 1 ? std::atoi(argv[1]) : 2000;
    const int per_second = argc > 2 ? std::atoi(argv[2]) : 200;
    const int forged_per_second = argc > 3 ? std::atoi(argv[3]) : 0;
    return iwas::bench::run(wanted, per_second, forged_per_second);
}
