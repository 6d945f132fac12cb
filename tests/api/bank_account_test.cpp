// A bank account in the wallet: nothing is taken from it, but it pays with one tap in the bank's
// own app, and money goes back to it.
#include "protocol/vietqr/transfer.hpp"
#include "tests/api/staff_world.hpp"
#include "tests/api/wallet_world.hpp"

#include <gmock/gmock.h>

namespace iwas::api::testing {
namespace {

using ::testing::HasSubstr;

class BankAccount : public WalletWorld {
protected:
    BankAccount() { world.add_payment_account("galaxy-bank", domain::PaymentMethod::vietqr); }

    http::Response keep(
        const std::string& number = "0123456789", const std::string& bin = "970422",
        const std::string& method = "vietqr")
    {
        return phone.post(
            "/api/v1/wallet/bindings",
            R"({"method":")" + method + R"(","bank_bin":")" + bin + R"(","account_number":")" +
                number + R"("})",
            "bank-no-" + std::to_string(++keys_));
    }
    std::string kept()
    {
        EXPECT_EQ(prove().status, 204);
        const auto response = keep();
        EXPECT_EQ(response.status, 201) << response.body;
        EXPECT_EQ(body_of(response).at("state").as_string(), "bound");
        return std::string{body_of(response).at("id").as_string()};
    }
    http::Response buy_from(const std::string& saved, const std::string& method = "vietqr")
    {
        return phone.post(
            "/api/v1/purchases",
            R"({"package_id":"pkg_3h","quoted_price":12000,"method":")" + method +
                R"(","saved_method_id":")" + saved + R"("})",
            "buy-no-" + std::to_string(++keys_));
    }
    boost::json::value offered(const std::string& method)
    {
        for (const auto& each :
             body_of(phone.get("/api/v1/payment-methods")).at("methods").as_array())
            if (each.at("method").as_string() == method) return each;
        return nullptr;
    }
    static std::string field_of(const http::Response& response)
    {
        const auto body = body_of(response);
        const auto* field = body.if_contains("field");
        return field ? std::string{field->as_string()} : std::string{};
    }

private:
    int keys_ = 0;
};

TEST_F(BankAccount, IsKeptAtOnceWithThePasswordAndShownMasked)
{
    EXPECT_EQ(code_of(keep()), "REAUTHENTICATION_REQUIRED");
    const std::string id = kept();
    EXPECT_EQ(binding_state(id), "bound");
    const auto methods = wallet();
    ASSERT_EQ(names(methods), "pc_balance* vietqr");
    EXPECT_EQ(methods[1].at("masked").as_string(), "•••• 6789");
    EXPECT_EQ(
        methods[1].at("bank"),
        (boost::json::object{{"bank_bin", "970422"}, {"bank_name", "MB Bank"}}));
    EXPECT_TRUE(methods[0].at("bank").is_null());
    const std::string shown = phone.get("/api/v1/wallet").body;
    EXPECT_THAT(shown, ::testing::Not(HasSubstr("0123456789")));
    EXPECT_EQ(stored(id).token.reveal(), "0123456789");
    const auto events =
        world.run(world.store->events_of_method(*domain::SavedMethodId::parse(id))).value();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].state_after, "usable");
}

TEST_F(BankAccount, TheSameAgainIsTheOneThatIsThere)
{
    const std::string id = kept();
    EXPECT_EQ(body_of(keep()).at("id").as_string(), id);
    EXPECT_NE(body_of(keep("9876543210")).at("id").as_string(), id);
    EXPECT_NE(body_of(keep("0123456789", "970436")).at("id").as_string(), id);
    EXPECT_EQ(names(wallet()), "pc_balance* vietqr vietqr vietqr");
}

TEST_F(BankAccount, WhatIsNoAccountIsNamedAndChangesNothing)
{
    ASSERT_EQ(prove().status, 204);
    for (const char* number :
         {"", "12345", "12345678901234567890", "0123 456 789", "01234'--", "số"})
        EXPECT_EQ(field_of(keep(number)), "account_number") << number;
    for (const char* bin : {"", "97042", "970499", "97042x", "9704222"})
        EXPECT_EQ(field_of(keep("0123456789", bin)), "bank_bin") << bin;
    EXPECT_EQ(field_of(ask("vietqr")), "bank_bin");
    EXPECT_EQ(names(wallet()), "pc_balance*");
}

