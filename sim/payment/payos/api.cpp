// The merchant's API of PayOS (payos.vn/docs, "API payment-requests" and "confirm-webhook").
#include "core/bytes.hpp"
#include "sim/json_body.hpp"
#include "sim/payment/form.hpp"
#include "sim/payment/payos/gateway.hpp"
#include "sim/payment/vietnam_time.hpp"

#include <boost/json/array.hpp>

namespace iwas::sim::payos {

namespace json = boost::json;
using http::Method;
using http::Response;

namespace {

constexpr std::string_view links_root = "/v2/payment-requests";
constexpr std::int64_t order_code_max = 9'007'199'254'740'991; // 2^53 - 1
constexpr std::int64_t amount_max = 10'000'000'000;

/// A no. PayOS's numbers stand in no single document; these are what integrations report.
Response error(int status, std::string_view code, std::string_view desc)
{
    json::object body{{"code", code}, {"desc", desc}, {"data", nullptr}, {"signature", nullptr}};
    return json_response(status, body);
}

Response signed_answer(const Merchant& merchant, json::object data)
{
    json::object body{{"code", "00"}, {"desc", "success"}};
    body["signature"] = data_signature(merchant.checksum_key, data);
    body["data"] = std::move(data);
    return json_response(200, body);
}

json::object payment_json(const Merchant& merchant, const Payment& payment)
{
    json::object row;
    row["reference"] = payment.reference;
    row["amount"] = payment.amount.vnd();
    row["accountNumber"] = merchant.account;
    row["description"] = payment.content;
    row["transactionDateTime"] = to_bank_time(payment.at);
    row["virtualAccountName"] = nullptr;
    row["virtualAccountNumber"] = payment.virtual_account;
    row["counterAccountBankId"] = nullptr;
    row["counterAccountBankName"] = nullptr;
    row["counterAccountName"] = nullptr;
    row["counterAccountNumber"] = nullptr;
    return row;
}

json::object state_json(const Merchant& merchant, const Link& link, UtcTime now)
{
    json::array transactions;
    for (const Payment& payment : link.payments)
        transactions.push_back(payment_json(merchant, payment));
    const Money left = link.amount - link.paid();
    json::object data;
    data["id"] = link.id;
    data["orderCode"] = link.order_code;
    data["amount"] = link.amount.vnd();
    data["amountPaid"] = link.paid().vnd();
    data["amountRemaining"] = left > Money{} ? left.vnd() : 0;
    data["status"] = link.status(now);
    data["createdAt"] = to_rfc3339(link.created_at);
    data["transactions"] = std::move(transactions);
    data["cancellationReason"] = link.cancellation_reason.empty()
                                     ? json::value(nullptr)
                                     : json::value(link.cancellation_reason);
    data["canceledAt"] =
        link.cancelled_at ? json::value(to_rfc3339(*link.cancelled_at)) : json::value(nullptr);
    return data;
}

/// Absent or an integer.
bool is_time_or_nothing(const json::object& body, std::string_view name)
{
    return !body.contains(name) || integer_of(body, name).value_or(0) > 0;
}

} // namespace

Response PayosGateway::route(const http::Request& request, UtcTime now)
{
    if (!is_call(request.path)) return page(request, now);
    Merchant* merchant = model.find_merchant(request.headers.value("x-client-id"));
    if (merchant == nullptr ||
        !equal_constant_time(request.headers.value("x-api-key"), merchant->api_key))
        return error(401, "401", "Unauthorized");
    if (request.path == "/confirm-webhook") return confirm_webhook(*merchant, request, now);
    return call(*merchant, request, now);
}

Response PayosGateway::call(const Merchant& merchant, const http::Request& request, UtcTime now)
{
    std::string_view rest = std::string_view{request.path}.substr(links_root.size());
    if (rest.empty())
        return request.method == Method::post ? create(merchant, request, now)
                                              : error(404, "404", "Not found");
    if (rest.front() != '/') return error(404, "404", "Not found");
    rest.remove_prefix(1);
    constexpr std::string_view cancels = "/cancel";
    const bool is_cancel = request.method == Method::post && rest.ends_with(cancels);
    if (is_cancel) rest.remove_suffix(cancels.size());
    if (!is_cancel && request.method != Method::get) return error(404, "404", "Not found");
    Link* link = model.find(merchant.client_id, rest);
    if (link == nullptr) return error(200, "101", "Mã thanh toán không tồn tại");
    if (is_cancel) {
        const auto body = request.body.empty() ? json::object{} : read_object(request.body);
        if (!body) return error(400, "20", "Thông tin truyền lên không đúng");
        if (!link->may_be_paid(now)) return error(200, "20", "Đơn thanh toán đã kết thúc");
        cancel(*link, text_of(*body, "cancellationReason"), now);
    }
    return signed_answer(merchant, state_json(merchant, *link, now));
}

Response PayosGateway::create(const Merchant& merchant, const http::Request& request, UtcTime now)
{
    const auto body = read_object(request.body);
    const auto order_code = body ? integer_of(*body, "orderCode") : std::nullopt;
    const auto amount = body ? integer_of(*body, "amount") : std::nullopt;
    if (!order_code || !amount || !is_time_or_nothing(*body, "expiredAt"))
        return error(200, "20", "Thông tin truyền lên không đúng");
    Link link;
    link.client_id = merchant.client_id;
    link.order_code = *order_code;
    link.amount = Money{*amount};
    link.description = text_of(*body, "description");
    link.cancel_url = text_of(*body, "cancelUrl");
    link.return_url = text_of(*body, "returnUrl");
    link.created_at = now;
    if (const auto expires = integer_of(*body, "expiredAt")) // in seconds
        link.expires_at = from_unix_ms(*expires * 1000);
    const bool is_good = *order_code > 0 && *order_code <= order_code_max && *amount > 0 &&
                         *amount <= amount_max && !link.description.empty() &&
                         link.description.size() <= settings.description_characters_max &&
                         is_web_url(link.cancel_url) && is_web_url(link.return_url) &&
                         (!link.expires_at || *link.expires_at > now);
    if (!is_good) return error(200, "20", "Thông tin truyền lên không đúng");
    const std::string signature = creation_signature(
        merchant.checksum_key, *amount, link.cancel_url, link.description, *order_code,
        link.return_url);
    if (!equal_constant_time(text_of(*body, "signature"), signature))
        return error(200, "201", "Mã kiểm tra (signature) không hợp lệ");
    if (model.find(merchant.client_id, std::to_string(*order_code)) != nullptr)
        return error(200, "231", "Đơn thanh toán đã tồn tại");

    Link& made = model.add(std::move(link));
    std::string account = merchant.account;
    if (settings.uses_virtual_accounts) {
        account = made.virtual_account;
        bank_.add_virtual_account(merchant.bin, account, merchant.account);
        if (made.expires_at && !settings.takes_late_money)
            agenda_.at(*made.expires_at, [this, bin = merchant.bin, account](UtcTime) {
                bank_.close_virtual_account(bin, account);
            });
    }
    made.qr_text = bank::write_qr(merchant.bin, account, made.amount, made.description);
    if (faults.strikes(GatewayFault::notice_first, std::to_string(made.order_code))) {
        // A payer so quick that the webhook precedes this answer.
        PayCommand quick;
        quick.qr_text = made.qr_text;
        if (bank_.pay(quick, now)) hold_answer();
    }
    json::object data;
    data["bin"] = merchant.bin;
    data["accountNumber"] = account;
    data["accountName"] = merchant.holder;
    data["amount"] = made.amount.vnd();
    data["description"] = made.description;
    data["orderCode"] = made.order_code;
    data["currency"] = "VND";
    data["paymentLinkId"] = made.id;
    data["status"] = "PENDING";
    data["expiredAt"] =
        made.expires_at ? json::value(to_unix_ms(*made.expires_at) / 1000) : json::value(nullptr);
    data["checkoutUrl"] = public_url + "/web/" + made.id;
    data["qrCode"] = made.qr_text;
    return signed_answer(merchant, std::move(data));
}

void PayosGateway::cancel(Link& link, std::string reason, UtcTime now)
{
    link.cancelled_at = now;
    link.cancellation_reason = std::move(reason);
    if (!settings.takes_late_money)
        bank_.close_virtual_account(model.find_merchant(link.client_id)->bin, link.virtual_account);
}

/// PayOS sends a notice of its documents' sample to the address before it takes it. Here the call
/// is answered at once, and an address that does not answer well is dropped again.
Response PayosGateway::confirm_webhook(
    Merchant& merchant, const http::Request& request, UtcTime now)
{
    const auto body = read_object(request.body);
    const std::string url = body ? text_of(*body, "webhookUrl") : std::string{};
    if (request.method != Method::post || !is_web_url(url))
        return error(400, "20", "Webhook url không hợp lệ");
    merchant.webhook_url = url;
    json::object data;
    data["orderCode"] = 123;
    data["amount"] = 3'000;
    data["description"] = "VQRIO123";
    data["accountNumber"] = "12345678";
    data["reference"] = "TF230204212323";
    data["transactionDateTime"] = "2023-02-04 18:25:00";
    data["currency"] = "VND";
    data["paymentLinkId"] = "124c33293c43417ab7879e14c8d9eb18";
    data["code"] = "00";
    data["desc"] = "Thành công";
    for (const char* name :
         {"counterAccountBankId", "counterAccountBankName", "counterAccountName",
          "counterAccountNumber", "virtualAccountName", "virtualAccountNumber"})
        data[name] = "";
    json::object sample{{"code", "00"}, {"desc", "success"}, {"success", true}};
    sample["signature"] = data_signature(merchant.checksum_key, data);
    sample["data"] = std::move(data);
    send_notice("confirm-webhook " + merchant.client_id, [&] {
        Notice notice;
        notice.due = now;
        notice.url = url;
        notice.headers.set("Content-Type", "application/json");
        notice.body = json::serialize(sample);
        return notice;
    });
    json::object confirmed;
    confirmed["webhookUrl"] = url;
    confirmed["accountNumber"] = merchant.account;
    confirmed["accountName"] = merchant.holder;
    return signed_answer(merchant, std::move(confirmed));
}

Response PayosGateway::refusal(const http::Request&, UtcTime)
{
    return error(200, "20", "Yêu cầu bị từ chối");
}

} // namespace iwas::sim::payos
