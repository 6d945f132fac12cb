// The daily turn of Reconcile: the days that have ended, until each was compared completely.
#include "workflows/local_days.hpp"
#include "workflows/reconcile.hpp"

#include <algorithm>

namespace iwas::workflows {

using domain::LocalDay;
using domain::Organization;
using domain::ReconciliationSubject;
using ports::Comparison;
using ports::ComparisonOutcome;

namespace {

/// Whether nothing of the day is left to be compared. Somebody may have asked for it earlier than
/// its turn: then its last minutes were not in it, or late notices had not come.
bool covers(const Comparison& comparison, const LocalDay& day, Seconds after_midnight)
{
    return comparison.outcome != ComparisonOutcome::incomplete && comparison.to >= day.to &&
           comparison.started_at >= day.to + after_midnight;
}

} // namespace

awaitable<void> Reconcile::daily(ports::Job job, Organization organization)
{
    const std::string& zone = organization.time_zone;
    const UtcTime now = outside_.clock.utc_now();
    const LocalDay today = day_at(outside_.clock, now, zone);
    LocalDay last = day_before(outside_.clock, today, zone);
    if (now < today.from + limits_.after_midnight) last = day_before(outside_.clock, last, zone);
    auto due = co_await due_comparisons(organization, last);
    if (!due) {
        (void)co_await outside_.store.postpone_job(job.id, now + 60s);
        co_return;
    }

    bool is_complete = true;
    for (const Due& each : *due) {
        co_await hold(job.id);
        const auto done = co_await compare(organization, each.day, each.subject);
        // What an earlier day still lacks is asked for on the next day again, and not every hour.
        const bool is_last = each.day.date == last.date;
        if (!done || (is_last && done->outcome == ComparisonOutcome::incomplete))
            is_complete = false;
    }
    const bool is_answered = co_await look_back(job, organization, last);
    is_complete = is_complete && is_answered;
    UtcTime next = next_turn(organization);
    if (!is_complete) next = std::min(next, outside_.clock.utc_now() + limits_.again_after);
    (void)co_await outside_.store.postpone_job(job.id, next);
}

/// What the daily turn has to do, the earliest day first: of the last days that have ended those of
/// which a subject was not compared completely. A day before the first comparison of a subject is
/// none of its days.
awaitable<std::optional<std::vector<Reconcile::Due>>> Reconcile::due_comparisons(
    Organization organization, LocalDay last)
{
    const std::string last_day = domain::to_text(last.date);
    std::vector<LocalDay> days{last};
    while (days.size() < static_cast<std::size_t>(limits_.days_max))
        days.push_back(day_before(outside_.clock, days.back(), organization.time_zone));
    std::ranges::reverse(days);

    const auto known = co_await outside_.store.comparisons_between(
        organization.id, domain::to_text(days.front().date), last_day);
    const auto first = co_await outside_.store.first_comparisons(organization.id);
    if (!known || !first) co_return std::nullopt;
    const auto catalog = outside_.catalog.current();
    const auto subjects = subjects_of(*catalog, organization.id);
    const UtcTime turn_at = last.to + limits_.after_midnight;
    std::vector<Due> due;
    for (const LocalDay& day : days) {
        const std::string text = domain::to_text(day.date);
        const bool is_last = day.date == last.date;
        for (const ReconciliationSubject& subject :
             is_last ? subjects : domain::expected_on(text, last_day, subjects, *first)) {
            const auto before = std::ranges::find_if(*known, [&](const Comparison& each) {
                return each.day == text && each.subject == subject;
            });
            const bool is_known = before != known->end();
            const bool is_done = is_known && covers(*before, day, limits_.after_midnight);
            const bool was_tried = is_known && !is_last && before->started_at >= turn_at;
            if (!is_done && !was_tried) due.push_back({day, subject});
        }
    }
    co_return due;
}

} // namespace iwas::workflows
