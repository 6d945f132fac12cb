// Money that came in, invitations and store credit, on every engine.
#include "tests/store/suites.hpp"

#include <set>

namespace iwas::testing_support {

using domain::Payment;
using domain::PaymentAccountId;
using domain::Transaction;
using domain::TransactionState;
using ports::OpenPurchaseError;
using ports::StoreError;

namespace {

const PaymentAccountId bank = PaymentAccountId::trusted("bank");

Transaction order_of(std::uint64_t number, std::string order_id, unsigned device)
{
    Transaction order = transaction_of(number, number, device);
    order.method = domain::PaymentMethod::vietqr;
    order.payment_account = bank;
    order.order_id = std::move(order_id);
    order.expires_at = noon + 900s;
    return order;
}

Payment payment_of(const Transaction& order, std::string gateway_id, Money amount)
{
    return {
        .id = id_of<domain::PaymentId>(order.id.value().low() * 100 + gateway_id.size()),
        .account = order.payment_account,
        .gateway_id = std::move(gateway_id),
        .transaction = order.id,
        .amount = amount,
        .source = domain::PaymentSource::notice,
        .memo = "CT DEN IW1",
        .payer = "****6789",
        .paid_at = noon,
        .recorded_at = noon + 1s,
    };
}

} // namespace

TEST_P(LedgerContract, AnOrderKeepsWhatAGatewayCallsIt)
{
    const auto opened = buy(intent_of(order_of(1, "IW1", 1), "k1"));
    ASSERT_TRUE(opened);
    const auto stored = wait(store().transaction_of_order(bank, "IW1")).value();
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->id, opened->transaction.id);
    EXPECT_EQ(stored->method, domain::PaymentMethod::vietqr);
    EXPECT_EQ(stored->payment_account, bank);
    EXPECT_EQ(stored->expires_at, noon + 900s);
    EXPECT_FALSE(stored->origin);
    EXPECT_FALSE(wait(store().transaction_of_order(bank, "IW2")).value());
    EXPECT_FALSE(
        wait(store().transaction_of_order(PaymentAccountId::trusted("other"), "IW1")).value());

    const domain::Invitation invitation{
        .pay_url = "https://pay.test/1",
        .deep_link = "app://1",
        .qr_text = "qr",
        .gateway_order = "g"};
    ASSERT_TRUE(wait(store().keep_invitation(stored->id, invitation)));
    EXPECT_EQ(wait(store().load_invitation(stored->id)).value(), invitation);
}

