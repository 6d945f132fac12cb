#include "sim/payment/zalopay/gateway.hpp"

#include "core/bytes.hpp"
#include "core/digest.hpp"
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
using namespace zalopay;

namespace {

constexpr std::string_view pages = "/zalopay/";
constexpr std::size_t app_user_octets_max = 50 * 4; // 50 characters of UTF-8
constexpr std::size_t app_trans_id_octets_max = 40;
constexpr std::size_t description_octets_max = 256 * 4;
constexpr std::size_t item_octets_max = 2048;
constexpr std::size_t embed_data_octets_max = 1024;
constexpr std::int64_t life_seconds_min = 300;
constexpr std::int64_t life_seconds_max = 2'592'000;
constexpr std::int64_t life_seconds = 900;
constexpr std::int64_t clock_error_ms_max = 15 * 60'000;

// The members that each request signs, in their order (ZaloPay v2 documents and Node SDK).
using Names = std::string_view;
constexpr std::array create_names{Names{"app_id"}, Names{"app_trans_id"}, Names{"app_user"},
                                  Names{"amount"}, Names{"app_time"},     Names{"embed_data"},
                                  Names{"item"}};
constexpr std::array query_names{Names{"app_id"}, Names{"app_trans_id"}, Names{"key1"}};
constexpr std::array refund_names{
    Names{"app_id"}, Names{"zp_trans_id"}, Names{"amount"}, Names{"description"},
    Names{"timestamp"}};
// With a fee its place is not documented; this is what is said of it.
constexpr std::array refund_with_fee_names{Names{"app_id"},      Names{"zp_trans_id"},
                                           Names{"amount"},      Names{"refund_fee_amount"},
                                           Names{"description"}, Names{"timestamp"}};
constexpr std::array query_refund_names{Names{"app_id"}, Names{"m_refund_id"}, Names{"timestamp"}};
constexpr std::array bind_names{Names{"app_id"},       Names{"app_trans_id"}, Names{"binding_data"},
                                Names{"binding_type"}, Names{"identifier"},   Names{"max_amount"},
                                Names{"req_date"}};
constexpr std::array unbind_names{
    Names{"app_id"}, Names{"identifier"}, Names{"binding_id"}, Names{"req_date"}};
constexpr std::array query_agreement_names{
    Names{"app_id"}, Names{"app_trans_id"}, Names{"req_date"}};
constexpr std::array balance_names{
    Names{"app_id"}, Names{"pay_token"}, Names{"identifier"}, Names{"amount"}, Names{"req_date"}};
constexpr std::array token_pay_names{
    Names{"app_id"}, Names{"identifier"}, Names{"zp_trans_token"}, Names{"pay_token"},
    Names{"req_date"}};

template <class Is>
bool is_json(const std::string& text, Is is)
{
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    return !error && is(value);
}

std::string redirect_url_of(const json::object& body, const std::string& embed_data)
{
    const auto embedded = read_object(embed_data);
    const std::string inside = embedded ? text_of(*embedded, "redirecturl") : "";
    return inside.empty() ? signed_value(body, "redirect_url") : inside;
}

} // namespace

ZaloPayGateway::ZaloPayGateway(Settings settings)
    : GatewayFace{settings.seed}, settings_{std::move(settings)}
{
}

std::span<const ZaloPayGateway::Endpoint> ZaloPayGateway::endpoints()
{
    using Self = ZaloPayGateway;
    static constexpr std::array all{
        Endpoint{"/v2/create", create_names, &Self::create},
        Endpoint{"/v2/query", query_names, &Self::query},
        Endpoint{"/v2/refund", refund_names, &Self::refund},
        Endpoint{"/v2/query_refund", query_refund_names, &Self::query_refund},
        Endpoint{"/v2/agreement/bind", bind_names, &Self::bind},
        Endpoint{"/v2/agreement/unbind", unbind_names, &Self::unbind},
        Endpoint{"/v2/agreement/query", query_agreement_names, &Self::query_agreement},
        Endpoint{"/v2/agreement/balance", balance_names, &Self::balance},
        Endpoint{"/v2/agreement/pay", token_pay_names, &Self::pay_by_token}};
    return all;
}

bool ZaloPayGateway::is_call(std::string_view path) const
{
    return std::ranges::find(endpoints(), path, &Endpoint::path) != endpoints().end();
}

bool ZaloPayGateway::owns(std::string_view path) const
{
    return is_call(path) || path.starts_with(pages);
}

std::string ZaloPayGateway::Call::text(std::string_view name) const
{
    return signed_value(body, name);
}

std::int64_t ZaloPayGateway::Call::number(std::string_view name) const
{
    const std::string digits = text(name);
    std::int64_t value = -1;
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool whole = failure == std::errc{} && end == digits.data() + digits.size();
    return whole && value >= 0 ? value : -1;
}

const App* ZaloPayGateway::app(std::int64_t id) const
{
    const auto found = std::ranges::find(settings_.apps, id, &App::id);
    return found == settings_.apps.end() ? nullptr : &*found;
}

std::string ZaloPayGateway::new_token(std::string_view prefix)
{
    const std::string name = std::string{prefix} + std::to_string(next_id_++);
    const std::string seed = std::to_string(settings_.seed);
    return std::string{prefix} +
           to_hex(ByteView{sha256({as_bytes(seed), as_bytes(name)})}.first(12));
}

