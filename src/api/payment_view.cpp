// How an open payment is shown: what the customer can open, scan or type.
#include "api/views.hpp"
#include "protocol/vietqr/bank_apps.hpp"
#include "protocol/vietqr/banks.hpp"
#include "protocol/vietqr/transfer.hpp"

#include <algorithm>

namespace iwas::api {

namespace json = boost::json;

namespace {

/// What the QR says, for whoever cannot scan it, but of the amount only what is still `missing`.
/// Read back from the QR itself, so that both always say the same.
json::value transfer_json(
    const std::string& qr_text, Money missing, const std::string& payer_bank,
    const BankLinks& links)
{
    auto transfer = vietqr::decode(qr_text);
    if (!transfer) return nullptr;
    if (transfer->amount) transfer->amount = std::min(*transfer->amount, missing);
    std::string app_link;
    if (!links.base_url.empty())
        app_link = vietqr::app_link(links.base_url, *transfer, links.return_url);
    return json::object{
        {"bank_name", vietqr::name_of_bank(transfer->bank_bin)},
        {"bank_bin", transfer->bank_bin},
        {"account_number", transfer->account},
        {"account_name", transfer->merchant_name},
        {"memo", transfer->purpose},
        {"amount", transfer->amount.value_or(Money{}).vnd()},
        {"payer_bank", text_or_null(payer_bank)},
        {"app_link", text_or_null(app_link)},
    };
}

} // namespace

json::value payment_json(const workflows::PurchaseView& view, const BankLinks& links)
{
    if (state_of(view) != PurchaseState::awaiting_payment || !view.invitation) return nullptr;
    const domain::Transaction& txn = view.transaction;
    const domain::Invitation& invitation = *view.invitation;
    json::value qr = nullptr;
    const std::string path = "/api/v1/purchases/" + to_string(txn.id);
    if (!invitation.qr_text.empty())
        qr = json::object{{"svg_url", path + "/qr.svg"}, {"png_url", path + "/qr.png"}};
    json::value bank = nullptr;
    if (domain::is_bank_transfer(txn.method))
        bank = transfer_json(
            invitation.qr_text, std::max(Money{}, due_of(txn) - view.received), view.payer_bank,
            links);
    return json::object{
        {"due", due_of(txn).vnd()},
        {"received", view.received.vnd()},
        {"expires_at", to_rfc3339(txn.expires_at.value_or(txn.created_at))},
        {"pay_url", text_or_null(invitation.pay_url)},
        {"deep_link", text_or_null(invitation.deep_link)},
        {"qr", std::move(qr)},
        {"bank", std::move(bank)},
    };
}

} // namespace iwas::api
