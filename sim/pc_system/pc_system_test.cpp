// The simulated PC system tells the truth about the contract.
#include "core/bytes.hpp"
#include "sim/pc_system/face.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

namespace iwas::sim {
namespace {

namespace json = boost::json;
using http::Method;

const UtcTime now = *from_rfc3339("2026-09-21T14:13:20Z");

class PcSystemSim : public ::testing::Test {
protected:
    PcSystemSim()
    {
        model.put_account(
            {.id = "4711",
             .user_name = "Alice",
             .password = "correct horse",
             .display_name = "Alice",
             .cash = 50'000,
             .bonus = 10'000});
    }

    struct Answer {
        int status = 0;
        json::value body;
        http::Headers headers;
        [[nodiscard]] std::string code() const
        {
            return std::string{body.at("error").at("code").as_string()};
        }
    };

    http::Request request(Method method, std::string path, std::string body, std::string key)
    {
        http::Request made;
        made.method = method;
        made.path = std::move(path);
        made.body = std::move(body);
        made.headers.set("Authorization", "Bearer branch-key");
        if (!key.empty()) made.headers.set("Idempotency-Key", key);
        return made;
    }
    Answer ask(Method method, std::string path, std::string body = {}, std::string key = {})
    {
        auto answered = answer_connector(
            model, request(method, std::move(path), std::move(body), std::move(key)), now);
        return read(answered.response);
    }
    static Answer read(const http::Response& response)
    {
        boost::system::error_code ignored;
        return {response.status, json::parse(response.body, ignored), response.headers};
    }
    Answer charge(std::string key, std::int64_t amount, std::string reference = "IWAS-1")
    {
        return ask(
            Method::post, "/v1/charges",
            R"({"member_id":"4711","currency":"VND","amount":)" + std::to_string(amount) +
                R"(,"reference":")" + reference + "\"}",
            std::move(key));
    }

    PcSystemModel model{{.branch_id = "q7", .branch_key = "branch-key", .webhook_secret = "hook"}};
};

TEST_F(PcSystemSim, WantsItsBranchKey)
{
    http::Request asked = request(Method::get, "/v1/capabilities", "", "");
    asked.headers.set("Authorization", "Bearer another");
    const Answer refused = read(answer_connector(model, asked, now).response);
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.code(), "UNAUTHENTICATED");
    EXPECT_EQ(ask(Method::get, "/v1/capabilities").body.at("contract").as_string(), "1.0");
}

TEST_F(PcSystemSim, VerifiesMembers)
{
    const auto verify = [&](const char* body) {
        return ask(Method::post, "/v1/members/verify", body);
    };
    const Answer good = verify(R"({"username":" alice ","password":"correct horse"})");
    EXPECT_EQ(good.status, 200);
    EXPECT_EQ(good.body.at("member").at("id").as_string(), "4711");
    EXPECT_FALSE(good.body.at("session").at("active").as_bool());
    const Answer wrong = verify(R"({"username":"alice","password":"x"})");
    const Answer unknown = verify(R"({"username":"nobody","password":"x"})");
    EXPECT_EQ(wrong.status, 422);
    EXPECT_EQ(wrong.body, unknown.body) << "tells nothing about who exists";
    model.set_status("4711", PcAccountStatus::suspended, now);
    EXPECT_EQ(
        verify(R"({"username":"alice","password":"correct horse"})").code(), "ACCOUNT_SUSPENDED");
    model.set_status("4711", PcAccountStatus::expired, now);
    EXPECT_EQ(
        verify(R"({"username":"alice","password":"correct horse"})").code(), "ACCOUNT_EXPIRED");
    EXPECT_EQ(verify("[]").status, 400);
}

TEST_F(PcSystemSim, ChargesOncePerKey)
{
    const Answer first = charge("k1", 12'000);
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(first.body.at("balance").at("cash").as_int64(), 38'000);
    const Answer again = charge("k1", 12'000);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.headers.value("Idempotent-Replay"), "true");
    const Answer other = charge("k1", 13'000);
    EXPECT_EQ(other.status, 409);
    EXPECT_EQ(other.code(), "IDEMPOTENCY_CONFLICT");
    EXPECT_EQ(model.find_account("4711")->cash, 38'000);
    EXPECT_EQ(charge("", 1'000).status, 400) << "a key is required";

    const Answer poor = charge("k2", 60'000, "IWAS-2");
    EXPECT_EQ(poor.status, 402);
    EXPECT_EQ(poor.body.at("error").at("details").at("available").as_int64(), 38'000);
    model.set_balance("4711", 100'000, 0, now);
    EXPECT_EQ(charge("k2", 60'000, "IWAS-2").status, 402) << "a refusal is replayed too";
}

TEST_F(PcSystemSim, LooksUpByReference)
{
    const Answer made = charge("k1", 12'000, "IWAS-77");
    http::Request asked = request(Method::get, "/v1/charges", "", "");
    asked.query.add("reference", "IWAS-77");
    const Answer found = read(answer_connector(model, asked, now).response);
    ASSERT_EQ(found.body.at("charges").as_array().size(), 1U);
    EXPECT_EQ(found.body.at("charges").at(0).at("id"), made.body.at("charge").at("id"));
    asked.query = {};
    asked.query.add("reference", "IWAS-7");
    EXPECT_TRUE(
        read(answer_connector(model, asked, now).response).body.at("charges").as_array().empty());
    EXPECT_EQ(ask(Method::get, "/v1/charges/nothing").code(), "CHARGE_NOT_FOUND");
}

TEST_F(PcSystemSim, RefundsAtMostTheCharge)
{
    const Answer made = charge("k1", 12'000);
    const std::string path =
        "/v1/charges/" + std::string{made.body.at("charge").at("id").as_string()} + "/refunds";
    EXPECT_EQ(ask(Method::post, path, R"({"amount":5000})", "r1").status, 201);
    EXPECT_EQ(ask(Method::post, path, R"({"amount":5000})", "r1").status, 200);
    EXPECT_EQ(model.find_account("4711")->cash, 43'000);
    EXPECT_EQ(ask(Method::post, path, R"({"amount":8000})", "r2").code(), "ALREADY_REFUNDED");
    EXPECT_EQ(ask(Method::post, path, R"({"amount":7000})", "r3").status, 201);
    EXPECT_EQ(model.net_charged(), 0);
    EXPECT_EQ(model.find_account("4711")->cash, 50'000);
}

TEST_F(PcSystemSim, FaultsStrikeWhereTheyShould)
{
    model.faults.force(PcFault::error_before_commit, 1, "/v1/charges");
    EXPECT_EQ(ask(Method::get, "/v1/sessions").status, 200);
    EXPECT_EQ(charge("k1", 12'000).status, 500);
    EXPECT_EQ(model.net_charged(), 0);
    model.faults.force(PcFault::error_after_commit, 1);
    EXPECT_EQ(charge("k1", 12'000).status, 500);
    EXPECT_EQ(model.net_charged(), 12'000);
    EXPECT_EQ(charge("k1", 12'000).status, 200);
    EXPECT_EQ(model.net_charged(), 12'000);

    model.faults.force(PcFault::rate_limited, 1);
    const Answer limited = charge("k2", 12'000, "IWAS-2");
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(limited.headers.value("Retry-After"), "1");
    model.faults.force(PcFault::balance_race, 1);
    EXPECT_EQ(charge("k3", 30'000, "IWAS-3").code(), "INSUFFICIENT_BALANCE");
    EXPECT_EQ(model.find_account("4711")->cash + model.played_away() + model.net_charged(), 50'000);

    model.faults.force(PcFault::drop_after_commit, 1);
    model.faults.force(PcFault::delay, 1);
    const PcAnswer dropped =
        answer_connector(model, request(Method::get, "/v1/sessions", "", ""), now);
    EXPECT_TRUE(dropped.is_dropped);
    EXPECT_EQ(dropped.delay, 6'000ms);
}

TEST_F(PcSystemSim, FaultsOfMoneyLeaveTheRestAlone)
{
    for (const PcFault fault : {PcFault::lost_request, PcFault::refused})
        model.faults.set(fault, {.probability = 1});
    EXPECT_EQ(ask(Method::get, "/v1/sessions").status, 200);
    EXPECT_EQ(charge("k1", 12'000).code(), "FORBIDDEN");
    model.faults.set(PcFault::refused, {});
    const http::Request order = request(
        Method::post, "/v1/charges",
        R"({"member_id":"4711","currency":"VND","amount":12000,"reference":"IWAS-1"})", "k1");
    EXPECT_TRUE(answer_connector(model, order, now).is_dropped);
    EXPECT_EQ(model.net_charged(), 0);

    model.faults.clear();
    model.faults.force(PcFault::wrong_key, 1);
    EXPECT_EQ(charge("k1", 12'000).code(), "UNAUTHENTICATED");
    model.faults.force(PcFault::wrong_amount, 1);
    EXPECT_EQ(charge("k1", 12'000).status, 201);
    EXPECT_EQ(model.net_charged(), 13'000);
}

TEST_F(PcSystemSim, ChanceIsTheSeedsAlone)
{
    const auto strikes = [](std::uint64_t seed) {
        PcFaults faults{seed};
        faults.set(PcFault::delay, {.probability = 0.3});
        int count = 0;
        for (int i = 0; i < 1'000; ++i)
            count += faults.strikes(PcFault::delay, "/") ? 1 : 0;
        return count;
    };
    EXPECT_EQ(strikes(7), strikes(7));
    EXPECT_NEAR(strikes(7), 300, 60);
}

TEST_F(PcSystemSim, TellsWhoSitsWhere)
{
    EXPECT_TRUE(model.log_in_at("alice", "PC-14", now));
    EXPECT_FALSE(model.log_in_at("alice", "PC-14", now)) << "taken";
    EXPECT_FALSE(model.log_in_at("nobody", "PC-15", now));
    const Answer seats = ask(Method::get, "/v1/sessions");
    ASSERT_EQ(seats.body.at("sessions").as_array().size(), 1U);
    EXPECT_EQ(seats.body.at("sessions").at(0).at("pc_name").as_string(), "PC-14");
    EXPECT_TRUE(model.move("PC-14", "PC-20", now));
    EXPECT_TRUE(model.log_out_at("PC-20", now + 1s));
    EXPECT_FALSE(model.log_out_at("PC-20", now));
    const Answer events = ask(Method::get, "/v1/events");
    ASSERT_EQ(events.body.at("events").as_array().size(), 3U);
    EXPECT_EQ(events.body.at("events").at(1).at("to_pc").as_string(), "PC-20");
    EXPECT_EQ(events.body.at("events").at(2).at("type").as_string(), "session.ended");
    EXPECT_EQ(events.body.at("cursor").as_string(), "3");
}

TEST_F(PcSystemSim, SignsAndRepeatsWebhooks)
{
    model.log_in_at("alice", "PC-14", now);
    auto sent = model.take_webhook(now);
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->timestamp, "1790000000");
    EXPECT_EQ(
        sent->signature,
        "v1=" + to_hex(hmac_sha256(
                    as_bytes("hook"), {as_bytes("1790000000."), as_bytes(sent->webhook.body)})));
    EXPECT_FALSE(model.take_webhook(now));
    model.webhook_answered(sent->webhook, std::nullopt, now);
    EXPECT_EQ(model.next_webhook_due(), now + 500ms);
    sent = model.take_webhook(now + 500ms);
    ASSERT_TRUE(sent);
    model.webhook_answered(sent->webhook, 503, now + 500ms);
    EXPECT_EQ(model.next_webhook_due(), now + 1'500ms);
    sent = model.take_webhook(now + 2s);
    model.webhook_answered(sent->webhook, 401, now + 2s);
    EXPECT_FALSE(model.next_webhook_due()) << "a clear no ends it";

    model.faults.force(PcFault::duplicate_webhook, 1);
    model.faults.force(PcFault::reordered_webhook, 1, "session.moved");
    model.move("PC-14", "PC-15", now);
    model.log_out_at("PC-15", now);
    const auto one = model.take_webhook(now);
    const auto two = model.take_webhook(now);
    ASSERT_TRUE(one && two);
    EXPECT_NE(one->webhook.body.find("moved"), std::string::npos) << "the duplicate came in time";
    EXPECT_NE(two->webhook.body.find("ended"), std::string::npos);
    EXPECT_EQ(model.next_webhook_due(), now + 5s);
    model.faults.force(PcFault::wrong_signature, 1);
    model.faults.force(PcFault::clock_skew, 1);
    const auto forged = model.take_webhook(now + 5s);
    EXPECT_EQ(forged->timestamp, "1790000905");
    EXPECT_NE(
        forged->signature,
        "v1=" + to_hex(hmac_sha256(
                    as_bytes("hook"), {as_bytes("1790000905."), as_bytes(forged->webhook.body)})));
}

TEST_F(PcSystemSim, IsControlledOverHttp)
{
    const auto control = [&](Method method, std::string path, std::string body = {}) {
        return read(
            answer_control(model, request(method, "/_sim/" + path, std::move(body), ""), now));
    };
    EXPECT_EQ(
        control(
            Method::post, "accounts", R"({"id":"9","username":"bao","password":"p","cash":20000})")
            .status,
        201);
    EXPECT_EQ(
        control(Method::patch, "accounts/bao", R"({"cash":5,"status":"suspended"})").status, 200);
    EXPECT_EQ(model.find_account("9")->cash, 5);
    EXPECT_EQ(model.find_account("9")->status, PcAccountStatus::suspended);
    EXPECT_EQ(control(Method::post, "pcs/PC-1/login", R"({"username":"alice"})").status, 200);
    EXPECT_EQ(control(Method::post, "pcs/PC-1/move", R"({"to":"PC-2"})").status, 200);
    EXPECT_EQ(control(Method::post, "pcs/PC-2/logout").status, 200);
    EXPECT_EQ(control(Method::post, "pcs/PC-2/logout").status, 409);
    EXPECT_EQ(
        control(Method::post, "faults", R"({"fault":"error_before_commit","next":1})").status, 204);
    EXPECT_EQ(charge("k", 1'000).status, 500);
    EXPECT_EQ(control(Method::post, "faults", R"({"fault":"gremlins"})").status, 400);
    EXPECT_EQ(charge("k", 1'000).status, 201);
    EXPECT_EQ(control(Method::get, "charges").body.at("net_charged").as_int64(), 1'000);
    EXPECT_EQ(control(Method::del, "faults").status, 204);
    EXPECT_EQ(control(Method::get, "nothing").status, 404);
}

TEST_F(PcSystemSim, ServesTheLegacyEndpoints)
{
    const Answer in =
        ask(Method::post, "/pc-api/login", R"({"username":"alice","password":"correct horse"})");
    EXPECT_TRUE(in.body.at("success").as_bool());
    const std::string debit =
        R"({"user_id":"4711","amount":12000,"description":"d","idempotency_key":"k"})";
    const Answer paid = ask(Method::post, "/api/debit", debit);
    EXPECT_EQ(paid.body.at("new_balance").as_int64(), 38'000);
    EXPECT_EQ(ask(Method::post, "/api/debit", debit).body, paid.body);
    EXPECT_EQ(model.net_charged(), 12'000);
    const std::string id{paid.body.at("transaction_id").as_string()};
    EXPECT_TRUE(ask(Method::post, "/api/refund",
                    R"({"original_transaction_id":")" + id + R"(","amount":12000,"reason":"r"})")
                    .body.at("success")
                    .as_bool());
    EXPECT_EQ(
        ask(Method::post, "/pc-api/login", R"({"username":"alice","password":"x"})")
            .body.at("error_code")
            .as_string(),
        "INVALID_CREDENTIALS");
}

} // namespace
} // namespace iwas::sim
