#include "api/staff/pay_back.hpp"

#include "protocol/vietqr/banks.hpp"
#include "protocol/vietqr/transfer.hpp"

namespace iwas::api::staff {

namespace json = boost::json;

namespace {

/// Feeds tell the sender by the end of his account's number: "****6789".
constexpr std::size_t told_digits = 4;

bool is_sender(const domain::Payment& payment, std::string_view number)
{
    return number.size() >= told_digits &&
           payment.payer.ends_with(number.substr(number.size() - told_digits));
}

std::string purpose_of(const domain::Transaction& transaction)
{
    constexpr std::string_view words = "HOAN TIEN ";
    const std::string id = to_string(transaction.id);
    const std::size_t kept = vietqr::label_max - words.size();
    return std::string{words} + id.substr(id.size() - kept);
}

} // namespace

bool waits_for_transfer_back(const domain::Transaction& transaction)
{
    return transaction.is_refund_queued && domain::is_bank_transfer(transaction.method) &&
           !transaction.charge_id.empty();
}

PayBackAccount account_to_pay_back(
    const std::vector<domain::SavedMethod>& wallet, const domain::Transaction& transaction,
    const domain::Payment& payment)
{
    const bool is_sender_known = payment.payer.size() >= told_digits;
    PayBackAccount best;
    for (const domain::SavedMethod& each : wallet) {
        if (!domain::is_bank_account(each) || each.token.empty()) continue;
        if (is_sender_known) {
            if (is_sender(payment, each.token.reveal())) return {&each, true};
            continue;
        }
        if (each.created_at > payment.recorded_at) continue;
        if (!best.account || each.id == transaction.saved_method) best.account = &each;
    }
    return best;
}

json::value pay_back_json(const PayBackAccount& to, const domain::Transaction& transaction)
{
    if (!to.account) return nullptr;
    const vietqr::Transfer transfer{
        .bank_bin = to.account->binding_id,
        .account = to.account->token.reveal(),
        .is_dynamic = true,
        .amount = due_of(transaction),
        .purpose = purpose_of(transaction),
    };
    json::value qr_text = nullptr;
    if (const auto text = vietqr::encode(transfer)) qr_text = json::value(*text);
    return json::object{
        {"bank_bin", transfer.bank_bin},
        {"bank_name", vietqr::name_of_bank(transfer.bank_bin)},
        {"account_number", transfer.account},
        {"is_sender", to.is_sender},
        {"kept_at", to_rfc3339(to.account->created_at)},
        {"text", transfer.purpose},
        {"qr_text", std::move(qr_text)},
    };
}

} // namespace iwas::api::staff
