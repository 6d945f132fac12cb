#include "adapters/pc_system/rest/json_fields.hpp"
#include "adapters/pc_system/rest/mapping.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace iwas::adapters {
namespace {

using domain::PcSystemProfile;
using http::InboundResponse;
using ports::PcError;

const Mapping& connector = mapping_for(PcSystemProfile::connector_v1);
const Mapping& legacy = mapping_for(PcSystemProfile::legacy);

const ports::PcChargeOrder order{
    .idempotency_key = Ulid{0x0123456789ABCDEFU, 0xFEDCBA9876543210U},
    .reference = "IWAS-1",
    .member_id = "4711",
    .amount = Money{12'000},
    .description = "Wi-Fi 3 h"};
const ports::PcRefundOrder refund_order{
    .idempotency_key = Ulid{1, 2}, .charge_id = "ch_9", .amount = Money{12'000}, .reason = "r"};

InboundResponse response(int status, std::string body)
{
    return {status, {}, std::move(body)};
}

std::string error_body(const std::string& code, const std::string& details = "{}")
{
    return R"({"error":{"code":")" + code + R"(","details":)" + details + "}}";
}

std::string charge_body(const std::string& change_from = "", const std::string& change_to = "")
{
    std::string body =
        R"({"charge":{"id":"ch_9","status":"succeeded","member_id":"4711","amount":12000,)"
        R"("currency":"VND","reference":"IWAS-1"}})";
    if (!change_from.empty()) body.replace(body.find(change_from), change_from.size(), change_to);
    return body;
}

TEST(PcMapping, WritesTheContractsRequests)
{
    const auto charge = connector.charge(order);
    EXPECT_EQ(charge.method, http::Method::post);
    EXPECT_EQ(charge.target, "/v1/charges");
    EXPECT_EQ(charge.headers.value("Idempotency-Key"), "01234567-89ab-cdef-fedc-ba9876543210");
    const auto body = boost::json::parse(charge.body).as_object();
    EXPECT_EQ(body.at("amount").as_int64(), 12'000);
    EXPECT_EQ(body.at("currency").as_string(), "VND");
    EXPECT_EQ(body.at("reference").as_string(), "IWAS-1");

    const auto verify =
        connector.verify("al\"ice", SecretText{"p"}, MacAddress::parse("aa-bb-cc-dd-ee-0e"));
    const auto asked = boost::json::parse(verify.body).as_object();
    EXPECT_EQ(asked.at("username").as_string(), "al\"ice");
    EXPECT_EQ(asked.at("device_mac").as_string(), "AA:BB:CC:DD:EE:0E");
    EXPECT_EQ(verify.target.find("al"), std::string::npos) << "no names or passwords in URLs";
    EXPECT_EQ(connector.balance("a/b").target, "/v1/members/a%2Fb/balance");
    EXPECT_EQ(connector.find_charge("a&b")->target, "/v1/charges?reference=a%26b");
    EXPECT_EQ(connector.refund(refund_order).target, "/v1/charges/ch_9/refunds");
    EXPECT_EQ(legacy.charge(order).target, "/api/debit");
}

TEST(PcMapping, ReadsACharge)
{
    for (const int status : {200, 201}) {
        const auto charge = connector.charged(order, response(status, charge_body()));
        ASSERT_TRUE(charge);
        EXPECT_EQ(charge->id, "ch_9");
        EXPECT_EQ(charge->amount, Money{12'000});
    }
    const auto other_amount =
        connector.charged(order, response(201, charge_body("12000", "13000")));
    ASSERT_TRUE(other_amount) << "money was taken: the workflow must see how much";
    EXPECT_EQ(other_amount->amount, Money{13'000});
}

TEST(PcMapping, NeverTakesADoubtForSuccess)
{
    const std::vector<InboundResponse> doubtful{
        response(202, charge_body()),
        response(204, ""),
        response(302, charge_body()),
        response(201, ""),
        response(201, "{\"charge\":{\"id\":\"ch_"),
        response(201, "[]"),
        response(201, charge_body("succeeded", "pending")),
        response(201, charge_body("succeeded", "settled")),
        response(201, charge_body("12000", "\"12000\"")),
        response(201, charge_body("12000", "12000.5")),
        response(201, charge_body("12000", "0")),
        response(201, charge_body("VND", "USD")),
        response(201, charge_body("4711", "4712")),
        response(201, charge_body("IWAS-1", "IWAS-2")),
        response(201, charge_body("ch_9", "")),
        response(201, charge_body("ch_9", std::string(200, 'x'))),
        response(400, "Bad Request"),
        response(402, "<html>"),
        response(402, error_body("PAYWALL")),
        response(403, error_body("INSUFFICIENT_BALANCE")),
        response(404, "not here"),
        response(409, error_body("IN_PROGRESS")),
        response(409, error_body("IDEMPOTENCY_CONFLICT")),
        response(418, error_body("TEAPOT")),
        response(500, error_body("INSUFFICIENT_BALANCE")),
        response(500, ""),
        response(502, "<html>"),
        response(503, error_body("UPSTREAM_UNAVAILABLE")),
        response(504, "")};
    for (const InboundResponse& bad : doubtful) {
        const auto answer = connector.charged(order, bad);
        ASSERT_FALSE(answer) << bad.status << bad.body;
        EXPECT_EQ(answer.error().error, PcError::unknown) << bad.status << bad.body;
    }
}

TEST(PcMapping, KnowsEveryRefusalOfTheContract)
{
    const auto refused = [](int status, const std::string& code) {
        return connector.charged(order, response(status, error_body(code))).error().error;
    };
    EXPECT_EQ(refused(400, "INVALID_REQUEST"), PcError::refused);
    EXPECT_EQ(refused(401, "UNAUTHENTICATED"), PcError::unavailable);
    EXPECT_EQ(refused(403, "ACCOUNT_SUSPENDED"), PcError::account_suspended);
    EXPECT_EQ(refused(403, "ACCOUNT_EXPIRED"), PcError::account_suspended);
    EXPECT_EQ(refused(403, "FORBIDDEN"), PcError::refused);
    EXPECT_EQ(refused(404, "MEMBER_NOT_FOUND"), PcError::not_found);
    EXPECT_EQ(refused(422, "INVALID_CREDENTIALS"), PcError::invalid_credentials);
    EXPECT_EQ(refused(501, "NOT_SUPPORTED"), PcError::refused);
    const auto poor = connector.charged(
        order, response(402, error_body("INSUFFICIENT_BALANCE", R"({"available":7000})")));
    EXPECT_EQ(poor.error().error, PcError::insufficient_balance);
    EXPECT_EQ(poor.error().available, Money{7'000});
    InboundResponse limited = response(429, "");
    limited.headers.set("Retry-After", "17");
    EXPECT_EQ(connector.charged(order, limited).error().error, PcError::rate_limited);
    EXPECT_EQ(connector.charged(order, limited).error().retry_after, 17s);
    limited.headers.set("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT");
    EXPECT_FALSE(connector.charged(order, limited).error().retry_after);
}

TEST(PcMapping, LooksUpWithoutGuessing)
{
    const auto found = [](const InboundResponse& answer) {
        return connector.charge_found("IWAS-1", answer);
    };
    const std::string row = charge_body().substr(10, charge_body().size() - 11);
    EXPECT_EQ(found(response(200, "{\"charges\":[" + row + "]}"))->id, "ch_9");
    EXPECT_EQ(found(response(200, R"({"charges":[]})")).error().error, PcError::not_found);
    EXPECT_EQ(
        found(response(404, error_body("CHARGE_NOT_FOUND"))).error().error, PcError::not_found);
    for (const InboundResponse& open :
         {response(200, "{\"charges\":[" + row + "," + row + "]}"), response(200, "{}"),
          response(200, R"({"charges":null})"), response(404, "no such page"),
          response(404, error_body("MEMBER_NOT_FOUND")), response(501, error_body("NOT_SUPPORTED")),
          response(500, "")})
        EXPECT_EQ(found(open).error().error, PcError::unknown) << open.status << open.body;
}

TEST(PcMapping, ReadsMembersAndMendsNames)
{
    const auto member = [](const std::string& fields, const std::string& more = "") {
        return connector.verified(response(200, "{\"member\":{" + fields + "}" + more + "}"));
    };
    const auto good = member(
        R"("id":4711,"username":"alice","display_name":"Al)"
        "\xC3\x28\xFF"
        R"(ice","status":"active")",
        R"(,"session":{"active":true})");
    ASSERT_TRUE(good);
    EXPECT_EQ(good->id, "4711");
    EXPECT_EQ(good->display_name, "Al\uFFFD(\uFFFDice");
    EXPECT_TRUE(good->is_at_pc);
    EXPECT_EQ(member(R"("id":"1","status":"expired")").error().error, PcError::account_suspended);
    EXPECT_EQ(member(R"("id":"1","status":"frozen")").error().error, PcError::unknown);
    EXPECT_EQ(member(R"("id":"1")").error().error, PcError::unknown);
    EXPECT_EQ(member("\"id\":\"\xFF\",\"status\":\"active\"").error().error, PcError::unknown)
        << "identifiers are not mended";
}

TEST(PcMapping, ASnapshotWithABadRowIsNone)
{
    const auto sessions = [](const std::string& rows) {
        return connector.sessions_told(response(200, "{\"sessions\":[" + rows + "]}"));
    };
    const std::string good =
        R"({"session_id":"s","member_id":"m","username":"a","pc_name":"P","started_at":"2026-09-21T14:13:20Z"})";
    EXPECT_EQ(sessions(good)->size(), 1U);
    EXPECT_TRUE(sessions("")->empty());
    EXPECT_FALSE(sessions(good + R"(,{"session_id":"t"})"));
    EXPECT_FALSE(sessions(good + ",7"));
    EXPECT_FALSE(connector.sessions_told(response(503, "{}")));
}

TEST(PcMapping, BalancesAreWholeMoney)
{
    const auto told = [](const std::string& body) {
        return connector.balance_told(response(200, body));
    };
    EXPECT_EQ(told(R"({"currency":"VND","cash":9,"chargeable":50000})"), Money{50'000});
    EXPECT_EQ(told(R"({"currency":"VND","chargeable":-5})"), Money{0});
    EXPECT_FALSE(told(R"({"currency":"USD","chargeable":5})"));
    EXPECT_FALSE(told(R"({"currency":"VND","chargeable":5.5})"));
    EXPECT_FALSE(told(R"({"currency":"VND"})"));
}

TEST(PcMapping, LegacyNeedsAnExplicitSuccess)
{
    const auto charged = [](int status, const std::string& body) {
        return legacy.charged(order, response(status, body));
    };
    const auto good = charged(200, R"({"success":true,"transaction_id":77,"new_balance":1})");
    ASSERT_TRUE(good);
    EXPECT_EQ(good->id, "77");
    EXPECT_EQ(charged(200, R"({"success":true,"data":{"transaction_id":"t1"}})")->id, "t1");
    EXPECT_EQ(
        charged(402, R"({"success":false,"error_code":"INSUFFICIENT_BALANCE"})").error().error,
        PcError::insufficient_balance);
    for (const auto& [status, body] : std::vector<std::pair<int, std::string>>{
             {200, R"({"transaction_id":"t"})"},
             {200, R"({"success":"true","transaction_id":"t"})"},
             {200, R"({"success":true})"},
             {200, R"({"success":false,"error_code":"WHO_KNOWS"})"},
             {402, R"({"error_code":"INSUFFICIENT_BALANCE"})"},
             {500, R"({"success":false,"error_code":"INSUFFICIENT_BALANCE"})"},
             {500, ""}})
        EXPECT_EQ(charged(status, body).error().error, PcError::unknown) << body;
    EXPECT_EQ(
        legacy.verified(response(401, R"({"success":false,"error_code":"INVALID_CREDENTIALS"})"))
            .error()
            .error,
        PcError::invalid_credentials);
    EXPECT_EQ(legacy.verified(response(200, R"({"success":true,"user":{"id":5}})"))->id, "5");
    EXPECT_FALSE(legacy.find_charge("x"));
    EXPECT_FALSE(legacy.active_sessions());
}

TEST(PcMapping, TransportErrorsAreUnknownOnceSomethingWasSent)
{
    EXPECT_EQ(failure_of(http::ClientError::unreachable).error, PcError::unavailable);
    for (const auto error :
         {http::ClientError::timeout_unknown, http::ClientError::bad_response,
          http::ClientError::too_large})
        EXPECT_EQ(failure_of(error).error, PcError::unknown);
}

} // namespace
} // namespace iwas::adapters
