// The connection against a peer that does what routers have been seen to do, and worse.
#include "adapters/router/mikrotik/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <functional>

namespace iwas::adapters {
namespace {

using routeros::Command;
using routeros::Sentence;
using routeros::TrapKind;

/// A peer in memory. `answer` gives the octets that follow each sentence of the client.
class ScriptedWire final : public Wire {
public:
    using Answer = std::function<std::string(const Command&)>;

    ScriptedWire(boost::asio::io_context& io, Answer answer)
        : timer_{io}, answer_{std::move(answer)}
    {
    }

    awaitable<std::size_t> read_some(std::span<std::uint8_t> into) override
    {
        while (incoming_.empty() && !is_closed_) {
            timer_.expires_at(SteadyTime::max());
            co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        }
        if (is_closed_) co_return 0;
        // Small pieces: sentences arrive torn.
        const std::size_t octets = std::min({into.size(), incoming_.size(), std::size_t{3}});
        std::copy_n(incoming_.begin(), octets, into.begin());
        incoming_.erase(0, octets);
        co_return octets;
    }
    awaitable<bool> write(std::string octets) override
    {
        decoder_.feed(as_bytes(octets));
        while (true) {
            const auto sentence = decoder_.next();
            if (!sentence || !*sentence) break;
            const auto command = routeros::parse_command(**sentence);
            commands.push_back(*command);
            // The answer is there before the write has ended.
            deliver(answer_(*command));
        }
        co_return !is_closed_;
    }
    void close() noexcept override
    {
        is_closed_ = true;
        timer_.cancel();
    }
    void deliver(const std::string& octets)
    {
        incoming_ += octets;
        timer_.cancel();
    }

    std::vector<Command> commands;

private:
    boost::asio::steady_timer timer_;
    Answer answer_;
    routeros::SentenceDecoder decoder_;
    std::string incoming_;
    bool is_closed_ = false;
};

std::string tag_of(const Command& command)
{
    return ".tag=" + command.tag;
}

class ApiConnectionTest : public ::testing::Test {
protected:
    void connect(ScriptedWire::Answer answer)
    {
        auto owned = std::make_unique<ScriptedWire>(io, std::move(answer));
        wire = owned.get();
        connection = std::make_shared<ApiConnection>(io.get_executor(), std::move(owned), tasks);
        ASSERT_TRUE(connection->start());
    }
    ~ApiConnectionTest() override
    {
        if (connection) connection->close("test is over");
        io.restart();
        io.run();
    }

    using Slot = std::shared_ptr<std::optional<ApiResult<ApiAnswer>>>;
    Slot ask(std::string path = "/x/print", Milliseconds patience = 2s)
    {
        auto slot = std::make_shared<std::optional<ApiResult<ApiAnswer>>>();
        boost::asio::co_spawn(
            io,
            connection->call(Command{std::move(path)}, std::chrono::steady_clock::now() + patience),
            [slot](std::exception_ptr error, ApiResult<ApiAnswer> answer) {
                EXPECT_FALSE(error);
                *slot = std::move(answer);
            });
        return slot;
    }
    ApiResult<ApiAnswer> answer_of(const Slot& slot)
    {
        io.restart();
        while (!*slot && io.run_one_for(5s) > 0) {
        }
        if (!*slot) return std::unexpected{ApiFailure{.message = "the test waited in vain"}};
        return **slot;
    }

    boost::asio::io_context io;
    TaskGroup tasks{io.get_executor(), 64};
    std::shared_ptr<ApiConnection> connection;
    ScriptedWire* wire = nullptr;
};

TEST_F(ApiConnectionTest, TakesRowsOfAnyOctetsTornAnywhere)
{
    const std::string value{"a=b\r\n\xFF\xFE\x80\0c", 10};
    connect([&value](const Command& command) {
        return routeros::encode({"!re", tag_of(command), "=comment=" + value}) +
               routeros::encode({"!future", tag_of(command), "=x=1"}) +
               routeros::encode({"!re", "=comment=second", tag_of(command)}) +
               routeros::encode({"!done", tag_of(command), "=ret=2"});
    });
    const auto answer = answer_of(ask());
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->rows.size(), 2U);
    EXPECT_EQ(routeros::find(answer->rows[0], "comment"), value);
    EXPECT_EQ(routeros::find(answer->done, "ret"), "2");
}

TEST_F(ApiConnectionTest, PassesOverEmptyWithAndWithoutTag)
{
    connect([](const Command& command) {
        return routeros::encode({"!empty"}) + routeros::encode({"!empty", tag_of(command)}) +
               routeros::encode({"!done", tag_of(command)});
    });
    const auto answer = answer_of(ask());
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->rows.empty());
}

