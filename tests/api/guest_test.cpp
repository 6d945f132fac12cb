// Guests whose browser forgot them: their sign-in window was closed, with all it knew.
#include "api/views.hpp"
#include "protocol/vietqr/transfer.hpp"
#include "tests/api/api_world.hpp"

#include <gtest/gtest.h>

namespace iwas::api::testing {
namespace {

class Guest : public ::testing::Test {
protected:
    Guest()
    {
        world.add_payment_account("galaxy-bank", domain::PaymentMethod::vietqr);
        world.services.qr_svg = [](std::string_view text) { return std::string{text}; };
        phone.sign_in_as_guest();
    }

    http::Response cancel(Phone& by, const std::string& purchase)
    {
        return by.post(
            "/api/v1/purchases/" + purchase + "/cancel", "{}",
            "cancel-no-" + std::to_string(++asked_));
    }
    void pay(const std::string& purchase, int amount, const std::string& gateway_id)
    {
        const auto reply = world.notify(
            "paid " + world.transaction_of(purchase).order_id + " " + std::to_string(amount) + " " +
                gateway_id,
            "galaxy-bank");
        EXPECT_EQ(reply.body, "recorded");
        world.settle();
    }

    World world;
    Phone phone{world, phone_mac, phone_ip};

private:
    int asked_ = 0;
};

TEST_F(Guest, WhoComesBackOnTheSameDeviceIsWhoHeWas)
{
    const std::string purchase = phone.order("vietqr");
    Phone again{world, phone_mac, phone_ip};
    EXPECT_EQ(again.sign_in_as_guest(), to_string(world.transaction_of(purchase).account));
    pay(purchase, 12'000, "b-1");
    const auto receipt = again.get("/api/v1/purchases/" + purchase + "/receipt");
    EXPECT_EQ(receipt.status, 200) << receipt.body;
    Phone other{world, "A4:5E:60:11:22:10", "192.168.20.16"};
    EXPECT_NE(other.sign_in_as_guest(), to_string(world.transaction_of(purchase).account));
}

TEST_F(Guest, WhoIsOnlineIsHeWhoseAddressTheRouterTold)
{
    const std::string purchase = phone.order("vietqr");
    pay(purchase, 12'000, "b-1");
    world.report_start(phone_mac, phone_ip);
    const std::string he = to_string(world.transaction_of(purchase).account);
    const auto enters_from = [&](const std::string& address) {
        Phone browser{world, phone_mac, phone_ip};
        browser.peer = address;
        return browser.sign_in_as_guest();
    };
    EXPECT_EQ(enters_from(phone_ip), he);
    // Whoever types his addresses into the redirect, and sits elsewhere, could end his session.
    EXPECT_NE(enters_from("203.0.113.9"), he);
    EXPECT_EQ(enters_from(phone_ip), he) << "whoever tried makes him nobody else";
}

TEST_F(Guest, WhoClaimedTheDeviceBeforeHimDoesNotHaveHisSession)
{
    // Another phone of the guest network, which typed this one's MAC address in good time.
    Phone liar{world, phone_mac, "192.168.20.77"};
    liar.peer = "192.168.20.77";
    EXPECT_EQ(liar.sign_in_as_guest(), phone.sign_in_as_guest());
    const std::string purchase = phone.order("vietqr");
    pay(purchase, 12'000, "b-1");
    world.report_start(phone_mac, phone_ip);
    const std::string session = to_string(world.transaction_of(purchase).session);
    EXPECT_EQ(
        code_of(liar.post("/api/v1/sessions/" + session + "/end", "{}", "end-by-liar")),
        "NOT_SIGNED_IN");
    EXPECT_TRUE(world.access.online.contains(*MacAddress::parse(phone_mac)));
    phone.peer = phone_ip;
    EXPECT_EQ(phone.post("/api/v1/sessions/" + session + "/end", "{}", "end-by-him").status, 200);
}

TEST_F(Guest, IsForgottenAfterAWhile)
{
    workflows::LogIn forgetful{world.outside, {.guest_known_for = Seconds{0}}};
    const std::string purchase = phone.order("vietqr");
    domain::Visit visit;
    visit.location = domain::LocationId::trusted("q7");
    visit.router = domain::RouterId::trusted("r1");
    visit.mac = *MacAddress::parse(phone_mac);
    visit.created_at = world.clock.utc_now();
    world.settle(Milliseconds{5});
    const auto entered = world.run(forgetful.as_guest(visit, phone_ip));
    ASSERT_TRUE(entered);
    EXPECT_NE(entered->account.id, world.transaction_of(purchase).account);
}

TEST_F(Guest, GivesUpHisOrderWithoutBeingKnown)
{
    const std::string purchase = phone.order("vietqr");
    Phone again{world, phone_mac, phone_ip};
    again.arrive();
    again.get("/api/v1/portal");
    EXPECT_EQ(
        body_of(again.get("/api/v1/portal")).at("open_purchase").at("id").as_string(), purchase);
    const auto cancelled = cancel(again, purchase);
    ASSERT_EQ(cancelled.status, 200) << cancelled.body;
    EXPECT_EQ(body_of(cancelled).at("state").as_string(), "failed");
    // Had he paid, he has what he ordered all the same.
    pay(purchase, 12'000, "b-1");
    EXPECT_EQ(world.transaction_of(purchase).state, domain::TransactionState::success);

    Phone other{world, "A4:5E:60:11:22:10", "192.168.20.16"};
    other.sign_in_as_guest();
    const std::string his = other.order("vietqr");
    EXPECT_EQ(cancel(phone, his).status, 404);
}

TEST_F(Guest, NobodyGivesUpAMembersOrderForHim)
{
    Phone member{world, "A4:5E:60:11:22:10", "192.168.20.16"};
    member.sign_in();
    const std::string purchase = member.order("vietqr");
    Phone again{world, "A4:5E:60:11:22:10", "192.168.20.16"};
    again.arrive();
    again.get("/api/v1/portal");
    EXPECT_EQ(code_of(cancel(again, purchase)), "NOT_SIGNED_IN");
    again.sign_in_as_guest();
    EXPECT_EQ(code_of(cancel(again, purchase)), "NOT_FOUND");
    EXPECT_EQ(world.transaction_of(purchase).state, domain::TransactionState::pending);
}

TEST_F(Guest, ThePictureAsksForWhatHasNotCome)
{
    const vietqr::Transfer whole{
        .bank_bin = "970436",
        .account = "1012345678",
        .is_dynamic = true,
        .amount = Money{12'000},
        .purpose = "IW7K2M4Q",
        .merchant_name = "GALAXY"};
    const std::string purchase = phone.order("vietqr");
    const std::string picture = "/api/v1/purchases/" + purchase + "/qr.svg";
    workflows::PurchaseView view{.transaction = world.transaction_of(purchase)};
    view.invitation = domain::Invitation{.qr_text = *vietqr::encode(whole)};
    EXPECT_EQ(qr_text_of(view), view.invitation->qr_text);
    view.received = Money{4'000};
    vietqr::Transfer rest = whole;
    rest.amount = Money{8'000};
    EXPECT_EQ(*vietqr::decode(qr_text_of(view)), rest);
    // What is no transfer is drawn as the gateway wrote it.
    view.invitation->qr_text = "pay here";
    EXPECT_EQ(qr_text_of(view), "pay here");

    const auto drawn = phone.get(picture);
    ASSERT_EQ(drawn.status, 200) << drawn.body;
    EXPECT_EQ(drawn.headers.value("Cache-Control"), "no-store");
}

TEST(LargePayment, FromThePcAccountWantsThePasswordOnceMore)
{
    World world;
    world.configure([](domain::Catalog& wanted) {
        wanted.packages[domain::PackageId::trusted("pkg_3h")].terms.price = Money{100'001};
    });
    world.pc_system.members["minh"].balance = Money{500'000};
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    EXPECT_EQ(code_of(phone.buy("pkg_3h", 100'001)), "REAUTHENTICATION_REQUIRED");
    EXPECT_EQ(world.pc_system.charges, 0);
    EXPECT_EQ(phone.buy("pkg_1h", 5'000).status, 201) << "what is small needs none";
    ASSERT_EQ(phone.post("/api/v1/reauthenticate", R"({"password":"secret"})").status, 204);
    EXPECT_EQ(code_of(phone.buy("pkg_3h", 100'001)), "DEVICE_ALREADY_ACTIVE") << "asked no more";
}

} // namespace
} // namespace iwas::api::testing
