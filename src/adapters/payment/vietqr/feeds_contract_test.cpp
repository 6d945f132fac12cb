// The real client against the simulated bank with its feeds, in one process and under time that
// jumps: as many transfers as a busy shop has, and as many orders as wait at once.
#include "adapters/payment/client.hpp"
#include "protocol/vietqr/order_code.hpp"
#include "sim/payment/bank/casso.hpp"
#include "sim/payment/bank/sepay.hpp"
#include "sim/payment/hub.hpp"
#include "sim/payment/in_process_gateways.hpp"
#include "tests/support/time_and_chance.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace iwas::adapters {
namespace {

using Listed = ports::GatewayAnswer<std::vector<ports::ListedPayment>>;
using Found = ports::GatewayAnswer<ports::PaymentStatus>;

class Catalogs final : public ports::CatalogView {
public:
    [[nodiscard]] std::shared_ptr<const domain::Catalog> current() const override
    {
        return std::make_shared<const domain::Catalog>(catalog);
    }
    domain::Catalog catalog;
};

class FeedsContract : public ::testing::Test {
protected:
    FeedsContract()
    {
        bank.add_account({"970436", "0123499999"});
        sepay.settings.tokens = {{"sepay-token", {"0123499999"}}};
        casso.settings.keys = {{"casso-key", {"0123499999"}}};
        caller.latency = 200ms;
    }
    void watch_by(domain::BankFeedKind kind)
    {
        domain::BankFeed feed;
        feed.kind = kind;
        feed.base_url = "http://127.0.0.1:9100";
        feed.api_token =
            SecretText{kind == domain::BankFeedKind::sepay ? "sepay-token" : "casso-key"};
        domain::PaymentAccount account;
        account.id = id;
        account.method = domain::PaymentMethod::vietqr;
        account.bank_bin = "970436";
        account.bank_account = "0123499999";
        account.feeds = {feed};
        view.catalog.payment_accounts[id] = account;
    }
    void pay(const std::string& memo, UtcTime at)
    {
        const auto made = bank.transfer_in(
            {.payer = "khach-" + std::to_string(bank.transfers().size()),
             .bin = "970436",
             .account = "0123499999",
             .amount = Money{15'000},
             .memo = memo},
            at);
        ASSERT_TRUE(made);
    }
    /// 3,000 in the day before.
    void fill_day()
    {
        for (int i = 0; i < 3'000; ++i)
            pay("chuyen tien " + std::to_string(i), day_end - 24h + i * Seconds{28});
    }

    /// Runs all at the same time, until the last is done.
    template <class T>
    std::vector<T> run(std::vector<ports::awaitable<T>> tasks)
    {
        std::vector<T> results;
        const std::size_t wanted = tasks.size();
        for (auto& task : tasks)
            boost::asio::co_spawn(
                io, std::move(task), [&](const std::exception_ptr& error, T value) {
                    if (error) std::rethrow_exception(error);
                    results.push_back(std::move(value));
                });
        for (int i = 0; i < 20'000 && results.size() < wanted; ++i)
            clock.run_for(10ms);
        EXPECT_EQ(results.size(), wanted);
        return results;
    }
    ports::awaitable<Listed> list_of_day()
    {
        return client.list(id, day_end - 24h, day_end, clock.steady_now() + 120s);
    }
    ports::awaitable<Found> find(const std::string& order, Seconds age)
    {
        return client.find(
            id,
            {.order_id = order,
             .gateway_order = order,
             .amount = Money{15'000},
             .created_at = clock.utc_now() - age,
             .payer_address = {}},
            clock.steady_now() + 21s);
    }
    /// Of twenty orders of the last twenty minutes; the third was paid.
    std::vector<Found> find_twenty()
    {
        std::vector<ports::awaitable<Found>> questions;
        for (std::uint64_t i = 0; i < 20; ++i)
            questions.push_back(find(iwas::vietqr::make_order_code(i), Seconds{60} * i));
        return run(std::move(questions));
    }
    static std::size_t different(const std::vector<ports::ListedPayment>& payments)
    {
        std::set<std::string> ids;
        for (const auto& each : payments)
            ids.insert(each.money.gateway_id);
        return ids.size();
    }

    const domain::PaymentAccountId id = domain::PaymentAccountId::trusted("bank");
    boost::asio::io_context io{1};
    tests::ManualClock clock{io};
    const UtcTime day_end = clock.utc_now();
    tests::SeededRandom random;
    sim::bank::Bank bank{1};
    sim::bank::Sepay sepay{bank, {}, 2};
    sim::bank::Casso casso{bank, {}, 3};
    sim::GatewayHub hub{{&bank, &sepay, &casso}};
    sim::InProcessGateways caller{hub, clock};
    Catalogs view;
    GatewayClient client{view, caller, clock, random};
};

TEST_F(FeedsContract, SepayListsTheDayOfABusyShopInAFewCalls)
{
    watch_by(domain::BankFeedKind::sepay);
    fill_day();
    for (const bool is_newest_first : {true, false}) {
        sepay.settings.lists_newest_first = is_newest_first;
        const auto before = caller.calls();
        std::vector<ports::awaitable<Listed>> question;
        question.push_back(list_of_day());
        const auto listed = run(std::move(question));
        ASSERT_TRUE(listed.front()) << listed.front().error().code;
        EXPECT_EQ(listed.front()->size(), 3'000U);
        EXPECT_EQ(different(*listed.front()), 3'000U);
        EXPECT_LE(caller.calls() - before, 8U);
    }
}

TEST_F(FeedsContract, CassoListsTheDayOfABusyShop)
{
    watch_by(domain::BankFeedKind::casso);
    fill_day();
    std::vector<ports::awaitable<Listed>> question;
    question.push_back(list_of_day());
    const auto listed = run(std::move(question));
    ASSERT_TRUE(listed.front()) << listed.front().error().code;
    EXPECT_EQ(different(*listed.front()), 3'000U);
    EXPECT_LE(caller.calls(), 32U);
}

TEST_F(FeedsContract, OrdersThatWaitAtTheSameTimeShareOneQuestion)
{
    for (const auto kind : {domain::BankFeedKind::sepay, domain::BankFeedKind::casso}) {
        watch_by(kind);
        clock.run_for(10s);
        if (bank.transfers().empty()) {
            fill_day();
            pay("ck " + iwas::vietqr::make_order_code(2), clock.utc_now() - 30s);
        }
        const auto before = caller.calls();
        const auto found = find_twenty();
        int paid = 0;
        for (const Found& each : found) {
            ASSERT_TRUE(each) << each.error().code;
            paid += each->state == ports::PaymentState::paid ? 1 : 0;
        }
        EXPECT_EQ(paid, 1);
        EXPECT_LE(caller.calls() - before, 3U) << "pages of one question";
    }
}

TEST_F(FeedsContract, AListIsNotOldNews)
{
    watch_by(domain::BankFeedKind::sepay);
    find_twenty();
    EXPECT_EQ(caller.calls(), 1U);
    find_twenty();
    EXPECT_EQ(caller.calls(), 1U) << "within two seconds";
    pay(iwas::vietqr::make_order_code(7), clock.utc_now());
    clock.run_for(2s);
    int paid = 0;
    for (const Found& each : find_twenty())
        paid += each && each->state == ports::PaymentState::paid ? 1 : 0;
    EXPECT_EQ(paid, 1);
    EXPECT_EQ(caller.calls(), 2U);
    // Of an old order nothing is said by a list that does not reach back so far.
    std::vector<ports::awaitable<Found>> old;
    old.push_back(find(iwas::vietqr::make_order_code(40), 5h));
    EXPECT_TRUE(run(std::move(old)).front());
    EXPECT_EQ(caller.calls(), 3U);
}

TEST_F(FeedsContract, AFailureIsSharedTooAndEndsInTime)
{
    watch_by(domain::BankFeedKind::sepay);
    caller.is_down = true;
    const auto found = find_twenty();
    for (const Found& each : found)
        EXPECT_EQ(each.error().error, ports::GatewayError::unavailable);
    EXPECT_LE(caller.calls(), 2U) << "one question and its repetition";
}

TEST_F(FeedsContract, ABatchOfCassosOlderWebhookNamesTheOrderOfEachTransfer)
{
    watch_by(domain::BankFeedKind::casso);
    auto& account = view.catalog.payment_accounts.at(id);
    account.feeds.front().proof = domain::BankFeedProof::api_key;
    account.feeds.front().webhook_secret = SecretText{"token-of-v1"};
    casso.settings.hooks = {
        {.account = "0123499999",
         .url = "http://iwas/notice",
         .version = sim::bank::CassoVersion::v1,
         .key = "token-of-v1"}};
    const std::string first = iwas::vietqr::make_order_code(1);
    const std::string second = iwas::vietqr::make_order_code(2);
    bank.outage_until(clock.utc_now() + 60s); // and then all at once
    pay("ck " + first, clock.utc_now());
    pay(second + " wifi", clock.utc_now());
    pay("tra tien", clock.utc_now());
    clock.run_for(60s);
    const auto due = hub.due_notices(clock.utc_now());
    ASSERT_EQ(due.size(), 1U);
    const auto& sent = due.front().notice;
    const auto notice = client.read_notice(
        account, {.query = {},
                  .body = sent.body,
                  .header = [&](std::string_view name) { return sent.headers.value(name); },
                  .now = clock.utc_now()});
    ASSERT_TRUE(notice);
    std::vector<std::string> orders;
    for (const auto& each : notice->transfers)
        orders.push_back(each.order_id);
    EXPECT_EQ(orders, (std::vector<std::string>{first, second, ""}));
    EXPECT_EQ(notice->unread, ports::Unread::nothing);
}

TEST_F(FeedsContract, QuestionsAtTheSameTimeStayBelowTheFeedsLimit)
{
    watch_by(domain::BankFeedKind::sepay);
    std::vector<ports::awaitable<Listed>> questions;
    for (int i = 0; i < 8; ++i)
        questions.push_back(list_of_day());
    for (const Listed& each : run(std::move(questions)))
        EXPECT_TRUE(each) << each.error().code;
    EXPECT_EQ(caller.calls(), 8U) << "none was refused and sent again";
}

} // namespace
} // namespace iwas::adapters
