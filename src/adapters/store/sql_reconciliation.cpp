#include "adapters/store/sql_reconciliation.hpp"

#include "adapters/store/locks.hpp"
#include "adapters/store/narrowing.hpp"
#include "adapters/store/spelling.hpp"
#include "adapters/store/sql_events.hpp"
#include "adapters/store/sql_history.hpp"
#include "adapters/store/sql_transactions.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <tuple>

namespace iwas::adapters {

using domain::DayFigures;
using domain::Difference;
using domain::DifferenceState;

namespace {

std::string stored(const DayFigures& figures)
{
    boost::json::object object{{"payments", figures.payments}, {"refunds", figures.refunds}};
    for (const auto& [name, amount] : domain::day_amounts)
        object[name] = (figures.*amount).vnd();
    return boost::json::serialize(object);
}

DayFigures figures_of(std::string_view text)
{
    const boost::json::object object = json_object_of(text);
    DayFigures figures;
    figures.payments = static_cast<int>(json_integer(object, "payments"));
    figures.refunds = static_cast<int>(json_integer(object, "refunds"));
    for (const auto& [name, amount] : domain::day_amounts)
        figures.*amount = Money{json_integer(object, name)};
    return figures;
}

template <class T>
T known(std::optional<T> value, std::string_view what)
{
    if (!value) damaged(what);
    return *value;
}

domain::ReconciliationSubject read_subject(Row& row)
{
    domain::ReconciliationSubject subject;
    subject.side = known(domain::other_side_from(row.text()), "a side is unknown");
    subject.name = row.text();
    return subject;
}

std::vector<Difference> read_differences(
    Connection& db, std::string_view condition, std::initializer_list<Param> params)
{
    std::vector<Difference> found;
    db.each(
        std::string{"select id, version, organization_id, day, side, subject_id, kind, reference, "
                    "txn_id, ours_amount, ours, theirs_amount, theirs, state, found_at, "
                    "updated_at from difference "}
            .append(condition),
        "titttttttitittii", params, [&](Row& row) {
            Difference difference;
            difference.id = row.id<domain::DifferenceId>();
            difference.version = row.integer();
            difference.organization = row.key<domain::OrganizationId>();
            difference.day = row.text();
            difference.subject = read_subject(row);
            difference.kind =
                known(domain::difference_kind_from(row.text()), "a difference's kind is unknown");
            difference.reference = row.text();
            const std::string transaction = row.text();
            if (!transaction.empty())
                difference.transaction = known(
                    domain::TransactionId::parse(transaction), "a difference names no transaction");
            difference.ours_amount = row.money();
            difference.ours = row.text();
            difference.theirs_amount = row.money();
            difference.theirs = row.text();
            difference.state =
                known(domain::difference_state_from(row.text()), "a difference's state is unknown");
            difference.found_at = row.time();
            difference.updated_at = row.time();
            found.push_back(std::move(difference));
        });
    return found;
}

void append_event(
    Connection& db, domain::DifferenceId id, UtcTime at, std::string_view before,
    DifferenceState after, const std::string& actor, const std::string& why)
{
    db.run(
        "insert into difference_event (difference_id, at, state_before, state_after, actor, why) "
        "values (:id, :at, :state_before, :state_after, :actor, :why)",
        {id, at, before, domain::to_text(after), actor, why});
}

Narrowing narrowing_of(const ports::DifferenceFilter& filter)
{
    if (filter.day) return {"day = :first ", *filter.day};
    // The side is one of a closed list of words, so it may stand in the statement.
    if (filter.subject)
        return {
            "side = '" + std::string{domain::to_text(filter.subject->side)} +
                "' and subject_id = :first ",
            filter.subject->name};
    if (filter.state) return {"state = :first ", std::string{domain::to_text(*filter.state)}};
    return {":first = '' ", ""};
}

/// One statement for all filters: what is not asked for is an empty text, which fits any row.
std::vector<Difference> find_narrowed(
    Connection& db, const ports::DifferenceFilter& filter, int limit)
{
    const std::string organization = filter.organization ? filter.organization->text() : "";
    const std::string day = filter.day.value_or("");
    const std::string side{
        filter.subject ? domain::to_text(filter.subject->side) : std::string_view{}};
    const std::string name = filter.subject ? filter.subject->name : "";
    const std::string state{filter.state ? domain::to_text(*filter.state) : std::string_view{}};
    const std::string scope = scope_of(filter.locations);
    const std::string before = filter.before ? to_string(*filter.before) : "";
    UtcTime before_at;
    if (filter.before)
        db.one(
            "select found_at from difference where id = :id", "i", {*filter.before},
            [&](Row& row) { before_at = row.time(); });
    const Narrowing narrowing = narrowing_of(filter);
    const std::string first =
        filter.organization ? "where organization_id = :o1 and " : "where :o1 = '' and ";
    return read_differences(
        db,
        first + narrowing.condition +
            "and (:d1 = '' or day = :d2) and (:s1 = '' or side = :s2) "
            "and (:n1 = '' or subject_id = :n2) and (:t1 = '' or state = :t2) "
            "and (:w1 = '' or (side = 'pc_system' "
            "and replace(:w2, ' ' || subject_id || ' ', '') <> :w3)) "
            "and (:b1 = '' or found_at < :before1 or (found_at = :before2 and id < :b2)) "
            "order by found_at desc, id desc limit :limit",
        {organization, narrowing.value, day, day, side, side, name, name, state, state, scope,
         scope, scope, before, before_at, before_at, before, limit});
}

} // namespace

void keep_comparison(Connection& db, const ports::Comparison& comparison)
{
    db.run(
        "insert into reconciliation_run (organization_id, day, side, subject_id, outcome, remark, "
        "begins_at, ends_at, started_at, finished_at, asked, unanswered, figures) values "
        "(:organization, :day, :side, :subject, :outcome, :remark, :begins_at, :ends_at, "
        ":started_at, :finished_at, :asked, :unanswered, :figures) "
        "on conflict (organization_id, day, side, subject_id) do update set "
        "outcome = excluded.outcome, remark = excluded.remark, begins_at = excluded.begins_at, "
        "ends_at = excluded.ends_at, started_at = excluded.started_at, "
        "finished_at = excluded.finished_at, asked = excluded.asked, "
        "unanswered = excluded.unanswered, figures = excluded.figures",
        {comparison.organization, comparison.day, domain::to_text(comparison.subject.side),
         comparison.subject.name, domain::to_text(comparison.outcome), comparison.remark,
         comparison.from, comparison.to, comparison.started_at, comparison.finished_at,
         comparison.asked, comparison.unanswered, stored(comparison.figures)});
}

std::vector<ports::Comparison> comparisons_between(
    Connection& db, const domain::OrganizationId& organization, const std::string& first,
    const std::string& last)
{
    std::vector<ports::Comparison> found;
    db.each(
        "select day, side, subject_id, outcome, remark, begins_at, ends_at, started_at, "
        "finished_at, asked, unanswered, figures from reconciliation_run "
        "where organization_id = :organization and day >= :first and day <= :last "
        "order by day, side, subject_id",
        "tttttiiiiiit", {organization, first, last}, [&](Row& row) {
            ports::Comparison comparison;
            comparison.organization = organization;
            comparison.day = row.text();
            comparison.subject = read_subject(row);
            comparison.outcome = known(
                domain::comparison_outcome_from(row.text()), "a comparison's outcome is unknown");
            comparison.remark = row.text();
            comparison.from = row.time();
            comparison.to = row.time();
            comparison.started_at = row.time();
            comparison.finished_at = row.time();
            comparison.asked = static_cast<int>(row.integer());
            comparison.unanswered = static_cast<int>(row.integer());
            comparison.figures = figures_of(row.text());
            found.push_back(std::move(comparison));
        });
    return found;
}

std::vector<domain::FirstComparison> first_comparisons(
    Connection& db, const domain::OrganizationId& organization)
{
    std::vector<domain::FirstComparison> found;
    db.each(
        "select side, subject_id, min(day) from reconciliation_run "
        "where organization_id = :organization group by side, subject_id order by side, subject_id",
        "ttt", {organization}, [&](Row& row) {
            domain::FirstComparison first;
            first.subject = read_subject(row);
            first.day = row.text();
            found.push_back(std::move(first));
        });
    return found;
}

Difference keep_difference(
    Connection& db, const Difference& found, const std::string& actor, const std::string& why)
{
    lock_names(db, {"difference:" + found.day + ":" + found.subject.name + ":" + found.reference});
    auto stored = read_differences(
        db,
        "where organization_id = :organization and day = :day and side = :side "
        "and subject_id = :subject and kind = :kind and reference = :reference",
        {found.organization, found.day, domain::to_text(found.subject.side), found.subject.name,
         domain::to_text(found.kind), found.reference});
    if (stored.empty()) {
        Difference fresh = found;
        fresh.version = 1;
        db.run(
            "insert into difference (id, version, organization_id, day, side, subject_id, kind, "
            "reference, txn_id, ours_amount, ours, theirs_amount, theirs, state, found_at, "
            "updated_at) values (:id, 1, :organization, :day, :side, :subject, :kind, :reference, "
            ":txn, :ours_amount, :ours, :theirs_amount, :theirs, :state, :found_at, :updated_at)",
            {fresh.id, fresh.organization, fresh.day, domain::to_text(fresh.subject.side),
             fresh.subject.name, domain::to_text(fresh.kind), fresh.reference,
             fresh.transaction ? to_string(*fresh.transaction) : std::string{}, fresh.ours_amount,
             fresh.ours, fresh.theirs_amount, fresh.theirs, domain::to_text(fresh.state),
             fresh.found_at, fresh.updated_at});
        append_event(db, fresh.id, fresh.found_at, "", fresh.state, actor, why);
        return fresh;
    }
    Difference known = std::move(stored.front());
    if (known.state != DifferenceState::corrected) return known;
    auto reopened =
        settle_difference(db, known, DifferenceState::open, actor, why, found.updated_at);
    return reopened ? *reopened : known;
}

Result<Difference, ports::StoreError> settle_difference(
    Connection& db, const Difference& loaded, DifferenceState state, const std::string& actor,
    const std::string& why, UtcTime now)
{
    if (!domain::may_follow(loaded.state, state))
        return std::unexpected{ports::StoreError::conflict};
    const bool is_as_loaded = db.run(
                                  "update difference set version = version + 1, state = :state, "
                                  "updated_at = :updated_at where id = :id and version = :version",
                                  {domain::to_text(state), now, loaded.id, loaded.version}) == 1;
    if (!is_as_loaded) return std::unexpected{ports::StoreError::conflict};
    append_event(db, loaded.id, now, domain::to_text(loaded.state), state, actor, why);
    Difference settled = loaded;
    settled.state = state;
    settled.updated_at = now;
    ++settled.version;
    return settled;
}

std::optional<Difference> load_difference(Connection& db, domain::DifferenceId id)
{
    auto found = read_differences(db, "where id = :id", {id});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<Difference> find_differences(
    Connection& db, const ports::DifferenceFilter& filter, int limit)
{
    // Each PC system of a scope by itself: the index of an organization's differences would be
    // walked through those of everybody else.
    const bool is_narrowed_by_scope = !filter.locations.empty() && !filter.subject && !filter.day;
    if (!is_narrowed_by_scope) return find_narrowed(db, filter, limit);
    std::vector<Difference> found;
    ports::DifferenceFilter one = filter;
    for (const domain::LocationId& each : filter.locations) {
        one.subject = {domain::OtherSide::pc_system, each.text()};
        std::ranges::move(find_narrowed(db, one, limit), std::back_inserter(found));
    }
    std::ranges::sort(found, [](const Difference& a, const Difference& b) {
        return std::tie(a.found_at, a.id) > std::tie(b.found_at, b.id);
    });
    if (found.size() > static_cast<std::size_t>(limit))
        found.erase(found.begin() + limit, found.end());
    return found;
}

std::vector<ports::DifferenceCount> count_differences(
    Connection& db, const domain::OrganizationId& organization, const std::string& first,
    const std::string& last, const std::vector<domain::LocationId>& locations)
{
    const std::string scope = scope_of(locations);
    std::vector<ports::DifferenceCount> found;
    db.each(
        "select day, cast(sum(case when state = 'open' then 1 else 0 end) as bigint), "
        "cast(sum(case when state = 'open' then 0 else 1 end) as bigint) from difference "
        "where organization_id = :organization and day >= :first and day <= :last "
        "and (:w1 = '' or (side = 'pc_system' "
        "and replace(:w2, ' ' || subject_id || ' ', '') <> :w3)) group by day order by day",
        "tii", {organization, first, last, scope, scope, scope}, [&](Row& row) {
            ports::DifferenceCount count;
            count.day = row.text();
            count.open = row.integer();
            count.settled = row.integer();
            found.push_back(std::move(count));
        });
    return found;
}

std::vector<ports::DifferenceEvent> difference_events(Connection& db, domain::DifferenceId id)
{
    return read_events<ports::DifferenceEvent>(
        db,
        "select at, state_before, state_after, actor, why from difference_event "
        "where difference_id = :id order by id",
        id);
}

std::vector<domain::Transaction> refunds_between(
    Connection& db, const domain::ReconciliationSubject& subject, UtcTime from, UtcTime to,
    int limit)
{
    const bool is_gateway = subject.side == domain::OtherSide::gateway;
    return read_transactions(
        db,
        is_gateway ? "where txn.payment_account_id = :subject and txn.state = 'refunded' "
                     "and txn.updated_at >= :begin and txn.updated_at < :finish "
                     "order by txn.updated_at, txn.id limit :limit"
                   : "where txn.location_id = :subject and txn.state = 'refunded' "
                     "and txn.method = 'pc_balance' "
                     "and txn.updated_at >= :begin and txn.updated_at < :finish "
                     "order by txn.updated_at, txn.id limit :limit",
        {subject.name, from, to, limit});
}

std::vector<ports::CreditMovement> credit_movements(
    Connection& db, const domain::OrganizationId& organization, UtcTime from, UtcTime to)
{
    std::vector<ports::CreditMovement> found;
    db.each(
        "select credit_entry.why, count(*), cast(sum(abs(credit_entry.amount)) as bigint) "
        "from credit_entry join txn on txn.id = credit_entry.txn_id "
        "where txn.organization_id = :organization and credit_entry.at >= :begin "
        "and credit_entry.at < :finish group by credit_entry.why order by credit_entry.why",
        "tii", {organization, from, to}, [&](Row& row) {
            ports::CreditMovement movement;
            movement.why = row.text();
            movement.entries = static_cast<int>(row.integer());
            movement.amount = row.money();
            found.push_back(std::move(movement));
        });
    return found;
}

} // namespace iwas::adapters
