// Transfers whose memo the bank app dropped: found by who sent them, and by nobody else.
#include "tests/api/api_world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <unistd.h>

namespace iwas::api::testing {
namespace {

const domain::PaymentAccountId bank = domain::PaymentAccountId::trusted("galaxy-bank");
constexpr auto reference = "FT26264882134";

/// A guest, and another one, before the portal of a café whose orders share their amounts, so that
/// an amount alone names no order.
class FindTransfer : public ::testing::Test {
protected:
    explicit FindTransfer(std::string url = "sqlite::memory:", std::size_t store_threads = 0)
        : world{std::move(url), store_threads}
    {
        world.add_payment_account("galaxy-bank", domain::PaymentMethod::vietqr);
        for (Phone* each : {&phone, &other})
            each->sign_in_as_guest();
    }

    /// Money without a memo, as a bank feed tells of it.
    ports::NoticeOutcome comes(
        Money amount, std::string gateway_id = reference, Seconds ago = Seconds{0})
    {
        const auto account = *world.catalog.current()->payment_account(bank);
        ports::ReceivedMoney money{
            .gateway_id = std::move(gateway_id),
            .amount = amount,
            .paid_at = world.clock.utc_now() - ago,
            .memo = "CHUYEN TIEN",
            .payer = "****6789"};
        return world.run(
            world.purchases.take_in(account, "", std::move(money), domain::PaymentSource::notice));
    }
    http::Response claim(Phone& by, const std::string& body)
    {
        return by.post("/api/v1/transfers/find", body, "claim-no-" + std::to_string(++claims_));
    }
    std::string outcome_of(Phone& by, const std::string& body)
    {
        const auto response = claim(by, body);
        if (response.status != 200) return code_of(response);
        return std::string{body_of(response).at("outcome").as_string()};
    }
    std::string by_reference(const std::string& text = reference, int amount = 12'000)
    {
        return R"({"amount":)" + std::to_string(amount) + R"(,"bank_reference":")" + text + R"("})";
    }
    std::string by_details(const std::string& last4 = "6789", Seconds ago = Seconds{60})
    {
        return R"({"amount":12000,"sent_at":")" + to_rfc3339(world.clock.utc_now() - ago) +
               R"(","sender_last4":")" + last4 + R"("})";
    }
    Money queued()
    {
        Money sum;
        for (const auto& line : world.run(world.store->refund_queue(100)).value())
            sum += due_of(line.transaction);
        return sum;
    }

    World world;
    Phone phone{world, "A4:5E:60:11:22:0F", "192.168.20.15"};
    Phone other{world, "A4:5E:60:11:22:10", "192.168.20.16"};

private:
    int claims_ = 0;
};

