// What a gateway's answer may put behind a button or into a redirect.
#pragma once

#include <string>
#include <string_view>

namespace iwas::adapters {

/// `url` when it is http:// or https:// without blanks and control characters; else empty.
std::string web_url(std::string_view url);
/// The same with any scheme that opens an app ("momo://..."), never one that runs or carries
/// content (javascript:, data:, file:, ...): "://" is demanded and those names are not.
std::string app_url(std::string_view url);
/// `text` when a QR code can hold it and it is UTF-8 without control characters; else empty.
std::string qr_text(std::string_view text);

} // namespace iwas::adapters
