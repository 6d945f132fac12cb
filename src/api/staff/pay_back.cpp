#include "api/staff/pay_back.hpp"

#include "protocol/vietqr/banks.hpp"
#include "protocol/vietqr/transfer.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace iwas::api::staff {

namespace json = boost::json;

namespace {

const domain::SavedMethod* account_of_payer(
    const std::vector<domain::SavedMethod>& wallet, const domain::Transaction& transaction)
{
    const domain::SavedMethod* first = nullptr;
    for (const domain::SavedMethod& each : wallet) {
        if (!domain::is_bank_account(each) || each.token.empty()) continue;
        if (each.id == transaction.saved_method) return &each;
        if (!first) first = &each;
    }
    return first;
}

} // namespace

json::value pay_back_json(
    const std::vector<domain::SavedMethod>& wallet, const domain::Transaction& transaction)
{
    const domain::SavedMethod* account = account_of_payer(wallet, transaction);
    if (!account) return nullptr;
    const vietqr::Transfer transfer{
        .bank_bin = account->binding_id,
        .account = account->token.reveal(),
        .is_dynamic = true,
        .amount = due_of(transaction),
        .purpose = ("HOAN TIEN " + transaction.order_id).substr(0, vietqr::label_max),
    };
    json::value qr_text = nullptr;
    if (const auto text = vietqr::encode(transfer)) qr_text = json::value(*text);
    const vietqr::Bank* bank = vietqr::find_bank_by_bin(transfer.bank_bin);
    return json::object{
        {"bank_bin", transfer.bank_bin},
        {"bank_name", bank ? bank->short_name : std::string_view{transfer.bank_bin}},
        {"account_number", transfer.account},
        {"qr_text", std::move(qr_text)},
    };
}

} // namespace iwas::api::staff
