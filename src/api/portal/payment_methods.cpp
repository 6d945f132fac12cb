#include "api/portal/payment_methods.hpp"

#include <algorithm>
#include <array>

namespace iwas::api::portal {

namespace json = boost::json;

namespace {

using domain::PaymentMethod;

std::string_view kind_of(PaymentMethod method)
{
    switch (method) {
    case PaymentMethod::pc_balance: return "balance";
    case PaymentMethod::momo:
    case PaymentMethod::zalopay: return "wallet";
    case PaymentMethod::vnpay: return "redirect";
    case PaymentMethod::vietqr:
    case PaymentMethod::payos: return "bank_transfer";
    case PaymentMethod::store_credit: return "credit";
    }
    return {};
}

bool is_member(const Offered& offered)
{
    return offered.customer.account && !domain::is_guest(*offered.customer.account);
}

json::object method_json(
    PaymentMethod method, std::string_view why_not, bool can_save, json::array saved)
{
    json::value reason = nullptr;
    if (!why_not.empty()) reason = why_not;
    return {
        {"method", to_text(method)},
        {"kind", kind_of(method)},
        {"is_available", why_not.empty()},
        {"why_not", std::move(reason)},
        {"can_save", can_save},
        {"saved", std::move(saved)},
    };
}

/// The PC account pays without a token, so what is kept of it is nothing to choose. Removed from
/// the wallet, it can be kept again.
json::object pc_balance_json(const Offered& offered)
{
    const bool can_save =
        is_member(offered) && std::ranges::none_of(offered.wallet.methods, [](const auto& each) {
            return each.method == PaymentMethod::pc_balance;
        });
    return method_json(
        PaymentMethod::pc_balance, is_member(offered) ? "" : "needs_account", can_save, {});
}

/// A bank account pays by whichever transfer there is; where there are two it stands with the
/// first.
json::object gateway_json(
    const Offered& offered, const domain::PaymentAccount& account, bool has_bank_accounts)
{
    json::array saved;
    for (const domain::SavedMethod& each : offered.wallet.methods) {
        const bool is_here =
            domain::is_bank_account(each) ? has_bank_accounts : each.payment_account == account.id;
        if (is_here)
            saved.push_back(saved_method_json(each, usage_of(offered.wallet, each), offered.now));
    }
    const bool can_save = is_member(offered) && (account.saves_tokens || has_bank_accounts);
    return method_json(account.method, "", can_save, std::move(saved));
}

} // namespace

json::array payment_methods_json(const Offered& offered)
{
    constexpr auto gateways = std::to_array<PaymentMethod>(
        {PaymentMethod::momo, PaymentMethod::zalopay, PaymentMethod::vietqr, PaymentMethod::payos,
         PaymentMethod::vnpay});
    json::array methods;
    if (offered.catalog.pc_system(offered.location.id)) methods.push_back(pc_balance_json(offered));
    bool has_transfer = false;
    for (const PaymentMethod method : gateways) {
        const auto* account =
            offered.catalog.payment_account(offered.location.organization, method);
        if (!account) continue;
        const bool is_first_transfer = domain::is_bank_transfer(method) && !has_transfer;
        has_transfer = has_transfer || is_first_transfer;
        methods.push_back(gateway_json(offered, *account, is_first_transfer));
    }
    return methods;
}

workflows::PaymentWay payment_way(
    const Customer& customer, PaymentMethod method, const domain::Catalog& catalog,
    const Services& services)
{
    const domain::Location* location = catalog.location(customer.visit.location);
    const domain::PaymentAccount* account =
        location ? catalog.payment_account(location->organization, method) : nullptr;
    const std::string& server = services.settings.public_url;
    return {
        .return_url = server + "/r/" + services.tokens.visit_token(customer.visit.id) + "/",
        .notify_url =
            account ? server + "/api/v1/payments/" + account->id.text() + "/notice" : std::string{},
        .payer_address = customer.visit.ip ? to_string(*customer.visit.ip) : "127.0.0.1",
        .language = customer.language == Language::vi ? "vi" : "en",
    };
}

bool may_see(const Customer& customer, const domain::Transaction& transaction)
{
    if (transaction.location != customer.visit.location) return false;
    return transaction.mac == customer.visit.mac ||
           (customer.account && transaction.account == customer.account->id);
}

} // namespace iwas::api::portal
