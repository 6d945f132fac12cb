#include "protocol/routeros/login.hpp"
#include "sim/router/api_session.hpp"
#include "tests/support/scripted_radius.hpp"
#include "tests/support/time_and_chance.hpp"

#include <gtest/gtest.h>

namespace iwas::sim {
namespace {

using routeros::Command;
using routeros::Reply;
using routeros::ReplyKind;

const MacAddress phone = *MacAddress::parse("02:00:00:00:00:15");
const Ipv4Address phone_ip = *Ipv4Address::parse("10.5.50.21");

class AtOnce final : public RadiusTransport {
public:
    explicit AtOnce(tests::ScriptedRadius& server) : server_{server} {}
    awaitable<std::optional<Bytes>> exchange(
        RadiusService, Bytes request, Milliseconds, unsigned) override
    {
        co_return server_.answer(request);
    }

private:
    tests::ScriptedRadius& server_;
};

class ApiSessionTest : public ::testing::Test {
protected:
    ApiSessionTest()
    {
        server.users["ticket"] = {.password = "4711", .grant = {}};
        model.add_device(phone, phone_ip);
    }
    ~ApiSessionTest() override
    {
        tasks.cancel();
        clock.run_for(24h);
    }

    void connect(ApiOptions options = {})
    {
        session = std::make_shared<ApiSession>(
            model, std::move(options), tasks,
            [this](std::string octets) { decoder.feed(as_bytes(octets)); });
        model.on_active_change = [this](const ActiveSession& active, bool is_gone) {
            session->active_changed(active, is_gone);
        };
    }

    std::vector<Reply> ask(Command command, std::string tag = "1")
    {
        command.tag = std::move(tag);
        session->take(routeros::to_sentence(command));
        clock.run_for(10ms);
        return replies();
    }

    std::vector<Reply> replies()
    {
        std::vector<Reply> all;
        while (true) {
            const auto sentence = decoder.next();
            if (!sentence || !*sentence) return all;
            all.push_back(*routeros::parse_reply(**sentence));
        }
    }

    static std::vector<ReplyKind> kinds(const std::vector<Reply>& replies)
    {
        std::vector<ReplyKind> all;
        for (const auto& reply : replies)
            all.push_back(reply.kind);
        return all;
    }

