// How an order comes to its end at the simulated MoMo, and who hears of it.
#include "sim/json_body.hpp"
#include "sim/payment/form.hpp"
#include "sim/payment/momo/gateway.hpp"

#include <boost/json/array.hpp>

namespace iwas::sim {

namespace json = boost::json;
using namespace momo;

namespace {

constexpr auto ipn_answer_within = std::chrono::seconds{15};

} // namespace

Order& MomoGateway::open_order(const Call& call, std::string request_type, bool is_token)
{
    const Key key{call.merchant->partner_code, call.text("orderId")};
    Order& order = books_.orders[key];
    order.key = key;
    order.request_id = call.text("requestId");
    order.request_type = std::move(request_type);
    order.amount = call.number("amount");
    order.order_info = call.text("orderInfo");
    order.extra_data = call.text("extraData");
    order.redirect_url = call.text("redirectUrl");
    order.ipn_url = call.text("ipnUrl");
    order.client_id = call.text("partnerClientId");
    order.auto_capture = call.flag("autoCapture", true);
    order.vietnamese = call.text("lang") != "en";
    order.created_at = call.now;
    order.changed_at = call.now;
    if (is_token) return order;
    agenda_.at(call.now + settings_.order_life, [this, key](UtcTime due) {
        Order& waiting = books_.orders.at(key);
        if (waiting.result_code != waiting_for_payer) return;
        waiting.result_code = expired;
        waiting.changed_at = due;
    });
    return order;
}

Result<PayResult, std::string> MomoGateway::act(const PayCommand& command, UtcTime now)
{
    Order* order = nullptr;
    if (!command.qr_text.empty()) {
        order = order_of_link(command.qr_text);
    } else {
        for (const Merchant& each : settings_.merchants)
            if (Order* found = books_.order(each.partner_code, command.order_id)) order = found;
    }
    if (order == nullptr) return std::unexpected{"there is no such order"};
    if (command.act == PayerAct::leave)
        return PayResult{std::to_string(order->result_code), redirect_of(*order, now)};
    if (order->result_code != waiting_for_payer)
        return std::unexpected{
            "the order can no longer be paid: " + std::to_string(order->result_code)};
    order->payer = command.payer;
    if (command.act == PayerAct::refuse)
        end_order(*order, refused_by_payer, now);
    else
        pay_order(*order, command.payer, now);
    return PayResult{std::to_string(order->result_code), redirect_of(*order, now)};
}

void MomoGateway::pay_order(Order& order, const std::string& payer, UtcTime now)
{
    order.payer = payer;
    order.pay_type = order.request_type == "token" ? "app" : "qr";
    if (faults.strikes(GatewayFault::late_success, order.key.id)) {
        order.result_code = in_work_at_provider;
        order.changed_at = now;
        agenda_.at(
            now + faults.late, [this, key = order.key](UtcTime due) { take_money(key, due); });
        return;
    }
    take_money(order.key, now);
}

void MomoGateway::take_money(const Key& key, UtcTime now)
{
    Order& order = books_.orders.at(key);
    order.trans_id = new_trans_id();
    if (book.balance(order.payer) < Money{order.amount}) {
        end_order(order, not_enough_money, now);
        return;
    }
    if (order.is_link()) {
        order.callback_token = "v2/" + key.id + "/" + std::to_string(order.trans_id);
        books_.links.push_back(
            {.order = key,
             .client_id = order.client_id,
             .payer = order.payer,
             .callback_token = order.callback_token});
    }
    if (!order.auto_capture && order.amount > 0) {
        agenda_.at(now + settings_.hold_life, [this, key](UtcTime due) {
            Order& held = books_.orders.at(key);
            if (held.result_code != authorised) return;
            held.result_code = cancelled_after_hold;
            held.changed_at = due;
        });
        end_order(order, authorised, now);
        return;
    }
    if (order.amount > 0 &&
        !book.take(key.id, std::to_string(order.trans_id), order.payer, Money{order.amount}, now))
        return;
    if (faults.strikes(GatewayFault::reversed_later, key.id))
        agenda_.at(now + faults.reversal_after, [this, key](UtcTime due) { reverse(key, due); });
    end_order(order, success, now);
}

/// The order is what `code` says, and the merchant hears of it.
void MomoGateway::end_order(Order& order, int code, UtcTime now)
{
    order.result_code = code;
    order.changed_at = now;
    if (code == refused_by_payer) {
        // Seen in the sandbox: no payType, and a transId that is only a time.
        order.pay_type.clear();
        order.trans_id = to_unix_ms(now);
    }
    send_ipn(order, now);
}

Outcome MomoGateway::outcome_of(const Order& order, UtcTime now)
{
    Outcome outcome;
    outcome.partner_code = order.key.partner_code;
    outcome.order_id = order.key.id;
    outcome.request_id = order.request_id;
    outcome.amount = order.amount;
    outcome.order_info = order.order_info;
    outcome.trans_id = order.trans_id;
    outcome.result_code = order.result_code;
    const bool vietnamese =
        order.vietnamese || faults.strikes(GatewayFault::vietnamese_text, order.key.id);
    outcome.message = message_of(order.result_code, vietnamese);
    outcome.pay_type = order.pay_type;
    outcome.response_time = to_unix_ms(now);
    outcome.extra_data = order.extra_data;
    if (order.is_paid()) outcome.payment_option = "momo";
    if (order.is_link()) { // a payment by token is told like any other
        outcome.partner_client_id = order.client_id;
        outcome.callback_token = order.callback_token;
        outcome.partner_user_id = "user-" + order.payer;
    }
    return outcome;
}

void MomoGateway::send_ipn(const Order& order, UtcTime now)
{
    const std::string& id = order.key.id;
    send_notice(id, [&] { return make_ipn(order, now); });
    if (order.result_code != success || !faults.strikes(GatewayFault::stale_refusal, id)) return;
    Order stale = order;
    stale.result_code = refused_by_payer;
    stale.pay_type.clear();
    stale.trans_id = to_unix_ms(now);
    // Overtaken by the success on its way, so that it comes second.
    send_notice(id, [&] {
        Notice notice = make_ipn(stale, now);
        notice.due = now + 1ms;
        return notice;
    });
}

Notice MomoGateway::make_ipn(const Order& order, UtcTime now)
{
    const std::string& id = order.key.id;
    Merchant signs_as = *merchant(order.key.partner_code);
    Outcome told = outcome_of(order, now);
    if (faults.strikes(GatewayFault::wrong_amount, id)) told.amount += faults.told_more;
    if (faults.strikes(GatewayFault::wrong_merchant, id)) told.partner_code = "MOMOOTHER";
    if (faults.strikes(GatewayFault::unknown_order, id)) told.order_id = "NOBODY-" + id;
    if (faults.strikes(GatewayFault::wrong_signature, id)) signs_as.secret_key += "x";
    const bool with_link = order.is_link() && settings_.signs_link_members;
    json::object body = to_json(
        told, sign_outcome(signs_as, told, with_link),
        faults.strikes(GatewayFault::number_as_text, id));
    if (faults.strikes(GatewayFault::extra_members, id)) {
        body["promotionInfo"] = nullptr;
        body["userFee"] = 0;
        body["storeId"] = "Cửa hàng số 1";
        body["simulatedMember"] = json::array{1, "hai", nullptr};
    }
    Notice notice;
    notice.due = now;
    notice.url = order.ipn_url;
    notice.headers.set("Content-Type", "application/json; charset=UTF-8");
    notice.body = json::serialize(body);
    return notice;
}

std::string MomoGateway::redirect_of(const Order& order, UtcTime now)
{
    if (order.redirect_url.empty()) return {};
    const Outcome told = outcome_of(order, now);
    const bool with_link = order.is_link() && settings_.signs_link_members;
    const std::string signature = sign_outcome(*merchant(order.key.partner_code), told, with_link);
    return with_query(order.redirect_url, to_query(told, signature));
}

void MomoGateway::notice_answered(const Notice& notice, const NoticeAnswer& answer, UtcTime now)
{
    const bool is_exact =
        answer.status == 204 && answer.body.empty() && answer.took <= ipn_answer_within;
    books_.ipn_answers.push_back({notice.subject, answer.status, is_exact});
    if (!is_exact && notice.tries < settings_.ipn_repeats)
        repeat_notice(notice, now + settings_.ipn_repeat_after);
}

} // namespace iwas::sim
