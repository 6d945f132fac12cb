// How many notices of each gateway one core verifies and reads in a second, genuine and forged,
// beside the digest that the notice is signed with, which is the least that it can cost.
//
// Usage: iwas_bench_notices [SECONDS]   for each figure; default 1

#include "adapters/payment/gateways.hpp"
#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/momo/signature.hpp"
#include "adapters/payment/payos/signature.hpp"
#include "adapters/payment/sorted_json.hpp"
#include "adapters/payment/vnpay/signed_query.hpp"
#include "adapters/payment/zalopay/mac.hpp"
#include "core/bytes.hpp"
#include "core/digest.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <map>
#include <string>

namespace iwas::bench {
namespace {

namespace json = boost::json;
using adapters::mapping_for;
using domain::PaymentMethod;

const UtcTime now = from_unix_ms(1'790'000'000'000);
constexpr double wanted_per_second = 5'000;

struct Sample {
    std::string name;
    domain::PaymentAccount account;
    std::string query;
    std::string body;
    std::map<std::string, std::string, std::less<>> headers;

    [[nodiscard]] Result<ports::PaymentNotice, ports::NoticeError> read() const
    {
        const ports::NoticeRequest request{
            .query = query,
            .body = body,
            .header = [this](std::string_view header) -> std::string_view {
                const auto found = headers.find(header);
                return found == headers.end() ? std::string_view{} : found->second;
            },
            .now = now};
        return mapping_for(account.method)->read_notice(account, request);
    }
};

domain::PaymentAccount account_at(PaymentMethod method)
{
    domain::PaymentAccount account;
    account.method = method;
    account.merchant = "SHOP0001";
    account.access_key = SecretText{"access-key-of-the-shop"};
    account.secret_key = SecretText{"secret-key-of-the-shop"};
    account.callback_key = SecretText{"callback-key-of-the-shop"};
    account.bank_account = "0123499999";
    return account;
}

domain::PaymentAccount bank_with(domain::BankFeedKind kind)
{
    domain::PaymentAccount account = account_at(PaymentMethod::vietqr);
    account.feeds.emplace_back();
    account.feeds.back().kind = kind;
    account.feeds.back().webhook_secret = SecretText{"webhook-secret-of-the-shop"};
    return account;
}

Sample momo()
{
    Sample sample{.name = "MoMo", .account = account_at(PaymentMethod::momo)};
    json::object members{{"partnerCode", "SHOP0001"},         {"orderId", "W260921-1"},
                         {"requestId", "W260921-1-1"},        {"amount", 12'000},
                         {"orderInfo", "WiFi 3 hours"},       {"orderType", "momo_wallet"},
                         {"transId", 4'014'083'433},          {"resultCode", 0},
                         {"message", "Successful."},          {"payType", "qr"},
                         {"responseTime", 1'790'000'000'000}, {"extraData", ""}};
    adapters::momo::Fields fields{{"accessKey", sample.account.access_key.reveal()}};
    for (const auto& [name, value] : members)
        fields[std::string{name}] =
            value.is_string() ? std::string{value.get_string()} : json::serialize(value);
    members["signature"] =
        adapters::momo::signature_of(sample.account.secret_key, adapters::momo::raw_text(fields));
    sample.body = json::serialize(members);
    return sample;
}

Sample zalopay()
{
    Sample sample{.name = "ZaloPay", .account = account_at(PaymentMethod::zalopay)};
    sample.account.merchant = "2553";
    const std::string data = json::serialize(json::object{
        {"app_id", 2553},
        {"app_trans_id", "260921_1"},
        {"app_time", 1'790'000'000'000},
        {"app_user", "c0ffee"},
        {"amount", 12'000},
        {"embed_data", "{}"},
        {"item", "[]"},
        {"zp_trans_id", 210'608'000'002'001},
        {"server_time", 1'790'000'000'000},
        {"channel", 38},
        {"merchant_user_id", "abc"},
        {"user_fee_amount", 0},
        {"discount_amount", 0}});
    sample.body = json::serialize(json::object{
        {"data", data},
        {"mac", adapters::zalopay::mac_of(sample.account.callback_key, data)},
        {"type", 1}});
    return sample;
}

Sample vnpay()
{
    Sample sample{.name = "VNPay", .account = account_at(PaymentMethod::vnpay)};
    const adapters::vnpay::Fields fields{
        {"vnp_Amount", "1200000"},         {"vnp_BankCode", "NCB"},
        {"vnp_BankTranNo", "VNP14226112"}, {"vnp_CardType", "ATM"},
        {"vnp_OrderInfo", "WiFi 3 hours"}, {"vnp_PayDate", "20260921210000"},
        {"vnp_ResponseCode", "00"},        {"vnp_TmnCode", "SHOP0001"},
        {"vnp_TransactionNo", "14226112"}, {"vnp_TransactionStatus", "00"},
        {"vnp_TxnRef", "W260921-1"}};
    sample.query = adapters::vnpay::signed_query(
        fields, adapters::vnpay::payment_hash, sample.account.secret_key);
    return sample;
}

json::object transfer()
{
    return {
        {"orderCode", 123},
        {"amount", 12'000},
        {"description", "IWAS7F3K2Q"},
        {"accountNumber", "0123499999"},
        {"reference", "FT26264000001"},
        {"transactionDateTime", "2026-09-21 21:00:00"},
        {"currency", "VND"},
        {"paymentLinkId", "124c33293c43417ab7879e14c8d9eb18"},
        {"code", "00"},
        {"desc", "success"},
        {"counterAccountBankId", ""},
        {"counterAccountBankName", ""},
        {"counterAccountName", ""},
        {"counterAccountNumber", ""},
        {"virtualAccountName", ""},
        {"virtualAccountNumber", ""}};
}

Sample payos()
{
    Sample sample{.name = "PayOS", .account = account_at(PaymentMethod::payos)};
    const json::object data = transfer();
    const auto text = adapters::payos::signed_text(data);
    sample.body = json::serialize(json::object{
        {"code", "00"},
        {"desc", "success"},
        {"success", true},
        {"data", data},
        {"signature", adapters::payos::hash_of(*text, sample.account.secret_key)}});
    return sample;
}

Sample sepay()
{
    Sample sample{.name = "SePay", .account = bank_with(domain::BankFeedKind::sepay)};
    const SecretText& secret = sample.account.feeds.front().webhook_secret;
    sample.body = json::serialize(json::object{
        {"id", 92'704},
        {"gateway", "Vietcombank"},
        {"transactionDate", "2026-09-21 21:00:00"},
        {"accountNumber", "0123499999"},
        {"code", nullptr},
        {"content", "IWAS7F3K2Q chuyen tien"},
        {"transferType", "in"},
        {"transferAmount", 12'000},
        {"accumulated", 19'077'000},
        {"subAccount", nullptr},
        {"referenceCode", "MBVCB.3278907687"},
        {"description", ""}});
    const std::string time = std::to_string(to_unix_ms(now) / 1000);
    sample.headers["X-SePay-Timestamp"] = time;
    sample.headers["X-SePay-Signature"] =
        "sha256=" +
        to_hex(hmac_sha256(
            as_bytes(secret.reveal()), {as_bytes(time), as_bytes("."), as_bytes(sample.body)}));
    return sample;
}

Sample casso()
{
    Sample sample{.name = "Casso", .account = bank_with(domain::BankFeedKind::casso)};
    const SecretText& secret = sample.account.feeds.front().webhook_secret;
    const json::object body{
        {"error", 0},
        {"data",
         {{"id", 92'704},
          {"reference", "FT26264000001"},
          {"description", "IWAS7F3K2Q chuyen tien"},
          {"amount", 12'000},
          {"runningBalance", 19'077'000},
          {"transactionDateTime", "2026-09-21 21:00:00"},
          {"accountNumber", "0123499999"},
          {"bankName", "Vietcombank"},
          {"bankAbbreviation", "VCB"},
          {"virtualAccountNumber", ""},
          {"virtualAccountName", ""},
          {"counterAccountName", ""},
          {"counterAccountNumber", ""},
          {"counterAccountBankId", ""},
          {"counterAccountBankName", ""}}}};
    sample.body = json::serialize(body);
    const std::string time = std::to_string(to_unix_ms(now));
    const std::string text = adapters::sorted_json(body);
    sample.headers["X-Casso-Signature"] =
        "t=" + time + ",v1=" +
        to_hex(hmac_sha512(
            as_bytes(secret.reveal()), {as_bytes(time), as_bytes("."), as_bytes(text)}));
    return sample;
}

/// The same notice by somebody without the key: one octet of what is signed differs.
Sample forged(Sample sample)
{
    for (std::string* text : {&sample.query, &sample.body})
        if (const auto at = text->find("12"); at != std::string::npos) (*text)[at] = '9';
    return sample;
}

/// Calls per second of processor time.
template <class Work>
double rate_of(Work work, double seconds)
{
    const auto limit = static_cast<std::clock_t>(seconds * CLOCKS_PER_SEC);
    const std::clock_t began = std::clock();
    std::clock_t used = 0;
    std::int64_t count = 0;
    while (used < limit) {
        for (int i = 0; i < 100; ++i)
            work();
        count += 100;
        used = std::clock() - began;
    }
    return static_cast<double>(count) * CLOCKS_PER_SEC / static_cast<double>(used);
}

int run(double seconds)
{
    bool is_enough = true;
    fmt::print(
        "{:8} {:>12} {:>12} {:>14} {:>8}\n", "", "genuine/s", "forged/s", "digest only/s", "ratio");
    for (const Sample& sample : {momo(), zalopay(), vnpay(), payos(), sepay(), casso()}) {
        const Sample wrong = forged(sample);
        const auto known = sample.read();
        const auto refused = wrong.read();
        const bool has_money = known && (known->status.state == ports::PaymentState::paid ||
                                         known->kind == ports::NoticeKind::transfers);
        if (!has_money || refused) {
            fmt::print(stderr, "{}: the sample is not read as it should be\n", sample.name);
            return 2;
        }
        volatile std::size_t kept = 0; // so that no work is left out
        const double genuine = rate_of([&] { kept = sample.read()->kept_body.size(); }, seconds);
        const double forgeries = rate_of([&] { kept = wrong.read() ? 1 : 0; }, seconds);
        const std::string& signed_part = sample.body.empty() ? sample.query : sample.body;
        const double digests = rate_of(
            [&] { kept = hmac_sha256(as_bytes("key"), {as_bytes(signed_part)}).size(); }, seconds);
        fmt::print(
            "{:8} {:12.0f} {:12.0f} {:14.0f} {:8.2f}\n", sample.name, genuine, forgeries, digests,
            genuine / digests);
        is_enough = is_enough && genuine >= wanted_per_second && forgeries >= wanted_per_second;
    }
    fmt::print("wanted: {:.0f}/s of each on one core\n", wanted_per_second);
    return is_enough ? 0 : 1;
}

} // namespace
} // namespace iwas::bench

int main(int argc, char** argv)
{
    const double seconds = argc > 1 ? std::atof(argv[1]) : 1;
    return iwas::bench::run(seconds > 0 ? seconds : 1);
}
