// Measures the store: accounting, the purchase path, and reading all open sessions.
#include "adapters/store/store.hpp"

#include "tests/support/sold_session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <semaphore>
#include <sys/resource.h>
#include <thread>
#include <vector>

namespace {

using namespace iwas;
using namespace iwas::domain;
using namespace iwas::testing_support;
using Clock = std::chrono::steady_clock;

constexpr std::ptrdiff_t records_in_air_max = 4'096;

double seconds_since(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

double processor_seconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Transaction transaction_of(std::uint64_t number)
{
    return pending_transaction(
        {.number = number,
         .account = number,
         .location = LocationId::trusted(fmt::format("branch-{}", number % 50)),
         .router = RouterId::trusted(fmt::format("router-{}", number % 50)),
         .mac = mac_of(static_cast<std::uint32_t>(number))});
}

AccountingRecord record_of(const Session& session, std::uint64_t number, Seconds session_time)
{
    const auto status = session_time == 0s ? AccountingStatus::start : AccountingStatus::interim;
    AccountingRecord record = accounting_of(
        session, status, fmt::format("{:08x}", number), session_time,
        static_cast<std::uint64_t>(session_time.count()) * 10'000);
    record.ip = Ipv4Address{0x0A'32'00'00U + static_cast<std::uint32_t>(number)};
    return record;
}

/// The sessions with the numbers from `first`.
std::vector<Session> sessions_from(std::uint64_t first, std::uint64_t count)
{
    std::vector<Session> sessions;
    for (std::uint64_t i = 0; i < count; ++i)
        sessions.push_back(session_of(transaction_of(first + i)));
    return sessions;
}

/// Fills the journal with `count` records as fast as it takes them.
void account(ports::Store& store, const std::vector<Session>& sessions, std::uint64_t count)
{
    std::counting_semaphore<records_in_air_max> in_air{records_in_air_max};
    std::atomic<std::uint64_t> durable{0};
    const double processor_before = processor_seconds();
    const auto begin = Clock::now();
    for (std::uint64_t i = 0; i < count; ++i) {
        const Seconds at{static_cast<std::int64_t>(60 * (i / sessions.size()))};
        const std::uint64_t which = i % sessions.size();
        in_air.acquire();
        store.submit(record_of(sessions[which], which, at), [&](ports::Journaled what) {
            if (what == ports::Journaled::durable) ++durable;
            in_air.release();
        });
    }
    for (std::ptrdiff_t i = 0; i < records_in_air_max; ++i)
        in_air.acquire();
    const double took = seconds_since(begin);
    fmt::print(
        "accounting: {:.0f} records/s, {:.1f} us of processor a record, {} of {} durable\n",
        static_cast<double>(count) / took,
        (processor_seconds() - processor_before) * 1e6 / static_cast<double>(count), durable.load(),
        count);
}

boost::asio::awaitable<void> purchase(
    ports::Store& store, std::uint64_t number, std::vector<double>& delays)
{
    const auto begin = Clock::now();
    ports::PurchaseIntent intent;
    intent.transaction = transaction_of(number);
    intent.idempotency_key = "k";
    intent.capacity = 1'000'000;
    intent.purchases_per_day_max = 10;
    intent.day_start = noon - 12h;
    intent.resume.id = id_of<JobId>(number);
    intent.resume.subject = intent.transaction.id.value();
    intent.resume.due_at = noon + 30s;
    intent.resume.lease_until = noon + 60s;
    auto opened = co_await store.open_purchase(std::move(intent));
    if (!opened) throw std::runtime_error("a purchase did not open");

    ports::Step paid;
    paid.transaction = opened->transaction;
    paid.transaction->state = TransactionState::success;
    paid.transaction->charge_id = "charge";
    paid.session = session_of(opened->transaction);
    paid.actor = "pc_system";
    paid.now = noon;
    const auto kept = co_await store.commit(paid);
    if (!kept) throw std::runtime_error("a payment was not kept");

    ports::Step active;
    active.session = activated(*paid.session, noon);
    active.session->version = kept->session_version;
    active.finished.push_back(id_of<JobId>(number));
    active.actor = "router";
    active.now = noon;
    const auto done = co_await store.commit(active);
    if (!done) throw std::runtime_error("an activation was not kept");
    delays.push_back(seconds_since(begin) * 1'000);
}

/// `count` purchases at `rate` a second, each started when it is due.
void buy(
    ports::Store& store, boost::asio::io_context& io, const char* title, std::uint64_t first,
    std::uint64_t count, double rate)
{
    std::vector<double> delays;
    std::exception_ptr failure;
    const auto pace = [&]() -> boost::asio::awaitable<void> {
        boost::asio::steady_timer timer{io};
        const auto begin = Clock::now();
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::chrono::duration<double> due{static_cast<double>(i) / rate};
            timer.expires_at(begin + std::chrono::duration_cast<Clock::duration>(due));
            co_await timer.async_wait(boost::asio::use_awaitable);
            boost::asio::co_spawn(
                io, purchase(store, first + i, delays), [&](std::exception_ptr error) {
                    if (error) failure = error;
                });
        }
    };
    boost::asio::co_spawn(io, pace(), [](std::exception_ptr) {});
    io.restart();
    io.run();
    if (failure) std::rethrow_exception(failure);
    std::ranges::sort(delays);
    const auto at = [&](std::size_t percent) { return delays[delays.size() * percent / 100]; };
    fmt::print(
        "{}: {} at {:.0f}/s, p50 {:.2f} ms, p90 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms\n", title,
        delays.size(), rate, at(50), at(90), at(99), delays.back());
}

void fill_sessions(ports::Store& store, boost::asio::io_context& io, std::uint64_t count)
{
    std::uint64_t next = 10'000'000;
    const std::uint64_t end = next + count;
    const auto fill = [&]() -> boost::asio::awaitable<void> {
        while (next < end) {
            ports::Step step;
            step.session = activated(session_of(transaction_of(next++)), noon);
            step.actor = "system";
            step.now = noon;
            const auto kept = co_await store.commit(step);
            if (!kept) throw std::runtime_error("a session was not kept");
        }
    };
    for (int i = 0; i < 200; ++i)
        boost::asio::co_spawn(io, fill(), [](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
        });
    io.restart();
    const auto begin = Clock::now();
    io.run();
    fmt::print("commit: {:.0f} sessions/s\n", static_cast<double>(count) / seconds_since(begin));
}

void read_sessions(ports::Store& store, boost::asio::io_context& io)
{
    std::size_t found = 0;
    const auto read = [&]() -> boost::asio::awaitable<void> {
        for (SessionId after;;) {
            const auto page = co_await store.open_sessions_after(after, 2'000);
            if (!page || page->empty()) co_return;
            found += page->size();
            after = page->back().id;
        }
    };
    boost::asio::co_spawn(io, read(), [](std::exception_ptr) {});
    io.restart();
    const auto begin = Clock::now();
    io.run();
    fmt::print("open sessions: {} read in {:.2f} s\n", found, seconds_since(begin));
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 2) {
        fmt::print(stderr, "usage: iwas_bench_store URL_OF_AN_EMPTY_DATABASE\n");
        return 2;
    }
    boost::asio::io_context io;
    const auto store = adapters::open_store({
        .url = argv[1],
        .keys = *adapters::KeyRing::parse(adapters::KeyRing::generate("bench").reveal()),
        .io = io.get_executor(),
    });
    const auto accounted = sessions_from(1, 20'000);
    account(*store, accounted, 100'000);
    buy(*store, io, "purchase", 1'000'000, 2'000, 200);
    {
        std::jthread router{[&](const std::stop_token& stop) {
            for (std::uint64_t i = 0; !stop.stop_requested(); ++i) {
                const std::uint64_t which = i % accounted.size();
                const Seconds at{static_cast<std::int64_t>(3'600 + i)};
                store->submit(record_of(accounted[which], which, at), [](ports::Journaled) {});
                if (i % 20 == 0) std::this_thread::sleep_for(10ms);
            }
        }};
        buy(*store, io, "purchase under accounting", 2'000'000, 2'000, 200);
    }
    fill_sessions(*store, io, 100'000);
    read_sessions(*store, io);
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "iwas_bench_store: {}\n", error.what());
    return 1;
}
