// Cases for accounts, visits, requests, jobs and traces.
#include "tests/store/suites.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <set>

namespace iwas::testing_support {

using namespace domain;
using ports::RequestError;
using ports::StoredAnswer;

namespace {

Account account_of(std::uint64_t number, std::string member)
{
    Account account;
    account.id = id_of<AccountId>(number);
    account.location = LocationId::trusted("q7");
    account.member_id = std::move(member);
    account.user_name = "minh";
    account.display_name = "Minh Trần";
    account.last_sign_in = noon;
    return account;
}

ports::Job job_of(std::uint64_t number, UtcTime due_at)
{
    ports::Job job;
    job.id = id_of<JobId>(number);
    job.kind = ports::JobKind::close_access;
    job.subject = id_of<SessionId>(number).value();
    job.target = "q7-mt";
    job.detail = "BC:24:11:00:00:01";
    job.due_at = due_at;
    return job;
}

} // namespace

TEST_P(PeopleContract, AMemberHasOneAccount)
{
    const Account first = wait(store().keep_account(account_of(1, "m-1"))).value();
    EXPECT_EQ(first.id, id_of<AccountId>(1));
    auto renamed = account_of(2, "m-1");
    renamed.user_name = "minh2";
    renamed.last_sign_in = noon + 1h;
    renamed.at_pc_since = noon + 30min;
    const Account again = wait(store().keep_account(renamed)).value();
    EXPECT_EQ(again.id, first.id);
    EXPECT_EQ(again.user_name, "minh2");
    EXPECT_EQ(again.last_sign_in, noon + 1h);
    EXPECT_EQ(again.at_pc_since, noon + 30min);
    // What is older or not known takes nothing away.
    const Account older = wait(store().keep_account(account_of(1, "m-1"))).value();
    EXPECT_EQ(older.last_sign_in, noon + 1h);
    EXPECT_EQ(older.at_pc_since, noon + 30min);

    EXPECT_EQ(wait(store().load_account(first.id)).value()->display_name, "Minh Trần");
    EXPECT_FALSE(wait(store().load_account(id_of<AccountId>(2))).value());
    EXPECT_TRUE(
        wait(store().account_of_member(LocationId::trusted("q7"), "m-1")).value().has_value());
    EXPECT_FALSE(
        wait(store().account_of_member(LocationId::trusted("q1"), "m-1")).value().has_value());
}

TEST_P(PeopleContract, KeepsAVisitWithOctetsOfTheRoutersChoice)
{
    Visit visit;
    visit.id = id_of<VisitId>(1);
    visit.location = LocationId::trusted("q7");
    visit.router = RouterId::trusted("q7-mt");
    visit.mac = mac_of(1);
    visit.ip = Ipv4Address::parse("10.5.50.21");
    visit.login_url = "http://hotspot.q7.example/login";
    visit.chap_id = std::string{"\0", 1};
    visit.chap_challenge = std::string{"\xff\x00'\x80", 4};
    visit.return_url = "http://example.com/?q=\xc3";
    visit.created_at = noon;
    ASSERT_TRUE(wait(store().keep_visit(visit)));
    auto stored = *wait(store().load_visit(visit.id)).value();
    EXPECT_EQ(stored.mac, visit.mac);
    EXPECT_EQ(stored.ip, visit.ip);
    EXPECT_EQ(stored.login_url, visit.login_url);
    EXPECT_EQ(stored.chap_id, visit.chap_id);
    EXPECT_EQ(stored.chap_challenge, visit.chap_challenge);
    EXPECT_EQ(stored.return_url, "http://example.com/?q=\\xc3");
    EXPECT_FALSE(stored.account);

    const auto location = visit.location;
    EXPECT_FALSE(wait(store().last_account_of_device(location, visit.mac)).value());
    const Account account = wait(store().keep_account(account_of(1, "m-1"))).value();
    visit.account = account.id;
    visit.signed_in_until = noon + 1h;
    ASSERT_TRUE(wait(store().keep_visit(visit)));
    stored = *wait(store().load_visit(visit.id)).value();
    EXPECT_EQ(stored.account, account.id);
    EXPECT_EQ(stored.signed_in_until, noon + 1h);
    EXPECT_EQ(wait(store().last_account_of_device(location, visit.mac)).value()->id, account.id);
}

TEST_P(PeopleContract, ThePcEventIsKeptOnceWithItsJob)
{
    const LocationId location = LocationId::trusted("q7");
    EXPECT_TRUE(wait(store().keep_pc_event(location, "e-1", job_of(1, noon))).value());
    EXPECT_FALSE(wait(store().keep_pc_event(location, "e-1", job_of(2, noon))).value());
    EXPECT_EQ(look()->number("select count(*) from job"), 1);
    // It outlives other things by its seven days.
    EXPECT_EQ(wait(store().forget_old(noon + 24h, 100)).value(), 0);
    EXPECT_FALSE(wait(store().keep_pc_event(location, "e-1", job_of(3, noon))).value());
    EXPECT_EQ(wait(store().forget_old(noon + 24h * 8, 100)).value(), 1);
    EXPECT_TRUE(wait(store().keep_pc_event(location, "e-1", job_of(4, noon))).value());
}

TEST_P(PeopleContract, ARepeatedRequestGetsTheFirstAnswer)
{
    const auto hash = sha256({as_bytes("body")});
    const auto begin = [&](std::string key, const Sha256Digest& digest, UtcTime now) {
        return wait(store().begin_request("visit-1", std::move(key), digest, now));
    };
    EXPECT_TRUE(std::holds_alternative<std::monostate>(begin("k", hash, noon).value()));
    EXPECT_EQ(begin("k", hash, noon + 1s).error(), RequestError::in_progress);
    EXPECT_EQ(begin("k", sha256({as_bytes("other")}), noon).error(), RequestError::key_reused);
    ASSERT_TRUE(wait(store().finish_request("visit-1", "k", {201, R"({"ok":true})"})));
    const auto answer = std::get<StoredAnswer>(begin("k", hash, noon + 2s).value());
    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer.body, R"({"ok":true})");
    EXPECT_TRUE(wait(store().begin_request("visit-2", "k", hash, noon)));