TEST_F(BankAccount, NeedsATransferToPayAndRoomInTheWallet)
{
    ASSERT_EQ(prove().status, 204);
    for (int i = 0; i < 10; ++i)
        ASSERT_EQ(keep("01234567" + std::to_string(10 + i)).status, 201);
    EXPECT_EQ(code_of(keep()), "PAYMENT_METHOD_INACTIVE");
    world.configure([](domain::Catalog& wanted) {
        wanted.payment_accounts.erase(domain::PaymentAccountId::trusted("galaxy-bank"));
    });
    EXPECT_EQ(code_of(keep("0123456710")), "PAYMENT_METHOD_INACTIVE");
    EXPECT_TRUE(offered("vietqr").is_null());
}

TEST_F(BankAccount, StandsWithTheFirstTransferAndPaysByAny)
{
    const std::string id = kept();
    world.add_payment_account("galaxy-payos", domain::PaymentMethod::payos);
    EXPECT_EQ(offered("vietqr").at("saved").as_array().size(), 1U);
    EXPECT_TRUE(offered("vietqr").at("can_save").as_bool());
    EXPECT_EQ(offered("payos").at("saved").as_array().size(), 0U);
    EXPECT_FALSE(offered("payos").at("can_save").as_bool());
    world.configure([](domain::Catalog& wanted) {
        wanted.payment_accounts.erase(domain::PaymentAccountId::trusted("galaxy-bank"));
    });
    EXPECT_EQ(offered("payos").at("saved").as_array().size(), 1U);
    const auto bought = buy_from(id, "payos");
    ASSERT_EQ(bought.status, 202) << bought.body;
    EXPECT_EQ(body_of(bought).at("state").as_string(), "awaiting_payment");
}

TEST_F(BankAccount, OneTapOrdersATransferWhichOnlyItsOwnerMakes)
{
    const std::string id = kept();
    let_the_proof_end();
    const auto bought = buy_from(id);
    ASSERT_EQ(bought.status, 202) << bought.body;
    const auto body = body_of(bought);
    EXPECT_EQ(body.at("state").as_string(), "awaiting_payment");
    EXPECT_EQ(world.gateways.charges(), 0) << "nothing can be charged";
    const std::string purchase{body.at("id").as_string()};
    const auto txn_id = *domain::TransactionId::parse(purchase);
    const auto txn = *world.run(world.store->load_transaction(txn_id)).value();

    // The job that asks for the money asks as it does for every transfer.
    world.run_jobs();
    EXPECT_EQ(
        body_of(phone.get("/api/v1/purchases/" + purchase)).at("state").as_string(),
        "awaiting_payment");

    const auto qr_text = vietqr::encode(
        {.bank_bin = "970436",
         .account = "1012345678",
         .is_dynamic = true,
         .amount = due_of(txn),
         .purpose = txn.order_id,
         .merchant_name = "GALAXY"});
    ASSERT_TRUE(
        world.run(world.store->keep_invitation(txn_id, domain::Invitation{.qr_text = *qr_text})));
    const auto open = body_of(phone.get("/api/v1/purchases/" + purchase)).at("payment").at("bank");
    EXPECT_EQ(open.at("payer_bank").as_string(), "970422");
    EXPECT_EQ(
        std::string{open.at("app_link").as_string()},
        "https://dl.vietqr.io/pay?app={app}&am=" + std::to_string(due_of(txn).vnd()) +
            "&tn=" + txn.order_id + "&ba=1012345678@vcb&bn=GALAXY&url=http://portal.test/");

    world.notify(
        "paid " + txn.order_id + " " + std::to_string(due_of(txn).vnd()) + " b-1", "galaxy-bank");
    EXPECT_EQ(phone.state_of(purchase), "online");
    const auto usage = wallet()[1].at("usage");
    EXPECT_EQ(usage.at("payments").as_int64(), 1);
    EXPECT_EQ(usage.at("total").as_int64(), due_of(txn).vnd());
}

