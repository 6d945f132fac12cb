// The simulated MoMo's one-tap payments: a wallet is linked, gives a token, pays and is unlinked
// (MoMo v2 documents, "Pay with token").
#include "core/bytes.hpp"
#include "sim/json_body.hpp"
#include "sim/payment/momo/gateway.hpp"

namespace iwas::sim {

namespace json = boost::json;
using http::Response;
using namespace momo;

namespace {

constexpr std::int64_t amount_min = 1'000;
constexpr std::int64_t amount_max = 50'000'000;

} // namespace

Response MomoGateway::bind(const Call& call)
{
    Link* link = books_.link_of({call.merchant->partner_code, call.text("orderId")});
    if (link == nullptr) return reply(call, order_not_found);
    if (link->client_id != call.text("partnerClientId") ||
        !equal_constant_time(link->callback_token, call.text("callbackToken")) || !link->is_active)
        return reply(call, invalid_data);
    if (link->value.empty())
        link->value = std::to_string(to_unix_ms(call.now)) + "-" + link->order.id + "-" +
                      std::to_string(new_trans_id());
    json::object plain;
    plain["value"] = link->value;
    plain["initialOrderId"] = link->order.id;
    const auto cipher = aes_token(call.merchant->secret_key, json::serialize(plain));
    if (!cipher) return reply(call, invalid_data); // the merchant's key has another size
    const Order& order = books_.orders.at(link->order);
    json::object more;
    more["partnerClientId"] = link->client_id;
    more["aesToken"] = *cipher;
    more["amount"] = order.amount;
    more["transId"] = order.trans_id;
    more["payType"] = order.pay_type;
    more["extraData"] = order.extra_data;
    more["partnerUserId"] = "user-" + link->payer;
    return reply(call, success, std::move(more));
}

Response MomoGateway::find_link(const Call& call)
{
    const Order* order = books_.order(call.merchant->partner_code, call.text("orderId"));
    if (order == nullptr || !order->is_link() || order->client_id != call.text("partnerClientId"))
        return reply(call, order_not_found);
    json::object more;
    more["partnerClientId"] = order->client_id;
    more["callbackToken"] = order->callback_token;
    more["amount"] = order->amount;
    more["transId"] = order->trans_id;
    more["extraData"] = order->extra_data;
    Response response = reply(call, order->result_code, std::move(more));
    response.status = 200;
    return response;
}

/// The link whose token the call carries, encrypted with this gateway's public key; null when it
/// cannot be read or belongs to nobody or to another customer.
Link* MomoGateway::link_of_token(const Call& call, bool* asks_code)
{
    const auto cipher = from_base64(call.text("token"));
    if (!cipher) return nullptr;
    const auto plain = settings_.key_pair->decrypt(as_text(*cipher));
    const auto token = plain ? read_object(*plain) : std::nullopt;
    if (!token) return nullptr;
    const json::value* asks = token->if_contains("requireSecurityCode");
    *asks_code = asks != nullptr && asks->is_bool() && asks->as_bool();
    Link* link = books_.link_with(text_of(*token, "value"));
    if (link == nullptr || link->order.partner_code != call.merchant->partner_code) return nullptr;
    const auto client = signed_value(call.body, "partnerClientId");
    return client && *client != link->client_id ? nullptr : link;
}

Response MomoGateway::token_answer(const Call& call, const Order& order)
{
    json::object more;
    more["amount"] = order.amount;
    more["transId"] = order.trans_id;
    more["payType"] = order.pay_type;
    more["extraData"] = order.extra_data;
    more["partnerClientId"] = order.client_id;
    return reply(call, order.result_code, std::move(more));
}

Response MomoGateway::pay_by_token(const Call& call)
{
    bool asks_code = false;
    const Link* link = link_of_token(call, &asks_code);
    if (link == nullptr) return reply(call, invalid_data);
    if (!link->is_active) return reply(call, no_such_account);
    const std::int64_t amount = call.number("amount");
    if (amount < amount_min || amount > amount_max) return reply(call, amount_out_of_range);
    const std::string& partner = call.merchant->partner_code;
    if (books_.order(partner, call.text("orderId")) != nullptr ||
        books_.refund(partner, call.text("orderId")) != nullptr)
        return reply(call, duplicate_order);
    Order& order = open_order(call, "token", true);
    if (asks_code || settings_.always_asks_otp) {
        order.payer = link->payer;
        order.result_code = otp_needed;
        return token_answer(call, order);
    }
    pay_order(order, link->payer, call.now);
    return token_answer(call, order);
}

/// The code that the payer got on his phone (third-party sources only).
Response MomoGateway::verify_otp(const Call& call)
{
    bool asks_code = false;
    Order* order = books_.order(call.merchant->partner_code, call.text("orderId"));
    if (order == nullptr) return reply(call, order_not_found);
    const Link* link = link_of_token(call, &asks_code);
    if (link == nullptr || order->result_code != otp_needed || order->payer != link->payer ||
        !equal_constant_time(call.text("securityCode"), settings_.otp))
        return reply(call, invalid_data);
    pay_order(*order, order->payer, call.now);
    return token_answer(call, *order);
}

Response MomoGateway::unlink(const Call& call)
{
    bool asks_code = false;
    Link* link = link_of_token(call, &asks_code);
    if (link == nullptr || !link->is_active) return reply(call, invalid_data);
    link->is_active = false;
    json::object more;
    more["partnerClientId"] = link->client_id;
    return reply(call, success, std::move(more));
}

} // namespace iwas::sim
