// How an open payment is shown: what the customer can open, scan or type.
#include "api/views.hpp"
#include "protocol/vietqr/bank_apps.hpp"
#include "protocol/vietqr/banks.hpp"
#include "protocol/vietqr/transfer.hpp"

#include <algorithm>
#include <optional>

namespace iwas::api {

namespace json = boost::json;

namespace {

/// The transfer that the order's QR asks for, but of its amount only what has not come yet.
std::optional<vietqr::Transfer> transfer_of(const workflows::PurchaseView& view)
{
    if (!view.invitation || !domain::is_bank_transfer(view.transaction.method)) return std::nullopt;
    auto transfer = vietqr::decode(view.invitation->qr_text);
    if (!transfer) return std::nullopt;
    const Money missing = std::max(Money{}, due_of(view.transaction) - view.received);
    if (transfer->amount && missing > Money{})
        transfer->amount = std::min(*transfer->amount, missing);
    return std::move(*transfer);
}

/// What the QR says, for whoever cannot scan it: both are made of the same transfer.
json::value transfer_json(const workflows::PurchaseView& view, const BankLinks& links)
{
    const auto transfer = transfer_of(view);
    if (!transfer) return nullptr;
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
        {"payer_bank", text_or_null(view.payer_bank)},
        {"app_link", text_or_null(app_link)},
    };
}

} // namespace

std::string qr_text_of(const workflows::PurchaseView& view)
{
    if (!view.invitation) return {};
    // Untouched as long as nothing has come: a gateway may have written more than is read here.
    if (view.received > Money{})
        if (const auto transfer = transfer_of(view))
            if (auto text = vietqr::encode(*transfer)) return std::move(*text);
    return view.invitation->qr_text;
}

json::value payment_json(const workflows::PurchaseView& view, const BankLinks& links)
{
    if (state_of(view) != PurchaseState::awaiting_payment || !view.invitation) return nullptr;
    const domain::Transaction& txn = view.transaction;
    const domain::Invitation& invitation = *view.invitation;
    json::value qr = nullptr;
    const std::string path = "/api/v1/purchases/" + to_string(txn.id);
    // Another picture after each part that has come: a browser shows one address once.
    const std::string part =
        view.received > Money{} ? "?received=" + std::to_string(view.received.vnd()) : "";
    if (!invitation.qr_text.empty())
        qr = json::object{
            {"svg_url", path + "/qr.svg" + part}, {"png_url", path + "/qr.png" + part}};
    return json::object{
        {"due", due_of(txn).vnd()},
        {"received", view.received.vnd()},
        {"expires_at", to_rfc3339(txn.expires_at.value_or(txn.created_at))},
        {"pay_url", text_or_null(invitation.pay_url)},
        {"deep_link", text_or_null(invitation.deep_link)},
        {"qr", std::move(qr)},
        {"bank", transfer_json(view, links)},
    };
}

} // namespace iwas::api
