// Locks: puts writers that decide about the same thing behind each other.
#pragma once

#include "adapters/store/connection.hpp"

#include <string>
#include <vector>

namespace iwas::adapters {

/// Takes the named locks until the transaction ends, in one order for everybody, so that two
/// callers never wait for each other. SQLite has one writer: there it does nothing.
void lock_names(Connection& db, std::vector<std::string> names);

} // namespace iwas::adapters
