#include "sim/world/day_end.hpp"

#include "sim/world/cafe.hpp"
#include "sim/world/forger.hpp"
#include "workflows/local_days.hpp"
#include "workflows/reconcile.hpp"

#include <fmt/format.h>

namespace iwas::sim {

using domain::Difference;
using domain::LocalDay;
using ports::JobKind;

namespace {

/// What is younger is not compared (ReconcileLimits::settles).
constexpr Seconds settles{300};
constexpr int stored_max = 100'000;

ports::Job job_for(World& world, std::chrono::year_month_day date, SimRandom& random)
{
    const UtcTime now = world.clock().utc_now();
    return {
        .id = random.make_id<domain::JobId>(now),
        .kind = JobKind::reconcile,
        .target = cafe_organization.text(),
        .detail = workflows::detail_of({.day = date, .subject = std::nullopt}),
        .due_at = now};
}

class DayEnd {
public:
    DayEnd(World& world, const DayEndPlan& plan, SimRandom& random)
        : world_{world}, plan_{plan}, random_{random},
          audit_{
              world.auditor(), world.gateways(), world.pc(), world.catalog(),
              [&world](std::string rule) { world.auditor().broke(std::move(rule)); }}
    {
    }

    DayEndReport run();

private:
    void let_settle();
    void wait_for_jobs();
    void ask_for_all();
    void run_through_trouble();
    void run_again();
    [[nodiscard]] bool has_job();
    [[nodiscard]] std::vector<LocalDay> days();
    [[nodiscard]] std::vector<TrueDifference> truth();
    [[nodiscard]] std::vector<Difference> stored();
    [[nodiscard]] std::set<domain::TransactionId> looked_for_by_themselves(Seconds within);
    [[nodiscard]] std::set<domain::TransactionId> late_debits(
        const std::vector<TrueDifference>& told);
    [[nodiscard]] std::size_t check_comparisons();

