// What many open sessions cost: the real program on SQLite with full durability and a database of
// running sessions whose devices are online. Measured: the time from the start to the first
// Access-Accept, and the memory then, after requests over random sessions, and after IWAS has
// compared every router's active list with its sessions. Beside it, in the same run: the same with
// 1,000 sessions.
//
// Usage: iwas_bench_open_sessions [SESSIONS]   default 100000

#include "adapters/clock/system_clock.hpp"
#include "adapters/clock/system_random.hpp"
#include "bench/sessions/router.hpp"
#include "bench/sessions/served.hpp"
#include "tests/support/served_iwas.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <random>

namespace iwas::bench {
namespace {

namespace asio = boost::asio;

constexpr std::size_t few = 1'000;
constexpr std::size_t requests = 20'000;
constexpr unsigned requests_at_once = 128;
constexpr double memory_max_mib = 200;
constexpr Seconds start_max{5};
/// Longer than the load takes, so that the comparison is seen by itself.
constexpr Seconds compare_every{20};

struct Figures {
    Milliseconds ready{0};     // /readyz
    Milliseconds answered{0};  // the first Access-Accept
    Milliseconds processor{0}; // time used until then
    Memory at_start;
    Memory after_load;
    Memory after_compare;
    std::size_t failed = 0;
    double load_seconds = 0;
};

class OpenSessions {
public:
    explicit OpenSessions(std::size_t count) : count_{count} {}

