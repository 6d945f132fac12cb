// iwas-simulate: runs simulated worlds, as many seeds as wanted, or tells the story of one.
#include "sim/world/run.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <chrono>
#include <optional>

namespace {

struct Wanted {
    std::uint64_t seeds = 100;
    std::uint64_t from = 1;
    std::optional<std::uint64_t> seed;
    bool is_verbose = false;
};

void print_money(std::size_t payments, const iwas::sim::MoneySums& money)
{
    fmt::print(
        "gateways and banks: {} payments, received {} = granted {} + returned {} + kept as credit "
        "{} + queued {} + dismissed {}\n",
        payments, money.received.vnd(), money.granted.vnd(), money.returned.vnd(),
        money.credited.vnd(), money.queued.vnd(), money.dismissed.vnd());
}

void print_days(const iwas::sim::DayEndReport& days)
{
    fmt::print(
        "reconciled: {} times a day with another side, {} differences made, {} found, of them {} "
        "left open\n",
        days.runs, days.forged, days.found, days.open);
}

void print_staff(const iwas::sim::StaffCounts& staff)
{
    fmt::print(
        "staff: {} purchases refunded, whole or in part; of the queue {} given back by hand, {} "
        "attached to orders, {} dismissed\n",
        staff.refunds, staff.by_hand, staff.attached, staff.dismissed);
}

void print_broken(const iwas::sim::RunReport& report)
{
    fmt::print("seed {} broke {} rules:\n", report.seed, report.broken.size());
    for (const std::string& rule : report.broken)
        fmt::print("  {}\n", rule);
    fmt::print("  replay: {}\n", iwas::sim::replay_command(report.seed));
}

int run_one(std::uint64_t seed, bool is_verbose)
{
    std::function<void(std::string)> listener;
    if (is_verbose) listener = [](const std::string& line) { fmt::print("{}\n", line); };
    const auto report = iwas::sim::run_seed(seed, std::move(listener));
    fmt::print(
        "seed {}: {} steps, {} port crossings, {} purchases, {} sessions, {} starts of IWAS\n",
        seed, report.steps, report.crossings, report.transactions, report.sessions, report.lives);
    if (!report.broken.empty()) print_broken(report);
    return report.broken.empty() ? 0 : 1;
}

int run_many(const Wanted& wanted)
{
    const auto begun = std::chrono::steady_clock::now();
    std::uint64_t failing = 0;
    std::uint64_t crossings = 0;
    std::size_t purchases = 0;
    std::size_t lives = 0;
    std::size_t payments = 0;
    iwas::sim::MoneySums money;
    iwas::sim::DayEndReport days;
    iwas::sim::StaffCounts staff;
    std::size_t one_tap = 0;
    for (std::uint64_t seed = wanted.from; seed < wanted.from + wanted.seeds; ++seed) {
        const auto report = iwas::sim::run_seed(seed);
        crossings += report.crossings;
        purchases += report.transactions;
        lives += report.lives;
        payments += report.payments;
        money += report.money;
        days += report.days;
        staff += report.staff;
        one_tap += report.one_tap;
        if (report.broken.empty()) continue;
        ++failing;
        print_broken(report);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    fmt::print(
        "{} seeds in {:.1f} s ({:.1f} a second): {} purchases, {} port crossings, {} starts of "
        "IWAS, {} seeds failed\n",
        wanted.seeds, took.count(), static_cast<double>(wanted.seeds) / took.count(), purchases,
        crossings, lives, failing);
    print_money(payments, money);
    print_days(days);
    print_staff(staff);
    fmt::print("kept wallets: {} purchases with one tap\n", one_tap);
    return failing == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    Wanted wanted;
    CLI::App app{"Runs IWAS in simulated cafés under virtual time, faults and crashes."};
    app.add_option("--seeds", wanted.seeds, "How many seeds to run")->capture_default_str();
    app.add_option("--from", wanted.from, "The first seed")->capture_default_str();
    app.add_option("--seed", wanted.seed, "Run this seed alone");
    app.add_flag("--verbose", wanted.is_verbose, "Tell what happens (with --seed)");
    CLI11_PARSE(app, argc, argv);

    // One thread, and nobody reads SQLite's counters: its locks would be for nothing.
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    // Coroutines of a dead IWAS end with an exception; the log is not about them.
    spdlog::set_level(wanted.is_verbose ? spdlog::level::err : spdlog::level::off);
    return wanted.seed ? run_one(*wanted.seed, wanted.is_verbose) : run_many(wanted);
}
