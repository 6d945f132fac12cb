// QR images: a text as a QR code (ISO/IEC 18004), in SVG for pages and PNG for print and e-mail.
#pragma once

#include "core/bytes.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace iwas::adapters {

/// The longest edge of an image, in pixels.
inline constexpr int qr_edge_pixels_max = 4096;

/// Dark on white, error correction M (15 % of the code may be covered or dirty).
struct QrStyle {
    /// White around the code, in modules (its squares); 4 to 16, for ISO/IEC 18004 §5.3.8 asks
    /// for 4.
    int quiet_zone_modules = 4;
    /// The edge of a module, 1 to 64. An SVG scales from there.
    int module_pixels = 8;
    /// What a screen reader says of an SVG; UTF-8. Empty: the image is decoration.
    std::string title{};
};

enum class QrError : std::uint8_t {
    empty,     ///< nothing to draw
    not_text,  ///< holds a NUL octet
    too_long,  ///< more than the largest code holds: 2,331 octets, or 5,596 digits
    bad_style, ///< outside the bounds of `QrStyle`
    too_large, ///< an edge above `qr_edge_pixels_max`
};

/// One English sentence.
std::string_view to_text(QrError error);

/// A whole SVG document that may also stand within a page: no prologue, no scripts, no references.
/// `text` is drawn octet by octet; readers take other octets than ASCII for UTF-8.
Result<std::string, QrError> qr_svg(std::string_view text, const QrStyle& style = {});

/// A PNG file, grey, each module a square of whole pixels.
Result<Bytes, QrError> qr_png(std::string_view text, const QrStyle& style = {});

} // namespace iwas::adapters
