// Cases for an organization's accounts at gateways and banks.
#include "tests/store/suites.hpp"

#include <algorithm>

namespace iwas::testing_support {

using namespace domain;

namespace {

PaymentAccount wallet_account()
{
    PaymentAccount account;
    account.id = PaymentAccountId::trusted("arena-momo");
    account.organization = OrganizationId::trusted("arena");
    account.method = PaymentMethod::momo;
    account.base_url = "https://test-payment.momo.vn";
    account.page_url = "https://page.example";
    account.token_url = "https://token.example";
    account.merchant = "MOMOTEST";
    account.access_key = SecretText{"access-in-clear"};
    account.secret_key = SecretText{"secret-in-clear"};
    account.callback_key = SecretText{"callback-in-clear"};
    account.public_key = "a public key";
    account.saves_tokens = true;
    account.refund_waits_for_bank = true;
    account.fee = {.basis_points = 110, .minimum = Money{500}, .maximum = Money{20'000}};
    return account;
}

PaymentAccount bank_account()
{
    PaymentAccount account;
    account.id = PaymentAccountId::trusted("arena-vcb");
    account.organization = OrganizationId::trusted("arena");
    account.method = PaymentMethod::vietqr;
    account.is_enabled = false;
    account.bank_bin = "970436";
    account.bank_account = "0011000000001";
    account.bank_holder = "CONG TY ARENA";
    account.unique_amount_max = Money{99};
    account.feeds = {
        {BankFeedKind::sepay, BankFeedProof::api_key, SecretText{"sepay-hook-in-clear"}, "", {}},
        {BankFeedKind::casso, BankFeedProof::hmac, SecretText{"casso-hook-in-clear"},
         "https://oauth.casso.vn", SecretText{"casso-token-in-clear"}},
    };
    return account;
}

Catalog catalog_with_accounts()
{
    Catalog catalog = cafe_catalog();
    for (const PaymentAccount& each : {wallet_account(), bank_account()})
        catalog.payment_accounts.emplace(each.id, each);
    return catalog;
}

std::vector<std::string> sealed_texts(adapters::Connection& db)
{
    std::vector<std::string> found;
    db.each(
        "select access_key_sealed || '|' || secret_key_sealed || '|' || callback_key_sealed || "
        "'|' || feed_secrets_sealed from payment_account order by id",
        "t", {}, [&](adapters::Row& row) { found.push_back(row.text()); });
    return found;
}

} // namespace

TEST_P(CatalogContract, PaymentAccountsComeBackAsTheyWereStored)
{
    ASSERT_TRUE(wait(store().replace_catalog(catalog_with_accounts(), "staff:lan", noon)));
    const Catalog stored = wait(store().load_catalog()).value();
    ASSERT_EQ(stored.payment_accounts.size(), 2U);
    const PaymentAccount& wallet =
        *stored.payment_account(OrganizationId::trusted("arena"), PaymentMethod::momo);
    EXPECT_EQ(wallet.id.text(), "arena-momo");
    EXPECT_TRUE(wallet.is_enabled);
    EXPECT_EQ(wallet.base_url, "https://test-payment.momo.vn");
    EXPECT_EQ(wallet.page_url, "https://page.example");
    EXPECT_EQ(wallet.token_url, "https://token.example");
    EXPECT_EQ(wallet.merchant, "MOMOTEST");
    EXPECT_EQ(wallet.access_key.reveal(), "access-in-clear");
    EXPECT_EQ(wallet.secret_key.reveal(), "secret-in-clear");
    EXPECT_EQ(wallet.callback_key.reveal(), "callback-in-clear");
    EXPECT_EQ(wallet.public_key, "a public key");
    EXPECT_TRUE(wallet.saves_tokens);
    EXPECT_TRUE(wallet.refund_waits_for_bank);
    EXPECT_TRUE(wallet.feeds.empty());
    EXPECT_EQ(wallet.fee, wallet_account().fee);

    const PaymentAccount& bank = stored.payment_accounts.at(bank_account().id);
    EXPECT_EQ(bank.method, PaymentMethod::vietqr);
    EXPECT_EQ(bank.organization.text(), "arena");
    EXPECT_FALSE(bank.is_enabled);
    EXPECT_EQ(bank.bank_bin, "970436");
    EXPECT_EQ(bank.bank_account, "0011000000001");
    EXPECT_EQ(bank.bank_holder, "CONG TY ARENA");
    EXPECT_EQ(bank.unique_amount_max, Money{99});
    EXPECT_TRUE(bank.secret_key.empty());
    ASSERT_EQ(bank.feeds.size(), 2U);
    EXPECT_EQ(bank.feeds[0].kind, BankFeedKind::sepay);
    EXPECT_EQ(bank.feeds[0].proof, BankFeedProof::api_key);
    EXPECT_EQ(bank.feeds[0].webhook_secret.reveal(), "sepay-hook-in-clear");
    EXPECT_TRUE(bank.feeds[0].base_url.empty());
    EXPECT_TRUE(bank.feeds[0].api_token.empty());
    EXPECT_EQ(bank.feeds[1].kind, BankFeedKind::casso);
    EXPECT_EQ(bank.feeds[1].proof, BankFeedProof::hmac);
    EXPECT_EQ(bank.feeds[1].webhook_secret.reveal(), "casso-hook-in-clear");
    EXPECT_EQ(bank.feeds[1].base_url, "https://oauth.casso.vn");
    EXPECT_EQ(bank.feeds[1].api_token.reveal(), "casso-token-in-clear");
}

TEST_P(CatalogContract, TheAuditNamesWhatChangedInAPaymentAccount)
{
    ASSERT_TRUE(wait(store().replace_catalog(catalog_with_accounts(), "staff:lan", noon)));
    Catalog changed = wait(store().load_catalog()).value();
    PaymentAccount& wallet = changed.payment_accounts.at(wallet_account().id);
    wallet.base_url = "https://payment.momo.vn";
    wallet.fee.basis_points = 150;
    wallet.secret_key = SecretText{"new-in-clear"};
    PaymentAccount& bank = changed.payment_accounts.at(bank_account().id);
    bank.is_enabled = true;
    bank.feeds[1].api_token = SecretText{"new-in-clear"};
    ASSERT_TRUE(wait(store().replace_catalog(changed, "staff:lan", noon + 1h)));
    const auto audit = wait(store().recent_audit(2)).value();
    ASSERT_EQ(audit.size(), 2U);
    EXPECT_EQ(audit[0].action, "payment_account.changed");
    EXPECT_EQ(audit[0].subject, "arena-vcb");
    EXPECT_EQ(audit[0].detail, "is_enabled, feeds.secrets");
    EXPECT_EQ(audit[1].subject, "arena-momo");
    EXPECT_EQ(audit[1].detail, "base_url, fee.basis_points, secret_key");

    // A feed less is a change of the feeds and of their secrets; nothing else, and once.
    changed.version = 2;
    bank.feeds.pop_back();
    ASSERT_TRUE(wait(store().replace_catalog(changed, "staff:lan", noon + 2h)));
    EXPECT_EQ(wait(store().recent_audit(1)).value()[0].detail, "feeds, feeds.secrets");
    changed.version = 3;
    const std::size_t lines = wait(store().recent_audit(100)).value().size();
    ASSERT_TRUE(wait(store().replace_catalog(changed, "staff:lan", noon + 3h)));
    EXPECT_EQ(wait(store().recent_audit(100)).value().size(), lines);
}

TEST_P(CatalogContract, PaymentAccountsAreArchivedNeverDeleted)
{
    const auto count = [&](const char* which) {
        return look()->number("select count(*) from " + std::string{which});
    };
    ASSERT_TRUE(wait(store().replace_catalog(catalog_with_accounts(), "staff:lan", noon)));
    Catalog empty;
    empty.version = 1;
    ASSERT_TRUE(wait(store().replace_catalog(empty, "staff:lan", noon + 1h)));
    EXPECT_TRUE(wait(store().load_catalog()).value().payment_accounts.empty());
    EXPECT_EQ(count("payment_account where archived_at is not null"), 2);
    // So their organization stays readable too, though nothing else names it.
    EXPECT_EQ(count("organization where archived_at is not null"), 1);
    EXPECT_EQ(count("router"), 0);
    const auto audit = wait(store().recent_audit(100)).value();
    const auto lines = [&](const char* action) {
        return std::ranges::count(audit, action, &ports::AuditEntry::action);
    };
    EXPECT_EQ(lines("payment_account.archived"), 2);
    EXPECT_EQ(lines("payment_account.removed"), 0);

    Catalog again = catalog_with_accounts();
    again.version = 2;
    ASSERT_TRUE(wait(store().replace_catalog(again, "staff:lan", noon + 2h)));
    EXPECT_EQ(wait(store().load_catalog()).value().payment_accounts.size(), 2U);
    EXPECT_EQ(count("payment_account where archived_at is not null"), 0);
    EXPECT_EQ(count("payment_account"), 2);
}

TEST_P(CatalogContract, PaymentSecretsAreSealedAndRotate)
{
    const std::string both_keys = "k2 bW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW0=\n"
                                  "k1 a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=";
    const std::string new_key = both_keys.substr(0, both_keys.find('\n'));
    Catalog catalog = catalog_with_accounts();
    catalog.routers.clear();
    catalog.pc_systems.clear();
    ASSERT_TRUE(wait(store().replace_catalog(catalog, "staff:lan", noon)));
    for (const std::string& text : sealed_texts(*look())) {
        EXPECT_NE(text.find("k1:"), std::string::npos);
        EXPECT_EQ(text.find("clear"), std::string::npos);
    }
    EXPECT_EQ(
        look()->number("select count(*) from payment_account where settings like '%clear%'"), 0);
    // Of one account nothing is left under the old key; of the archived other one neither.
    catalog.payment_accounts.erase(bank_account().id);
    catalog.version = 1;
    ASSERT_TRUE(wait(store().replace_catalog(catalog, "staff:lan", noon)));
    EXPECT_EQ(adapters::rotate_keys(backend_->url(), *adapters::KeyRing::parse(both_keys)), 4U);
    for (const std::string& text : sealed_texts(*look())) {
        EXPECT_NE(text.find("k2:"), std::string::npos);
        EXPECT_EQ(text.find("k1:"), std::string::npos);
    }
    store_ = open(*adapters::KeyRing::parse(new_key));
    const Catalog stored = wait(store().load_catalog()).value();
    EXPECT_EQ(
        stored.payment_accounts.at(wallet_account().id).callback_key.reveal(), "callback-in-clear");
}

TEST_P(CatalogContract, APaymentKeyThatLiesInAnotherColumnDoesNotOpen)
{
    ASSERT_TRUE(wait(store().replace_catalog(catalog_with_accounts(), "staff:lan", noon)));
    look()->run("update payment_account set callback_key_sealed = secret_key_sealed "
                "where id = 'arena-momo'");
    EXPECT_FALSE(wait(store().load_catalog()));
}

} // namespace iwas::testing_support
