// Transactions in SQL: opening a purchase, committing a step, and what is asked of them.
#pragma once

#include "adapters/store/connection.hpp"
#include "adapters/store/key_ring.hpp"
#include "ports/store/ledger.hpp"

#include <optional>
#include <vector>

namespace iwas::adapters {

/// `node` holds the leases of the jobs that come with one.
/// One database transaction (the caller's): every check of a purchase, then its durable intent.
Result<ports::OpenedPurchase, ports::OpenPurchaseError> open_purchase(
    Connection& db, const std::string& node, const ports::PurchaseIntent& intent);

/// All of the step; on conflict the caller's transaction must be undone.
Result<ports::Committed, ports::StoreError> commit_step(
    Connection& db, const KeyRing& keys, const std::string& node, const ports::Step& step);

/// `sql` gives txn_id, why and since of lines of the queue of refunds.
std::vector<ports::QueuedRefund> queue_lines(
    Connection& db, std::string_view sql, std::initializer_list<Param> params);
std::vector<ports::QueuedRefund> refund_queue(Connection& db, int limit);

} // namespace iwas::adapters
