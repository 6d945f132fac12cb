// Endpoints of an earlier design, which some cafés' servers still have: flat bodies with `success`.
#include "core/bytes.hpp"
#include "sim/json_body.hpp"
#include "sim/pc_system/face.hpp"

namespace iwas::sim {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;

namespace {

Response failure(int status, std::string_view code)
{
    json::object body;
    body["success"] = false;
    body["error_code"] = code;
    body["message"] = code;
    return json_response(status, body);
}

Response refusal(PcRefusal why)
{
    switch (why) {
    case PcRefusal::member_not_found: return failure(404, "USER_NOT_FOUND");
    case PcRefusal::charge_not_found: return failure(404, "TRANSACTION_NOT_FOUND");
    case PcRefusal::suspended: return failure(403, "ACCOUNT_SUSPENDED");
    case PcRefusal::expired: return failure(403, "ACCOUNT_EXPIRED");
    case PcRefusal::insufficient: return failure(402, "INSUFFICIENT_BALANCE");
    case PcRefusal::over_refund: return failure(409, "ALREADY_REFUNDED");
    case PcRefusal::invalid: break;
    }
    return failure(400, "INVALID_REQUEST");
}

Response log_in(const PcSystemModel& model, const json::object& body)
{
    const PcAccount* account = model.find_user(text_of(body, "username"));
    if (account == nullptr || !equal_constant_time(account->password, text_of(body, "password")))
        return failure(401, "INVALID_CREDENTIALS");
    if (account->status != PcAccountStatus::active) return failure(403, "ACCOUNT_SUSPENDED");
    json::object answer;
    answer["success"] = true;
    answer["user_id"] = account->id;
    answer["username"] = account->user_name;
    answer["display_name"] = account->display_name;
    answer["balance"] = account->cash;
    return json_response(200, answer);
}

Response balance(const PcSystemModel& model, const Request& request)
{
    const PcAccount* account = model.find_account(request.query.value("user_id"));
    if (account == nullptr) return failure(404, "USER_NOT_FOUND");
    json::object answer;
    answer["success"] = true;
    answer["balance"] = account->cash;
    return json_response(200, answer);
}

Response debit(PcSystemModel& model, const json::object& body, UtcTime now)
{
    const std::string member = text_of(body, "user_id");
    const auto amount = integer_of(body, "amount");
    if (!amount) return failure(400, "INVALID_REQUEST");
    // The key doubles as the reference: this design has no other.
    const auto charged = model.charge(
        member, *amount, text_of(body, "idempotency_key"), text_of(body, "description"), now);
    if (!charged) return refusal(charged.error());
    json::object answer;
    answer["success"] = true;
    answer["transaction_id"] = charged->id;
    answer["new_balance"] = model.find_account(member)->cash;
    return json_response(200, answer);
}

Response refund(PcSystemModel& model, const json::object& body, UtcTime now)
{
    const auto amount = integer_of(body, "amount");
    if (!amount) return failure(400, "INVALID_REQUEST");
    const auto refunded = model.refund(text_of(body, "original_transaction_id"), *amount, now);
    if (!refunded) return refusal(refunded.error());
    json::object answer;
    answer["success"] = true;
    answer["refund_id"] = refunded->id;
    return json_response(200, answer);
}

} // namespace

Response answer_legacy(PcSystemModel& model, const Request& request, UtcTime now)
{
    if (request.method == Method::get && request.path == "/api/v1/user/balance")
        return balance(model, request);
    const auto body = read_object(request.body);
    if (request.method != Method::post || !body) return failure(400, "INVALID_REQUEST");
    if (request.path == "/pc-api/login") return log_in(model, *body);
    const bool is_debit = request.path == "/api/debit";
    if (!is_debit && request.path != "/api/refund") return failure(404, "NOT_FOUND");

    const std::string key = text_of(*body, "idempotency_key");
    const Sha256Digest digest = sha256({as_bytes(request.path), as_bytes(request.body)});
    if (const PcStoredAnswer* stored = model.stored_answer(key);
        stored != nullptr && !key.empty()) {
        if (stored->request != digest) return failure(409, "IDEMPOTENCY_CONFLICT");
        return Response::json(stored->status, stored->body);
    }
    Response first = is_debit ? debit(model, *body, now) : refund(model, *body, now);
    if (!key.empty()) model.store_answer(key, {digest, first.status, first.body});
    return first;
}

} // namespace iwas::sim
