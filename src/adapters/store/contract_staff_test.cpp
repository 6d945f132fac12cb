// The register of staff, and what staff looks for, on every engine.
#include "tests/store/suites.hpp"

#include <gmock/gmock.h>

namespace iwas::testing_support {

using domain::StaffMember;
using domain::StaffRole;
using ports::StoreError;
using ::testing::ElementsAre;

namespace {

const auto arena = domain::OrganizationId::trusted("arena");
const auto q7 = domain::LocationId::trusted("q7");
const auto q_7 = domain::LocationId::trusted("q_7");
const auto bank = domain::PaymentAccountId::trusted("bank");

StaffMember member_of(std::string name)
{
    StaffMember member;
    member.name = domain::StaffId::trusted(std::move(name));
    member.organization = arena;
    member.locations = {q7, q_7};
    member.role = StaffRole::manager;
    member.added_at = noon;
    return member;
}

Sha256Digest digest_of(std::uint8_t number)
{
    Sha256Digest digest{};
    digest[31] = number;
    return digest;
}

} // namespace

TEST_P(StaffContract, AMemberIsFoundByHisTokenUntilItIsRevoked)
{
    ASSERT_TRUE(wait(store().add_staff(member_of("lan"), digest_of(1), "command")));
    const auto found = wait(store().staff_of_token(digest_of(1))).value();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->name.text(), "lan");
    EXPECT_EQ(found->organization, arena);
    EXPECT_EQ(found->locations, (std::set{q7, q_7}));
    EXPECT_EQ(found->role, StaffRole::manager);
    EXPECT_EQ(found->added_at, noon);
    EXPECT_FALSE(found->revoked_at);
    EXPECT_FALSE(wait(store().staff_of_token(digest_of(2))).value());
    EXPECT_FALSE(wait(store().staff_of_token(Sha256Digest{})).value());

    const auto lan = domain::StaffId::trusted("lan");
    EXPECT_TRUE(wait(store().revoke_staff(lan, "command", noon + 1s)).value());
    EXPECT_FALSE(wait(store().revoke_staff(lan, "command", noon + 2s)).value());
    EXPECT_FALSE(wait(store().staff_of_token(digest_of(1))).value());
    const auto all = wait(store().all_staff()).value();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all.front().revoked_at, noon + 1s);
    const auto audit = wait(store().recent_audit(10)).value();
    ASSERT_EQ(audit.size(), 2U);
    EXPECT_EQ(audit[0].action, "staff.revoked");
    EXPECT_EQ(audit[1].action, "staff.added");
    EXPECT_EQ(audit[1].subject, "lan");
    EXPECT_EQ(audit[1].detail, "manager of arena: q7 q_7");
}

TEST_P(StaffContract, ANameIsTakenUntilItIsRevoked)
{
    ASSERT_TRUE(wait(store().add_staff(member_of("lan"), digest_of(1), "command")));
    EXPECT_EQ(
        wait(store().add_staff(member_of("lan"), digest_of(2), "command")).error(),
        StoreError::conflict);
    EXPECT_FALSE(wait(store().staff_of_token(digest_of(2))).value());
    ASSERT_TRUE(wait(store().add_staff(member_of("binh"), digest_of(3), "command")));
    ASSERT_TRUE(
        wait(store().revoke_staff(domain::StaffId::trusted("lan"), "command", noon)).value());
    auto again = member_of("lan");
    again.locations.clear();
    again.role = StaffRole::viewer;
    ASSERT_TRUE(wait(store().add_staff(again, digest_of(4), "command")));
    EXPECT_FALSE(wait(store().staff_of_token(digest_of(1))).value()) << "the old token is gone";
    EXPECT_TRUE(wait(store().staff_of_token(digest_of(4))).value()->locations.empty());
    const auto all = wait(store().all_staff()).value();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all.front().name.text(), "binh");
}

TEST_P(StaffContract, TransactionsArePagedByTimeAndNotById)
{
    // The part of an old payment that is given back later has an old id.
    for (const std::uint64_t number : {5U, 3U, 4U, 1U, 2U}) {
        auto txn = transaction_of(number, number, static_cast<unsigned>(number));
        txn.created_at = noon + Seconds{number == 1 ? 100 : static_cast<int>(number)};
        ASSERT_TRUE(buy(intent_of(txn, "k" + std::to_string(number))));
    }
    ports::TransactionFilter filter{.organization = arena};
    const auto id = [](std::uint64_t number) { return id_of<domain::TransactionId>(number); };
    EXPECT_THAT(pages_of(filter), ElementsAre(id(1), id(5), id(4), id(3), id(2)));
}

