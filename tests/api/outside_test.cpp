// What machines ask: the café's events, captive checks, health; and the contract itself.
#include "api/problems.hpp"
#include "core/digest.hpp"
#include "core/text.hpp"
#include "tests/api/api_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

namespace iwas::api::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

http::Response send_event(
    World& world, const std::string& body, const std::string& secret = "webhook-secret",
    Seconds age = 0s, const std::string& branch = "q7")
{
    const auto at = std::chrono::floor<Seconds>(world.clock.utc_now()) - age;
    const std::string timestamp = std::to_string(at.time_since_epoch().count());
    const auto mac =
        hmac_sha256(as_bytes(secret), {as_bytes(timestamp), as_bytes("."), as_bytes(body)});
    http::Headers headers;
    headers.set("Content-Type", "application/json");
    headers.set("X-IWAS-Timestamp", timestamp);
    headers.set("X-IWAS-Signature", "v1=" + to_hex(mac));
    return world.post("/api/v1/branches/" + branch + "/pc-events", body, std::move(headers));
}

std::string event(World& world, const std::string& id, const std::string& type)
{
    return R"({"event_id":")" + id + R"(","type":")" + type +
           R"(","branch_id":"q7","username":"minh","member_id":"m-minh","pc_name":"PC-14",)" +
           R"("session_id":"s1","occurred_at":")" + to_rfc3339(world.clock.utc_now()) + R"("})";
}

TEST(PcEvents, AreTakenOnce)
{
    World world;
    const std::string body = event(world, "e1", "session.ended");
    EXPECT_EQ(send_event(world, body).status, 202);
    EXPECT_EQ(send_event(world, body).status, 200);
    EXPECT_EQ(send_event(world, event(world, "e2", "heartbeat")).status, 202);
    EXPECT_EQ(send_event(world, event(world, "e3", "something.new")).status, 202);
}

TEST(PcEvents, AreRefusedUnlessGenuine)
{
    World world;
    const std::string body = event(world, "e1", "session.ended");
    EXPECT_EQ(send_event(world, body, "another-secret").status, 401);
    EXPECT_EQ(send_event(world, body, "webhook-secret", 301s).status, 401);
    EXPECT_EQ(send_event(world, body, "webhook-secret", 0s, "q8").status, 401);
    EXPECT_EQ(world.post("/api/v1/branches/q7/pc-events", body).status, 401);
    EXPECT_EQ(send_event(world, "{}").status, 400);
    std::string elsewhere = body;
    elsewhere.replace(elsewhere.find("\"q7\""), 4, "\"q8\"");
    EXPECT_EQ(send_event(world, elsewhere).status, 403);
}

