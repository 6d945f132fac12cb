// Saved methods, their default, their events and what was paid with them, on every engine.
#include "tests/store/suites.hpp"

namespace iwas::testing_support {

using domain::PaymentMethod;
using domain::SavedMethod;
using domain::SavedMethodId;
using domain::SavedMethodState;
using domain::Transaction;
using domain::TransactionState;
using ports::StoreError;

namespace {

const auto momo = domain::PaymentAccountId::trusted("momo");

SavedMethod asked(std::uint64_t number, std::uint64_t account = 1)
{
    return {
        .id = id_of<SavedMethodId>(number),
        .account = id_of<domain::AccountId>(account),
        .method = PaymentMethod::momo,
        .payment_account = momo,
        .order_id = "bind-" + std::to_string(number),
        .invitation = {.pay_url = "https://pay.test/1", .deep_link = "momo://1"},
        .position = static_cast<int>(number),
        .created_at = noon,
        .updated_at = noon,
    };
}

SavedMethod usable(std::uint64_t number, std::uint64_t account = 1)
{
    SavedMethod saved = asked(number, account);
    saved.state = SavedMethodState::usable;
    saved.token = SecretText{"token-in-clear"};
    saved.binding_id = "b-1";
    saved.label = "Ví chính";
    saved.masked = "09****123";
    saved.expires_at = noon + 24h;
    return saved;
}

} // namespace

TEST_P(WalletContract, OneIsAddedOnlyToTheWalletThatWasSeen)
{
    const auto add = [&](std::uint64_t number, std::size_t seen, std::uint64_t account = 1) {
        return wait(store().change_wallet(
            {.methods = {usable(number, account)},
             .kept_before = seen,
             .actor = "customer",
             .why = "adds",
             .now = noon}));
    };
    ASSERT_TRUE(add(1, 0));
    EXPECT_EQ(add(2, 0), std::unexpected(StoreError::conflict)) << "somebody was faster";
    EXPECT_TRUE(add(2, 1));
    EXPECT_TRUE(add(3, 0, 2)) << "another account's wallet";
    SavedMethod gone = stored(1);
    gone.state = SavedMethodState::removed;
    ASSERT_TRUE(keep({gone}));
    EXPECT_TRUE(add(4, 1)) << "what was removed is not kept";
}

TEST_P(WalletContract, ASavedMethodIsKeptWhole)
{
    SavedMethod first = usable(1);
    first.is_default = true;
    ASSERT_TRUE(keep({first}));
    const SavedMethod read = stored(1);
    EXPECT_EQ(read.account, first.account);
    EXPECT_EQ(read.method, PaymentMethod::momo);
    EXPECT_EQ(read.payment_account, momo);
    EXPECT_EQ(read.state, SavedMethodState::usable);
    EXPECT_EQ(read.order_id, "bind-1");
    EXPECT_EQ(read.invitation, first.invitation);
    EXPECT_EQ(read.token.reveal(), "token-in-clear");
    EXPECT_EQ(read.binding_id, "b-1");
    EXPECT_EQ(read.label, "Ví chính");
    EXPECT_EQ(read.masked, "09****123");
    EXPECT_EQ(read.expires_at, noon + 24h);
    EXPECT_TRUE(read.is_default);
    EXPECT_EQ(read.position, 1);
    EXPECT_EQ(read.created_at, noon);
    EXPECT_EQ(read.version, 1);
    const auto by_order = wait(store().saved_method_of_order(momo, "bind-1")).value();
    ASSERT_TRUE(by_order);
    EXPECT_EQ(by_order->id, first.id);
    EXPECT_FALSE(wait(store().saved_method_of_order(momo, "bind-2")).value());
    EXPECT_FALSE(wait(store().saved_method_of_order(momo, "")).value());
    EXPECT_FALSE(wait(store().load_saved_method(id_of<SavedMethodId>(9))).value());
}

TEST_P(WalletContract, TheTokenIsNotInTheDatabaseInClear)
{
    ASSERT_TRUE(keep({usable(1)}));
    EXPECT_EQ(stored(1).token.reveal(), "token-in-clear");
    if (backend_->is_inline()) return; // nobody else can look into a database in memory
    std::string kept;
    look()->one("select token_sealed from saved_method", "t", {}, [&](adapters::Row& row) {
        kept = row.text();
    });
    EXPECT_TRUE(kept.starts_with("k1:")) << kept;
    EXPECT_EQ(kept.find("token-in-clear"), std::string::npos);
}

TEST_P(WalletContract, AMethodChangesFromTheVersionThatWasLoadedOnly)
{
    ASSERT_TRUE(keep({asked(1)}, "asked"));
    EXPECT_EQ(keep({asked(1)}).error(), StoreError::conflict); // it is there already
    SavedMethod bound = usable(1);
    bound.version = 1;
    ASSERT_TRUE(keep({bound}, "agreed"));
    EXPECT_EQ(keep({bound}).error(), StoreError::conflict);
    bound.version = 2;
    bound.label = "Other";
    ASSERT_TRUE(keep({bound}, "renamed"));

    // Of two that change together, both or none.
    SavedMethod stale = bound;
    stale.label = "Lost";
    EXPECT_EQ(keep({asked(2), stale}).error(), StoreError::conflict);
    EXPECT_FALSE(wait(store().load_saved_method(id_of<SavedMethodId>(2))).value());
    EXPECT_EQ(stored(1).label, "Other");

    const auto events = wait(store().events_of_method(bound.id)).value();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].state_before, "");
    EXPECT_EQ(events[0].state_after, "asked");
    EXPECT_EQ(events[1].state_after, "usable");
    EXPECT_EQ(events[1].why, "agreed");
    EXPECT_EQ(events[1].actor, "customer");
}

