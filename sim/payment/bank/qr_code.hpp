// What a bank's app reads from a VietQR code, and what PayOS writes into one. A parser of its own:
// on purpose no code is shared with IWAS, whose codes it judges.
#pragma once

#include "core/money.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::sim::bank {

struct QrTransfer {
    std::string bin;     // six digits
    std::string account; // of an account or card, 1 to 19
    bool is_to_card = false;
    std::optional<Money> amount; // empty: the payer types it
    std::string bill;            // 62-01
    std::string memo;            // 62-08; "***" is left to the payer
};

enum class QrError {
    crc,       // damaged on the way
    structure, // no QR code of this kind: lengths, characters, missing or misplaced parts
    foreign,   // well-formed, for another scheme, country or currency
};
std::string_view to_string(QrError error);

/// Reads strictly (NAPAS "Đặc tả kỹ thuật QR" v1.0 §3 and §4; EMVCo Merchant-Presented Mode §3):
/// what a phone of some bank might refuse is refused. At most 512 octets.
Result<QrTransfer, QrError> read_qr(std::string_view text);

/// A code for one payment to an account. `memo`: printable ASCII, at most 25.
std::string write_qr(
    std::string_view bin, std::string_view account, Money amount, std::string_view memo);

/// CRC-16/CCITT-FALSE.
std::uint16_t crc16(std::string_view text);

} // namespace iwas::sim::bank
