#include "adapters/payment/client.hpp"
#include "adapters/payment/momo/momo_test.hpp"
#include "tests/support/time_and_chance.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <optional>

namespace iwas::adapters::testing {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using http::ClientError;

/// Answers as the script says, each after its delay, and notes what was sent.
class ScriptedCaller final : public http::Caller {
public:
    struct Line {
        Result<http::InboundResponse, ClientError> answer;
        Milliseconds delay{100};
    };
    struct Sent {
        std::string url;
        std::string target;
        std::string body;
        SteadyTime at;
        SteadyTime deadline;
    };
    explicit ScriptedCaller(tests::ManualClock& clock) : clock_{clock} {}

    void then(int status, std::string body)
    {
        script.push_back({http::InboundResponse{status, {}, std::move(body)}});
    }
    void then_refused(int status, const char* name, const char* seconds)
    {
        http::InboundResponse response{status, {}, "{}"};
        if (*name != '\0') response.headers.set(name, seconds);
        script.push_back({std::move(response)});
    }
    void then(ClientError error, Milliseconds delay = 100ms)
    {
        script.push_back({std::unexpected(error), delay});
    }

    asio::awaitable<Result<http::InboundResponse, ClientError>> send(
        http::Peer peer, http::OutboundRequest request, SteadyTime deadline) override
    {
        sent.push_back(
            {to_string(peer.url), request.target, request.body, clock_.steady_now(), deadline});
        if (script.empty()) co_return std::unexpected(ClientError::unreachable);
        const Line line = std::move(script.front());
        script.pop_front();
        co_await clock_.sleep_until(std::min(clock_.steady_now() + line.delay, deadline));
        co_return line.answer;
    }

    std::deque<Line> script;
    std::vector<Sent> sent;

private:
    tests::ManualClock& clock_;
};

class Accounts final : public ports::CatalogView {
public:
    [[nodiscard]] std::shared_ptr<const domain::Catalog> current() const override
    {
        return std::make_shared<const domain::Catalog>(catalog);
    }
    domain::Catalog catalog;
};

class GatewayClientTest : public ::testing::Test {
protected:
    GatewayClientTest() { accounts.catalog.payment_accounts.emplace(id, momo_account()); }

