// Logins that the browser makes: forms of hotspots and UAM gateways, and routers without any.
#include "adapters/router/access_world_test.hpp"

namespace iwas::adapters {
namespace {

using namespace testing_support;

TEST_F(RouterAccessTest, FallsBackToTheFormWhenTheApiIsDown)
{
    configure([](domain::Router& router) { router.api->port = 1; });
    const auto before = redirect();
    EXPECT_EQ(before.mac, to_string(phone));
    EXPECT_EQ(before.destination, "http://example.com/page");
    const auto opened = open(
        grant(), {.login_url = before.login_url,
                  .chap_id = before.chap_id,
                  .chap_challenge = before.chap_challenge,
                  .return_url = "http://example.com/"});
    ASSERT_TRUE(opened && opened->form);
    EXPECT_FALSE(opened->is_confirmed);
    EXPECT_NE(opened->form->fields.at("password"), "4711"); // the digest
    const std::string answer = post(*opened->form);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 302"));
    EXPECT_NE(answer.find("Location: http://example.com/\r\n"), std::string::npos);
    EXPECT_EQ(online_user(), "ticket");
    EXPECT_TRUE(
        get("captive.apple.com", "/hotspot-detect.html").ends_with("Success</BODY></HTML>"));
}

TEST_F(RouterAccessTest, GenericRoutersTakePapFormsOrMacAddresses)
{
    configure([](domain::Router& router) {
        router.kind = domain::RouterKind::generic;
        router.api.reset();
    });
    const auto opened = open(grant(), {.login_url = "http://" + own_host() + "/login"});
    ASSERT_TRUE(opened && opened->form);
    EXPECT_EQ(opened->form->fields.at("password"), "4711");
    EXPECT_TRUE(post(*opened->form).starts_with("HTTP/1.1 302"));
    EXPECT_EQ(online_user(), "ticket");

    const auto by_mac = open(grant());
    ASSERT_TRUE(by_mac);
    EXPECT_FALSE(by_mac->form);
    EXPECT_FALSE(by_mac->is_confirmed);
    EXPECT_FALSE(open(grant(), {.login_url = "http://evil.example/login"}));

    auto running = grant();
    running.acct_session_id = acct_session_id();
    EXPECT_TRUE(close(running));
    EXPECT_EQ(online_user(), "");
    EXPECT_TRUE(close(running)); // not found is gone
    EXPECT_FALSE(branch->access.can_list(router_id));
}

TEST_F(RouterAccessTest, UamGatewaysTakeWhatTheBrowserBrings)
{
    const SecretText uam_secret{"between portal and gateway"};
    for (const auto proof : {domain::LoginProof::chap, domain::LoginProof::pap}) {
        const bool is_chap = proof == domain::LoginProof::chap;
        configure([&](domain::Router& router) {
            router.kind = domain::RouterKind::uam;
            router.api.reset();
            router.uam_secret = uam_secret;
            router.login_proof = proof;
        });
        io.on([&] { branch->router->set_face(sim::RouterFace::uam, uam_secret); });
        const std::string url = location_of(get("example.com", "/page"));
        EXPECT_TRUE(captive::uam_redirect_is_genuine(url, uam_secret)) << url;
        const auto before = captive::parse_uam_redirect(url).value();
        EXPECT_EQ(before.result, "notyet");
        EXPECT_EQ(before.mac, "02-00-00-00-00-15");
        EXPECT_EQ(before.user_url, "http://example.com/page");

        const ports::LoginChallenge challenge{
            .login_url = "http://" + before.host + ":" + before.port + "/logon",
            .chap_id = {},
            .chap_challenge = to_hex(before.challenge),
            .return_url = "http://portal.example/online.html?v=1"};
        const auto wrong = open(grant("ticket", "guess"), challenge);
        ASSERT_TRUE(wrong && wrong->form);
        const auto failed = captive::parse_uam_redirect(location_of(submit(*wrong->form))).value();
        EXPECT_EQ(failed.result, "failed");
        EXPECT_EQ(failed.reply, "no such ticket");
        EXPECT_EQ(online_user(), "");

        // A challenge proves one login: the redirect brought another.
        auto next = challenge;
        next.chap_challenge = to_hex(failed.challenge);
        EXPECT_NE(next.chap_challenge, challenge.chap_challenge);
        const auto opened = open(grant(), next);
        ASSERT_TRUE(opened && opened->form);
        EXPECT_FALSE(opened->is_confirmed); // the Accounting-Start will tell
        EXPECT_EQ(opened->form->fields.contains("response"), is_chap);
        EXPECT_EQ(opened->form->fields.contains("password"), !is_chap);
        EXPECT_EQ(text_of(opened->form->fields).find("4711"), std::string::npos);
        const auto after = captive::parse_uam_redirect(location_of(submit(*opened->form))).value();
        EXPECT_EQ(after.result, "success");
        EXPECT_EQ(after.user_url, challenge.return_url);
        EXPECT_EQ(online_user(), "ticket");
        EXPECT_EQ(login_by(), is_chap ? "uam-chap" : "uam-pap");
        wait_for_accounting(1); // Start
        io.on([this] {
            branch->router->model().log_out(phone, sim::TerminateCause::user_request);
            branch->radius.script.accounting.clear();
        });
        wait_for_accounting(1); // Stop
        io.on([this] { branch->radius.script.accounting.clear(); });
    }
}

TEST_F(RouterAccessTest, ARouterWithoutALoginPageAsksByMacAddress)
{
    configure([](domain::Router& router) {
        router.kind = domain::RouterKind::generic;
        router.api.reset();
    });
    io.on([this] {
        branch->router->set_face(sim::RouterFace::bare, {});
        branch->radius.script.users[to_string(phone)] = {.password = "", .grant = {}};
    });
    const auto opened = open(grant());
    ASSERT_TRUE(opened);
    EXPECT_FALSE(opened->form);
    EXPECT_FALSE(opened->is_confirmed);
    EXPECT_NE(get("example.com", "/").find("internet: example.com/"), std::string::npos);
    EXPECT_EQ(online_user(), to_string(phone));
    EXPECT_EQ(login_by(), "mac");
}

TEST_F(RouterAccessTest, APapRouterGetsThePasswordDespiteAChallenge)
{
    configure([](domain::Router& router) {
        router.api.reset();
        router.login_proof = domain::LoginProof::pap;
    });
    const auto before = redirect();
    const auto opened = open(
        grant(), {.login_url = before.login_url,
                  .chap_id = before.chap_id,
                  .chap_challenge = before.chap_challenge,
                  .return_url = {}});
    ASSERT_TRUE(opened && opened->form);
    EXPECT_EQ(opened->form->fields.at("password"), "4711");
    EXPECT_TRUE(post(*opened->form).starts_with("HTTP/1.1 302"));
    EXPECT_EQ(online_user(), "ticket");
}

TEST(LoginForm, BelongsToTheRoutersOwnHost)
{
    domain::Router router;
    router.hotspot_host = "hotspot.cafe";
    EXPECT_TRUE(is_own_login_url("http://hotspot.cafe/login", router));
    EXPECT_TRUE(is_own_login_url("https://Hotspot.Cafe:8443/login?x=1", router));
    for (const auto* const url :
         {"http://evil.example/login", "http://hotspot.cafe.evil.example/", "ftp://hotspot.cafe/",
          "http://hotspot.cafe@evil.example/", "//hotspot.cafe/", "javascript:alert(1)", "",
          "http://evil.example\\@hotspot.cafe/", "http://hotspot.cafe/\r\nX: y"})
        EXPECT_FALSE(is_own_login_url(url, router)) << url;
    router.hotspot_host.clear();
    EXPECT_FALSE(is_own_login_url("http:///login", router));
}

TEST(LoginForm, AnswersAUamChallenge)
{
    domain::Router router{.kind = domain::RouterKind::uam};
    router.hotspot_host = "10.1.0.1";
    router.uam_secret = SecretText{"uamsecret"};
    ports::Grant grant{.user_name = "an", .password = SecretText{"greatsecret"}};
    const auto form = uam_form(
        router, grant,
        {.login_url = "http://10.1.0.1:3990/logon",
         .chap_challenge = "f3a8caab0eff4b1131447f3a4166fd2a",
         .return_url = "http://example.com/"});
    ASSERT_TRUE(form);
    EXPECT_EQ(form->method, "GET");
    EXPECT_EQ(form->fields.at("response"), "fa68b1b890902bd50b9c2afe51a0302a");
    EXPECT_EQ(form->fields.at("userurl"), "http://example.com/");
    EXPECT_FALSE(uam_form(router, grant, {.login_url = "http://10.1.0.1:3990/logon"}));
    router.login_proof = domain::LoginProof::pap;
    const auto pap = uam_form(
        router, grant,
        {.login_url = "http://10.1.0.1:3990/logon",
         .chap_id = {},
         .chap_challenge = "f3a8caab0eff4b1131447f3a4166fd2a",
         .return_url = {}});
    ASSERT_TRUE(pap);
    EXPECT_FALSE(pap->fields.contains("response"));
    EXPECT_EQ(pap->fields.at("password"), "afbaca2c026b72f569ccfbcc8d838033");
}

} // namespace
} // namespace iwas::adapters
