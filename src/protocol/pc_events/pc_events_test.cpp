#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "protocol/pc_events/event.hpp"
#include "protocol/pc_events/poll_diff.hpp"
#include "tests/vectors/vector_file.hpp"

#include <gtest/gtest.h>

namespace iwas::pc_events {
namespace {

const UtcTime now = *from_rfc3339("2026-09-21T14:13:20Z");
constexpr std::string_view now_text = "1790000000";

std::vector<SecretText> secrets(std::initializer_list<const char*> texts)
{
    std::vector<SecretText> made;
    for (const char* text : texts)
        made.emplace_back(text);
    return made;
}

std::string sign(std::string_view secret, std::string_view timestamp, std::string_view body)
{
    return "v1=" + to_hex(hmac_sha256(
                       as_bytes(secret), {as_bytes(timestamp), as_bytes("."), as_bytes(body)}));
}

TEST(PcEventSignature, FitsTheVector)
{
    const auto vectors = tests::read_vectors("pc_webhook_hmac.txt");
    ASSERT_EQ(vectors.size(), 1U);
    for (const auto& vector : vectors) {
        const auto keys = secrets({vector["secret"].c_str()});
        const std::string& body = vector["body"];
        EXPECT_TRUE(verify_signature(vector["timestamp"], vector["signature"], body, keys, now));
        const auto event = parse_event(body);
        ASSERT_TRUE(event);
        EXPECT_EQ(event->event_id, "evt_a7948b6b5a55");
        EXPECT_EQ(event->kind, EventKind::session_ended);
        EXPECT_EQ(event->branch_id, "q7");
        EXPECT_EQ(event->user_name, "alice");
        EXPECT_EQ(event->member_id, "");
        EXPECT_EQ(event->pc_name, "PC-14");
        EXPECT_EQ(event->occurred_at, now);
    }
}

TEST(PcEventSignature, AcceptsSecretsUnderRotation)
{
    const std::string body = "{}";
    const std::string old_one = sign("old", now_text, body);
    const std::string new_one = sign("new", now_text, body);
    EXPECT_TRUE(verify_signature(now_text, old_one + "," + new_one, body, secrets({"new"}), now));
    EXPECT_TRUE(verify_signature(now_text, new_one, body, secrets({"old", "new"}), now));
    EXPECT_TRUE(verify_signature(now_text, "v2=later, " + new_one, body, secrets({"new"}), now));
    EXPECT_EQ(
        verify_signature(now_text, old_one, body, secrets({"new"}), now).error(),
        SignatureError::wrong);
    EXPECT_EQ(verify_signature(now_text, new_one, body, {}, now).error(), SignatureError::wrong);
    EXPECT_EQ(
        verify_signature(now_text, sign("", now_text, body), body, secrets({""}), now).error(),
        SignatureError::wrong)
        << "an empty secret is none";
}

TEST(PcEventSignature, BindsTimeAndBody)
{
    const std::string body = "{\"a\":1}";
    const auto keys = secrets({"key"});
    const std::string good = sign("key", now_text, body);
    EXPECT_TRUE(verify_signature(now_text, good, body, keys, now + 300s));
    EXPECT_TRUE(verify_signature(now_text, good, body, keys, now - 300s));
    EXPECT_EQ(
        verify_signature(now_text, good, body, keys, now + 300s + 1ms).error(),
        SignatureError::outside_window);
    EXPECT_EQ(
        verify_signature(now_text, good, body, keys, now - 301s).error(),
        SignatureError::outside_window);
    EXPECT_EQ(verify_signature("1790000001", good, body, keys, now).error(), SignatureError::wrong);
    EXPECT_EQ(
        verify_signature(now_text, good, "{\"a\":2}", keys, now).error(), SignatureError::wrong);
}

TEST(PcEventSignature, RefusesMalformedHeaders)
{
    const auto keys = secrets({"key"});
    const std::string good = sign("key", now_text, "x");
    for (const char* timestamp : {"", "-1", "17900000000000", "1790000000 ", "abc", "1e9"})
        EXPECT_EQ(
            verify_signature(timestamp, good, "x", keys, now).error(), SignatureError::malformed)
            << timestamp;
    std::string many = good;
    for (std::size_t i = 0; i < signatures_max; ++i)
        many += "," + good;
    for (const std::string& signature :
         {std::string{}, std::string{"v1="}, std::string{"v1=zz"}, good.substr(3), good + "00",
          good + ",v1=", many})
        EXPECT_EQ(
            verify_signature(now_text, signature, "x", keys, now).error(),
            SignatureError::malformed)
            << signature;
}

std::string body_with(const std::string& members)
{
    return R"({"event_id":"e1","branch_id":"q7","occurred_at":"2026-09-21T14:13:20Z",)" + members +
           "}";
}

TEST(PcEventBody, KnowsEveryTypeAndTheLegacyNames)
{
    const auto kind = [](const std::string& type) {
        return parse_event(body_with(R"("member_id":"1","type":")" + type + "\"")).value().kind;
    };
    for (const auto wanted :
         {EventKind::session_started, EventKind::session_ended, EventKind::session_moved,
          EventKind::balance_changed, EventKind::member_updated, EventKind::heartbeat})
        EXPECT_EQ(kind(std::string{to_text(wanted)}), wanted);
    for (const char* legacy : {"PC_LOGOUT", "USER_LOGOUT", "LOGOUT"})
        EXPECT_EQ(kind(legacy), EventKind::session_ended);
    EXPECT_EQ(kind("printer.on_fire"), EventKind::other);
    EXPECT_EQ(to_text(EventKind::session_ended), "session.ended");