TEST_P(WalletContract, AnAccountHasOneDefaultAtMost)
{
    SavedMethod first = usable(1);
    first.is_default = true;
    SavedMethod others = usable(3, 2);
    others.is_default = true;
    ASSERT_TRUE(keep({first, usable(2), others}));
    SavedMethod second = stored(2);
    second.is_default = true;
    ASSERT_TRUE(keep({second}));
    EXPECT_FALSE(stored(1).is_default);
    EXPECT_TRUE(stored(2).is_default);
    EXPECT_TRUE(stored(3).is_default) << "of another account";
    // Who loaded the first as the default must not make it that again.
    first.version = 1;
    EXPECT_EQ(keep({first}).error(), StoreError::conflict);

    // All of the wallet in one step, however it is ordered.
    SavedMethod a = stored(1);
    SavedMethod b = stored(2);
    a.is_default = true;
    b.is_default = false;
    ASSERT_TRUE(keep({a, b}));
    EXPECT_TRUE(stored(1).is_default);
}

TEST_P(WalletContract, AWalletHoldsWhatMayStillPay)
{
    SavedMethod failed = asked(4);
    failed.state = SavedMethodState::failed;
    SavedMethod leaving = usable(5);
    leaving.state = SavedMethodState::leaving;
    SavedMethod expired = usable(6);
    expired.state = SavedMethodState::expired;
    expired.position = 0;
    ASSERT_TRUE(keep({usable(1), asked(2), usable(3, 2), failed, leaving, expired}));
    std::vector<SavedMethodId> ids;
    for (const SavedMethod& each :
         wait(store().saved_methods_of(id_of<domain::AccountId>(1))).value())
        ids.push_back(each.id);
    EXPECT_EQ(
        ids,
        (std::vector{id_of<SavedMethodId>(6), id_of<SavedMethodId>(1), id_of<SavedMethodId>(2)}));
}

TEST_P(WalletContract, UsageCountsWhatWasPaid)
{
    const auto pay = [&](std::uint64_t number, std::optional<SavedMethodId> with,
                         TransactionState state, Money refunded) {
        Transaction txn = transaction_of(number, 1, static_cast<unsigned>(number));
        if (with) txn.method = PaymentMethod::momo;
        txn.saved_method = with;
        txn.created_at = noon + Seconds{static_cast<std::int64_t>(number)};
        const auto opened = buy(intent_of(txn, "key-" + std::to_string(number)));
        ASSERT_TRUE(opened);
        EXPECT_EQ(opened->transaction.saved_method, with);
        ports::Step step;
        step.transaction = opened->transaction;
        step.transaction->state = state;
        step.transaction->refunded = refunded;
        ASSERT_TRUE(commit(std::move(step)));
    };
    const auto first = id_of<SavedMethodId>(1);
    pay(1, first, TransactionState::success, Money{0});
    pay(2, first, TransactionState::success, Money{2'000});
    pay(3, first, TransactionState::failed, Money{0});
    pay(4, std::nullopt, TransactionState::success, Money{0});
    EXPECT_EQ(
        wait(store().load_transaction(id_of<domain::TransactionId>(1))).value()->saved_method,
        first);

    const auto usage = wait(store().method_usage_of(id_of<domain::AccountId>(1))).value();
    ASSERT_EQ(usage.size(), 2U);
    const auto& of_pc = usage[0].method ? usage[1] : usage[0];
    const auto& of_first = usage[0].method ? usage[0] : usage[1];
    EXPECT_EQ(of_first.method, first);
    EXPECT_EQ(of_first.payments, 2);
    EXPECT_EQ(of_first.total, Money{22'000});
    EXPECT_EQ(of_first.last_used_at, noon + 2s);
    EXPECT_EQ(of_pc.payments, 1);
    EXPECT_EQ(of_pc.total, Money{12'000});
    EXPECT_TRUE(wait(store().method_usage_of(id_of<domain::AccountId>(2))).value().empty());
}

TEST_P(WalletContract, JobsChangeWithTheMethod)
{
    const ports::Job job{
        .id = id_of<domain::JobId>(1),
        .kind = ports::JobKind::link_method,
        .subject = asked(1).id.value(),
        .due_at = noon,
    };
    ASSERT_TRUE(keep({asked(1)}, "asked", {job}));
    const auto taken = wait(store().lease_jobs(noon, noon, noon + 60s, 10)).value();
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken.front().kind, ports::JobKind::link_method);
    ASSERT_TRUE(wait(store().change_wallet(
        {.methods = {}, .jobs = {}, .finished = {job.id}, .actor = {}, .why = {}, .now = noon})));
    EXPECT_TRUE(wait(store().lease_jobs(noon + 2h, noon + 2h, noon + 3h, 10)).value().empty());
}

} // namespace iwas::testing_support
