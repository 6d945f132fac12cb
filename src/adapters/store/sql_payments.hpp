// Payments in SQL: money that came in, invitations, notices and store credit.
#pragma once

#include "adapters/store/connection.hpp"
#include "ports/store/ledger.hpp"
#include "ports/store/payments.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::adapters {

/// False: the gateway's payment was recorded before.
bool insert_payment(Connection& db, const domain::Payment& payment);
/// False: it is not where it was.
bool move_payment(Connection& db, const ports::FoundPayment& found);
/// False: the credit would be below zero.
bool change_credit(Connection& db, const ports::CreditEntry& entry);

std::optional<domain::Payment> payment_by_gateway_id(
    Connection& db, const domain::PaymentAccountId& account, const std::string& gateway_id);
std::vector<domain::Payment> payments_of(Connection& db, domain::TransactionId transaction);
std::vector<domain::Payment> payments_between(
    Connection& db, const domain::PaymentAccountId& account, UtcTime from, UtcTime to, int limit);
std::vector<domain::Transaction> unpaid_orders_of_amount(
    Connection& db, const domain::PaymentAccountId& account, Money due, UtcTime since);
std::vector<domain::Payment> unmatched_payments(
    Connection& db, const domain::PaymentAccountId& account, Money amount, UtcTime since);
std::vector<domain::Transaction> transactions_from(Connection& db, domain::TransactionId origin);
std::vector<ports::TransactionEvent> events_of(Connection& db, domain::TransactionId transaction);

void keep_invitation(
    Connection& db, domain::TransactionId transaction, const domain::Invitation& invitation);
std::optional<domain::Invitation> load_invitation(
    Connection& db, domain::TransactionId transaction);
void append_notice(Connection& db, const ports::KeptNotice& notice);

Money credit_of(Connection& db, domain::AccountId account);
std::vector<ports::CreditEntry> credit_entries(
    Connection& db, domain::AccountId account, int limit);

} // namespace iwas::adapters
