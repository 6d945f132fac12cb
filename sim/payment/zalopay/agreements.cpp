// The simulated ZaloPay's agreements: a payer allows one-tap payments, is charged, and withdraws
// (ZaloPay v2 documents, "Agreement pay").
#include "sim/payment/form.hpp"
#include "sim/payment/zalopay/gateway.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace iwas::sim {

namespace json = boost::json;
using http::Response;
using namespace zalopay;

namespace {

constexpr int callback_of_agreement = 2;
constexpr auto pay_token_life = std::chrono::days{365};
constexpr std::size_t app_trans_id_octets_max = 40;

} // namespace

Response ZaloPayGateway::bind(const Call& call)
{
    const std::string id = call.text("app_trans_id");
    const std::string callback_url = call.text("callback_url");
    const std::string redirect_url = call.text("redirect_url");
    const bool is_good =
        is_fresh(call.number("req_date"), call.now) && id.size() <= app_trans_id_octets_max &&
        id.starts_with(day_prefix(to_unix_ms(call.now)) + "_") &&
        call.text("binding_type") == "WALLET" && !call.text("identifier").empty() &&
        call.number("max_amount") >= 0 && (redirect_url.empty() || is_web_url(redirect_url));
    if (!is_good) return bad_argument(call);
    const Key key{call.app->id, id};
    if (books_.agreements.contains(key)) return reply(call, failed, sub_duplicate);
    Agreement& made = books_.agreements[key];
    made.key = key;
    made.identifier = call.text("identifier");
    made.callback_url = callback_url.empty() ? call.app->callback_url : callback_url;
    made.redirect_url = redirect_url;
    made.max_amount = call.number("max_amount");
    made.token = new_token("BT");
    json::object more;
    more["binding_token"] = made.token;
    for (const char* link : {"deep_link", "binding_qr_link", "short_link"})
        more[link] = page_url("bind", made.token);
    return reply(call, done, sub_ok, std::move(more));
}

/// The payer allows or refuses; one who has allowed withdraws by refusing.
Result<PayResult, std::string> ZaloPayGateway::decide(
    Agreement& agreement, const PayCommand& command, UtcTime now)
{
    const bool is_bound = agreement.status == BindingStatus::confirmed;
    const bool is_waiting = agreement.status == BindingStatus::waiting && !agreement.is_refused;
    if (command.act == PayerAct::leave) return PayResult{"0", agreement.redirect_url};
    if (command.act == PayerAct::pay && is_waiting) {
        agreement.status = BindingStatus::confirmed;
        agreement.payer = command.payer;
        agreement.binding_id = new_token("BI");
        agreement.pay_token = new_token("PT");
        send_agreement(agreement, false, now);
        return PayResult{"1", agreement.redirect_url};
    }
    if (command.act == PayerAct::refuse && is_waiting) {
        agreement.is_refused = true;
        return PayResult{std::to_string(sub_cancelled_by_user), agreement.redirect_url};
    }
    if (command.act == PayerAct::refuse && is_bound) {
        agreement.status = BindingStatus::cancelled;
        send_agreement(agreement, true, now);
        return PayResult{"3", agreement.redirect_url};
    }
    return std::unexpected{"the agreement is decided"};
}

json::object ZaloPayGateway::agreement_data(const Agreement& agreement, UtcTime now) const
{
    json::object data;
    data["app_id"] = agreement.key.app_id;
    data["app_trans_id"] = agreement.key.id;
    data["binding_id"] = agreement.binding_id;
    data["pay_token"] = agreement.pay_token;
    data["merchant_user_id"] = agreement.identifier;
    data["zp_user_id"] = "zp-" + agreement.payer;
    data["masked_user_phone"] = "09****123";
    data["server_time"] = to_unix_ms(now) / 1'000; // seconds, unlike everywhere else
    data["status"] = static_cast<int>(agreement.status);
    return data;
}

