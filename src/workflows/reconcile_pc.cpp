// The half of Reconcile that asks PC systems. They have no list of debits: each of ours is looked
// up.
#include "workflows/limits.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/reconcile.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>

namespace iwas::workflows {

using domain::Difference;
using domain::DifferenceKind;
using domain::Transaction;
using domain::TransactionReason;
using domain::TransactionState;
using ports::ComparisonOutcome;
using ports::JobKind;

namespace {

bool is_charged(const Transaction& debit)
{
    switch (debit.state) {
    case TransactionState::success:
    case TransactionState::refunding:
    case TransactionState::refunded: return !debit.charge_id.empty();
    case TransactionState::created:
    case TransactionState::pending:
    case TransactionState::failed:
    case TransactionState::expired: return false;
    }
    return false;
}

/// Of such a refund the PC system's book knows nothing.
bool is_made_by_person(const Transaction& refund)
{
    return refund.refund_id.starts_with(domain::by_hand_refund_prefix) ||
           refund.refund_id.starts_with(domain::dismissed_refund_prefix);
}

} // namespace

awaitable<void> Reconcile::compare_pc_system(Work& work)
{
    const auto location = domain::LocationId::trusted(work.comparison.subject.name);
    const auto catalog = outside_.catalog.current();
    if (!catalog->pc_system(location)) {
        work.comparison.outcome = ComparisonOutcome::not_comparable;
        work.comparison.remark = "the PC system is not in the configuration any more";
        co_return;
    }
    if (!outside_.pc_system.abilities(location).finds_charges) {
        work.comparison.outcome = ComparisonOutcome::not_comparable;
        work.comparison.remark =
            "nothing to compare with: this PC system neither lists debits nor finds one by its "
            "reference";
        co_return;
    }
    const std::vector<Transaction> debits = co_await transactions_of_day(
        work, {.location = location, .method = domain::PaymentMethod::pc_balance});
    for (const Transaction& debit : debits) {
        // What staff gave back is looked at with the debit it came from.
        if (debit.origin || due_of(debit) == Money{}) continue;
        const bool may_go_on = co_await may_ask(work);
        if (!may_go_on) co_return;
        co_await compare_debit(work, debit.id);
    }
    if (work.comparison.remark.empty())
        work.comparison.remark =
            "PC systems have no list of debits: each purchase of the day was looked up, and debits "
            "that nobody here asked for are not seen";
}

/// Both sides are looked at as they stood at one moment: what goes back while the PC system answers
/// is no difference.
awaitable<void> Reconcile::compare_debit(Work& work, domain::TransactionId id)
{
    constexpr int tries_max = 3;
    auto before = co_await stand_of(id);
    for (int tries = 0; tries < tries_max; ++tries) {
        if (!before) {
            work.is_stored = false;
            co_return;
        }
        const SteadyTime by = outside_.clock.steady_now() + limits::look_up_within;
        auto charge = co_await outside_.pc_system.find_charge(
            before->debit.location, domain::charge_reference(id), by);
        if (!charge && charge.error().error != ports::PcError::not_found) break;
        auto after = co_await stand_of(id);
        if (after && after->versions() == before->versions()) {
            co_await compare_stand(work, std::move(*after), std::move(charge));
            co_return;
        }
        before = std::move(after);
    }
    unanswered(work);
}

awaitable<Result<Reconcile::DebitStand, ports::StoreError>> Reconcile::stand_of(
    domain::TransactionId id)
{
    auto debit = co_await outside_.store.load_transaction(id);
    if (!debit) co_return std::unexpected{debit.error()};
    if (!*debit) co_return std::unexpected{ports::StoreError::unavailable}; // none is ever deleted
    auto parts = co_await outside_.store.transactions_from(id);
    if (!parts) co_return std::unexpected{parts.error()};
    co_return DebitStand{std::move(**debit), std::move(*parts)};
}

std::vector<std::int64_t> Reconcile::DebitStand::versions() const
{
    std::vector<std::int64_t> all{debit.version};
    for (const Transaction& part : parts)
        all.push_back(part.version);
    return all;
}

awaitable<void> Reconcile::compare_stand(
    Work& work, DebitStand stand, Result<ports::PcCharge, ports::PcFailure> charge)
{
    if (charge) {
        co_await compare_charge(work, std::move(stand), std::move(*charge));
        co_return;
    }
    const Transaction& debit = stand.debit;
    if (!is_charged(debit)) co_return;
    Difference missing{
        .kind = DifferenceKind::missing_there,
        .reference = domain::charge_reference(debit.id),
        .transaction = debit.id,
        .ours_amount = due_of(debit),
        .ours = std::string{to_text(debit.state)},
        .theirs = "not known"};
    (void)co_await note(
        work, std::move(missing), "the ledger has a debit that the PC system does not know");
}

awaitable<void> Reconcile::compare_charge(Work& work, DebitStand stand, ports::PcCharge charge)
{
    const Transaction& debit = stand.debit;
    Difference differs{
        .reference = domain::charge_reference(debit.id),
        .transaction = debit.id,
        .ours_amount = due_of(debit),
        .ours = std::string{to_text(debit.state)},
        .theirs_amount = charge.amount,
        .theirs = charge.refunded_total == Money{}
                      ? std::string{"debited"}
                      : "debited, of it returned " + to_string(charge.refunded_total)};
    const bool has_ended =
        debit.state == TransactionState::failed || debit.state == TransactionState::expired;
    if (has_ended && charge.refunded_total < charge.amount) {
        differs.kind = DifferenceKind::missing_here;
        differs.ours_amount = Money{};
        auto noted = co_await note(
            work, std::move(differs), "the PC system has a debit of an order that had ended");
        if (!noted) co_return; // taken in without a word it would never be told
        // The search for late debits finds it too, and gives it back or leaves it to a person.
        ports::Job search{
            .id = job_id(JobKind::watch_late_debit, debit.id.value()),
            .kind = JobKind::watch_late_debit,
            .subject = debit.id.value(),
            .target = debit.location.text(),
            .due_at = outside_.clock.utc_now()};
        co_await purchases_.handle(std::move(search));
        const auto now_stored = co_await outside_.store.load_transaction(debit.id);
        if (!now_stored) work.is_stored = false;
        if (now_stored && *now_stored && is_charged(**now_stored))
            co_await settle(
                work, std::move(noted),
                "recorded as a late debit; the purchase is " +
                    std::string{to_text((*now_stored)->state)});
        co_return;
    }
    if (!is_charged(debit)) co_return; // under way: its own job asks
    const bool waits_for_person =
        debit.reason == TransactionReason::amount_mismatch && debit.is_refund_queued;
    if (charge.amount != due_of(debit) && !waits_for_person) {
        differs.kind = DifferenceKind::amount_differs;
        (void)co_await note(work, std::move(differs), "both have the debit, in other amounts");
        co_return;
    }

    // What went back, by the debit itself and by the parts that staff gave back.
    Money returned;
    bool is_under_way = false;
    Money of_staff;
    for (const Transaction& part : stand.parts) {
        of_staff += due_of(part);
        if (part.state == TransactionState::refunded && !is_made_by_person(part))
            returned += due_of(part);
        is_under_way = is_under_way || part.state == TransactionState::refunding;
    }
    if (debit.state == TransactionState::refunded) returned += due_of(debit) - of_staff;
    is_under_way = is_under_way || debit.state == TransactionState::refunding;
    if (is_under_way || is_made_by_person(debit) || returned == charge.refunded_total) co_return;
    differs.kind = DifferenceKind::refund_differs;
    differs.ours_amount = returned;
    differs.theirs_amount = charge.refunded_total;
    (void)co_await note(work, std::move(differs), "both tell of another sum that went back");
}

} // namespace iwas::workflows