TEST_F(BankAccount, PaysNeitherForAnotherNorByAnotherWay)
{
    const std::string id = kept();
    EXPECT_EQ(code_of(buy_from(id, "momo")), "PAYMENT_METHOD_INACTIVE");
    Phone guest{world, "A4:5E:60:11:22:78", "192.168.20.17"};
    guest.sign_in_as_guest();
    const auto taken = guest.post(
        "/api/v1/purchases",
        R"({"package_id":"pkg_3h","quoted_price":12000,"method":"vietqr","saved_method_id":")" +
            id + R"("})",
        "of-another");
    EXPECT_EQ(code_of(taken), "PAYMENT_METHOD_INACTIVE");
}

TEST_F(BankAccount, WhatIsRemovedIsForgottenAtOnce)
{
    const std::string id = kept();
    const auto removed = phone.del("/api/v1/wallet/methods/" + id);
    ASSERT_EQ(removed.status, 200) << removed.body;
    EXPECT_EQ(names(wallet()), "pc_balance*");
    EXPECT_EQ(stored(id).state, domain::SavedMethodState::removed);
    EXPECT_TRUE(stored(id).token.empty());
    EXPECT_TRUE(stored(id).binding_id.empty());
    EXPECT_EQ(code_of(buy_from(id)), "PAYMENT_METHOD_INACTIVE");
    EXPECT_NE(body_of(keep()).at("id").as_string(), id) << "kept anew";
}

TEST_F(BankAccount, TheBanksAreToldWithTheirApps)
{
    const auto answer = phone.get("/api/v1/banks");
    ASSERT_EQ(answer.status, 200);
    std::map<std::string, boost::json::value> apps;
    for (const auto& each : body_of(answer).at("banks").as_array())
        apps[each.at("bank_bin").as_string().c_str()] = each.at("app");
    EXPECT_GT(apps.size(), 50U);
    EXPECT_EQ(apps.at("970422"), (boost::json::object{{"id", "mb"}, {"fills_in", true}}));
    EXPECT_TRUE(apps.at("970403").is_null());
    Phone nobody{world, "A4:5E:60:11:22:79", "192.168.20.18"};
    EXPECT_EQ(nobody.get("/api/v1/banks").status, 400);
}

TEST_F(BankAccount, TheLinkFillsInWhatIsStillMissing)
{
    const std::string purchase{body_of(buy_from(kept())).at("id").as_string()};
    const auto txn_id = *domain::TransactionId::parse(purchase);
    const auto txn = *world.run(world.store->load_transaction(txn_id)).value();
    const auto qr_text = vietqr::encode(
        {.bank_bin = "970436",
         .account = "1012345678",
         .is_dynamic = true,
         .amount = due_of(txn),
         .purpose = txn.order_id});
    ASSERT_TRUE(
        world.run(world.store->keep_invitation(txn_id, domain::Invitation{.qr_text = *qr_text})));
    world.notify("paid " + txn.order_id + " 5000 b-1", "galaxy-bank");
    const auto open = body_of(phone.get("/api/v1/purchases/" + purchase)).at("payment").at("bank");
    const std::int64_t missing = due_of(txn).vnd() - 5'000;
    EXPECT_EQ(open.at("amount").as_int64(), missing);
    EXPECT_THAT(
        std::string{open.at("app_link").as_string()},
        HasSubstr("&am=" + std::to_string(missing) + "&"));
}