void ZaloPayGateway::send_agreement(const Agreement& agreement, bool is_update, UtcTime now)
{
    if (agreement.callback_url.empty()) return;
    const std::string& id = agreement.key.id;
    send_notice(id, [&] {
        json::object data = agreement_data(agreement, now);
        data["msg_type"] = is_update ? 2 : 1;
        if (faults.strikes(GatewayFault::unknown_order, id)) data["app_trans_id"] = "NOBODY-" + id;
        if (faults.strikes(GatewayFault::wrong_merchant, id)) data["app_id"] = 999'999;
        std::string key = app(agreement.key.app_id)->key2;
        if (faults.strikes(GatewayFault::wrong_signature, id)) key += "x";
        Notice notice;
        notice.due = now;
        notice.url = agreement.callback_url;
        notice.headers.set("Content-Type", "application/json");
        notice.body = callback_body(key, json::serialize(data), callback_of_agreement);
        return notice;
    });
}

Response ZaloPayGateway::query_agreement(const Call& call)
{
    const Agreement* found = books_.agreement(call.app->id, call.text("app_trans_id"));
    if (found == nullptr) return reply(call, failed, sub_not_found);
    if (found->is_refused) return reply(call, failed, sub_cancelled_by_user);
    if (found->status == BindingStatus::waiting) return reply(call, in_progress, sub_ok);
    json::object data = agreement_data(*found, call.now);
    data["msg_type"] = 1;
    data["expiry_timestamp_in_ms"] = to_unix_ms(call.now + pay_token_life);
    json::object more;
    more["data"] = std::move(data);
    return reply(call, done, sub_ok, std::move(more));
}

/// The agreement that `call` may charge: in force, and of the customer whom it names.
Agreement* ZaloPayGateway::agreement_of(const Call& call)
{
    Agreement* found = books_.agreement_paying(call.app->id, call.text("pay_token"));
    const bool fits = found != nullptr && found->identifier == call.text("identifier") &&
                      found->status == BindingStatus::confirmed;
    return fits ? found : nullptr;
}

Response ZaloPayGateway::unbind(const Call& call)
{
    for (auto& [key, each] : books_.agreements) {
        const bool fits = key.app_id == call.app->id && each.status == BindingStatus::confirmed &&
                          each.binding_id == call.text("binding_id") &&
                          each.identifier == call.text("identifier");
        if (!fits) continue;
        each.status = BindingStatus::disabled;
        return reply(call, done, sub_ok);
    }
    return reply(call, failed, sub_not_found);
}

Response ZaloPayGateway::balance(const Call& call)
{
    const Agreement* found = agreement_of(call);
    if (found == nullptr) return reply(call, failed, sub_not_found);
    const std::int64_t amount = call.number("amount");
    if (amount < 0) return bad_argument(call);
    json::object channel;
    channel["channel"] = channel_wallet;
    channel["payable"] = book.balance(found->payer) >= Money{amount};
    channel["bank_code"] = "zalopayapp";
    json::object more;
    more["data"] = json::array{std::move(channel)};
    more["discount_amount"] = 0;
    return reply(call, done, sub_ok, std::move(more));
}

/// Usually answers 3; the callback or a query tells how it went.
Response ZaloPayGateway::pay_by_token(const Call& call)
{
    Order* order = books_.order_with_token(call.text("zp_trans_token"));
    const Agreement* found = agreement_of(call);
    if (order == nullptr || order->key.app_id != call.app->id || found == nullptr)
        return reply(call, failed, sub_not_found);
    if (!order->is_agreement) return bad_argument(call);
    if (found->max_amount > 0 && order->amount > found->max_amount) return bad_argument(call);
    json::object more;
    more["app_trans_id"] = order->key.id;
    if (order->is_open()) {
        order->is_processing = true;
        order->payer = found->payer;
        order->zp_trans_id = new_trans_id(call.now);
        const bool is_late = faults.strikes(GatewayFault::late_success, order->key.id);
        agenda_.at(
            call.now + (is_late ? faults.late : settings_.token_payment_takes),
            [this, key = order->key](UtcTime due) { take_money(key, due); });
    }
    more["zp_trans_id"] = order->zp_trans_id;
    return reply(call, order->state, order->sub_code, std::move(more));
}

} // namespace iwas::sim
