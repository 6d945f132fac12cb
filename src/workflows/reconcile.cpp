#include "workflows/reconcile.hpp"

#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "workflows/local_days.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>

// Difference: open -> explained | corrected | dismissed;  corrected -> open (it differs again)
//
// The order of a comparison is always the same: ask the other side, keep what differs, take in what
// is missing here as a notice would have brought it, ask for the refunds, count where the money is.
// A crash anywhere costs nothing but the questions: the next run finds the same differences.

namespace iwas::workflows {

using domain::Difference;
using domain::DifferenceState;
using domain::LocalDay;
using domain::Organization;
using domain::OtherSide;
using domain::ReconciliationSubject;
using ports::Comparison;
using ports::ComparisonOutcome;

namespace {

constexpr std::string_view reconciler = "reconciliation";

/// The same on every node; the daily job is the order for nothing in particular.
domain::JobId reconcile_job_id(
    const domain::OrganizationId& organization, const std::string& detail)
{
    const std::string separator = detail.empty() ? "" : "\n";
    const Sha256Digest digest = sha256(
        {as_bytes("reconcile "), as_bytes(organization.text()), as_bytes(separator),
         as_bytes(detail)});
    const auto half = [&](std::size_t at) {
        return std::uint64_t{load_be32(digest, at)} << 32 | load_be32(digest, at + 4);
    };
    return domain::JobId{Ulid{half(0), half(8)}};
}

} // namespace

std::string detail_of(const ReconcileOrder& order)
{
    std::string detail = order.day ? domain::to_text(*order.day) : std::string{};
    if (order.day && order.subject)
        detail.append(" ")
            .append(to_text(order.subject->side))
            .append(" ")
            .append(order.subject->name);
    return detail;
}

std::optional<ReconcileOrder> reconcile_order_in(std::string_view detail)
{
    ReconcileOrder order;
    if (detail.empty()) return order;
    const std::size_t first = detail.find(' ');
    order.day = domain::date_from(detail.substr(0, first));
    if (!order.day) return std::nullopt;
    if (first == std::string_view::npos) return order;
    const std::size_t second = detail.find(' ', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto side = domain::other_side_from(detail.substr(first + 1, second - first - 1));
    if (!side || second + 1 == detail.size()) return std::nullopt;
    order.subject = {*side, std::string{detail.substr(second + 1)}};
    return order;
}

ports::Job reconcile_job(
    const domain::OrganizationId& organization, const ReconcileOrder& order, UtcTime now)
{
    std::string detail = detail_of(order);
    return {
        .id = reconcile_job_id(organization, detail),
        .kind = ports::JobKind::reconcile,
        .subject = Ulid::make(now, 0, 0),
        .target = organization.text(),
        .detail = std::move(detail),
        .due_at = now};
}

awaitable<Result<UtcTime, ports::StoreError>> ask_to_reconcile(
    ports::Jobs& jobs, domain::OrganizationId organization, ReconcileOrder order, UtcTime now)
{
    const ports::Job job = reconcile_job(organization, order, now);
    constexpr int tries_max = 3; // it may end between the two questions
    for (int tries = 0; tries < tries_max; ++tries) {
        const auto offered = co_await jobs.offer_job(job);
        if (!offered) co_return std::unexpected{offered.error()};
        if (*offered) co_return now;
        const auto known = co_await jobs.load_job(job.id);
        if (!known) co_return std::unexpected{known.error()};
        if (*known) co_return (*known)->subject.made_at();
    }
    co_return std::unexpected{ports::StoreError::unavailable};
}

std::vector<ReconciliationSubject> subjects_of(
    const domain::Catalog& catalog, const domain::OrganizationId& organization)
{
    std::vector<ReconciliationSubject> subjects;
    for (const auto& [id, account] : catalog.payment_accounts)
        if (account.organization == organization)
            subjects.push_back({OtherSide::gateway, id.text()});
    for (const auto& [id, system] : catalog.pc_systems) {
        const domain::Location* location = catalog.location(id);
        if (location && location->organization == organization)
            subjects.push_back({OtherSide::pc_system, id.text()});
    }
    return subjects;
}

Reconcile::Reconcile(Outside outside, PurchasePackage& purchases, ReconcileLimits limits)
    : outside_{outside}, purchases_{purchases}, limits_{limits}
{
}

awaitable<void> Reconcile::schedule()
{
    const auto catalog = outside_.catalog.current();
    for (const auto& [id, organization] : catalog->organizations) {
        // A turn that nobody took while IWAS stood still is due at once: the last day may be
        // missing.
        ports::Job job = reconcile_job(id, {}, outside_.clock.utc_now());
        (void)co_await outside_.store.offer_job(std::move(job));
    }
}

/// The next time that a day has ended and its late notices have come.
UtcTime Reconcile::next_turn(const Organization& organization) const
{
    const UtcTime now = outside_.clock.utc_now();
    const LocalDay today = day_at(outside_.clock, now, organization.time_zone);
    const UtcTime today_at = today.from + limits_.after_midnight;
    return now < today_at ? today_at : today.to + limits_.after_midnight;
}

awaitable<void> Reconcile::handle(ports::Job job)
{
    const auto catalog = outside_.catalog.current();
    const auto id = domain::OrganizationId::parse(job.target);
    const auto found = id ? catalog->organizations.find(*id) : catalog->organizations.end();
    const auto order = reconcile_order_in(job.detail);
    if (found == catalog->organizations.end() || !order) {
        (void)co_await outside_.store.finish_job(job.id);
        co_return;
    }
    Organization organization = found->second;
    if (order->day)
        co_await on_demand(std::move(job), std::move(organization), *order);
    else
        co_await daily(std::move(job), std::move(organization));
}

awaitable<void> Reconcile::hold(domain::JobId job)
{
    const UtcTime now = outside_.clock.utc_now();
    ports::Step step;
    step.held = {job, now + limits_.may_take};
    step.actor = reconciler;
    step.now = now;
    // Not stored: the lease that the job came with ends, and somebody takes it up; nothing is lost.
    (void)co_await outside_.store.commit(std::move(step));
}

awaitable<void> Reconcile::on_demand(
    ports::Job job, Organization organization, ReconcileOrder order)
{
    const LocalDay day = day_of(outside_.clock, *order.day, organization.time_zone);
    const auto catalog = outside_.catalog.current();
    bool is_stored = true;
    for (const ReconciliationSubject& subject : subjects_of(*catalog, organization.id)) {
        if (order.subject && *order.subject != subject) continue;
        co_await hold(job.id);
        const auto done = co_await compare(organization, day, subject);
        is_stored = is_stored && done.has_value();
    }
    const UtcTime again_at = outside_.clock.utc_now() + limits_.stored_again_after;
    if (is_stored)
        (void)co_await outside_.store.finish_job(job.id);
    else
        (void)co_await outside_.store.postpone_job(job.id, again_at);
}

awaitable<Result<Comparison, ports::StoreError>> Reconcile::compare(
    Organization organization, LocalDay day, ReconciliationSubject subject)
{
    Work work;
    const UtcTime now = outside_.clock.utc_now();
    work.day = day;
    // Of a day that still goes on, what has just happened may not be everywhere yet.
    work.day.to = std::min(day.to, now - limits_.settles);
    work.time_zone = organization.time_zone;
    work.comparison.organization = organization.id;
    work.comparison.day = domain::to_text(day.date);
    work.comparison.subject = subject;
    work.comparison.outcome = ComparisonOutcome::complete;
    work.comparison.from = day.from;
    work.comparison.to = work.day.to;
    work.comparison.started_at = now;

    if (work.day.from >= work.day.to) {
        work.comparison.outcome = ComparisonOutcome::incomplete;
        work.comparison.remark = "the day has not begun";
    } else if (subject.side == OtherSide::gateway) {
        co_await compare_gateway(work);
    } else {
        co_await compare_pc_system(work);
    }
    if (work.comparison.outcome == ComparisonOutcome::complete) co_await close_what_agrees(work);
    if (work.day.to < day.to && work.comparison.outcome != ComparisonOutcome::incomplete)
        work.comparison.remark.append(work.comparison.remark.empty() ? "" : "; ")
            .append("what came after " + to_rfc3339(work.day.to) + " is not compared yet");
    co_await count_money(work);
    if (!work.is_stored) co_return std::unexpected{ports::StoreError::unavailable};

    work.comparison.finished_at = outside_.clock.utc_now();
    const auto kept = co_await outside_.store.keep_comparison(work.comparison);
    if (!kept) co_return std::unexpected{kept.error()};
    co_return work.comparison;
}

awaitable<std::optional<Difference>> Reconcile::note(
    Work& work, Difference difference, std::string why)
{
    work.seen.emplace(difference.kind, difference.reference);
    const UtcTime now = outside_.clock.utc_now();
    difference.id = outside_.random.make_id<domain::DifferenceId>(now);
    difference.organization = work.comparison.organization;
    if (difference.day.empty()) difference.day = work.comparison.day;
    difference.subject = work.comparison.subject;
    difference.found_at = now;
    difference.updated_at = now;
    const auto kept = co_await outside_.store.keep_difference(
        std::move(difference), std::string{reconciler}, std::move(why));
    if (!kept) {
        work.is_stored = false;
        co_return std::nullopt;
    }
    const bool is_new = kept->updated_at == now && kept->state == DifferenceState::open;
    if (is_new)
        outside_.notifier.alert(
            ports::AlertKind::ledger_mismatch, domain::LocationId{},
            std::string{to_text(kept->kind)} + " at " + kept->subject.name + ", " + kept->day);
    co_return *kept;
}

awaitable<void> Reconcile::settle(Work& work, std::optional<Difference> difference, std::string why)
{
    if (!difference || difference->state != DifferenceState::open) co_return;
    const auto settled = co_await outside_.store.settle_difference(
        std::move(*difference), DifferenceState::corrected, std::string{reconciler}, std::move(why),
        outside_.clock.utc_now());
    // Somebody else was faster: then he has written why.
    if (!settled && settled.error() == ports::StoreError::unavailable) work.is_stored = false;
}

/// What differed before and was not found again agrees now, and its story says so.
awaitable<void> Reconcile::close_what_agrees(Work& work)
{
    ports::DifferenceFilter filter{
        .organization = work.comparison.organization,
        .day = work.comparison.day,
        .subject = work.comparison.subject,
        .state = DifferenceState::open};
    const auto open = co_await outside_.store.find_differences(std::move(filter), limits_.rows_max);
    if (!open) {
        work.is_stored = false;
        co_return;
    }
    for (const Difference& difference : *open) {
        // That one is found where the money is counted.
        if (difference.kind == domain::DifferenceKind::not_accounted) continue;
        if (work.seen.contains({difference.kind, difference.reference})) continue;
        co_await settle(work, difference, "both sides agree now");
    }
}

awaitable<std::vector<domain::Transaction>> Reconcile::transactions_of_day(
    Work& work, ports::TransactionFilter filter)
{
    constexpr int page = 500;
    filter.from = work.day.from;
    filter.to = work.day.to;
    std::vector<domain::Transaction> all;
    std::set<domain::TransactionId> known;
    for (;;) {
        auto found = co_await outside_.store.find_transactions(filter, page);
        if (!found) {
            work.is_stored = false;
            co_return all;
        }
        const bool is_last = found->size() < static_cast<std::size_t>(page);
        // The next page begins with the moment in which this one ended: others may share it.
        if (!found->empty()) filter.to = found->back().created_at + Milliseconds{1};
        const std::size_t before = all.size();
        for (domain::Transaction& each : *found)
            if (known.insert(each.id).second) all.push_back(std::move(each));
        const bool is_enough = all.size() >= static_cast<std::size_t>(limits_.rows_max);
        if (is_last || is_enough || all.size() == before) co_return all;
    }
}

awaitable<bool> Reconcile::may_ask(Work& work)
{
    if (work.comparison.asked >= limits_.asked_max) {
        work.comparison.outcome = ComparisonOutcome::incomplete;
        work.comparison.remark =
            "more than " + std::to_string(limits_.asked_max) + " questions; the rest was not asked";
        co_return false;
    }
    ++work.comparison.asked;
    if (std::exchange(work.was_asked, true)) {
        const SteadyTime at = outside_.clock.steady_now() + limits_.pause;
        co_await outside_.clock.sleep_until(at);
    }
    co_return true;
}

void Reconcile::unanswered(Work& work) const
{
    ++work.comparison.unanswered;
    work.comparison.outcome = ComparisonOutcome::incomplete;
    work.comparison.remark =
        std::to_string(work.comparison.unanswered) + " questions were not answered";
}

} // namespace iwas::workflows
