// PaymentMethod: the ways in which a customer can pay.
#pragma once

#include <optional>
#include <string_view>

namespace iwas::domain {

/// `pc_balance`: the café's PC system debits the member. `store_credit`: money that IWAS holds for
/// the customer. The others are gateways: the customer pays there, and the gateway tells.
enum class PaymentMethod {
    pc_balance,
    momo,
    zalopay,
    vnpay,
    vietqr, // bank transfer by a QR drawn here; SePay or Casso tell of the money
    payos,  // bank transfer by a payment link of PayOS
    store_credit,
};

/// Whether the money comes through a gateway, with an account of the organization there.
bool is_gateway(PaymentMethod method);
/// Whether it is a transfer between banks: in any amount, and nothing goes back by itself.
bool is_bank_transfer(PaymentMethod method);

std::string_view to_text(PaymentMethod method);
std::optional<PaymentMethod> payment_method_from(std::string_view text);

} // namespace iwas::domain
