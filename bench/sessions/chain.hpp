// A chain of branches with one router each, and the sessions that customers bought there.
#pragma once

#include "domain/session.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace iwas::bench {

inline constexpr unsigned branches = 50;
inline constexpr std::string_view radius_secret = "bench-radius-secret-0123456789abcdef";
inline constexpr std::string_view api_user = "iwas";
inline constexpr std::string_view api_password = "bench-router-password";

/// Where the router of a branch can be reached, on loopback.
struct RouterPorts {
    std::uint16_t api = 0;
    std::uint16_t coa = 0;
};

inline unsigned branch_of(std::size_t session)
{
    return static_cast<unsigned>(session % branches);
}
/// Also the router's NAS-Identifier.
std::string router_name(unsigned branch);

/// From where the router of a branch sends its RADIUS requests: each has an address of its own.
Ipv4Address router_address(unsigned branch);

/// What `iwas apply` gets: `branches` branches, each with a MikroTik router.
std::string cafe_file(const std::vector<RouterPorts>& routers);

/// Running sessions of one device each that end at `ends_at(i)`, session `i` at `branch_of(i)`.
std::vector<domain::Session> running_sessions(
    std::size_t count, const std::function<UtcTime(std::size_t)>& ends_at);

/// What a database is filled with.
struct Population {
    std::string database;
    std::string key_file;
    const std::vector<domain::Session>& sessions;
    /// Acct-Session-Ids of the sessions, which are then online; empty: nobody is online yet.
    const std::vector<std::string>& acct_session_ids;
};

/// Writes the sessions with the jobs that end them, and the Accounting-Starts of those online,
/// through the real store. Throws std::runtime_error when the store does not take them.
void fill(const Population& population);

/// How many sessions are open in the database.
std::size_t open_sessions(const std::string& database, const std::string& key_file);

} // namespace iwas::bench
