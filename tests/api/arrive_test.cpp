// Who may begin a visit: what each kind of router's redirect must bring.
#include "core/percent_encoding.hpp"
#include "protocol/captive/uam.hpp"
#include "tests/api/api_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iwas::api::testing {
namespace {

using ::testing::StartsWith;

const SecretText uam_secret{"between portal and gateway"};

/// The café with another kind of router.
struct OtherCafe : World {
    explicit OtherCafe(domain::RouterKind kind, SecretText secret = {})
    {
        domain::Catalog wanted = *catalog.current();
        domain::Router& gateway = wanted.routers.begin()->second;
        gateway.kind = kind;
        gateway.uam_secret = std::move(secret);
        (void)run(store->replace_catalog(wanted, "test", clock.utc_now())).value();
        if (!run(catalog.load())) throw std::runtime_error{"the catalog cannot be loaded"};
    }
    /// The answer to a redirect that the gateway has signed.
    http::Response follow_signed(const std::string& query, const SecretText& secret = uam_secret)
    {
        const std::string own = services.settings.public_url;
        const std::string url = captive::sign_uam_redirect(own + "/p?" + query, secret);
        return get(url.substr(own.size()));
    }
    domain::Visit visit_of(const http::Response& response)
    {
        const std::string token{response.headers.value("Location").substr(4)};
        return run(store->load_visit(tokens.visit_of(token).value())).value().value();
    }
};

std::string uam_query(const std::string& result = "notyet")
{
    return "res=" + result +
           "&uamip=192.168.20.1&uamport=3990&challenge=f3a8caab0eff4b1131447f3a4166fd2a"
           "&called=00-0A-CD-1F-F6-43&mac=A4-5E-60-11-22-0F&ip=192.168.20.15&nasid=Galaxy-Q7"
           "&userurl=http%3a%2f%2fexample.com%2f";
}

TEST(ArriveByUam, ASignedRedirectBeginsAVisit)
{
    OtherCafe cafe{domain::RouterKind::uam, uam_secret};
    const auto response = cafe.follow_signed(uam_query());
    ASSERT_EQ(response.status, 302);
    const domain::Visit visit = cafe.visit_of(response);
    EXPECT_EQ(to_string(visit.mac), "A4:5E:60:11:22:0F");
    EXPECT_EQ(visit.login_url, "http://192.168.20.1:3990/logon");
    EXPECT_EQ(visit.chap_challenge, "f3a8caab0eff4b1131447f3a4166fd2a");
    EXPECT_EQ(visit.return_url, "http://example.com/");
}

TEST(ArriveByUam, NothingElseDoesWhereTheGatewayHasASecret)
{
    OtherCafe cafe{domain::RouterKind::uam, uam_secret};
    EXPECT_EQ(cafe.get("/p?" + uam_query()).status, 400);
    EXPECT_EQ(cafe.get("/p?" + uam_query() + "&md=").status, 400);
    EXPECT_EQ(cafe.get("/p?" + uam_query() + "&md=06FF53FC8A6CB81C7D590B8DBFD7CA5A").status, 400);
    EXPECT_EQ(cafe.follow_signed(uam_query(), SecretText{"another"}).status, 400);

    // A signature covers everything before it.
    const std::string url =
        captive::sign_uam_redirect("http://portal.test/p?" + uam_query(), uam_secret);
    std::string other_device = url.substr(std::string{"http://portal.test"}.size());
    other_device.replace(other_device.find("22-0F"), 5, "22-10");
    EXPECT_EQ(cafe.get(other_device).status, 400);
    EXPECT_EQ(cafe.follow_signed(uam_query() + "&md=1").status, 302);

    // Leaving `res` out and speaking MikroTik's dialect evades nothing.
    const std::string as_hotspot = "n=Galaxy-Q7&mac=A4-5E-60-11-22-0F&ip=192.168.20.15";
    EXPECT_EQ(cafe.get("/p?" + as_hotspot).status, 400);
    EXPECT_EQ(cafe.get("/p?" + as_hotspot + "&nasid=Galaxy-Q7").status, 400);
    EXPECT_EQ(cafe.follow_signed(as_hotspot).status, 400);
}

TEST(ArriveByUam, OnlyAUamGatewaySpeaksUam)
{
    OtherCafe unsigned_cafe{domain::RouterKind::uam};
    EXPECT_EQ(unsigned_cafe.get("/p?" + uam_query()).status, 302);
    OtherCafe mikrotik{domain::RouterKind::mikrotik};
    EXPECT_EQ(mikrotik.get("/p?" + uam_query()).status, 400);
}

TEST(ArriveByUam, ALoginThatSucceededLeadsToThePortalsOwnPageOnly)
{
    OtherCafe cafe{domain::RouterKind::uam, uam_secret};
    const auto after_login = [&](const std::string& page, const std::string& result = "success") {
        const std::string query =
            "res=" + result +
            "&uamip=192.168.20.1&uamport=3990&mac=A4-5E-60-11-22-0F&ip=192.168.20.15"
            "&nasid=Galaxy-Q7&userurl=" +
            percent_encode(page);
        return std::string{cafe.follow_signed(query).headers.value("Location")};
    };
    EXPECT_EQ(after_login("http://portal.test/online.html?v=abc"), "/online.html?v=abc");
    EXPECT_THAT(after_login("http://portal.test/online.html?v=abc", "failed"), StartsWith("/?v="));
    EXPECT_THAT(after_login("http://portal.test.evil.example/online.html?"), StartsWith("/?v="));
    EXPECT_THAT(after_login("http://example.com/"), StartsWith("/?v="));
}

TEST(ArriveByMac, ARouterWithoutALoginPageNeedsNoAddress)
{
    OtherCafe cafe{domain::RouterKind::generic};
    const auto response = cafe.get("/p?n=Galaxy-Q7&mac=A4-5E-60-11-22-0F&ip=192.168.20.15");
    ASSERT_EQ(response.status, 302);
    EXPECT_EQ(cafe.visit_of(response).login_url, "");
}

} // namespace
} // namespace iwas::api::testing