TEST_P(StaffContract, TransactionsAreFoundByScopeNameAndReference)
{
    auto catalog = cafe_catalog();
    catalog.payment_accounts[bank].id = bank;
    catalog.payment_accounts[bank].organization = arena;
    catalog.payment_accounts[bank].method = domain::PaymentMethod::vietqr;
    ASSERT_TRUE(wait(store().replace_catalog(catalog, "test", noon)));
    domain::Account account;
    account.id = transaction_of(1, 1).account;
    account.location = q7;
    account.member_id = "m-1";
    account.user_name = "Minh";
    account.last_sign_in = noon;
    ASSERT_TRUE(wait(store().keep_account(account)));

    auto order = transaction_of(1, 1, 1);
    order.method = domain::PaymentMethod::vietqr;
    order.payment_account = bank;
    order.order_id = "IW1";
    const auto opened = buy(intent_of(order, "k1"));
    ASSERT_TRUE(opened);
    auto elsewhere = transaction_of(2, 2, 2);
    elsewhere.location = domain::LocationId::trusted("qx7");
    ASSERT_TRUE(buy(intent_of(elsewhere, "k2")));
    ports::Step pays;
    pays.transaction = opened->transaction;
    pays.transaction->state = domain::TransactionState::refunding;
    pays.transaction->is_refund_queued = true;
    pays.why = "the bank takes nothing back";
    domain::Payment payment;
    payment.id = id_of<domain::PaymentId>(1);
    payment.account = bank;
    payment.gateway_id = "FT1";
    payment.transaction = order.id;
    payment.amount = Money{5'000};
    payment.paid_at = payment.recorded_at = noon;
    pays.payments = {payment};
    ASSERT_TRUE(commit(pays));

    const auto count = [&](ports::TransactionFilter filter) {
        filter.organization = arena;
        return wait(store().find_transactions(std::move(filter), 10)).value().size();
    };
    EXPECT_EQ(count({}), 2U);
    EXPECT_EQ(count({.locations = {q7}}), 1U);
    EXPECT_EQ(count({.locations = {q_7}}), 0U) << "a blank is no wildcard";
    EXPECT_EQ(count({.locations = {q7, elsewhere.location}}), 2U);
    EXPECT_EQ(count({.is_queued = true}), 1U);
    EXPECT_EQ(count({.state = domain::TransactionState::pending}), 1U);
    EXPECT_EQ(count({.state = domain::TransactionState::refunding}), 1U);
    EXPECT_EQ(count({.user_name = "mINH"}), 1U);
    EXPECT_EQ(count({.user_name = "min"}), 0U);
    for (const std::string& reference :
         {to_string(order.id), std::string{"IW1"}, std::string{"FT1"}})
        EXPECT_EQ(count({.reference = reference}), 1U) << reference;
    EXPECT_EQ(count({.reference = "FT"}), 0U);
    EXPECT_EQ(count({.reference = ""}), 0U);
    EXPECT_EQ(count({.user_name = "minh", .reference = "IW1"}), 1U);
    EXPECT_EQ(count({.user_name = "other", .reference = "IW1"}), 0U);
    EXPECT_EQ(count({.locations = {elsewhere.location}, .reference = "IW1"}), 0U);

    const auto queue = [&](ports::QueueFilter filter) {
        return wait(store().queued_refunds(std::move(filter), 10)).value();
    };
    const auto lines = queue({.organization = arena, .after_since = {}, .after = {}});
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines.front().transaction.id, order.id);
    EXPECT_EQ(lines.front().why, "the bank takes nothing back");
    EXPECT_TRUE(queue({.organization = arena,
                       .after_since = lines.front().since,
                       .after = lines.front().transaction.id})
                    .empty());
    EXPECT_TRUE(
        queue({.organization = arena, .locations = {q_7}, .after_since = {}, .after = {}}).empty());
    EXPECT_TRUE(queue({.organization = domain::OrganizationId::trusted("galaxy"),
                       .after_since = {},
                       .after = {}})
                    .empty());
}

TEST_P(StaffContract, NamesAreFoundWhateverTheirCaseAndSpelling)
{
    ASSERT_TRUE(wait(store().replace_catalog(cafe_catalog(), "test", noon)));
    domain::Account account;
    account.id = transaction_of(1, 1).account;
    account.location = q7;
    account.member_id = "m-1";
    account.user_name = "Đặng Ánh";
    account.last_sign_in = noon;
    ASSERT_TRUE(wait(store().keep_account(account)));
    ASSERT_TRUE(buy(intent_of(transaction_of(1, 1, 1), "k1")));
    const auto count = [&](const std::string& name) {
        return wait(store().find_transactions({.organization = arena, .user_name = name}, 10))
            .value()
            .size();
    };
    EXPECT_EQ(count("Đặng Ánh"), 1U);
    EXPECT_EQ(count("đặng ánh"), 1U);
    EXPECT_EQ(count("ĐẶNG ÁNH"), 1U);
    EXPECT_EQ(count("\u0111\u0061\u0323\u0306ng a\u0301nh"), 1U) << "with marks that combine";
    EXPECT_EQ(count("dang anh"), 0U) << "another name";
    EXPECT_TRUE(wait(store().account_of_user_name(q7, "ĐẶNG ÁNH")).value());

    account.user_name = "Bình"; // he changed it at the PC system
    ASSERT_TRUE(wait(store().keep_account(account)));
    EXPECT_EQ(count("BÌNH"), 1U);
    EXPECT_EQ(count("đặng ánh"), 0U);
}

