// How VNPay tells the end of an order: the fields of the return URL and of the IPN, and a URL with
// their hash.
#pragma once

#include "sim/payment/vnpay/model.hpp"
#include "sim/payment/vnpay/signature.hpp"

namespace iwas::sim::vnpay {

/// The fields of the return URL and IPN of an order that has ended; the token pages' in their own
/// spelling. Without the hash.
Fields outcome_fields(const Order& order);

/// The fields' names, which the two families spell differently.
struct OutcomeNames {
    std::string_view merchant;
    std::string_view txn_ref;
    std::string_view amount;
    std::string_view order_info;
    std::string_view response_code;
    std::string_view transaction_status;
    std::string_view transaction_no;
    std::string_view hash;
};
const OutcomeNames& names_of(const Order& order);

/// `url` with the fields in VNPay's order and the hash last.
std::string signed_url(
    std::string_view url, const Fields& fields, std::string_view secret,
    std::string_view hash_name);

/// An amount as VNPay writes it: in hundredths of a đồng.
std::string hundredths(Money amount);

} // namespace iwas::sim::vnpay