TEST(PcEvents, LeavingThePcPausesTheSession)
{
    World world;
    Phone phone{world, "A4:5E:60:11:22:0F", "192.168.20.15"};
    phone.sign_in();
    ASSERT_EQ(phone.buy("pkg_3h", 12'000).status, 201);
    ASSERT_EQ(send_event(world, event(world, "e1", "session.ended")).status, 202);
    world.io.restart();
    world.io.run_for(200ms);
    const auto current = body_of(phone.get("/api/v1/sessions/current")).at("session").as_object();
    EXPECT_EQ(current.at("state").as_string(), "paused");
    EXPECT_EQ(current.at("reason").as_string(), "PC_LOGOUT");
    EXPECT_TRUE(current.at("can_resume").as_bool());
    EXPECT_TRUE(world.access.online.empty());
    const auto portal = body_of(phone.get("/api/v1/portal"));
    EXPECT_TRUE(portal.at("active_session").is_null());
    EXPECT_EQ(portal.at("other_sessions").as_array().size(), 1U);
}

TEST(Captive, TellsTheStateOfTheDevice)
{
    World world;
    Phone phone{world, "A4:5E:60:11:22:0F", "192.168.20.15"};
    phone.arrive();
    const auto before = world.get("/captive-portal/api?v=" + phone.token);
    EXPECT_EQ(before.headers.value("Content-Type"), "application/captive+json");
    EXPECT_EQ(before.headers.value("Cache-Control"), "private");
    EXPECT_TRUE(body_of(before).at("captive").as_bool());
    EXPECT_THAT(
        std::string{body_of(before).at("user-portal-url").as_string()},
        StartsWith("http://portal.test/"));
    phone.sign_in();
    ASSERT_EQ(phone.buy("pkg_1h", 5'000).status, 201);
    world.report_start("A4:5E:60:11:22:0F", "192.168.20.15");
    const auto after = body_of(world.get("/captive-portal/api?v=" + phone.token));
    EXPECT_FALSE(after.at("captive").as_bool());
    EXPECT_NEAR(static_cast<double>(after.at("seconds-remaining").as_int64()), 3600, 5);
    // Nothing known of the device: captive.
    EXPECT_TRUE(body_of(world.get("/captive-portal/api")).at("captive").as_bool());
}

TEST(Captive, ProbesOpenThePortalUntilTheDeviceIsOnline)
{
    World world;
    Phone phone{world, "A4:5E:60:11:22:0F", "192.168.20.15"};
    phone.arrive();
    const auto probe = [&](const std::string& host, const std::string& path) {
        http::Request request;
        request.target = path;
        request.headers.set("Host", host);
        request.peer_address = "192.168.20.15"; // known from the visit
        return world.send(std::move(request));
    };
    const auto captive = probe("connectivitycheck.gstatic.com", "/generate_204");
    EXPECT_EQ(captive.status, 302);
    EXPECT_THAT(std::string{captive.headers.value("Location")}, StartsWith("http://portal.test/"));
    EXPECT_EQ(probe("captive.apple.com", "/hotspot-detect.html").status, 302);
    phone.sign_in();
    ASSERT_EQ(phone.buy("pkg_1h", 5'000).status, 201);
    world.report_start("A4:5E:60:11:22:0F", "192.168.20.15");
    EXPECT_EQ(probe("connectivitycheck.gstatic.com", "/generate_204").status, 204);
    const auto apple = probe("captive.apple.com", "/hotspot-detect.html");
    EXPECT_EQ(apple.status, 200);
    EXPECT_THAT(apple.body, HasSubstr("Success"));
}

TEST(Captive, AProbeOfTheFirstPageIsToldByItsHost)
{
    World world;
    Phone phone{world, "A4:5E:60:11:22:0F", "192.168.20.15"};
    phone.arrive();
    const auto first_page = [&](const std::string& host) {
        http::Request request;
        request.target = "/";
        request.headers.set("Host", host);
        request.peer_address = "192.168.20.15";
        return world.send(std::move(request));
    };
    for (const char* host : {"captive.apple.com", "connectivity-check.ubuntu.com:80"}) {
        const auto held = first_page(host);
        EXPECT_EQ(held.status, 302) << host;
        EXPECT_THAT(std::string{held.headers.value("Location")}, StartsWith("http://portal.test/"));
    }
    EXPECT_EQ(first_page("portal.test").body, "the portal's page");
    phone.sign_in();
    ASSERT_EQ(phone.buy("pkg_1h", 5'000).status, 201);
    world.report_start("A4:5E:60:11:22:0F", "192.168.20.15");
    EXPECT_THAT(first_page("captive.apple.com").body, HasSubstr("Success"));
    const auto ubuntu = first_page("connectivity-check.ubuntu.com");
    EXPECT_EQ(ubuntu.status, 204);
    EXPECT_EQ(ubuntu.headers.value("X-NetworkManager-Status"), "online");
    EXPECT_EQ(first_page("portal.test").body, "the portal's page");
}

TEST(Routes, WhatAsksTheStoreIsRateLimited)
{
    World world;
    for (const Route& route : routes()) {
        const bool is_cheap = route.pattern == "/healthz" || route.pattern == "/metrics";
        // A gateway tells of all its payments from a few addresses.
        const bool is_notice = route.pattern == "/api/v1/payments/{account}/notice";
        EXPECT_EQ(route.options.rate_limited, !is_cheap && !is_notice) << route.pattern;
    }
    for (const char* path : {"/", "/generate_204", "/hotspot-detect.html", "/connecttest.txt"}) {
        const auto match = world.router.match(http::Method::get, path);
        ASSERT_TRUE(match.route) << path;
        EXPECT_TRUE(match.route->options.rate_limited) << path;
    }
}

TEST(Arrive, LeavesNothingBehindWhenTheVisitIsOver)
{
    World world;
    Phone phone{world, "A4:5E:60:11:22:0F", "192.168.20.15"};
    phone.sign_in();
    const UtcTime over = world.clock.utc_now() + world.services.settings.visit_for + 1s;
    EXPECT_EQ(world.run(world.store->forget_old(world.clock.utc_now() + 1ms, 100)).value(), 1)
        << "the visit before the sign-in began earlier and is signed out";
    EXPECT_EQ(world.run(world.store->forget_old(over, 100)).value(), 1);
    EXPECT_EQ(code_of(phone.get("/api/v1/portal")), "VISIT_UNKNOWN");
}

TEST(System, TellsHealthAndMetrics)
{
    World world;
    EXPECT_EQ(world.get("/healthz").status, 200);
    EXPECT_EQ(world.get("/readyz").status, 200);
    world.services.missing = [] { return std::vector<std::string>{"radius"}; };
    const auto not_ready = world.get("/readyz");
    EXPECT_EQ(not_ready.status, 503);
    EXPECT_THAT(not_ready.body, HasSubstr("radius"));
    http::Request metrics;
    metrics.target = "/metrics";
    metrics.peer_address = "127.0.0.1";
    EXPECT_THAT(world.send(metrics).body, HasSubstr("iwas_test 1"));
    metrics.peer_address = "192.168.20.15";
    EXPECT_EQ(world.send(metrics).status, 404) << "not for guests";
    metrics.peer_address = "127.0.0.1";
    metrics.is_passed_on = true;
    EXPECT_EQ(world.send(metrics).status, 404) << "nor through a proxy that nobody trusts";
    EXPECT_EQ(world.get("/openapi.json").body, "{}");
}

/// "get /api/v1/portal" of each operation in the document: its paths stand at two blanks, their
/// methods at four.
struct Documented {
    std::set<std::string> served;
    std::set<std::string> planned; // x-planned: agreed, not served yet
};
Documented documented_operations()
{
    std::ifstream file{IWAS_SOURCE_DIR "/docs/openapi.yaml"};
    Documented operations;
    std::string path;
    std::string operation;
    bool in_paths = false;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty() && line[0] != ' ') in_paths = line == "paths:";
        if (!in_paths) continue;
        if (line.starts_with("  /"))
            path = line.substr(2, line.size() - 3);
        else if (
            line.starts_with("    ") && line.size() > 5 && line[4] != ' ' && line.ends_with(':')) {
            operation = line.substr(4, line.size() - 5) + " " + path;
            operations.served.insert(operation);
        } else if (line == "      x-planned: true") {
            operations.served.erase(operation);
            operations.planned.insert(operation);
        }
    }
    return operations;
}

TEST(OpenApi, EveryOperationHasAHandlerAndTheOtherWayRound)
{
    std::set<std::string> served;
    for (const Route& route : routes()) {
        std::string operation{to_string(route.method)};
        std::ranges::transform(operation, operation.begin(), lower);
        served.insert(operation + " " + std::string{route.pattern});
    }
    const Documented documented = documented_operations();
    EXPECT_GT(documented.served.size(), 20U);
    EXPECT_EQ(served, documented.served);
    for (const std::string& each : documented.planned)
        EXPECT_FALSE(served.contains(each)) << each << " is served: it is no more planned";
}

TEST(OpenApi, AsksOfARedirectOnlyWhatEveryRouterSends)
{
    World world;
    const std::string dialects[] = {
        "/p?n=Galaxy-Q7&mac=A4-5E-60-11-22-0F&ip=192.168.20.15",
        "/p?res=notyet&uamip=192.168.20.1&uamport=3990&nasid=Galaxy-Q7&mac=A4-5E-60-11-22-0F"
        "&ip=192.168.20.15"};
    std::ifstream file{IWAS_SOURCE_DIR "/docs/openapi.yaml"};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const std::size_t begin = text.find("\n  /p:\n");
    const std::size_t end = text.find("\n  /api/v1/portal:\n");
    ASSERT_LT(begin, end);
    int described = 0;
    for (std::size_t at = text.find("{ name: ", begin); at < end;
         at = text.find("{ name: ", at + 1)) {
        const std::string line = text.substr(at, text.find('\n', at) - at);
        const std::string name = line.substr(8, line.find(',') - 8);
        ++described;
        const bool is_required = line.find("required: true") != std::string::npos;
        for (const std::string& url : dialects) {
            if (is_required) {
                EXPECT_THAT(url, HasSubstr(name + "=")) << line;
            }
        }
    }
    EXPECT_GE(described, 15);
    EXPECT_EQ(world.get(dialects[0]).status, 302) << "the other one needs a UAM router";
}

TEST(Problems, EveryCodeOfTheContractIsSpelledThere)
{
    std::ifstream file{IWAS_SOURCE_DIR "/docs/openapi.yaml"};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    for (int i = 0; i <= static_cast<int>(ProblemCode::session_expired); ++i) {
        const auto code = static_cast<ProblemCode>(i);
        const std::string row =
            "| " + std::string{to_text(code)} + " | " + std::to_string(status_of(code)) + " |";
        EXPECT_THAT(text, HasSubstr(row));
        for (const Language language : {Language::vi, Language::en}) {
            const auto body = to_json(Refusal{.code = code}, language);
            EXPECT_FALSE(body.at("title").as_string().empty());
            EXPECT_FALSE(body.at("detail").as_string().empty());
            EXPECT_EQ(body.at("detail").as_string().find('{'), std::string::npos) << row;
        }
    }
}

TEST(Language, FollowsTheWeights)
{
    EXPECT_EQ(language_of("en"), Language::en);
    EXPECT_EQ(language_of("fr, en;q=0.8, vi;q=0.5"), Language::en);
    EXPECT_EQ(language_of("en;q=0.2,vi-VN;q=0.9"), Language::vi);
    EXPECT_EQ(language_of("fr"), Language::vi);
    EXPECT_EQ(language_of("", Language::en), Language::en);
    EXPECT_EQ(language_of("en;q=9"), Language::vi);
}

} // namespace
} // namespace iwas::api::testing
