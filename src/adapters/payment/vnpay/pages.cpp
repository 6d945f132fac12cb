#include "adapters/payment/plans.hpp"
#include "adapters/payment/vietnam_time.hpp"
#include "adapters/payment/vnpay/parts.hpp"
#include "adapters/payment/vnpay/signed_query.hpp"

#include <algorithm>

namespace iwas::adapters::vnpay {

using domain::Invitation;
using ports::GatewayError;

namespace {

constexpr std::int64_t amount_max = 9'999'999'999; // 12 digits, in hundredths

std::string payer_address(const ports::PaymentOrder& order)
{
    return order.payer_address.empty() ? "127.0.0.1" : order.payer_address;
}
std::string locale(const ports::PaymentOrder& order)
{
    return order.language == "en" ? "en" : "vn";
}

/// What the page cannot be built from: the name of the first culprit; empty when all is well.
std::string unusable(const std::string& page, const Fields& fields)
{
    if (page.empty()) return "page_url";
    for (const auto& [name, value] : fields)
        if (!is_plain(value)) return name;
    return {};
}

GatewayPlan<Invitation> page_plan(
    const domain::PaymentAccount& account, const std::string& page, const Fields& fields,
    std::string_view hash_name)
{
    if (!has_keys(account)) return failed_plan<Invitation>(GatewayError::misconfigured, "keys");
    if (const std::string culprit = unusable(page, fields); !culprit.empty())
        return failed_plan<Invitation>(GatewayError::misconfigured, culprit);
    Invitation invitation;
    invitation.pay_url = page + "?" + signed_query(fields, hash_name, account.secret_key);
    return answer_plan(std::move(invitation));
}

bool is_payable(Money amount)
{
    return amount > Money{0} && amount.vnd() <= amount_max;
}

std::string token_page(const domain::PaymentAccount& account, std::string_view file)
{
    if (account.token_url.empty()) return {};
    std::string page = account.token_url;
    if (!page.ends_with('/')) page += '/';
    return page += file;
}

/// Of the token pages, https://sandbox.vnpayment.vn/apis/docs/thanh-toan-token/token.html. The file
/// names are from integrations, not from VNPay: the folder is configurable for that reason.
Fields token_fields(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order,
    std::string_view command)
{
    Fields fields{
        {"vnp_version", std::string{version}},
        {"vnp_command", std::string{command}},
        {"vnp_tmn_code", account.merchant},
        {"vnp_app_user_id", order.customer},
        {"vnp_txn_ref", order.order_id},
        {"vnp_txn_desc", order.description},
        {"vnp_create_date", vietnam_digits(order.created_at)},
        {"vnp_ip_addr", payer_address(order)},
        {"vnp_locale", locale(order)},
        {"vnp_return_url", order.return_url},
        {"vnp_cancel_url", order.return_url}};
    if (order.amount > Money{0}) {
        fields["vnp_amount"] = amount_text(order.amount);
        fields["vnp_curr_code"] = "VND";
    }
    return fields;
}

} // namespace

GatewayPlan<Invitation> pay_page(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order)
{
    if (!is_payable(order.amount)) return failed_plan<Invitation>(GatewayError::refused, "amount");
    const Fields fields{
        {"vnp_Version", std::string{version}},
        {"vnp_Command", "pay"},
        {"vnp_TmnCode", account.merchant},
        {"vnp_Amount", amount_text(order.amount)},
        {"vnp_CreateDate", vietnam_digits(order.created_at)},
        {"vnp_CurrCode", "VND"},
        {"vnp_IpAddr", payer_address(order)},
        {"vnp_Locale", locale(order)},
        {"vnp_OrderInfo", order.description},
        {"vnp_OrderType", "other"},
        {"vnp_ReturnUrl", order.return_url},
        {"vnp_ExpireDate", vietnam_digits(order.expires_at)},
        {"vnp_TxnRef", order.order_id}};
    return page_plan(account, account.page_url, fields, payment_hash);
}

GatewayPlan<Invitation> bind_page(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order)
{
    if (!account.saves_tokens) return failed_plan<Invitation>(GatewayError::not_supported);
    const bool is_paid = order.amount > Money{0};
    if (is_paid && !is_payable(order.amount))
        return failed_plan<Invitation>(GatewayError::refused, "amount");
    Fields fields = token_fields(account, order, is_paid ? "pay_and_create" : "token_create");
    fields["vnp_card_type"] = "01"; // domestic: what IWAS's customers have
    if (is_paid) fields["vnp_store_token"] = "1";
    return page_plan(
        account, token_page(account, is_paid ? "pay-create-token.html" : "create-token.html"),
        fields, token_hash);
}

GatewayPlan<ports::PaymentStatus> charge_page(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order,
    const ports::BoundToken& token)
{
    using ports::PaymentStatus;
    if (!account.saves_tokens) return failed_plan<PaymentStatus>(GatewayError::not_supported);
    if (token.token.empty()) return failed_plan<PaymentStatus>(GatewayError::not_found);
    if (!is_payable(order.amount))
        return failed_plan<PaymentStatus>(GatewayError::refused, "amount");
    Fields fields = token_fields(account, order, "token_pay");
    fields["vnp_token"] = token.token.reveal();
    const auto page =
        page_plan(account, token_page(account, "payment-token.html"), fields, token_hash);
    const auto& answer = std::get<ports::GatewayAnswer<Invitation>>(page);
    if (!answer) return ports::GatewayAnswer<PaymentStatus>{std::unexpected(answer.error())};
    PaymentStatus status;
    status.invitation = *answer;
    return answer_plan(std::move(status));
}

} // namespace iwas::adapters::vnpay