    Figures run()
    {
        prepare();
        const SteadyTime began = SteadyTime::clock::now();
        iwas_.start();
        const auto ready = wait_until_ready(iwas_.http_port(), began, Seconds{60});
        if (!ready) throw std::runtime_error{"iwas serve was not ready: " + iwas_.log()};
        figures_.ready = *ready;
        asio::co_spawn(io_, conduct(began), [&](std::exception_ptr error) {
            io_.stop();
            if (error) std::rethrow_exception(error);
        });
        io_.run();
        iwas_.stop();
        return figures_;
    }

private:
    void prepare()
    {
        std::vector<RouterPorts> ports;
        for (unsigned branch = 0; branch < branches; ++branch) {
            routers_.push_back(std::make_unique<Router>(
                io_.get_executor(), branch, clock_, random_, accepting_,
                [](std::string_view, std::chrono::nanoseconds, bool) {}));
            routers_.back()->start();
            ports.push_back(routers_.back()->router_ports());
        }
        iwas_.apply(cafe_file(ports));
        // The first ends an hour from now.
        const UtcTime first = clock_.utc_now() + Seconds{3'500};
        sessions_ = running_sessions(
            count_, [&](std::size_t i) { return first + Seconds{static_cast<int>(i % 90)}; });
        log_in_all();
        for (std::size_t i = 0; i < count_; ++i) {
            const auto& hotspot = routers_[branch_of(i)]->model().hotspot();
            acct_session_ids_.push_back(
                hotspot.find_active(sessions_[i].devices.front().mac)->acct_session_id);
        }
        fill({iwas_.database(), iwas_.key_file(), sessions_, acct_session_ids_});
    }

    void log_in_all()
    {
        asio::co_spawn(
            io_,
            [](OpenSessions& self) -> asio::awaitable<void> {
                for (std::size_t i = 0; i < self.count_; ++i) {
                    const bool is_in =
                        co_await self.routers_[branch_of(i)]->log_in(self.sessions_[i]);
                    if (!is_in) throw std::runtime_error{"a device was not logged in"};
                }
            }(*this),
            [&](std::exception_ptr error) {
                io_.stop();
                if (error) std::rethrow_exception(error);
            });
        io_.run();
        io_.restart();
    }

    asio::awaitable<void> conduct(SteadyTime began)
    {
        const bool is_accepted = co_await authenticate(count_ / 2);
        if (!is_accepted) throw std::runtime_error{"the first Access-Request was not accepted"};
        figures_.answered = std::chrono::duration_cast<Milliseconds>(clock_.steady_now() - began);
        figures_.processor = processor_time_of(iwas_.id());
        figures_.at_start = memory_of(iwas_.id());

        const SteadyTime load_began = clock_.steady_now();
        std::size_t ended = 0;
        for (unsigned i = 0; i < requests_at_once; ++i)
            asio::co_spawn(io_, load(i), [&](std::exception_ptr error) {
                ++ended;
                if (error) std::rethrow_exception(error);
            });
        while (ended < requests_at_once)
            co_await clock_.sleep_until(clock_.steady_now() + 10ms);
        figures_.load_seconds =
            std::chrono::duration<double>(clock_.steady_now() - load_began).count();
        figures_.after_load = memory_of(iwas_.id());

        // One comparison, and time for it to end.
        co_await clock_.sleep_until(began + compare_every + figures_.ready + 15s);
        figures_.after_compare = memory_of(iwas_.id());
        for (const auto& router : routers_)
            co_await router->stop();
    }

    /// Every second request is an Access-Request, the others are Interim-Updates.
    asio::awaitable<void> load(unsigned seed)
    {
        std::mt19937_64 dice{seed};
        for (std::size_t i = 0; i < requests / requests_at_once; ++i) {
            const std::size_t which = dice() % count_;
            const bool is_answered = i % 2 == 0 ? co_await authenticate(which)
                                                : co_await report_usage(which, dice() % 1'000'000);
            if (!is_answered) ++figures_.failed;
        }
    }

    asio::awaitable<bool> authenticate(std::size_t which)
    {
        const domain::Session& session = sessions_[which];
        const domain::SessionDevice& device = session.devices.front();
        radius::Authenticator random{};
        random_.fill(random);
        const sim::LoginAttempt attempt{
            device.mac, *device.ip, session.user_name, session.password, "http-pap"};
        const auto request = sim::access_request(
            nas_of(branch_of(which)), attempt, acct_session_ids_[which],
            static_cast<std::uint8_t>(which), random, secret_, true);
        const auto reply = co_await radius_[branch_of(which)]->exchange(
            sim::RadiusService::authentication, request.octets, 3'000ms, 3);
        if (!reply) co_return false;
        const auto answer = sim::read_answer(*reply, request, secret_, true);
        co_return answer.fault == sim::AnswerFault::none&& answer.code ==
            radius::Code::access_accept;
    }

    asio::awaitable<bool> report_usage(std::size_t which, std::uint64_t octets)
    {
        const domain::Session& session = sessions_[which];
        const domain::SessionDevice& device = session.devices.front();
        const std::string class_text = to_string(session.id);
        const ByteView class_octets = as_bytes(class_text);
        const SteadyTime now = clock_.steady_now();
        sim::AccountingEvent event{
            .kind = sim::AccountingKind::interim,
            .session =
                {.acct_session_id = acct_session_ids_[which],
                 .user_name = session.user_name,
                 .mac = device.mac,
                 .ip = *device.ip,
                 .class_ = {class_octets.begin(), class_octets.end()},
                 .started_at = now - 60s,
                 .up_octets = octets,
                 .down_octets = octets * 9},
            .at = now};
        const auto request = sim::accounting_request(
            nas_of(branch_of(which)), event, 0s, clock_.utc_now(), static_cast<std::uint8_t>(which),
            secret_);
        const auto reply = co_await radius_[branch_of(which)]->exchange(
            sim::RadiusService::accounting, request.octets, 3'000ms, 3);
        if (!reply) co_return false;
        const auto answer = sim::read_answer(*reply, request, secret_, false);
        co_return answer.fault == sim::AnswerFault::none&& answer.code ==
            radius::Code::accounting_response;
    }

    std::size_t count_;
    asio::io_context io_{1};
    adapters::SystemClock clock_{io_.get_executor()};
    adapters::SystemRandom random_;
    tests::TemporaryFolder folder_;
    tests::ServedIwas iwas_{
        folder_, fmt::format("[timing]\nrouter_compare_seconds = {}\n", compare_every.count())};
    radius::SharedSecret secret_{SecretText{std::string{radius_secret}}};
    AcceptingRadius accepting_;
    sim::Line line_{1};
    std::vector<std::unique_ptr<sim::UdpRadiusTransport>> radius_ = radius_of_branches(
        io_.get_executor(), iwas_.authentication_port(), iwas_.accounting_port(), clock_, line_);
    std::vector<std::unique_ptr<Router>> routers_;
    std::vector<domain::Session> sessions_;
    std::vector<std::string> acct_session_ids_;
    Figures figures_;
};

void print(std::size_t count, const Figures& figures)
{
    fmt::print(
        "{:>7} sessions: ready after {} ms, first Access-Accept after {} ms, {} ms of "
        "processor time\n"
        "    memory in MiB: at the start {:.0f} (most {:.0f}, anonymous {:.0f}), after {} requests "
        "{:.0f} (most {:.0f}), after comparing the routers {:.0f} (most {:.0f})\n"
        "    {:.0f} requests/s, {} failed\n",
        count, figures.ready.count(), figures.answered.count(), figures.processor.count(),
        figures.at_start.resident, figures.at_start.resident_most, figures.at_start.anonymous,
        requests, figures.after_load.resident, figures.after_load.resident_most,
        figures.after_compare.resident, figures.after_compare.resident_most,
        static_cast<double>(requests) / figures.load_seconds, figures.failed);
    std::fflush(stdout);
}

int run(std::size_t count)
{
    const auto measure = [](std::size_t sessions) {
        const Figures figures = OpenSessions{sessions}.run();
        print(sessions, figures);
        return figures;
    };
    const Figures small = measure(few);
    const Figures large = measure(count);
    const double most = large.after_compare.resident_most;
    const bool is_met = most <= memory_max_mib && large.answered <= start_max &&
                        large.failed == 0 && small.failed == 0;
    fmt::print(
        "{} sessions against {}: {:.1f} times the memory ({:.0f} MiB at most, wanted: {:.0f}), "
        "{:.1f} times the start ({:.2f} s, wanted: {}); {:.2f} KiB a session\n",
        count, few, most / small.after_compare.resident_most, most, memory_max_mib,
        static_cast<double>(large.answered.count()) / static_cast<double>(small.answered.count()),
        static_cast<double>(large.answered.count()) / 1'000, start_max.count(),
        (most - small.after_compare.resident_most) * 1'024 / static_cast<double>(count - few));
    return is_met ? 0 : 1;
}

} // namespace
} // namespace iwas::bench

int main(int argc, char** argv)
try {
    const int count = argc > 1 ? std::atoi(argv[1]) : 100'000;
    if (count <= 1'000 || count > 1'000'000) {
        fmt::print(stderr, "usage: iwas_bench_open_sessions [SESSIONS 1001-1000000]\n");
        return 2;
    }
    return iwas::bench::run(static_cast<std::size_t>(count));
} catch (const std::exception& error) {
    fmt::print(stderr, "iwas_bench_open_sessions: {}\n", error.what());
    return 1;
}
