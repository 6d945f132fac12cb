#include "sim/pc_system/face.hpp"

#include "core/bytes.hpp"
#include "sim/json_body.hpp"

#include <boost/json/array.hpp>

#include <charconv>

namespace iwas::sim {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;

namespace {

constexpr std::string_view currency = "VND";

Response error(int status, std::string_view code, json::object details = {})
{
    json::object inner;
    inner["code"] = code;
    inner["message"] = code;
    inner["retryable"] = status == 429 || status >= 500;
    inner["details"] = std::move(details);
    json::object body;
    body["error"] = std::move(inner);
    return json_response(status, body);
}

Response refusal(const PcSystemModel& model, PcRefusal why, std::string_view member_id)
{
    switch (why) {
    case PcRefusal::member_not_found: return error(404, "MEMBER_NOT_FOUND");
    case PcRefusal::charge_not_found: return error(404, "CHARGE_NOT_FOUND");
    case PcRefusal::suspended: return error(403, "ACCOUNT_SUSPENDED");
    case PcRefusal::expired: return error(403, "ACCOUNT_EXPIRED");
    case PcRefusal::over_refund: return error(409, "ALREADY_REFUNDED");
    case PcRefusal::invalid: return error(400, "INVALID_REQUEST");
    case PcRefusal::insufficient: break;
    }
    json::object details;
    const PcAccount* member = model.find_account(member_id);
    details["available"] = member != nullptr ? member->cash : 0;
    return error(402, "INSUFFICIENT_BALANCE", std::move(details));
}

json::object member_json(const PcAccount& account)
{
    json::object member;
    member["id"] = account.id;
    member["username"] = account.user_name;
    member["display_name"] = account.display_name;
    member["status"] = to_string(account.status);
    member["group"] = account.group;
    member["expires_at"] = nullptr;
    return member;
}

json::object charge_json(const PcChargeRow& row)
{
    json::object charge;
    charge["id"] = row.id;
    charge["status"] = "succeeded";
    charge["member_id"] = row.member_id;
    charge["amount"] = row.amount;
    charge["currency"] = currency;
    charge["reference"] = row.reference;
    charge["created_at"] = to_rfc3339(row.created_at);
    charge["refunded_total"] = row.refunded_total();
    return charge;
}

json::object balance_json(const PcAccount& account, UtcTime now)
{
    json::object balance;
    balance["member_id"] = account.id;
    balance["currency"] = currency;
    balance["cash"] = account.cash;
    balance["bonus"] = account.bonus;
    balance["time_seconds"] = 0;
    balance["chargeable"] = account.cash;
    balance["as_of"] = to_rfc3339(now);
    balance["stale"] = false;
    return balance;
}

Response capabilities(PcSystemModel& model, UtcTime now)
{
    json::object features;
    for (const char* yes : {"verify", "balance", "charge", "refund", "events_webhook"})
        features[yes] = true;
    features["events_poll"] = model.settings.lists_sessions;
    features["topup"] = false;
    json::object body;
    body["contract"] = "1.0";
    body["product"] = "iwas-sim";
    body["product_version"] = "1";
    body["branch_id"] = model.settings.branch_id;
    body["currency"] = currency;
    body["time_zone"] = "Asia/Ho_Chi_Minh";
    body["features"] = std::move(features);
    body["idempotency_retention_hours"] = 72;
    body["server_time"] = to_rfc3339(model.cafe_time(now));
    return json_response(200, body);
}

Response verify(PcSystemModel& model, const Request& request, UtcTime)
{
    const auto body = read_object(request.body);
    if (!body) return error(400, "INVALID_REQUEST");
    const PcAccount* account = model.find_user(text_of(*body, "username"));
    const std::string password = text_of(*body, "password");
    // The same answer for an unknown user and a wrong password.
    if (account == nullptr || !equal_constant_time(account->password, password))
        return error(422, "INVALID_CREDENTIALS");
    if (account->status == PcAccountStatus::suspended) return error(403, "ACCOUNT_SUSPENDED");
    if (account->status == PcAccountStatus::expired) return error(403, "ACCOUNT_EXPIRED");
    json::object session;
    session["active"] = false;
    for (const auto& [pc, seat] : model.seats()) {
        if (seat.member_id != account->id) continue;
        session["active"] = true;
        session["pc_name"] = pc;
        session["started_at"] = to_rfc3339(seat.started_at);
        break;
    }
    json::object answer;
    answer["member"] = member_json(*account);
    answer["session"] = std::move(session);
    return json_response(200, answer);
}

Response members(const PcSystemModel& model, const Request& request, UtcTime now)
{
    std::string_view rest = std::string_view{request.path}.substr(11); // past "/v1/members"
    const PcAccount* account = nullptr;
    const bool balance = rest.ends_with("/balance");
    if (rest.empty()) {
        account = model.find_user(request.query.value("username"));
    } else {
        rest.remove_prefix(1);
        if (balance) rest.remove_suffix(8);
        account = model.find_account(rest);
    }
    if (account == nullptr) return error(404, "MEMBER_NOT_FOUND");
    if (balance) return json_response(200, balance_json(*account, now));
    json::object body;
    body["member"] = member_json(*account);
    return json_response(200, body);
}

Response make_charge(PcSystemModel& model, const Request& request, UtcTime now)
{
    const auto body = read_object(request.body);
    if (!body) return error(400, "INVALID_REQUEST");
    const std::string member = text_of(*body, "member_id");
    const auto amount = integer_of(*body, "amount");
    if (!amount || text_of(*body, "currency") != currency || text_of(*body, "reference").empty())
        return error(400, "INVALID_REQUEST");
    const bool is_wrong = model.faults.strikes(PcFault::wrong_amount, request.path);
    const std::int64_t taken = is_wrong ? *amount + model.faults.charged_more : *amount;
    const auto charged = model.charge(
        member, taken, text_of(*body, "reference"), text_of(*body, "description"), now);
    if (!charged) return refusal(model, charged.error(), member);
    json::object left;
    left["cash"] = model.find_account(member)->cash;
    left["chargeable"] = model.find_account(member)->cash;
    json::object answer;
    answer["charge"] = charge_json(*charged);
    answer["balance"] = std::move(left);
    return json_response(201, answer);
}

Response make_refund(PcSystemModel& model, const Request& request, UtcTime now)
{
    constexpr std::string_view prefix = "/v1/charges/";
    constexpr std::string_view suffix = "/refunds";
    const std::string charge_id =
        request.path.substr(prefix.size(), request.path.size() - prefix.size() - suffix.size());
    const auto body = read_object(request.body);
    const auto amount = body ? integer_of(*body, "amount") : std::nullopt;
    if (!amount) return error(400, "INVALID_REQUEST");
    const auto refunded = model.refund(charge_id, *amount, now);
    if (!refunded) return refusal(model, refunded.error(), "");
    json::object refund;
    refund["id"] = refunded->id;
    refund["status"] = "succeeded";
    refund["amount"] = refunded->amount;
    json::object answer;
    answer["refund"] = std::move(refund);
    answer["charge"] = charge_json(*model.find_charge(charge_id));
    return json_response(201, answer);
}

Response look_up_charge(const PcSystemModel& model, const Request& request)
{
    json::object body;
    if (request.path == "/v1/charges") {
        json::array found;
        for (const PcChargeRow* row : model.charges_of(request.query.value("reference")))
            found.push_back(charge_json(*row));
        body["charges"] = std::move(found);
        return json_response(200, body);
    }
    const PcChargeRow* row = model.find_charge(std::string_view{request.path}.substr(12));
    if (row == nullptr) return error(404, "CHARGE_NOT_FOUND");
    body["charge"] = charge_json(*row);
    return json_response(200, body);
}

Response sessions(PcSystemModel& model, UtcTime now)
{
    json::array list;
    for (const auto& [pc, seat] : model.seats()) {
        json::object session;
        session["session_id"] = seat.session_id;
        session["member_id"] = seat.member_id;
        session["username"] = model.find_account(seat.member_id)->user_name;
        session["pc_name"] = pc;
        session["started_at"] = to_rfc3339(seat.started_at);
        list.push_back(std::move(session));
    }
    json::object body;
    body["sessions"] = std::move(list);
    body["as_of"] = to_rfc3339(model.cafe_time(now));
    body["cursor"] = std::to_string(model.last_cursor());
    return json_response(200, body);
}

Response events(const PcSystemModel& model, const Request& request)
{
    const std::string_view text = request.query.value("cursor");
    std::uint64_t cursor = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), cursor);
    if (!text.empty() && (failed != std::errc{} || end != text.data() + text.size()))
        return error(400, "INVALID_REQUEST");
    json::array list;
    for (const PcEventRow& row : model.events_after(cursor, 100)) {
        list.push_back(json::parse(row.body));
        cursor = row.cursor;
    }
    json::object body;
    body["events"] = std::move(list);
    body["cursor"] = std::to_string(cursor);
    return json_response(200, body);
}

