// The simulated MoMo gives money back: refund, its query, and of its own accord.
#include "sim/payment/momo/gateway.hpp"

#include <boost/json/array.hpp>

namespace iwas::sim {

namespace json = boost::json;
using http::Response;
using namespace momo;

namespace {

constexpr std::int64_t refund_min = 1'000;
constexpr std::int64_t refund_max = 50'000'000;
constexpr std::int64_t token_refund_max = 30'000'000;

} // namespace

int MomoGateway::why_not_refund(const Call& call, const Order* paid)
{
    const std::string& partner = call.merchant->partner_code;
    const std::int64_t amount = call.number("amount");
    if (books_.order(partner, call.text("orderId")) != nullptr ||
        books_.refund(partner, call.text("orderId")) != nullptr)
        return duplicate_order;
    if (paid == nullptr) return order_not_found;
    const std::int64_t most = paid->request_type == "token" ? token_refund_max : refund_max;
    if (amount < refund_min || amount > most) return amount_out_of_range;
    if (!paid->is_paid()) return refund_failed;
    if (books_.refunded(partner, paid->trans_id) + amount > paid->amount) return refund_refused;
    return success;
}

Response MomoGateway::refund(const Call& call)
{
    const std::string& partner = call.merchant->partner_code;
    Order* paid = books_.paid_by(partner, call.number("transId"));
    const int why = why_not_refund(call, paid);
    json::object more;
    more["amount"] = call.number("amount");
    if (why != success) {
        more["transId"] = 0;
        return reply(call, why, std::move(more));
    }
    const Key key{partner, call.text("orderId")};
    Refund& made = books_.refunds[key];
    made = {
        key,
        call.text("requestId"),
        new_trans_id(),
        paid->trans_id,
        call.number("amount"),
        in_work_at_provider,
        call.now};
    const bool fails = faults.strikes(GatewayFault::refund_failed, paid->key.id);
    if (fails || faults.strikes(GatewayFault::refund_pending, paid->key.id)) {
        const int code = fails ? refund_failed : success;
        agenda_.at(call.now + (fails ? faults.delay : faults.late), [this, key, code](UtcTime due) {
            finish_refund(key, code, due);
        });
    } else {
        finish_refund(key, success, call.now);
    }
    more["transId"] = made.trans_id;
    return reply(call, made.result_code, std::move(more));
}

void MomoGateway::finish_refund(const Key& key, int code, UtcTime now)
{
    Refund& made = books_.refunds.at(key);
    made.result_code = code;
    if (code != success) return;
    const Order& paid = *books_.paid_by(key.partner_code, made.paid_trans_id);
    book.give_back(
        MoneyMove::given_back, paid.key.id, std::to_string(made.trans_id), paid.payer,
        Money{made.amount}, now);
}

/// One question for a refund and for an order's refunds: the documents name only the former's.
Response MomoGateway::query_refund(const Call& call)
{
    const std::string& partner = call.merchant->partner_code;
    json::object more;
    int code = order_not_found;
    if (const Refund* made = books_.refund(partner, call.text("orderId"))) {
        more["amount"] = made->amount;
        more["transId"] = made->trans_id;
        code = made->result_code;
    } else if (const Order* order = books_.order(partner, call.text("orderId"))) {
        more["amount"] = order->amount;
        more["transId"] = order->trans_id;
        more["refundTrans"] = refunds_of(*order);
        code = success;
    }
    return reply(call, code, std::move(more));
}

json::array MomoGateway::refunds_of(const Order& order) const
{
    json::array list;
    for (const auto& [key, made] : books_.refunds) {
        if (key.partner_code != order.key.partner_code || made.paid_trans_id != order.trans_id)
            continue;
        json::object row;
        row["orderId"] = key.id;
        row["amount"] = made.amount;
        row["resultCode"] = made.result_code;
        row["transId"] = made.trans_id;
        row["createdTime"] = to_unix_ms(made.created_at);
        list.push_back(std::move(row));
    }
    return list;
}

/// What is left of the payment goes back, and nobody asked: reversed_later.
void MomoGateway::reverse(const Key& key, UtcTime now)
{
    const Order& order = books_.orders.at(key);
    const std::int64_t left = order.amount - books_.refunded(key.partner_code, order.trans_id);
    if (!order.is_paid() || left <= 0) return;
    const Key name{key.partner_code, "REVERSED-" + key.id};
    const std::int64_t trans_id = new_trans_id();
    books_.refunds[name] = {name, "", trans_id, order.trans_id, left, success, now};
    book.give_back(
        MoneyMove::reversed, key.id, std::to_string(trans_id), order.payer, Money{left}, now);
}

} // namespace iwas::sim
