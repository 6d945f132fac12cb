// What the store promises of sales and money: Ledger, Payments, PaymentWindows and Wallets.
#pragma once

#include "adapters/store/readable_sessions.hpp"
#include "adapters/store/sql_history.hpp"
#include "adapters/store/sql_ledger.hpp"
#include "adapters/store/sql_payment_windows.hpp"
#include "adapters/store/sql_payments.hpp"
#include "adapters/store/sql_sessions.hpp"
#include "adapters/store/sql_transactions.hpp"
#include "adapters/store/sql_wallets.hpp"
#include "adapters/store/store_core.hpp"

namespace iwas::adapters::store_parts {

using domain::AccountId;
using domain::LocationId;
using domain::RouterId;
using domain::SavedMethodId;
using domain::SessionId;
using domain::TransactionId;

class MoneyStore : public StoreCore {
public:
    using StoreCore::StoreCore;

    // Ledger
    awaitable<Result<OpenedPurchase, OpenPurchaseError>> open_purchase(
        PurchaseIntent intent) override
    {
        return perform<Result<OpenedPurchase, OpenPurchaseError>>(
            *runner_, Access::write, [this, intent = std::move(intent)](Connection& db) {
                return adapters::open_purchase(db, node_, intent);
            });
    }
    Answer<Committed> commit(Step step) override
    {
        return perform<Result<Committed, StoreError>>(
            *runner_, Access::write, [this, step = std::move(step)](Connection& db) {
                return commit_step(db, keys_, node_, step);
            });
    }
    Answer<std::optional<domain::Transaction>> load_transaction(TransactionId id) override
    {
        return read<std::optional<domain::Transaction>>(
            [id](Connection& db) { return adapters::load_transaction(db, id); });
    }
    Answer<std::optional<domain::Session>> load_session(SessionId id) override
    {
        return read<std::optional<domain::Session>>(
            [this, id](Connection& db) { return adapters::load_session(db, keys_, id); });
    }
    Answer<std::vector<domain::Session>> open_sessions_of(AccountId account) override
    {
        return read<std::vector<domain::Session>>([this, account](Connection& db) {
            return adapters::open_sessions_of(db, keys_, account);
        });
    }
    Answer<std::optional<domain::Session>> open_session_of_device(
        LocationId location, MacAddress mac) override
    {
        return read<std::optional<domain::Session>>(
            [this, location = std::move(location), mac](Connection& db) {
                return adapters::open_session_of_device(db, keys_, location, mac);
            });
    }
    Answer<std::vector<domain::Session>> open_sessions_at(RouterId router) override
    {
        return read<std::vector<domain::Session>>(
            [this, router = std::move(router)](Connection& db) {
                return adapters::open_sessions_at(db, keys_, router);
            });
    }
    Answer<std::vector<domain::Session>> open_sessions_after(SessionId after, int limit) override
    {
        return read<std::vector<domain::Session>>([this, after, limit](Connection& db) {
            return readable_sessions_after(db, keys_, after, limit);
        });
    }
    Answer<std::optional<domain::Transaction>> unfinished_transaction_of_device(
        LocationId location, MacAddress mac) override
    {
        return read<std::optional<domain::Transaction>>(
            [location = std::move(location), mac](Connection& db) {
                return adapters::unfinished_transaction_of_device(db, location, mac);
            });
    }
    Answer<std::vector<domain::Transaction>> transactions_of(AccountId account, int limit) override
    {
        return read<std::vector<domain::Transaction>>([account, limit](Connection& db) {
            return adapters::transactions_of(db, account, limit);
        });
    }
    Answer<std::vector<QueuedRefund>> refund_queue(int limit) override
    {
        return read<std::vector<QueuedRefund>>(
            [limit](Connection& db) { return adapters::refund_queue(db, limit); });
    }
    Answer<std::vector<QueuedRefund>> queued_refunds(QueueFilter filter, int limit) override
    {
        return read<std::vector<QueuedRefund>>([filter = std::move(filter), limit](Connection& db) {
            return adapters::queued_refunds(db, filter, limit);
        });
    }
    Answer<std::vector<domain::NetworkSession>> network_sessions_of(SessionId session) override
    {
        return read<std::vector<domain::NetworkSession>>(
            [session](Connection& db) { return adapters::network_sessions_of(db, session); });
    }