    boost::asio::io_context io;
    tests::ManualClock clock{io};
    tests::SeededRandom random;
    tests::ScriptedRadius server{"secret"};
    AtOnce transport{server};
    TaskGroup tasks{io.get_executor(), 1'000};
    RouterModel model{{.radius_secret = SecretText{"secret"}}, clock, random, transport, tasks};
    routeros::SentenceDecoder decoder;
    std::shared_ptr<ApiSession> session;
};

using Kinds = std::vector<ReplyKind>;

TEST_F(ApiSessionTest, WantsALogin)
{
    connect();
    const auto refused = ask(Command{"/system/identity/print"});
    EXPECT_EQ(kinds(refused), (Kinds{ReplyKind::fatal}));
    EXPECT_TRUE(session->is_over());

    connect();
    const auto wrong = ask(routeros::login_command("iwas", SecretText{"x"}));
    EXPECT_EQ(kinds(wrong), (Kinds{ReplyKind::trap, ReplyKind::done}));
    EXPECT_EQ(routeros::classify_trap(wrong.front()), routeros::TrapKind::bad_login);
    const auto right = ask(routeros::login_command("iwas", SecretText{"router-secret"}));
    EXPECT_EQ(kinds(right), (Kinds{ReplyKind::done}));
    const auto identity = ask(Command{"/system/identity/print"});
    ASSERT_EQ(kinds(identity), (Kinds{ReplyKind::re, ReplyKind::done}));
    EXPECT_EQ(identity.front().find("name"), "icafe-sim");
}

TEST_F(ApiSessionTest, KnowsTheOldLogin)
{
    connect({.old_login = true});
    const auto first = ask(routeros::login_command("iwas", SecretText{"router-secret"}));
    ASSERT_EQ(kinds(first), (Kinds{ReplyKind::done}));
    const std::string challenge{*first.front().find("ret")};
    const auto wrong = ask(*routeros::old_login_command("iwas", SecretText{"x"}, challenge));
    EXPECT_EQ(wrong.front().kind, ReplyKind::trap);
    ask(routeros::login_command("iwas", SecretText{"router-secret"}));
    const auto right =
        ask(*routeros::old_login_command("iwas", SecretText{"router-secret"}, challenge));
    EXPECT_EQ(kinds(right), (Kinds{ReplyKind::done}));
}

class LoggedIn : public ApiSessionTest {
protected:
    LoggedIn()
    {
        connect();
        ask(routeros::login_command("iwas", SecretText{"router-secret"}));
    }
    std::vector<Reply> log_phone_in(std::string password = "4711")
    {
        return ask(Command{"/ip/hotspot/active/login"}
                       .with("user", "ticket")
                       .with("password", password)
                       .with("ip", "10.5.50.21")
                       .with("mac-address", "02:00:00:00:00:15"));
    }
};

TEST_F(LoggedIn, LogsADeviceInAndListsIt)
{
    EXPECT_EQ(
        kinds(ask(Command{"/ip/hotspot/active/print"})),
        (Kinds{ReplyKind::empty, ReplyKind::done}));
    EXPECT_EQ(kinds(log_phone_in()), (Kinds{ReplyKind::done}));
    const auto rows = ask(Command{"/ip/hotspot/active/print"}
                              .with_properties("user,.id,absent")
                              .where("mac-address", "02:00:00:00:00:15"));
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(
        rows.front().attributes, (routeros::Attributes{{"user", "ticket"}, {".id", "*A000001"}}));
    const auto count = ask(Command{"/ip/hotspot/host/print"}.with("count-only", ""));
    EXPECT_EQ(count.front().find("ret"), "1");
    EXPECT_EQ(
        kinds(ask(Command{"/ip/hotspot/active/print"}.where("user", "nobody"))),
        (Kinds{ReplyKind::empty, ReplyKind::done}));
}

TEST_F(LoggedIn, ReportsErrorsAsTraps)
{
    const auto wrong = log_phone_in("0");
    ASSERT_EQ(kinds(wrong), (Kinds{ReplyKind::trap, ReplyKind::done}));
    EXPECT_EQ(wrong.front().find("message"), "no such ticket");
    const auto unknown = ask(Command{"/nonsense/print"});
    EXPECT_EQ(routeros::classify_trap(unknown.front()), routeros::TrapKind::no_such_command);
    const auto gone = ask(Command{"/ip/hotspot/active/remove"}.with(".id", "*A0FFFF"));
    EXPECT_EQ(routeros::classify_trap(gone.front()), routeros::TrapKind::no_such_item);
    const auto host =
        ask(Command{"/ip/hotspot/active/login"}.with("user", "ticket").with("ip", "10.5.50.99"));
    EXPECT_EQ(host.front().find("message"), "failure: no such host");
    EXPECT_EQ(kinds(ask(Command{"/quit"})), (Kinds{ReplyKind::fatal}));
}

TEST_F(LoggedIn, RemovesASession)
{
    log_phone_in();
    EXPECT_TRUE(model.is_online(phone));
    const auto removed = ask(Command{"/ip/hotspot/active/remove"}.with(".id", "*A000001"));
    EXPECT_EQ(kinds(removed), (Kinds{ReplyKind::done}));
    EXPECT_FALSE(model.is_online(phone));
    EXPECT_EQ(server.accounting.back().terminate_cause, 6U);
}

TEST_F(LoggedIn, TellsListenersUntilTheyAreCancelled)
{
    EXPECT_TRUE(ask(Command{"/ip/hotspot/active/listen"}, "7").empty());
    const auto appeared = log_phone_in();
    ASSERT_EQ(appeared.size(), 2U);
    EXPECT_EQ(appeared[0].tag, "7");
    EXPECT_EQ(appeared[0].find("user"), "ticket");
    model.log_out(phone, TerminateCause::user_request);
    const auto gone = replies();
    ASSERT_EQ(gone.size(), 1U);
    EXPECT_EQ(gone[0].find(".dead"), "yes");
    EXPECT_EQ(gone[0].find(".id"), "*A000001");

    const auto cancelled = ask(Command{"/cancel"}.with("tag", "7"), "99");
    ASSERT_EQ(kinds(cancelled), (Kinds{ReplyKind::trap, ReplyKind::done, ReplyKind::done}));
    EXPECT_EQ(cancelled[0].tag, "7");
    EXPECT_EQ(cancelled[1].tag, "99");
    EXPECT_EQ(cancelled[2].tag, "7");
    EXPECT_EQ(kinds(log_phone_in()), (Kinds{ReplyKind::done}));
}

TEST_F(ApiSessionTest, KeepsAWalledGarden)
{
    connect();
    ask(routeros::login_command("iwas", SecretText{"router-secret"}));
    const auto added = ask(Command{"/ip/hotspot/walled-garden/ip/add"}
                               .with("dst-host", "pay.example.vn")
                               .with("dst-port", "443")
                               .with("disabled", "no"));
    ASSERT_EQ(kinds(added), (Kinds{ReplyKind::done}));
    const std::string id{*added.front().find("ret")};
    const auto print = [&] { return ask(Command{"/ip/hotspot/walled-garden/ip/print"}); };
    const auto rows = print();
    ASSERT_EQ(kinds(rows), (Kinds{ReplyKind::re, ReplyKind::done}));
    EXPECT_EQ(rows.front().find("action"), "accept");
    EXPECT_EQ(rows.front().find("dynamic"), "false");
    EXPECT_EQ(rows.front().find("disabled"), "false");
    // The other menu is another list.
    EXPECT_EQ(
        kinds(ask(Command{"/ip/hotspot/walled-garden/print"})),
        (Kinds{ReplyKind::empty, ReplyKind::done}));

    // A name that resolves brings a row with its address, which cannot be removed.
    model.garden().outside["pay.example.vn"] = {*Ipv4Address::parse("203.0.113.4")};
    const auto with_address = print();
    ASSERT_EQ(kinds(with_address), (Kinds{ReplyKind::re, ReplyKind::re, ReplyKind::done}));
    EXPECT_EQ(with_address[1].find("dst-address"), "203.0.113.4");
    EXPECT_EQ(with_address[1].find("dynamic"), "true");
    const auto remove = [&](std::string_view which) {
        return kinds(ask(Command{"/ip/hotspot/walled-garden/ip/remove"}.with(".id", which)));
    };
    EXPECT_EQ(remove(*with_address[1].find(".id")), (Kinds{ReplyKind::trap, ReplyKind::done}));
    EXPECT_EQ(remove(id), (Kinds{ReplyKind::done}));
    EXPECT_EQ(kinds(print()), (Kinds{ReplyKind::empty, ReplyKind::done}));

    for (const auto& [name, value] :
         routeros::Attributes{{"action", "allow"}, {"path", "/x"}, {"nonsense", "1"}}) {
        EXPECT_EQ(
            kinds(ask(Command{"/ip/hotspot/walled-garden/ip/add"}.with(name, value))),
            (Kinds{ReplyKind::trap, ReplyKind::done}))
            << name;
    }
}

TEST_F(ApiSessionTest, ResolvesAndFetches)
{
    connect();
    ask(routeros::login_command("iwas", SecretText{"router-secret"}));
    model.garden().outside["a.vn"] = {*Ipv4Address::parse("203.0.113.4")};
    model.garden().outside["b.vn"] = {*Ipv4Address::parse("203.0.113.5"), false};
    model.garden().outside["c.vn"] = {*Ipv4Address::parse("203.0.113.6"), true, 404};
    EXPECT_EQ(
        ask(Command{"/resolve"}.with("domain-name", "a.vn")).front().find("ret"), "203.0.113.4");
    EXPECT_EQ(
        ask(Command{"/resolve"}.with("domain-name", "d.vn")).front().find("message"),
        "failure: dns name does not exist");
    const auto fetch = [&](std::string_view url) {
        const auto answer = ask(Command{"/tool/fetch"}.with("url", url));
        for (const Reply& reply : answer)
            if (reply.kind == ReplyKind::trap) return std::string{*reply.find("message")};
        return std::string{answer.at(answer.size() - 2).find("status").value_or("")};
    };
    EXPECT_EQ(fetch("https://a.vn/"), "finished");
    EXPECT_EQ(fetch("http://203.0.113.4:8080/"), "finished");
    EXPECT_EQ(fetch("https://b.vn/"), "failure: connection timeout");
    EXPECT_EQ(
        fetch("https://c.vn:444/x"),
        "failure: closing connection: <404 Not Found> 203.0.113.6:444 (4)");
    EXPECT_EQ(fetch("https://d.vn/"), "failure: resolving error");
    EXPECT_EQ(fetch("https://203.0.113.9/"), "failure: connection timeout");
    EXPECT_EQ(fetch("ftp://a.vn/"), "failure: invalid URL protocol");
}

} // namespace
} // namespace iwas::sim
