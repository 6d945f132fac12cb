#include "protocol/vietqr/bank_apps.hpp"
#include "protocol/vietqr/banks.hpp"

#include <gtest/gtest.h>

#include <set>

namespace iwas::vietqr {
namespace {

TEST(BankApps, AreOfBanksThatAreKnown)
{
    std::set<std::string_view> names;
    for (const BankApp& each : bank_apps()) {
        EXPECT_TRUE(find_bank_by_bin(each.bin)) << each.bin;
        EXPECT_TRUE(names.insert(each.app).second) << each.app;
        EXPECT_EQ(find_app_of_bank(each.bin), &each);
    }
    EXPECT_EQ(find_app_of_bank("970403"), nullptr) << "Sacombank has none";
}

TEST(BankApps, ALinkIsAsVietqrIoDescribesIt)
{
    const Transfer transfer{
        .bank_bin = "970436",
        .account = "113366668888",
        .amount = Money{790'000},
        .purpose = "Thanh toan DH123",
        .merchant_name = "QUAN NET & BAN",
    };
    EXPECT_EQ(
        app_link("https://dl.vietqr.io/pay", transfer, "https://wifi.example.vn/"),
        "https://dl.vietqr.io/pay?app={app}&am=790000&tn=Thanh%20toan%20DH123"
        "&ba=113366668888@vcb&bn=QUAN%20NET%20%26%20BAN&url=https://wifi.example.vn/");
}

TEST(BankApps, ALinkNeedsNeitherAmountNorName)
{
    EXPECT_EQ(
        app_link("http://127.0.0.1:9/pay", {.bank_bin = "970422", .account = "2000"}, "http://a/"),
        "http://127.0.0.1:9/pay?app={app}&tn=&ba=2000@mb&url=http://a/");
}

TEST(BankApps, ThereIsNoLinkToABankWithoutAName)
{
    EXPECT_EQ(app_link("https://a/", {.bank_bin = "970499", .account = "2000"}, "http://a/"), "");
}

} // namespace
} // namespace iwas::vietqr
