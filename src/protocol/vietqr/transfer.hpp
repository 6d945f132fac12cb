// VietQR: the text in the QR with which a customer's banking app fills in a transfer. Format:
// NAPAS, QR switching service v1.0 (09/2021), which follows EMVCo merchant-presented QR.
#pragma once

#include "core/money.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::vietqr {

/// The longest text that is read or written, in characters (EMVCo MPM 1.1 §3).
inline constexpr std::size_t text_max = 512;
/// The longest account or card number, in characters.
inline constexpr std::size_t account_max = 19;
/// The longest `purpose`, `reference` and `reference_label`, in characters.
inline constexpr std::size_t label_max = 25;

/// What a VietQR says. All texts are printable ASCII, so that characters are octets; an empty text
/// is an absent field.
struct Transfer {
    /// 38-01-00: which bank, six digits; banks.hpp names them.
    std::string bank_bin;
    /// 38-01-01: account or card number, 1 to 19 letters and digits.
    std::string account;
    /// 38-02: `account` is a card number (QRIBFTTC), else an account (QRIBFTTA).
    bool to_card = false;
    /// 01: made for one payment (12), else to be used again (11). Some banking apps let the
    /// customer change the amount of the second kind.
    bool is_dynamic = false;
    /// 54: 1 to 9,999,999,999,999; absent when the customer types it.
    std::optional<Money> amount;
    /// 62-08: what becomes the transfer's text, at most 25 characters. Banks keep A-Z, 0-9 and
    /// blanks at best, so write nothing else (order_code.hpp finds a code in what they make of it).
    std::string purpose;
    /// 62-01: bill number, at most 25 characters. It does not reach the transfer's text.
    std::string reference;
    /// 62-05: reference label, at most 25 characters. MoMo puts `MOMOW2W` and a number here,
    /// without which its receiving accounts are said not to be credited (third parties only).
    std::string reference_label;
    /// 52: what the merchant sells, four digits (ISO 18245).
    std::string merchant_category;
    /// 59: at most 25 characters.
    std::string merchant_name;
    /// 60: at most 15 characters.
    std::string merchant_city;

    friend bool operator==(const Transfer&, const Transfer&) = default;
};

enum class EncodeError : std::uint8_t {
    bad_bin,                  ///< not six digits
    empty_account,            ///< no account
    account_too_long,         ///< over 19 characters
    bad_account,              ///< another character than A-Z, a-z, 0-9
    bad_amount,               ///< below 1 or above 13 digits
    purpose_too_long,         ///< over 25 characters
    reference_too_long,       ///< over 25 characters
    reference_label_too_long, ///< over 25 characters
    merchant_name_too_long,   ///< over 25 characters
    merchant_city_too_long,   ///< over 15 characters
    bad_merchant_category,    ///< neither empty nor four digits
    not_printable,            ///< a text with another character than printable ASCII
};

/// One English sentence for a technician.
std::string_view to_text(EncodeError error);

/// The text of the QR: ascending ids, amount in digits only, CRC in capitals. A transfer within the
/// bounds of its fields never exceeds `text_max`.
Result<std::string, EncodeError> encode(const Transfer& transfer);

/// Why a text is no VietQR. Each names one rule; a text that breaks several gets the first found:
/// framing of the outer fields, then the CRC, then what the fields say.
enum class DecodeFault : std::uint8_t {
    too_long,              ///< over `text_max` characters
    not_printable,         ///< a character other than printable ASCII, where lengths are ambiguous
    cut_field,             ///< fewer than the four digits of an id and a length are left
    bad_id,                ///< an id that is not two digits
    bad_length,            ///< a length that is not two digits
    overrun,               ///< a length that reaches past the end of what holds the field
    empty_value,           ///< a length of 00
    repeated_field,        ///< the same id twice in one place
    field_too_long,        ///< longer than the format allows
    missing_version,       ///< does not begin with field 00
    wrong_version,         ///< 00 is not 01
    missing_initiation,    ///< no field 01
    wrong_initiation,      ///< 01 is neither 11 nor 12
    missing_account_block, ///< no field 38
    missing_guid,          ///< no 38-00
    wrong_guid,            ///< 38-00 is not NAPAS's A000000727
    missing_beneficiary,   ///< no 38-01
    missing_bin,           ///< no 38-01-00
    bad_bin,               ///< 38-01-00 is not six digits
    missing_account,       ///< no 38-01-01
    empty_account,         ///< 38-01-01 has length 00
    account_too_long,      ///< 38-01-01 has over 19 characters
    bad_account,           ///< 38-01-01 has another character than letters and digits
    wrong_service,         ///< 38-02 is neither QRIBFTTA nor QRIBFTTC
    misplaced_service,     ///< the service code stands elsewhere than in 38-02
    unexpected_field,      ///< in 38 or 38-01, where the format has no further fields
    missing_currency,      ///< no field 53
    wrong_currency,        ///< 53 is not 704 (đồng)
    bad_amount,            ///< 54 is no number
    zero_amount,           ///< 54 is 0
    fractional_amount,     ///< 54 has a part of a đồng
    bad_merchant_category, ///< 52 is not four digits
    missing_country,       ///< no field 58
    wrong_country,         ///< 58 is not VN
    missing_crc,           ///< no field 63
    bad_crc,               ///< 63 is not four hexadecimal digits
    wrong_crc,             ///< 63 is not the CRC of the text
    data_after_crc,        ///< something follows field 63
};

struct DecodeError {
    DecodeFault fault;
    /// Where in the text: the first character of the field or character at fault, counted from 0;
    /// the end of what should hold it when a field is missing.
    std::size_t at = 0;
    /// The path of the field at fault, such as `38-01-00`; empty where there is none.
    std::string field{};
    /// With `wrong_crc`: what the text's own CRC would be.
    std::uint16_t crc_computed = 0;

    friend bool operator==(const DecodeError&, const DecodeError&) = default;
};

/// One English sentence for a technician, with the field and the position (counted from 1).
std::string to_text(const DecodeError& error);

/// Reads a VietQR strictly. `text` is exactly what the QR holds: no blanks or line end around it.
/// A CRC in small letters is accepted, since some generators print it; a missing 38-02 means a
/// transfer to an account. Fields of other providers (02-51), tips (55-57), postal code, other
/// languages (64) and templates are passed over, but must be framed and short enough.
/// Any octets may come in; nothing is allocated beyond the fields of `text_max` characters.
Result<Transfer, DecodeError> decode(std::string_view text);

} // namespace iwas::vietqr
