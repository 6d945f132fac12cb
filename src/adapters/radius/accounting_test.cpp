#include "adapters/radius/test_support.hpp"
#include "tests/vectors/vector_file.hpp"

namespace iwas::adapters {

namespace {

using namespace testing_support;
namespace attribute = radius::attribute;
using domain::AccountingStatus;
using radius::Code;
using radius::PacketWriter;

template <class Add>
std::optional<domain::AccountingRecord> record_of(Cafe& cafe, Add add)
{
    return cafe
        .account(
            make_request(Code::accounting_request, cafe.secret, add, cafe.next_identifier++, false))
        .record;
}

void add_stop(PacketWriter& writer)
{
    writer.add_integer(attribute::acct_status_type, radius::status_type::stop);
    writer.add_text(attribute::acct_session_id, "80100014");
    writer.add_integer(attribute::acct_input_octets, 100);
    writer.add_integer(attribute::acct_output_octets, 900);
    writer.add_integer(attribute::acct_output_gigawords, 2);
}

TEST(Accounting, ReadsTheVectorsAndAnswersThemOctetForOctet)
{
    for (const auto& vector : tests::read_vectors("radius_accounting.txt")) {
        SCOPED_TRACE(vector.text("name"));
        RadiusClient client = router_client(vector.text("secret"));
        Cafe cafe{client};
        auto outcome = cafe.account(vector.bytes("packet"));
        ASSERT_TRUE(outcome.record);
        EXPECT_TRUE(outcome.reply.empty()); // not before it is durable
        const domain::AccountingRecord& record = *outcome.record;
        const auto number = [&](const std::string& name) {
            return vector.has("expect." + name) ? vector.number("expect." + name) : 0;
        };
        const auto status = number("status_type");
        EXPECT_EQ(
            record.status, status == 1   ? AccountingStatus::start
                           : status == 2 ? AccountingStatus::stop
                                         : AccountingStatus::interim);
        EXPECT_EQ(static_cast<std::uint64_t>(record.session_time.count()), number("session_time"));
        EXPECT_EQ(record.up_octets, number("input_octets_64"));
        EXPECT_EQ(record.down_octets, number("output_octets_64"));
        EXPECT_EQ(static_cast<std::uint64_t>(record.terminate_cause), number("terminate_cause"));
        EXPECT_EQ(record.event_at, UtcTime{Seconds{number("event_timestamp")}});
        EXPECT_EQ(record.acct_session_id, "80100014");
        EXPECT_EQ(record.mac, MacAddress::parse("BC:24:11:EB:56:4D"));
        EXPECT_EQ(record.user_name, "alice");
        EXPECT_EQ(to_string(*record.ip), "10.5.50.7");
        EXPECT_FALSE(record.session); // "iwas:01JQ" is not one of our ids
        EXPECT_EQ(cafe.accounting.in_flight(), 1U);
        const ByteView reply =
            cafe.accounting.completed(outcome.ticket, *outcome.client, ports::Journaled::durable);
        EXPECT_EQ(to_hex(reply), vector.text("response"));
        EXPECT_EQ(cafe.accounting.in_flight(), 0U);
    }
    for (const auto& vector : tests::read_vectors("radius_accounting_on.txt")) {
        Cafe cafe{router_client(vector.text("secret"))};
        const auto outcome = cafe.account(vector.bytes("packet"));
        ASSERT_TRUE(outcome.record);
        EXPECT_EQ(outcome.record->status, AccountingStatus::nas_on);
    }
}

TEST(Accounting, SilentUntilDurableAndNewAfterAFailure)
{
    Cafe cafe;
    const Bytes request = make_request(Code::accounting_request, cafe.secret, add_stop, 5, false);
    auto outcome = cafe.account(request);
    ASSERT_TRUE(outcome.record);
    EXPECT_FALSE(cafe.account(request).record); // repeated while the journal works
    EXPECT_EQ(cafe.count(RadiusEvent::duplicate_in_progress), 1U);
    EXPECT_TRUE(
        cafe.accounting.completed(outcome.ticket, *outcome.client, ports::Journaled::rejected)
            .empty());
    EXPECT_EQ(cafe.count(RadiusEvent::not_durable), 1U);

    outcome = cafe.account(request);
    ASSERT_TRUE(outcome.record);
    EXPECT_FALSE(
        cafe.accounting.completed(outcome.ticket, *outcome.client, ports::Journaled::durable)
            .empty());
    const auto again = cafe.account(request);
    EXPECT_FALSE(again.record);
    EXPECT_FALSE(again.reply.empty());
    // Repeated for ever from another port, as CoovaChilli does: a record again, harmless later.
    EXPECT_TRUE(cafe.account(request, {router_source.address, 3799}).record);
}

TEST(Accounting, DropsTheNewestWhenTooManyWait)
{
    Cafe cafe{router_client(), {.cache_entries = 64, .accounting_in_flight_max = 2}};
    EXPECT_TRUE(record_of(cafe, add_stop));
    EXPECT_TRUE(record_of(cafe, add_stop));
    EXPECT_FALSE(record_of(cafe, add_stop));
    EXPECT_EQ(cafe.count(RadiusEvent::overloaded), 1U);
}

TEST(Accounting, OctetsAreSeenFromTheCustomer)
{
    Cafe plain;
    const auto record = record_of(plain, add_stop);
    EXPECT_EQ(record->up_octets, 100U);
    EXPECT_EQ(record->down_octets, (2ULL << 32) + 900);

    RadiusClient client = router_client();
    client.swaps_octets = true;
    Cafe swapped{client};
    EXPECT_EQ(record_of(swapped, add_stop)->down_octets, 100U);
    // CoovaChilli says itself from where it looks, which wins over the setting.
    const auto told = record_of(swapped, [](PacketWriter& writer) {
        add_stop(writer);
        writer.add_vendor_integer(
            radius::vendor::chillispot, radius::chillispot::acct_view_point, 1);
    });
    EXPECT_EQ(told->up_octets, 100U);
    const auto client_view = record_of(plain, [](PacketWriter& writer) {
        add_stop(writer);
        writer.add_vendor_integer(
            radius::vendor::chillispot, radius::chillispot::acct_view_point, 2);
    });
    EXPECT_EQ(client_view->down_octets, 100U);
}

TEST(Accounting, TakesTheTimeOfTheEvent)
{
    Cafe cafe;
    const auto at = [&](auto add) {
        return record_of(
                   cafe,
                   [&](PacketWriter& writer) {
                       add_stop(writer);
                       add(writer);
                   })
            ->event_at;
    };
    const auto seconds = static_cast<std::uint32_t>(to_unix_ms(noon) / 1000);
    EXPECT_EQ(at([](PacketWriter&) {}), noon);
    EXPECT_EQ(
        at([](PacketWriter& w) { w.add_integer(attribute::acct_delay_time, 30); }),
        noon - Seconds{30});
    EXPECT_EQ(
        at([&](PacketWriter& w) {
            w.add_integer(attribute::event_timestamp, seconds - 100);
            w.add_integer(attribute::acct_delay_time, 30);
        }),
        noon - Seconds{100});
    // A router whose clock was never set.
    EXPECT_EQ(at([](PacketWriter& w) { w.add_integer(attribute::event_timestamp, 86'400); }), noon);
    EXPECT_EQ(
        at([](PacketWriter& w) { w.add_integer(attribute::event_timestamp, 0xFFFFFFFF); }), noon);
}

TEST(Accounting, ARestartIsTimedSoThatItClosesWhatTheRouterLost)
{
    Cafe cafe;
    const auto seconds = static_cast<std::uint32_t>(to_unix_ms(noon) / 1000);
    const auto restarted_at = [&](std::uint32_t status, std::uint32_t stamp) {
        return record_of(
                   cafe,
                   [&](PacketWriter& writer) {
                       writer.add_integer(attribute::acct_status_type, status);
                       writer.add_integer(attribute::acct_delay_time, 30);
                       writer.add_integer(attribute::event_timestamp, stamp);
                   })
            ->event_at;
    };
    for (const auto status :
         {radius::status_type::accounting_on, radius::status_type::accounting_off}) {
        // Its clock came back a day behind; the sessions that it lost began after that.
        EXPECT_EQ(restarted_at(status, seconds - 86'400), noon - Seconds{30});
        // Its clock is ahead, and so are the beginnings of its sessions.
        EXPECT_EQ(restarted_at(status, seconds + 3'600), noon + Seconds{3'600});
        EXPECT_EQ(restarted_at(status, 0), noon - Seconds{30});
    }
}

TEST(Accounting, FindsItsSessionByClassAmongOthers)
{
    Cafe cafe;
    const domain::SessionId id{Ulid{7, 9}};
    const auto record = record_of(cafe, [&](PacketWriter& writer) {
        add_stop(writer);
        writer.add_text(attribute::class_, "added by a proxy");
        writer.add_text(attribute::class_, to_string(id));
    });
    EXPECT_EQ(record->session, id);
}

TEST(Accounting, ToleratesWhatAccessServersSend)
{
    Cafe cafe;
    // Accounting-On with an all-zero station; pppd without a station; names that are not UTF-8.
    const auto on = record_of(cafe, [](PacketWriter& writer) {
        writer.add_integer(attribute::acct_status_type, radius::status_type::accounting_on);
        writer.add_text(attribute::calling_station_id, "00-00-00-00-00-00");
    });
    EXPECT_EQ(on->status, AccountingStatus::nas_on);
    EXPECT_TRUE(on->acct_session_id.empty());
    const auto ppp = record_of(cafe, [](PacketWriter& writer) {
        add_stop(writer);
        writer.add(attribute::user_name, Bytes{0xFF, 0xFE});
        writer.add_text(attribute::calling_station_id, "02-00-00-00-00-A1");
    });
    EXPECT_EQ(ppp->user_name, "fffe");
    EXPECT_EQ(to_string(*ppp->mac), "02:00:00:00:00:A1");
    // Statuses that say nothing to us, and none at all, are answered and forgotten.
    const Bytes tunnel = make_request(
        Code::accounting_request, cafe.secret,
        [](PacketWriter& writer) { writer.add_integer(attribute::acct_status_type, 9); }, 77,
        false);
    const auto outcome = cafe.account(tunnel);
    EXPECT_FALSE(outcome.record);
    EXPECT_FALSE(outcome.reply.empty());
    // A Stop without an Acct-Session-Id belongs to nothing.
    EXPECT_FALSE(record_of(cafe, [](PacketWriter& writer) {
        writer.add_integer(attribute::acct_status_type, radius::status_type::stop);
    }));
}

TEST(Accounting, RepliesBeginWithAMessageAuthenticatorWhereTheRouterWantsIt)
{
    RadiusClient wanting = router_client();
    wanting.signs_accounting_replies = true;
    Cafe cafe{wanting};
    const Bytes request = make_request(Code::accounting_request, cafe.secret, add_stop, 6, false);
    auto outcome = cafe.account(request);
    ASSERT_TRUE(outcome.record);
    cafe.check_signatures(
        request,
        cafe.accounting.completed(outcome.ticket, *outcome.client, ports::Journaled::durable));
    const Bytes tunnel = make_request(
        Code::accounting_request, cafe.secret,
        [](PacketWriter& writer) { writer.add_integer(attribute::acct_status_type, 9); }, 7, false);
    cafe.check_signatures(tunnel, cafe.account(tunnel).reply);

    Cafe other;
    const ByteView reply = other.account(tunnel).reply;
    EXPECT_EQ(reply.size(), 20U);
}

TEST(Accounting, AMessageAuthenticatorIsCheckedAndAnswered)
{
    Cafe cafe; // nothing is said of its replies: its own is answered all the same
    Bytes request = make_request(Code::accounting_request, cafe.secret, add_stop, 6, true);
    auto outcome = cafe.account(request);
    ASSERT_TRUE(outcome.record);
    const ByteView reply =
        cafe.accounting.completed(outcome.ticket, *outcome.client, ports::Journaled::durable);
    cafe.check_signatures(request, reply);

    const radius::SharedSecret other{SecretText{"another secret"}};
    EXPECT_FALSE(
        cafe.account(make_request(Code::accounting_request, other, add_stop, 7, false)).record);
    EXPECT_EQ(cafe.count(RadiusEvent::authenticator_wrong), 1U);
}

} // namespace

} // namespace iwas::adapters