    /// Runs until the call is done; virtual time goes no further than it needs.
    template <class T>
    T run(ports::awaitable<T> task)
    {
        std::optional<T> result;
        asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& error, T value) {
            if (error) std::rethrow_exception(error);
            result.emplace(std::move(value));
        });
        for (int i = 0; i < 10'000 && !result; ++i)
            clock.run_for(10ms);
        return std::move(result).value();
    }
    ports::GatewayAnswer<domain::Invitation> create(Milliseconds within = 30s)
    {
        return run(client().create(id, order, clock.steady_now() + within));
    }
    ports::GatewayAnswer<ports::PaymentStatus> find()
    {
        return run(client().find(id, query_for(order), clock.steady_now() + 30s));
    }
    domain::PaymentAccountId bank_of_two_feeds(const char* one, const char* two)
    {
        domain::PaymentAccount bank;
        bank.id = domain::PaymentAccountId::trusted("bank-1");
        bank.method = domain::PaymentMethod::vietqr;
        bank.bank_account = "0123499999";
        for (const char* url : {one, two}) {
            domain::BankFeed feed;
            feed.base_url = url;
            feed.api_token = SecretText{"token"};
            bank.feeds.push_back(feed);
        }
        accounts.catalog.payment_accounts.emplace(bank.id, bank);
        return bank.id;
    }
    GatewayClient& client()
    {
        if (!client_) client_.emplace(accounts, caller, clock, random, options);
        return *client_;
    }
    static std::string answer_with(std::int64_t code)
    {
        return json::serialize(json::object{
            {"partnerCode", "MOMO"},
            {"orderId", "W260921-1"},
            {"amount", 50'000},
            {"transId", 77},
            {"resultCode", code},
            {"payUrl", "https://momo.example/pay"}});
    }

    const domain::PaymentAccountId id = domain::PaymentAccountId::trusted("momo-1");
    const ports::PaymentOrder order = order_named("W260921-1");
    asio::io_context io{1};
    tests::ManualClock clock{io};
    tests::SeededRandom random;
    ScriptedCaller caller{clock};
    Accounts accounts;
    GatewayClientOptions options;

private:
    std::optional<GatewayClient> client_;
};

TEST_F(GatewayClientTest, LeavesAloneWhoIsAskedTooOften)
{
    caller.then_refused(429, "Retry-After", "7");
    caller.then(200, answer_with(0));
    const SteadyTime begun = clock.steady_now();
    EXPECT_TRUE(find());
    ASSERT_EQ(caller.sent.size(), 2U);
    EXPECT_GE(caller.sent[1].at - begun, 7s);

    // Longer than anybody waits: nothing is sent, and nothing for others either.
    caller.sent.clear();
    caller.then_refused(429, "x-sepay-userapi-retry-after", "60");
    EXPECT_EQ(find().error().error, ports::GatewayError::unavailable);
    EXPECT_EQ(create(10s).error().error, ports::GatewayError::unavailable);
    EXPECT_EQ(caller.sent.size(), 1U);
    clock.run_for(61s);
    caller.then(200, answer_with(0));
    EXPECT_TRUE(find());

    // No time is said: a few seconds.
    caller.sent.clear();
    caller.then_refused(429, "", "");
    caller.then(200, answer_with(0));
    EXPECT_TRUE(find());
    EXPECT_GE(caller.sent.at(1).at - caller.sent.at(0).at, 5s);
}

TEST_F(GatewayClientTest, AsksOnceWhenTheAnswerIsClear)
{
    caller.then(200, answer_with(0));
    EXPECT_EQ(text_of(create()), "invited");
    ASSERT_EQ(caller.sent.size(), 1U);
    EXPECT_EQ(caller.sent[0].url, "https://test-payment.momo.vn");
    EXPECT_EQ(caller.sent[0].deadline - caller.sent[0].at, 10s) << "one attempt";
    for (const auto code : {1001, 13, 41}) {
        caller.sent.clear();
        caller.then(200, answer_with(code));
        EXPECT_FALSE(create());
        EXPECT_EQ(caller.sent.size(), 1U) << code;
    }
}

TEST_F(GatewayClientTest, RepeatsTheSameOctetsOnceWhenTheOutcomeIsOpen)
{
    for (const auto error :
         {ClientError::timeout_unknown, ClientError::bad_response, ClientError::too_large,
          ClientError::unreachable}) {
        caller.sent.clear();
        caller.then(error);
        caller.then(200, answer_with(0));
        EXPECT_EQ(text_of(create()), "invited");
        ASSERT_EQ(caller.sent.size(), 2U);
        EXPECT_EQ(caller.sent[0].body, caller.sent[1].body);
        EXPECT_EQ(caller.sent[0].target, caller.sent[1].target);
        const auto pause = caller.sent[1].at - caller.sent[0].at - 100ms;
        EXPECT_GE(pause, 400ms);
        EXPECT_LE(pause, 600ms) << "0.5 s, give or take a fifth";
    }
    caller.sent.clear();
    caller.then(503, answer_with(0));
    caller.then(500, answer_with(0));
    EXPECT_EQ(text_of(create()), "unknown") << "a server error proves nothing, whatever it holds";
    EXPECT_EQ(caller.sent.size(), 2U);
}

TEST_F(GatewayClientTest, UnknownStaysUnknown)
{
    caller.then(ClientError::timeout_unknown);
    caller.then(ClientError::unreachable);
    EXPECT_EQ(text_of(create()), "unknown") << "the first try may have arrived";
    caller.then(ClientError::timeout_unknown);
    caller.then(200, answer_with(1002));
    EXPECT_EQ(text_of(create()), "unknown") << "the no may be about the repetition only";
    caller.then(ClientError::timeout_unknown);
    caller.then(200, answer_with(41));
    EXPECT_EQ(text_of(create()), "duplicate") << "the first try did arrive";
    caller.then(ClientError::unreachable);
    caller.then(ClientError::unreachable);
    EXPECT_EQ(text_of(create()), "unavailable");
    // A question changes nothing: its last answer stands.
    caller.then(ClientError::timeout_unknown);
    caller.then(200, answer_with(42));
    EXPECT_EQ(text_of(find()), "not_found");
}

TEST_F(GatewayClientTest, NeverGoesPastTheDeadline)
{
    caller.then(ClientError::timeout_unknown, 20s);
    const SteadyTime begun = clock.steady_now();
    EXPECT_EQ(text_of(create(300ms)), "unknown");
    ASSERT_EQ(caller.sent.size(), 1U) << "the pause alone would have taken too long";
    EXPECT_EQ(caller.sent[0].deadline, begun + 300ms);

    caller.sent.clear();
    caller.then(ClientError::timeout_unknown, 20s);
    caller.then(ClientError::timeout_unknown, 20s);
    const SteadyTime again = clock.steady_now();
    EXPECT_EQ(text_of(create(12s)), "unknown");
    ASSERT_EQ(caller.sent.size(), 2U);
    EXPECT_EQ(caller.sent[1].deadline, again + 12s) << "the second attempt gets what is left";

    caller.sent.clear();
    EXPECT_EQ(text_of(create(0ms)), "unavailable");
    EXPECT_TRUE(caller.sent.empty());
}

TEST_F(GatewayClientTest, WalksAPlanOfSeveralSteps)
{
    caller.then(200, answer_with(9000)); // held
    caller.then(ClientError::timeout_unknown);
    caller.then(200, answer_with(0)); // captured
    EXPECT_EQ(text_of(find()), "paid");
    ASSERT_EQ(caller.sent.size(), 3U);
    EXPECT_EQ(caller.sent[0].target, "/v2/gateway/api/query");
    EXPECT_EQ(caller.sent[1].target, "/v2/gateway/api/confirm");
    EXPECT_EQ(caller.sent[2].body, caller.sent[1].body);
}

TEST_F(GatewayClientTest, WaitsWhereOnlySoManyCallsASecondAreAllowed)
{
    const auto bank = bank_of_two_feeds("https://my.sepay.example", "https://my.sepay.example");
    for (int feeds = 0; feeds < 2; ++feeds)
        caller.then(200, R"({"status":200,"transactions":[]})");
    const auto listed = run(client().list(bank, noon - 1h, noon, clock.steady_now() + 30s));
    ASSERT_TRUE(listed);
    ASSERT_EQ(caller.sent.size(), 2U);
    EXPECT_GE(caller.sent[1].at - caller.sent[0].at, 500ms);
}

TEST_F(GatewayClientTest, AFeedThatIsDownKeepsNobodyFromTheOther)
{
    const auto bank = bank_of_two_feeds("https://one.example", "https://two.example");
    const auto query = query_for(order_named("IWABCDEFGH"));
    const auto ask = [&] { return run(client().find(bank, query, clock.steady_now() + 30s)); };
    const std::string none = R"({"status":200,"transactions":[]})";
    for (const bool is_first_down : {true, false}) {
        caller.sent.clear();
        if (!is_first_down) caller.then(200, none);
        for (int tries = 0; tries < 2; ++tries)
            caller.then(503, "");
        if (is_first_down) caller.then(200, none);
        EXPECT_EQ(text_of(ask()), "unknown") << "what it knows is missing";
        EXPECT_EQ(client().health(bank).last_failure, "http_503");
        EXPECT_EQ(client().health(bank).successes, 0U);
        ASSERT_EQ(caller.sent.size(), 3U);
        EXPECT_EQ(caller.sent.front().url, "https://one.example");
        EXPECT_EQ(caller.sent.back().url, "https://two.example");
        clock.run_for(60s);
    }
}

TEST_F(GatewayClientTest, StopsAskingAGatewayThatIsDown)
{
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(text_of(create()), "unavailable");
    EXPECT_EQ(caller.sent.size(), 5U) << "five failures in a row open the circuit";
    EXPECT_EQ(client().health(id).breaker, CircuitBreaker::State::open);
    EXPECT_EQ(text_of(create()), "unavailable");
    EXPECT_EQ(client().health(id).last_failure, "circuit_open");
    EXPECT_EQ(client().health(domain::PaymentAccountId::trusted("other")).attempts, 0U);
}

TEST_F(GatewayClientTest, TriesAgainLaterAndIsWellAgain)
{
    for (int i = 0; i < 3; ++i)
        (void)create();
    clock.run_for(10s);
    EXPECT_EQ(client().health(id).breaker, CircuitBreaker::State::half_open);
    caller.then(200, answer_with(0));
    EXPECT_EQ(text_of(create()), "invited");
    EXPECT_EQ(client().health(id).breaker, CircuitBreaker::State::closed);
}

TEST_F(GatewayClientTest, ARefusalIsNoOutage)
{
    for (int i = 0; i < 10; ++i) {
        caller.then(400, answer_with(1002));
        EXPECT_EQ(text_of(create()), "refused declined");
    }
    EXPECT_EQ(client().health(id).breaker, CircuitBreaker::State::closed);
}

TEST_F(GatewayClientTest, KeepsCountOfWhatCallsCameTo)
{
    caller.then(200, answer_with(0));
    caller.then(ClientError::timeout_unknown);
    caller.then(200, answer_with(0));
    caller.then(200, answer_with(13));
    EXPECT_TRUE(create());
    EXPECT_TRUE(create());
    EXPECT_EQ(text_of(create()), "misconfigured");
    const GatewayHealth health = client().health(id);
    EXPECT_EQ(health.attempts, 4U);
    EXPECT_EQ(health.retries, 1U);
    EXPECT_EQ(health.successes, 2U);
    EXPECT_EQ(health.failed(ports::GatewayError::misconfigured), 1U);
    EXPECT_EQ(health.failed(ports::GatewayError::unknown), 0U);
    EXPECT_EQ(health.last_failure, "13");
    ASSERT_TRUE(health.last_success && health.last_failure_at);
    EXPECT_LT(*health.last_success, *health.last_failure_at);
}

TEST_F(GatewayClientTest, SaysWhatCannotBeAsked)
{
    const auto create_at = [&](const char* account) {
        return run(client().create(
            domain::PaymentAccountId::trusted(account), order, clock.steady_now() + 30s));
    };
    domain::PaymentAccount elsewhere = momo_account();
    elsewhere.base_url = "momo.vn";
    domain::PaymentAccount no_gateway = momo_account();
    no_gateway.method = domain::PaymentMethod::pc_balance;
    accounts.catalog.payment_accounts.emplace(
        domain::PaymentAccountId::trusted("elsewhere"), elsewhere);
    accounts.catalog.payment_accounts.emplace(
        domain::PaymentAccountId::trusted("no-gateway"), no_gateway);
    EXPECT_EQ(text_of(create_at("gone")), "misconfigured");
    EXPECT_EQ(text_of(create_at("elsewhere")), "misconfigured");
    EXPECT_EQ(text_of(create_at("no-gateway")), "not_supported");
    EXPECT_TRUE(caller.sent.empty());
    EXPECT_EQ(client().new_order_id(no_gateway, noon, 1), "");
    EXPECT_EQ(
        client().read_notice(no_gateway, notice_with("{}")).error(), ports::NoticeError::malformed);
    EXPECT_EQ(client().reply_to(no_gateway, ports::NoticeOutcome::recorded).status, 404);
}

TEST_F(GatewayClientTest, TheAccountMayGoWhileItsCallIsUnderWay)
{
    caller.then(200, answer_with(9000));
    caller.then(200, answer_with(0));
    std::optional<ports::GatewayAnswer<ports::PaymentStatus>> found;
    asio::co_spawn(
        io, client().find(id, query_for(order), clock.steady_now() + 30s),
        [&](const std::exception_ptr&, ports::GatewayAnswer<ports::PaymentStatus> answer) {
            found.emplace(std::move(answer));
        });
    clock.run_for(50ms);
    accounts.catalog.payment_accounts.clear();
    clock.run_for(1s);
    ASSERT_TRUE(found);
    EXPECT_EQ(text_of(*found), "paid");
}

} // namespace
} // namespace iwas::adapters::testing
