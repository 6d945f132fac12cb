#include "sim/payment/vnpay/gateway.hpp"

#include "sim/json_body.hpp"
#include "sim/payment/vnpay/outcome.hpp"

#include <boost/json/array.hpp>

namespace iwas::sim::vnpay {

namespace json = boost::json;

namespace {

constexpr std::string_view api_path = "/merchant_webapi/api/transaction";
/// What extra_members adds. It is signed like every other field.
constexpr std::string_view extra_name = "vnp_PromotionCode";
constexpr std::size_t ipn_answers_max = 100'000;

} // namespace

Merchant demo_merchant(std::string ipn_url)
{
    return {"CGXZLS0Z", "XNBCJFAKAZQSGTARRLGCHVZWCIOIGSHN", std::move(ipn_url)};
}

bool VnpayGateway::owns(std::string_view path) const
{
    return path.starts_with("/paymentv2/") || path.starts_with("/token_ui/") ||
           path.starts_with("/tokenUI/") || is_call(path);
}

bool VnpayGateway::is_call(std::string_view path) const
{
    return path == api_path;
}

void VnpayGateway::send_ipn(const Order& order, UtcTime now)
{
    send_notice(order.txn_ref, [&] { return ipn_of(order, now); });
    const bool tells_success = order.response_code == "00";
    if (!tells_success || !faults.strikes(GatewayFault::stale_refusal, order.txn_ref)) return;
    Order refused = order;
    refused.response_code = "24";
    refused.transaction_status = status::failed;
    refused.transaction_no = "0";
    refused.bank_tran_no.clear();
    send_notice(order.txn_ref, [&] {
        Notice notice = ipn_of(refused, now);
        notice.due += faults.delay;
        return notice;
    });
}

Notice VnpayGateway::ipn_of(const Order& order, UtcTime now)
{
    const auto strikes = [&](GatewayFault fault) { return faults.strikes(fault, order.txn_ref); };
    const OutcomeNames& names = names_of(order);
    Fields fields = outcome_fields(order);
    const auto put = [&](std::string_view name, std::string value) {
        fields.insert_or_assign(std::string{name}, std::move(value));
    };
    if (strikes(GatewayFault::wrong_amount))
        put(names.amount, hundredths(order.amount + Money{faults.told_more}));
    if (strikes(GatewayFault::wrong_merchant)) put(names.merchant, "SIMOTHER");
    if (strikes(GatewayFault::unknown_order)) put(names.txn_ref, order.txn_ref + "X9");
    if (strikes(GatewayFault::vietnamese_text))
        put(names.order_info, "Thanh toán gói ngày: 24 giờ");
    if (strikes(GatewayFault::extra_members)) put(extra_name, "TET2027");
    const Merchant* merchant = model.merchant(order.tmn_code);
    std::string secret = merchant->hash_secret;
    if (strikes(GatewayFault::wrong_signature)) secret += "?";

    Notice notice;
    notice.due = now;
    notice.method = http::Method::get;
    notice.url = signed_url(merchant->ipn_url, fields, secret, names.hash);
    return notice;
}

void VnpayGateway::notice_answered(const Notice& notice, const NoticeAnswer& answer, UtcTime now)
{
    IpnAnswer record;
    record.txn_ref = notice.subject;
    record.url = notice.url;
    record.http_status = answer.status;
    record.tries = notice.tries;
    record.at = now;
    if (answer.status == 200)
        if (const auto body = read_object(answer.body)) {
            record.rsp_code = text_of(*body, "RspCode");
            record.message = text_of(*body, "Message");
        }
    const bool is_done = record.rsp_code == "00" || record.rsp_code == "02";
    if (model.ipn_answers.size() < ipn_answers_max) model.ipn_answers.push_back(std::move(record));
    if (!is_done && notice.tries + 1 < model.settings.ipn_tries_max)
        repeat_notice(notice, now + model.settings.ipn_every);
}

std::optional<http::Response> VnpayGateway::control(
    std::string_view what, const http::Request& request, UtcTime)
{
    if (request.method != http::Method::get || what != "ipn_answers") return std::nullopt;
    json::array list;
    for (const IpnAnswer& answer : model.ipn_answers) {
        json::object row;
        row["order"] = answer.txn_ref;
        row["status"] = answer.http_status.value_or(0);
        row["rsp_code"] = answer.rsp_code;
        row["message"] = answer.message;
        row["tries"] = answer.tries;
        list.push_back(std::move(row));
    }
    json::object body;
    body["ipn_answers"] = std::move(list);
    return json_response(200, body);
}

} // namespace iwas::sim::vnpay
