// What a merchant's link to VNPay's pages asks for: checked as VNPay checks it, without effect.
#pragma once

#include "core/result.hpp"
#include "sim/payment/vnpay/model.hpp"
#include "sim/payment/vnpay/signature.hpp"

namespace iwas::sim::vnpay {

/// The code that the error page shows.
namespace page_error {
inline constexpr std::string_view bad_merchant = "02";
inline constexpr std::string_view bad_data = "03";
inline constexpr std::string_view bad_hash = "70"; // hearsay, but agreed on by users
} // namespace page_error

/// Reads the query of the payment page (VNPay 2.1.0, "Tạo URL thanh toán"). Error: page_error.
/// A link whose vnp_ExpireDate is past is read; the page shows that it is.
Result<Order, std::string_view> read_payment(const Model& model, const Fields& fields);

/// Reads the query of a token page ("Thanh toán token"): `command` is what the page is for. The
/// members are those that users of the API agree on; the document's sample is of version 2.0.1.
Result<Order, std::string_view> read_token_request(
    const Model& model, const Fields& fields, std::string_view command);

} // namespace iwas::sim::vnpay
