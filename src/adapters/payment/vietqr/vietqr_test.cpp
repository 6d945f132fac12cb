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

namespace iwas::adapters {

namespace {

namespace json = boost::json;
using domain::BankFeedKind;
using domain::BankFeedProof;
using ports::GatewayError;
using ports::NoticeError;
using ports::NoticeKind;
using ports::NoticeOutcome;
using ports::PaymentState;

const UtcTime now = from_rfc3339("2026-11-22T03:20:00Z").value();
const std::string code_a = iwas::vietqr::make_order_code(1'234'567'890'123);
const std::string code_b = iwas::vietqr::make_order_code(987'654'321);

domain::BankFeed feed(BankFeedKind kind, BankFeedProof proof, const std::string& secret)
{
    domain::BankFeed feed;
    feed.kind = kind;
    feed.proof = proof;
    feed.webhook_secret = SecretText{secret};
    feed.base_url = kind == BankFeedKind::sepay ? "https://my.sepay.vn" : "https://oauth.casso.vn";
    feed.api_token = SecretText{"token"};
    return feed;
}

domain::PaymentAccount shop(const std::vector<domain::BankFeed>& feeds)
{
    domain::PaymentAccount account;
    account.method = domain::PaymentMethod::vietqr;
    account.bank_bin = "970436";
    account.bank_account = "0123499999";
    account.feeds = feeds;
    return account;
}
domain::PaymentAccount sepay_shop()
{
    return shop({feed(BankFeedKind::sepay, BankFeedProof::hmac, "s1")});
}
domain::PaymentAccount casso_shop()
{
    return shop({feed(BankFeedKind::casso, BankFeedProof::hmac, "c1")});
}

using HeaderMap = std::map<std::string, std::string, std::less<>>;

Result<ports::PaymentNotice, NoticeError> notice_of(
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

json::object sepay_body(const std::string& content)
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
HeaderMap sepay_headers(const std::string& body, UtcTime at = now, const char* secret = "s1")
{
    const std::string seconds = std::to_string(to_unix_ms(at) / 1000);
    return {
        {"X-SePay-Timestamp", seconds},
        {"X-SePay-Signature",
         "sha256=" + to_hex(hmac_sha256(
                         as_bytes(secret), {as_bytes(seconds), as_bytes("."), as_bytes(body)}))}};
}
Result<ports::PaymentNotice, NoticeError> sepay_notice(const json::object& body)
{
    const std::string text = json::serialize(body);
    return notice_of(sepay_shop(), text, sepay_headers(text));
}

json::object casso_row(const std::string& description)
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

json::object sepay_row(
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
json::object sepay_list(const json::array& rows)
{
    return {
        {"status", 200},
        {"error", nullptr},
        {"messages", {{"success", true}}},
        {"transactions", rows}};
}

GatewayPlan<ports::PaymentStatus> find_in(const domain::PaymentAccount& account)
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
GatewayPlan<std::vector<ports::ListedPayment>> list_in(const domain::PaymentAccount& account)
{
    return vietqr_mapping().list(account, now - 1h, now, {.now = now});
}

} // namespace

TEST(SepayVectors, AreBelievedAsTheyAre)
{
    for (const auto& vector : tests::read_vectors("sepay_signed.txt")) {
        SCOPED_TRACE(vector["id"]);
        EXPECT_EQ(vector["raw"], vector["timestamp"] + "." + vector["body"]);
        const auto account = shop({feed(BankFeedKind::sepay, BankFeedProof::hmac, vector["key"])});
        const UtcTime at =
            from_unix_ms(static_cast<std::int64_t>(vector.number("timestamp")) * 1000);
        const HeaderMap headers{
            {"X-SePay-Timestamp", vector["timestamp"]}, {"X-SePay-Signature", vector["signature"]}};
        const auto notice = notice_of(account, vector["body"], headers, at);
        ASSERT_TRUE(notice);
        ASSERT_EQ(notice->status.received.size(), 1U);
        EXPECT_EQ(notice->status.received[0].gateway_id, "MBVCB.3278907687");
        EXPECT_EQ(notice->status.received[0].amount, Money{15'000});
        EXPECT_TRUE(notice_of(account, vector["body"], headers, at + 5min));
        EXPECT_EQ(
            notice_of(account, vector["body"], headers, at + 6min).error(), NoticeError::too_old);
        EXPECT_EQ(
            notice_of(account, vector["body"], headers, at - 6min).error(), NoticeError::too_old);
        EXPECT_EQ(
            notice_of(account, vector["body"] + " ", headers, at).error(),
            NoticeError::signature_wrong);
    }
}

TEST(CassoVectors, AreBelievedInAnyOrderOfMembers)
{
    for (const auto& vector : tests::read_vectors("casso_signed.txt")) {
        SCOPED_TRACE(vector["id"]);
        auto account = shop({feed(BankFeedKind::casso, BankFeedProof::hmac, vector["key"])});
        account.bank_account = "88888888";
        const UtcTime at = from_unix_ms(static_cast<std::int64_t>(vector.number("timestamp")));
        const HeaderMap headers{
            {"X-Casso-Signature", "t=" + vector["timestamp"] + ",v1=" + vector["hash"]}};
        const auto notice = notice_of(account, vector["body"], headers, at);
        ASSERT_TRUE(notice);
        EXPECT_EQ(
            notice->kind, vector["id"] == "casso-p01" ? NoticeKind::test : NoticeKind::payment);
        const std::string sorted = vector["raw"].substr(vector["timestamp"].size() + 1);
        EXPECT_TRUE(notice_of(account, sorted, headers, at));
        EXPECT_EQ(
            notice_of(account, vector["body"], headers, at + 301s).error(), NoticeError::too_old);
        std::string changed = vector["body"];
        changed.replace(changed.find("\"amount\":"), 10, "\"amount\":9");
        EXPECT_EQ(notice_of(account, changed, headers, at).error(), NoticeError::signature_wrong);
    }
}

TEST(CassoNotice, BelievesTextEscapedAsJavaScriptOrPhpDoes)
{
    const std::string javascript =
        R"({"data":{"accountNumber":"0123499999","amount":15000,"description":"nạp/1","id":7},"error":0})";
    const std::string php =
        R"({"data":{"accountNumber":"0123499999","amount":15000,"description":"n\u1ea1p\/1","id":7},"error":0})";
    const std::string python =
        R"({"data": {"accountNumber": "0123499999", "amount": 15000, "description": "x", "id": 7}, "error": 0})";
    const std::string time = std::to_string(to_unix_ms(now));
    const auto told = [&](const std::string& sent, const std::string& signed_text) {
        const std::string hash = to_hex(
            hmac_sha512(as_bytes("c1"), {as_bytes(time), as_bytes("."), as_bytes(signed_text)}));
        return notice_of(casso_shop(), sent, {{"X-Casso-Signature", "t=" + time + ",v1=" + hash}});
    };
    for (const std::string& sent : {javascript, php}) {
        EXPECT_EQ(told(sent, javascript).value().status.received.at(0).memo, "nạp/1");
        EXPECT_TRUE(told(sent, php));
    }
    EXPECT_EQ(told(python, python).error(), NoticeError::signature_wrong);
    EXPECT_EQ(told(javascript, javascript).value().status.received[0].gateway_id, "casso-7");
}

TEST(SepayNotice, TellsOfTheMoneyAndItsOrder)
{
    const auto notice = sepay_notice(sepay_body("MBVCB.123." + code_a + " mua wifi.CT tu 0123"));
    ASSERT_TRUE(notice);
    EXPECT_EQ(notice->kind, NoticeKind::payment);
    EXPECT_EQ(notice->order_id, code_a);
    EXPECT_EQ(notice->status.state, PaymentState::paid);
    EXPECT_EQ(notice->status.received[0].paid_at, from_rfc3339("2026-11-22T03:16:02Z"));
    EXPECT_EQ(notice->kept_body.find("19077000"), std::string::npos); // the balance

    // Two codes: a person decides. None: the memo is kept for "find my transfer".
    EXPECT_EQ(sepay_notice(sepay_body(code_a + " " + code_b)).value().order_id, "");
    EXPECT_EQ(sepay_notice(sepay_body("NGUYEN VAN A chuyen tien")).value().order_id, "");
    EXPECT_EQ(
        sepay_notice(sepay_body("NGUYEN VAN A")).value().status.received.at(0).memo,
        "NGUYEN VAN A");

    json::object body = sepay_body("cut");
    body["description"] = "BankAPINotify " + code_a;
    EXPECT_EQ(sepay_notice(body).value().order_id, code_a);
    body = sepay_body(code_a);
    body["transferAmount"] = "15000.00";
    EXPECT_EQ(sepay_notice(body).value().status.received.at(0).amount, Money{15'000});
}

TEST(SepayNotice, KeepsMoneyOutAndOtherAccountsApart)
{
    json::object body = sepay_body(code_a);
    body["transferType"] = "out";
    EXPECT_EQ(sepay_notice(body).value().kind, NoticeKind::test);
    EXPECT_TRUE(sepay_notice(body).value().status.received.empty());
    body = sepay_body(code_a);
    body["transferAmount"] = 0;
    EXPECT_EQ(sepay_notice(body).value().kind, NoticeKind::test);
    body = sepay_body(code_a);
    body["accountNumber"] = "0999999999";
    EXPECT_EQ(sepay_notice(body).error(), NoticeError::other_merchant);
    body["subAccount"] = "0123499999"; // the shop shows its virtual account
    EXPECT_TRUE(sepay_notice(body));
    body.erase("accountNumber");
    body.erase("subAccount");
    EXPECT_EQ(sepay_notice(body).error(), NoticeError::other_merchant);
}

TEST(SepayNotice, RefusesWhatCannotBeRead)
{
    for (const auto& [name, value] : json::object{
             {"id", nullptr},
             {"id", ""},
             {"transferType", "sideways"},
             {"transferType", 1},
             {"transferAmount", -1},
             {"transferAmount", "15000.50"},
             {"transferAmount", 1e30},
             {"transferAmount", json::array{1}}}) {
        json::object body = sepay_body(code_a);
        body[name] = value;
        EXPECT_EQ(sepay_notice(body).error(), NoticeError::malformed) << name << value;
    }
    for (const std::string text : {"", "[]", "null", "{", "\"x\""})
        EXPECT_EQ(
            notice_of(sepay_shop(), text, sepay_headers(text)).error(), NoticeError::malformed);
}

TEST(FeedProofs, AreOnlyThoseThatAreConfigured)
{
    const std::string body = json::serialize(sepay_body(code_a));
    const auto with_key = shop({feed(BankFeedKind::sepay, BankFeedProof::api_key, "k1")});
    EXPECT_TRUE(notice_of(with_key, body, {{"Authorization", "Apikey k1"}}));
    for (const char* const header :
         {"", "Apikey k2", "Apikey  k1", "apikey k1", "Apikey k1 ", "k1", "Bearer k1"})
        EXPECT_EQ(
            notice_of(with_key, body, {{"Authorization", header}}).error(),
            NoticeError::signature_wrong)
            << header;
    // No falling back from a signature to a key, nor to nothing.
    EXPECT_EQ(
        notice_of(sepay_shop(), body, {{"Authorization", "Apikey s1"}}).error(),
        NoticeError::signature_wrong);
    EXPECT_EQ(notice_of(sepay_shop(), body, {}).error(), NoticeError::signature_wrong);
    EXPECT_EQ(notice_of(shop({}), body, sepay_headers(body)).error(), NoticeError::signature_wrong);
    const auto keyless = shop({feed(BankFeedKind::sepay, BankFeedProof::api_key, "")});
    EXPECT_EQ(
        notice_of(keyless, body, {{"Authorization", "Apikey "}}).error(),
        NoticeError::signature_wrong);
    const auto unsigned_shop = shop({feed(BankFeedKind::sepay, BankFeedProof::hmac, "")});
    EXPECT_EQ(
        notice_of(unsigned_shop, body, sepay_headers(body, now, "")).error(),
        NoticeError::signature_wrong);
    // Several feeds: any that fits.
    const auto both = shop(
        {feed(BankFeedKind::casso, BankFeedProof::hmac, "c1"),
         feed(BankFeedKind::sepay, BankFeedProof::hmac, "old"),
         feed(BankFeedKind::sepay, BankFeedProof::hmac, "s1")});
    EXPECT_TRUE(notice_of(both, body, sepay_headers(body)));

    for (const auto& [name, value] : HeaderMap{
             {"X-SePay-Timestamp", "-5"},
             {"X-SePay-Timestamp", "99999999999999999999"},
             {"X-SePay-Timestamp", "17x"},
             {"X-SePay-Signature", "sha1=00"}}) {
        HeaderMap headers = sepay_headers(body);
        headers[name] = value;
        EXPECT_EQ(notice_of(sepay_shop(), body, headers).error(), NoticeError::signature_wrong);
    }
    for (const char* const header :
         {"", "t=1", "v1=00", "t=x,v1=00", "t=99999999999999999999,v1=", ",,,", "t=1,v1=00,t=2"})
        EXPECT_EQ(
            notice_of(casso_shop(), body, {{"X-Casso-Signature", header}}).error(),
            NoticeError::signature_wrong);
}

TEST(CassoNotice, ReadsTheOlderArray)
{
    const auto account = shop({feed(BankFeedKind::casso, BankFeedProof::api_key, "st")});
    const auto row = [](int id, const std::string& text, int amount) {
        return json::object{
            {"id", id},
            {"tid", "FT2632600" + std::to_string(id)},
            {"description", text},
            {"amount", amount},
            {"cusum_balance", 1},
            {"when", "2026-11-22 10:16:02"},
            {"bank_sub_acc_id", "0123499999"},
            {"subAccId", "0123499999"},
            {"corresponsiveAccount", "8888888888"}};
    };
    const auto told = [&](const json::array& rows) {
        return notice_of(
            account, json::serialize(json::object{{"error", 0}, {"data", rows}}),
            {{"secure-token", "st"}});
    };
    const auto two = told({row(1, code_a, 5000), row(2, code_a, 10000), row(3, "phi", -1100)});
    ASSERT_TRUE(two);
    EXPECT_EQ(two->order_id, code_a);
    ASSERT_EQ(two->status.received.size(), 2U);
    EXPECT_EQ(two->status.received[1].gateway_id, "FT26326002");
    EXPECT_EQ(two->status.received[1].payer, "****8888");
    // Different orders, or money without a code among them: each by its memo.
    EXPECT_EQ(told({row(1, code_a, 5000), row(2, code_b, 5000)}).value().order_id, "");
    EXPECT_EQ(told({row(1, code_a, 5000), row(2, "x", 5000)}).value().order_id, "");
    EXPECT_EQ(told({row(3, "phi", -1100)}).value().kind, NoticeKind::test);
    EXPECT_EQ(told({}).value().kind, NoticeKind::test);
    EXPECT_EQ(told({row(1, code_a, 5000), json::object{}}).error(), NoticeError::malformed);
    EXPECT_EQ(told(json::array(201, row(1, code_a, 5000))).error(), NoticeError::malformed);
    const std::string body = json::serialize(json::object{{"data", {row(1, code_a, 5000)}}});
    EXPECT_EQ(
        notice_of(account, body, {{"secure-token", "other"}}).error(),
        NoticeError::signature_wrong);
}

TEST(VietqrIds, CountMoneyOnceWhateverTellsOfIt)
{
    vietqr_feeds::BankTransfer transfer;
    transfer.feed_id = "sepay-1";
    transfer.at = now;
    transfer.amount = Money{15'000};
    EXPECT_EQ(vietqr_feeds::gateway_id_of(transfer), "sepay-1");
    transfer.reference = "FT26326123456";
    EXPECT_EQ(vietqr_feeds::gateway_id_of(transfer), "FT26326123456");
    transfer.reference = "4521"; // a counter of the day
    EXPECT_EQ(vietqr_feeds::gateway_id_of(transfer), "4521/2026-11-22/15000");
}

TEST(VietqrCreate, DrawsAQrThatADecoderReads)
{
    ports::PaymentOrder order;
    order.order_id = vietqr_mapping().new_order_id(sepay_shop(), now, 4711);
    order.amount = Money{14'993};
    const auto invitation = end_of(vietqr_mapping().create(sepay_shop(), order, {.now = now}));
    ASSERT_TRUE(invitation);
    const auto transfer = iwas::vietqr::decode(invitation->qr_text);
    ASSERT_TRUE(transfer);
    EXPECT_EQ(transfer->bank_bin, "970436");
    EXPECT_EQ(transfer->account, "0123499999");
    EXPECT_EQ(transfer->amount, Money{14'993});
    EXPECT_EQ(transfer->purpose, order.order_id);
    EXPECT_TRUE(transfer->is_dynamic);
    EXPECT_TRUE(iwas::vietqr::is_order_code(order.order_id));

    auto account = sepay_shop();
    account.bank_bin = "97043";
    EXPECT_EQ(
        end_of(vietqr_mapping().create(account, order, {.now = now})).error().error,
        GatewayError::misconfigured);
    order.amount = Money{0};
    EXPECT_EQ(
        end_of(vietqr_mapping().create(sepay_shop(), order, {.now = now})).error().error,
        GatewayError::refused);
    EXPECT_EQ(
        end_of(vietqr_mapping().refund(sepay_shop(), {}, {.now = now})).error().error,
        GatewayError::not_supported);
}

TEST(SepayList, FindsTheOrdersTransfers)
{
    const auto plan = find_in(sepay_shop());
    const auto& request = request_of(plan);
    EXPECT_EQ(request.headers.value("Authorization"), "Bearer token");
    EXPECT_EQ(
        percent_decode(request.target, false),
        "/userapi/transactions/list?transaction_date_min=2026-11-22 10:05:00&"
        "transaction_date_max=2026-11-22 10:30:00&limit=50");
    json::object out = sepay_row(5, code_a, "0.00");
    json::object elsewhere = sepay_row(6, code_a);
    elsewhere["account_number"] = "0777";
    const auto status = end_of(read(
        plan, sepay_list(
                  {sepay_row(1, code_a), sepay_row(2, code_b), sepay_row(3, code_a + code_b),
                   sepay_row(4, "ck " + code_a, "500.00"), out, elsewhere, sepay_row(1, code_a)})));
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, PaymentState::paid);
    ASSERT_EQ(status->received.size(), 2U);
    EXPECT_EQ(status->received[0].gateway_id, "MBVCB.3278901");
    EXPECT_EQ(status->received[1].amount, Money{500});
    EXPECT_EQ(end_of(read(plan, sepay_list({}))).value().state, PaymentState::pending);
}

TEST(SepayList, TellsEachFailure)
{
    const auto error_of = [](int status, const std::string& body) {
        const auto plan = list_in(sepay_shop());
        return end_of(std::get<GatewayStep<std::vector<ports::ListedPayment>>>(plan).read(
                          {.status = status, .headers = {}, .body = body}))
            .error()
            .error;
    };
    EXPECT_EQ(error_of(401, ""), GatewayError::misconfigured);
    EXPECT_EQ(error_of(403, ""), GatewayError::misconfigured);
    EXPECT_EQ(error_of(429, ""), GatewayError::unavailable);
    EXPECT_EQ(error_of(500, json::serialize(sepay_list({}))), GatewayError::unknown);
    EXPECT_EQ(error_of(200, "x"), GatewayError::unknown);
    EXPECT_EQ(error_of(200, R"({"status":500})"), GatewayError::unknown);
    EXPECT_EQ(error_of(200, json::serialize(sepay_list({1}))), GatewayError::unknown);
    EXPECT_EQ(
        error_of(200, json::serialize(sepay_list({sepay_row(1, "x", "15.50")}))),
        GatewayError::unknown);
    EXPECT_EQ(end_of(list_in(shop({}))).error().error, GatewayError::not_supported);
}

TEST(SepayList, AsksAgainInHalvesWhenTheAnswerIsFull)
{
    const json::array full(50, sepay_row(1, code_a));
    auto plan = read(list_in(sepay_shop()), sepay_list(full));
    EXPECT_EQ(
        percent_decode(request_of(plan).target, false),
        "/userapi/transactions/list?transaction_date_min=2026-11-22 09:50:01&"
        "transaction_date_max=2026-11-22 10:20:00&limit=50");
    plan = read(plan, sepay_list({sepay_row(2, code_a)}));
    EXPECT_EQ(
        percent_decode(request_of(plan).target, false),
        "/userapi/transactions/list?transaction_date_min=2026-11-22 09:20:00&"
        "transaction_date_max=2026-11-22 09:50:00&limit=50");
    plan = read(
        plan, sepay_list(
                  {sepay_row(3, "x", "1.00", "2026-11-22 09:30:00"),
                   sepay_row(4, "x", "1.00", "2026-11-22 10:20:00")})); // past the end
    const auto payments = end_of(plan);
    ASSERT_TRUE(payments);
    ASSERT_EQ(payments->size(), 2U);
    EXPECT_EQ((*payments)[0].order_id, code_a);
    EXPECT_EQ((*payments)[1].order_id, "");

    // A feed that is always full ends.
    plan = list_in(sepay_shop());
    int calls = 0;
    while (std::holds_alternative<GatewayStep<std::vector<ports::ListedPayment>>>(plan)) {
        plan = read(plan, sepay_list(full));
        ASSERT_LT(++calls, 300);
    }
    EXPECT_EQ(end_of(plan).error().error, GatewayError::unknown);
}

TEST(CassoList, GoesThroughThePages)
{
    const auto page = [](int number, const json::array& rows) {
        return json::object{
            {"error", 0},
            {"message", "success"},
            {"data", {{"page", number}, {"pageSize", 50}, {"totalPages", 2}, {"records", rows}}}};
    };
    const auto row = [](int id, const std::string& text, int amount) {
        return json::object{{"id", id},
                            {"tid", "FT2632600" + std::to_string(id)},
                            {"description", text},
                            {"amount", amount},
                            {"when", "2026-11-22T03:16:02.000Z"},
                            {"bankSubAccId", "0123499999"}};
    };
    auto plan = list_in(casso_shop());
    EXPECT_EQ(
        request_of(plan).target,
        "/v2/transactions?fromDate=2026-11-22&toDate=2026-11-22&page=1&pageSize=50&sort=ASC");
    EXPECT_EQ(request_of(plan).headers.value("Authorization"), "Apikey token");
    plan = read(plan, page(1, {row(1, code_a, 15000), row(2, "out", -5)}));
    EXPECT_NE(request_of(plan).target.find("&page=2&"), std::string::npos);
    const auto payments = end_of(read(plan, page(2, {row(3, code_b, 20000)})));
    ASSERT_TRUE(payments);
    ASSERT_EQ(payments->size(), 2U);
    EXPECT_EQ((*payments)[1].order_id, code_b);
    EXPECT_EQ((*payments)[1].money.paid_at, from_rfc3339("2026-11-22T03:16:02Z"));
    EXPECT_EQ(
        end_of(read(list_in(casso_shop()), json::object{{"error", 1}, {"data", nullptr}}))
            .error()
            .error,
        GatewayError::unknown);
}

TEST(FeedLists, CountATransferOfTwoFeedsOnce)
{
    const auto both = shop(
        {feed(BankFeedKind::sepay, BankFeedProof::hmac, "s1"),
         feed(BankFeedKind::casso, BankFeedProof::hmac, "c1")});
    json::object same = casso_row(code_a);
    same["reference"] = "MBVCB.3278901";
    const json::object casso{{"error", 0}, {"data", {{"totalPages", 1}, {"records", {same}}}}};
    const auto after_sepay = read(find_in(both), sepay_list({sepay_row(1, code_a)}));
    EXPECT_EQ(end_of(read(after_sepay, casso)).value().received.size(), 1U);

    // One feed fails: money that the other knows is money, but a list with a gap is none.
    const auto broken = read(find_in(both), json::object{{"status", 500}});
    EXPECT_EQ(end_of(read(broken, casso)).value().state, PaymentState::paid);
    const json::object empty{
        {"error", 0}, {"data", {{"totalPages", 0}, {"records", json::array{}}}}};
    EXPECT_EQ(end_of(read(broken, empty)).error().error, GatewayError::unknown);
    const auto broken_list = read(list_in(both), json::object{{"status", 500}});
    EXPECT_EQ(end_of(read(broken_list, casso)).error().error, GatewayError::unknown);
}

TEST(VietqrNotice, IsAnsweredByStatus)
{
    const auto reply = [](NoticeOutcome outcome) {
        return vietqr_mapping().reply_to(sepay_shop(), outcome);
    };
    EXPECT_EQ(reply(NoticeOutcome::recorded).status, 200);
    EXPECT_EQ(reply(NoticeOutcome::recorded).body, R"({"success":true})");
    EXPECT_EQ(reply(NoticeOutcome::unknown_order).status, 200);
    EXPECT_EQ(reply(NoticeOutcome::refused).status, 401);
    EXPECT_EQ(reply(NoticeOutcome::not_kept).status, 500);
}

} // namespace iwas::adapters
