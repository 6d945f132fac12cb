// The banks: transfers in and out, what becomes of texts, outages, and the books.
#include "sim/payment/bank/bank_world_test.hpp"

namespace iwas::sim::bank {
namespace {

using namespace testing;

using BankTest = BankWorld;

TEST_F(BankTest, TransfersWhatTheCodeAsks)
{
    const auto paid = scan(qr());
    ASSERT_TRUE(paid) << paid.error();
    EXPECT_EQ(paid->code, "FT261122000001");
    ASSERT_EQ(bank.transfers().size(), 1U);
    const Transfer& transfer = bank.transfers()[0];
    EXPECT_EQ(transfer.amount, Money{15'000});
    EXPECT_EQ(transfer.content, "IWAS7F3K2Q");
    EXPECT_EQ(transfer.balance_after, Money{15'000});
    EXPECT_EQ(transfer.visible_at, now);
    EXPECT_EQ(bank.book.taken("IWAS7F3K2Q"), Money{15'000});
    EXPECT_EQ(bank.find_account("970436", "0123499999")->arrived, Money{15'000});
    EXPECT_EQ(bank.book.lost_by("khach"), Money{15'000});
}

TEST_F(BankTest, LetsPayersBeWrong)
{
    ASSERT_TRUE(scan(qr(), Money{10'000}));             // too little
    ASSERT_TRUE(scan(qr(), Money{5'000}));              // the rest
    ASSERT_TRUE(scan(qr()));                            // and once more
    ASSERT_TRUE(scan(qr(), {}, "tien wifi em Lan oi")); // another text
    EXPECT_EQ(bank.book.taken("IWAS7F3K2Q"), Money{45'000}) << "the book knows what was meant";
    EXPECT_EQ(bank.transfers()[3].content, "tien wifi em Lan oi");
    EXPECT_FALSE(scan(qr(), Money{200'000'000})) << "more than he has";
    EXPECT_FALSE(scan(write_qr("970436", "555", Money{1}, "x"))) << "nobody's account";
    EXPECT_FALSE(scan("000201"));
    std::string damaged = qr();
    damaged[60] = '7';
    EXPECT_FALSE(scan(damaged));
    EXPECT_EQ(bank.transfers().size(), 4U);
}

TEST_F(BankTest, RestatesATransferWithoutMovingMoney)
{
    ASSERT_TRUE(scan(qr()));
    const std::string reference = bank.transfers()[0].reference;
    const Money before = bank.find_account("970436", "0123499999")->balance;
    EXPECT_FALSE(bank.restate("FT0", Money{1}));
    EXPECT_TRUE(bank.restate(reference, Money{14'000}));
    EXPECT_EQ(bank.transfers()[0].amount, Money{14'000});
    EXPECT_EQ(bank.find_account("970436", "0123499999")->balance, before);
    EXPECT_EQ(bank.book.taken("IWAS7F3K2Q"), Money{15'000});
}

TEST_F(BankTest, WritesTextsAsBanksDo)
{
    const auto written = [](MemoHabit habit) {
        return as_written(habit, "iwas7f3k2q mua wifi!", "FT1");
    };
    EXPECT_EQ(written(MemoHabit::faithful), "iwas7f3k2q mua wifi!");
    EXPECT_EQ(written(MemoHabit::upper_case), "IWAS7F3K2Q MUA WIFI");
    EXPECT_EQ(written(MemoHabit::incoming), "CT DEN:FT1 iwas7f3k2q mua wifi!");
    EXPECT_EQ(
        written(MemoHabit::mobile),
        "MBVCB.3278907687.iwas7f3k2q mua wifi!.CT tu 0071000888888 toi 0123499999");
    EXPECT_EQ(written(MemoHabit::reference), "iwas7f3k2q mua wifi!FT1");
    EXPECT_EQ(
        as_written(MemoHabit::cut, "thanh toan cho IWAS7F3K2Q", "FT1"), "thanh toan cho IWAS7");
    EXPECT_EQ(written(MemoHabit::without_blanks), "iwas7f3k2qmuawifi!");
    EXPECT_EQ(as_written(MemoHabit::blank_inside, "IWAS7F3K2Q", "FT1"), "IWAS7 F3K2Q");
    EXPECT_EQ(written(MemoHabit::dropped), "");
    for (std::size_t at = 0; at < memo_habit_count; ++at) {
        const auto habit = static_cast<MemoHabit>(at);
        EXPECT_EQ(parse_memo_habit(to_string(habit)), habit);
    }
    bank.habit = MemoHabit::dropped;
    ASSERT_TRUE(scan(qr()));
    EXPECT_EQ(bank.transfers()[0].content, "");
    EXPECT_EQ(bank.book.taken("IWAS7F3K2Q"), Money{15'000});
    bank.habit = MemoHabit::faithful;
    bank.habit_chance = 1;
    ASSERT_TRUE(scan(qr(Money{15'000}, "iwas 7f3k2q mua wifi")));
    EXPECT_NE(bank.transfers()[1].content, "iwas 7f3k2q mua wifi");
}

TEST_F(BankTest, ShowsTransfersOnlyAfterAnOutage)
{
    bank.outage_until(now + 1h);
    ASSERT_TRUE(scan(qr()));
    now += 10min;
    ASSERT_TRUE(scan(qr()));
    EXPECT_EQ(bank.transfers()[0].visible_at, start + 1h);
    EXPECT_EQ(bank.transfers()[1].visible_at, start + 1h);
    EXPECT_EQ(bank.transfers()[1].made_at, now);
    bank.faults.force(GatewayFault::late_success, 1);
    now = start + 2h;
    ASSERT_TRUE(scan(qr()));
    EXPECT_EQ(bank.transfers()[2].visible_at, now + bank.faults.late);
}

TEST_F(BankTest, SendsMoneyBack)
{
    ASSERT_TRUE(scan(qr()));
    Bank::Request back;
    back.bin = "970436";
    back.account = "0123499999";
    back.amount = Money{20'000};
    back.memo = "hoan tien wifi";
    back.order_memo = "IWAS7F3K2Q";
    EXPECT_FALSE(bank.transfer_out(back, now)) << "more than there is";
    back.amount = Money{15'000};
    ASSERT_TRUE(bank.transfer_out(back, now));
    EXPECT_FALSE(bank.transfers()[1].is_in);
    EXPECT_EQ(bank.book.refunded("IWAS7F3K2Q"), Money{15'000});
    EXPECT_EQ(bank.book.lost_by("khach"), Money{});
    const Account* account = bank.find_account("970436", "0123499999");
    EXPECT_EQ(account->balance, Money{});
    EXPECT_EQ(account->left, Money{15'000});

    bank.faults.force(GatewayFault::reversed_later, 1);
    ASSERT_TRUE(scan(qr(Money{9'000}, "IWASREVERS")));
    EXPECT_EQ(bank.next_wake(), now + bank.faults.reversal_after);
    now += bank.faults.reversal_after;
    EXPECT_TRUE(bank.due_notices(now).empty());
    EXPECT_EQ(bank.book.refunded("IWASREVERS"), Money{9'000});
    EXPECT_EQ(bank.transfers().back().content, "HOAN TRA FT261122000003");
}

TEST_F(BankTest, PaysVirtualAccounts)
{
    bank.add_virtual_account("970436", "VQR001", "0123499999");
    ASSERT_TRUE(scan(write_qr("970436", "VQR001", Money{7'000}, "x")));
    EXPECT_EQ(bank.transfers()[0].account, "0123499999");
    EXPECT_EQ(bank.transfers()[0].virtual_account, "VQR001");
    bank.close_virtual_account("970436", "VQR001");
    EXPECT_FALSE(scan(write_qr("970436", "VQR001", Money{7'000}, "x")));
}

TEST_F(BankTest, ObeysTheControlApiAndShowsAPage)
{
    using http::Method;
    GatewayHub hub{{&bank}};
    const auto ask = [&](Method method, std::string url, std::string body = {}) {
        return hub.answer(request_of(method, std::move(url), std::move(body)), now).response;
    };
    const auto paid =
        ask(Method::post, "/_sim/pay",
            R"({"gateway":"bank","qr_text":")" + qr() + R"(","payer":"lan","amount":5000})");
    EXPECT_EQ(paid.status, 200) << paid.body;
    EXPECT_EQ(text_of(json_of(paid), "code"), "FT261122000001");
    EXPECT_EQ(
        ask(Method::post, "/_sim/memo", R"({"gateway":"bank","habit":"dropped"})").status, 204);
    EXPECT_EQ(ask(Method::post, "/_sim/memo", R"({"gateway":"bank","habit":"x"})").status, 400);
    const auto typed = ask(
        Method::post, "/_sim/transfer",
        R"({"gateway":"bank","bin":"970436","account":"0123499999","amount":7000,"memo":"abc"})");
    EXPECT_EQ(typed.status, 201);
    EXPECT_EQ(text_of(json_of(typed), "content"), "");
    EXPECT_EQ(
        ask(Method::post, "/_sim/transfer_out",
            R"({"gateway":"bank","bin":"970436","account":"0123499999","amount":7000,"memo":"abc"})")
            .status,
        201);
    EXPECT_EQ(ask(Method::post, "/_sim/transfer", R"({"gateway":"bank"})").status, 409);
    EXPECT_EQ(ask(Method::post, "/_sim/outage", R"({"gateway":"bank","ms":60000})").status, 204);
    const auto transfers = json_of(ask(Method::get, "/_sim/transfers?gateway=bank"));
    EXPECT_EQ(transfers.at("transfers").as_array().size(), 3U);
    const auto accounts = json_of(ask(Method::get, "/_sim/accounts?gateway=bank"));
    EXPECT_EQ(accounts.at("accounts").at(0).at("arrived").as_int64(), 12'000);
    EXPECT_EQ(accounts.at("accounts").at(0).at("left").as_int64(), 7'000);

    const auto page = ask(Method::get, "/bank/app?qr=" + qr());
    EXPECT_NE(page.body.find("15.000"), std::string::npos) << page.body;
    const auto pressed = ask(Method::post, "/bank/app?qr=" + qr(), "outcome=pay");
    EXPECT_NE(pressed.body.find("FT261122000004"), std::string::npos) << pressed.body;
    EXPECT_EQ(bank.transfers().back().visible_at, now + 1min);
    EXPECT_NE(ask(Method::get, "/bank/app?qr=000201").body.find("malformed"), std::string::npos);
}

TEST_F(BankTest, TransfersByHandWhatAPayerTypes)
{
    using http::Method;
    const auto ask = [&](Method method, std::string url, std::string body = {}) {
        const http::Request request = request_of(method, std::move(url), std::move(body));
        return bank.answer(request, now).response;
    };
    const auto form = ask(Method::get, "/bank/app");
    EXPECT_NE(form.body.find("0123499999"), std::string::npos) << form.body;
    const std::string to = "bin=970436&account=0123499999";
    const auto made = ask(Method::post, "/bank/app", to + "&amount=11.987&memo=IWAS7F3K2Q");
    EXPECT_NE(made.body.find("FT261122000001"), std::string::npos) << made.body;
    ASSERT_EQ(bank.transfers().size(), 1U);
    EXPECT_EQ(bank.transfers()[0].amount, Money{11'987});
    EXPECT_EQ(bank.transfers()[0].content, "IWAS7F3K2Q");

    for (const char* wrong : {"&amount=1x", "&amount=", "&amount=-5", "&amount=0"})
        ask(Method::post, "/bank/app", to + wrong);
    ask(Method::post, "/bank/app", "bin=970436&account=555&amount=1000");
    ask(Method::post, "/bank/app", "%");
    EXPECT_EQ(bank.transfers().size(), 1U) << "nothing of that is a transfer";
}

TEST_F(BankTest, PaysByAButtonWhatALinkToTheAppNames)
{
    using http::Method;
    const auto ask = [&](Method method, std::string url, std::string body = {}) {
        const http::Request request = request_of(method, std::move(url), std::move(body));
        return bank.answer(request, now).response;
    };
    // As vietqr::app_link writes it, with the app that the customer chose.
    const std::string link =
        "/bank/app?app=mb&am=12000&tn=IWAS7F3K2Q&ba=0123499999@vcb&bn=QUAN%20INTERNET"
        "&url=http://127.0.0.1:8080/";
    const auto page = ask(Method::get, link);
    EXPECT_NE(page.body.find("12.000"), std::string::npos) << page.body;
    EXPECT_NE(page.body.find("IWAS7F3K2Q"), std::string::npos);
    EXPECT_NE(page.body.find("0123499999"), std::string::npos);
    EXPECT_TRUE(bank.transfers().empty()) << "to look is not to pay";
    const auto from = page.body.find("action=\"") + 8;
    std::string action = page.body.substr(from, page.body.find('"', from) - from);
    for (std::size_t at = 0; (at = action.find("&amp;", at)) != std::string::npos; ++at)
        action.replace(at, 5, "&");
    EXPECT_EQ(ask(Method::post, action, "outcome=leave").status, 200);
    EXPECT_TRUE(bank.transfers().empty());
    const auto paid = ask(Method::post, action, "outcome=pay");
    EXPECT_NE(paid.body.find("FT261122000001"), std::string::npos) << paid.body;
    EXPECT_NE(paid.body.find("href=\"http://127.0.0.1:8080/\""), std::string::npos);
    ASSERT_EQ(bank.transfers().size(), 1U);
    EXPECT_EQ(bank.transfers()[0].account, "0123499999");
    EXPECT_EQ(bank.transfers()[0].amount, Money{12'000});
    EXPECT_EQ(bank.transfers()[0].content, "IWAS7F3K2Q");

    for (const char* wrong :
         {"am=12000&tn=x&ba=0123499999@nobody", "am=x&tn=x&ba=0123499999@vcb", "am=1000&ba=vcb",
          "am=1000&tn=x&ba=", "am=1000&tn=x&ba=555@vcb"})
        ask(Method::post, std::string{"/bank/app?"} + wrong, "outcome=pay");
    EXPECT_EQ(bank.transfers().size(), 1U) << "nothing of that is a transfer";
    const auto script =
        ask(Method::post, "/bank/app?am=1000&tn=x&ba=0123499999@vcb&url=javascript:alert(1)",
            "outcome=leave");
    EXPECT_EQ(script.body.find("javascript"), std::string::npos);
}

} // namespace
} // namespace iwas::sim::bank