TEST_F(ApiConnectionTest, ATrapEndsWithItsDoneAndTheNextCommandIsUnharmed)
{
    connect([](const Command& command) {
        if (command.path == "/bad")
            return routeros::encode(
                       {"!trap", "=category=0", "=message=no such item", tag_of(command)}) +
                   routeros::encode({"!trap", "=message=second words", tag_of(command)}) +
                   routeros::encode({"!done", tag_of(command)});
        return routeros::encode({"!re", tag_of(command), "=name=ok"}) +
               routeros::encode({"!done", tag_of(command)});
    });
    const auto bad = answer_of(ask("/bad"));
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().error, ApiError::refused);
    EXPECT_EQ(bad.error().trap, TrapKind::no_such_item);
    EXPECT_EQ(bad.error().message, "no such item");
    const auto next = answer_of(ask());
    ASSERT_TRUE(next) << next.error().message << wire->commands.size();
    EXPECT_EQ(next->rows.size(), 1U);
}

TEST_F(ApiConnectionTest, AnswersInAnyOrderFindTheirCommand)
{
    std::vector<Command> held;
    connect([&held](const Command& command) -> std::string {
        held.push_back(command);
        if (held.size() < 3) return {};
        std::string all;
        for (auto at = held.rbegin(); at != held.rend(); ++at)
            all += routeros::encode({"!re", tag_of(*at), "=path=" + at->path}) +
                   routeros::encode({"!done", tag_of(*at)});
        return all;
    });
    const auto a = ask("/a");
    const auto b = ask("/b");
    const auto c = ask("/c");
    EXPECT_EQ(routeros::find(answer_of(a)->rows.at(0), "path"), "/a");
    EXPECT_EQ(routeros::find(answer_of(b)->rows.at(0), "path"), "/b");
    EXPECT_EQ(routeros::find(answer_of(c)->rows.at(0), "path"), "/c");
}

TEST_F(ApiConnectionTest, KeepsAtMostFourCommandsUnderWay)
{
    connect([](const Command&) { return std::string{}; });
    std::vector<Slot> slots;
    for (int i = 0; i < 6; ++i)
        slots.push_back(ask());
    io.poll();
    EXPECT_EQ(wire->commands.size(), ApiConnection::outstanding_max);
    wire->deliver(routeros::encode({"!done", tag_of(wire->commands[1])}));
    EXPECT_TRUE(answer_of(slots[1]));
    io.poll();
    EXPECT_EQ(wire->commands.size(), ApiConnection::outstanding_max + 1);
    for (std::size_t i = 0; i < 6; ++i)
        if (i != 1)
            wire->deliver(routeros::encode(
                {"!done", tag_of(wire->commands[std::min(i, wire->commands.size() - 1)])}));
}

TEST_F(ApiConnectionTest, CancelsWhatIsNotAnsweredInTime)
{
    connect([](const Command& command) -> std::string {
        if (command.path != "/cancel") return {};
        return routeros::encode({"!trap", "=category=2", "=message=interrupted", ".tag=1"}) +
               routeros::encode({"!done", tag_of(command)}) + routeros::encode({"!done", ".tag=1"});
    });
    const auto answer = answer_of(ask("/slow", 50ms));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().error, ApiError::unknown);
    EXPECT_FALSE(connection->takes_commands());
    io.restart();
    io.run_for(200ms);
    ASSERT_EQ(wire->commands.size(), 2U);
    EXPECT_EQ(wire->commands[1].path, "/cancel");
    EXPECT_EQ(routeros::find(wire->commands[1].attributes, "tag"), "1");
}

TEST_F(ApiConnectionTest, FatalEndsEverything)
{
    connect([](const Command& command) -> std::string {
        if (command.path == "/last") return routeros::encode({"!fatal", "out of memory"});
        return {};
    });
    const auto first = ask("/first");
    const auto last = ask("/last");
    const auto answer = answer_of(first);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().error, ApiError::unknown);
    EXPECT_EQ(answer.error().message, "fatal: out of memory");
    EXPECT_FALSE(answer_of(last));
    EXPECT_EQ(answer_of(ask()).error().error, ApiError::unreachable);
}

TEST_F(ApiConnectionTest, GivesUpOnWhatIsNoRouter)
{
    connect([](const Command&) { return std::string{"HTTP/1.1 400 Bad Request\r\n\r\n"}; });
    const auto answer = answer_of(ask());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().error, ApiError::unknown);
    EXPECT_FALSE(connection->takes_commands());
}

TEST_F(ApiConnectionTest, UnderstandsALoginAnswerWithoutTag)
{
    connect([](const Command&) { return routeros::encode({"!done", "=ret=00"}); });
    const auto answer = answer_of(ask("/login"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(routeros::find(answer->done, "ret"), "00");
}

} // namespace
} // namespace iwas::adapters
