// The simulated ZaloPay gives money back: refund, its query, and of its own accord.
#include "sim/payment/zalopay/gateway.hpp"

namespace iwas::sim {

namespace json = boost::json;
using http::Response;
using namespace zalopay;

/// A fresh refund is in progress; query_refund tells how it went.
Response ZaloPayGateway::refund(const Call& call)
{
    const std::string id = call.text("m_refund_id");
    const std::string prefix =
        day_prefix(to_unix_ms(call.now)) + "_" + std::to_string(call.app->id) + "_";
    const std::int64_t amount = call.number("amount");
    if (!id.starts_with(prefix) || id.size() == prefix.size() || amount <= 0 ||
        !is_fresh(call.number("timestamp"), call.now))
        return bad_argument(call);
    // What a repeated m_refund_id gets is not documented; that nothing happens twice is certain.
    const Key key{call.app->id, id};
    if (books_.refunds.contains(key)) return reply(call, failed, sub_duplicate);
    const Order* paid = books_.paid_by(call.app->id, call.number("zp_trans_id"));
    if (paid == nullptr || paid->state != done) return reply(call, failed, sub_not_found);
    if (books_.refunded(call.app->id, paid->zp_trans_id) + amount > paid->amount)
        return bad_argument(call);

    Refund& made = books_.refunds[key];
    made = {key, new_trans_id(call.now), paid->zp_trans_id, amount};
    const bool fails = faults.strikes(GatewayFault::refund_failed, paid->key.id);
    const bool waits = faults.strikes(GatewayFault::refund_pending, paid->key.id);
    agenda_.at(
        call.now + (waits ? faults.late : settings_.refund_takes),
        [this, key, fails](UtcTime due) { finish_refund(key, fails ? failed : done, due); });
    json::object more;
    more["refund_id"] = made.refund_id;
    return reply(call, in_progress, sub_ok, std::move(more));
}

void ZaloPayGateway::finish_refund(const Key& key, int state, UtcTime now)
{
    Refund& made = books_.refunds.at(key);
    if (made.state != in_progress) return;
    made.state = state;
    if (state != done) return;
    const Order& paid = *books_.paid_by(key.app_id, made.zp_trans_id);
    book.give_back(
        MoneyMove::given_back, paid.key.id, std::to_string(made.refund_id), paid.payer,
        Money{made.amount}, now);
}

Response ZaloPayGateway::query_refund(const Call& call)
{
    const Refund* made = books_.refund(call.app->id, call.text("m_refund_id"));
    if (made == nullptr) return reply(call, failed, sub_not_found);
    json::object more;
    more["refund_id"] = made->refund_id;
    return reply(call, made->state, made->state == failed ? sub_refused : sub_ok, std::move(more));
}

/// What is left of the payment goes back, and nobody asked: reversed_later. From then on the order
/// counts as failed, which is this simulator's reading: the documents do not speak of it.
void ZaloPayGateway::reverse(const Key& key, UtcTime now)
{
    Order& order = books_.orders.at(key);
    const std::int64_t left = order.amount - books_.refunded(key.app_id, order.zp_trans_id);
    if (order.state != done || left <= 0) return;
    const Key name{key.app_id, "REVERSED-" + key.id};
    books_.refunds[name] = {name, new_trans_id(now), order.zp_trans_id, left, done};
    book.give_back(
        MoneyMove::reversed, key.id, std::to_string(books_.refunds[name].refund_id), order.payer,
        Money{left}, now);
    order.state = failed;
    order.sub_code = sub_refused;
    order.changed_at = now;
}

} // namespace iwas::sim
