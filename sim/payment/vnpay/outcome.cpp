#include "sim/payment/vnpay/outcome.hpp"

#include "sim/payment/form.hpp"

namespace iwas::sim::vnpay {

namespace {

constexpr OutcomeNames payment_names{"vnp_TmnCode",       "vnp_TxnRef",
                                     "vnp_Amount",        "vnp_OrderInfo",
                                     "vnp_ResponseCode",  "vnp_TransactionStatus",
                                     "vnp_TransactionNo", "vnp_SecureHash"};
constexpr OutcomeNames token_names{"vnp_tmn_code",       "vnp_txn_ref",
                                   "vnp_amount",         "vnp_txn_desc",
                                   "vnp_response_code",  "vnp_transaction_status",
                                   "vnp_transaction_no", "vnp_secure_hash"};

} // namespace

const OutcomeNames& names_of(const Order& order)
{
    return order.is_token_family() ? token_names : payment_names;
}

Fields outcome_fields(const Order& order)
{
    const OutcomeNames& names = names_of(order);
    Fields fields;
    const auto put = [&](std::string_view name, std::string value) {
        fields.insert_or_assign(std::string{name}, std::move(value));
    };
    put(names.merchant, order.tmn_code);
    put(names.txn_ref, order.txn_ref);
    put(names.amount, hundredths(order.amount));
    put(names.order_info, order.order_info);
    put(names.response_code, order.response_code);
    put(names.transaction_status, order.transaction_status);
    put(names.transaction_no, order.transaction_no);
    if (!order.is_token_family()) {
        put("vnp_BankCode", order.bank_code);
        if (!order.bank_tran_no.empty()) put("vnp_BankTranNo", order.bank_tran_no);
        put("vnp_CardType", order.card_type);
        put("vnp_PayDate", order.pay_date);
        return fields;
    }
    put("vnp_command", order.command);
    put("vnp_app_user_id", order.app_user_id);
    put("vnp_bank_code", order.bank_code);
    put("vnp_pay_date", order.pay_date);
    if (!order.token.empty()) put("vnp_token", order.token);
    if (!order.card_number.empty()) put("vnp_card_number", order.card_number);
    return fields;
}

std::string signed_url(
    std::string_view url, const Fields& fields, std::string_view secret, std::string_view hash_name)
{
    const std::string text = canonical(fields);
    std::string query = text + '&';
    query += hash_name;
    query += '=';
    query += sign(secret, text);
    return with_query(url, query);
}

std::string hundredths(Money amount)
{
    return std::to_string(amount.vnd() * 100);
}

} // namespace iwas::sim::vnpay
