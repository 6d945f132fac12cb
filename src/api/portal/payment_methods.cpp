#include "api/portal/payment_methods.hpp"

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

json::object method_json(PaymentMethod method, std::string_view why_not)
{
    json::value reason = nullptr;
    if (!why_not.empty()) reason = why_not;
    return {
        {"method", to_text(method)},
        {"kind", kind_of(method)},
        {"is_available", why_not.empty()},
        {"why_not", std::move(reason)},
        {"can_save", false}, // no way to pay is kept here yet
        {"saved", json::array{}},
    };
}

} // namespace

json::array payment_methods_json(
    const domain::Catalog& catalog, const domain::Location& location, const Customer& customer)
{
    constexpr auto gateways = std::to_array<PaymentMethod>(
        {PaymentMethod::momo, PaymentMethod::zalopay, PaymentMethod::vietqr, PaymentMethod::payos,
         PaymentMethod::vnpay});
    json::array methods;
    if (catalog.pc_system(location.id)) {
        const bool is_member = customer.account && !domain::is_guest(*customer.account);
        methods.push_back(method_json(PaymentMethod::pc_balance, is_member ? "" : "needs_account"));
    }
    for (const PaymentMethod method : gateways)
        if (catalog.payment_account(location.organization, method))
            methods.push_back(method_json(method, ""));
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
