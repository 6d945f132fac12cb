// Rows of transactions: how they are written, and the ways in which they are found.
#pragma once

#include "adapters/store/connection.hpp"
#include "domain/transaction.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::adapters {

/// `condition` follows "from txn"; its parameters are `params`.
std::vector<domain::Transaction> read_transactions(
    Connection& db, std::string_view condition, std::initializer_list<Param> params);

void insert_transaction(
    Connection& db, const domain::Transaction& txn, std::string_view idempotency_key,
    std::string_view request_hash);
/// False: the stored version is not the one of `txn`.
bool update_transaction(Connection& db, const domain::Transaction& txn);

std::optional<domain::Transaction> load_transaction(Connection& db, domain::TransactionId id);
std::optional<domain::Transaction> unfinished_transaction_of_device(
    Connection& db, const domain::LocationId& location, const MacAddress& mac);
std::vector<domain::Transaction> transactions_of(
    Connection& db, domain::AccountId account, int limit);
std::optional<domain::Transaction> transaction_of_order(
    Connection& db, const domain::PaymentAccountId& account, const std::string& order_id);

} // namespace iwas::adapters
