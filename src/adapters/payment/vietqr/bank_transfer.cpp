#include "adapters/payment/vietqr/bank_transfer.hpp"

#include "adapters/payment/vietnam_time.hpp"
#include "core/text.hpp"
#include "protocol/vietqr/order_code.hpp"

namespace iwas::adapters::vietqr_feeds {

bool is_of(const BankTransfer& transfer, const domain::PaymentAccount& account)
{
    if (account.bank_account.empty()) return false;
    return equal_ignoring_case(transfer.account, account.bank_account) ||
           equal_ignoring_case(transfer.virtual_account, account.bank_account);
}

std::string gateway_id_of(const BankTransfer& transfer)
{
    constexpr std::size_t counter_characters_max = 7;
    if (transfer.reference.empty()) return transfer.feed_id;
    if (transfer.reference.size() > counter_characters_max) return transfer.reference;
    return transfer.reference + "/" + vietnam_date(transfer.at) + "/" +
           std::to_string(transfer.amount.vnd());
}

std::string order_of(const BankTransfer& transfer)
{
    const auto codes = iwas::vietqr::find_order_codes(transfer.memo);
    if (codes.empty()) return {};
    // Several: the name of no order, so that nobody guesses by the amount.
    return codes.size() == 1 ? codes[0] : codes[0] + " " + codes[1];
}

std::string memo_of(std::initializer_list<std::string> texts)
{
    for (const std::string& text : texts)
        if (!iwas::vietqr::find_order_codes(text).empty()) return text;
    for (const std::string& text : texts)
        if (!text.empty()) return text;
    return {};
}

ports::ReceivedMoney money_of(const BankTransfer& transfer)
{
    return {
        .gateway_id = gateway_id_of(transfer),
        .amount = transfer.amount,
        .paid_at = transfer.at,
        .memo = transfer.memo,
        .payer = transfer.payer};
}

} // namespace iwas::adapters::vietqr_feeds