TEST_P(StaffContract, ANameIsLookedForInTheScopeOnly)
{
    // More of that name elsewhere than anybody looks through.
    const auto far = domain::LocationId::trusted("far");
    auto catalog = cafe_catalog();
    catalog.locations[far] = catalog.locations.at(q7);
    catalog.locations[far].id = far;
    ASSERT_TRUE(wait(store().replace_catalog(catalog, "test", noon)));
    for (std::uint64_t number = 1; number <= 101; ++number) {
        domain::Account account;
        account.id = transaction_of(number, number).account;
        account.location = number == 1 ? q7 : far;
        account.member_id = "m-" + std::to_string(number);
        account.user_name = "Minh";
        account.last_sign_in = noon + Seconds{static_cast<int>(number)};
        ASSERT_TRUE(wait(store().keep_account(account)));
    }
    ASSERT_TRUE(buy(intent_of(transaction_of(1, 1, 1), "k1")));
    const auto count = [&](ports::TransactionFilter filter) {
        filter.organization = arena;
        filter.user_name = "minh";
        return wait(store().find_transactions(std::move(filter), 10)).value().size();
    };
    EXPECT_EQ(count({.locations = {q7}}), 1U);
    EXPECT_EQ(count({.location = q7}), 1U);
    EXPECT_EQ(count({.locations = {far}}), 0U);
}

TEST_P(StaffContract, AScopeOfSeveralLocationsIsOneList)
{
    const auto qx7 = domain::LocationId::trusted("qx7");
    for (std::uint64_t number = 1; number <= 6; ++number) {
        auto txn = transaction_of(number, number, static_cast<unsigned>(number));
        if (number % 2 == 0) txn.location = qx7;
        if (number == 6) txn.location = domain::LocationId::trusted("far");
        txn.created_at = noon + Seconds{static_cast<int>(number)};
        ASSERT_TRUE(buy(intent_of(txn, "k" + std::to_string(number))));
    }
    ports::TransactionFilter filter{.organization = arena, .locations = {q7, qx7}};
    const auto id = [](std::uint64_t number) { return id_of<domain::TransactionId>(number); };
    EXPECT_THAT(pages_of(filter), ElementsAre(id(5), id(4), id(3), id(2), id(1)));
    filter.state = domain::TransactionState::pending;
    EXPECT_EQ(wait(store().find_transactions(filter, 10)).value().size(), 5U);
    filter.state = domain::TransactionState::failed;
    EXPECT_TRUE(wait(store().find_transactions(filter, 10)).value().empty());
}

TEST_P(StaffContract, DifferencesArePagedAndSeenByScope)
{
    for (const std::uint64_t number : {1U, 2U, 3U}) {
        domain::Difference found;
        found.id = id_of<domain::DifferenceId>(number);
        found.organization = arena;
        found.day = "2026-11-26";
        found.subject = number == 2
                            ? domain::ReconciliationSubject{domain::OtherSide::pc_system, "q7"}
                            : domain::ReconciliationSubject{domain::OtherSide::gateway, "bank"};
        found.reference = "r" + std::to_string(number);
        found.found_at = found.updated_at = noon + Seconds{number == 1 ? 9 : 1};
        ASSERT_TRUE(wait(store().keep_difference(found, "r", "")));
    }
    const auto ids = [&](ports::DifferenceFilter filter) {
        std::vector<domain::DifferenceId> found;
        for (const auto& each : wait(store().find_differences(std::move(filter), 10)).value())
            found.push_back(each.id);
        return found;
    };
    const auto id = [](std::uint64_t number) { return id_of<domain::DifferenceId>(number); };
    EXPECT_THAT(ids({.organization = arena}), ElementsAre(id(1), id(3), id(2)));
    EXPECT_THAT(ids({.organization = arena, .before = id(1)}), ElementsAre(id(3), id(2)));
    EXPECT_THAT(ids({.organization = arena, .before = id(3)}), ElementsAre(id(2)));
    EXPECT_THAT(ids({.organization = arena, .before = id(2)}), ElementsAre());
    EXPECT_THAT(ids({.organization = arena, .locations = {q7}}), ElementsAre(id(2)));
    EXPECT_THAT(ids({.organization = arena, .locations = {q_7}}), ElementsAre());
    EXPECT_THAT(ids({.organization = arena, .locations = {q_7, q7}}), ElementsAre(id(2)));
    EXPECT_THAT(
        ids({.organization = arena, .day = "2026-11-26", .locations = {q7}}), ElementsAre(id(2)));
}

} // namespace iwas::testing_support
