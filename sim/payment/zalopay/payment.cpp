// How an order comes to its end at the simulated ZaloPay, and who hears of it.
#include "sim/json_body.hpp"
#include "sim/payment/form.hpp"
#include "sim/payment/zalopay/gateway.hpp"

#include <boost/json/array.hpp>

namespace iwas::sim {

namespace json = boost::json;
using namespace zalopay;

namespace {

constexpr int callback_of_order = 1;
// Of a redirect.
constexpr int status_paid = 1;
constexpr int status_left = -49;
constexpr int status_failed = -1;

} // namespace

Result<PayResult, std::string> ZaloPayGateway::act(const PayCommand& command, UtcTime now)
{
    Order* order = nullptr;
    Agreement* agreement = nullptr;
    if (!command.qr_text.empty()) {
        const std::size_t at = command.qr_text.rfind("token=");
        const std::string token = at == std::string::npos ? "" : command.qr_text.substr(at + 6);
        order = books_.order_with_token(token);
        agreement = books_.agreement_with_token(token);
    }
    for (const App& each : settings_.apps) {
        if (command.order_id.empty()) break;
        if (order == nullptr) order = books_.order(each.id, command.order_id);
        if (agreement == nullptr) agreement = books_.agreement(each.id, command.order_id);
    }
    if (agreement != nullptr) return decide(*agreement, command, now);
    if (order == nullptr) return std::unexpected{"there is no such order"};
    if (!order->is_open())
        return std::unexpected{
            "the order can no longer be paid: " + std::to_string(order->sub_code)};
    if (command.act == PayerAct::leave)
        return PayResult{std::to_string(status_left), redirect_of(*order, status_left)};
    if (command.act == PayerAct::refuse) {
        end_order(*order, failed, sub_cancelled_by_user, now);
        return PayResult{std::to_string(status_left), redirect_of(*order, status_left)};
    }
    pay_order(*order, command.payer, now);
    const int status = order->state == failed ? status_failed : status_paid;
    return PayResult{std::to_string(order->state), redirect_of(*order, status)};
}

void ZaloPayGateway::pay_order(Order& order, const std::string& payer, UtcTime now)
{
    order.payer = payer;
    order.zp_trans_id = new_trans_id(now);
    if (faults.strikes(GatewayFault::late_success, order.key.id)) {
        order.is_processing = true;
        agenda_.at(
            now + faults.late, [this, key = order.key](UtcTime due) { take_money(key, due); });
        return;
    }
    take_money(order.key, now);
}

void ZaloPayGateway::take_money(const Key& key, UtcTime now)
{
    Order& order = books_.orders.at(key);
    order.is_processing = false;
    const bool has_paid =
        book.take(key.id, std::to_string(order.zp_trans_id), order.payer, Money{order.amount}, now);
    if (!has_paid) {
        end_order(order, failed, sub_refused, now);
        return;
    }
    if (faults.strikes(GatewayFault::reversed_later, key.id))
        agenda_.at(now + faults.reversal_after, [this, key](UtcTime due) { reverse(key, due); });
    end_order(order, done, sub_ok, now);
}

/// The merchant hears of success only.
void ZaloPayGateway::end_order(Order& order, int state, int sub_code, UtcTime now)
{
    order.state = state;
    order.sub_code = sub_code;
    order.changed_at = now;
    if (state == done && !order.callback_url.empty())
        send_notice(order.key.id, [&] { return make_callback(order, now); });
}

Notice ZaloPayGateway::make_callback(const Order& order, UtcTime now)
{
    const std::string& id = order.key.id;
    const bool is_wrong = faults.strikes(GatewayFault::wrong_amount, id);
    const std::int64_t amount = order.amount + (is_wrong ? faults.told_more : 0);
    const bool is_other = faults.strikes(GatewayFault::wrong_merchant, id);
    const bool is_unknown = faults.strikes(GatewayFault::unknown_order, id);
    json::object data;
    data["app_id"] = is_other ? 999'999 : order.key.app_id;
    data["app_trans_id"] = is_unknown ? "NOBODY-" + id : id;
    data["app_time"] = order.app_time;
    data["app_user"] = order.app_user;
    data["amount"] = amount;
    if (faults.strikes(GatewayFault::number_as_text, id)) data["amount"] = std::to_string(amount);
    data["embed_data"] = order.embed_data;
    data["item"] = order.item;
    data["zp_trans_id"] = order.zp_trans_id;
    data["server_time"] = to_unix_ms(now);
    data["channel"] = channel_wallet;
    data["merchant_user_id"] =
        faults.strikes(GatewayFault::vietnamese_text, id) ? "Người dùng số 1" : "zp-" + order.payer;
    data["user_fee_amount"] = 0;
    data["discount_amount"] = 0;
    if (faults.strikes(GatewayFault::extra_members, id))
        data["simulated_member"] = json::array{1, "hai", nullptr};
    std::string key = app(order.key.app_id)->key2;
    if (faults.strikes(GatewayFault::wrong_signature, id)) key += "x";
    Notice notice;
    notice.due = now;
    notice.url = order.callback_url;
    notice.headers.set("Content-Type", "application/json");
    notice.body = callback_body(key, json::serialize(data), callback_of_order);
    return notice;
}

std::string ZaloPayGateway::redirect_of(const Order& order, int status) const
{
    if (order.redirect_url.empty()) return {};
    Redirect told;
    told.app_id = order.key.app_id;
    told.app_trans_id = order.key.id;
    told.pmcid = status == status_paid ? channel_wallet : 0;
    told.amount = order.amount;
    told.status = status;
    return with_query(order.redirect_url, to_query(*app(order.key.app_id), told));
}

/// return_code 1 and 2 are taken as done, 0 asks for a repetition, any other is a refusal (ZaloPay
/// v2 documents, "Callback"). No usable answer counts as 0.
void ZaloPayGateway::notice_answered(const Notice& notice, const NoticeAnswer& answer, UtcTime now)
{
    std::optional<std::int64_t> code;
    if (answer.status == 200)
        if (const auto body = read_object(answer.body)) code = integer_of(*body, "return_code");
    books_.callback_answers.push_back({notice.subject, answer.status, code});
    if (code.value_or(0) == 0 && notice.tries < settings_.callback_repeats)
        repeat_notice(notice, now + settings_.callback_repeat_after);
}

} // namespace iwas::sim
