#include "tests/crash/scene.hpp"

#include <cstdlib>

namespace iwas::tests {

namespace {

void report(std::exception_ptr error)
{
    if (error) std::rethrow_exception(error);
}

std::string user_name(int number)
{
    return "crash" + std::to_string(number);
}

std::int64_t open_work(CrashScene& scene)
{
    return scene.number(
        "select (select count(*) from txn where state in ('created','pending') or "
        "(state = 'refunding' and is_refund_queued = 0)) + "
        "(select count(*) from open_session where state = 'pending') + "
        "(select count(*) from job where kind in ('resume_purchase','refund','close_access'))");
}

} // namespace

int wanted(const char* variable, int otherwise)
{
    const char* given = std::getenv(variable);
    return given ? std::atoi(given) : otherwise;
}

CrashScene::CrashScene(Seconds order_expires, std::uint64_t seed)
    : iwas{folder, fmt::format("[timing]\norder_expires_seconds = {}\n", order_expires.count())},
      dice{seed}
{
}

void CrashScene::open(
    int phones, std::size_t notice_copies, const std::function<void()>& set_faults)
{
    cafe = std::make_unique<sim::SimulatedCafe>(
        io.get_executor(), clock, random,
        sim::CafeOptions{
            .iwas_port = iwas.http_port(),
            .radius_authentication_port = iwas.authentication_port(),
            .radius_accounting_port = iwas.accounting_port(),
            .devices = static_cast<std::size_t>(phones),
            .notice_copies = notice_copies,
        });
    cafe->start();
    for (int number = 0; number < phones; ++number) {
        const std::string user = user_name(number);
        cafe->pc_system().put_account(
            {.id = "m-" + user,
             .user_name = user,
             .password = "secret-" + user,
             .cash = 10'000'000});
    }
    set_faults();
    iwas.apply(cafe->cafe_file());
    iwas.start();
}

void CrashScene::start(awaitable<void> work)
{
    asio::co_spawn(io, std::move(work), report);
}

void CrashScene::run(awaitable<void> conduct)
{
    asio::co_spawn(io, std::move(conduct), [this](std::exception_ptr error) {
        io.stop();
        report(error);
    });
    io.run();
}

sim::Phone CrashScene::phone(int number)
{
    return sim::Phone{client, cafe->devices().at(static_cast<std::size_t>(number)).port};
}

std::string CrashScene::new_key()
{
    return to_string(random.make_id<domain::JobId>(clock.utc_now()).value());
}

std::int64_t CrashScene::number(const std::string& sql)
{
    const auto found = rows(iwas.database(), sql);
    return found.empty() || found[0][0].empty() ? 0 : std::stoll(found[0][0]);
}

awaitable<void> nap(CrashScene& scene, Milliseconds time)
{
    const SteadyTime until = scene.clock.steady_now() + time;
    co_await scene.clock.sleep_until(until);
}

awaitable<sim::PhoneAnswer> order_until_answered(
    CrashScene& scene, sim::Phone& phone, std::string method)
{
    const std::string key = scene.new_key();
    sim::PhoneAnswer answer;
    for (int tries = 0; tries < 400; ++tries) {
        answer = co_await phone.buy("quick", quick_vnd, key, method);
        const bool has_answer = answer.status != 0 && answer.status != 503;
        if (has_answer) break;
        co_await nap(scene, 100ms);
    }
    co_return answer;
}

std::string purchase_id(const sim::PhoneAnswer& answer)
{
    std::string id = answer.text_at("/id");
    return id.empty() ? answer.text_at("/purchase_id") : id;
}

bool is_under_way(const std::string& state)
{
    return state.empty() || state == "paying" || state == "activating" || state == "refunding";
}

awaitable<void> leave(CrashScene& scene, sim::Phone& phone, std::string session)
{
    for (int tries = 0; tries < 100; ++tries) {
        const auto ended = co_await phone.end_session(session, scene.new_key());
        const bool is_gone = ended.is_ok() || ended.status == 409 || ended.status == 404;
        if (is_gone) co_return;
        co_await nap(scene, 100ms);
    }
}

awaitable<void> kill_again_and_again(CrashScene& scene, Milliseconds shortest, Milliseconds longest)
{
    const auto spread = static_cast<std::uint64_t>((longest - shortest).count());
    while (!scene.is_over) {
        co_await nap(scene, shortest + Milliseconds{scene.dice() % spread});
        if (scene.is_over) co_return;
        scene.iwas.kill();
        scene.iwas.start();
        ++scene.kills;
    }
}

awaitable<void> settle(CrashScene& scene, Seconds at_most, std::function<bool()> is_complete)
{
    const auto is_settled = [&] { return open_work(scene) == 0 && is_complete(); };
    const SteadyTime by = scene.clock.steady_now() + at_most;
    while (scene.clock.steady_now() < by && !is_settled())
        co_await nap(scene, 500ms);
    EXPECT_TRUE(is_settled()) << "does not settle: " << open_work(scene) << " open";
    scene.iwas.stop();
    co_await scene.cafe->stop();
}

} // namespace iwas::tests
