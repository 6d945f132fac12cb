// The merchant's API: querydr and refund (VNPay 2.1.0, "querydr & refund").
#include "core/text.hpp"
#include "sim/json_body.hpp"
#include "sim/payment/vietnam_time.hpp"
#include "sim/payment/vnpay/gateway.hpp"
#include "sim/payment/vnpay/outcome.hpp"

#include <charconv>

namespace iwas::sim::vnpay {

namespace json = boost::json;

namespace {

/// A request's members as texts: what looks like a number may be one. Nothing for other types.
std::optional<Fields> members_of(const json::object& body)
{
    Fields fields;
    for (const auto& [name, value] : body) {
        std::string text;
        if (value.is_string())
            text = value.as_string();
        else if (value.is_int64())
            text = std::to_string(value.as_int64());
        else if (value.is_uint64())
            text = std::to_string(value.as_uint64());
        else
            return std::nullopt;
        fields.insert_or_assign(std::string{name}, std::move(text));
    }
    return fields;
}

std::string signed_text(const Fields& asked, bool is_refund, std::string_view transaction_no)
{
    const auto value = [&](std::string_view name) { return value_of(asked, name); };
    if (!is_refund)
        return joined(
            {value("vnp_RequestId"), value("vnp_Version"), value("vnp_Command"),
             value("vnp_TmnCode"), value("vnp_TxnRef"), value("vnp_TransactionDate"),
             value("vnp_CreateDate"), value("vnp_IpAddr"), value("vnp_OrderInfo")});
    return joined(
        {value("vnp_RequestId"), value("vnp_Version"), value("vnp_Command"), value("vnp_TmnCode"),
         value("vnp_TransactionType"), value("vnp_TxnRef"), value("vnp_Amount"), transaction_no,
         value("vnp_TransactionDate"), value("vnp_CreateBy"), value("vnp_CreateDate"),
         value("vnp_IpAddr"), value("vnp_OrderInfo")});
}

bool is_rightly_signed(const Merchant& merchant, const Fields& asked, bool is_refund)
{
    const std::string_view hash = value_of(asked, "vnp_SecureHash");
    const auto fits = [&](std::string_view transaction_no) {
        return is_signed_text(
            merchant.hash_secret, signed_text(asked, is_refund, transaction_no), hash);
    };
    if (fits(value_of(asked, "vnp_TransactionNo"))) return true;
    // The npm library `vnpay` leaves an unknown number out of the body and hashes 0, and is used
    // against the real gateway.
    return is_refund && !asked.contains("vnp_TransactionNo") && fits("0");
}

bool is_well_formed(const Fields& asked, bool is_refund)
{
    const auto value = [&](std::string_view name) { return value_of(asked, name); };
    const std::size_t id = value("vnp_RequestId").size();
    const std::string_view type = value("vnp_TransactionType");
    const bool is_good = value("vnp_Version") == "2.1.0" && id >= 1 && id <= 32 &&
                         !value("vnp_TxnRef").empty() && !value("vnp_OrderInfo").empty() &&
                         value("vnp_IpAddr").size() >= 7 &&
                         from_compact_time(value("vnp_TransactionDate")) &&
                         from_compact_time(value("vnp_CreateDate"));
    if (!is_refund) return is_good;
    return is_good && (type == "02" || type == "03") && !value("vnp_CreateBy").empty();
}

std::string_view message_of(std::string_view code)
{
    if (code == "00") return "Success";
    if (code == "02") return "Invalid TmnCode";
    if (code == "03") return "Invalid data format";
    if (code == "91") return "Transaction not found";
    if (code == "94") return "Duplicate request";
    if (code == "95") return "Transaction refused";
    if (code == "97") return "Invalid checksum";
    return "Request refused";
}

json::object coded(std::string_view code)
{
    json::object answer;
    answer["vnp_ResponseCode"] = code;
    return answer;
}

/// Completes an answer by what every one has, and signs it. An answer to nobody in particular has
/// no secret to be signed with.
http::Response sealed(
    json::object answer, const Merchant* merchant, const Fields& asked, std::string response_id,
    bool amount_is_number)
{
    const auto put_missing = [&](std::string_view name, std::string_view value) {
        if (!answer.contains(name)) answer[name] = value;
    };
    const std::string_view command = value_of(asked, "vnp_Command");
    const std::string code = text_of(answer, "vnp_ResponseCode");
    put_missing("vnp_ResponseId", response_id);
    put_missing("vnp_Command", command);
    put_missing("vnp_Message", message_of(code));
    put_missing("vnp_TmnCode", value_of(asked, "vnp_TmnCode"));
    put_missing("vnp_TxnRef", value_of(asked, "vnp_TxnRef"));
    put_missing("vnp_Amount", value_of(asked, "vnp_Amount"));
    put_missing("vnp_OrderInfo", value_of(asked, "vnp_OrderInfo"));
    for (const char* name :
         {"vnp_BankCode", "vnp_PayDate", "vnp_TransactionNo", "vnp_TransactionType",
          "vnp_TransactionStatus"})
        put_missing(name, "");
    const auto value = [&](std::string_view name) { return text_of(answer, name); };
    std::string text = joined(
        {value("vnp_ResponseId"), value("vnp_Command"), code, value("vnp_Message"),
         value("vnp_TmnCode"), value("vnp_TxnRef"), value("vnp_Amount"), value("vnp_BankCode"),
         value("vnp_PayDate"), value("vnp_TransactionNo"), value("vnp_TransactionType"),
         value("vnp_TransactionStatus"), value("vnp_OrderInfo")});
    if (command == "querydr") {
        put_missing("vnp_PromotionCode", "");
        put_missing("vnp_PromotionAmount", "");
        text += '|' + value("vnp_PromotionCode") + '|' + value("vnp_PromotionAmount");
    }
    answer["vnp_SecureHash"] = merchant == nullptr ? "" : sign(merchant->hash_secret, text);
    std::int64_t amount = 0;
    const std::string written = value("vnp_Amount");
    const auto [stop, error] =
        std::from_chars(written.data(), written.data() + written.size(), amount);
    if (amount_is_number && error == std::errc{}) answer["vnp_Amount"] = amount;
    return json_response(200, answer);
}

} // namespace

http::Response VnpayGateway::api(const http::Request& request, UtcTime now)
{
    const std::string response_id = "sim" + std::to_string(next_response_++);
    const auto body = read_object(request.body);
    const auto asked = body ? members_of(*body) : std::nullopt;
    if (request.method != http::Method::post || !asked)
        return sealed(coded("03"), nullptr, {}, response_id, false);
    const std::string_view command = value_of(*asked, "vnp_Command");
    const Merchant* merchant = model.merchant(value_of(*asked, "vnp_TmnCode"));
    // Amounts are texts here; the documents let them be numbers too, which this fault makes them.
    const bool as_number = faults.strikes(GatewayFault::number_as_text, request.path);
    const auto answer = [&](json::object members) {
        return sealed(std::move(members), merchant, *asked, response_id, as_number);
    };
    if (command != "querydr" && command != "refund") return answer(coded("03"));
    if (merchant == nullptr) return answer(coded("02"));
    const bool is_refund = command == "refund";
    if (!is_rightly_signed(*merchant, *asked, is_refund)) return answer(coded("97"));
    if (!is_well_formed(*asked, is_refund)) return answer(coded("03"));
    // Also for what was refused the first time: the request is known, whatever came of it.
    if (!model.use_request_id(merchant->tmn_code, value_of(*asked, "vnp_RequestId"), now))
        return answer(coded("94"));
    return answer(is_refund ? refund(*merchant, *asked, now) : querydr(*merchant, *asked));
}

http::Response VnpayGateway::refusal(const http::Request& request, UtcTime)
{
    const auto body = read_object(request.body);
    const Fields asked = body ? members_of(*body).value_or(Fields{}) : Fields{};
    return sealed(
        coded("99"), model.merchant(value_of(asked, "vnp_TmnCode")), asked,
        "sim" + std::to_string(next_response_++), false);
}

json::object VnpayGateway::querydr(const Merchant& merchant, const Fields& asked)
{
    const Order* order = model.find(
        merchant.tmn_code, value_of(asked, "vnp_TxnRef"), value_of(asked, "vnp_TransactionDate"));
    if (order == nullptr) return coded("91");
    json::object answer = coded("00");
    answer["vnp_Amount"] = hundredths(order->amount);
    answer["vnp_OrderInfo"] = order->order_info;
    answer["vnp_BankCode"] = order->bank_code;
    answer["vnp_PayDate"] = order->pay_date;
    answer["vnp_TransactionNo"] = order->transaction_no;
    answer["vnp_TransactionType"] = "01";
    answer["vnp_TransactionStatus"] = order->transaction_status;
    if (order->refunds.empty() || !model.settings.querydr_tells_refund) return answer;
    const Refund& last = order->refunds.back();
    answer["vnp_Amount"] = hundredths(last.amount);
    answer["vnp_PayDate"] = to_compact_time(last.at);
    answer["vnp_TransactionNo"] = last.transaction_no;
    answer["vnp_TransactionType"] = last.type;
    answer["vnp_TransactionStatus"] = last.status;
    return answer;
}

json::object VnpayGateway::refund(const Merchant& merchant, const Fields& asked, UtcTime now)
{
    Order* order = model.find(
        merchant.tmn_code, value_of(asked, "vnp_TxnRef"), value_of(asked, "vnp_TransactionDate"));
    if (order == nullptr) return coded("91");
    const std::string_view number = value_of(asked, "vnp_TransactionNo");
    if (!number.empty() && number != "0" && number != order->transaction_no) return coded("91");
    const std::string_view written = value_of(asked, "vnp_Amount");
    std::int64_t amount = 0;
    const char* end = written.data() + written.size();
    const auto [stop, error] = std::from_chars(written.data(), end, amount);
    if (error != std::errc{} || stop != end || amount % 100 != 0) return coded("03");
    const auto refunded = model.refund(
        *order, std::string{value_of(asked, "vnp_RequestId")},
        value_of(asked, "vnp_TransactionType"), Money{amount / 100}, now);
    if (!refunded) return coded(refunded.error());

    Refund& made = **refunded;
    const std::string request_id = made.request_id;
    const bool takes_long = faults.strikes(GatewayFault::refund_pending, order->txn_ref);
    if (takes_long)
        agenda_.at(now + faults.late, [this, order, request_id](UtcTime) {
            settle_refund(*order, request_id);
        });
    else
        settle_refund(*order, request_id);
    json::object answer = coded("00");
    answer["vnp_BankCode"] = order->bank_code;
    answer["vnp_PayDate"] = to_compact_time(now);
    answer["vnp_TransactionNo"] = made.transaction_no;
    answer["vnp_TransactionType"] = made.type;
    answer["vnp_TransactionStatus"] = made.status;
    return answer;
}

void VnpayGateway::settle_refund(Order& order, const std::string& request_id)
{
    for (Refund& refund : order.refunds) {
        if (refund.request_id != request_id) continue;
        if (faults.strikes(GatewayFault::refund_failed, order.txn_ref)) {
            refund.status = status::refund_refused;
            return;
        }
        refund.status = status::refund_sent;
        book.give_back(
            MoneyMove::given_back, order.txn_ref, refund.transaction_no, order.payer, refund.amount,
            refund.at);
    }
}

} // namespace iwas::sim::vnpay