bool is_money(const Request& request)
{
    return request.method == Method::post &&
           (request.path == "/v1/charges" ||
            (request.path.starts_with("/v1/charges/") && request.path.ends_with("/refunds")));
}

/// A money request runs once per key: the first answer is kept together with the balance change.
Response once_per_key(PcSystemModel& model, const Request& request, UtcTime now)
{
    const std::string key{request.headers.value("Idempotency-Key")};
    if (key.empty()) return error(400, "INVALID_REQUEST");
    const Sha256Digest digest = sha256({as_bytes(request.path), as_bytes(request.body)});
    if (const PcStoredAnswer* stored = model.stored_answer(key)) {
        if (stored->request != digest) return error(409, "IDEMPOTENCY_CONFLICT");
        // A repeated 201 is told as 200; a repeated refusal stays what it was.
        Response again = Response::json(stored->status == 201 ? 200 : stored->status, stored->body);
        again.headers.set("Idempotent-Replay", "true");
        return again;
    }
    Response first = request.path == "/v1/charges" ? make_charge(model, request, now)
                                                   : make_refund(model, request, now);
    model.store_answer(key, {digest, first.status, first.body});
    return first;
}

Response route(PcSystemModel& model, const Request& request, UtcTime now)
{
    const std::string_view path = request.path;
    if (path.starts_with("/pc-api/") || path.starts_with("/api/"))
        return answer_legacy(model, request, now);
    if (is_money(request)) return once_per_key(model, request, now);
    if (request.method == Method::post && path == "/v1/members/verify")
        return verify(model, request, now);
    if (request.method != Method::get) return error(501, "NOT_SUPPORTED");
    if (path == "/v1/capabilities") return capabilities(model, now);
    if (path == "/v1/members" || path.starts_with("/v1/members/"))
        return members(model, request, now);
    if (path == "/v1/charges" || path.starts_with("/v1/charges/"))
        return look_up_charge(model, request);
    const bool can_poll = model.settings.lists_sessions;
    if (can_poll && path == "/v1/sessions") return sessions(model, now);
    if (can_poll && path == "/v1/events") return events(model, request);
    return error(501, "NOT_SUPPORTED");
}

