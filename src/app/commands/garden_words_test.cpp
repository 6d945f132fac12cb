// What a router's walled garden is made of: the accounts of its organization, as they are.
#include "app/commands/garden_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iwas::app {
namespace {

using domain::PaymentMethod;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;

class GardenOfAccounts : public ::testing::Test {
protected:
    GardenOfAccounts()
    {
        configured.router.location = location;
        configured.catalog.locations[location] = {
            .id = location, .organization = organization, .name = "Quận 7"};
    }

    domain::PaymentAccount& add(const char* id, PaymentMethod method, const char* base_url)
    {
        const auto name = *domain::PaymentAccountId::parse(id);
        domain::PaymentAccount& account = configured.catalog.payment_accounts[name];
        account.id = name;
        account.organization = organization;
        account.method = method;
        account.base_url = base_url;
        return account;
    }
    [[nodiscard]] std::vector<std::string> hosts() const
    {
        std::vector<std::string> all;
        for (const auto& entry : wanted_garden(words, config, &configured).entries)
            all.push_back(entry.host);
        return all;
    }
    [[nodiscard]] std::string heading() const
    {
        return wanted_garden(words, config, &configured).heading;
    }
    [[nodiscard]] std::string fault() const
    {
        try {
            return "none; " + heading();
        } catch (const std::runtime_error& error) {
            return error.what();
        }
    }

    domain::OrganizationId organization = *domain::OrganizationId::parse("galaxy");
    domain::LocationId location = *domain::LocationId::parse("q7");
    ConfiguredRouter configured;
    GardenWords words;
    Config config;
};

TEST_F(GardenOfAccounts, OpensTheStageThatEachAccountAsks)
{
    add("galaxy-momo", PaymentMethod::momo, "https://test-payment.momo.vn");
    add("galaxy-zalopay", PaymentMethod::zalopay, "https://openapi.zalopay.vn/");
    EXPECT_THAT(
        hosts(), ElementsAre(
                     "test-payment.momo.vn", "static.momocdn.net", "gateway.zalopay.vn",
                     "simg.zalopay.com.vn"));
    EXPECT_THAT(
        heading(), HasSubstr("for momo sandbox (account galaxy-momo), zalopay production "
                             "(account galaxy-zalopay)"));
    // Those of another organization, and one that is switched off, open nothing.
    add("other-vnpay", PaymentMethod::vnpay, "").organization =
        *domain::OrganizationId::parse("other");
    add("galaxy-payos", PaymentMethod::payos, "").is_enabled = false;
    EXPECT_EQ(hosts().size(), 4U);
}

TEST_F(GardenOfAccounts, OpensThePagesOfAnAccountEachHostOnce)
{
    auto& vnpay = add("galaxy-vnpay", PaymentMethod::vnpay, "https://merchant.vnpay.example.vn");
    vnpay.page_url = "https://pay.vnpay.vn/vpcpay.html";
    vnpay.token_url = "https://cards.example.vn:8443/token_ui";
    add("galaxy-payos", PaymentMethod::payos, "https://api-merchant.payos.vn").page_url =
        "https://links.example.vn/web";
    EXPECT_THAT(
        hosts(), ElementsAre(
                     "pay.payos.vn", "next.pay.payos.vn", "dl.vietqr.io", "pay.vnpay.vn",
                     "links.example.vn", "cards.example.vn"));
    EXPECT_THAT(
        heading(),
        HasSubstr("vnpay production (account galaxy-vnpay with pages at cards.example.vn and "
                  "pay.vnpay.vn)"));
    const auto wanted = wanted_garden(words, config, &configured);
    EXPECT_EQ(wanted.entries.back().port, 8443);
    EXPECT_EQ(wanted.entries.back().group, "vnpay");
    EXPECT_THAT(wanted.rules, Contains(Field(&captive::GardenRule::host, "cards.example.vn")));
}

TEST_F(GardenOfAccounts, KnowsTheTestEnvironmentOfVnpayByItsPageToo)
{
    add("galaxy-vnpay", PaymentMethod::vnpay, "").page_url =
        "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html";
    EXPECT_THAT(hosts(), ElementsAre("sandbox.vnpayment.vn"));
    EXPECT_THAT(heading(), HasSubstr("vnpay sandbox"));
}

TEST_F(GardenOfAccounts, RefusesAPageThatIsAProbeHostOrNone)
{
    auto& vnpay = add("galaxy-vnpay", PaymentMethod::vnpay, "");
    vnpay.page_url = "https://www.gstatic.com/pay";
    EXPECT_THAT(
        fault(), HasSubstr("account galaxy-vnpay, page_url: https://www.gstatic.com/pay: "
                           "would open www.gstatic.com"));
    vnpay.page_url = "pay.example.vn";
    EXPECT_THAT(fault(), HasSubstr("expected http[s]://HOST[:PORT] of a page"));
    // A simulation on the café's own network is opened like any other.
    vnpay.page_url = "http://10.77.0.9:8093/vpcpay.html";
    EXPECT_THAT(hosts(), ElementsAre("pay.vnpay.vn", "10.77.0.9"));
}

TEST_F(GardenOfAccounts, LeavesToTheFlagWhatHasNoAccount)
{
    add("galaxy-momo", PaymentMethod::momo, "https://payment.momo.vn");
    words.groups = {"momo", "zalopay"};
    words.is_sandbox = true;
    EXPECT_THAT(heading(), HasSubstr("for momo production (account galaxy-momo), zalopay sandbox"));
    const WantedGarden without = wanted_garden(words, config, nullptr);
    EXPECT_THAT(without.heading, HasSubstr("for momo sandbox, zalopay sandbox"));
    EXPECT_EQ(without.entries.front().host, "test-payment.momo.vn");
    // Only the accounts of what is named count.
    words.groups = {"zalopay"};
    EXPECT_THAT(heading(), Not(HasSubstr("momo")));
}

TEST_F(GardenOfAccounts, OpensAnotherLinkToBankingAppsThanTheUsual)
{
    add("galaxy-bank", PaymentMethod::vietqr, "");
    EXPECT_THAT(hosts(), ElementsAre("dl.vietqr.io"));
    config.http.bank_app_url = "https://apps.example.vn/pay";
    EXPECT_THAT(hosts(), ElementsAre("dl.vietqr.io", "apps.example.vn"));
}

} // namespace
} // namespace iwas::app
