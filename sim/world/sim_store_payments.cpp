// The payments side of SimStore.
#include "sim/world/sim_store_ask.hpp"

namespace iwas::sim {

SimStore::Answer<std::optional<domain::Payment>> SimStore::payment_by_gateway_id(
    domain::PaymentAccountId account, std::string gateway_id)
{
    return ask<std::optional<domain::Payment>>(
        "payment_by_gateway_id",
        [this, account, gateway_id] { return inner_.payment_by_gateway_id(account, gateway_id); });
}

SimStore::Answer<std::vector<domain::Payment>> SimStore::payments_of(
    domain::TransactionId transaction)
{
    return ask<std::vector<domain::Payment>>(
        "payments_of", [this, transaction] { return inner_.payments_of(transaction); });
}

SimStore::Answer<std::vector<domain::Payment>> SimStore::payments_between(
    domain::PaymentAccountId account, UtcTime from, UtcTime to, int limit)
{
    return ask<std::vector<domain::Payment>>("payments_between", [this, account, from, to, limit] {
        return inner_.payments_between(account, from, to, limit);
    });
}

SimStore::Answer<std::optional<domain::Transaction>> SimStore::transaction_of_order(
    domain::PaymentAccountId account, std::string order_id)
{
    return ask<std::optional<domain::Transaction>>(
        "transaction_of_order",
        [this, account, order_id] { return inner_.transaction_of_order(account, order_id); });
}

SimStore::Answer<std::vector<domain::Transaction>> SimStore::unpaid_orders_of_amount(
    domain::PaymentAccountId account, Money due, UtcTime since)
{
    return ask<std::vector<domain::Transaction>>(
        "unpaid_orders_of_amount", [this, account, due, since] {
            return inner_.unpaid_orders_of_amount(account, due, since);
        });
}

SimStore::Answer<std::vector<domain::Payment>> SimStore::unmatched_payments(
    domain::PaymentAccountId account, Money amount, UtcTime since)
{
    return ask<std::vector<domain::Payment>>("unmatched_payments", [this, account, amount, since] {
        return inner_.unmatched_payments(account, amount, since);
    });
}

SimStore::Answer<std::vector<domain::Transaction>> SimStore::transactions_from(
    domain::TransactionId origin)
{
    return ask<std::vector<domain::Transaction>>(
        "transactions_from", [this, origin] { return inner_.transactions_from(origin); });
}

SimStore::Answer<std::vector<domain::Transaction>> SimStore::find_transactions(
    ports::TransactionFilter filter, int limit)
{
    return ask<std::vector<domain::Transaction>>("find_transactions", [this, filter, limit] {
        return inner_.find_transactions(filter, limit);
    });
}

SimStore::Answer<std::vector<ports::TransactionEvent>> SimStore::events_of(
    domain::TransactionId transaction)
{
    return ask<std::vector<ports::TransactionEvent>>(
        "events_of", [this, transaction] { return inner_.events_of(transaction); });
}

SimStore::Answer<void> SimStore::keep_invitation(
    domain::TransactionId transaction, domain::Invitation invitation)
{
    return ask<void>("keep_invitation", [this, transaction, invitation] {
        return inner_.keep_invitation(transaction, invitation);
    });
}

SimStore::Answer<std::optional<domain::Invitation>> SimStore::load_invitation(
    domain::TransactionId transaction)
{
    return ask<std::optional<domain::Invitation>>(
        "load_invitation", [this, transaction] { return inner_.load_invitation(transaction); });
}

SimStore::Answer<void> SimStore::append_notice(ports::KeptNotice notice)
{
    return ask<void>("append_notice", [this, notice] { return inner_.append_notice(notice); });
}

SimStore::Answer<Money> SimStore::credit_of(domain::AccountId account)
{
    return ask<Money>("credit_of", [this, account] { return inner_.credit_of(account); });
}

SimStore::Answer<std::vector<ports::CreditEntry>> SimStore::credit_entries(
    domain::AccountId account, int limit)
{
    return ask<std::vector<ports::CreditEntry>>(
        "credit_entries", [this, account, limit] { return inner_.credit_entries(account, limit); });
}

} // namespace iwas::sim
