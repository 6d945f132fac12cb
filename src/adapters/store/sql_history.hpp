// Transactions by what is asked for, and the queue of those that wait for a person, in SQL.
#pragma once

#include "adapters/store/connection.hpp"
#include "ports/store/ledger.hpp"
#include "ports/store/payments.hpp"

#include <string>
#include <vector>

namespace iwas::adapters {

/// The keys with a blank before, between and behind, so that one can be looked for; empty for none.
std::string scope_of(const std::vector<domain::LocationId>& locations);

std::vector<domain::Transaction> find_transactions(
    Connection& db, const ports::TransactionFilter& filter, int limit);
std::vector<ports::QueuedRefund> queued_refunds(
    Connection& db, const ports::QueueFilter& filter, int limit);

} // namespace iwas::adapters
