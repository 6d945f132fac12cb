#include "tests/store/suites.hpp"

#include <algorithm>

namespace iwas::testing_support {

using namespace domain;
using ports::OpenPurchaseError;
using ports::Step;
using ports::StoreError;

TEST_P(LedgerContract, KeepsEveryFieldOfATransaction)
{
    auto intent = intent_of(transaction_of(1), "k");
    intent.transaction.available = Money{3'000};
    const auto opened = buy(intent);
    ASSERT_TRUE(opened);
    EXPECT_TRUE(opened->is_new);
    EXPECT_EQ(opened->transaction.version, 1);

    auto changed = opened->transaction;
    changed.state = TransactionState::failed;
    changed.reason = TransactionReason::insufficient_balance;
    changed.charge_id = "c-1";
    changed.refund_id = "by hand: r-2";
    changed.gateway_refund_id = "r-1";
    changed.updated_at = noon + 5s;
    const auto committed = commit({.transaction = changed, .why = "declined"});
    ASSERT_TRUE(committed);
    EXPECT_EQ(committed->transaction_version, 2);

    const auto stored = *wait(store().load_transaction(changed.id)).value();
    EXPECT_EQ(stored.organization, changed.organization);
    EXPECT_EQ(stored.location, changed.location);
    EXPECT_EQ(stored.account, changed.account);
    EXPECT_EQ(stored.amount, Money{12'000});
    EXPECT_EQ(stored.state, TransactionState::failed);
    EXPECT_EQ(stored.reason, TransactionReason::insufficient_balance);
    EXPECT_EQ(stored.charge_id, "c-1");
    EXPECT_EQ(stored.refund_id, "by hand: r-2");
    EXPECT_EQ(stored.gateway_refund_id, "r-1");
    EXPECT_EQ(stored.terms, changed.terms);
    EXPECT_EQ(stored.session, changed.session);
    EXPECT_FALSE(stored.is_extension);
    EXPECT_EQ(stored.available, Money{3'000});
    EXPECT_EQ(stored.mac, changed.mac);
    EXPECT_EQ(stored.ip, changed.ip);
    EXPECT_EQ(stored.router, changed.router);
    EXPECT_EQ(stored.created_at, noon);
    EXPECT_EQ(stored.updated_at, noon + 5s);
    EXPECT_EQ(stored.version, 2);
    EXPECT_FALSE(wait(store().load_transaction(id_of<TransactionId>(99))).value());

    const auto db = look();
    std::vector<std::string> events;
    db->each(
        "select state_before, state_after, why from txn_event order by id", "ttt", {},
        [&](adapters::Row& row) {
            const std::string before = row.text();
            const std::string after = row.text();
            events.push_back(before + ">" + after + " " + row.text());
        });
    EXPECT_EQ(
        events,
        (std::vector<std::string>{">created ", "created>pending ", "pending>failed declined"}));
}

TEST_P(LedgerContract, TheSameRequestOpensOnePurchase)
{
    const auto first = buy(intent_of(transaction_of(1), "k"));
    ASSERT_TRUE(first);
    const auto again = buy(intent_of(transaction_of(2), "k"));
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->is_new);
    EXPECT_EQ(again->transaction.id, first->transaction.id);

    auto other = intent_of(transaction_of(3), "k");
    other.request_hash = sha256({as_bytes("another body")});
    EXPECT_EQ(buy(other).error(), OpenPurchaseError::key_reused);
    // The key belongs to the account.
    EXPECT_TRUE(buy(intent_of(transaction_of(4, 2, 2), "k"))->is_new);
}

TEST_P(LedgerContract, RefusesASecondPurchaseForADevice)
{
    const auto first = buy(intent_of(transaction_of(1), "k1"));
    ASSERT_TRUE(first);
    EXPECT_EQ(
        buy(intent_of(transaction_of(2, 2), "k2")).error(),
        OpenPurchaseError::device_already_active);
    const auto unfinished =
        wait(store().unfinished_transaction_of_device(LocationId::trusted("q7"), mac_of(1)));
    EXPECT_EQ(unfinished.value()->id, first->transaction.id);
    // At another location it is another matter.
    auto elsewhere = transaction_of(3, 3);
    elsewhere.location = LocationId::trusted("q1");
    EXPECT_TRUE(buy(intent_of(elsewhere, "k3")));

    auto failed = first->transaction;
    failed.state = TransactionState::failed;
    ASSERT_TRUE(commit({.transaction = failed}));
    EXPECT_TRUE(buy(intent_of(transaction_of(4, 2), "k4")));
}

TEST_P(LedgerContract, RefusesADeviceThatIsOnlineUnlessItsSessionIsExtended)
{
    const Session session = sold(1);
    EXPECT_EQ(
        buy(intent_of(transaction_of(2, 2), "k2")).error(),
        OpenPurchaseError::device_already_active);

    auto extension = transaction_of(3);
    extension.is_extension = true;
    extension.session = session.id;
    ASSERT_TRUE(buy(intent_of(extension, "k3")));
    extension.id = id_of<TransactionId>(4);
    EXPECT_EQ(buy(intent_of(extension, "k4")).error(), OpenPurchaseError::device_already_active);
    // The extension of another session does not excuse this one.
    auto foreign = transaction_of(5, 2);
    foreign.is_extension = true;
    foreign.session = id_of<SessionId>(77);
    EXPECT_EQ(buy(intent_of(foreign, "k5")).error(), OpenPurchaseError::device_already_active);
}

TEST_P(LedgerContract, KeepsCapacityAndDailyLimit)
{
    sold(1, 1, 1);
    auto second = intent_of(transaction_of(2, 2, 2), "k2");
    second.capacity = 2;
    ASSERT_TRUE(buy(second));
    auto third = intent_of(transaction_of(3, 3, 3), "k3");
    third.capacity = 2;
    EXPECT_EQ(buy(third).error(), OpenPurchaseError::at_capacity);
    third.capacity = 3;
    EXPECT_TRUE(buy(third));

    auto limited = intent_of(transaction_of(4, 1, 4), "k4");
    limited.purchases_per_day_max = 1;
    EXPECT_EQ(buy(limited).error(), OpenPurchaseError::purchase_limit);
    limited.day_start = noon + 1s;
    EXPECT_TRUE(buy(limited));
}

TEST_P(LedgerContract, AConflictUndoesTheWholeStep)
{
    const Session session = sold(1);
    Step step;
    step.session = session;
    step.session->version = 9;
    ports::Job job;
    job.id = id_of<JobId>(50);
    job.due_at = noon;
    step.jobs.push_back(job);
    auto transaction = *wait(store().load_transaction(session.transaction)).value();
    transaction.state = TransactionState::refunding;
    step.transaction = transaction;
    EXPECT_EQ(commit(step).error(), StoreError::conflict);
    EXPECT_EQ(
        wait(store().load_transaction(session.transaction)).value()->state,
        TransactionState::success);
    EXPECT_EQ(look()->number("select count(*) from job where due_at = :due", {noon}), 0);

    // Inserting what exists, and changing what does not.
    step.session->version = 0;
    step.transaction.reset();
    EXPECT_EQ(commit(step).error(), StoreError::conflict);
    step.session->id = id_of<SessionId>(1234);
    step.session->version = 1;
    EXPECT_EQ(commit(step).error(), StoreError::conflict);
    transaction.version = 1;
    EXPECT_EQ(commit({.transaction = transaction}).error(), StoreError::conflict);
}

TEST_P(LedgerContract, KeepsEveryFieldOfASession)
{
    const Session session = sold(1);
    EXPECT_EQ(session.version, 1);
    EXPECT_EQ(session.transaction, id_of<TransactionId>(1));
    EXPECT_EQ(session.account, id_of<AccountId>(1));
    EXPECT_EQ(session.organization.text(), "arena");
    EXPECT_EQ(session.location.text(), "q7");
    EXPECT_EQ(session.terms, hour_terms());
    EXPECT_EQ(session.state, SessionState::pending);
    EXPECT_EQ(session.reason, EndReason::none);
    EXPECT_EQ(session.user_name, "w-" + to_string(session.id));
    EXPECT_EQ(session.password.reveal(), "s3cret-of-" + to_string(session.id));
    EXPECT_EQ(session.created_at, noon);
    EXPECT_FALSE(session.started_at);
    EXPECT_EQ(session.remaining, 1h);
    ASSERT_EQ(session.devices.size(), 1U);
    EXPECT_EQ(session.devices.front().mac, mac_of(1));
    EXPECT_EQ(session.devices.front().router.text(), "q7-mt");
    EXPECT_EQ(session.devices.front().added_at, noon);
    EXPECT_FALSE(session.devices.front().is_online);

    const auto committed = commit({.session = activated(session, noon + 2s)});
    ASSERT_TRUE(committed);
    EXPECT_EQ(committed->session_version, 2);
    const Session active = loaded(1);
    EXPECT_EQ(active.state, SessionState::active);
    EXPECT_EQ(active.started_at, noon + 2s);
    EXPECT_EQ(active.ends_at, noon + 2s + 1h);
    EXPECT_EQ(active.remaining, 0s);
}

TEST_P(LedgerContract, AnEndedSessionMovesToHistoryForGood)
{
    const Session active = activated(sold(1), noon);
    ASSERT_TRUE(commit({.session = active}));
    const Session over =
        ended(loaded(1), SessionState::expired, EndReason::time_expired, noon + 1h);
    ASSERT_TRUE(commit({.session = over}));

    const Session history = loaded(1);
    EXPECT_EQ(history.state, SessionState::expired);
    EXPECT_EQ(history.reason, EndReason::time_expired);
    EXPECT_EQ(history.ended_at, noon + 1h);
    EXPECT_EQ(history.devices.size(), 1U);
    EXPECT_EQ(history.version, 3);
    EXPECT_TRUE(wait(store().open_sessions_of(history.account)).value().empty());
    EXPECT_FALSE(wait(store().open_session_of_device(history.location, mac_of(1))).value());
    EXPECT_EQ(look()->number("select count(*) from open_session"), 0);
    EXPECT_EQ(look()->number("select count(*) from open_session_device"), 0);

    EXPECT_EQ(commit({.session = history}).error(), StoreError::conflict);
    auto again = history;
    again.version = 0;
    EXPECT_EQ(commit({.session = again}).error(), StoreError::conflict);
}

TEST_P(LedgerContract, ADeviceJoinsOneSessionOnly)
{
    Session mine = sold(1);
    const Session other = sold(2, 2, 2);
    SessionDevice device = mine.devices.front();
    device.mac = other.devices.front().mac;
    mine.devices.push_back(device);
    EXPECT_EQ(commit({.session = mine}).error(), StoreError::device_taken);
    EXPECT_EQ(loaded(1).devices.size(), 1U);

    // Nor while a purchase for it is under way.
    mine.devices.back().mac = mac_of(3);
    const auto buying = buy(intent_of(transaction_of(3, 3, 3), "k3"));
    ASSERT_TRUE(buying);
    EXPECT_EQ(commit({.session = mine}).error(), StoreError::device_taken);

    auto failed = buying->transaction;
    failed.state = TransactionState::failed;
    ASSERT_TRUE(commit({.transaction = failed}));
    EXPECT_TRUE(commit({.session = mine}));
    EXPECT_EQ(loaded(1).devices.size(), 2U);
}

TEST_P(LedgerContract, DevicesComeAndGoWithTheSession)
{
    Session session = sold(1);
    SessionDevice second = session.devices.front();
    second.mac = mac_of(2);
    second.router = RouterId::trusted("q7-second");
    session.devices.push_back(second);
    ASSERT_TRUE(commit({.session = session}));
    EXPECT_EQ(loaded(1).devices.size(), 2U);
    EXPECT_EQ(wait(store().open_sessions_at(second.router)).value().size(), 1U);
    EXPECT_EQ(
        wait(store().open_session_of_device(session.location, mac_of(2))).value()->id, session.id);

    session = loaded(1);
    std::erase_if(session.devices, [](const auto& each) { return each.mac == mac_of(1); });
    ASSERT_TRUE(commit({.session = session}));
    ASSERT_EQ(loaded(1).devices.size(), 1U);
    EXPECT_EQ(loaded(1).devices.front().mac, mac_of(2));
    EXPECT_FALSE(wait(store().open_session_of_device(session.location, mac_of(1))).value());
    // The device is free again.
    EXPECT_TRUE(buy(intent_of(transaction_of(2, 2, 1), "k2")));
}

TEST_P(LedgerContract, PagesThroughOpenSessions)
{
    for (std::uint64_t number = 1; number <= 7; ++number)
        sold(number, number, static_cast<unsigned>(number));
    std::vector<SessionId> seen;
    for (SessionId after;;) {
        const auto page = wait(store().open_sessions_after(after, 3)).value();
        if (page.empty()) break;
        for (const Session& each : page) {
            EXPECT_EQ(each.devices.size(), 1U);
            seen.push_back(each.id);
        }
        after = page.back().id;
    }
    ASSERT_EQ(seen.size(), 7U);
    EXPECT_TRUE(std::ranges::is_sorted(seen));
}

TEST_P(LedgerContract, NewestFirst)
{
    for (std::uint64_t number = 1; number <= 3; ++number) {
        auto transaction = transaction_of(number, 1, static_cast<unsigned>(number));
        transaction.created_at = noon + Seconds{static_cast<std::int64_t>(number)};
        ASSERT_TRUE(buy(intent_of(transaction, "k" + std::to_string(number))));
        ASSERT_TRUE(commit({.session = session_of(transaction)}));
    }
    const auto transactions = wait(store().transactions_of(id_of<AccountId>(1), 2)).value();
    ASSERT_EQ(transactions.size(), 2U);
    EXPECT_EQ(transactions.front().id, id_of<TransactionId>(3));
    const auto sessions = wait(store().open_sessions_of(id_of<AccountId>(1))).value();
    ASSERT_EQ(sessions.size(), 3U);
    EXPECT_EQ(sessions.front().id, id_of<SessionId>(3));
}

TEST_P(LedgerContract, TheRefundQueueFollowsTheTransaction)
{
    const Session session = sold(1);
    auto transaction = *wait(store().load_transaction(session.transaction)).value();
    transaction.state = TransactionState::refunding;
    transaction.is_refund_queued = true;
    ASSERT_TRUE(commit({.transaction = transaction, .why = "the PC system cannot refund"}));
    const auto queue = wait(store().refund_queue(10)).value();
    ASSERT_EQ(queue.size(), 1U);
    EXPECT_EQ(queue.front().transaction.id, transaction.id);
    EXPECT_EQ(queue.front().why, "the PC system cannot refund");
    EXPECT_EQ(queue.front().since, noon + 1s);

    transaction = *wait(store().load_transaction(session.transaction)).value();
    transaction.state = TransactionState::refunded;
    transaction.is_refund_queued = false;
    ASSERT_TRUE(commit({.transaction = transaction}));
    EXPECT_TRUE(wait(store().refund_queue(10)).value().empty());
}

TEST_P(LedgerContract, ASecretAtRestIsSealed)
{
    const Session session = sold(1);
    std::string sealed;
    look()->one("select password_sealed from open_session", "t", {}, [&](adapters::Row& row) {
        sealed = row.text();
    });
    EXPECT_TRUE(sealed.starts_with("k1:"));
    EXPECT_EQ(sealed.find(session.password.reveal()), std::string::npos);
}

} // namespace iwas::testing_support