    // The node that worked on it is gone: after a minute somebody may do it.
    EXPECT_TRUE(begin("lost", hash, noon));
    EXPECT_EQ(begin("lost", hash, noon + 60s).error(), RequestError::in_progress);
    EXPECT_TRUE(begin("lost", hash, noon + 61s));
    EXPECT_EQ(begin("lost", hash, noon + 62s).error(), RequestError::in_progress);

    EXPECT_EQ(wait(store().forget_old(noon + 1h, 2)).value(), 2);
    EXPECT_EQ(wait(store().forget_old(noon + 1h, 100)).value(), 1);
}

TEST_P(PeopleContract, AnAnswerIsSealed)
{
    const auto hash = sha256({as_bytes("body")});
    const StoredAnswer answer{200, R"({"login_form":{"password":"network-password-in-clear"}})"};
    for (const char* key : {"a", "b"}) {
        ASSERT_TRUE(wait(store().begin_request("visit-1", key, hash, noon)));
        ASSERT_TRUE(wait(store().finish_request("visit-1", key, answer)));
    }
    std::vector<std::string> stored;
    look()->each("select body_sealed from request_answer", "t", {}, [&](adapters::Row& row) {
        stored.push_back(row.text());
    });
    ASSERT_EQ(stored.size(), 2U);
    EXPECT_NE(stored[0], stored[1]);
    for (const std::string& text : stored) {
        EXPECT_TRUE(text.starts_with("k1:")) << text;
        EXPECT_EQ(text.find("clear"), std::string::npos);
    }
    // An answer belongs to its request: moved to another one, it does not open.
    look()->run(
        "update request_answer set body_sealed = :sealed where request_key = 'b'",
        {look()->exists(
             "select 1 from request_answer where request_key = 'a' and body_sealed = :sealed",
             {stored[0]})
             ? stored[0]
             : stored[1]});
    EXPECT_EQ(
        wait(store().begin_request("visit-1", "b", hash, noon)).error(), RequestError::unavailable);
    const auto again = wait(store().begin_request("visit-1", "a", hash, noon)).value();
    EXPECT_EQ(std::get<StoredAnswer>(again).body, answer.body);
}

