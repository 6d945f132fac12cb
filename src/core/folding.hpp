// Folding: how names that people type are compared.
#pragma once

#include <string>
#include <string_view>

namespace iwas {

/// `name` (UTF-8) without white space around it, without case, and with one spelling for what looks
/// the same or shows nothing (NFKC_Casefold: The Unicode Standard §3.13 D146-147). Two names that a
/// system takes for one, comparing without case after NFC, are one here; some that it tells apart
/// are one here too. Octets that are no UTF-8 become U+FFFD.
std::string folded_name(std::string_view name);

/// Whether a control character or a separator of lines or paragraphs (Cc, Zl, Zp) stands in `text`
/// (UTF-8): no name that a person types has one.
bool has_control_character(std::string_view text);

} // namespace iwas
