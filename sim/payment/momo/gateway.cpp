#include "sim/payment/momo/gateway.hpp"

#include "core/bytes.hpp"
#include "core/utf8.hpp"
#include "sim/json_body.hpp"
#include "sim/payment/form.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace iwas::sim {

namespace json = boost::json;
using http::Request;
using http::Response;
using namespace momo;

namespace {

constexpr std::string_view api = "/v2/gateway/api/";
constexpr std::int64_t amount_min = 1'000;
constexpr std::int64_t amount_max = 50'000'000;
constexpr std::size_t request_id_octets_max = 50;
constexpr std::size_t order_id_octets_max = 200;
constexpr std::size_t order_info_octets_max = 255 * 4; // 255 characters of UTF-8
constexpr std::size_t extra_data_octets_max = 1000;

// The members that each request signs, in their order (MoMo v2 documents and Java SDK).
using Names = std::string_view;
constexpr std::array create_names{Names{"accessKey"},   Names{"amount"},      Names{"extraData"},
                                  Names{"ipnUrl"},      Names{"orderId"},     Names{"orderInfo"},
                                  Names{"partnerCode"}, Names{"redirectUrl"}, Names{"requestId"},
                                  Names{"requestType"}};
constexpr std::array link_names{
    Names{"accessKey"},   Names{"amount"},    Names{"extraData"},       Names{"ipnUrl"},
    Names{"orderId"},     Names{"orderInfo"}, Names{"partnerClientId"}, Names{"partnerCode"},
    Names{"redirectUrl"}, Names{"requestId"}, Names{"requestType"}};
constexpr std::array query_names{
    Names{"accessKey"}, Names{"orderId"}, Names{"partnerCode"}, Names{"requestId"}};
constexpr std::array refund_names{Names{"accessKey"}, Names{"amount"},      Names{"description"},
                                  Names{"orderId"},   Names{"partnerCode"}, Names{"requestId"},
                                  Names{"transId"}};
constexpr std::array confirm_names{Names{"accessKey"},  Names{"amount"},      Names{"description"},
                                   Names{"orderId"},    Names{"partnerCode"}, Names{"requestId"},
                                   Names{"requestType"}};
constexpr std::array bind_names{Names{"accessKey"},   Names{"callbackToken"},
                                Names{"orderId"},     Names{"partnerClientId"},
                                Names{"partnerCode"}, Names{"requestId"}};
constexpr std::array find_link_names{
    Names{"accessKey"}, Names{"orderId"}, Names{"partnerClientId"}, Names{"partnerCode"},
    Names{"requestId"}};
constexpr std::array token_pay_names{
    Names{"accessKey"},   Names{"amount"},    Names{"extraData"},
    Names{"orderId"},     Names{"orderInfo"}, Names{"partnerClientId"},
    Names{"partnerCode"}, Names{"requestId"}, Names{"token"}};
constexpr std::array unlink_names{Names{"accessKey"},       Names{"orderId"},
                                  Names{"partnerClientId"}, Names{"partnerCode"},
                                  Names{"requestId"},       Names{"token"}};
constexpr std::array verify_names{Names{"accessKey"}, Names{"orderId"},      Names{"partnerCode"},
                                  Names{"requestId"}, Names{"securityCode"}, Names{"token"}};

/// ^[0-9a-zA-Z]([-_.]*[0-9a-zA-Z]+)*$, and ':' as one of the published samples has it.
bool is_order_id(std::string_view text)
{
    const auto alphanumeric = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    const auto allowed = [&](char c) {
        return alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == ':';
    };
    return !text.empty() && text.size() <= order_id_octets_max && alphanumeric(text.front()) &&
           alphanumeric(text.back()) && std::ranges::all_of(text, allowed);
}

bool is_request_type(std::string_view text)
{
    return text == "captureWallet" || text == "payWithMethod" || text == "linkWallet";
}

} // namespace

MomoGateway::MomoGateway(Settings settings)
    : GatewayFace{settings.seed}, settings_{std::move(settings)}
{
    if (!settings_.key_pair) settings_.key_pair = KeyPair::make();
}

bool MomoGateway::owns(std::string_view path) const
{
    return path.starts_with("/v2/gateway/");
}

bool MomoGateway::is_call(std::string_view path) const
{
    return path.starts_with(api);
}

std::string MomoGateway::Call::text(std::string_view name) const
{
    return signed_value(body, name).value_or("");
}

std::int64_t MomoGateway::Call::number(std::string_view name) const
{
    const std::string digits = text(name);
    std::int64_t value = -1;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool whole = failed == std::errc{} && end == digits.data() + digits.size();
    return whole && value >= 0 ? value : -1;
}

bool MomoGateway::Call::flag(std::string_view name, bool otherwise) const
{
    const json::value* value = body.if_contains(name);
    return value != nullptr && value->is_bool() ? value->as_bool() : otherwise;
}

