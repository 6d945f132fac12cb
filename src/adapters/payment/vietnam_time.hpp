// Times as Vietnamese gateways and banks write them: local, without a zone, in whole seconds. The
// clock there has been GMT+7 without summer time since 1975.
#pragma once

#include "core/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace iwas::adapters {

/// "20261122101500". Parts of a second are cut.
std::string vietnam_digits(UtcTime time);
/// "2026-11-22 10:15:00". Parts of a second are cut.
std::string vietnam_text(UtcTime time);
/// "2026-11-22".
std::string vietnam_date(UtcTime time);

/// Nothing unless `text` is a time between 1970 and 9999, written as the function above does.
std::optional<UtcTime> from_vietnam_digits(std::string_view text);
std::optional<UtcTime> from_vietnam_text(std::string_view text);

} // namespace iwas::adapters
