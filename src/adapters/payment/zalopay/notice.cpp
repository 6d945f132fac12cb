#include "adapters/payment/zalopay/notice.hpp"

#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/unread_notice.hpp"
#include "adapters/payment/zalopay/agreement.hpp"
#include "adapters/payment/zalopay/mac.hpp"
#include "core/text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace iwas::adapters::zalopay {

namespace json = boost::json;
using ports::NoticeError;
using ports::NoticeOutcome;
using ports::PaymentNotice;
using ports::Unread;

namespace {

constexpr std::int64_t type_order = 1;
constexpr std::int64_t type_agreement = 2;
constexpr std::size_t data_octets_max = 64 * 1024;

/// The signed text, when its mac is right. It is signed as it stands in the body after one JSON
/// parse; written anew it would be another text.
Result<std::string, NoticeError> verified_data(
    const domain::PaymentAccount& account, const json::object& body)
{
    auto given = gateway_json::text(body, "mac", 64);
    if (!given || account.callback_key.empty())
        return std::unexpected(NoticeError::signature_wrong);
    std::ranges::transform(*given, given->begin(), lower);
    auto data = gateway_json::text(body, "data", data_octets_max);
    if (!data) return std::unexpected(NoticeError::malformed);
    if (!equal_constant_time(mac_of(account.callback_key, *data), *given))
        return std::unexpected(NoticeError::signature_wrong);
    return std::move(*data);
}

/// Callbacks of orders come for success only; there is no code inside.
Unread read_order(const json::object& data, UtcTime now, PaymentNotice& notice)
{
    const auto id = gateway_json::identifier(data, "zp_trans_id");
    // The order's amount; `discount_amount` is what ZaloPay adds to what the customer paid.
    const auto amount = gateway_json::amount(data, "amount");
    if (!amount || *amount == Money{0}) return Unread::amount;
    if (!id || *id == "0") return Unread::other;
    ports::ReceivedMoney money;
    money.gateway_id = *id;
    money.amount = *amount;
    money.paid_at = gateway_json::unix_ms(data, "server_time").value_or(now);
    notice.kind = ports::NoticeKind::payment;
    notice.status.state = ports::PaymentState::paid;
    notice.status.code = "1";
    notice.status.received.push_back(std::move(money));
    return Unread::nothing;
}

Unread read_agreement(const json::object& data, PaymentNotice& notice)
{
    auto status = agreement_status(data);
    if (!status) return Unread::other;
    notice.kind = ports::NoticeKind::binding;
    notice.binding = std::move(*status);
    return Unread::nothing;
}

} // namespace

Result<PaymentNotice, NoticeError> read_callback(
    const domain::PaymentAccount& account, const ports::NoticeRequest& request)
{
    const auto body = gateway_json::parse_object(request.body);
    if (!body) return std::unexpected(NoticeError::malformed);
    const auto text = verified_data(account, *body);
    if (!text) return std::unexpected(text.error());
    PaymentNotice notice;
    const auto data = gateway_json::parse_object(*text);
    if (!data) {
        notice.kept_body = kept_size(*text);
        return unreadable(std::move(notice), Unread::other);
    }

    const std::int64_t type = gateway_json::integer(*body, "type").value_or(0);
    notice.kept_body = gateway_json::masked(
        json::object{{"type", type}, {"data", *data}},
        {.secrets = {"pay_token", "zp_user_id", "merchant_user_id", "masked_user_phone"}});
    if (gateway_json::identifier(*data, "app_id") != account.merchant) {
        notice.kind = ports::NoticeKind::foreign;
        return notice;
    }
    const auto order_id = gateway_json::identifier(*data, "app_trans_id");
    // `type` is not signed: the members of each kind are demanded, so that one signed text cannot
    // be passed off as the other.
    notice.order_id = order_id.value_or("");
    const bool is_agreement = data->contains("binding_id");
    if ((type == type_agreement) != is_agreement || (type != type_order && type != type_agreement))
        return unreadable(std::move(notice), Unread::other);
    if (!order_id) return unreadable(std::move(notice), Unread::order);
    const Unread unread =
        is_agreement ? read_agreement(*data, notice) : read_order(*data, request.now, notice);
    if (unread != Unread::nothing) return unreadable(std::move(notice), unread);
    return notice;
}

ports::NoticeReply reply_to_callback(NoticeOutcome outcome)
{
    const auto reply = [](int return_code, std::string_view message) {
        const json::object body{{"return_code", return_code}, {"return_message", message}};
        return ports::NoticeReply{
            .status = 200, .content_type = "application/json", .body = json::serialize(body)};
    };
    switch (outcome) {
    case NoticeOutcome::recorded: return reply(1, "success");
    case NoticeOutcome::repeated: return reply(2, "already recorded");
    // Kept for a person: hearing it again would tell nothing new.
    case NoticeOutcome::unknown_order:
    case NoticeOutcome::wrong_amount:
    case NoticeOutcome::foreign:
    case NoticeOutcome::unreadable: return reply(1, "kept for review");
    case NoticeOutcome::not_kept: return reply(0, "try again"); // up to three times
    case NoticeOutcome::refused: break;
    }
    return reply(-1, "mac not equal");
}

} // namespace iwas::adapters::zalopay