std::span<const MomoGateway::Endpoint> MomoGateway::endpoints()
{
    static constexpr std::array all{
        Endpoint{"create", create_names, &MomoGateway::create, true},
        Endpoint{"query", query_names, &MomoGateway::query, false},
        Endpoint{"refund", refund_names, &MomoGateway::refund, true},
        Endpoint{"refund/query", query_names, &MomoGateway::query_refund, false},
        Endpoint{"confirm", confirm_names, &MomoGateway::confirm, true},
        Endpoint{"tokenization/bind", bind_names, &MomoGateway::bind, true},
        Endpoint{"tokenization/cbQuery", find_link_names, &MomoGateway::find_link, false},
        Endpoint{"tokenization/pay", token_pay_names, &MomoGateway::pay_by_token, true},
        Endpoint{"tokenization/verify", verify_names, &MomoGateway::verify_otp, true},
        Endpoint{"tokenization/delete", unlink_names, &MomoGateway::unlink, true}};
    return all;
}

const Merchant* MomoGateway::merchant(std::string_view partner_code) const
{
    const auto found =
        std::ranges::find(settings_.merchants, partner_code, &Merchant::partner_code);
    return found == settings_.merchants.end() ? nullptr : &*found;
}

Response MomoGateway::reply(const Call& call, int code, json::object more)
{
    const bool vietnamese =
        call.text("lang") != "en" || faults.strikes(GatewayFault::vietnamese_text, call.path);
    json::object body;
    body["partnerCode"] = call.text("partnerCode");
    body["requestId"] = call.text("requestId");
    body["orderId"] = call.text("orderId");
    body["responseTime"] = to_unix_ms(call.now);
    body["message"] = message_of(code, vietnamese);
    body["resultCode"] = code;
    for (auto& [name, value] : more)
        body[name] = std::move(value);
    if (faults.strikes(GatewayFault::number_as_text, call.path))
        if (const json::value* amount = body.if_contains("amount"); amount && amount->is_int64())
            body["amount"] = std::to_string(amount->as_int64());
    if (faults.strikes(GatewayFault::extra_members, call.path)) {
        body["simulatedMember"] = json::array{1, "hai", nullptr};
        body["promotionInfo"] = nullptr;
    }
    return json_response(http_status_of(code), body);
}

Response MomoGateway::refusal(const Request& request, UtcTime now)
{
    Call call{request.path, nullptr, read_object(request.body).value_or(json::object{}), now};
    return reply(call, refused_by_issuer);
}

Response MomoGateway::route(const Request& request, UtcTime now)
{
    return is_call(request.path) ? answer_call(request, now) : show_page(request, now);
}

/// Format first, then who asks, then whether it was asked before; last what is asked.
Response MomoGateway::answer_call(const Request& request, UtcTime now)
{
    const std::string_view path = std::string_view{request.path}.substr(api.size());
    const auto endpoint = std::ranges::find(endpoints(), path, &Endpoint::path);
    if (endpoint == endpoints().end() || request.method != http::Method::post)
        return Response::empty(404);
    Call call{request.path, nullptr, {}, now};
    auto body = read_object(request.body);
    if (!body) return reply(call, bad_format);
    call.body = std::move(*body);
    std::span<const std::string_view> names = endpoint->signed_names;
    if (path == "create" && call.text("requestType") == "linkWallet") names = link_names;
    for (const std::string_view name : names)
        if (name != "accessKey" && !signed_value(call.body, name)) return reply(call, bad_format);
    const std::string request_id = call.text("requestId");
    if (request_id.empty() || request_id.size() > request_id_octets_max ||
        !is_order_id(call.text("orderId")))
        return reply(call, bad_format);
    call.merchant = merchant(call.text("partnerCode"));
    if (call.merchant == nullptr || !is_signed(*call.merchant, call.body, names))
        return reply(call, bad_signature);
    if (endpoint->moves) return once_per_request(*endpoint, call);
    return (this->*endpoint->handler)(call);
}

/// MoMo's idempotency page: in work 422 with 7000; finished, the earlier answer; not final, 40.
Response MomoGateway::once_per_request(const Endpoint& endpoint, const Call& call)
{
    const Key key{call.merchant->partner_code, call.text("requestId")};
    const std::string whole = json::serialize(call.body);
    const Sha256Digest digest = sha256({as_bytes(call.path), as_bytes(whole)});
    if (const auto found = books_.requests.find(key); found != books_.requests.end()) {
        const Answered& before = found->second;
        if (call.now < before.answered_at) {
            Response in_progress = reply(call, in_work);
            in_progress.status = 422;
            return in_progress;
        }
        const bool may_repeat = endpoint.path != "create" || settings_.repeats_create_answer;
        if (before.request != digest || !is_final(before.result_code) || !may_repeat)
            return reply(call, duplicate_request);
        return Response::json(http_status_of(before.result_code), before.body);
    }
    Response first = (this->*endpoint.handler)(call);
    const auto answer = read_object(first.body);
    const auto code = static_cast<int>(integer_of(*answer, "resultCode").value_or(0));
    // What was refused for its form is not kept: the same id may be tried again.
    if (http_status_of(code) != 400)
        books_.requests[key] = {digest, code, call.now + delay_of_answer(), first.body};
    return first;
}

