// Reconciliation: the days' reports, what differs, and what a person makes of it.
#include "api/customer.hpp"
#include "api/staff/handlers.hpp"
#include "api/staff/query.hpp"
#include "api/staff/views.hpp"
#include "workflows/local_days.hpp"
#include "workflows/reconcile.hpp"

#include <algorithm>

namespace iwas::api::staff {

namespace json = boost::json;

using domain::DifferenceState;
using domain::OtherSide;
using domain::ReconciliationSubject;

namespace {

constexpr int report_days_max = 31;
constexpr std::size_t subject_octets_max = 64;

Refusal busy_store()
{
    return {.code = ProblemCode::try_later, .wait = 1s};
}

/// A gateway's account is the whole organization's, a PC system its location's.
bool may_see(const StaffCaller& caller, const ReconciliationSubject& subject)
{
    if (domain::sees_everything(caller.member)) return true;
    return subject.side == OtherSide::pc_system &&
           caller.member.locations.contains(domain::LocationId::trusted(subject.name));
}

/// What the reports of some days are made of, read at once.
struct Days {
    std::vector<domain::Comparison> comparisons;
    std::vector<ports::DifferenceCount> differences;
    std::vector<domain::FirstComparison> first;
    std::string last; // the last day that has ended
};

awaitable<Result<Days, ports::StoreError>> days_between(
    StaffCaller caller, std::string first, std::string last, Services& services)
{
    const domain::OrganizationId& organization = caller.organization.id;
    Days days;
    auto comparisons = co_await services.store.comparisons_between(organization, first, last);
    if (!comparisons) co_return std::unexpected{comparisons.error()};
    days.comparisons = std::move(*comparisons);
    std::erase_if(days.comparisons, [&](const domain::Comparison& each) {
        return !may_see(caller, each.subject);
    });
    std::vector<domain::LocationId> scope = caller.scope();
    auto counted = co_await services.store.count_differences(
        organization, std::move(first), std::move(last), std::move(scope));
    if (!counted) co_return std::unexpected{counted.error()};
    days.differences = std::move(*counted);
    auto since = co_await services.store.first_comparisons(organization);
    if (!since) co_return std::unexpected{since.error()};
    days.first = std::move(*since);
    co_return days;
}

awaitable<Result<json::array, ports::StoreError>> credit_of(
    StaffCaller caller, domain::LocalDay day, Services& services)
{
    json::array credit;
    if (!domain::sees_everything(caller.member)) co_return credit;
    const auto movements =
        co_await services.store.credit_movements(caller.organization.id, day.from, day.to);
    if (!movements) co_return std::unexpected{movements.error()};
    for (const ports::CreditMovement& each : *movements)
        credit.push_back(credit_json(each));
    co_return credit;
}

/// `visible`: the subjects that the caller may see.
json::object report_of(
    const std::string& day, const Days& days, const domain::Catalog& catalog,
    std::vector<ReconciliationSubject> visible, json::array credit)
{
    std::vector<domain::Comparison> comparisons;
    json::array subjects;
    for (const domain::Comparison& each : days.comparisons) {
        if (each.day != day) continue;
        comparisons.push_back(each);
        subjects.push_back(comparison_json(each, method_of(catalog, each.subject)));
    }
    const auto counted = std::ranges::find(days.differences, day, &ports::DifferenceCount::day);
    const ports::DifferenceCount differences =
        counted == days.differences.end() ? ports::DifferenceCount{} : *counted;
    const auto expected = domain::expected_on(day, days.last, std::move(visible), days.first);
    return {
        {"day", day},
        {"outcome", to_text(domain::outcome_of(comparisons, expected, differences.open))},
        {"figures", figures_json(domain::sum_of(comparisons))},
        {"subjects", std::move(subjects)},
        {"credit", std::move(credit)},
        {"open_differences", differences.open},
        {"settled_differences", differences.settled},
    };
}

awaitable<Response> list_reports(StaffCaller caller, Request request, Services& services)
{
    using std::chrono::sys_days;
    QueryReader query{request, {"from", "to"}};
    const std::string& zone = caller.organization.time_zone;
    const domain::LocalDay today =
        workflows::day_at(services.clock, services.clock.utc_now(), zone);
    const sys_days yesterday = sys_days{today.date} - std::chrono::days{1};
    const auto to = query.value("to", domain::date_from).value_or(yesterday);
    const auto from = query.value("from", domain::date_from).value_or(to);
    const auto length = (sys_days{to} - sys_days{from}).count() + 1;
    if (length < 1 || length > report_days_max) query.mark_wrong("from");
    if (query.is_wrong()) co_return caller.refuse(query.refusal());

    auto days = co_await days_between(caller, domain::to_text(from), domain::to_text(to), services);
    if (!days) co_return caller.refuse(busy_store());
    days->last = domain::to_text(yesterday);
    const auto catalog = services.catalog.current();
    auto visible = workflows::subjects_of(*catalog, caller.organization.id);
    std::erase_if(visible, [&](const auto& subject) { return !may_see(caller, subject); });
    json::array reports;
    for (sys_days date{to}; date >= sys_days{from}; date -= std::chrono::days{1}) {
        const domain::LocalDay day = workflows::day_of(services.clock, date, zone);
        auto credit = co_await credit_of(caller, day, services);
        if (!credit) co_return caller.refuse(busy_store());
        reports.push_back(
            report_of(domain::to_text(date), *days, *catalog, visible, std::move(*credit)));
    }
    co_return json_response(
        200, {{"organization", caller.organization.id.text()},
              {"time_zone", zone},
              {"reports", std::move(reports)}});
}

/// The subject that both members name, if any; the name of the member that is wrong.
Result<std::optional<ReconciliationSubject>, std::string> subject_in(const json::object& body)
{
    std::optional<ReconciliationSubject> subject;
    for (const auto& [member, side] :
         {std::pair{"account", OtherSide::gateway}, std::pair{"pc_system", OtherSide::pc_system}}) {
        if (!body.contains(member)) continue;
        auto name = text_member(body, member, 1, subject_octets_max);
        if (!name || subject) return std::unexpected{std::string{member}};
        subject = {side, std::move(*name)};
    }
    return subject;
}

awaitable<Response> ask_to_compare(StaffCaller caller, Request request, Services& services)
{
    const auto body = action_body(request, {"day", "account", "pc_system"});
    if (!body) co_return caller.refuse(body.error());
    const auto text = text_member(*body, "day", 10, 10);
    if (!text) co_return caller.refuse(text.error());
    const UtcTime now = services.clock.utc_now();
    const domain::LocalDay today =
        workflows::day_at(services.clock, now, caller.organization.time_zone);
    workflows::ReconcileOrder order;
    order.day = domain::date_from(*text);
    if (!order.day || *order.day > today.date) co_return caller.refuse(invalid_field("day"));
    const auto subject = subject_in(*body);
    if (!subject) co_return caller.refuse(invalid_field(subject.error()));
    order.subject = *subject;

    const auto catalog = services.catalog.current();
    auto subjects = workflows::subjects_of(*catalog, caller.organization.id);
    if (order.subject) {
        if (!std::ranges::count(subjects, *order.subject) || !may_see(caller, *order.subject))
            co_return caller.refuse(ProblemCode::not_found);
        subjects = {*order.subject};
    } else if (!domain::sees_everything(caller.member)) {
        co_return caller.refuse(ProblemCode::not_allowed);
    }

    const auto asked_at =
        co_await workflows::ask_to_reconcile(services.store, caller.organization.id, order, now);
    if (!asked_at) co_return caller.refuse(busy_store());
    json::array asked;
    for (const ReconciliationSubject& each : subjects)
        asked.push_back(json::object{{"side", to_text(each.side)}, {"subject", each.name}});
    co_return json_response(
        202, {{"day", *text}, {"subjects", std::move(asked)}, {"asked_at", to_rfc3339(*asked_at)}});
}

awaitable<Response> list_differences(StaffCaller caller, Request request, Services& services)
{
    QueryReader query{request, {"state", "day", "account", "pc_system", "cursor", "limit"}};
    ports::DifferenceFilter filter;
    filter.organization = caller.organization.id;
    filter.locations = caller.scope();
    filter.state = query.value("state", domain::difference_state_from);
    if (const auto day = query.value("day", domain::date_from)) filter.day = domain::to_text(*day);
    const auto account = query.text("account", subject_octets_max);
    const auto pc_system = query.text("pc_system", subject_octets_max);
    if (account && pc_system) query.mark_wrong("pc_system");
    if (account) filter.subject = {OtherSide::gateway, *account};
    if (pc_system) filter.subject = {OtherSide::pc_system, *pc_system};
    filter.before = query.value("cursor", domain::DifferenceId::parse);
    const auto limit = static_cast<std::size_t>(query.limit());
    if (query.is_wrong()) co_return caller.refuse(query.refusal());
    if (filter.subject && !may_see(caller, *filter.subject))
        co_return caller.refuse(ProblemCode::not_found);

    const auto found =
        co_await services.store.find_differences(std::move(filter), static_cast<int>(limit) + 1);
    if (!found) co_return caller.refuse(busy_store());
    json::array list;
    for (const domain::Difference& each : *found) {
        if (list.size() == limit) break;
        list.push_back(difference_json(each));
    }
    json::value next = nullptr;
    if (found->size() > limit) next = json::value(to_string(found->at(limit - 1).id));
    co_return json_response(
        200, {{"differences", std::move(list)}, {"next_cursor", std::move(next)}});
}

awaitable<Result<domain::Difference, Response>> visible_difference(
    StaffCaller caller, std::string id, Services& services)
{
    const auto parsed = domain::DifferenceId::parse(id);
    if (!parsed) co_return std::unexpected{caller.refuse(ProblemCode::not_found)};
    auto loaded = co_await services.store.load_difference(*parsed);
    if (!loaded) co_return std::unexpected{caller.refuse(busy_store())};
    if (!*loaded || (*loaded)->organization != caller.organization.id ||
        !may_see(caller, (*loaded)->subject))
        co_return std::unexpected{caller.refuse(ProblemCode::not_found)};
    co_return std::move(**loaded);
}

awaitable<Response> answer_with_story(
    StaffCaller caller, domain::Difference difference, Services& services)
{
    const auto story = co_await services.store.difference_events(difference.id);
    if (!story) co_return caller.refuse(busy_store());
    json::object body = difference_json(difference);
    body["history"] = story_json(*story);
    co_return json_response(200, body);
}

awaitable<Response> show_difference(StaffCaller caller, Request request, Services& services)
{
    std::string id{request.param("id")};
    auto difference = co_await visible_difference(caller, std::move(id), services);
    if (!difference) co_return difference.error();
    Response response =
        co_await answer_with_story(std::move(caller), std::move(*difference), services);
    co_return response;
}

awaitable<Response> settle(
    StaffCaller caller, Request request, Services& services, DifferenceState state)
{
    const auto body = action_body(request, {"reason"});
    if (!body) co_return caller.refuse(body.error());
    auto reason = words_member(*body, "reason");
    if (!reason) co_return caller.refuse(reason.error());
    std::string id{request.param("id")};
    auto difference = co_await visible_difference(caller, std::move(id), services);
    if (!difference) co_return difference.error();
    if (difference->state != DifferenceState::open)
        co_return caller.refuse(ProblemCode::already_settled);
    auto settled = co_await services.store.settle_difference(
        std::move(*difference), state, "staff:" + caller.member.name.text(), std::move(*reason),
        services.clock.utc_now());
    if (!settled && settled.error() == ports::StoreError::conflict)
        co_return caller.refuse(ProblemCode::already_settled);
    if (!settled) co_return caller.refuse(busy_store());
    Response response =
        co_await answer_with_story(std::move(caller), std::move(*settled), services);
    co_return response;
}

awaitable<Response> explain(StaffCaller caller, Request request, Services& services)
{
    return settle(std::move(caller), std::move(request), services, DifferenceState::explained);
}
awaitable<Response> correct(StaffCaller caller, Request request, Services& services)
{
    return settle(std::move(caller), std::move(request), services, DifferenceState::corrected);
}
awaitable<Response> dismiss_difference(StaffCaller caller, Request request, Services& services)
{
    return settle(std::move(caller), std::move(request), services, DifferenceState::dismissed);
}

} // namespace

awaitable<Response> get_reports(Request request, Services& services)
{
    return read_as_staff(std::move(request), services, list_reports);
}
awaitable<Response> post_reconciliation(Request request, Services& services)
{
    return act_as_staff(std::move(request), services, ask_to_compare);
}
awaitable<Response> get_differences(Request request, Services& services)
{
    return read_as_staff(std::move(request), services, list_differences);
}
awaitable<Response> get_difference(Request request, Services& services)
{
    return read_as_staff(std::move(request), services, show_difference);
}
awaitable<Response> post_difference_explain(Request request, Services& services)
{
    return act_as_staff(std::move(request), services, explain);
}
awaitable<Response> post_difference_correct(Request request, Services& services)
{
    return act_as_staff(std::move(request), services, correct);
}
awaitable<Response> post_difference_dismiss(Request request, Services& services)
{
    return act_as_staff(std::move(request), services, dismiss_difference);
}

} // namespace iwas::api::staff
