#include "core/assert.hpp"
#include "protocol/vietqr/crc16.hpp"
#include "protocol/vietqr/rules.hpp"
#include "protocol/vietqr/transfer.hpp"

namespace iwas::vietqr {

namespace {

constexpr std::int64_t amount_max = 9'999'999'999'999; // 13 digits

std::optional<EncodeError> fault_of(const Transfer& transfer)
{
    if (!is_number_of(6, transfer.bank_bin)) return EncodeError::bad_bin;
    if (transfer.account.empty()) return EncodeError::empty_account;
    if (transfer.account.size() > account_max) return EncodeError::account_too_long;
    if (!std::ranges::all_of(transfer.account, is_letter_or_digit)) return EncodeError::bad_account;
    if (transfer.amount && (transfer.amount->vnd() < 1 || transfer.amount->vnd() > amount_max))
        return EncodeError::bad_amount;
    if (transfer.purpose.size() > label_max) return EncodeError::purpose_too_long;
    if (transfer.reference.size() > label_max) return EncodeError::reference_too_long;
    if (transfer.reference_label.size() > label_max) return EncodeError::reference_label_too_long;
    if (transfer.merchant_name.size() > 25) return EncodeError::merchant_name_too_long;
    if (transfer.merchant_city.size() > 15) return EncodeError::merchant_city_too_long;
    if (!transfer.merchant_category.empty() && !is_number_of(4, transfer.merchant_category))
        return EncodeError::bad_merchant_category;
    for (const std::string* text :
         {&transfer.purpose, &transfer.reference, &transfer.reference_label,
          &transfer.merchant_name, &transfer.merchant_city})
        if (!std::ranges::all_of(*text, is_printable)) return EncodeError::not_printable;
    return std::nullopt;
}

void add(std::string& text, std::string_view id, std::string_view value)
{
    IWAS_ASSERT(value.size() < 100);
    text += id;
    text += static_cast<char>('0' + value.size() / 10);
    text += static_cast<char>('0' + value.size() % 10);
    text += value;
}

void add_unless_empty(std::string& text, std::string_view id, std::string_view value)
{
    if (!value.empty()) add(text, id, value);
}

std::string account_block(const Transfer& transfer)
{
    std::string beneficiary;
    add(beneficiary, "00", transfer.bank_bin);
    add(beneficiary, "01", transfer.account);
    std::string block;
    add(block, "00", napas_guid);
    add(block, "01", beneficiary);
    add(block, "02", transfer.to_card ? service_to_card : service_to_account);
    return block;
}

std::string additional_data(const Transfer& transfer)
{
    std::string data;
    add_unless_empty(data, "01", transfer.reference);
    add_unless_empty(data, "05", transfer.reference_label);
    add_unless_empty(data, "08", transfer.purpose);
    return data;
}

} // namespace

Result<std::string, EncodeError> encode(const Transfer& transfer)
{
    if (const auto fault = fault_of(transfer)) return std::unexpected{*fault};
    std::string text;
    add(text, "00", format_version);
    add(text, "01", transfer.is_dynamic ? one_payment : reusable);
    add(text, "38", account_block(transfer));
    add_unless_empty(text, "52", transfer.merchant_category);
    add(text, "53", currency_vnd);
    if (transfer.amount) add(text, "54", std::to_string(transfer.amount->vnd()));
    add(text, "58", country_vn);
    add_unless_empty(text, "59", transfer.merchant_name);
    add_unless_empty(text, "60", transfer.merchant_city);
    add_unless_empty(text, "62", additional_data(transfer));

    text += "6304"; // the CRC covers its own id and length
    const unsigned crc = crc16(text);
    for (const unsigned shift : {12U, 8U, 4U, 0U})
        text += "0123456789ABCDEF"[crc >> shift & 0xF];
    return text;
}

} // namespace iwas::vietqr