/// Puts octets that are no UTF-8 where the display name's text begins.
void spoil_name(std::string& body)
{
    const std::string field = "\"display_name\":\"";
    const std::size_t at = body.find(field);
    if (at != std::string::npos) body.insert(at + field.size(), "\xC3\x28\xFF");
}

} // namespace

PcAnswer answer_connector(PcSystemModel& model, const Request& request, UtcTime now)
{
    PcFaults& faults = model.faults;
    const std::string& path = request.path;
    const std::string_view authorization = request.headers.value("Authorization");
    PcAnswer answer;
    if (!equal_constant_time(authorization, "Bearer " + model.settings.branch_key)) {
        answer.response = error(401, "UNAUTHENTICATED");
        return answer;
    }
    if (faults.strikes(PcFault::delay, path)) answer.delay = faults.delay;
    if (faults.strikes(PcFault::rate_limited, path)) {
        answer.response = error(429, "RATE_LIMITED");
        answer.response.headers.set("Retry-After", std::to_string(faults.retry_after.count()));
        return answer;
    }
    if (faults.strikes(PcFault::error_before_commit, path)) {
        answer.response = error(500, "INTERNAL");
        return answer;
    }
    if (faults.strikes(PcFault::wrong_key, path)) {
        answer.response = error(401, "UNAUTHENTICATED");
        return answer;
    }
    if (is_money(request) && faults.strikes(PcFault::refused, path)) {
        answer.response = error(403, "FORBIDDEN");
        return answer;
    }
    answer.is_dropped = is_money(request) && faults.strikes(PcFault::lost_request, path);
    if (answer.is_dropped) return answer;
    answer.response = route(model, request, now);
    if (faults.strikes(PcFault::non_utf8_name, path)) spoil_name(answer.response.body);
    if (faults.strikes(PcFault::error_after_commit, path)) answer.response = error(500, "INTERNAL");
    if (faults.strikes(PcFault::garbage_json, path))
        answer.response.body = "{\"charge\":{\"id\":\"ch_";
    if (faults.strikes(PcFault::huge_body, path)) answer.response.body.append(200'000, ' ');
    answer.is_dropped = faults.strikes(PcFault::drop_after_commit, path);
    return answer;
}

} // namespace iwas::sim