    const auto moved = parse_event(body_with(
        R"("type":"session.moved","username":"a","member_id":null,"from_pc":"A","to_pc":"B","x":[1])"));
    ASSERT_TRUE(moved);
    EXPECT_EQ(moved->from_pc, "A");
    EXPECT_EQ(moved->to_pc, "B");
    EXPECT_TRUE(parse_event(body_with(R"("type":"heartbeat")")));
}

TEST(PcEventBody, RefusesWhatItCannotTrust)
{
    for (const std::string& bad :
         {std::string{}, std::string{"[]"}, std::string{"null"}, std::string{"{"},
          body_with(R"("type":"session.ended")"), body_with(R"("type":"")"),
          body_with(R"("type":7,"member_id":"1")"),
          body_with(R"("type":"session.ended","member_id":1)"),
          body_with(R"("type":"session.ended","member_id":")" + std::string(129, 'x') + "\""),
          body_with("\"type\":\"session.ended\",\"member_id\":\"\xff\""),
          std::string{R"({"event_id":"e","branch_id":"b","type":"heartbeat","occurred_at":"now"})"},
          std::string{
              R"({"branch_id":"b","type":"heartbeat","occurred_at":"2026-09-21T14:13:20Z"})"},
          body_with(
              "\"type\":\"heartbeat\",\"deep\":" + std::string(50, '[') + std::string(50, ']'))})
        EXPECT_EQ(parse_event(bad).error(), BodyError::malformed) << bad;
    EXPECT_EQ(parse_event(std::string(body_octets_max + 1, ' ')).error(), BodyError::too_large);
}

class PcPollDiff : public ::testing::Test {
protected:
    static Seat seat(int number, std::string pc = {})
    {
        const std::string text = std::to_string(number);
        return {"s" + text, "m" + text, "user" + text, pc.empty() ? "PC-" + text : pc, now};
    }
    static std::vector<Seat> seats(int from, int to)
    {
        std::vector<Seat> made;
        for (int i = from; i < to; ++i)
            made.push_back(seat(i));
        return made;
    }
    /// The next poll, `later` after the one before.
    std::vector<Event> poll(const std::vector<Seat>& snapshot, Milliseconds later = 20s)
    {
        passed += later;
        return diff.observe(snapshot, "q7", now + passed, SteadyTime{} + passed);
    }

    PollDiff diff;
    Milliseconds passed{0};
};

TEST_F(PcPollDiff, EndsWhatIsMissingTwice)
{
    EXPECT_TRUE(poll(seats(0, 10)).empty()) << "the first snapshot is the base";
    const UtcTime last_seen = now + passed;
    EXPECT_TRUE(poll(seats(1, 10)).empty());
    const auto events = poll(seats(1, 10));
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].kind, EventKind::session_ended);
    EXPECT_EQ(events[0].member_id, "m0");
    EXPECT_EQ(events[0].event_id, "poll:session.ended:s0");
    EXPECT_EQ(events[0].branch_id, "q7");
    EXPECT_EQ(events[0].occurred_at, last_seen);
    EXPECT_TRUE(poll(seats(1, 10)).empty());
    EXPECT_EQ(diff.open_sessions(), 9U);
}

