#include "adapters/cafe_file/payment_account_facts.hpp"

#include <algorithm>

namespace iwas::adapters {

using namespace domain;

namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
bool is_letter_or_digit(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

} // namespace

PaymentKeyNames payment_key_names(PaymentMethod method)
{
    switch (method) {
    case PaymentMethod::momo:
        return {.merchant = "partner_code", .access_key = "access_key", .secret_key = "secret_key"};
    case PaymentMethod::zalopay:
        return {.merchant = "app_id", .secret_key = "key1", .callback_key = "key2"};
    case PaymentMethod::vnpay: return {.merchant = "tmn_code", .secret_key = "hash_secret"};
    case PaymentMethod::payos:
        return {.merchant = "client_id", .access_key = "api_key", .secret_key = "checksum_key"};
    case PaymentMethod::vietqr:
    case PaymentMethod::pc_balance:
    case PaymentMethod::store_credit: return {};
    }
    return {};
}

std::string_view merchant_name_fault(PaymentMethod method, std::string_view name)
{
    const auto all = [&](const auto& is_fit) { return std::ranges::all_of(name, is_fit); };
    switch (method) {
    case PaymentMethod::momo:
        if (name.size() <= 50 &&
            all([](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; }))
            return {};
        return "at most 50 letters, digits, '_' and '-' are expected";
    case PaymentMethod::zalopay:
        if (name.size() <= 18 && all(is_digit)) return {};
        return "digits are expected";
    case PaymentMethod::vnpay:
        if (name.size() == 8 && all(is_letter_or_digit)) return {};
        return "8 letters and digits are expected";
    case PaymentMethod::payos:
        if (name.size() <= 100 && all([](char c) { return is_letter_or_digit(c) || c == '-'; }))
            return {};
        return "letters, digits and '-' are expected";
    case PaymentMethod::vietqr:
    case PaymentMethod::pc_balance:
    case PaymentMethod::store_credit: return {};
    }
    return {};
}

GatewayAddresses gateway_addresses(PaymentMethod method, GatewayEnvironment environment)
{
    const bool is_sandbox = environment == GatewayEnvironment::sandbox;
    switch (method) {
    case PaymentMethod::momo:
        return {is_sandbox ? "https://test-payment.momo.vn" : "https://payment.momo.vn", "", ""};
    case PaymentMethod::zalopay:
        return {
            is_sandbox ? "https://sb-openapi.zalopay.vn" : "https://openapi.zalopay.vn", "", ""};
    case PaymentMethod::vnpay:
        if (is_sandbox)
            return {
                "https://sandbox.vnpayment.vn",
                "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html",
                "https://sandbox.vnpayment.vn/token_ui"};
        return {"", "https://pay.vnpay.vn/vpcpay.html", ""};
    case PaymentMethod::payos: return {is_sandbox ? "" : "https://api-merchant.payos.vn", "", ""};
    case PaymentMethod::vietqr:
    case PaymentMethod::pc_balance:
    case PaymentMethod::store_credit: return {};
    }
    return {};
}

std::optional<std::int64_t> basis_points_from(std::string_view percent)
{
    const std::size_t dot = std::min(percent.find('.'), percent.size());
    const std::string_view whole = percent.substr(0, dot);
    std::string decimals{dot < percent.size() ? percent.substr(dot + 1) : "0"};
    if (whole.empty() || whole.size() > 3 || decimals.empty() || decimals.size() > 2)
        return std::nullopt;
    decimals.resize(2, '0');
    std::int64_t points = 0;
    for (const char c : std::string{whole} + decimals) {
        if (!is_digit(c)) return std::nullopt;
        points = points * 10 + (c - '0');
    }
    if (points > 10'000) return std::nullopt;
    return points;
}

std::string percent_text(std::int64_t basis_points)
{
    std::string text = std::to_string(basis_points / 100);
    const std::int64_t rest = basis_points % 100;
    if (rest == 0) return text;
    text += rest < 10 ? ".0" : ".";
    return text + std::to_string(rest % 10 == 0 ? rest / 10 : rest);
}

} // namespace iwas::adapters
