// The wallet as the customer sees it: tokens and the gateway's own names stay here.
#include "api/views.hpp"
#include "protocol/vietqr/banks.hpp"

namespace iwas::api {

namespace json = boost::json;

namespace {

json::value bank_json(const domain::SavedMethod& saved)
{
    if (!domain::is_bank_account(saved)) return nullptr;
    return json::object{
        {"bank_bin", saved.binding_id},
        {"bank_name", vietqr::name_of_bank(saved.binding_id)},
    };
}

std::string_view binding_state(const domain::SavedMethod& saved)
{
    switch (saved.state) {
    case domain::SavedMethodState::asked: return "pending";
    case domain::SavedMethodState::failed: return "failed";
    case domain::SavedMethodState::usable:
    case domain::SavedMethodState::expired:
    case domain::SavedMethodState::leaving:
    case domain::SavedMethodState::removed: return "bound";
    }
    return "pending";
}

} // namespace

json::object saved_method_json(
    const domain::SavedMethod& saved, const ports::MethodUsage& usage, UtcTime now)
{
    json::value expires_at = nullptr;
    if (saved.expires_at) expires_at = to_rfc3339(*saved.expires_at);
    json::value last_used_at = nullptr;
    if (usage.payments > 0) last_used_at = to_rfc3339(usage.last_used_at);
    return {
        {"id", to_string(saved.id)},
        {"method", to_text(saved.method)},
        {"label", saved.label},
        {"masked", saved.masked},
        {"bank", bank_json(saved)},
        {"is_default", saved.is_default},
        {"position", saved.position},
        {"expires_at", std::move(expires_at)},
        {"is_usable", domain::is_usable(saved, now)},
        {"usage",
         json::object{
             {"payments", usage.payments},
             {"total", usage.total.vnd()},
             {"last_used_at", std::move(last_used_at)},
         }},
    };
}

json::object wallet_json(
    const workflows::Wallet& wallet, Money credit, const std::vector<ports::CreditEntry>& entries,
    UtcTime now)
{
    json::array methods;
    for (const domain::SavedMethod& each : wallet.methods)
        methods.push_back(saved_method_json(each, usage_of(wallet, each), now));
    json::array list;
    for (const ports::CreditEntry& each : entries)
        list.push_back(json::object{
            {"at", to_rfc3339(each.at)}, {"amount", each.amount.vnd()}, {"why", each.why}});
    return {
        {"methods", std::move(methods)},
        {"credit", credit.vnd()},
        {"credit_entries", std::move(list)},
    };
}

json::object binding_json(const domain::SavedMethod& saved)
{
    return {
        {"id", to_string(saved.id)},
        {"state", binding_state(saved)},
        {"pay_url", text_or_null(saved.invitation.pay_url)},
        {"deep_link", text_or_null(saved.invitation.deep_link)},
        {"qr", nullptr}, // the phone that asks is the one with the wallet
    };
}

} // namespace iwas::api