/// yymmdd and a number, as ZaloPay's look.
std::int64_t ZaloPayGateway::new_trans_id(UtcTime now)
{
    return std::stoll(day_prefix(to_unix_ms(now))) * 1'000'000'000 + next_id_++;
}

bool ZaloPayGateway::is_fresh(std::int64_t time_ms, UtcTime now)
{
    return time_ms >= 0 && std::abs(time_ms - to_unix_ms(now)) <= clock_error_ms_max;
}

Response ZaloPayGateway::reply(const Call& call, int return_code, int sub_code, json::object more)
{
    json::object body;
    body["return_code"] = return_code;
    body["return_message"] = message_of(return_code == done ? sub_ok : sub_code);
    body["sub_return_code"] = sub_code;
    body["sub_return_message"] = message_of(sub_code);
    for (auto& [name, value] : more)
        body[name] = std::move(value);
    if (faults.strikes(GatewayFault::number_as_text, call.path))
        if (const json::value* amount = body.if_contains("amount"); amount && amount->is_int64())
            body["amount"] = std::to_string(amount->as_int64());
    if (faults.strikes(GatewayFault::extra_members, call.path))
        body["simulated_member"] = json::array{1, "hai", nullptr};
    return json_response(200, body);
}

Response ZaloPayGateway::bad_argument(const Call& call)
{
    return reply(call, failed, sub_bad_argument);
}

Response ZaloPayGateway::refusal(const Request& request, UtcTime now)
{
    const Call call{request.path, nullptr, {}, now};
    return reply(call, failed, sub_refused);
}

Response ZaloPayGateway::route(const Request& request, UtcTime now)
{
    return is_call(request.path) ? answer_call(request, now) : show_page(request, now);
}

Response ZaloPayGateway::answer_call(const Request& request, UtcTime now)
{
    const auto endpoint = std::ranges::find(endpoints(), request.path, &Endpoint::path);
    if (request.method != http::Method::post) return Response::empty(405);
    Call call{request.path, nullptr, {}, now};
    auto body = read_fields(request.headers.value("Content-Type"), request.body);
    if (!body) return bad_argument(call);
    call.body = std::move(*body);
    std::span<const std::string_view> names = endpoint->signed_names;
    if (request.path == "/v2/refund" && call.body.contains("refund_fee_amount"))
        names = refund_with_fee_names;
    call.app = app(call.number("app_id"));
    if (call.app == nullptr || !is_signed(*call.app, call.body, names))
        return reply(call, failed, sub_bad_mac);
    return (this->*endpoint->handler)(call);
}

Response ZaloPayGateway::create(const Call& call)
{
    const std::string id = call.text("app_trans_id");
    const std::string item = call.text("item");
    const std::string embed_data = call.text("embed_data");
    const std::string user = call.text("app_user");
    const std::string description = call.text("description");
    const bool has_life = call.body.contains("expire_duration_seconds");
    const std::int64_t life = has_life ? call.number("expire_duration_seconds") : life_seconds;
    const std::string redirect_url = redirect_url_of(call.body, embed_data);
    const bool is_good = is_fresh(call.number("app_time"), call.now) &&
                         id.size() <= app_trans_id_octets_max &&
                         id.starts_with(day_prefix(to_unix_ms(call.now)) + "_") && !user.empty() &&
                         user.size() <= app_user_octets_max && call.number("amount") > 0 &&
                         item.size() <= item_octets_max &&
                         is_json(item, [](const json::value& value) { return value.is_array(); }) &&
                         embed_data.size() <= embed_data_octets_max && read_object(embed_data) &&
                         !description.empty() && description.size() <= description_octets_max &&
                         life >= life_seconds_min && life <= life_seconds_max &&
                         (redirect_url.empty() || is_web_url(redirect_url));
    if (!is_good) return bad_argument(call);
    const Key key{call.app->id, id};
    if (books_.orders.contains(key)) return reply(call, failed, sub_duplicate);

    Order& order = books_.orders[key];
    order = {
        key,
        user,
        call.number("app_time"),
        call.number("amount"),
        embed_data,
        item,
        description,
        call.text("callback_url"),
        redirect_url,
        new_token("AC"),
        call.text("product_code") == "AGREEMENT"};
    if (order.callback_url.empty()) order.callback_url = call.app->callback_url;
    order.changed_at = call.now;
    agenda_.at(call.now + Seconds{life}, [this, key](UtcTime due) {
        Order& waiting = books_.orders.at(key);
        if (waiting.is_open()) end_order(waiting, failed, sub_expired, due);
    });
    json::object more;
    more["order_url"] = page_url("pay", order.token);
    more["zp_trans_token"] = order.token;
    more["order_token"] = order.token;
    more["qr_code"] = page_url("pay", order.token);
    if (!order.is_agreement && faults.strikes(GatewayFault::notice_first, id)) {
        pay_order(order, PayCommand{}.payer, call.now);
        hold_answer();
    }
    return reply(call, done, sub_ok, std::move(more));
}

Response ZaloPayGateway::query(const Call& call)
{
    const Order* order = books_.order(call.app->id, call.text("app_trans_id"));
    if (order == nullptr) return reply(call, failed, sub_not_found);
    json::object more;
    more["is_processing"] = order->is_processing;
    more["amount"] = order->amount;
    more["zp_trans_id"] = order->zp_trans_id;
    more["server_time"] = to_unix_ms(call.now);
    more["discount_amount"] = 0;
    return reply(call, order->state, order->sub_code, std::move(more));
}

} // namespace iwas::sim
