#include "adapters/payment/momo/notice.hpp"

#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/momo/answer.hpp"
#include "adapters/payment/unread_notice.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace iwas::adapters::momo {

namespace json = boost::json;
using ports::BindingState;
using ports::NoticeError;
using ports::PaymentNotice;
using ports::PaymentState;

namespace {

using Names = std::initializer_list<std::string_view>;

/// The signed members of an IPN besides accessKey, which is ours. Anything else that comes along
/// is not signed and not read.
constexpr Names signed_names{"amount",    "extraData",    "message",     "orderId",
                             "orderInfo", "orderType",    "partnerCode", "payType",
                             "requestId", "responseTime", "resultCode",  "transId"};

/// What the IPN of a linked wallet signs besides. MoMo does not publish that list; each of these is
/// tried, and none is trusted with more than the plain IPN: the token itself is asked for.
constexpr std::array<Names, 4> further_names{
    Names{}, Names{"callbackToken", "partnerClientId"}, Names{"callbackToken"},
    Names{"partnerClientId"}};

/// Nothing when a member is of a kind that has no text.
std::optional<Fields> fields_of(
    const json::object& body, const SecretText& access_key, const Names& further)
{
    Fields fields{{"accessKey", access_key.reveal()}};
    for (const Names& names : {signed_names, further})
        for (const std::string_view name : names) {
            auto value = gateway_json::scalar(body, name, "");
            if (!value) return std::nullopt;
            fields.emplace(name, std::move(*value));
        }
    return fields;
}

Result<void, NoticeError> verify(const domain::PaymentAccount& account, const json::object& body)
{
    auto given = gateway_json::text(body, "signature", 64);
    if (!given || account.secret_key.empty()) return std::unexpected(NoticeError::signature_wrong);
    std::ranges::transform(*given, given->begin(), lower);
    for (const Names& further : further_names) {
        if (std::ranges::any_of(further, [&](auto name) { return !body.contains(name); })) continue;
        const auto fields = fields_of(body, account.access_key, further);
        if (!fields) return std::unexpected(NoticeError::malformed);
        if (equal_constant_time(signature_of(account.secret_key, raw_text(*fields)), *given))
            return {};
    }
    return std::unexpected(NoticeError::signature_wrong);
}

PaymentState state_of(Standing standing)
{
    switch (standing) {
    case Standing::paid: return PaymentState::paid;
    case Standing::failed: return PaymentState::failed;
    case Standing::authorised: // held at MoMo; `find` captures it
    case Standing::pending:
    case Standing::error: break;
    }
    return PaymentState::pending;
}

} // namespace

Result<PaymentNotice, NoticeError> read_ipn(
    const domain::PaymentAccount& account, const ports::NoticeRequest& request)
{
    const auto body = gateway_json::parse_object(request.body);
    if (!body) return std::unexpected(NoticeError::malformed);
    if (const auto verified = verify(account, *body); !verified)
        return std::unexpected(verified.error());

    PaymentNotice notice;
    notice.kept_body = gateway_json::masked(
        *body,
        {.secrets = {"partnerUserId", "partnerClientId", "callbackToken", "token", "userInfo"}});
    if (gateway_json::text(*body, "partnerCode") != account.merchant) {
        notice.kind = ports::NoticeKind::foreign;
        return notice;
    }
    const auto order_id = gateway_json::identifier(*body, "orderId");
    const auto code = gateway_json::integer(*body, "resultCode");
    const auto amount = gateway_json::amount(*body, "amount");
    if (!order_id) return unreadable(std::move(notice), ports::Unread::order);
    notice.order_id = *order_id;
    if (!amount) return unreadable(std::move(notice), ports::Unread::amount);
    if (!code) return unreadable(std::move(notice), ports::Unread::other);
    const ResultCode result = meaning_of(*code);
    // Linking a wallet pays nothing. A payment by token may name an empty callbackToken.
    if (*amount == Money{0} || !gateway_json::text(*body, "callbackToken").value_or("").empty()) {
        notice.kind = ports::NoticeKind::binding;
        notice.binding.state =
            result.standing == Standing::failed ? BindingState::failed : BindingState::pending;
        notice.binding.code = std::to_string(*code);
        return notice;
    }
    notice.status.state = state_of(result.standing);
    notice.status.code = std::to_string(*code);
    notice.status.order_amount = *amount;
    if (notice.status.state == PaymentState::failed) notice.status.reason = result.reason;
    if (notice.status.state == PaymentState::paid) {
        auto money = received_money(*body, request.now);
        if (!money) return unreadable(std::move(notice), ports::Unread::other);
        notice.status.received.push_back(std::move(*money));
    }
    return notice;
}

ports::NoticeReply reply_to_ipn(ports::NoticeOutcome outcome)
{
    constexpr int kept = 204; // with an empty body: the one answer that MoMo documents
    constexpr int refused = 400;
    constexpr int send_again = 500;
    switch (outcome) {
    case ports::NoticeOutcome::recorded:
    case ports::NoticeOutcome::repeated:
    case ports::NoticeOutcome::unknown_order:
    case ports::NoticeOutcome::wrong_amount:
    case ports::NoticeOutcome::foreign:
    case ports::NoticeOutcome::unreadable: return {.status = kept, .content_type = {}, .body = {}};
    case ports::NoticeOutcome::not_kept: break;
    // Not 204: when it is our key that is wrong, MoMo must not believe that the notice arrived.
    case ports::NoticeOutcome::refused: return {.status = refused, .content_type = {}, .body = {}};
    }
    return {.status = send_again, .content_type = {}, .body = {}};
}

} // namespace iwas::adapters::momo