TEST_F(FindTransfer, TheBanksReferenceBringsTheMoneyToItsOrder)
{
    EXPECT_TRUE(body_of(phone.get("/api/v1/portal")).at("offers").at("find_transfer").as_bool());
    const std::string mine = phone.order("vietqr");
    const std::string theirs = other.order("vietqr");
    EXPECT_EQ(comes(Money{12'000}), ports::NoticeOutcome::unknown_order);
    EXPECT_EQ(queued(), Money{12'000});

    const auto response = claim(phone, by_reference("ft 2626 4882 134"));
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(body_of(response).at("outcome").as_string(), "found");
    EXPECT_EQ(body_of(response).at("purchase").at("id").as_string(), mine);
    EXPECT_EQ(phone.state_of(mine), "online");
    EXPECT_EQ(other.state_of(theirs), "awaiting_payment");
    EXPECT_EQ(queued(), Money{});

    // One movement of money, with its order, and what held it is empty.
    const auto id = *domain::TransactionId::parse(mine);
    const auto payments = world.run(world.store->payments_of(id)).value();
    ASSERT_EQ(payments.size(), 1U);
    EXPECT_EQ(payments.front().amount, Money{12'000});
    for (const auto& each : world
                                .run(world.store->find_transactions(
                                    {.organization = domain::OrganizationId::trusted("galaxy"),
                                     .state = domain::TransactionState::refunded},
                                    10))
                                .value()) {
        EXPECT_EQ(each.amount, Money{});
        EXPECT_EQ(each.refund_id, "found: " + mine);
        EXPECT_TRUE(world.run(world.store->payments_of(each.id)).value().empty());
    }
    // The feed that tells of it again tells nothing new.
    EXPECT_EQ(comes(Money{12'000}), ports::NoticeOutcome::repeated);
}

TEST_F(FindTransfer, AWholePriceTypedByHandIsFoundByItsReference)
{
    world.configure([](domain::Catalog& wanted) {
        wanted.payment_accounts[bank].unique_amount_max = Money{99};
    });
    const std::string mine = phone.order("vietqr"); // 11,999
    EXPECT_EQ(comes(Money{12'000}), ports::NoticeOutcome::unknown_order);
    const auto response = claim(phone, by_reference("ft 2626 4882 134"));
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(body_of(response).at("outcome").as_string(), "found");
    EXPECT_EQ(phone.state_of(mine), "online");
    EXPECT_EQ(queued(), Money{1});
}

TEST_F(FindTransfer, DetailsFindItWhileNobodyElseCouldHaveSentIt)
{
    const std::string mine = phone.order("vietqr");
    EXPECT_EQ(comes(Money{12'000}), ports::NoticeOutcome::unknown_order);
    EXPECT_EQ(outcome_of(phone, by_details("6788")), "waiting");
    EXPECT_EQ(outcome_of(phone, by_details("6789", 11min)), "waiting");
    EXPECT_EQ(outcome_of(phone, R"({"amount":12000,"sender_last4":"6789"})"), "waiting");
    EXPECT_EQ(outcome_of(phone, R"({"amount":12000})"), "waiting");
    EXPECT_EQ(queued(), Money{12'000});
    EXPECT_EQ(outcome_of(phone, by_details()), "found");
    EXPECT_EQ(phone.state_of(mine), "online");
}

TEST_F(FindTransfer, DetailsAreNotEnoughBesideAnotherOpenOrder)
{
    const std::string mine = phone.order("vietqr");
    const std::string theirs = other.order("vietqr");
    comes(Money{12'000});
    EXPECT_EQ(outcome_of(other, by_details()), "waiting");
    EXPECT_EQ(outcome_of(phone, by_details()), "waiting");
    EXPECT_EQ(queued(), Money{12'000}) << "it waits for the staff";
    // Nor when the other order ended: its customer may still have sent it.
    phone.post("/api/v1/purchases/" + mine + "/cancel", "", "cancel-mine");
    EXPECT_EQ(outcome_of(other, by_details()), "waiting");
    // Who has the reference needs no more.
    EXPECT_EQ(outcome_of(phone, by_reference()), "found");
    EXPECT_EQ(phone.state_of(mine), "online");
    EXPECT_EQ(other.state_of(theirs), "awaiting_payment");
}

TEST_F(FindTransfer, TwoThatFitAreLeftToTheStaff)
{
    phone.order("vietqr");
    comes(Money{12'000}, "FT26264882134");
    comes(Money{12'000}, "FT26264882135");
    EXPECT_EQ(outcome_of(phone, by_details()), "waiting");
    EXPECT_EQ(queued(), Money{24'000});
    EXPECT_EQ(outcome_of(phone, by_reference("FT26264882135")), "found");
    EXPECT_EQ(queued(), Money{12'000});
}

TEST_F(FindTransfer, WithoutAnOrderOfThatAmountNothingIsToldOrTaken)
{
    comes(Money{12'000});
    EXPECT_EQ(outcome_of(phone, by_reference()), "not_found");
    phone.order("vietqr");
    // Money of before the order, and of another amount, is not his.
    EXPECT_EQ(outcome_of(phone, by_reference(reference, 11'000)), "not_found");
    comes(Money{12'000}, "FT26264000001", 10min);
    EXPECT_EQ(outcome_of(phone, by_reference("FT26264000001")), "waiting");
    EXPECT_EQ(queued(), Money{24'000});
}

TEST_F(FindTransfer, AnOrderThatHasEndedIsReopened)
{
    const std::string mine = phone.order("vietqr");
    phone.post("/api/v1/purchases/" + mine + "/cancel", "", "cancel-mine");
    EXPECT_EQ(outcome_of(phone, by_reference()), "not_found");
    comes(Money{12'000});
    EXPECT_EQ(outcome_of(phone, by_reference()), "found");
    EXPECT_EQ(phone.state_of(mine), "online");
    EXPECT_EQ(queued(), Money{});
}

TEST_F(FindTransfer, WhatBuysNothingAnyMoreWaitsForHimAndNotForNobody)
{
    const std::string first = phone.order("vietqr");
    phone.post("/api/v1/purchases/" + first + "/cancel", "", "cancel-the-first");
    const std::string second = phone.order("vietqr");
    const auto id = *domain::TransactionId::parse(second);
    const auto named = world.run(world.store->load_transaction(id)).value()->order_id;
    const auto account = *world.catalog.current()->payment_account(bank);
    ports::ReceivedMoney money{"FT1", Money{12'000}, world.clock.utc_now(), "", ""};
    world.run(world.purchases.take_in(account, named, money, domain::PaymentSource::notice));
    EXPECT_EQ(phone.state_of(second), "online");

    comes(Money{12'000});
    EXPECT_EQ(outcome_of(phone, by_reference()), "found");
    EXPECT_EQ(phone.state_of(first), "refund_queued");
    const auto shown = body_of(phone.get("/api/v1/purchases/" + first));
    EXPECT_TRUE(shown.at("can_keep_as_credit").as_bool());
    EXPECT_EQ(queued(), Money{12'000});
    EXPECT_EQ(phone.state_of(second), "online");
}

TEST_F(FindTransfer, TheBankIsAskedAtOnceAndThenNotForAWhile)
{
    const std::string mine = phone.order("vietqr");
    other.order("vietqr");
    EXPECT_EQ(outcome_of(phone, by_reference("MBVCB3278907687")), "waiting");
    // Just asked: what comes now is heard of in ten seconds, or by a notice.
    world.gateways.transfer(bank, Money{12'000}, "MBVCB.3278907687.chuyen tien");
    EXPECT_EQ(outcome_of(phone, by_reference("MBVCB3278907687")), "waiting");
    EXPECT_EQ(queued(), Money{});
    EXPECT_EQ(phone.state_of(mine), "awaiting_payment");
}

TEST_F(FindTransfer, WhatTheBankHasNotToldIsFoundByAsking)
{
    const std::string mine = phone.order("vietqr");
    other.order("vietqr");
    world.gateways.transfer(bank, Money{12'000}, "MBVCB.3278907687.chuyen tien");
    EXPECT_EQ(outcome_of(phone, by_reference("MBVCB3278907687")), "found");
    EXPECT_EQ(phone.state_of(mine), "online");
}

TEST_F(FindTransfer, WhoGuessesIsStopped)
{
    phone.order("vietqr");
    comes(Money{12'000});
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(outcome_of(phone, by_details(std::to_string(1'000 + i))), "waiting");
    const auto refused = claim(phone, by_reference());
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(code_of(refused), "RATE_LIMITED");
    EXPECT_GT(body_of(refused).at("retry_after_seconds").as_int64(), 3'000);
    // Nor does a new visit of the same device help.
    phone.sign_in_as_guest();
    EXPECT_EQ(claim(phone, by_reference()).status, 429);
    other.order("vietqr");
    EXPECT_EQ(outcome_of(other, by_reference()), "found");
}

TEST_F(FindTransfer, WhatIsNoClaimIsRefused)
{
    phone.order("vietqr");
    for (const auto* body :
         {"{}", R"({"amount":0})", R"({"amount":-1})", R"({"amount":"12000"})",
          R"({"amount":12000,"sent_at":"yesterday"})",
          R"({"amount":12000,"sent_at":"1999-01-01T00:00:00Z"})",
          R"({"amount":12000,"sender_last4":"123"})", R"({"amount":12000,"sender_last4":"12a4"})",
          R"({"amount":12000,"bank_reference":7})"})
        EXPECT_EQ(outcome_of(phone, body), "VALIDATION_FAILED") << body;
    const std::string long_one(65, 'A');
    EXPECT_EQ(outcome_of(phone, by_reference(long_one)), "VALIDATION_FAILED");
    Phone stranger{world, "A4:5E:60:11:22:11", "192.168.20.17"};
    stranger.arrive();
    stranger.get("/api/v1/portal");
    EXPECT_EQ(claim(stranger, by_reference()).status, 401);
}

/// A database in a file that is gone with the test.
struct DatabaseFile {
    DatabaseFile() { remove(); }
    ~DatabaseFile() { remove(); }
    DatabaseFile(const DatabaseFile&) = delete;
    DatabaseFile& operator=(const DatabaseFile&) = delete;
    void remove() const
    {
        for (const auto* end : {"", "-wal", "-shm"})
            std::filesystem::remove(path.string() + end);
    }
    std::filesystem::path path = std::filesystem::temp_directory_path() /
                                 ("iwas-find-transfer-" + std::to_string(::getpid()));
};

/// The same with the store's threads, so that two requests are under way at the same time.
class FindTransferAtOnce : private DatabaseFile, public FindTransfer {
protected:
    FindTransferAtOnce() : FindTransfer{"sqlite:" + path.string(), 4} {}

    ports::awaitable<Result<workflows::FoundTransfer, workflows::FindTransferRefused>> claim_of(
        std::string purchase, domain::TransferClaim what)
    {
        const auto id = *domain::TransactionId::parse(purchase);
        const auto loaded = co_await world.store->load_transaction(id);
        const domain::Transaction& txn = **loaded;
        workflows::FindTransferRequest request;
        request.account.id = txn.account;
        request.visit.location = txn.location;
        request.visit.mac = txn.mac;
        request.visit.id = domain::VisitId{id.value()};
        request.claim = std::move(what);
        auto found = co_await world.find_transfer.run(std::move(request));
        co_return found;
    }
};

TEST_F(FindTransferAtOnce, OfTwoThatClaimTheSameMoneyOneHasIt)
{
    const std::string mine = phone.order("vietqr");
    const std::string theirs = other.order("vietqr");
    for (int round = 0; round < 5; ++round) {
        // Each round is about other money; who has bought claims in vain from then on.
        const std::string name = "FT2626488213" + std::to_string(round);
        comes(Money{12'000}, name);
        const domain::TransferClaim what{
            .amount = Money{12'000}, .bank_reference = name, .sent_at = {}, .sender_last4 = {}};
        auto first = boost::asio::co_spawn(world.io, claim_of(mine, what), boost::asio::use_future);
        auto second =
            boost::asio::co_spawn(world.io, claim_of(theirs, what), boost::asio::use_future);
        world.settle(Milliseconds{400});
        ASSERT_EQ(first.wait_for(0s), std::future_status::ready);
        ASSERT_EQ(second.wait_for(0s), std::future_status::ready);
        int found = 0;
        for (auto* each : {&first, &second}) {
            const auto answer = each->get();
            ASSERT_TRUE(answer);
            if (answer->outcome == workflows::TransferOutcome::found) ++found;
        }
        EXPECT_EQ(found, round < 2 ? 1 : 0) << round;
        const auto recorded = world.run(world.store->payment_by_gateway_id(bank, name)).value();
        ASSERT_TRUE(recorded);
        const bool is_moved = recorded->transaction == *domain::TransactionId::parse(mine) ||
                              recorded->transaction == *domain::TransactionId::parse(theirs);
        EXPECT_EQ(is_moved, round < 2);
    }
    EXPECT_EQ(world.access.online.size(), 2U);
    EXPECT_EQ(queued(), Money{36'000});
}

} // namespace
} // namespace iwas::api::testing
