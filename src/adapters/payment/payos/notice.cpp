#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/payos/mapping.hpp"
#include "adapters/payment/payos/signature.hpp"
#include "adapters/payment/payos/transfer.hpp"
#include "adapters/payment/transfer_texts.hpp"

namespace iwas::adapters {

namespace json = boost::json;
using ports::PaymentState;

namespace payos {

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
    const auto order_code = gateway_json::integer(*data, "orderCode");
    if (!order_code || *order_code < 1 || *order_code > payos::order_code_max)
        return std::unexpected(ports::NoticeError::malformed);

    ports::PaymentNotice notice;
    notice.order_id = std::to_string(*order_code);
    notice.kept_body = gateway_json::masked(*body, {"counterAccountName", "counterAccountNumber"});
    notice.status.code = gateway_json::text(*data, "code", 16).value_or("");
    // What PayOS sends while an address is entered: the sample of its documents. Codes of ours are
    // drawn from 2^53.
    if (*order_code == 123 && gateway_json::text(*data, "reference") == "TF230204212323") {
        notice.kind = ports::NoticeKind::test;
        return notice;
    }
    if (notice.status.code != "00") return notice;
    const auto currency = gateway_json::text(*data, "currency");
    if (currency && *currency != "VND") { // the amount is not in đồng: a person decides
        notice.status.state = PaymentState::held;
        notice.status.code = "currency";
        return notice;
    }
    auto money = payos::money_from(*data, request.now);
    if (!money) return std::unexpected(ports::NoticeError::malformed);
    notice.status.state = PaymentState::paid;
    notice.status.received.push_back(std::move(*money));
    return notice;
}

} // namespace iwas::adapters