    // Payments
    Answer<std::optional<domain::Payment>> payment_by_gateway_id(
        domain::PaymentAccountId account, std::string gateway_id) override
    {
        return read<std::optional<domain::Payment>>(
            [account = std::move(account), id = std::move(gateway_id)](Connection& db) {
                return adapters::payment_by_gateway_id(db, account, id);
            });
    }
    Answer<std::vector<domain::Payment>> payments_of(TransactionId transaction) override
    {
        return read<std::vector<domain::Payment>>(
            [transaction](Connection& db) { return adapters::payments_of(db, transaction); });
    }
    Answer<std::vector<domain::Payment>> payments_between(
        domain::PaymentAccountId account, UtcTime from, UtcTime to, int limit) override
    {
        return read<std::vector<domain::Payment>>(
            [account = std::move(account), from, to, limit](Connection& db) {
                return adapters::payments_between(db, account, from, to, limit);
            });
    }
    Answer<std::optional<domain::Transaction>> transaction_of_order(
        domain::PaymentAccountId account, std::string order_id) override
    {
        return read<std::optional<domain::Transaction>>(
            [account = std::move(account), id = std::move(order_id)](Connection& db) {
                return adapters::transaction_of_order(db, account, id);
            });
    }
    Answer<std::vector<domain::Transaction>> unpaid_orders_of_amount(
        domain::PaymentAccountId account, Money due, UtcTime since) override
    {
        return read<std::vector<domain::Transaction>>(
            [account = std::move(account), due, since](Connection& db) {
                return adapters::unpaid_orders_of_amount(db, account, due, since);
            });
    }
    Answer<std::vector<domain::Payment>> unmatched_payments(
        domain::PaymentAccountId account, Money amount, UtcTime since) override
    {
        return read<std::vector<domain::Payment>>(
            [account = std::move(account), amount, since](Connection& db) {
                return adapters::unmatched_payments(db, account, amount, since);
            });
    }
    Answer<std::vector<domain::Transaction>> transactions_from(TransactionId origin) override
    {
        return read<std::vector<domain::Transaction>>(
            [origin](Connection& db) { return adapters::transactions_from(db, origin); });
    }
    Answer<std::vector<domain::Transaction>> find_transactions(
        TransactionFilter filter, int limit) override
    {
        return read<std::vector<domain::Transaction>>(
            [filter = std::move(filter), limit](Connection& db) {
                return adapters::find_transactions(db, filter, limit);
            });
    }
    Answer<std::vector<TransactionEvent>> events_of(TransactionId transaction) override
    {
        return read<std::vector<TransactionEvent>>(
            [transaction](Connection& db) { return adapters::events_of(db, transaction); });
    }
    Answer<void> keep_invitation(TransactionId transaction, domain::Invitation invitation) override
    {
        return write<void>([transaction, invitation = std::move(invitation)](Connection& db) {
            adapters::keep_invitation(db, transaction, invitation);
        });
    }
    Answer<std::optional<domain::Invitation>> load_invitation(TransactionId transaction) override
    {
        return read<std::optional<domain::Invitation>>(
            [transaction](Connection& db) { return adapters::load_invitation(db, transaction); });
    }
    Answer<void> append_notice(KeptNotice notice) override
    {
        return write<void>(
            [notice = std::move(notice)](Connection& db) { adapters::append_notice(db, notice); });
    }
    Answer<Money> credit_of(AccountId account) override
    {
        return read<Money>([account](Connection& db) { return adapters::credit_of(db, account); });
    }
    Answer<std::vector<CreditEntry>> credit_entries(AccountId account, int limit) override
    {
        return read<std::vector<CreditEntry>>([account, limit](Connection& db) {
            return adapters::credit_entries(db, account, limit);
        });
    }

