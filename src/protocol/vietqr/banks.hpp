// The banks that can be paid by VietQR, by BIN. The BIN is the key: short codes differ from list to
// list and names change with mergers.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace iwas::vietqr {

/// What a bank's app does with VietQR.
enum class BankSupport : std::uint8_t {
    scan_and_receive,
    receive_only,
    unknown, ///< has a BIN, but no list says what it does
};

struct Bank {
    std::string_view bin;        ///< six digits
    std::string_view code;       ///< as most lists have it
    std::string_view other_code; ///< another that is in use; may be empty
    std::string_view short_name;
    std::string_view name;  ///< in Vietnamese
    std::string_view swift; ///< may be empty
    BankSupport support;
    /// In the State Bank's list of BINs (letter 1589/NHNN-TT, 05/03/2024). The others come from
    /// lists of third parties.
    bool in_state_bank_list;
};

/// All banks, by ascending BIN.
std::span<const Bank> banks();

/// Null when no bank has it. A BIN that is not listed may still be right: new ones are given out.
const Bank* find_bank_by_bin(std::string_view bin);
/// The bank's short name; `bin` itself where no bank is known by it.
std::string_view name_of_bank(std::string_view bin);

/// Every bank that this code names in one list or another, in any case: `BVB` is Bao Viet and Ban
/// Viet, so only a single answer is one.
std::vector<const Bank*> find_banks_by_code(std::string_view code);

} // namespace iwas::vietqr