TEST_P(LedgerContract, APaymentIsRecordedOnce)
{
    const auto opened = buy(intent_of(order_of(1, "IW1", 1), "k1"));
    ports::Step step;
    step.transaction = opened->transaction;
    step.payments = {payment_of(opened->transaction, "g-1", Money{4'000})};
    const auto first = commit(step);
    ASSERT_TRUE(first);
    step.transaction->version = first->transaction_version;
    EXPECT_EQ(commit(step).error(), StoreError::conflict);
    const auto kept = wait(store().payments_of(opened->transaction.id)).value();
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept.front().amount, Money{4'000});
    EXPECT_EQ(kept.front().memo, "CT DEN IW1");
    EXPECT_EQ(kept.front().payer, "****6789");
    EXPECT_TRUE(wait(store().payment_by_gateway_id(bank, "g-1")).value());
    EXPECT_FALSE(wait(store().payment_by_gateway_id(bank, "g-2")).value());
    EXPECT_EQ(wait(store().payments_between(bank, noon, noon + 1s, 10)).value().size(), 1U);
    EXPECT_TRUE(wait(store().payments_between(bank, noon - 9s, noon, 10)).value().empty());
}

TEST_P(LedgerContract, TransactionsOfOneStepAreStoredTogetherOrNotAtAll)
{
    const auto opened = buy(intent_of(order_of(1, "IW1", 1), "k1"));
    Transaction aside = opened->transaction;
    aside.id = id_of<domain::TransactionId>(50);
    aside.version = 0;
    aside.order_id.clear();
    aside.origin = opened->transaction.id;
    aside.state = TransactionState::refunding;
    aside.is_refund_queued = true;
    ports::Step step;
    step.transaction = opened->transaction;
    step.transaction->version += 7; // not the stored one
    step.others = {aside};
    EXPECT_EQ(commit(step).error(), StoreError::conflict);
    EXPECT_TRUE(wait(store().refund_queue(10)).value().empty());

    step.transaction->version -= 7;
    ASSERT_TRUE(commit(step));
    const auto from = wait(store().transactions_from(opened->transaction.id)).value();
    ASSERT_EQ(from.size(), 1U);
    EXPECT_EQ(from.front().origin, opened->transaction.id);
    EXPECT_EQ(wait(store().refund_queue(10)).value().size(), 1U);
    EXPECT_EQ(wait(store().events_of(aside.id)).value().size(), 1U);
}

TEST_P(LedgerContract, MoneyMovesOnceToTheOrderThatWasFound)
{
    const auto first = buy(intent_of(order_of(1, "IW1", 1), "k1"));
    const auto second = buy(intent_of(order_of(2, "IW2", 2), "k2"));
    ASSERT_TRUE(first && second);
    Transaction kept_by = first->transaction;
    kept_by.id = id_of<domain::TransactionId>(50);
    kept_by.version = 0;
    kept_by.account = {};
    kept_by.order_id.clear();
    kept_by.amount = Money{4'000};
    kept_by.credit_used = Money{};
    kept_by.state = TransactionState::refunding;
    kept_by.reason = domain::TransactionReason::unmatched_payment;
    kept_by.is_refund_queued = true;
    ports::Step keep;
    keep.transaction = kept_by;
    keep.payments = {payment_of(kept_by, "FT26326000001", Money{4'000})};
    const auto kept = commit(keep);
    ASSERT_TRUE(kept);
    const auto unmatched = [&](Money amount, UtcTime since) {
        return wait(store().unmatched_payments(bank, amount, since)).value();
    };
    ASSERT_EQ(unmatched(Money{4'000}, noon).size(), 1U);
    EXPECT_TRUE(unmatched(Money{4'001}, noon).empty());
    EXPECT_TRUE(unmatched(Money{4'000}, noon + 1s).empty());

    ports::Step find;
    find.transaction = first->transaction;
    kept_by.version = kept->transaction_version;
    kept_by.state = TransactionState::refunded;
    kept_by.amount = Money{};
    kept_by.is_refund_queued = false;
    find.others = {kept_by};
    find.found = {{keep.payments.front().id, kept_by.id, first->transaction.id}};
    ASSERT_TRUE(commit(find));
    const auto of_order = wait(store().payments_of(first->transaction.id)).value();
    ASSERT_EQ(of_order.size(), 1U);
    EXPECT_EQ(of_order.front().gateway_id, "FT26326000001");
    EXPECT_TRUE(wait(store().payments_of(kept_by.id)).value().empty());
    EXPECT_TRUE(unmatched(Money{4'000}, noon).empty());
    EXPECT_TRUE(wait(store().refund_queue(10)).value().empty());

    // Another that comes for it, by the same old rows or by the payment alone, finds nothing.
    find.transaction = second->transaction;
    find.found.front().order = second->transaction.id;
    EXPECT_EQ(commit(find).error(), StoreError::conflict);
    find.others.clear();
    EXPECT_EQ(commit(find).error(), StoreError::conflict);
    EXPECT_TRUE(wait(store().payments_of(second->transaction.id)).value().empty());
}

TEST_P(LedgerContract, OpenOrdersOfABankAccountHaveAmountsOfTheirOwn)
{
    std::set<std::int64_t> amounts;
    for (unsigned number = 1; number <= 4; ++number) {
        auto intent = intent_of(
            order_of(number, "IW" + std::to_string(number), number), "k" + std::to_string(number));
        intent.unique_amount_max = Money{2};
        const auto opened = buy(intent);
        ASSERT_TRUE(opened);
        amounts.insert(opened->transaction.amount.vnd());
    }
    const std::int64_t price = transaction_of(1).amount.vnd();
    // Two amounts are free; the others' orders must be found by their memos.
    EXPECT_EQ(amounts, (std::set<std::int64_t>{price - 2, price - 1, price}));
    EXPECT_EQ(
        wait(store().unpaid_orders_of_amount(bank, Money{price - 1}, noon - 1s)).value().size(),
        1U);
    EXPECT_EQ(
        wait(store().unpaid_orders_of_amount(bank, Money{price}, noon - 1s)).value().size(), 2U);
    EXPECT_TRUE(
        wait(store().unpaid_orders_of_amount(bank, Money{price}, noon + 1s)).value().empty());
}

TEST_P(LedgerContract, StoreCreditIsNeverSpentTwice)
{
    const auto account = transaction_of(1).account;
    ports::Step gift;
    gift.credit = {{account, id_of<domain::TransactionId>(90), noon, Money{5'000}, "kept_refund"}};
    ASSERT_TRUE(commit(gift));
    EXPECT_EQ(wait(store().credit_of(account)).value(), Money{5'000});

    Transaction spends = transaction_of(1);
    spends.credit_used = Money{4'000};
    ASSERT_TRUE(buy(intent_of(spends, "k1")));
    EXPECT_EQ(wait(store().credit_of(account)).value(), Money{1'000});
    Transaction again = transaction_of(2, 1, 2);
    again.credit_used = Money{4'000};
    EXPECT_EQ(buy(intent_of(again, "k2")).error(), OpenPurchaseError::credit_changed);
    EXPECT_FALSE(wait(store().load_transaction(again.id)).value());
    EXPECT_EQ(wait(store().credit_of(account)).value(), Money{1'000});
    ports::Step overdraws;
    overdraws.credit = {{account, spends.id, noon, Money{-2'000}, "adjusted"}};
    EXPECT_EQ(commit(overdraws).error(), StoreError::conflict);
    const auto entries = wait(store().credit_entries(account, 10)).value();
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries.front().amount, Money{-4'000});
}

TEST_P(LedgerContract, TransactionsAreFoundByWhatIsAskedFor)
{
    ASSERT_TRUE(buy(intent_of(order_of(1, "IW1", 1), "k1")));
    ASSERT_TRUE(buy(intent_of(transaction_of(2, 1, 2), "k2")));
    const auto count = [&](ports::TransactionFilter filter) {
        return wait(store().find_transactions(std::move(filter), 10)).value().size();
    };
    const auto account = transaction_of(1).account;
    EXPECT_EQ(count({.account = account}), 2U);
    EXPECT_EQ(count({.account = account, .method = domain::PaymentMethod::vietqr}), 1U);
    EXPECT_EQ(count({.account = account, .state = TransactionState::failed}), 0U);
    EXPECT_EQ(count({.payment_account = bank}), 1U);
    EXPECT_EQ(count({.location = transaction_of(1).location, .from = noon, .to = noon + 1s}), 2U);
    EXPECT_EQ(count({.location = transaction_of(1).location, .to = noon}), 0U);
    EXPECT_EQ(count({.organization = transaction_of(1).organization}), 2U);
    EXPECT_EQ(count({.account = account, .before = id_of<domain::TransactionId>(2)}), 1U);
}

} // namespace iwas::testing_support
