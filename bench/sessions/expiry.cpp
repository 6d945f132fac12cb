// How late the Disconnect-Requests of sessions leave whose time is up: the real program on SQLite
// with full durability, 50 MikroTik-like routers on loopback, every device logged in through RADIUS
// and accounted for. A session counts from its due moment to the kernel's arrival stamp of its
// Disconnect-Request. Beside it, in the same run: as many bare timers that send one datagram each.
//
// Usage: iwas_bench_expiry [SESSIONS [SECONDS]]   defaults 10000 and 10

#include "adapters/clock/system_clock.hpp"
#include "adapters/clock/system_random.hpp"
#include "bench/sessions/router.hpp"
#include "bench/sessions/served.hpp"
#include "tests/support/served_iwas.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <deque>
#include <thread>
#include <unordered_map>

namespace iwas::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using std::chrono::nanoseconds;

constexpr double wanted_share = 0.99;
constexpr double wanted_within_ms = 250;
constexpr double latest_ms = 5'000;
/// What two clock readings may differ by; less than this too soon is not early.
constexpr double clock_error_ms = 3;
constexpr unsigned logins_at_once = 200;
/// A session without a Disconnect-Request so long after the last one was due is missing.
constexpr Seconds patience{15};

struct Lateness {
    std::vector<double> ms; // sorted
    std::size_t early = 0;

    explicit Lateness(std::vector<double> values) : ms{std::move(values)}
    {
        std::ranges::sort(ms);
        early = static_cast<std::size_t>(
            std::ranges::count_if(ms, [](double each) { return each < -clock_error_ms; }));
    }
    [[nodiscard]] double worst() const { return ms.empty() ? 0 : ms.back(); }
    [[nodiscard]] std::size_t within(double limit_ms) const
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(ms, [&](double each) { return each <= limit_ms; }));
    }
};

double ms_between(nanoseconds due, nanoseconds at)
{
    return std::chrono::duration<double, std::milli>(at - due).count();
}

nanoseconds unix_now()
{
    return std::chrono::system_clock::now().time_since_epoch();
}

/// The baseline: timers that each send one datagram, evenly within `within`.
class BareTimers {
public:
    Lateness run(std::size_t count, Seconds within)
    {
        stamp_arrivals(to_);
        receive();
        const nanoseconds begin = unix_now() + nanoseconds{500ms};
        for (std::size_t i = 0; i < count; ++i) {
            due_.push_back(begin + nanoseconds{within} / count * i);
            timers_.emplace_back(io_, due_.back() - unix_now());
            timers_.back().async_wait([this, i](boost::system::error_code) {
                boost::system::error_code ignored;
                from_.send_to(asio::buffer(&i, sizeof i), to_.local_endpoint(), 0, ignored);
            });
        }
        io_.run_for(within + 2s);
        return Lateness{std::move(late_ms_)};
    }

private:
    void receive()
    {
        to_.async_wait(udp::socket::wait_read, [this](boost::system::error_code) {
            std::size_t which = 0;
            while (const auto arrival =
                       take_datagram(to_, {reinterpret_cast<std::uint8_t*>(&which), sizeof which}))
                late_ms_.push_back(ms_between(due_.at(which), arrival->unix_time));
            receive();
        });
    }

    asio::io_context io_{1};
    udp::socket from_{io_, udp::endpoint{asio::ip::address_v4::loopback(), 0}};
    udp::socket to_{io_, udp::endpoint{asio::ip::address_v4::loopback(), 0}};
    std::vector<nanoseconds> due_;
    std::deque<asio::steady_timer> timers_;
    std::vector<double> late_ms_;
};

class Expiry {
public:
    Expiry(std::size_t count, Seconds within) : count_{count}, within_{within} {}

    /// False when not everything came to its end. Throws when the run is worth nothing, because
    /// the machine is too busy.
    bool run()
    {
        prepare();
        iwas_.start();
        const auto ready =
            wait_until_ready(iwas_.http_port(), SteadyTime::clock::now(), Seconds{30});
        if (!ready) throw std::runtime_error{"iwas serve was not ready: " + iwas_.log()};
        asio::co_spawn(io_, conduct(), [&](std::exception_ptr error) {
            io_.stop();
            if (error) std::rethrow_exception(error);
        });
        io_.run();
        iwas_.stop();
        return report();
    }

