// PaymentAccountFacts: what is known of each gateway's accounts: the names of their keys, their
// form, and where the gateway answers.
#pragma once

#include "domain/payment_account.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::adapters {

/// What the gateway of a method calls the keys of a domain::PaymentAccount, so that a technician
/// finds the names of the gateway's portal in the file. Empty: the gateway has no such key.
struct PaymentKeyNames {
    std::string_view merchant;
    std::string_view access_key;
    std::string_view secret_key;
    std::string_view callback_key;
};
PaymentKeyNames payment_key_names(domain::PaymentMethod method);

/// What is wrong with the merchant's name at the gateway; empty when it is fit.
std::string_view merchant_name_fault(domain::PaymentMethod method, std::string_view name);

enum class GatewayEnvironment { sandbox, production };

/// Where a gateway answers; empty: it publishes no such address.
struct GatewayAddresses {
    std::string_view base;
    std::string_view page;
    std::string_view token;
};
/// As the gateways' own documents give them, except: VNPay's production page and its folder of
/// token pages, which only other integrations name. VNPay publishes no address of its production
/// API at all. PayOS has one address and no sandbox.
GatewayAddresses gateway_addresses(domain::PaymentMethod method, GatewayEnvironment environment);

/// "1.1" percent are 110 basis points. From 0 to 100 with at most two decimals; nothing else.
std::optional<std::int64_t> basis_points_from(std::string_view percent);
/// The other way round: "1.1".
std::string percent_text(std::int64_t basis_points);

} // namespace iwas::adapters
