// What VNPay's codes mean. https://sandbox.vnpayment.vn/apis/docs/bang-ma-loi/.
#pragma once

#include "ports/payment_gateway.hpp"

#include <optional>
#include <string_view>

namespace iwas::adapters::vnpay {

struct Verdict {
    ports::PaymentState state = ports::PaymentState::pending;
    domain::TransactionReason reason = domain::TransactionReason::none;
};

/// Of a payment, from vnp_TransactionStatus; `response` is the vnp_ResponseCode that a notice has
/// and a query has not (there it tells of the question: pass nothing).
/// Paid only when both say 00. 07 and status 04: taken and doubted, so held; a refund in any state:
/// held too, since the money was taken and IWAS did not ask for that payment any more. A response
/// that failed while the status does not say so, and every unknown code: pending, for a query to
/// settle.
Verdict verdict_of(std::optional<std::string_view> response, std::string_view status);

/// Of a refund, from vnp_TransactionStatus: 00 done, 09 refused by the bank, the rest under way.
/// 06 says that VNPay has sent the money to the customer's bank, which may still refuse it with 09.
/// No document says that 00 ever follows, so it counts as done, and the reconciliation asks again
/// for two weeks whether the bank has refused; with `waits_for_bank` it is under way.
ports::RefundState refund_state_of(std::string_view status, bool waits_for_bank);

/// Of the API's vnp_ResponseCode other than 00. 94 means that VNPay has the same request already.
/// Numbers above 90 are official; 04 and 13 (over-refund) stand in some copies of the table only.
ports::GatewayError api_error_of(std::string_view code);

} // namespace iwas::adapters::vnpay
