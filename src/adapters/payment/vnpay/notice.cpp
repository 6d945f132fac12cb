#include "adapters/payment/unread_notice.hpp"
#include "adapters/payment/vietnam_time.hpp"
#include "adapters/payment/vnpay/codes.hpp"
#include "adapters/payment/vnpay/parts.hpp"
#include "adapters/payment/vnpay/signed_query.hpp"
#include "core/utf8.hpp"

#include <array>

namespace iwas::adapters::vnpay {

using ports::NoticeError;
using ports::NoticeKind;
using ports::NoticeOutcome;
using ports::PaymentNotice;
using ports::PaymentState;
using ports::Unread;

namespace {

/// The same fields under the two naming habits of VNPay.
struct Names {
    std::string_view hash, merchant, order, amount, response, status, number, paid_at;
};
constexpr Names payment_names{payment_hash,        "vnp_TmnCode",      "vnp_TxnRef",
                              "vnp_Amount",        "vnp_ResponseCode", "vnp_TransactionStatus",
                              "vnp_TransactionNo", "vnp_PayDate"};
constexpr Names token_names{token_hash,           "vnp_tmn_code",      "vnp_txn_ref",
                            "vnp_amount",         "vnp_response_code", "vnp_transaction_status",
                            "vnp_transaction_no", "vnp_pay_date"};

std::string_view value_of(const Fields& fields, std::string_view name)
{
    const auto found = fields.find(name);
    return found == fields.end() ? std::string_view{} : std::string_view{found->second};
}

bool is_number(std::string_view text)
{
    constexpr std::size_t digits_max = 20;
    return !text.empty() && text.size() <= digits_max && text != "0" &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// For the audit: as it was signed, without what identifies a card or charges it.
std::string kept(Fields fields)
{
    for (const std::string_view name : {"vnp_token", "vnp_card_number"})
        if (const auto found = fields.find(name); found != fields.end()) found->second = "***";
    return canonical(fields);
}

/// Of a page that saves a card or gives it up.
ports::BindingStatus binding_from(const Fields& fields)
{
    ports::BindingStatus status;
    status.code = value_of(fields, "vnp_response_code");
    const std::string_view token = value_of(fields, "vnp_token");
    const bool is_removed = value_of(fields, "vnp_command") == "token_remove";
    if (is_removed || status.code != "00" || token.empty()) {
        status.state = ports::BindingState::failed;
        return status;
    }
    status.state = ports::BindingState::bound;
    status.token = ports::BoundToken{
        .token = SecretText{std::string{token}},
        .binding_id = {},
        .label = std::string{value_of(fields, "vnp_card_number")},
        .expires_at = {}};
    return status;
}

Result<ports::PaymentStatus, Unread> payment_from(
    const Fields& fields, const Names& names, UtcTime now)
{
    const std::string_view response = value_of(fields, names.response);
    const std::string_view stands = value_of(fields, names.status);
    const auto amount = money_from(value_of(fields, names.amount));
    if (!amount) return std::unexpected(Unread::amount); // not whole đồng, for one
    if (response.empty() || response.size() > 8 || stands.size() > 8)
        return std::unexpected(Unread::other);
    const Verdict verdict = verdict_of(response, stands);
    ports::PaymentStatus status{
        .state = verdict.state, .received = {}, .reason = verdict.reason, .code = {}};
    status.code = std::string{response} + "/" + std::string{stands};
    status.order_amount = *amount;
    if (verdict.state != PaymentState::paid && verdict.state != PaymentState::held) return status;
    const std::string_view number = value_of(fields, names.number);
    if (*amount == Money{0}) return std::unexpected(Unread::amount);
    if (!is_number(number)) return std::unexpected(Unread::other);
    status.received.push_back(
        {.gateway_id = std::string{number},
         .amount = *amount,
         .paid_at = from_vietnam_digits(value_of(fields, names.paid_at)).value_or(now),
         .memo = {},
         .payer = {}});
    return status;
}

} // namespace

Result<PaymentNotice, NoticeError> read_notice(
    const domain::PaymentAccount& account, const ports::NoticeRequest& request)
{
    const auto fields = read_query(request.query);
    if (!fields) return std::unexpected(NoticeError::malformed);
    const bool is_token = fields->contains(token_hash);
    if (is_token == fields->contains(payment_hash)) // neither, or both
        return std::unexpected(NoticeError::signature_wrong);
    const Names& names = is_token ? token_names : payment_names;
    if (!is_signed(request.query, *fields, names.hash, account.secret_key))
        return std::unexpected(NoticeError::signature_wrong);
    // The address of a payment page is signed with the same key, by us.
    if (fields->contains("vnp_ReturnUrl") || fields->contains("vnp_return_url"))
        return std::unexpected(NoticeError::malformed);

    PaymentNotice notice;
    notice.order_id = value_of(*fields, names.order);
    notice.kept_body = kept(*fields);
    if (notice.kept_body.empty()) return std::unexpected(NoticeError::malformed); // says nothing
    constexpr std::size_t order_octets_max = 100;
    if (notice.order_id.empty() || notice.order_id.size() > order_octets_max ||
        !is_utf8(notice.order_id)) {
        notice.order_id.clear();
        return unreadable(std::move(notice), Unread::order);
    }
    if (!is_utf8(value_of(*fields, "vnp_card_number")))
        return unreadable(std::move(notice), Unread::other);
    if (value_of(*fields, names.merchant) != account.merchant) {
        notice.kind = NoticeKind::foreign;
        return notice;
    }

    const std::string_view command = value_of(*fields, "vnp_command");
    const bool saves = command == "token_create" || command == "pay_and_create";
    if (is_token && (saves || command == "token_remove")) notice.binding = binding_from(*fields);
    if (is_token && (command == "token_create" || command == "token_remove")) {
        notice.kind = NoticeKind::binding;
        return notice;
    }
    auto status = payment_from(*fields, names, request.now);
    if (!status) return unreadable(std::move(notice), status.error());
    notice.status = std::move(*status);
    return notice;
}

ports::NoticeReply reply_to(NoticeOutcome outcome)
{
    const auto said = [](std::string_view code, std::string_view message) {
        return ports::NoticeReply{
            .status = 200,
            .content_type = "application/json",
            .body = R"({"RspCode":")" + std::string{code} + R"(","Message":")" +
                    std::string{message} + R"("})"};
    };
    switch (outcome) {
    case NoticeOutcome::recorded:
    case NoticeOutcome::foreign:
    case NoticeOutcome::unreadable: return said("00", "Confirm Success"); // kept for a person
    case NoticeOutcome::repeated: return said("02", "Order already confirmed");
    case NoticeOutcome::unknown_order: return said("01", "Order not found");
    case NoticeOutcome::wrong_amount: return said("04", "Invalid amount");
    case NoticeOutcome::refused: return said("97", "Invalid signature");
    case NoticeOutcome::not_kept: break;
    }
    return said("99", "Unknown error");
}

} // namespace iwas::adapters::vnpay