TEST_P(PeopleContract, OneOfManySimultaneousRequestsBegins)
{
    int begun = 0;
    int waiting = 0;
    const auto hash = sha256({as_bytes("body")});
    for (int i = 0; i < 200; ++i)
        boost::asio::co_spawn(
            io_, store().begin_request("visit", "k", hash, noon),
            [&](std::exception_ptr, const auto& state) {
                if (state) ++begun;
                if (!state && state.error() == RequestError::in_progress) ++waiting;
            });
    run_all();
    EXPECT_EQ(begun, 1);
    EXPECT_EQ(waiting, 199);
}

TEST_P(JobsContract, TwoNodesNeverHoldTheSameJob)
{
    ports::Step step;
    for (std::uint64_t number = 1; number <= 40; ++number)
        step.jobs.push_back(job_of(number, noon + Seconds{static_cast<std::int64_t>(number)}));
    ASSERT_TRUE(wait(store().commit(step)));
    const auto other = backend_->is_inline() ? nullptr : open();
    ports::Store& second = other ? *other : store();

    std::set<JobId> leased;
    std::size_t answers = 0;
    for (int i = 0; i < 6; ++i)
        boost::asio::co_spawn(
            io_, (i % 2 == 0 ? store() : second).lease_jobs(noon + 1s, noon + 30s, noon + 60s, 8),
            [&](std::exception_ptr, const auto& jobs) {
                ASSERT_TRUE(jobs);
                for (const ports::Job& job : *jobs) {
                    ++answers;
                    EXPECT_TRUE(leased.insert(job.id).second);
                }
            });
    run_all();
    EXPECT_EQ(answers, 30U); // those due by then, each once

    // A lease that ran out is free for anybody.
    const auto late = wait(second.lease_jobs(noon + 60s, noon + 5s, noon + 90s, 100)).value();
    ASSERT_EQ(late.size(), 5U);
    EXPECT_EQ(late.front().id, id_of<JobId>(1));
    EXPECT_EQ(late.front().lease_until, noon + 90s);
}

TEST_P(JobsContract, KeepsEveryFieldAndCountsAttempts)
{
    ports::Step step;
    step.jobs.push_back(job_of(1, noon));
    ASSERT_TRUE(wait(store().commit(step)));
    auto jobs = wait(store().lease_jobs(noon, noon, noon + 30s, 10)).value();
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs.front().kind, ports::JobKind::close_access);
    EXPECT_EQ(jobs.front().subject, id_of<SessionId>(1).value());
    EXPECT_EQ(jobs.front().target, "q7-mt");
    EXPECT_EQ(jobs.front().detail, "BC:24:11:00:00:01");
    EXPECT_EQ(jobs.front().due_at, noon);
    EXPECT_EQ(jobs.front().attempt, 0);

    ASSERT_TRUE(wait(store().postpone_job(jobs.front().id, noon + 10s)));
    EXPECT_TRUE(wait(store().lease_jobs(noon, noon + 9s, noon + 30s, 10)).value().empty());
    jobs = wait(store().lease_jobs(noon, noon + 10s, noon + 30s, 10)).value();
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs.front().attempt, 1);

    // A job with the same id is replaced, also its lease.
    step.jobs.front().detail = "other";
    ASSERT_TRUE(wait(store().commit(step)));
    jobs = wait(store().lease_jobs(noon, noon + 10s, noon + 30s, 10)).value();
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs.front().detail, "other");

    // Whoever still works on the turn before does not touch what took its place.
    ports::Job older = jobs.front();
    older.due_at -= 1s;
    ASSERT_TRUE(wait(store().finish_turn(older)));
    ASSERT_TRUE(wait(store().postpone_turn(older, noon + 99s)));
    ASSERT_TRUE(wait(store().postpone_turn(jobs.front(), noon + 11s)));
    jobs = wait(store().lease_jobs(noon, noon + 11s, noon + 30s, 10)).value();
    ASSERT_EQ(jobs.size(), 1U);
    ASSERT_TRUE(wait(store().finish_turn(jobs.front())));
    EXPECT_TRUE(wait(store().lease_jobs(noon, noon + 99s, noon + 30s, 10)).value().empty());

    ASSERT_TRUE(wait(store().commit(step)));
    ASSERT_TRUE(wait(store().finish_job(jobs.front().id)));
    EXPECT_TRUE(wait(store().finish_job(jobs.front().id)));
    EXPECT_EQ(
        wait(store().postpone_job(jobs.front().id, noon)).error(), ports::StoreError::conflict);
}

