// Accounts, visits, PC events and answers to repeated requests in SQL.
#pragma once

#include "adapters/store/connection.hpp"
#include "adapters/store/key_ring.hpp"
#include "ports/store/people.hpp"

#include <optional>

namespace iwas::adapters {

domain::Account keep_account(Connection& db, const domain::Account& account);
std::optional<domain::Account> load_account(Connection& db, domain::AccountId id);
std::optional<domain::Account> account_of_user_name(
    Connection& db, const domain::LocationId& location, const std::string& user_name);
std::optional<domain::Account> account_of_member(
    Connection& db, const domain::LocationId& location, const std::string& member_id);

/// Gives accounts that an older program wrote their folded names. Outside of a transaction; the
/// caller rolls back when it throws.
void fold_account_names(Connection& db);

void keep_visit(Connection& db, const domain::Visit& visit);
std::optional<domain::Visit> load_visit(Connection& db, domain::VisitId id);

/// Remembers who last used the device here.
void note_device_account(
    Connection& db, const domain::LocationId& location, const MacAddress& mac,
    domain::AccountId account, UtcTime at);
std::optional<domain::Account> last_account_of_device(
    Connection& db, const domain::LocationId& location, const MacAddress& mac);

bool keep_pc_event(
    Connection& db, const domain::LocationId& location, const std::string& event_id,
    const ports::Job& job, const std::string& node);

/// A request without an answer is given up after this time, because its node is gone; then a
/// repetition may do it. Every request ends far sooner.
inline constexpr Seconds request_lifetime{60};

/// Answers are sealed: one may hold the network password of a login form.
Result<ports::RequestState, ports::RequestError> begin_request(
    Connection& db, const KeyRing& keys, const std::string& scope, const std::string& key,
    const Sha256Digest& hash, UtcTime now);
void finish_request(
    Connection& db, const KeyRing& keys, const std::string& scope, const std::string& key,
    const ports::StoredAnswer& answer);

/// PC events outlive `before` by 7 days, so that a replay is known whatever the caller forgets.
int forget_old(Connection& db, UtcTime before, int limit);

} // namespace iwas::adapters
