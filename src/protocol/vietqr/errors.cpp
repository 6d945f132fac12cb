// What the errors of VietQR say to a technician.
#include "protocol/vietqr/transfer.hpp"

namespace iwas::vietqr {

namespace {

std::string_view sentence(DecodeFault fault)
{
    switch (fault) {
    case DecodeFault::too_long: return "the text is longer than 512 characters";
    case DecodeFault::not_printable: return "a character that is not printable ASCII";
    case DecodeFault::cut_field: return "fewer than four digits are left for an id and a length";
    case DecodeFault::bad_id: return "expected an id of two digits";
    case DecodeFault::bad_length: return "expected a length of two digits";
    case DecodeFault::overrun: return "its length reaches past the end";
    case DecodeFault::empty_value: return "its value is empty";
    case DecodeFault::repeated_field: return "the field stands here a second time";
    case DecodeFault::field_too_long: return "its value is longer than the format allows";
    case DecodeFault::missing_version: return "the text does not begin with field 00";
    case DecodeFault::wrong_version: return "the format version is not 01";
    case DecodeFault::missing_initiation: return "missing: 11 (reusable) or 12 (one payment)";
    case DecodeFault::wrong_initiation: return "neither 11 (reusable) nor 12 (one payment)";
    case DecodeFault::missing_account_block: return "missing: no NAPAS account block, so no VietQR";
    case DecodeFault::missing_guid: return "missing: NAPAS's identifier A000000727";
    case DecodeFault::wrong_guid: return "another identifier than NAPAS's A000000727";
    case DecodeFault::missing_beneficiary: return "missing: bank and account";
    case DecodeFault::missing_bin: return "missing: the bank's BIN";
    case DecodeFault::bad_bin: return "the bank's BIN is not six digits";
    case DecodeFault::missing_account: return "missing: the account";
    case DecodeFault::empty_account: return "the account is empty";
    case DecodeFault::account_too_long: return "the account is longer than 19 characters";
    case DecodeFault::bad_account:
        return "the account has other characters than letters and digits";
    case DecodeFault::wrong_service: return "the service is neither QRIBFTTA nor QRIBFTTC";
    case DecodeFault::misplaced_service: return "the service code belongs in 38-02 only";
    case DecodeFault::unexpected_field: return "the format has no such field here";
    case DecodeFault::missing_currency: return "missing: the currency";
    case DecodeFault::wrong_currency: return "the currency is not 704 (VND)";
    case DecodeFault::bad_amount: return "the amount is no number";
    case DecodeFault::zero_amount: return "the amount is 0";
    case DecodeFault::fractional_amount: return "the amount has a part of a dong";
    case DecodeFault::bad_merchant_category: return "the merchant category is not four digits";
    case DecodeFault::missing_country: return "missing: the country";
    case DecodeFault::wrong_country: return "the country is not VN";
    case DecodeFault::missing_crc: return "missing: the CRC, so the text is cut or no VietQR";
    case DecodeFault::bad_crc: return "the CRC is not four hexadecimal digits";
    case DecodeFault::wrong_crc: return "wrong CRC";
    case DecodeFault::data_after_crc: return "something follows the CRC";
    }
    return "unknown";
}

std::string hex4(unsigned value)
{
    std::string text;
    for (const unsigned shift : {12U, 8U, 4U, 0U})
        text += "0123456789ABCDEF"[value >> shift & 0xF];
    return text;
}

} // namespace

std::string_view to_text(EncodeError error)
{
    switch (error) {
    case EncodeError::bad_bin: return "the bank's BIN is not six digits";
    case EncodeError::empty_account: return "the account is empty";
    case EncodeError::account_too_long: return "the account is longer than 19 characters";
    case EncodeError::bad_account:
        return "the account has other characters than letters and digits";
    case EncodeError::bad_amount: return "the amount is not between 1 and 9999999999999";
    case EncodeError::purpose_too_long: return "the purpose is longer than 25 characters";
    case EncodeError::reference_too_long: return "the reference is longer than 25 characters";
    case EncodeError::reference_label_too_long:
        return "the reference label is longer than 25 characters";
    case EncodeError::merchant_name_too_long: return "the name is longer than 25 characters";
    case EncodeError::merchant_city_too_long: return "the city is longer than 15 characters";
    case EncodeError::bad_merchant_category: return "the merchant category is not four digits";
    case EncodeError::not_printable: return "a text has characters other than printable ASCII";
    }
    return "unknown";
}

std::string to_text(const DecodeError& error)
{
    std::string text;
    if (!error.field.empty()) text += "field " + error.field + ", ";
    text += "character " + std::to_string(error.at + 1) + ": ";
    text += sentence(error.fault);
    if (error.fault == DecodeFault::wrong_crc)
        text += ": the text before it gives " + hex4(error.crc_computed);
    return text;
}

} // namespace iwas::vietqr
