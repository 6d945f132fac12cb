#include "adapters/cafe_file/cafe_file.hpp"
#include "adapters/cafe_file/catalog_difference.hpp"
#include "adapters/cafe_file/public_key_test.hpp"

#include <gtest/gtest.h>

namespace iwas::adapters {
namespace {

using namespace domain;
using Lines = std::vector<std::string>;

SecretSources sources()
{
    return {
        .environment = [](const std::string& name) -> std::optional<std::string> {
            return "value-of-" + name;
        },
        .file = [](const std::string& path) -> std::optional<std::string> {
            if (path == "/run/blank") return "with blank";
            return "secret-from-file";
        },
    };
}

/// A file with one organization and the account "pay" with `lines`.
std::string with_account(const std::string& lines)
{
    return "[organizations.arena]\nname = \"Arena\"\n"
           "[payment_accounts.pay]\norganization = \"arena\"\n" +
           lines;
}

PaymentAccount account(const std::string& lines)
{
    const auto catalog = parse_cafe(with_account(lines), sources());
    if (catalog) return catalog->payment_accounts.at(PaymentAccountId::trusted("pay"));
    for (const CafeFault& fault : catalog.error())
        ADD_FAILURE() << to_string(fault);
    return {};
}

Lines faults_in(const std::string& file)
{
    Lines lines;
    const auto catalog = parse_cafe(file, sources());
    if (catalog) return lines;
    for (const CafeFault& fault : catalog.error())
        lines.push_back(to_string(fault));
    return lines;
}
Lines faults(const std::string& lines)
{
    return faults_in(with_account(lines));
}

const std::string momo = "method = \"momo\"\npartner_code = \"MOMOTEST_1\"\n"
                         "access_key_env = \"ACCESS\"\nsecret_key_file = \"/run/secret\"\n";
const std::string zalopay =
    "method = \"zalopay\"\napp_id = \"2553\"\nkey1 = \"k-one\"\nkey2_env = \"KEY2\"\n";
const std::string vnpay =
    "method = \"vnpay\"\ntmn_code = \"CGXZLS0Z\"\nhash_secret_env = \"HASH\"\n";
const std::string payos = "method = \"payos\"\nclient_id = \"11b2c3d4-0000\"\n"
                          "api_key_env = \"API\"\nchecksum_key_env = \"SUM\"\n";
const std::string vietqr = "method = \"vietqr\"\nbank = \"970436\"\naccount = \"0011000000001\"\n"
                           "holder = \"CONG TY ARENA\"\n";
const std::string feed = "[[payment_accounts.pay.feeds]]\nkind = \"sepay\"\n"
                         "webhook_secret = \"12345678\"\n";
const std::string sandbox = "environment = \"sandbox\"\n";
const std::string production = "environment = \"production\"\n";

TEST(PaymentAccount, ReadsMomo)
{
    const PaymentAccount made = account(momo + sandbox);
    EXPECT_EQ(made.organization.text(), "arena");
    EXPECT_EQ(made.method, PaymentMethod::momo);
    EXPECT_TRUE(made.is_enabled);
    EXPECT_FALSE(made.saves_tokens);
    EXPECT_EQ(made.base_url, "https://test-payment.momo.vn");
    EXPECT_EQ(made.merchant, "MOMOTEST_1");
    EXPECT_EQ(made.access_key.reveal(), "value-of-ACCESS");
    EXPECT_EQ(made.secret_key.reveal(), "secret-from-file");
    EXPECT_EQ(made.fee, FeeRule{});
    EXPECT_EQ(account(momo + production).base_url, "https://payment.momo.vn");

    const std::string saving = "method = \"momo\"\npartner_code = \"M\"\naccess_key = \"a\"\n"
                               "secret_key = \"0123456789abcdef0123456789abcdef\"\n"
                               "saves_tokens = true\n" +
                               sandbox;
    const PaymentAccount tokens = account(saving + "public_key = \"" + rsa_base64 + "\"");
    EXPECT_TRUE(tokens.saves_tokens);
    EXPECT_TRUE(tokens.public_key.starts_with("-----BEGIN PUBLIC KEY-----\nMIIBIjAN"));
    EXPECT_EQ(
        faults(saving),
        Lines{"3:1: payment_accounts.pay.public_key: is missing (or public_key_env, or "
              "public_key_file)"});
    EXPECT_EQ(
        faults(saving + "public_key = \"MIIB\""),
        Lines{"11:14: payment_accounts.pay.public_key: an RSA key of at least 2048 bits is "
              "expected"});
    const Lines short_key =
        faults(momo + sandbox + "saves_tokens = true\npublic_key = \"" + rsa_base64 + "\"");
    ASSERT_EQ(short_key.size(), 1U);
    EXPECT_NE(short_key.front().find("32 characters are expected"), std::string::npos);
}

TEST(PaymentAccount, ReadsZalopayVnpayAndPayos)
{
    const PaymentAccount zalo = account(zalopay + production + "saves_tokens = true");
    EXPECT_EQ(zalo.base_url, "https://openapi.zalopay.vn");
    EXPECT_EQ(zalo.merchant, "2553");
    EXPECT_EQ(zalo.secret_key.reveal(), "k-one");
    EXPECT_EQ(zalo.callback_key.reveal(), "value-of-KEY2");
    EXPECT_TRUE(zalo.saves_tokens);
    EXPECT_EQ(account(zalopay + sandbox).base_url, "https://sb-openapi.zalopay.vn");

    const PaymentAccount page = account(vnpay + sandbox);
    EXPECT_EQ(page.base_url, "https://sandbox.vnpayment.vn");
    EXPECT_EQ(page.page_url, "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html");
    EXPECT_EQ(page.token_url, "https://sandbox.vnpayment.vn/token_ui");
    EXPECT_FALSE(page.refund_waits_for_bank);
    EXPECT_TRUE(account(vnpay + sandbox + "refund_waits_for_bank = true").refund_waits_for_bank);
    EXPECT_EQ(page.merchant, "CGXZLS0Z");
    EXPECT_EQ(page.secret_key.reveal(), "value-of-HASH");

    const PaymentAccount link = account(payos);
    EXPECT_EQ(link.base_url, "https://api-merchant.payos.vn");
    const std::string folder = "https://pay.payos.vn/web";
    EXPECT_EQ(account(payos + "page_url = \"" + folder + "\"").page_url, folder);
    EXPECT_EQ(link.access_key.reveal(), "value-of-API");
    EXPECT_EQ(link.secret_key.reveal(), "value-of-SUM");
}

TEST(PaymentAccount, ReadsBankAccountsAndTheirFeeds)
{
    const PaymentAccount made = account(
        vietqr + "unique_amount_max = 99\n" + feed +
        "proof = \"api_key\"\n[[payment_accounts.pay.feeds]]\nkind = \"casso\"\n"
        "webhook_secret_env = \"CASSO\"\napi_token_env = \"TOKEN\"\n");
    EXPECT_EQ(made.bank_bin, "970436");
    EXPECT_EQ(made.bank_account, "0011000000001");
    EXPECT_EQ(made.bank_holder, "CONG TY ARENA");
    EXPECT_EQ(made.unique_amount_max, Money{99});
    EXPECT_TRUE(made.base_url.empty());
    ASSERT_EQ(made.feeds.size(), 2U);
    EXPECT_EQ(made.feeds[0].kind, BankFeedKind::sepay);
    EXPECT_EQ(made.feeds[0].proof, BankFeedProof::api_key);
    EXPECT_EQ(made.feeds[0].webhook_secret.reveal(), "12345678");
    EXPECT_TRUE(made.feeds[0].base_url.empty()) << "nobody is asked without a token";
    EXPECT_EQ(made.feeds[1].kind, BankFeedKind::casso);
    EXPECT_EQ(made.feeds[1].proof, BankFeedProof::hmac);
    EXPECT_EQ(made.feeds[1].webhook_secret.reveal(), "value-of-CASSO");
    EXPECT_EQ(made.feeds[1].base_url, "https://oauth.casso.vn");
    EXPECT_EQ(made.feeds[1].api_token.reveal(), "value-of-TOKEN");
    EXPECT_EQ(
        account(vietqr + feed + "api_token = \"t\"").feeds.front().base_url, "https://my.sepay.vn");
    const std::string near = "api_token = \"t\"\nbase_url = \"http://127.0.0.1:9\"";
    EXPECT_EQ(account(vietqr + feed + near).feeds.front().base_url, "http://127.0.0.1:9");
    EXPECT_TRUE(account(vietqr + "enabled = false").feeds.empty());
}

TEST(PaymentAccount, SaysWhichKeysAreMissing)
{
    const std::string at = "3:1: payment_accounts.pay.";
    const auto missing = [&](const std::string& key) {
        return at + key + ": is missing (or " + key + "_env, or " + key + "_file)";
    };
    const std::string address = "is missing (or environment: sandbox or production)";
    EXPECT_EQ(faults(""), Lines{at + "method: is missing"});
    EXPECT_EQ(
        faults("method = \"paypal\"\nclient = \"x\""),
        Lines{"5:10: payment_accounts.pay.method: one of momo, zalopay, vnpay, vietqr, payos is "
              "expected"});
    EXPECT_EQ(
        faults("method = \"momo\""), (Lines{
                                         missing("access_key"), at + "base_url: " + address,
                                         at + "partner_code: is missing", missing("secret_key")}));
    EXPECT_EQ(
        faults("method = \"zalopay\"\n" + sandbox),
        (Lines{at + "app_id: is missing", missing("key1"), missing("key2")}));
    EXPECT_EQ(
        faults("method = \"vnpay\"\n"),
        (Lines{
            at + "base_url: " + address, missing("hash_secret"), at + "page_url: " + address,
            at + "tmn_code: is missing"}));
    EXPECT_EQ(
        faults("method = \"payos\"\n"),
        (Lines{missing("api_key"), missing("checksum_key"), at + "client_id: is missing"}));
    EXPECT_EQ(
        faults("method = \"vietqr\"\n"),
        (Lines{
            at + "account: is missing", at + "bank: is missing",
            at + "feeds: is missing: without one, nobody tells of the money",
            at + "holder: is missing"}));
    EXPECT_EQ(
        faults("method = \"vietqr\"\nenabled = false\nbank = \"970436\"\naccount = \"1\"\n"
               "holder = \"A\"\nfeeds = [{}]"),
        (Lines{
            "10:10: payment_accounts.pay.feeds.kind: is missing",
            "10:10: payment_accounts.pay.feeds.webhook_secret: is missing (or "
            "webhook_secret_env, or webhook_secret_file)"}));
    EXPECT_EQ(
        faults_in("[payment_accounts.pay]\n" + payos),
        Lines{"1:1: payment_accounts.pay.organization: is missing"});
}

TEST(PaymentAccount, AsksForTheAddressesThatNobodyPublishes)
{
    EXPECT_EQ(
        faults(vnpay + production),
        Lines{"3:1: payment_accounts.pay.base_url: is missing: VNPay gives it to the merchant and "
              "publishes it nowhere"});
    const std::string own = vnpay + production + "base_url = \"https://merchant.example/\"\n";
    const PaymentAccount made = account(own);
    EXPECT_EQ(made.base_url, "https://merchant.example");
    EXPECT_EQ(made.page_url, "https://pay.vnpay.vn/vpcpay.html");
    EXPECT_TRUE(made.token_url.empty());
    const Lines tokens = faults(own + "saves_tokens = true");
    ASSERT_EQ(tokens.size(), 1U);
    EXPECT_NE(tokens.front().find("pay.token_url: is missing: VNPay gives it"), std::string::npos);
    EXPECT_EQ(
        faults(payos + sandbox),
        Lines{"3:1: payment_accounts.pay.base_url: is missing: PayOS has no sandbox"});
    EXPECT_EQ(
        account(payos + "base_url = \"http://127.0.0.1:9/payos\"").base_url,
        "http://127.0.0.1:9/payos");
}

TEST(PaymentAccount, RefusesTheKeysOfOtherMethods)
{
    EXPECT_EQ(
        faults(momo + sandbox + "key1 = \"x\"\ntmn_code = \"x\"\nbank = 5\napi_key_env = \"X\""),
        (Lines{
            "10:8: payment_accounts.pay.key1: only a zalopay account has one",
            "11:12: payment_accounts.pay.tmn_code: only a vnpay account has one",
            "12:8: payment_accounts.pay.bank: only a vietqr account has one",
            "13:15: payment_accounts.pay.api_key_env: only a payos account has one"}));
    EXPECT_EQ(
        faults(vietqr + "base_url = \"https://x\"\nsaves_tokens = true\n" + feed),
        (Lines{
            "9:12: payment_accounts.pay.base_url: a vietqr account has none; each of its feeds "
            "has a base_url",
            "10:16: payment_accounts.pay.saves_tokens: a bank transfer leaves nothing to be "
            "saved"}));
    for (const std::string& bad :
         {zalopay + sandbox + "page_url = \"https://x\"", vnpay + sandbox + "public_key = \"x\"",
          payos + "unique_amount_max = 5", payos + "secret_key_file = \"/run/secret\"",
          payos + "colour = \"red\"", vietqr + feed + "environment = \"sandbox\""})
        EXPECT_EQ(faults(bad).size(), 1U) << bad;
}

TEST(PaymentAccount, ChecksTheForm)
{
    const auto fault_of = [](const std::string& lines) {
        const Lines found = faults(lines);
        EXPECT_EQ(found.size(), 1U) << lines;
        return found.empty() ? std::string{} : found.front().substr(found.front().find("pay."));
    };
    const auto replaced = [](std::string text, const std::string& a, const std::string& b) {
        return text.replace(text.find(a), a.size(), b);
    };
    EXPECT_EQ(
        fault_of(sandbox + replaced(vnpay, "CGXZLS0Z", "CGXZLS0")),
        "pay.tmn_code: 8 letters and digits are expected");
    EXPECT_EQ(
        fault_of(sandbox + replaced(zalopay, "2553", "25a3")), "pay.app_id: digits are expected");
    EXPECT_EQ(
        fault_of(sandbox + replaced(momo, "MOMOTEST_1", "MOMO TEST")),
        "pay.partner_code: at most 50 letters, digits, '_' and '-' are expected");
    EXPECT_EQ(
        fault_of(replaced(payos, "11b2c3d4", "11b2_c3d4")),
        "pay.client_id: letters, digits and '-' are expected");
    EXPECT_EQ(account(replaced(vietqr, "970436", "vcb") + feed).bank_bin, "970436");
    EXPECT_EQ(
        fault_of(replaced(vietqr, "970436", "BVB") + feed),
        "pay.bank: is the code of several: write the BIN of one: 970438 BaoViet Bank, 970454 "
        "BVBank");
    for (const char* bad : {"97043", "9704360", "VCBX", "97043a"})
        EXPECT_EQ(
            fault_of(replaced(vietqr, "970436", bad) + feed),
            "pay.bank: the 6 digits of the bank's BIN, or its code, are expected");
    for (const char* bad : {"0011 00000", "00110000000000000001", "0011-00"})
        EXPECT_EQ(
            fault_of(replaced(vietqr, "0011000000001", bad) + feed),
            "pay.account: at most 19 letters and digits are expected");
    EXPECT_EQ(
        fault_of(vietqr + "unique_amount_max = 1000\n" + feed),
        "pay.unique_amount_max: a whole number from 0 to 999 is expected");
    EXPECT_EQ(
        fault_of(vietqr + replaced(feed, "12345678", "1234567")),
        "pay.feeds.webhook_secret: at least 8 characters are expected");
    EXPECT_EQ(
        fault_of(vietqr + feed + "base_url = \"https://x\""),
        "pay.feeds.base_url: is for asking the feed, which needs its api_token");
    EXPECT_EQ(
        fault_of(vietqr + feed + feed + feed + feed + feed), "pay.feeds: at most 4 are expected");
    EXPECT_EQ(fault_of(vietqr + "feeds = [5]"), "pay.feeds: a list of tables is expected");
    EXPECT_EQ(
        fault_of(sandbox + replaced(vnpay, "hash_secret_env = \"HASH\"", "hash_secret = \"\"")),
        "pay.hash_secret: must not be empty");
    EXPECT_EQ(
        fault_of(
            sandbox +
            replaced(vnpay, "hash_secret_env = \"HASH\"", "hash_secret_file = \"/run/blank\"")),
        "pay.hash_secret: has a blank or another character that no key has");
}

TEST(PaymentAccount, SecretsLeaveOnlyByTls)
{
    const std::string near = "base_url = \"http://";
    for (const char* host :
         {"127.0.0.1:8082", "10.1.2.3", "172.31.0.1", "192.168.1.9/momo", "localhost:9",
          "simulation:8000"})
        EXPECT_EQ(account(momo + near + host + "\"").base_url, std::string{"http://"} + host);
    for (const char* host : {"payment.momo.vn", "172.32.0.1", "8.8.8.8", "2130706433"})
        EXPECT_EQ(
            faults(momo + near + host + "\""),
            Lines{"9:12: payment_accounts.pay.base_url: https:// is expected; http:// only within "
                  "the own network"});
    for (const char* bad : {"ftp://x", "payment.momo.vn", "https://u@x", "https://x?y", "https://"})
        EXPECT_EQ(
            faults(momo + "base_url = \"" + bad + "\""),
            Lines{"9:12: payment_accounts.pay.base_url: an address such as https://host/path is "
                  "expected"})
            << bad;
    EXPECT_EQ(
        account(momo + sandbox + "base_url = \"https://Own.Example:443/momo/\"").base_url,
        "https://own.example/momo");
}

TEST(PaymentAccount, OneIsEnabledForEachMethodOfAnOrganization)
{
    const std::string other = "[payment_accounts.second]\norganization = \"arena\"\n" + payos;
    EXPECT_EQ(
        faults(payos + other),
        Lines{"11:10: payment_accounts.second.method: payment account pay of the same organization "
              "has it too; one of them needs enabled = false"});
    EXPECT_TRUE(faults(payos + "enabled = false\n" + other).empty());
    EXPECT_TRUE(faults(payos + other + "enabled = false\n").empty());
    EXPECT_TRUE(faults(zalopay + sandbox + other).empty());
    EXPECT_TRUE(faults(
                    payos + "[organizations.other]\nname = \"Other\"\n" +
                    "[payment_accounts.second]\norganization = \"other\"\n" + payos)
                    .empty());
}

TEST(PaymentAccount, ReadsFeesToTheHundredthOfAPercent)
{
    EXPECT_EQ(
        account(payos + "fee = { percent = \"1.1\", minimum = 500, maximum = 20000 }").fee,
        (FeeRule{110, Money{500}, Money{20'000}}));
    EXPECT_EQ(account(payos + "fee = { percent = 1.1 }").fee.basis_points, 110);
    EXPECT_EQ(account(payos + "fee = { percent = 0.29 }").fee.basis_points, 29);
    EXPECT_EQ(account(payos + "fee = { percent = 2 }").fee.basis_points, 200);
    EXPECT_EQ(account(payos + "fee = { minimum = 1000 }").fee.minimum, Money{1'000});
    for (const char* bad :
         {"percent = 1.125", "percent = -1", "percent = \"1,1\"", "percent = 101", "percent = nan",
          "percent = 1e-9", "percent = true", "minimum = -1", "minimum = 2, maximum = 1",
          "minimum = 1.5", "fixed = 5"})
        EXPECT_EQ(faults(payos + "fee = { " + bad + " }").size(), 1U) << bad;
}

TEST(PaymentAccount, TheDifferenceSpeaksTheGatewaysWordsAndShowsNoSecret)
{
    const auto catalog = [](const std::string& lines) {
        return parse_cafe(with_account(lines), sources()).value();
    };
    const Catalog before = catalog(zalopay + sandbox + "fee = { percent = 1.1 }");
    EXPECT_EQ(to_text(difference({}, before)), "+ organization arena\n+ payment account pay\n");
    const Catalog wanted = catalog(
        "method = \"zalopay\"\napp_id = \"2554\"\nkey1 = \"k-one\"\nkey2 = \"another\"\n" +
        production + "saves_tokens = true\nfee = { percent = 1.25, maximum = 9000 }");
    EXPECT_EQ(
        to_text(difference(before, wanted)),
        "~ payment account pay\n"
        "    base_url: https://sb-openapi.zalopay.vn -> https://openapi.zalopay.vn\n"
        "    app_id: 2553 -> 2554\n"
        "    key2: changed\n"
        "    saves_tokens: no -> yes\n"
        "    fee.percent: 1.1 -> 1.25\n"
        "    fee.maximum: 0 -> 9000\n");

    const Catalog bank = catalog(vietqr + feed);
    const Catalog polled = catalog(vietqr + feed + "api_token = \"token\"\n");
    EXPECT_EQ(
        to_text(difference(bank, polled)), "~ payment account pay\n"
                                           "    feeds: sepay hmac -> sepay hmac "
                                           "https://my.sepay.vn\n"
                                           "    feeds.secrets: changed\n");
    EXPECT_EQ(to_text(difference(wanted, {})), "- organization arena\n- payment account pay\n");
}

} // namespace
} // namespace iwas::adapters
