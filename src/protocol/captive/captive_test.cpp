#include "protocol/captive/capport.hpp"
#include "protocol/captive/hotspot.hpp"
#include "protocol/captive/probe.hpp"
#include "protocol/captive/uam.hpp"
#include "tests/vectors/vector_file.hpp"

#include <gtest/gtest.h>

namespace iwas::captive {
namespace {

using tests::read_vectors;

TEST(HotspotChap, GivesTheFormPasswordOfEveryVector)
{
    for (const auto& vector : read_vectors("hotspot_http_chap.txt")) {
        const SecretText password{vector["password"]};
        EXPECT_EQ(
            http_chap_password(vector["chap_id"], password, vector["chap_challenge"]),
            vector["form_password"]);
        const auto id = unescape_octal(vector["chap_id"]);
        const auto challenge = unescape_octal(vector["chap_challenge"]);
        ASSERT_TRUE(id && challenge);
        EXPECT_EQ(escape_octal(*challenge), vector["chap_challenge"]);
        if (!vector.has("radius_chap_password_attr")) continue;
        // The router carries the same digest on to RADIUS.
        EXPECT_EQ(
            "0313" + to_hex(*id) + vector["form_password"], vector["radius_chap_password_attr"]);
        EXPECT_EQ("3c12" + to_hex(*challenge), vector["radius_chap_challenge_attr"]);
    }
}

TEST(HotspotChap, RefusesBrokenVariables)
{
    EXPECT_FALSE(unescape_octal("\\37"));
    EXPECT_FALSE(unescape_octal("\\400"));
    EXPECT_FALSE(unescape_octal("\\38a"));
    EXPECT_EQ(unescape_octal("a\\101"), (Bytes{'a', 'A'}));
    const std::string challenge = escape_octal(Bytes(16, 7));
    EXPECT_TRUE(http_chap_password("\\001", SecretText{"p"}, challenge));
    EXPECT_FALSE(http_chap_password("", SecretText{"p"}, challenge));
    EXPECT_FALSE(http_chap_password("\\001", SecretText{"p"}, escape_octal(Bytes(15, 7))));
}

TEST(HotspotRedirect, SurvivesTheBrowser)
{
    const HotspotRedirect redirect{
        .identity = "icafe q7",
        .server = "hotspot1",
        .mac = "02:00:00:00:00:15",
        .ip = "10.5.50.21",
        .login_url = "http://10.5.50.1/login",
        .destination = "http://example.com/?a=1&b=2",
        .error = "",
        .chap_id = "\\371",
        .chap_challenge = "\\357\\015",
    };
    const std::string url = "http://portal/p?" + format_fields(to_fields(redirect));
    const auto fields = parse_fields(query_of(url));
    ASSERT_TRUE(fields);
    const HotspotRedirect back = hotspot_redirect(*fields);
    EXPECT_EQ(back.identity, redirect.identity);
    EXPECT_EQ(back.destination, redirect.destination);
    EXPECT_EQ(back.chap_challenge, redirect.chap_challenge);
    EXPECT_EQ(back.error, "");
}

TEST(Url, RefusesBrokenOrBoundlessQueries)
{
    EXPECT_FALSE(parse_fields("a=1&b=%"));
    EXPECT_FALSE(parse_fields("a&b&c", 2));
    EXPECT_FALSE(parse_fields(std::string(70'000, 'a')));
    EXPECT_TRUE(parse_fields("")->empty());
    EXPECT_EQ(parse_fields("&a&b=")->size(), 2U);
}

TEST(Uam, SignsAndAnswersAsEveryVectorSays)
{
    for (const auto& vector : read_vectors("coovachilli.txt")) {
        const SecretText secret{vector["uamsecret"]};
        const SecretText password{vector["password"]};
        const auto url = vector["redirect_url_without_md"];
        EXPECT_EQ(sign_uam_redirect(url, secret), url + "&md=" + vector["md"]);
        EXPECT_TRUE(uam_redirect_is_genuine(url + "&md=" + vector["md"], secret));
        EXPECT_FALSE(uam_redirect_is_genuine(url + "x&md=" + vector["md"], secret));
        EXPECT_FALSE(uam_redirect_is_genuine(url, secret));

        const auto redirect = parse_uam_redirect(url + "&md=" + vector["md"]);
        ASSERT_TRUE(redirect);
        EXPECT_EQ(to_hex(redirect->challenge), vector["challenge"]);
        EXPECT_EQ(redirect->user_url, "http://example.com/");
        EXPECT_EQ(redirect->port, "3990");

        const Bytes challenge = uam_effective_challenge(redirect->challenge, secret);
        EXPECT_EQ(to_hex(challenge), vector["effective_chap_challenge"]);
        EXPECT_EQ(uam_chap_response(password, challenge), vector["chap_response"]);
        EXPECT_EQ(uam_pap_password(password, challenge), vector["pap_password_param"]);
        EXPECT_EQ(
            uam_logon_url(*redirect, UamMethod::chap, "an", password, secret),
            "http://10.1.0.1:3990/logon?username=an&response=" + vector["chap_response"] +
                "&userurl=http%3A%2F%2Fexample.com%2F");
        EXPECT_EQ(
            uam_logon_url(*redirect, UamMethod::pap, "an", password, secret),
            "http://10.1.0.1:3990/logon?username=an&password=" + vector["pap_password_param"] +
                "&userurl=http%3A%2F%2Fexample.com%2F");
    }
}

TEST(Uam, WorksWithoutASecretAndWithLongPasswords)
{
    const Bytes challenge(16, 0x11);
    EXPECT_EQ(uam_effective_challenge(challenge, SecretText{}), challenge);
    EXPECT_EQ(uam_pap_password(SecretText{std::string(17, 'a')}, challenge)->size(), 64U);
    EXPECT_EQ(uam_pap_password(SecretText{}, challenge)->size(), 32U);
    EXPECT_FALSE(uam_pap_password(SecretText{"a"}, Bytes(15)));
    EXPECT_FALSE(
        parse_uam_redirect("http://p/?res=notyet&uamip=1.2.3.4&uamport=3990&challenge=00"));
    EXPECT_FALSE(parse_uam_redirect("http://p/?uamip=1.2.3.4&uamport=3990"));
}

TEST(Capport, WritesTheDocument)
{
    CapportState state{.captive = true, .user_portal_url = "https://wifi.example/p?\"b\"\n"};
    state.seconds_remaining = 5;
    EXPECT_EQ(
        to_json(state),
        R"({"captive":true,"user-portal-url":"https://wifi.example/p?\"b\"\u000a"})");
    state = {.captive = false, .can_extend_session = true, .seconds_remaining = -3};
    state.octets_remaining = 1'000;
    EXPECT_EQ(
        to_json(state),
        R"({"captive":false,"can-extend-session":true,"seconds-remaining":0,"bytes-remaining":1000})");
}

TEST(Capport, WritesTheOptionsOfEveryVector)
{
    for (const auto& vector : read_vectors("rfc8910.txt")) {
        EXPECT_EQ(to_hex(*dhcp4_capport_option(vector["uri"])), vector["dhcpv4_option_114"]);
        EXPECT_EQ(to_hex(*dhcp6_capport_option(vector["uri"])), vector["dhcpv6_option_103"]);
        EXPECT_EQ(to_hex(*nd_capport_option(vector["uri"])), vector["nd_option_37"]);
    }
    EXPECT_FALSE(dhcp4_capport_option(""));
    EXPECT_FALSE(dhcp4_capport_option(std::string(256, 'a')));
    EXPECT_EQ(dhcp4_capport_option(capport_unrestricted)->front(), 114);
}

TEST(Probe, IsFoundByHostAndPath)
{
    ASSERT_NE(find_probe("Captive.Apple.com", "/hotspot-detect.html"), nullptr);
    EXPECT_EQ(find_probe("captive.apple.com", "/hotspot-detect.html")->status, 200U);
    EXPECT_EQ(find_probe("connectivitycheck.gstatic.com.", "/generate_204")->status, 204U);
    EXPECT_EQ(
        find_probe("www.msftconnecttest.com", "/connecttest.txt")->body, "Microsoft Connect Test");
    EXPECT_EQ(find_probe("captive.apple.com", "/other"), nullptr);
    EXPECT_TRUE(is_probe_host("www.google.com"));
    EXPECT_FALSE(is_probe_host("accounts.google.com"));
    EXPECT_EQ(probes().size(), 20U);
}

TEST(MiniBrowser, IsRecognizedByItsUserAgent)
{
    const auto of = recognize_mini_browser;
    EXPECT_EQ(of("CaptiveNetworkSupport-443.120.2 wispr"), MiniBrowser::apple_helper);
    EXPECT_EQ(
        of("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
           "like "
           "Gecko) Mobile/15E148"),
        MiniBrowser::apple_sheet);
    EXPECT_EQ(
        of("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like "
           "Gecko)"),
        MiniBrowser::apple_sheet);
    EXPECT_EQ(
        of("Mozilla/5.0 (Linux; Android 14; SM-S911B Build/UP1A; wv) AppleWebKit/537.36 (KHTML, "
           "like "
           "Gecko) Version/4.0 Chrome/122.0 Mobile Safari/537.36"),
        MiniBrowser::android_webview);
    EXPECT_EQ(
        of("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
           "like "
           "Gecko) Version/17.4 Mobile/15E148 Safari/604.1"),
        MiniBrowser::none);
    EXPECT_EQ(of("curl/8.0"), MiniBrowser::none);
    EXPECT_EQ(of(""), MiniBrowser::none);
}

} // namespace
} // namespace iwas::captive