/// A member who paid twice by transfer: what came too much waits for a person.
class PayBack : public StaffTest {
protected:
    /// `payer`: as the bank told him, masked; empty: it did not.
    void pay_twice(const std::string& payer = {})
    {
        const auto ordered = world.transaction_of(member.order("vietqr"));
        const auto account = *world.catalog.current()->payment_account(
            domain::PaymentAccountId::trusted("galaxy-bank"));
        for (const char* id : {"b-1", "b-2"}) {
            ports::ReceivedMoney money{
                .gateway_id = id,
                .amount = due_of(ordered),
                .paid_at = world.clock.utc_now(),
                .payer = payer};
            (void)world.run(world.purchases.take_in(
                account, ordered.order_id, std::move(money), domain::PaymentSource::notice));
        }
        world.settle();
    }
    void keep(const std::string& number)
    {
        ASSERT_EQ(member.post("/api/v1/reauthenticate", R"({"password":"secret"})").status, 204);
        const auto response = member.post(
            "/api/v1/wallet/bindings",
            R"({"method":"vietqr","bank_bin":"970422","account_number":")" + number + R"("})",
            "keep-" + number);
        ASSERT_EQ(response.status, 201) << response.body;
    }
    boost::json::value first_line(const std::string& token)
    {
        const auto answer = get(token, "/api/v1/staff/refunds");
        EXPECT_EQ(answer.status, 200) << answer.body;
        return body_of(answer).at("refunds").as_array().at(0);
    }

    PayBack() { member.sign_in(); }

    Phone member{world, "A4:5E:60:11:22:55", "192.168.20.55"};
};

TEST_F(PayBack, AManagerSeesWhereTheMoneyGoesBackTo)
{
    keep("0123456789");
    keep("9876543210");
    pay_twice();
    const auto line = first_line(manager);
    const auto& to = line.at("pay_back_to");
    ASSERT_TRUE(to.is_object());
    EXPECT_FALSE(to.at("is_sender").as_bool()) << "the bank did not tell";
    EXPECT_TRUE(line.at("payer").is_null());
    EXPECT_EQ(to.at("bank_name").as_string(), "MB Bank");
    EXPECT_EQ(to.at("account_number").as_string(), "0123456789") << "the first in his order";
    const auto transfer = vietqr::decode(std::string{to.at("qr_text").as_string()});
    ASSERT_TRUE(transfer);
    EXPECT_EQ(transfer->bank_bin, "970422");
    EXPECT_EQ(transfer->account, "0123456789");
    EXPECT_EQ(transfer->amount, Money{line.at("due").as_int64()});
    const std::string id{line.at("transaction").at("id").as_string()};
    EXPECT_EQ(transfer->purpose, "HOAN TIEN " + id.substr(id.size() - 15));
    EXPECT_EQ(to.at("text").as_string(), transfer->purpose);

    EXPECT_TRUE(first_line(viewer).at("pay_back_to").is_null()) << "who cannot pay need not know";
}

TEST_F(PayBack, MoneyOfAnotherSenderIsNotOfferedToWhoMadeTheOrder)
{
    keep("0123456789");
    keep("5555554321");
    pay_twice("****9999");
    const auto line = first_line(manager);
    EXPECT_EQ(line.at("payer").as_string(), "****9999");
    EXPECT_TRUE(line.at("pay_back_to").is_null());
    EXPECT_EQ(first_line(viewer).at("payer").as_string(), "****9999");
}

TEST_F(PayBack, OfSeveralAccountsTheSendersIsOfferedWheneverItWasKept)
{
    keep("0123456789");
    pay_twice("****4321");
    EXPECT_TRUE(first_line(manager).at("pay_back_to").is_null());
    keep("5555554321");
    const auto to = first_line(manager).at("pay_back_to");
    ASSERT_TRUE(to.is_object());
    EXPECT_EQ(to.at("account_number").as_string(), "5555554321");
    EXPECT_TRUE(to.at("is_sender").as_bool());
}

TEST_F(PayBack, AnAccountKeptAfterTheMoneyCameIsNoAnswerToWhoSentIt)
{
    pay_twice();
    keep("0123456789");
    EXPECT_TRUE(first_line(manager).at("pay_back_to").is_null());
}

TEST_F(PayBack, WhoKeepsNoAccountHasNone)
{
    pay_twice();
    EXPECT_TRUE(first_line(manager).at("pay_back_to").is_null());
}

} // namespace
} // namespace iwas::api::testing
