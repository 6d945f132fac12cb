#include "workflows/session_steps.hpp"

#include <gtest/gtest.h>

#include <set>

namespace iwas::workflows {
namespace {

constexpr UtcTime noon{Milliseconds{1'790'000'000'000}};
const MacAddress phone = *MacAddress::parse("AA:BB:CC:DD:EE:0F");
const MacAddress tablet = *MacAddress::parse("02:00:00:00:00:15");

domain::Session session_of_two()
{
    domain::Session session;
    session.id = domain::SessionId{Ulid{7, 9}};
    session.location = domain::LocationId::trusted("q7");
    session.terms.duration = 1h;
    session.terms.rate = {2'000'000, 10'000'000, 12'000'000};
    session.terms.device_limit = 2;
    session.terms.data_cap_octets = 1'000;
    session.used_octets = 400;
    session.user_name = "w-ABCDEFGH";
    session.password = SecretText{"0123456789ABCDEF"};
    session.state = domain::SessionState::active;
    session.ends_at = noon + 10min;
    const auto router = domain::RouterId::trusted("r1");
    session.devices.push_back(
        {.mac = phone,
         .ip = Ipv4Address::parse("192.168.20.21"),
         .router = router,
         .acct_session_id = "80100001"});
    session.devices.push_back({.mac = tablet, .router = router});
    return session;
}

TEST(SessionSteps, AdmissionCarriesWhatRadiusHasToKnow)
{
    domain::Catalog catalog;
    domain::Router router;
    router.id = domain::RouterId::trusted("r1");
    router.interim_interval = 90s;
    router.guest_vlan = 20;
    catalog.routers[router.id] = router;

    const auto admission = admission_of(session_of_two(), catalog);
    EXPECT_EQ(admission.user_name, "w-ABCDEFGH");
    EXPECT_EQ(admission.password.reveal(), "0123456789ABCDEF");
    EXPECT_EQ(admission.devices, (std::vector{phone, tablet}));
    EXPECT_EQ(admission.ends_at, noon + 10min);
    EXPECT_EQ(admission.octets_left, 600U);
    EXPECT_EQ(admission.device_limit, 2);
    EXPECT_EQ(admission.interim_interval, 90s);
    EXPECT_EQ(admission.vlan, 20);
}

TEST(SessionSteps, GrantHoldsTheTimeThatIsLeftNow)
{
    const auto session = session_of_two();
    const auto grant = grant_of(session, session.devices.front(), noon);
    EXPECT_EQ(grant.mac, phone);
    EXPECT_EQ(grant.acct_session_id, "80100001");
    EXPECT_EQ(grant.time_left, 10min);
    EXPECT_EQ(grant.octets_left, 600U);
    EXPECT_EQ(grant_of(session, session.devices.front(), noon + 1h).time_left, 0s);
}

TEST(SessionSteps, EachKindOfJobHasItsOwnIdForASubject)
{
    const Ulid subject{5, 6};
    std::set<domain::JobId> ids;
    for (const auto kind :
         {ports::JobKind::resume_purchase, ports::JobKind::refund, ports::JobKind::watch_late_debit,
          ports::JobKind::expire_session, ports::JobKind::close_access,
          ports::JobKind::apply_change, ports::JobKind::pc_logout, ports::JobKind::pc_event})
        ids.insert(job_id(kind, subject));
    EXPECT_EQ(ids.size(), 8U);
    EXPECT_EQ(job_id(ports::JobKind::refund, subject), job_id(ports::JobKind::refund, subject));
}

TEST(SessionSteps, EachDeviceHasItsOwnCloseJobThatNamesIt)
{
    const auto session = session_of_two();
    const auto jobs = close_jobs(session, noon, noon + 60s);
    ASSERT_EQ(jobs.size(), 2U);
    EXPECT_NE(jobs[0].id, jobs[1].id);
    EXPECT_EQ(jobs[0].lease_until, noon + 60s);

    const auto first = device_of(jobs[0]);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->mac, phone);
    EXPECT_EQ(first->ip, Ipv4Address::parse("192.168.20.21"));
    EXPECT_EQ(first->router.text(), "r1");
    EXPECT_EQ(first->acct_session_id, "80100001");
    const auto second = device_of(jobs[1]);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->mac, tablet);
    EXPECT_FALSE(second->ip);
    EXPECT_TRUE(second->acct_session_id.empty());
}

TEST(SessionSteps, ADamagedCloseJobNamesNoDevice)
{
    ports::Job job;
    for (const char* detail : {"", "AA:BB:CC:DD:EE:0F", "AA:BB:CC:DD:EE:0F -", "nonsense - -"}) {
        job.detail = detail;
        EXPECT_FALSE(device_of(job)) << detail;
    }
}

TEST(SessionSteps, AJobKeepsTheLoginPagesOctets)
{
    const ports::LoginChallenge challenge{
        "http://wifi.cafe/login", std::string{"\0\x7F", 2}, "\xFF octets", ""};
    const auto kept = challenge_in(challenge_detail(challenge));
    EXPECT_EQ(kept.login_url, challenge.login_url);
    EXPECT_EQ(kept.chap_id, challenge.chap_id);
    EXPECT_EQ(kept.chap_challenge, challenge.chap_challenge);
    EXPECT_EQ(kept.return_url, "");
    for (const char* detail : {"", "zz zz zz zz ", "61 62 63"})
        EXPECT_EQ(challenge_in(detail).login_url, "") << detail;
}

TEST(SessionSteps, ExpiryIsDueWhenTheSessionEnds)
{
    const auto job = expire_job(session_of_two(), noon + 10min);
    EXPECT_EQ(job.due_at, noon + 10min);
    EXPECT_EQ(job.kind, ports::JobKind::expire_session);
    EXPECT_FALSE(job.lease_until);
}

} // namespace
} // namespace iwas::workflows
