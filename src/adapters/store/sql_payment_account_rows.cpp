// A payment account's row: its settings as one JSON object, its secrets sealed.
#include "adapters/store/catalog_values.hpp"
#include "adapters/store/sql_catalog_rows.hpp"

namespace iwas::adapters {

namespace json = boost::json;
using namespace domain;

namespace {

json::object fee_settings(const FeeRule& fee)
{
    return {
        {"basis_points", fee.basis_points},
        {"minimum", fee.minimum.vnd()},
        {"maximum", fee.maximum.vnd()},
    };
}

const json::object& object_in(const json::value& value)
{
    if (!value.is_object()) damaged("a payment account's setting is no object");
    return value.get_object();
}

BankFeed feed_of(const json::object& object)
{
    BankFeed feed;
    const auto kind = bank_feed_kind_from(json_text(object, "kind"));
    const auto proof = bank_feed_proof_from(json_text(object, "proof"));
    if (!kind || !proof) damaged("unknown kind or proof of a bank feed");
    feed.kind = *kind;
    feed.proof = *proof;
    feed.base_url = json_text(object, "base_url");
    return feed;
}

void set_settings(PaymentAccount& account, const json::object& object)
{
    account.is_enabled = json_flag(object, "is_enabled");
    account.base_url = json_text(object, "base_url");
    account.page_url = json_text(object, "page_url");
    account.token_url = json_text(object, "token_url");
    account.merchant = json_text(object, "merchant");
    account.public_key = json_text(object, "public_key");
    account.saves_tokens = json_flag(object, "saves_tokens");
    // Accounts from before it existed have none.
    account.refund_waits_for_bank =
        object.contains("refund_waits_for_bank") && json_flag(object, "refund_waits_for_bank");
    account.bank_bin = json_text(object, "bank_bin");
    account.bank_account = json_text(object, "bank_account");
    account.bank_holder = json_text(object, "bank_holder");
    account.unique_amount_max = Money{json_integer(object, "unique_amount_max")};
    for (const json::value& each : list_in(object, "feeds"))
        account.feeds.push_back(feed_of(object_in(each)));
    const auto* const fee = object.if_contains("fee");
    if (!fee) damaged("a payment account has no fee");
    account.fee.basis_points = json_integer(object_in(*fee), "basis_points");
    account.fee.minimum = Money{json_integer(object_in(*fee), "minimum")};
    account.fee.maximum = Money{json_integer(object_in(*fee), "maximum")};
}

/// Two secrets a feed; see payment_feed_secrets.
void set_feed_secrets(PaymentAccount& account, const SecretText& text)
{
    std::vector<SecretText> secrets = split_secrets(text);
    if (secrets.size() != account.feeds.size() * 2) damaged("a bank feed's secrets are missing");
    for (std::size_t i = 0; i < account.feeds.size(); ++i) {
        account.feeds[i].webhook_secret = std::move(secrets[2 * i]);
        account.feeds[i].api_token = std::move(secrets[2 * i + 1]);
    }
}

} // namespace

std::string payment_account_settings(const PaymentAccount& account)
{
    json::array feeds;
    for (const BankFeed& feed : account.feeds)
        feeds.emplace_back(json::object{
            {"kind", to_text(feed.kind)},
            {"proof", to_text(feed.proof)},
            {"base_url", feed.base_url},
        });
    return json::serialize(json::object{
        {"is_enabled", account.is_enabled},
        {"base_url", account.base_url},
        {"page_url", account.page_url},
        {"token_url", account.token_url},
        {"merchant", account.merchant},
        {"public_key", account.public_key},
        {"saves_tokens", account.saves_tokens},
        {"refund_waits_for_bank", account.refund_waits_for_bank},
        {"bank_bin", account.bank_bin},
        {"bank_account", account.bank_account},
        {"bank_holder", account.bank_holder},
        {"unique_amount_max", account.unique_amount_max.vnd()},
        {"feeds", std::move(feeds)},
        {"fee", fee_settings(account.fee)},
    });
}

SecretText payment_feed_secrets(const PaymentAccount& account)
{
    std::vector<SecretText> secrets;
    for (const BankFeed& feed : account.feeds) {
        secrets.push_back(feed.webhook_secret);
        secrets.push_back(feed.api_token);
    }
    return joined_secrets(secrets);
}

void read_payment_accounts(Connection& db, const KeyRing& keys, Catalog& catalog)
{
    db.each(
        "select id, organization_id, method, settings, access_key_sealed, secret_key_sealed, "
        "callback_key_sealed, feed_secrets_sealed from payment_account where archived_at is null",
        "tttttttt", {}, [&](Row& row) {
            PaymentAccount account;
            account.id = row.key<PaymentAccountId>();
            account.organization = row.key<OrganizationId>();
            account.method = payment_method_of(row.text());
            set_settings(account, json_object_of(row.text()));
            const auto open = [&](std::string_view column) {
                return opened(keys, row.text(), sealed_place(column, account.id.text()));
            };
            account.access_key = open("payment_account.access_key_sealed");
            account.secret_key = open("payment_account.secret_key_sealed");
            account.callback_key = open("payment_account.callback_key_sealed");
            set_feed_secrets(account, open("payment_account.feed_secrets_sealed"));
            catalog.payment_accounts.emplace(account.id, account);
        });
}

void keep_payment_account(Connection& db, const KeyRing& keys, const PaymentAccount& account)
{
    const auto seal = [&](const SecretText& secret, std::string_view column) {
        return sealed(keys, secret, sealed_place(column, account.id.text()));
    };
    db.run(
        "insert into payment_account (id, organization_id, method, settings, access_key_sealed, "
        "secret_key_sealed, callback_key_sealed, feed_secrets_sealed) values (:id, :organization, "
        ":method, :settings, :access_key, :secret_key, :callback_key, :feed_secrets) "
        "on conflict (id) do update set organization_id = excluded.organization_id, "
        "method = excluded.method, settings = excluded.settings, "
        "access_key_sealed = excluded.access_key_sealed, "
        "secret_key_sealed = excluded.secret_key_sealed, "
        "callback_key_sealed = excluded.callback_key_sealed, "
        "feed_secrets_sealed = excluded.feed_secrets_sealed, archived_at = null",
        {account.id, account.organization, to_text(account.method),
         payment_account_settings(account),
         seal(account.access_key, "payment_account.access_key_sealed"),
         seal(account.secret_key, "payment_account.secret_key_sealed"),
         seal(account.callback_key, "payment_account.callback_key_sealed"),
         seal(payment_feed_secrets(account), "payment_account.feed_secrets_sealed")});
}

} // namespace iwas::adapters
