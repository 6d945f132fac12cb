// The parts of the VNPay mapping: pages, merchant API, notices.
#pragma once

#include "adapters/payment/mapping.hpp"

#include <string>
#include <string_view>

namespace iwas::adapters::vnpay {

inline constexpr std::string_view version = "2.1.0";
/// Of a refund's vnp_RequestId; the day in Vietnam follows, yymmdd.
inline constexpr std::string_view refund_prefix = "IWR";
inline constexpr std::int64_t amount_factor = 100; // VNPay counts hundredths of a đồng

bool has_keys(const domain::PaymentAccount& account);

/// Nothing unless `text` is decimal, a multiple of 100 and at most 12 digits.
std::optional<Money> money_from(std::string_view text);
std::string amount_text(Money amount);

// pages.cpp: addresses of signed pages, answered without a call. misconfigured: keys or addresses
// are missing, or a value holds a character that VNPay's languages sign differently.

GatewayPlan<domain::Invitation> pay_page(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order);
/// With an amount the order is paid and the card saved at once, and the notice tells both.
GatewayPlan<domain::Invitation> bind_page(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order);
GatewayPlan<ports::PaymentStatus> charge_page(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order,
    const ports::BoundToken& token);

// api.cpp: `querydr` and `refund`. An answer without VNPay's right signature is unknown, whatever
// it says; the code then begins with "unsigned_".

GatewayPlan<ports::PaymentStatus> find_payment(
    const domain::PaymentAccount& account, const ports::PaymentQuery& query,
    const GatewayMoment& moment);
GatewayPlan<ports::RefundStatus> refund_payment(
    const domain::PaymentAccount& account, const ports::RefundOrder& order,
    const GatewayMoment& moment);
/// VNPay has no question for one refund: the order's last movement is asked for. Of several refunds
/// of one order with the same amount it cannot be said which is meant.
GatewayPlan<ports::RefundStatus> find_refund_of(
    const domain::PaymentAccount& account, const ports::RefundOrder& order,
    const GatewayMoment& moment);

// notice.cpp

Result<ports::PaymentNotice, ports::NoticeError> read_notice(
    const domain::PaymentAccount& account, const ports::NoticeRequest& request);
/// https://sandbox.vnpayment.vn/apis/docs/thanh-toan-pay/pay.html: VNPay calls again unless it
/// reads 00 or 02.
ports::NoticeReply reply_to(ports::NoticeOutcome outcome);

} // namespace iwas::adapters::vnpay
