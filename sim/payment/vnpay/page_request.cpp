#include "sim/payment/vnpay/page_request.hpp"

#include "sim/payment/form.hpp"
#include "sim/payment/vietnam_time.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>

namespace iwas::sim::vnpay {

namespace {

/// A token page lives so long; a payment page as long as vnp_ExpireDate says.
constexpr auto page_life = std::chrono::minutes{15};

bool has_size(std::string_view text, std::size_t low, std::size_t high)
{
    return text.size() >= low && text.size() <= high;
}

/// Whole đồng of an amount that is written in hundredths; nothing when it is no such number.
std::optional<Money> money_of(std::string_view hundredths)
{
    if (!has_size(hundredths, 1, 12)) return std::nullopt;
    std::int64_t value = 0;
    const char* end = hundredths.data() + hundredths.size();
    const auto [stop, error] = std::from_chars(hundredths.data(), end, value);
    if (error != std::errc{} || stop != end || value < 0 || value % 100 != 0) return std::nullopt;
    return Money{value / 100};
}

bool is_letters_and_digits(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

/// Merchant and signature, then that no value is of the kind that nobody knows how to sign.
Result<const Merchant*, std::string_view> signer_of(
    const Model& model, const Fields& fields, std::string_view merchant_name,
    std::string_view hash_name)
{
    const Merchant* merchant = model.merchant(value_of(fields, merchant_name));
    if (merchant == nullptr) return std::unexpected{page_error::bad_merchant};
    if (!is_signed(merchant->hash_secret, fields, value_of(fields, hash_name)))
        return std::unexpected{page_error::bad_hash};
    for (const auto& [name, value] : fields)
        if (is_ambiguous(value) || !name.starts_with("vnp_"))
            return std::unexpected{page_error::bad_data};
    return merchant;
}

bool has_common_fields(
    std::string_view version, std::string_view txn_ref, std::string_view text, std::string_view ip,
    std::string_view locale, std::string_view url)
{
    return version == "2.1.0" && has_size(txn_ref, 1, 100) && has_size(text, 1, 255) &&
           has_size(ip, 7, 45) && (locale == "vn" || locale == "en") && has_size(url, 10, 255) &&
           is_web_url(url);
}

} // namespace

Result<Order, std::string_view> read_payment(const Model& model, const Fields& fields)
{
    const auto value = [&](std::string_view name) { return value_of(fields, name); };
    if (const auto signer = signer_of(model, fields, "vnp_TmnCode", "vnp_SecureHash"); !signer)
        return std::unexpected{signer.error()};
    const auto amount = money_of(value("vnp_Amount"));
    const auto created = from_compact_time(value("vnp_CreateDate"));
    const auto expires = from_compact_time(value("vnp_ExpireDate"));
    const bool may_lack_end = !model.settings.needs_expire_date && !value("vnp_ExpireDate").size();
    const std::string_view bank = value("vnp_BankCode");
    const bool is_good =
        has_common_fields(
            value("vnp_Version"), value("vnp_TxnRef"), value("vnp_OrderInfo"), value("vnp_IpAddr"),
            value("vnp_Locale"), value("vnp_ReturnUrl")) &&
        value("vnp_Command") == "pay" && value("vnp_CurrCode") == "VND" && amount &&
        *amount > Money{0} && created && (expires || may_lack_end) &&
        has_size(value("vnp_TmnCode"), 8, 8) && is_letters_and_digits(value("vnp_TmnCode")) &&
        has_size(value("vnp_OrderType"), 1, 100) && (bank.empty() || has_size(bank, 3, 20));
    if (!is_good) return std::unexpected{page_error::bad_data};

    Order order;
    order.command = "pay";
    order.tmn_code = value("vnp_TmnCode");
    order.txn_ref = value("vnp_TxnRef");
    order.amount = *amount;
    order.order_info = value("vnp_OrderInfo");
    order.create_date = value("vnp_CreateDate");
    order.expires_at = expires.value_or(*created + page_life);
    order.return_url = value("vnp_ReturnUrl");
    order.bank_code = bank;
    return order;
}

Result<Order, std::string_view> read_token_request(
    const Model& model, const Fields& fields, std::string_view command)
{
    const auto value = [&](std::string_view name) { return value_of(fields, name); };
    if (const auto signer = signer_of(model, fields, "vnp_tmn_code", "vnp_secure_hash"); !signer)
        return std::unexpected{signer.error()};
    const bool pays = command == "pay_and_create" || command == "token_pay";
    const bool uses_token = command == "token_pay" || command == "token_remove";
    const auto amount = pays ? money_of(value("vnp_amount")) : Money{0};
    const auto created = from_compact_time(value("vnp_create_date"));
    const std::string_view card_type = value("vnp_card_type");
    const std::string_view stores = value("vnp_store_token");
    const bool is_good =
        has_common_fields(
            value("vnp_version"), value("vnp_txn_ref"), value("vnp_txn_desc"), value("vnp_ip_addr"),
            value("vnp_locale"), value("vnp_return_url")) &&
        value("vnp_command") == command && amount && (!pays || *amount > Money{0}) && created &&
        (!pays || value("vnp_curr_code") == "VND") && has_size(value("vnp_app_user_id"), 1, 100) &&
        (card_type.empty() || card_type == "01" || card_type == "02") &&
        (stores.empty() || stores == "0" || stores == "1") &&
        (value("vnp_cancel_url").empty() || is_web_url(value("vnp_cancel_url"))) &&
        uses_token == !value("vnp_token").empty();
    if (!is_good) return std::unexpected{page_error::bad_data};
    const bool knows_card =
        !uses_token ||
        model.find_card(value("vnp_tmn_code"), value("vnp_app_user_id"), value("vnp_token")) !=
            nullptr;
    if (!knows_card) return std::unexpected{page_error::bad_data};

    Order order;
    order.command = command;
    order.tmn_code = value("vnp_tmn_code");
    order.txn_ref = value("vnp_txn_ref");
    order.amount = *amount;
    order.order_info = value("vnp_txn_desc");
    order.create_date = value("vnp_create_date");
    order.expires_at = *created + page_life;
    order.return_url = value("vnp_return_url");
    order.cancel_url = value("vnp_cancel_url");
    order.app_user_id = value("vnp_app_user_id");
    order.token = value("vnp_token");
    order.stores_token = command == "token_create" || stores == "1";
    return order;
}

} // namespace iwas::sim::vnpay
