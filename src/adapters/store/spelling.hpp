// Spelling: how enums and terms are written in the database. Written values never change meaning.
#pragma once

#include "domain/package.hpp"
#include "domain/tenant.hpp"
#include "domain/transaction.hpp"
#include "ports/store/jobs.hpp"
#include "ports/tracer.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace iwas::adapters {

std::string_view stored(ports::JobKind kind);
std::string_view stored(ports::TraceKind kind);
std::string_view stored(domain::PcLogoutRule rule);
std::string_view stored(domain::ClockStart start);
std::string_view stored(domain::PackageStatus status);
std::string_view stored(domain::PcSystemProfile profile);

/// The value that `text` spells; throws DatabaseError when a row is damaged.
ports::JobKind job_kind_of(std::string_view text);
ports::TraceKind trace_kind_of(std::string_view text);
domain::PcLogoutRule pc_logout_rule_of(std::string_view text);
domain::ClockStart clock_start_of(std::string_view text);
domain::PackageStatus package_status_of(std::string_view text);
domain::PcSystemProfile pc_system_profile_of(std::string_view text);
domain::TransactionState transaction_state_of(std::string_view text);
domain::TransactionReason transaction_reason_of(std::string_view text);
domain::PaymentMethod payment_method_of(std::string_view text);

/// Terms as one JSON object: a session's copy is never searched, only carried.
std::string stored(const domain::Terms& terms);
domain::Terms terms_of(std::string_view text);

/// Access to a stored JSON object; throws DatabaseError for a missing or unfit member.
boost::json::object json_object_of(std::string_view text);
std::int64_t json_integer(const boost::json::object& object, std::string_view name);
std::string json_text(const boost::json::object& object, std::string_view name);
bool json_flag(const boost::json::object& object, std::string_view name);
/// Nothing when the member is missing or null.
std::optional<std::int64_t> json_maybe_integer(
    const boost::json::object& object, std::string_view name);

} // namespace iwas::adapters