    // Payment windows
    awaitable<Result<OpenedPaymentWindow, OpenPaymentWindowError>> open_payment_window(
        domain::PaymentWindow window, int times_max, UtcTime day_start, Job end) override
    {
        return perform<Result<OpenedPaymentWindow, OpenPaymentWindowError>>(
            *runner_, Access::write,
            [this, window = std::move(window), times_max, day_start,
             end = std::move(end)](Connection& db) {
                return adapters::open_payment_window(db, node_, window, times_max, day_start, end);
            });
    }
    Answer<PaymentWindowUse> payment_window_use(
        domain::OrganizationId organization, LocationId location, MacAddress mac,
        UtcTime day_start) override
    {
        return read<PaymentWindowUse>([organization = std::move(organization),
                                       location = std::move(location), mac,
                                       day_start](Connection& db) {
            return adapters::payment_window_use(db, organization, location, mac, day_start);
        });
    }
    Answer<std::optional<domain::PaymentWindow>> load_payment_window(SessionId id) override
    {
        return read<std::optional<domain::PaymentWindow>>(
            [id](Connection& db) { return adapters::load_payment_window(db, id); });
    }
    Answer<std::optional<domain::PaymentWindow>> open_payment_window_of(
        LocationId location, MacAddress mac) override
    {
        return read<std::optional<domain::PaymentWindow>>(
            [location = std::move(location), mac](Connection& db) {
                return adapters::open_payment_window_of(db, location, mac);
            });
    }
    Answer<void> end_payment_window(SessionId id, UtcTime now, bool counts, Job closing) override
    {
        return write<void>([this, id, now, counts, closing = std::move(closing)](Connection& db) {
            adapters::end_payment_window(db, node_, id, now, counts, closing);
        });
    }
    Answer<std::vector<domain::PaymentWindow>> open_payment_windows_after(
        SessionId after, int limit) override
    {
        return read<std::vector<domain::PaymentWindow>>([after, limit](Connection& db) {
            return adapters::open_payment_windows_after(db, after, limit);
        });
    }

    // Wallets
    Answer<void> change_wallet(WalletStep step) override
    {
        return perform<Result<void, StoreError>>(
            *runner_, Access::write, [this, step = std::move(step)](Connection& db) {
                return adapters::change_wallet(db, keys_, node_, step);
            });
    }
    Answer<std::optional<domain::SavedMethod>> load_saved_method(SavedMethodId id) override
    {
        return read<std::optional<domain::SavedMethod>>(
            [this, id](Connection& db) { return adapters::load_saved_method(db, keys_, id); });
    }
    Answer<std::optional<domain::SavedMethod>> saved_method_of_order(
        domain::PaymentAccountId account, std::string order_id) override
    {
        return read<std::optional<domain::SavedMethod>>(
            [this, account = std::move(account), id = std::move(order_id)](Connection& db) {
                return adapters::saved_method_of_order(db, keys_, account, id);
            });
    }
    Answer<std::vector<domain::SavedMethod>> saved_methods_of(AccountId account) override
    {
        return read<std::vector<domain::SavedMethod>>([this, account](Connection& db) {
            return adapters::saved_methods_of(db, keys_, account);
        });
    }
    Answer<std::vector<MethodUsage>> method_usage_of(AccountId account) override
    {
        return read<std::vector<MethodUsage>>(
            [account](Connection& db) { return adapters::method_usage_of(db, account); });
    }
    Answer<std::vector<MethodEvent>> events_of_method(SavedMethodId id) override
    {
        return read<std::vector<MethodEvent>>(
            [id](Connection& db) { return adapters::events_of_method(db, id); });
    }
};

} // namespace iwas::adapters::store_parts
