// Refunds by staff: paid money goes back, and what waits for a person is settled.
#include "api/customer.hpp"
#include "api/staff/handlers.hpp"
#include "api/staff/pay_back.hpp"
#include "api/staff/query.hpp"
#include "api/staff/views.hpp"
#include "api/views.hpp"
#include "core/folding.hpp"
#include "core/text.hpp"

#include <charconv>

namespace iwas::api::staff {

namespace json = boost::json;

using workflows::StaffAction;
using workflows::StaffRefundError;
using workflows::StaffRefunds;

namespace {

constexpr std::size_t reference_octets_max = 64;

Refusal refusal_of(StaffRefundError error)
{
    switch (error) {
    case StaffRefundError::not_found: return {.code = ProblemCode::not_found};
    case StaffRefundError::not_refundable: return {.code = ProblemCode::not_refundable};
    case StaffRefundError::too_much: return {.code = ProblemCode::refund_too_large};
    case StaffRefundError::key_reused: return {.code = ProblemCode::idempotency_conflict};
    case StaffRefundError::still_opening: return {.code = ProblemCode::still_opening};
    case StaffRefundError::not_queued: return {.code = ProblemCode::not_queued};
    case StaffRefundError::not_possible: return {.code = ProblemCode::not_possible};
    case StaffRefundError::refund_in_doubt: return {.code = ProblemCode::refund_in_doubt};
    case StaffRefundError::try_later: return {.code = ProblemCode::try_later, .wait = 1s};
    }
    return {.code = ProblemCode::try_later, .wait = 1s};
}

/// 202 while somebody else, the server or a gateway, has to finish it.
Response answer_to(const StaffCaller& caller, const StaffRefunds::Done& done)
{
    if (!done) return caller.refuse(refusal_of(done.error()));
    const int status = is_final(done->state) ? 200 : 202;
    return json_response(status, {{"transaction", transaction_json(*done)}});
}

/// Nothing without the member; an amount of at least one dong with it.
Result<std::optional<Money>, Refusal> amount_in(const json::object& body)
{
    if (!body.contains("amount")) return std::optional<Money>{};
    const auto amount = money_member(body, "amount");
    if (!amount || *amount == Money{}) return std::unexpected{invalid_field("amount")};
    return std::optional{*amount};
}

awaitable<Response> start_refund(StaffCaller caller, Request request, Services& services)
{
    const auto body = action_body(request, {"amount", "reason"});
    if (!body) co_return caller.refuse(body.error());
    const auto amount = amount_in(*body);
    if (!amount) co_return caller.refuse(amount.error());
    auto reason = words_member(*body, "reason");
    if (!reason) co_return caller.refuse(reason.error());
    std::string id{request.param("id")};
    const auto paid = co_await visible_transaction(caller, std::move(id), services);
    if (!paid) co_return paid.error();

    // The ledger keeps the key for ever: when the answer to the first request is forgotten, the
    // refund is still not made twice.
    std::string key =
        caller.member.name.text() + "/" + idempotency_key(request).value_or(std::string{});
    StaffAction action{caller.member.name.text(), std::move(*reason)};
    const auto done =
        co_await services.staff_refunds.start(paid->id, *amount, std::move(action), std::move(key));
    co_return answer_to(caller, done);
}

/// The place behind a line: "MILLISECONDS-ID".
struct QueuePlace {
    UtcTime since;
    domain::TransactionId id;
};
std::string to_text(const ports::QueuedRefund& line)
{
    return std::to_string(to_unix_ms(line.since)) + "-" + to_string(line.transaction.id);
}
std::optional<QueuePlace> queue_place_in(std::string_view text)
{
    const std::size_t dash = std::min(text.find('-'), text.size());
    std::int64_t milliseconds = 0;
    const auto read = std::from_chars(text.data(), text.data() + dash, milliseconds);
    constexpr std::int64_t milliseconds_max = std::int64_t{1} << 50;
    if (read.ec != std::errc{} || read.ptr != text.data() + dash || dash == text.size() ||
        milliseconds < 0 || milliseconds > milliseconds_max)
        return std::nullopt;
    const auto id = domain::TransactionId::parse(text.substr(dash + 1));
    if (!id) return std::nullopt;
    return QueuePlace{from_unix_ms(milliseconds), *id};
}

/// What a transfer back needs to be known. What cannot be read is as good as not there: the line is
/// shown all the same.
struct PayBack {
    std::string payer; // as the bank told him, masked; may be empty
    json::value to;    // for managers alone, who make the transfer
};

awaitable<PayBack> pay_back_of(bool is_manager, domain::Transaction txn, Services& services)
{
    PayBack back;
    if (!waits_for_transfer_back(txn)) co_return back;
    const auto payment =
        co_await services.store.payment_by_gateway_id(txn.payment_account, txn.charge_id);
    if (!payment || !*payment) co_return back;
    back.payer = (*payment)->payer;
    if (!is_manager || txn.account.is_nil()) co_return back;
    const auto wallet = co_await services.store.saved_methods_of(txn.account);
    if (wallet) back.to = pay_back_json(account_to_pay_back(*wallet, txn, **payment), txn);
    co_return back;
}

awaitable<Response> list_queue(StaffCaller caller, Request request, Services& services)
{
    QueryReader query{request, {"location", "cursor", "limit"}};
    const auto location = query.value("location", domain::LocationId::parse);
    const auto place = query.value("cursor", queue_place_in).value_or(QueuePlace{});
    const auto limit = static_cast<std::size_t>(query.limit());
    if (query.is_wrong()) co_return caller.refuse(query.refusal());

    ports::QueueFilter filter;
    filter.organization = caller.organization.id;
    filter.locations = caller.scope();
    if (location) {
        if (!caller.may_see(caller.organization.id, *location))
            co_return caller.refuse(ProblemCode::not_found);
        filter.locations = {*location};
    }
    filter.after_since = place.since;
    filter.after = place.id;
    const auto found =
        co_await services.store.queued_refunds(std::move(filter), static_cast<int>(limit) + 1);
    if (!found) co_return caller.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
    const UtcTime now = services.clock.utc_now();
    const bool is_manager = caller.member.role == domain::StaffRole::manager;
    json::array list;
    for (const ports::QueuedRefund& each : *found) {
        if (list.size() == limit) break;
        json::object line = queued_json(each, now);
        PayBack back = co_await pay_back_of(is_manager, each.transaction, services);
        line["payer"] = text_or_null(back.payer);
        line["pay_back_to"] = std::move(back.to);
        list.push_back(std::move(line));
    }
    json::value next = nullptr;
    if (found->size() > limit) next = json::value(to_text(found->at(limit - 1)));
    co_return json_response(200, {{"refunds", std::move(list)}, {"next_cursor", std::move(next)}});
}

/// What every action on the queue begins with: the body, why, and the transaction.
struct Settlement {
    domain::TransactionId id;
    json::object body;
    StaffAction action;
};
awaitable<Result<Settlement, Response>> begin_settlement(
    StaffCaller caller, Request request, std::string other_member, Services& services)
{
    auto body = action_body(request, {"reason", other_member});
    if (!body) co_return std::unexpected{caller.refuse(body.error())};
    auto reason = words_member(*body, "reason");
    if (!reason) co_return std::unexpected{caller.refuse(reason.error())};
    std::string id{request.param("id")};
    const auto queued = co_await visible_transaction(caller, std::move(id), services);
    if (!queued) co_return std::unexpected{queued.error()};
    co_return Settlement{
        queued->id, std::move(*body), {caller.member.name.text(), std::move(*reason)}};
}

awaitable<Response> retry(StaffCaller caller, Request request, Services& services)
{
    const auto begun = co_await begin_settlement(caller, std::move(request), "reason", services);
    if (!begun) co_return begun.error();
    const auto done = co_await services.staff_refunds.retry(begun->id, begun->action);
    co_return answer_to(caller, done);
}

awaitable<Response> made(StaffCaller caller, Request request, Services& services)
{
    const auto begun = co_await begin_settlement(caller, std::move(request), "reference", services);
    if (!begun) co_return begun.error();
    auto reference = text_member(begun->body, "reference", 1, reference_octets_max);
    if (!reference || trimmed(*reference).empty() || has_control_character(*reference))
        co_return caller.refuse(invalid_field("reference"));
    const auto done = co_await services.staff_refunds.done_by_hand(
        begun->id, std::move(*reference), begun->action);
    co_return answer_to(caller, done);
}

awaitable<Response> attach(StaffCaller caller, Request request, Services& services)
{
    const auto begun = co_await begin_settlement(caller, std::move(request), "order", services);
    if (!begun) co_return begun.error();
    auto order_id = text_member(begun->body, "order", 1, reference_octets_max);
    if (!order_id) co_return caller.refuse(order_id.error());
    const auto order = co_await visible_transaction(caller, std::move(*order_id), services);
    if (!order) co_return order.error();
    const auto done = co_await services.staff_refunds.attach(begun->id, order->id, begun->action);
    co_return answer_to(caller, done);
}

awaitable<Response> keep(StaffCaller caller, Request request, Services& services)
{
    const auto begun = co_await begin_settlement(caller, std::move(request), "reason", services);
    if (!begun) co_return begun.error();
    const auto done = co_await services.staff_refunds.keep_as_credit(begun->id, begun->action);
    co_return answer_to(caller, done);
}

awaitable<Response> dismiss(StaffCaller caller, Request request, Services& services)
{
    const auto begun = co_await begin_settlement(caller, std::move(request), "reason", services);
    if (!begun) co_return begun.error();
    const auto done = co_await services.staff_refunds.dismiss(begun->id, begun->action);
    co_return answer_to(caller, done);
}

} // namespace

awaitable<Response> post_refund(Request request, Services& services)
{
    return act_as_staff(std::move(request), services, start_refund);
}
awaitable<Response> get_refund_queue(Request request, Services& services)
{
    return read_as_staff(std::move(request), services, list_queue);
}
awaitable<Response> post_refund_retry(Request request, Services& services)
{
    return act_as_staff(std::move(request), services, retry);
}
awaitable<Response> post_refund_made(Request request, Services& services)
{
    return act_as_staff(std::move(request), services, made);
}
awaitable<Response> post_refund_attach(Request request, Services& services)
{
    return act_as_staff(std::move(request), services, attach);
}
awaitable<Response> post_refund_keep(Request request, Services& services)
{
    return act_as_staff(std::move(request), services, keep);
}
awaitable<Response> post_refund_dismiss(Request request, Services& services)
{
    return act_as_staff(std::move(request), services, dismiss);
}

} // namespace iwas::api::staff
