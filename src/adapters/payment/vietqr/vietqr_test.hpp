// For tests of bank transfers: shops with their feeds, webhooks and lists.
#pragma once

#include "adapters/payment/vietqr/mapping.hpp"
#include "core/digest.hpp"
#include "core/percent_encoding.hpp"
#include "protocol/vietqr/order_code.hpp"
#include "protocol/vietqr/transfer.hpp"
#include "tests/vectors/vector_file.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <map>

namespace iwas::adapters::vietqr_testing {

namespace json = boost::json;
using domain::BankFeedKind;
using domain::BankFeedProof;
using ports::GatewayError;
using ports::NoticeError;
using ports::NoticeKind;
using ports::NoticeOutcome;
using ports::PaymentState;

inline const UtcTime now = from_rfc3339("2026-11-22T03:20:00Z").value();
inline const std::string code_a = iwas::vietqr::make_order_code(1'234'567'890'123);
inline const std::string code_b = iwas::vietqr::make_order_code(987'654'321);

inline domain::BankFeed feed(BankFeedKind kind, BankFeedProof proof, const std::string& secret)
{
    domain::BankFeed feed;
    feed.kind = kind;
    feed.proof = proof;
    feed.webhook_secret = SecretText{secret};
    feed.base_url = kind == BankFeedKind::sepay ? "https://my.sepay.vn" : "https://oauth.casso.vn";
    feed.api_token = SecretText{"token"};
    return feed;
}

inline domain::PaymentAccount shop(const std::vector<domain::BankFeed>& feeds)
{
    domain::PaymentAccount account;
    account.method = domain::PaymentMethod::vietqr;
    account.bank_bin = "970436";
    account.bank_account = "0123499999";
    account.feeds = feeds;
    return account;
}
inline domain::PaymentAccount sepay_shop()
{
    return shop({feed(BankFeedKind::sepay, BankFeedProof::hmac, "s1")});
}
inline domain::PaymentAccount casso_shop()
{
    return shop({feed(BankFeedKind::casso, BankFeedProof::hmac, "c1")});
}

using HeaderMap = std::map<std::string, std::string, std::less<>>;

inline Result<ports::PaymentNotice, NoticeError> notice_of(
    const domain::PaymentAccount& account, const std::string& body, const HeaderMap& headers,
    UtcTime at = now)
{
    return vietqr_mapping().read_notice(
        account, {.query = {},
                  .body = body,
                  .header =
                      [&](std::string_view name) {
                          const auto found = headers.find(name);
                          return found == headers.end() ? std::string_view{}
                                                        : std::string_view{found->second};
                      },
                  .now = at});
}

inline json::object sepay_body(const std::string& content)
{
    return {
        {"id", 92704},
        {"gateway", "Vietcombank"},
        {"transactionDate", "2026-11-22 10:16:02"},
        {"accountNumber", "0123499999"},
        {"code", nullptr},
        {"content", content},
        {"transferType", "in"},
        {"transferAmount", 15000},
        {"accumulated", 19077000},
        {"subAccount", nullptr},
        {"referenceCode", "MBVCB.3278907687"},
        {"description", ""}};
}
inline HeaderMap sepay_headers(const std::string& body, UtcTime at = now, const char* secret = "s1")
{
    const std::string seconds = std::to_string(to_unix_ms(at) / 1000);
    return {
        {"X-SePay-Timestamp", seconds},
        {"X-SePay-Signature",
         "sha256=" + to_hex(hmac_sha256(
                         as_bytes(secret), {as_bytes(seconds), as_bytes("."), as_bytes(body)}))}};
}
inline Result<ports::PaymentNotice, NoticeError> sepay_notice(const json::object& body)
{
    const std::string text = json::serialize(body);
    return notice_of(sepay_shop(), text, sepay_headers(text));
}

inline json::object casso_row(const std::string& description)
{
    return {
        {"id", 90071},
        {"reference", "FT26326123456"},
        {"description", description},
        {"amount", 15000},
        {"runningBalance", 25015000},
        {"transactionDateTime", "2026-11-22 10:16:02"},
        {"accountNumber", "0123499999"},
        {"virtualAccountNumber", ""},
        {"counterAccountName", "NGUYEN VAN A"},
        {"counterAccountNumber", "8888888888"}};
}

template <class T>
GatewayPlan<T> read(const GatewayPlan<T>& plan, const json::value& body)
{
    return std::get<GatewayStep<T>>(plan).read(
        {.status = 200, .headers = {}, .body = json::serialize(body)});
}
template <class T>
const http::OutboundRequest& request_of(const GatewayPlan<T>& plan)
{
    return std::get<GatewayStep<T>>(plan).request;
}
template <class T>
ports::GatewayAnswer<T> end_of(const GatewayPlan<T>& plan)
{
    return std::get<ports::GatewayAnswer<T>>(plan);
}

inline json::object sepay_row(
    int id, const std::string& content, const char* in = "15000.00",
    const char* at = "2026-11-22 10:16:02")
{
    return {
        {"id", std::to_string(id)},
        {"bank_brand_name", "Vietcombank"},
        {"account_number", "0123499999"},
        {"transaction_date", at},
        {"amount_out", "0.00"},
        {"amount_in", in},
        {"accumulated", "1.00"},
        {"transaction_content", content},
        {"reference_number", "MBVCB.327890" + std::to_string(id)},
        {"code", nullptr},
        {"sub_account", nullptr},
        {"bank_account_id", "19"}};
}
inline json::object sepay_list(const json::array& rows)
{
    return {
        {"status", 200},
        {"error", nullptr},
        {"messages", {{"success", true}}},
        {"transactions", rows}};
}

inline GatewayPlan<ports::PaymentStatus> find_in(const domain::PaymentAccount& account)
{
    return vietqr_mapping().find(
        account,
        {.order_id = code_a,
         .gateway_order = code_a,
         .amount = Money{15'000},
         .created_at = now - 5min,
         .payer_address = {}},
        {.now = now});
}
inline GatewayPlan<std::vector<ports::ListedPayment>> list_in(const domain::PaymentAccount& account)
{
    return vietqr_mapping().list(account, now - 1h, now, {.now = now});
}

} // namespace iwas::adapters::vietqr_testing
