// The control API: what a person at the café's counter, or a test, does to the simulated PC system.
#include "sim/json_body.hpp"
#include "sim/pc_system/face.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace iwas::sim {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;

namespace {

Response refused(int status, std::string_view why)
{
    json::object body;
    body["error"] = why;
    return json_response(status, body);
}

json::object account_json(const PcAccount& account)
{
    json::object body;
    body["id"] = account.id;
    body["username"] = account.user_name;
    body["display_name"] = account.display_name;
    body["status"] = to_string(account.status);
    body["cash"] = account.cash;
    body["bonus"] = account.bonus;
    return body;
}

Response add_account(PcSystemModel& model, const json::object& body)
{
    PcAccount account;
    account.id = text_of(body, "id");
    account.user_name = text_of(body, "username");
    account.password = text_of(body, "password");
    account.display_name = text_of(body, "display_name");
    account.cash = integer_of(body, "cash").value_or(0);
    account.bonus = integer_of(body, "bonus").value_or(0);
    if (account.user_name.empty()) return refused(400, "username is missing");
    if (const auto status = parse_pc_account_status(text_of(body, "status")))
        account.status = *status;
    return json_response(201, account_json(model.put_account(std::move(account))));
}

Response change_account(
    PcSystemModel& model, const std::string& id, const json::object& body, UtcTime now)
{
    const PcAccount* account = model.find_account(id);
    if (account == nullptr) account = model.find_user(id);
    if (account == nullptr) return refused(404, "no such account");
    PcAccount changed = *account;
    if (const std::string password = text_of(body, "password"); !password.empty())
        changed.password = password;
    if (const std::string name = text_of(body, "display_name"); !name.empty())
        changed.display_name = name;
    model.put_account(changed);
    const auto cash = integer_of(body, "cash");
    const auto bonus = integer_of(body, "bonus");
    if (cash || bonus)
        model.set_balance(
            changed.id, cash.value_or(changed.cash), bonus.value_or(changed.bonus), now);
    if (body.contains("status")) {
        const auto status = parse_pc_account_status(text_of(body, "status"));
        if (!status) return refused(400, "status is active, suspended or expired");
        model.set_status(changed.id, *status, now);
    }
    return json_response(200, account_json(*model.find_account(changed.id)));
}

Response accounts(const PcSystemModel& model)
{
    json::array list;
    for (const auto& [id, account] : model.accounts())
        list.push_back(account_json(account));
    json::object body;
    body["accounts"] = std::move(list);
    return json_response(200, body);
}

Response charges(const PcSystemModel& model)
{
    json::array list;
    for (const auto& [id, row] : model.charges()) {
        json::object charge;
        charge["id"] = row.id;
        charge["member_id"] = row.member_id;
        charge["reference"] = row.reference;
        charge["amount"] = row.amount;
        charge["refunded_total"] = row.refunded_total();
        charge["created_at"] = to_rfc3339(row.created_at);
        list.push_back(std::move(charge));
    }
    json::object body;
    body["charges"] = std::move(list);
    body["net_charged"] = model.net_charged();
    return json_response(200, body);
}

Response seats(const PcSystemModel& model)
{
    json::array list;
    for (const auto& [pc, seat] : model.seats()) {
        json::object row;
        row["pc"] = pc;
        row["session_id"] = seat.session_id;
        row["member_id"] = seat.member_id;
        list.push_back(std::move(row));
    }
    json::object body;
    body["pcs"] = std::move(list);
    return json_response(200, body);
}

/// /_sim/pcs/{pc}/login|logout|move
Response use_pc(PcSystemModel& model, std::string_view rest, const json::object& body, UtcTime now)
{
    const std::size_t slash = rest.rfind('/');
    if (slash == std::string_view::npos) return refused(404, "no such action");
    const std::string pc{rest.substr(0, slash)};
    const std::string_view action = rest.substr(slash + 1);
    bool done = false;
    if (action == "login")
        done = model.log_in_at(text_of(body, "username"), pc, now);
    else if (action == "logout")
        done = model.log_out_at(pc, now);
    else if (action == "move")
        done = model.move(pc, text_of(body, "to"), now);
    else
        return refused(404, "no such action");
    if (!done) return refused(409, "the user is unknown, or the PC is taken or empty");
    return seats(model);
}

Response set_fault(PcSystemModel& model, const json::object& body)
{
    const auto fault = parse_pc_fault(text_of(body, "fault"));
    if (!fault) return refused(400, "no such fault");
    PcFaults::Setting setting;
    const json::value* probability = body.if_contains("probability");
    if (probability != nullptr && probability->is_number())
        setting.probability = probability->to_number<double>();
    setting.next = static_cast<unsigned>(
        std::clamp<std::int64_t>(integer_of(body, "next").value_or(0), 0, 1'000'000));
    setting.on = text_of(body, "on");
    model.faults.set(*fault, std::move(setting));
    if (const auto delay = integer_of(body, "delay_ms")) model.faults.delay = Milliseconds{*delay};
    return Response::empty();
}

} // namespace

Response answer_control(PcSystemModel& model, const Request& request, UtcTime now)
{
    constexpr std::string_view root = "/_sim/";
    if (!request.path.starts_with(root)) return refused(404, "nothing here");
    const std::string_view path = std::string_view{request.path}.substr(root.size());
    const auto parsed = request.body.empty() ? json::object{} : read_object(request.body);
    if (!parsed) return refused(400, "the body is no JSON object");
    const json::object& body = *parsed;
    if (request.method == Method::get) {
        if (path == "accounts") return accounts(model);
        if (path == "charges") return charges(model);
        if (path == "pcs") return seats(model);
    }
    if (request.method == Method::post) {
        if (path == "accounts") return add_account(model, body);
        if (path == "faults") return set_fault(model, body);
        if (path.starts_with("pcs/")) return use_pc(model, path.substr(4), body, now);
        if (path == "heartbeat") {
            model.heartbeat(now);
            return Response::empty();
        }
    }
    if (request.method == Method::patch && path.starts_with("accounts/"))
        return change_account(model, std::string{path.substr(9)}, body, now);
    if (request.method == Method::del && path == "faults") {
        model.faults.clear();
        return Response::empty();
    }
    return refused(404, "nothing here");
}

} // namespace iwas::sim
