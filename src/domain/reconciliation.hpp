// Reconciliation: where the money of a day is, and on what another side and the ledger disagree.
#pragma once

#include "core/money.hpp"
#include "core/time.hpp"
#include "domain/ids.hpp"
#include "domain/payment.hpp"
#include "domain/transaction.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iwas::domain {

/// Whose word is compared with the ledger.
enum class OtherSide { gateway, pc_system };

struct ReconciliationSubject {
    OtherSide side = OtherSide::gateway;
    std::string name; // of the payment account, or of the PC system's location

    friend auto operator<=>(const ReconciliationSubject&, const ReconciliationSubject&) = default;
};

enum class DifferenceKind {
    missing_here,   // the other side has money of which the ledger knew nothing
    missing_there,  // the ledger has money of which the other side knows nothing
    amount_differs, // both have it, in other amounts
    state_differs,  // one side calls it paid or ended, and the other does not
    refund_differs, // one side says that it went back, and the other does not
    not_accounted,  // money that came in is nowhere in the ledger: a fault of IWAS
};

/// open -> explained | corrected | dismissed
/// corrected -> open   (a later comparison finds it again)
enum class DifferenceState {
    open,
    explained, // a person knows why, and nothing has to be done
    corrected, // both sides agree now, or what was missing has been recorded
    dismissed, // a person decided that it is not worth it
};

bool may_follow(DifferenceState from, DifferenceState to);

/// One disagreement of one day. There is one for each kind and reference of a subject and day,
/// however often the day is compared.
struct Difference {
    DifferenceId id;
    OrganizationId organization;
    std::string day; // "2026-11-26", in the organization's time zone
    ReconciliationSubject subject;
    DifferenceKind kind = DifferenceKind::missing_here;
    std::string reference;                    // the gateway's or our name of what differs
    std::optional<TransactionId> transaction; // ours, where one is known
    Money ours_amount;
    std::string ours; // in what state each side has it
    Money theirs_amount;
    std::string theirs;
    DifferenceState state = DifferenceState::open;
    UtcTime found_at;
    UtcTime updated_at;
    std::int64_t version = 0; // of the stored row; 0 before it exists
};

/// Refund ids that tell that a person, and not the gateway, settled it.
inline constexpr std::string_view credit_refund = "store credit";
inline constexpr std::string_view attached_refund_prefix = "attached to ";
inline constexpr std::string_view dismissed_refund_prefix = "dismissed: ";
inline constexpr std::string_view by_hand_refund_prefix = "by hand: ";
/// Whether a person, and not the gateway, settled it.
bool is_settled_by_people(const Transaction& refund);
/// The gateway_id of a payment that a person took from another transaction begins so.
inline constexpr std::string_view attached_payment_prefix = "attached:";

/// Where the money of one subject's day is, as it stood when the figures were made:
/// received + attached_in = granted + returned + kept_as_credit + queued + under_way + waiting +
/// attached_out + dismissed + unaccounted.
struct DayFigures {
    int payments = 0;
    Money received;       // what payers paid on this day
    Money attached_in;    // money of other transactions that a person gave to orders
    Money granted;        // has bought WiFi
    Money returned;       // went back
    Money kept_as_credit; // the customer keeps it with us
    Money queued;         // waits for a person
    Money under_way;      // on its way back
    Money waiting;        // parts for orders that are still open
    Money attached_out;
    Money dismissed; // a person decided that nothing has to go back
    Money unaccounted;
    Money fees; // what the gateway keeps of `granted`, by the organization's rule
    int refunds = 0;
    Money refunded; // went back on this day, whenever it had come

    friend bool operator==(const DayFigures&, const DayFigures&) = default;
};

/// The amounts under the names by which the store and the API know them: a name never changes its
/// meaning.
inline constexpr auto day_amounts =
    std::to_array<std::pair<std::string_view, Money DayFigures::*>>({
        {"received", &DayFigures::received},
        {"attached_in", &DayFigures::attached_in},
        {"granted", &DayFigures::granted},
        {"returned", &DayFigures::returned},
        {"kept_as_credit", &DayFigures::kept_as_credit},
        {"queued", &DayFigures::queued},
        {"under_way", &DayFigures::under_way},
        {"waiting", &DayFigures::waiting},
        {"attached_out", &DayFigures::attached_out},
        {"dismissed", &DayFigures::dismissed},
        {"unaccounted", &DayFigures::unaccounted},
        {"fees", &DayFigures::fees},
        {"refunded", &DayFigures::refunded},
    });

enum class ComparisonOutcome {
    complete,       // everything of the day was compared
    incomplete,     // something was not answered, or there was too much; it is tried again
    not_comparable, // the other side offers nothing to compare with
};

/// The latest comparison of a day with one other side.
struct Comparison {
    OrganizationId organization;
    std::string day; // "2026-11-26", in the organization's time zone
    ReconciliationSubject subject;
    ComparisonOutcome outcome = ComparisonOutcome::incomplete;
    std::string remark; // what could not be compared, and why; empty: nothing
    UtcTime from;
    UtcTime to;
    UtcTime started_at;
    UtcTime finished_at;
    int asked = 0;      // payments, debits and refunds that were held against the other side
    int unanswered = 0; // of them, those without an answer
    DayFigures figures;
};

/// Since which day a subject is compared.
struct FirstComparison {
    ReconciliationSubject subject;
    std::string day;
};

/// What the comparisons of a day say together.
enum class DayOutcome {
    agrees,       // every subject was compared, and nothing is open
    differs,      // a difference is open, or money is not accounted for
    not_compared, // nothing differs as far as was seen, but not all was compared
};

/// Of `subjects` those that the report of `day` must have: who was compared for the first time on a
/// later day was not there yet. Who never was is owed from `last_day` on, the last that has ended.
std::vector<ReconciliationSubject> expected_on(
    std::string_view day, std::string_view last_day, std::vector<ReconciliationSubject> subjects,
    std::span<const FirstComparison> first);
/// `comparisons`: all of one day. `expected`: the subjects that have to be among them.
DayOutcome outcome_of(
    std::span<const Comparison> comparisons, std::span<const ReconciliationSubject> expected,
    std::int64_t open_differences);
DayFigures sum_of(std::span<const Comparison> comparisons);

/// Adds what `order`'s payments of [from, to) brought. `payments`: all of the order; `others`: the
/// transactions whose origin it is, of which only those that hold a part of these payments count.
void add_payments(
    DayFigures& figures, const Transaction& order, std::span<const Payment> payments,
    std::span<const Transaction> others, UtcTime from, UtcTime to);
/// Adds a debit of a PC system and what became of it. `parts`: what staff gave back of it.
void add_debit(DayFigures& figures, const Transaction& debit, std::span<const Transaction> parts);
/// Adds another subject's figures.
DayFigures operator+(DayFigures a, const DayFigures& b);

std::string_view to_text(OtherSide side);
std::string_view to_text(DifferenceKind kind);
std::string_view to_text(DifferenceState state);
std::string_view to_text(ComparisonOutcome outcome);
std::string_view to_text(DayOutcome outcome);
std::optional<OtherSide> other_side_from(std::string_view text);
std::optional<DifferenceKind> difference_kind_from(std::string_view text);
std::optional<DifferenceState> difference_state_from(std::string_view text);
std::optional<ComparisonOutcome> comparison_outcome_from(std::string_view text);

} // namespace iwas::domain
