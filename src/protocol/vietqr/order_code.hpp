// Order codes: the text by which a bank transfer is known to pay an order, made to survive what
// banks do to a transfer's text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::vietqr {

inline constexpr std::string_view order_prefix_default = "IW";
/// Characters after the prefix: nine of chance, one to check them.
inline constexpr std::size_t order_code_digits = 10;
/// The most codes that are returned from one text.
inline constexpr std::size_t order_codes_max = 8;
/// The most letters and digits of a text that are looked at; banks carry about 200.
inline constexpr std::size_t memo_max = 1024;

/// Whether `prefix` may stand before order codes: two to six of A-Z and 0-9.
bool is_order_prefix(std::string_view prefix);

/// The order code of the lower 45 bits of `random`: the prefix and ten characters of Crockford's
/// base 32 (0-9 and capitals without I, L, O, U), such as `IW7K3M9QX2BF`. Chance must come from a
/// generator that cannot be guessed; two of a million codes are equal with a chance of 1.4 %, so
/// the caller keeps codes unique and makes another when one is taken.
/// `prefix` fulfils `is_order_prefix`.
std::string make_order_code(std::uint64_t random, std::string_view prefix = order_prefix_default);

/// Whether `code` is exactly a code as `make_order_code` writes it, check character included.
bool is_order_code(std::string_view code, std::string_view prefix = order_prefix_default);

/// The order codes in the text of a transfer, in order, each once, as `make_order_code` writes
/// them.
///
/// Letters count in any case; everything but ASCII letters and digits is passed over, so a code
/// that was broken up by blanks, points or line ends, or that has words before and after it, is
/// found. I and L count as 1 and O as 0, as people type them.
/// The check character refuses every code with one wrong character and every code in which any two
/// characters changed places; other text that happens to follow the prefix passes with a chance of
/// 1 in 32, and then is the code of one of N open orders with a chance of N in 2^45.
/// What is returned is therefore a candidate, to be looked up; a text with two is for a person to
/// decide. A code that was cut short is not found.
std::vector<std::string> find_order_codes(
    std::string_view memo, std::string_view prefix = order_prefix_default);

} // namespace iwas::vietqr
