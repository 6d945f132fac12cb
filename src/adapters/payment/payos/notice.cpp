#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/payos/mapping.hpp"
#include "adapters/payment/payos/signature.hpp"
#include "adapters/payment/payos/transfer.hpp"
#include "adapters/payment/transfer_texts.hpp"
#include "adapters/payment/unread_notice.hpp"

namespace iwas::adapters {

namespace json = boost::json;
using ports::PaymentState;

namespace payos {

bool is_in_vnd(const json::object& data)
{
    const json::value* currency = data.if_contains("currency");
    if (currency == nullptr || currency->is_null()) return true;
    return gateway_json::text(data, "currency") == "VND";
}

std::optional<ports::ReceivedMoney> money_from(const json::object& transfer, UtcTime now)
{
    const auto reference = gateway_json::identifier(transfer, "reference");
    const auto amount = gateway_json::amount(transfer, "amount");
    if (!reference || !amount || *amount == Money{0}) return std::nullopt;
    return ports::ReceivedMoney{
        .gateway_id = *reference,
        .amount = *amount,
        .paid_at = transfer_time(transfer, "transactionDateTime", now),
        .memo = transfer_text(transfer, "description"),
        .payer = masked_account(transfer_text(transfer, "counterAccountNumber"))};
}

} // namespace payos

Result<ports::PaymentNotice, ports::NoticeError> PayosMapping::read_notice(
    const domain::PaymentAccount& account, const ports::NoticeRequest& request) const
{
    const auto body = gateway_json::parse_object(request.body);
    if (!body) return std::unexpected(ports::NoticeError::malformed);
    const json::object* data = payos::signed_data(*body, account.secret_key);
    if (data == nullptr) return std::unexpected(ports::NoticeError::signature_wrong);
    ports::PaymentNotice notice;
    notice.kept_body = gateway_json::masked(
        *body, {.secrets =
                    {"counterAccountName", "counterAccountNumber", "virtualAccountName",
                     "virtualAccountNumber"},
                .texts = {"description"},
                .reduced = kept_text});
    const auto order_code = gateway_json::integer(*data, "orderCode");
    if (!order_code || *order_code < 1 || *order_code > payos::order_code_max)
        return unreadable(std::move(notice), ports::Unread::order);
    notice.order_id = std::to_string(*order_code);
    notice.status.code = gateway_json::text(*data, "code", 16).value_or("");
    // What PayOS sends while an address is entered: the sample of its documents. Codes of ours are
    // drawn from 2^53.
    if (*order_code == 123 && gateway_json::text(*data, "reference") == "TF230204212323") {
        notice.kind = ports::NoticeKind::test;
        return notice;
    }
    if (notice.status.code != "00") return notice;
    const auto amount = gateway_json::amount(*data, "amount");
    if (!amount || *amount == Money{0}) return unreadable(std::move(notice), ports::Unread::amount);
    auto money = payos::money_from(*data, request.now);
    if (!money) return unreadable(std::move(notice), ports::Unread::other);
    // Not đồng: set aside under its reference, for a person. Were it not recorded, a later answer,
    // which names no currency, would give the same figure out as đồng.
    const bool is_vnd = payos::is_in_vnd(*data);
    notice.status.state = is_vnd ? PaymentState::paid : PaymentState::held;
    if (!is_vnd) notice.status.code = "currency";
    notice.status.received.push_back(std::move(*money));
    return notice;
}

} // namespace iwas::adapters