    World& world_;
    const DayEndPlan& plan_;
    SimRandom& random_;
    ReconciliationAudit audit_;
};

/// Until the last change of any book is old enough to be compared.
void DayEnd::let_settle()
{
    UtcTime last = world_.clock().utc_now() - world_.clock().elapsed();
    for (const auto& [id, txn] : world_.auditor().transactions())
        last = std::max({last, txn.updated_at, txn.created_at});
    for (const auto& [id, payment] : world_.auditor().money().recorded())
        last = std::max(last, payment.paid_at);
    for (const auto& [id, movement] : world_.gateways().model.movements())
        last = std::max(last, movement.listed.money.paid_at);
    const Milliseconds wait = last + settles + Seconds{1} - world_.clock().utc_now();
    if (wait > Milliseconds{0}) world_.run_for(std::chrono::ceil<Seconds>(wait));
}

std::vector<LocalDay> DayEnd::days()
{
    SimClock& clock = world_.clock();
    const UtcTime now = clock.utc_now();
    std::vector<LocalDay> found;
    LocalDay day = workflows::day_at(clock, now - clock.elapsed(), "");
    for (; day.from <= now; day = workflows::day_after(clock, day, "")) {
        found.push_back(day);
        found.back().to = std::min(day.to, now - settles);
        // The day has only just begun.
        if (found.back().to <= found.back().from) found.pop_back();
    }
    return found;
}

std::vector<TrueDifference> DayEnd::truth()
{
    std::vector<TrueDifference> truth;
    for (const LocalDay& day : days()) {
        const auto of_day = audit_.truth(day);
        truth.insert(truth.end(), of_day.begin(), of_day.end());
    }
    std::ranges::sort(truth);
    return truth;
}

std::vector<Difference> DayEnd::stored()
{
    auto found = world_.run(world_.store().find_differences({}, stored_max));
    if (!found) world_.auditor().broke("the differences cannot be read");
    return found.value_or(std::vector<Difference>{});
}

bool DayEnd::has_job()
{
    // The daily turn has no detail, and is always there.
    return std::ranges::any_of(world_.jobs(), [](const ports::Job& job) {
        return job.kind == JobKind::reconcile && !job.detail.empty();
    });
}

void DayEnd::wait_for_jobs()
{
    constexpr int rounds = 3 * 60 * 6; // a death costs three quarters of an hour
    for (int round = 0; round < rounds; ++round) {
        if (!has_job()) return;
        world_.run_for(Seconds{10});
    }
    world_.auditor().broke("reconciling does not end");
}

void DayEnd::ask_for_all()
{
    for (const LocalDay& day : days())
        ask_to_reconcile(world_, day.from, random_);
}

/// The first run, in which questions get no answer and IWAS may die. What it found may be little.
void DayEnd::run_through_trouble()
{
    Nature& nature = world_.nature();
    const Faults calm = nature.faults;
    nature.faults.gateway_request_lost = nature.faults.gateway_answer_lost = 0.1;
    nature.faults.pc_answer_lost = 0.1;
    nature.faults.store_refuses = nature.faults.store_silent = 0.04;
    ask_for_all();
    if (plan_.dies_after > 0) world_.crash_at_crossing(nature.crossings + plan_.dies_after);
    world_.run_for(Seconds{random_.between(20, 120)});
    nature.faults = calm;
    world_.crash_at_crossing(0);
    if (plan_.waits) wait_for_jobs();
}

/// Whose own jobs ask for money within that time.
std::set<domain::TransactionId> DayEnd::looked_for_by_themselves(Seconds within)
{
    const UtcTime until = world_.clock().utc_now() + within;
    std::set<domain::TransactionId> found;
    for (const ports::Job& job : world_.jobs())
        if ((job.kind == JobKind::watch_late_debit || job.kind == JobKind::resume_purchase) &&
            job.due_at <= until)
            found.insert(domain::TransactionId{job.subject});
    return found;
}

std::set<domain::TransactionId> DayEnd::late_debits(const std::vector<TrueDifference>& told)
{
    std::set<domain::TransactionId> late;
    for (const TrueDifference& each : told) {
        const bool is_late = each.subject.side == domain::OtherSide::pc_system &&
                             each.kind == domain::DifferenceKind::missing_here;
        if (!is_late) continue;
        for (const auto& [id, txn] : world_.auditor().transactions())
            if (domain::charge_reference(id) == each.reference) late.insert(id);
    }
    return late;
}

std::size_t DayEnd::check_comparisons()
{
    std::size_t count = 0;
    const auto open = stored();
    const std::size_t subjects = workflows::subjects_of(world_.catalog(), cafe_organization).size();
    for (const LocalDay& day : days()) {
        const std::string date = domain::to_text(day.date);
        const auto done = world_.run(world_.store().comparisons_of(cafe_organization, date));
        if (!done || done->size() != subjects) {
            world_.auditor().broke("not every side of " + date + " was compared");
            continue;
        }
        for (const ports::Comparison& each : *done) {
            ++count;
            const bool is_whole = each.outcome == ports::ComparisonOutcome::complete ||
                                  (each.subject.side == domain::OtherSide::pc_system &&
                                   !world_.pc().abilities.finds_charges &&
                                   each.outcome == ports::ComparisonOutcome::not_comparable);
            if (!is_whole)
                world_.auditor().broke(fmt::format(
                    "{} of {} was not compared: {}", each.subject.name, date, each.remark));
            audit_.check_figures(each, open);
        }
    }
    return count;
}

/// The same days once more, a while later: nothing changes.
void DayEnd::run_again()
{
    let_settle();
    const LedgerCopy before = audit_.ledger();
    const std::vector<Difference> found = stored();
    ask_for_all();
    wait_for_jobs();
    audit_.check_ledger(before, {});
    if (audit_.ledger().payments != before.payments)
        world_.auditor().broke("reconciling again took in money");
    std::map<domain::DifferenceId, Difference> by_id;
    for (const Difference& each : stored())
        by_id.emplace(each.id, each);
    bool is_same = by_id.size() == found.size();
    for (const Difference& each : found) {
        const auto now = by_id.find(each.id);
        is_same = is_same && now != by_id.end() && now->second.version == each.version &&
                  now->second.state == each.state;
    }
    if (!is_same) world_.auditor().broke("reconciling again changed what it had found");
}

DayEndReport DayEnd::run()
{
    constexpr std::chrono::hours quiet_within{30};
    // What was asked for while everything moved, and those who died with it.
    wait_for_jobs();
    if (!world_.run_until_quiet(quiet_within)) return {};
    let_settle();
    DayEndReport report{.forged = forge_books(world_, plan_.forged, random_)};
    if (plan_.forge) plan_.forge();
    const std::vector<TrueDifference> told = truth();
    const LedgerCopy before = audit_.ledger();
    const auto by_itself =
        looked_for_by_themselves(plan_.has_trouble ? std::chrono::hours{100} : Seconds{120});

    if (plan_.has_trouble) run_through_trouble();
    ask_for_all();
    wait_for_jobs();
    if (!world_.run_until_quiet(quiet_within)) return report;
    audit_.check_found(told, stored(), by_itself);
    audit_.check_ledger(before, late_debits(told));

    run_again();
    audit_.check_open(truth(), stored());
    report.runs = check_comparisons();
    for (const Difference& each : stored()) {
        ++report.found;
        if (each.state == domain::DifferenceState::open) ++report.open;
    }
    return report;
}

} // namespace

void ask_to_reconcile(World& world, UtcTime time, SimRandom& random)
{
    const LocalDay day = workflows::day_at(world.clock(), time, "");
    const auto offered = world.run(world.store().offer_job(job_for(world, day.date, random)));
    if (!offered) world.auditor().broke("a comparison cannot be asked for");
}

awaitable<void> reconcile_in_between(World& world, SimRandom random)
{
    while (!world.is_calm()) {
        const SteadyTime at =
            world.clock().steady_now() + random.between(Seconds{200}, Seconds{1'500});
        co_await world.clock().sleep_until(at);
        if (world.is_calm()) co_return;
        const LocalDay day = workflows::day_at(world.clock(), world.clock().utc_now(), "");
        ports::Job job = job_for(world, day.date, random);
        (void)co_await world.store().offer_job(std::move(job));
    }
}

DayEndReport end_days(World& world, const DayEndPlan& plan, SimRandom& random)
{
    return DayEnd{world, plan, random}.run();
}

} // namespace iwas::sim