int MomoGateway::why_not_create(const Call& call)
{
    const std::string type = call.text("requestType");
    const bool is_link = type == "linkWallet";
    const std::int64_t amount = call.number("amount");
    if (!is_request_type(type) || amount < 0) return bad_format;
    if (call.text("orderInfo").empty() || call.text("orderInfo").size() > order_info_octets_max ||
        call.text("extraData").size() > extra_data_octets_max ||
        !is_web_url(call.text("redirectUrl")) || !is_web_url(call.text("ipnUrl")) ||
        call.text("ipnUrl").find('?') != std::string::npos)
        return bad_format;
    if (call.text("lang") != "vi" && call.text("lang") != "en") return bad_format;
    if (is_link && call.text("partnerClientId").empty()) return bad_format;
    const bool binds_only = is_link && amount == 0;
    if (!binds_only && (amount < amount_min || amount > amount_max)) return amount_out_of_range;
    const std::string& partner = call.merchant->partner_code;
    if (books_.order(partner, call.text("orderId")) != nullptr ||
        books_.refund(partner, call.text("orderId")) != nullptr)
        return duplicate_order;
    return success;
}

Response MomoGateway::create(const Call& call)
{
    if (const int why = why_not_create(call); why != success) return reply(call, why);
    Order& order = open_order(call, call.text("requestType"), false);
    const std::string pay_url = page_url(order, "pay");
    json::object more;
    more["amount"] = order.amount;
    more["payUrl"] = pay_url;
    more["shortLink"] = pay_url;
    if (order.request_type != "payWithMethod") {
        // In real life momo://; here a click on the simulated phone pays as well.
        more["deeplink"] = page_url(order, "app");
        more["qrCodeUrl"] = page_url(order, "app");
        more["applink"] = page_url(order, "app");
        more["deeplinkMiniApp"] = page_url(order, "app");
    }
    if (order.is_link()) {
        more["partnerClientId"] = order.client_id;
        more["bindingUrl"] = pay_url;
    }
    if (settings_.signs_create_answer) more["signature"] = sign_create_answer(call, pay_url);
    if (faults.strikes(GatewayFault::notice_first, call.text("orderId"))) {
        pay_order(order, PayCommand{}.payer, call.now);
        hold_answer();
    }
    return reply(call, success, std::move(more));
}

/// The list with `message`, as one of the two copies of the document has it.
std::string MomoGateway::sign_create_answer(const Call& call, const std::string& pay_url) const
{
    return sign(
        call.merchant->secret_key,
        {{"accessKey", call.merchant->access_key},
         {"amount", call.text("amount")},
         {"message", std::string{message_of(success, call.text("lang") != "en")}},
         {"orderId", call.text("orderId")},
         {"partnerCode", call.merchant->partner_code},
         {"payUrl", pay_url},
         {"requestId", call.text("requestId")},
         {"responseTime", std::to_string(to_unix_ms(call.now))},
         {"resultCode", std::to_string(success)}});
}

Response MomoGateway::query(const Call& call)
{
    const Order* order = books_.order(call.merchant->partner_code, call.text("orderId"));
    if (order == nullptr) return reply(call, order_not_found);
    json::object more;
    more["extraData"] = order->extra_data;
    more["amount"] = order->amount;
    more["transId"] = order->trans_id;
    more["payType"] = order->pay_type;
    more["lastUpdated"] = to_unix_ms(order->changed_at);
    more["paymentOption"] = order->is_paid() ? "momo" : "";
    more["promotionInfo"] = nullptr;
    more["refundTrans"] = refunds_of(*order);
    Response response = reply(call, order->result_code, std::move(more));
    response.status = 200; // the question was answered, whatever became of the order
    return response;
}

Response MomoGateway::confirm(const Call& call)
{
    Order* order = books_.order(call.merchant->partner_code, call.text("orderId"));
    const std::string type = call.text("requestType");
    if (order == nullptr) return reply(call, order_not_found);
    if (type != "capture" && type != "cancel") return reply(call, bad_format);
    if (order->result_code != authorised) return reply(call, invalid_data);
    if (call.number("amount") != order->amount) return reply(call, amount_out_of_range);
    json::object more;
    more["amount"] = order->amount;
    more["transId"] = order->trans_id;
    more["requestType"] = type;
    if (type == "cancel") {
        order->result_code = cancelled_by_merchant;
        order->changed_at = call.now;
        return reply(call, success, std::move(more));
    }
    const bool has_paid = book.take(
        order->key.id, std::to_string(order->trans_id), order->payer, Money{order->amount},
        call.now);
    order->result_code = has_paid ? success : not_enough_money;
    order->changed_at = call.now;
    return reply(call, order->result_code, std::move(more));
}

} // namespace iwas::sim