TEST_F(PcPollDiff, ForgivesOneMissingSnapshot)
{
    poll(seats(0, 10));
    poll(seats(1, 10));
    EXPECT_TRUE(poll(seats(0, 10)).empty());
    EXPECT_TRUE(poll(seats(1, 10)).empty()) << "counting began anew";
}

TEST_F(PcPollDiff, EndsAfterFortyFiveSecondsWithoutASecondMiss)
{
    poll(seats(0, 10));
    const auto events = poll(seats(1, 10), 45s);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].kind, EventKind::session_ended);
}

TEST_F(PcPollDiff, WaitsWhenHalfOfTheCafeVanishes)
{
    poll(seats(0, 10));
    EXPECT_TRUE(poll(seats(6, 10)).empty());
    EXPECT_TRUE(poll(seats(6, 10)).empty()) << "one more cycle";
    EXPECT_EQ(poll(seats(6, 10)).size(), 6U);

    PollDiff other;
    diff = other;
    poll(seats(0, 10));
    EXPECT_TRUE(poll({}, 60s).empty()) << "not even after a long silence";
    EXPECT_TRUE(poll(seats(0, 10)).empty()) << "it was the connector's mistake";
    EXPECT_EQ(diff.open_sessions(), 10U);
}

TEST_F(PcPollDiff, SeesMovesAndArrivals)
{
    poll(seats(0, 4));
    std::vector<Seat> next = seats(0, 5);
    next[1].pc_name = "PC-99";
    const auto events = poll(next);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].kind, EventKind::session_moved);
    EXPECT_EQ(events[0].from_pc, "PC-1");
    EXPECT_EQ(events[0].to_pc, "PC-99");
    EXPECT_EQ(events[1].kind, EventKind::session_started);
    EXPECT_EQ(events[1].event_id, "poll:session.started:s4");

    // Out and in again at another PC: a new session of the same member ends nothing.
    next[1].session_id = "s1-again";
    EXPECT_EQ(poll(next).size(), 1U);
    EXPECT_TRUE(poll(next).empty());
    EXPECT_TRUE(poll(next).empty());
    EXPECT_EQ(diff.open_sessions(), 5U);
}

TEST_F(PcPollDiff, DoesNotRepeatWhatWasPushed)
{
    poll(seats(0, 10));
    diff.forget("s0");
    EXPECT_TRUE(poll(seats(1, 10)).empty());
    EXPECT_TRUE(poll(seats(1, 10)).empty());
}

TEST_F(PcPollDiff, AnEndIsNeverBeforeItsStart)
{
    poll(seats(0, 10));
    std::vector<Seat> skewed = seats(0, 11);
    skewed[10].started_at = now + 1h; // the café's clock is ahead
    EXPECT_EQ(poll(skewed).at(0).occurred_at, now + 1h);
    poll(seats(0, 10));
    EXPECT_EQ(poll(seats(0, 10)).at(0).occurred_at, now + 1h);
}

TEST_F(PcPollDiff, KnowsSilence)
{
    EXPECT_FALSE(diff.silence(SteadyTime{} + 1h));
    EXPECT_FALSE(diff.is_degraded(SteadyTime{} + 1h, 20s)) << "nothing was ever heard";
    poll(seats(0, 2));
    const SteadyTime heard = SteadyTime{} + passed;
    EXPECT_EQ(diff.silence(heard + 7s), 7s);
    EXPECT_FALSE(diff.is_degraded(heard + 60s, 20s));
    EXPECT_TRUE(diff.is_degraded(heard + 61s, 20s));
}

TEST_F(PcPollDiff, CountsASessionOnceThoughItIsListedTwice)
{
    poll({});
    EXPECT_EQ(poll({seat(1), seat(1, "PC-2")}).size(), 1U);
    EXPECT_EQ(diff.open_sessions(), 1U);
}

} // namespace
} // namespace iwas::pc_events
