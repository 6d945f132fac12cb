#include "adapters/store/sql_payments.hpp"

#include "adapters/store/locks.hpp"
#include "adapters/store/sql_events.hpp"
#include "adapters/store/sql_transactions.hpp"

namespace iwas::adapters {

using domain::Payment;

namespace {

std::vector<Payment> read_payments(
    Connection& db, std::string_view condition, std::initializer_list<Param> params)
{
    std::vector<Payment> found;
    db.each(
        std::string{"select id, account_id, gateway_id, txn_id, amount, source, memo, payer, "
                    "paid_at, recorded_at from payment where "}
            .append(condition),
        "ttttitttii", params, [&](Row& row) {
            Payment payment;
            payment.id = row.id<domain::PaymentId>();
            payment.account = row.key<domain::PaymentAccountId>();
            payment.gateway_id = row.text();
            payment.transaction = row.id<domain::TransactionId>();
            payment.amount = row.money();
            const auto source = domain::payment_source_from(row.text());
            if (!source) damaged("a payment's source is unknown");
            payment.source = *source;
            payment.memo = row.text();
            payment.payer = row.text();
            payment.paid_at = row.time();
            payment.recorded_at = row.time();
            found.push_back(std::move(payment));
        });
    return found;
}

} // namespace

bool move_payment(Connection& db, const ports::FoundPayment& found)
{
    return db.run(
               "update payment set txn_id = :order where id = :id and txn_id = :kept_by",
               {found.order, found.payment, found.kept_by}) == 1;
}

bool insert_payment(Connection& db, const Payment& payment)
{
    lock_names(db, {"payment:" + payment.account.text() + ":" + payment.gateway_id});
    return db.run(
               "insert into payment (id, account_id, gateway_id, txn_id, amount, source, memo, "
               "payer, paid_at, recorded_at) values (:id, :account, :gateway_id, :txn, :amount, "
               ":source, :memo, :payer, :paid_at, :recorded_at) "
               "on conflict (account_id, gateway_id) do nothing",
               {payment.id, payment.account, payment.gateway_id, payment.transaction,
                payment.amount, domain::to_text(payment.source), payment.memo, payment.payer,
                payment.paid_at, payment.recorded_at}) == 1;
}

bool change_credit(Connection& db, const ports::CreditEntry& entry)
{
    lock_names(db, {"credit:" + to_string(entry.account)});
    const Money balance = credit_of(db, entry.account) + entry.amount;
    if (balance < Money{}) return false;
    db.run(
        "insert into credit (account_id, balance) values (:account, :balance) "
        "on conflict (account_id) do update set balance = excluded.balance",
        {entry.account, balance});
    db.run(
        "insert into credit_entry (account_id, txn_id, at, amount, why) "
        "values (:account, :txn, :at, :amount, :why)",
        {entry.account, entry.transaction, entry.at, entry.amount, entry.why});
    return true;
}

std::optional<Payment> payment_by_gateway_id(
    Connection& db, const domain::PaymentAccountId& account, const std::string& gateway_id)
{
    auto found = read_payments(
        db, "account_id = :account and gateway_id = :gateway_id", {account, gateway_id});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<Payment> payments_of(Connection& db, domain::TransactionId transaction)
{
    return read_payments(db, "txn_id = :txn order by recorded_at, id", {transaction});
}

std::vector<Payment> payments_between(
    Connection& db, const domain::PaymentAccountId& account, UtcTime from, UtcTime to, int limit)
{
    return read_payments(
        db,
        "account_id = :account and paid_at >= :begin and paid_at < :finish "
        "order by paid_at, id limit :limit",
        {account, from, to, limit});
}

std::vector<domain::Transaction> unpaid_orders_of_amount(
    Connection& db, const domain::PaymentAccountId& account, Money due, UtcTime since)
{
    return read_transactions(
        db,
        "where txn.payment_account_id = :account and txn.created_at >= :since "
        "and txn.state in ('created', 'pending', 'failed', 'expired') "
        "and txn.amount - txn.credit_used = :due and txn.order_id <> '' "
        "order by txn.created_at desc, txn.id desc limit 10",
        {account, since, due});
}

std::vector<Payment> unmatched_payments(
    Connection& db, const domain::PaymentAccountId& account, Money amount, UtcTime since)
{
    return read_payments(
        db,
        "txn_id in (select id from txn where txn.payment_account_id = :account "
        "and txn.reason = 'unmatched_payment' and txn.is_refund_queued = 1 "
        "and txn.state = 'refunding' and txn.amount = :held) "
        "and amount = :amount and paid_at >= :since order by paid_at, id limit 100",
        {account, amount, amount, since});
}

std::vector<domain::Transaction> transactions_from(Connection& db, domain::TransactionId origin)
{
    return read_transactions(
        db, "where txn.origin_id = :origin order by txn.created_at, txn.id limit 100", {origin});
}

std::vector<ports::TransactionEvent> events_of(Connection& db, domain::TransactionId transaction)
{
    return read_events<ports::TransactionEvent>(
        db,
        "select at, state_before, state_after, actor, why from txn_event where txn_id = :txn "
        "order by id",
        transaction);
}

void keep_invitation(
    Connection& db, domain::TransactionId transaction, const domain::Invitation& invitation)
{
    db.run(
        "insert into invitation (txn_id, pay_url, deep_link, qr_text, gateway_order) "
        "values (:txn, :pay_url, :deep_link, :qr_text, :gateway_order) "
        "on conflict (txn_id) do update set pay_url = excluded.pay_url, "
        "deep_link = excluded.deep_link, qr_text = excluded.qr_text, "
        "gateway_order = excluded.gateway_order",
        {transaction, invitation.pay_url, invitation.deep_link, invitation.qr_text,
         invitation.gateway_order});
}

std::optional<domain::Invitation> load_invitation(Connection& db, domain::TransactionId transaction)
{
    std::optional<domain::Invitation> found;
    db.one(
        "select pay_url, deep_link, qr_text, gateway_order from invitation where txn_id = :txn",
        "tttt", {transaction}, [&](Row& row) {
            found.emplace();
            found->pay_url = row.text();
            found->deep_link = row.text();
            found->qr_text = row.text();
            found->gateway_order = row.text();
        });
    return found;
}

void append_notice(Connection& db, const ports::KeptNotice& notice)
{
    db.run(
        "insert into payment_notice (account_id, at, order_id, outcome, body) "
        "values (:account, :at, :order_id, :outcome, :body)",
        {notice.account, notice.at, notice.order_id, notice.outcome, notice.body});
}

Money credit_of(Connection& db, domain::AccountId account)
{
    return Money{db.number("select balance from credit where account_id = :account", {account})};
}

std::vector<ports::CreditEntry> credit_entries(Connection& db, domain::AccountId account, int limit)
{
    std::vector<ports::CreditEntry> entries;
    db.each(
        "select txn_id, at, amount, why from credit_entry where account_id = :account "
        "order by id desc limit :limit",
        "tiit", {account, limit}, [&](Row& row) {
            ports::CreditEntry entry;
            entry.account = account;
            entry.transaction = row.id<domain::TransactionId>();
            entry.at = row.time();
            entry.amount = row.money();
            entry.why = row.text();
            entries.push_back(std::move(entry));
        });
    return entries;
}

} // namespace iwas::adapters
