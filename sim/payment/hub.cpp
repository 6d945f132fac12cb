#include "sim/payment/hub.hpp"

#include "sim/json_body.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace iwas::sim {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;

namespace {

constexpr std::string_view control_root = "/_sim/";

Response refused(int status, std::string_view why)
{
    json::object body;
    body["error"] = why;
    return json_response(status, body);
}

Response pay(GatewayFace& face, const json::object& body, UtcTime now)
{
    PayCommand command;
    command.order_id = text_of(body, "order");
    command.qr_text = text_of(body, "qr_text");
    command.memo = text_of(body, "memo");
    command.code = text_of(body, "code");
    if (const std::string payer = text_of(body, "payer"); !payer.empty()) command.payer = payer;
    if (const auto amount = integer_of(body, "amount")) command.amount = Money{*amount};
    const auto act = parse_payer_act(body.contains("outcome") ? text_of(body, "outcome") : "pay");
    if (!act) return refused(400, "outcome is pay, refuse or leave");
    command.act = *act;
    const auto paid = face.pay(command, now);
    if (!paid) return refused(409, paid.error());
    json::object answer;
    answer["code"] = paid->code;
    answer["redirect_url"] = paid->redirect_url;
    return json_response(200, answer);
}

Response set_wallet(GatewayFace& face, const json::object& body)
{
    const std::string payer = text_of(body, "payer");
    const auto balance = integer_of(body, "balance");
    if (payer.empty() || !balance || *balance < 0)
        return refused(400, "payer and balance are needed");
    face.book.set_balance(payer, Money{*balance});
    return Response::empty();
}

Response wallets(const GatewayFace& face)
{
    json::array list;
    for (const auto& [payer, balance] : face.book.balances()) {
        json::object wallet;
        wallet["payer"] = payer;
        wallet["balance"] = balance.vnd();
        wallet["lost"] = face.book.lost_by(payer).vnd();
        list.push_back(std::move(wallet));
    }
    json::object body;
    body["wallets"] = std::move(list);
    return json_response(200, body);
}

Response payments(const GatewayFace& face)
{
    json::array list;
    for (const MoneyLine& line : face.book.lines()) {
        json::object row;
        row["move"] = to_string(line.move);
        row["order"] = line.order_id;
        row["id"] = line.id;
        row["payer"] = line.payer;
        row["amount"] = line.amount.vnd();
        row["at"] = to_rfc3339(line.at);
        list.push_back(std::move(row));
    }
    json::object body;
    body["payments"] = std::move(list);
    body["taken"] = face.book.total_taken().vnd();
    body["refunded"] = face.book.total_refunded().vnd();
    return json_response(200, body);
}

Response set_fault(GatewayFaults& faults, const json::object& body)
{
    const auto fault = parse_gateway_fault(text_of(body, "fault"));
    if (!fault) return refused(400, "no such fault");
    GatewayFaults::Setting setting;
    const json::value* probability = body.if_contains("probability");
    if (probability != nullptr && probability->is_number())
        setting.probability = probability->to_number<double>();
    setting.next = static_cast<unsigned>(
        std::clamp<std::int64_t>(integer_of(body, "next").value_or(0), 0, 1'000'000));
    setting.on = text_of(body, "on");
    faults.set(*fault, std::move(setting));
    const auto duration = [&](std::string_view name, Milliseconds& target) {
        constexpr std::int64_t day_ms = 86'400'000;
        if (const auto ms = integer_of(body, name))
            target = Milliseconds{std::clamp<std::int64_t>(*ms, 0, day_ms)};
    };
    duration("delay_ms", faults.delay);
    duration("late_ms", faults.late);
    duration("reversal_ms", faults.reversal_after);
    duration("down_ms", faults.down_for);
    return Response::empty();
}

} // namespace

GatewayAnswer GatewayHub::answer(const Request& request, UtcTime now)
{
    GatewayAnswer answer;
    if (request.path.starts_with(control_root)) {
        answer.response = control(request, now);
        return answer;
    }
    for (GatewayFace* face : faces_)
        if (face->owns(request.path)) return face->answer(request, now);
    answer.response = refused(404, "no gateway has this path");
    return answer;
}

Response GatewayHub::control(const Request& request, UtcTime now)
{
    const std::string_view what = std::string_view{request.path}.substr(control_root.size());
    const auto parsed = request.body.empty() ? json::object{} : read_object(request.body);
    if (!parsed) return refused(400, "the body is no JSON object");
    const std::string gateway = request.query.has("gateway")
                                    ? std::string{request.query.value("gateway")}
                                    : text_of(*parsed, "gateway");
    GatewayFace* face = find(gateway);
    if (face == nullptr) return refused(404, "no such gateway");
    if (auto own = face->control(what, request, now)) return std::move(*own);
    if (request.method == Method::get) {
        if (what == "payments") return payments(*face);
        if (what == "wallets") return wallets(*face);
    }
    if (request.method == Method::post) return change(what, *face, *parsed, now);
    if (request.method == Method::del && what == "faults") {
        face->faults.clear();
        return Response::empty();
    }
    return refused(404, "nothing here");
}

Response GatewayHub::change(
    std::string_view what, GatewayFace& face, const json::object& body, UtcTime now)
{
    if (what == "pay") return pay(face, body, now);
    if (what == "wallets") return set_wallet(face, body);
    if (what == "faults") return set_fault(face.faults, body);
    if (what == "crash") {
        face.crash(now);
        return Response::empty();
    }
    return refused(404, "nothing here");
}

std::vector<DueNotice> GatewayHub::due_notices(UtcTime now)
{
    std::vector<DueNotice> due;
    for (GatewayFace* face : faces_)
        for (Notice& notice : face->due_notices(now))
            due.push_back({face, std::move(notice)});
    return due;
}

std::optional<UtcTime> GatewayHub::next_wake() const
{
    std::optional<UtcTime> next;
    for (const GatewayFace* face : faces_) {
        const auto wake = face->next_wake();
        if (wake && (!next || *wake < *next)) next = wake;
    }
    return next;
}

GatewayFace* GatewayHub::find(std::string_view name) const
{
    const auto found =
        std::ranges::find(faces_, name, [](const GatewayFace* face) { return face->name(); });
    return found == faces_.end() ? nullptr : *found;
}

void GatewayHub::set_public_url(const std::string& url)
{
    for (GatewayFace* face : faces_)
        face->public_url = url;
}

} // namespace iwas::sim
