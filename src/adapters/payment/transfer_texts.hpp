// What the notices of bank transfers have in common.
#pragma once

#include "core/time.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace iwas::adapters {

/// The last four characters of an account number, for "****1234"; empty for shorter numbers.
std::string masked_account(std::string_view number);

/// A time as feeds write it: RFC 3339, or "2026-11-22 10:15:00" in Vietnam. `otherwise` when the
/// member is neither: a transfer is not refused for the form of its time.
UtcTime transfer_time(const boost::json::object& parent, std::string_view name, UtcTime otherwise);

/// A text as received, without octets that are no UTF-8, cut to 500 octets; empty when absent.
std::string transfer_text(const boost::json::object& parent, std::string_view name);

/// What is kept for the audit of a transfer's text, which often holds the payer's name and account:
/// the order codes in it and its length, as "IW7K3M9QX2BF, 64 octets".
std::string kept_text(std::string_view text);

} // namespace iwas::adapters