TEST_P(JobsContract, AStepHoldsAJobThatWaited)
{
    const auto opened = wait(store().open_purchase(intent_of(transaction_of(1), "k")));
    ASSERT_TRUE(opened);
    EXPECT_EQ(wait(store().release_own_leases()).value(), 1);
    auto job = wait(store().lease_jobs(noon, noon + 1h, noon, 10)).value().at(0);
    ASSERT_TRUE(wait(store().postpone_job(job.id, noon + 10min)));

    ports::Step step;
    step.held = {.id = job.id, .lease_until = noon + 2min};
    step.now = noon;
    ASSERT_TRUE(wait(store().commit(step)));
    EXPECT_TRUE(wait(store().lease_jobs(noon + 1min, noon + 1h, noon + 2h, 10)).value().empty());
    EXPECT_EQ(wait(store().release_own_leases()).value(), 1) << "of this node";
    const auto again = wait(store().lease_jobs(noon, noon + 1s, noon + 2h, 10)).value();
    ASSERT_EQ(again.size(), 1U) << "due at once";
    EXPECT_EQ(again.at(0).detail, job.detail);
    EXPECT_GT(again.at(0).attempt, job.attempt);

    step.held = {.id = id_of<JobId>(9), .lease_until = noon + 2min};
    EXPECT_TRUE(wait(store().commit(step))) << "one that is not there";
}

TEST_P(JobsContract, ARestartedNodeGetsItsLeasesBack)
{
    ASSERT_TRUE(wait(store().open_purchase(intent_of(transaction_of(1), "k"))));
    EXPECT_TRUE(wait(store().lease_jobs(noon, noon + 1h, noon + 2h, 10)).value().empty());
    EXPECT_EQ(wait(store().release_own_leases()).value(), 1);
    EXPECT_EQ(wait(store().release_own_leases()).value(), 0);
    EXPECT_EQ(wait(store().lease_jobs(noon, noon + 1h, noon + 2h, 10)).value().size(), 1U);
}

TEST_P(PeopleContract, TracesKeepTheirOrder)
{
    std::vector<ports::TraceStep> steps(3);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        steps[i].trace = id_of<TransactionId>(1).value();
        steps[i].at = noon + Milliseconds{i / 2};
        steps[i].kind = ports::TraceKind::response;
        steps[i].from = "PC system";
        steps[i].to = "IWAS";
        steps[i].text = "step " + std::to_string(i);
    }
    steps[2].took = std::chrono::microseconds{1500};
    steps[2].target = Milliseconds{300};
    ASSERT_TRUE(wait(store().append_trace(steps)));
    const auto stored = wait(store().load_trace(steps[0].trace)).value();
    ASSERT_EQ(stored.size(), 3U);
    EXPECT_EQ(stored[1].text, "step 1");
    EXPECT_EQ(stored[2].text, "step 2");
    EXPECT_EQ(stored[2].from, "PC system");
    EXPECT_EQ(stored[2].kind, ports::TraceKind::response);
    EXPECT_EQ(stored[2].took, std::chrono::microseconds{1500});
    EXPECT_EQ(stored[2].target, Milliseconds{300});
    EXPECT_FALSE(stored[1].took);
    EXPECT_TRUE(wait(store().load_trace(id_of<TransactionId>(2).value())).value().empty());

    ASSERT_TRUE(wait(store().append_audit({noon, "staff:lan", "router.approved", "q7", "d"})));
    const auto audit = wait(store().recent_audit(5)).value();
    ASSERT_EQ(audit.size(), 1U);
    EXPECT_EQ(audit.front().action, "router.approved");
    EXPECT_EQ(audit.front().actor, "staff:lan");
}

} // namespace iwas::testing_support