    [[nodiscard]] bool is_met(const Lateness& lateness) const
    {
        const bool is_share_met = static_cast<double>(lateness.within(wanted_within_ms)) >=
                                  wanted_share * static_cast<double>(count_);
        return is_share_met && lateness.worst() <= latest_ms && lateness.early == 0 &&
               missing() == 0;
    }
    [[nodiscard]] std::size_t missing() const { return count_ - arrived_; }
    [[nodiscard]] Lateness lateness() const
    {
        std::vector<double> values;
        for (const auto& each : late_ms_)
            if (each) values.push_back(*each);
        return Lateness{std::move(values)};
    }
    [[nodiscard]] const tests::TemporaryFolder& folder() const { return folder_; }

private:
    void prepare()
    {
        std::vector<RouterPorts> ports;
        for (unsigned branch = 0; branch < branches; ++branch) {
            routers_.push_back(std::make_unique<Router>(
                io_.get_executor(), branch, clock_, random_, *radius_[branch],
                [this](std::string_view user, nanoseconds at, bool is_ack) {
                    note(user, at, is_ack);
                }));
            routers_.back()->start();
            ports.push_back(routers_.back()->router_ports());
        }
        iwas_.apply(cafe_file(ports));

        // Time to write them, to start the program and to log everybody in.
        const auto each = static_cast<std::int64_t>(count_);
        const Milliseconds to_log_in{8'000 + each / 2};
        first_due_ = clock_.utc_now() + Milliseconds{2'000 + each / 2} + to_log_in;
        sessions_ = running_sessions(count_, [this](std::size_t i) { return due_of(i); });
        late_ms_.resize(count_);
        for (std::size_t i = 0; i < count_; ++i)
            by_user_name_.emplace(sessions_[i].user_name, i);
        fill({iwas_.database(), iwas_.key_file(), sessions_, {}});
        std::this_thread::sleep_until(first_due_ - to_log_in);
    }

    [[nodiscard]] UtcTime due_of(std::size_t i) const
    {
        return first_due_ + Milliseconds{within_} * i / count_;
    }

    void note(std::string_view user_name, nanoseconds at, bool is_ack)
    {
        const auto found = by_user_name_.find(std::string{user_name});
        if (found == by_user_name_.end()) {
            ++strange_;
            return;
        }
        if (!is_ack) ++refused_;
        std::optional<double>& late = late_ms_[found->second];
        if (late) {
            ++repeated_;
            return;
        }
        late = ms_between(nanoseconds{due_of(found->second).time_since_epoch()}, at);
        ++arrived_;
    }

    asio::awaitable<void> log_in_all(std::size_t& next)
    {
        while (next < count_) {
            const std::size_t i = next++;
            const bool is_in = co_await routers_[branch_of(i)]->log_in(sessions_[i]);
            if (!is_in) ++not_logged_in_;
            ++logged_in_;
        }
    }

    /// Waits until the routers' records have been acknowledged `wanted` times, or `by`.
    asio::awaitable<void> wait_for_records(std::size_t wanted, UtcTime by)
    {
        while (clock_.utc_now() < by) {
            std::size_t answered = 0;
            for (const auto& router : routers_)
                answered += router->model().statistics().accounting_answered;
            if (answered >= wanted) co_return;
            co_await clock_.sleep_until(clock_.steady_now() + 10ms);
        }
    }

    /// What else uses the disk and the processor shows here.
    void probe_disk(const std::stop_token& stop)
    {
        DiskProbe disk{folder_.path()};
        while (!stop.stop_requested()) {
            slowest_flush_ms_ = std::max(slowest_flush_ms_, disk.flush_ms());
            const SteadyTime wake_at = SteadyTime::clock::now() + 20ms;
            std::this_thread::sleep_until(wake_at);
            const std::chrono::duration<double, std::milli> overslept =
                SteadyTime::clock::now() - wake_at;
            latest_wake_ms_ = std::max(latest_wake_ms_, overslept.count());
        }
    }

    asio::awaitable<void> conduct()
    {
        std::size_t next = 0;
        for (unsigned i = 0; i < logins_at_once; ++i)
            asio::co_spawn(io_, log_in_all(next), [](std::exception_ptr error) {
                if (error) std::rethrow_exception(error);
            });
        while (logged_in_ < count_ && clock_.utc_now() < first_due_)
            co_await clock_.sleep_until(clock_.steady_now() + 10ms);
        co_await wait_for_records(count_, first_due_);
        in_time_by_ = first_due_ - clock_.utc_now();
        if (in_time_by_ <= 0s)
            throw std::runtime_error{
                "the devices were not logged in before the first end: the machine is too busy"};

        const Milliseconds left = first_due_ - clock_.utc_now();
        co_await clock_.sleep_until(clock_.steady_now() + left);
        const auto used_before = processor_time_of(iwas_.id());
        const UtcTime last_due = first_due_ + within_;
        const std::jthread probe{[this](const std::stop_token& stop) { probe_disk(stop); }};
        while (clock_.utc_now() < last_due + patience && (arrived_ < count_))
            co_await clock_.sleep_until(clock_.steady_now() + 10ms);
        co_await wait_for_records(2 * count_, clock_.utc_now() + patience);
        // The last close is verified and its job finished just after its Stop.
        co_await clock_.sleep_until(clock_.steady_now() + 1s);
        used_ = processor_time_of(iwas_.id()) - used_before;
        for (const auto& router : routers_) {
            online_ += router->model().hotspot().active().size();
            dropped_ += router->dropped();
            lost_records_ += router->model().statistics().accounting_lost;
            co_await router->stop();
        }
    }

    bool report()
    {
        const std::size_t open = open_sessions(iwas_.database(), iwas_.key_file());
        fmt::print(
            "devices: {} logged in over RADIUS, {} not, done {} ms before the first end\n"
            "routers: {} Disconnect-Requests unanswered for their authenticator, {} refused, {} "
            "repeated, {} of nobody; {} devices still online, {} accounting records lost\n"
            "iwas: {} sessions still open, {:.2f} ms of processor time an end\n"
            "machine: meanwhile an fdatasync took up to {:.1f} ms, a thread woke up to {:.1f} ms "
            "late\n",
            logged_in_ - not_logged_in_, not_logged_in_, in_time_by_.count(), dropped_, refused_,
            repeated_, strange_, online_, lost_records_, open,
            static_cast<double>(used_.count()) / static_cast<double>(count_), slowest_flush_ms_,
            latest_wake_ms_);
        return not_logged_in_ == 0 && dropped_ == 0 && online_ == 0 && open == 0 &&
               lost_records_ == 0;
    }

    std::size_t count_;
    Seconds within_;
    asio::io_context io_{1};
    adapters::SystemClock clock_{io_.get_executor()};
    adapters::SystemRandom random_;
    tests::TemporaryFolder folder_;
    tests::ServedIwas iwas_{folder_};
    sim::Line line_{1};
    std::vector<std::unique_ptr<sim::UdpRadiusTransport>> radius_ = radius_of_branches(
        io_.get_executor(), iwas_.authentication_port(), iwas_.accounting_port(), clock_, line_);
    std::vector<std::unique_ptr<Router>> routers_;

    UtcTime first_due_;
    std::vector<domain::Session> sessions_;
    std::unordered_map<std::string, std::size_t> by_user_name_;
    std::vector<std::optional<double>> late_ms_;
    std::size_t arrived_ = 0;
    std::size_t refused_ = 0;
    std::size_t repeated_ = 0;
    std::size_t strange_ = 0;
    std::size_t logged_in_ = 0;
    std::size_t not_logged_in_ = 0;
    std::size_t online_ = 0;
    double slowest_flush_ms_ = 0;
    double latest_wake_ms_ = 0;
    std::uint64_t dropped_ = 0;
    std::uint64_t lost_records_ = 0;
    Milliseconds in_time_by_{0};
    std::chrono::milliseconds used_{0};
};

int run(std::size_t count, Seconds within)
{
    Expiry expiry{count, within};
    DiskProbe disk{expiry.folder().path()};
    const auto flushes = disk.flushes_ms(200);
    fmt::print(
        "disk: fdatasync p50 {:.2f} ms, p99 {:.2f} ms\n", quantile(flushes, 0.5),
        quantile(flushes, 0.99));
    const Lateness bare = BareTimers{}.run(count, within);
    fmt::print(
        "bare timers: {} in {} s, late p50 {:.2f} ms, p99 {:.2f} ms, most {:.2f} ms\n",
        bare.ms.size(), within.count(), quantile(bare.ms, 0.5), quantile(bare.ms, 0.99),
        bare.worst());
    std::fflush(stdout);

    const bool is_sound = expiry.run();
    const Lateness late = expiry.lateness();
    const double p99 = quantile(late.ms, 0.99);
    fmt::print(
        "Disconnect-Requests: {} in {} s, late p50 {:.2f} ms, p99 {:.2f} ms, most {:.2f} ms; "
        "{} missing, {} early\n"
        "within {:.0f} ms: {:.2f} % (wanted: 99), after 5 s: {} (wanted: 0)\n"
        "p99 is {:.1f} times the bare timers' and {:.1f} times a flush of the disk\n",
        late.ms.size(), within.count(), quantile(late.ms, 0.5), p99, late.worst(), expiry.missing(),
        late.early, wanted_within_ms,
        100.0 * static_cast<double>(late.within(wanted_within_ms)) / static_cast<double>(count),
        late.ms.size() - late.within(latest_ms), p99 / quantile(bare.ms, 0.99),
        p99 / quantile(flushes, 0.5));
    return is_sound && expiry.is_met(late) ? 0 : 1;
}

} // namespace
} // namespace iwas::bench

int main(int argc, char** argv)
try {
    const int count = argc > 1 ? std::atoi(argv[1]) : 10'000;
    const int seconds = argc > 2 ? std::atoi(argv[2]) : 10;
    if (count < 1 || count > 100'000 || seconds < 1 || seconds > 600) {
        fmt::print(stderr, "usage: iwas_bench_expiry [SESSIONS 1-100000 [SECONDS 1-600]]\n");
        return 2;
    }
    return iwas::bench::run(static_cast<std::size_t>(count), iwas::Seconds{seconds});
} catch (const std::exception& error) {
    fmt::print(stderr, "iwas_bench_expiry: {}\n", error.what());
    return 1;
}
