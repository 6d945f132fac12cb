// The contract on SQLite, and what only SQLite has: files, one writer, a process that is killed.
#include "tests/store/suites.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

namespace iwas::testing_support {

using namespace domain;

namespace {

class SqliteBackend final : public Backend {
public:
    explicit SqliteBackend(bool runs_inline) : runs_inline_{runs_inline} {}

    [[nodiscard]] std::string url() const override
    {
        return "sqlite:" + (folder_.path() / "iwas.db").string();
    }
    [[nodiscard]] bool is_inline() const override { return runs_inline_; }

private:
    bool runs_inline_;
    tests::TemporaryFolder folder_;
};

auto sqlite_backends()
{
    return ::testing::Values(
        BackendKind{"SqliteThreads", [] { return std::make_unique<SqliteBackend>(false); }},
        BackendKind{"SqliteInline", [] { return std::make_unique<SqliteBackend>(true); }});
}

} // namespace

IWAS_RUN_STORE_CONTRACT(LedgerContract, sqlite_backends());
IWAS_RUN_STORE_CONTRACT(WalletContract, sqlite_backends());
IWAS_RUN_STORE_CONTRACT(PeopleContract, sqlite_backends());
IWAS_RUN_STORE_CONTRACT(PaymentWindowContract, sqlite_backends());
IWAS_RUN_STORE_CONTRACT(JobsContract, sqlite_backends());
IWAS_RUN_STORE_CONTRACT(CatalogContract, sqlite_backends());
IWAS_RUN_STORE_CONTRACT(AccountingContract, sqlite_backends());
IWAS_RUN_STORE_CONTRACT(ReconciliationContract, sqlite_backends());
IWAS_RUN_STORE_CONTRACT(StaffContract, sqlite_backends());

TEST(Migrations, BringAnEmptyDatabaseToTheNewestSchemaOnce)
{
    const SqliteBackend backend{false};
    const auto applied = adapters::migrate_database(backend.url());
    ASSERT_EQ(applied.size(), adapters::embedded_migrations().size());
    EXPECT_EQ(applied.front().number, 1);
    EXPECT_EQ(applied.front().name, "initial");
    EXPECT_TRUE(adapters::migrate_database(backend.url()).empty());
}

TEST(Migrations, ApplyOnlyWhatIsMissingAndAllOfItOrNothing)
{
    using adapters::Migration;
    const SqliteBackend backend{false};
    adapters::Connection db{{backend.url(), "full"}};
    const std::array first{Migration{1, "one", "create table a (x {int}) {rows};"}};
    EXPECT_EQ(adapters::migrate(db, first).size(), 1U);
    const std::array broken{
        first[0], Migration{2, "two", "create table b (x {int}) {rows};\nno such statement;"}};
    EXPECT_THROW(adapters::migrate(db, broken), adapters::DatabaseError);
    EXPECT_EQ(db.number("select count(*) from sqlite_master where name = 'b'"), 0);
    const std::array mended{first[0], Migration{2, "two", "create table b (x {int}) {rows};"}};
    const auto applied = adapters::migrate(db, mended);
    ASSERT_EQ(applied.size(), 1U);
    EXPECT_EQ(applied.front().name, "two");
    EXPECT_THROW(adapters::migrate(db, first), std::runtime_error); // a newer schema
}

TEST(Migrations, WaitForTheKeyThatAnOlderSchemaNeeds)
{
    const SqliteBackend backend{false};
    adapters::Connection db{{backend.url(), "full"}};
    adapters::migrate(db, adapters::embedded_migrations().first(1));
    EXPECT_FALSE(adapters::needs_keys(backend.url()));
    db.run("insert into router (id, location_id, kind, name, settings, radius_secret_sealed, "
           "api_password_sealed, uam_secret_sealed) "
           "values ('r1', 'q7', 'mikrotik', 'R', '{}', 'k0:AAAA', '', '')");
    EXPECT_TRUE(adapters::needs_keys(backend.url()));
    boost::asio::io_context io;
    EXPECT_THROW(
        adapters::open_store({.url = backend.url(), .keys = test_keys(), .io = io.get_executor()}),
        std::runtime_error);
    EXPECT_EQ(db.number("select max(number) from schema_migration"), 1) << "nothing was changed";
}

TEST(Migrations, GiveNamesOfAnOlderSchemaTheirFoldedForm)
{
    const SqliteBackend backend{false};
    adapters::Connection db{{backend.url(), "full"}};
    const auto all = adapters::embedded_migrations();
    const auto before = std::ranges::find(all, "staff_searches", &adapters::Migration::name);
    adapters::migrate(db, all.first(static_cast<std::size_t>(before - all.begin())));
    db.run("insert into account (id, location_id, member_id, user_name, display_name, "
           "last_sign_in, pc_session_id) values ('a', 'q7', 'm', 'ĐẶNG', '', 1, '')");
    adapters::migrate_database(backend.url());
    EXPECT_EQ(db.number("select count(*) from account where folded_name = 'đặng'"), 1);
    EXPECT_EQ(db.number("select count(*) from account where folded_name is null"), 0);
}

TEST(Migrations, KeepTheNamesUnderWhichGatewaysWereAskedForRefunds)
{
    const SqliteBackend backend{false};
    adapters::Connection db{{backend.url(), "full"}};
    const auto all = adapters::embedded_migrations();
    const auto before = std::ranges::find(all, "gateway_refund", &adapters::Migration::name);
    adapters::migrate(db, all.first(static_cast<std::size_t>(before - all.begin())));
    const auto insert = [&](std::string_view id, std::string_view method, std::string_view refund) {
        db.run(
            "insert into txn (id, version, organization_id, location_id, account_id, method, "
            "amount, state, is_unfinished, reason, charge_id, refund_id, is_refund_queued, "
            "package_id, terms, session_id, is_extension, mac, router_id, created_at, updated_at, "
            "idempotency_key, request_hash) values (:id, 1, 'o', 'l', 'a', :method, 1, 'refunded', "
            "0, 'none', 'c', :refund, 0, 'p', '{}', 's', 0, 'm', 'r', 1, 1, '', '')",
            {id, method, refund});
    };
    insert("1", "momo", "RF1");
    insert("2", "momo", "by hand: FT1");
    insert("3", "zalopay", "store credit");
    insert("4", "vnpay", "dismissed: staff:lan");
    insert("5", "vietqr", "attached to X");
    insert("6", "pc_balance", "rf-1");
    adapters::migrate_database(backend.url());
    EXPECT_EQ(
        db.number("select count(*) from txn where gateway_refund_id = refund_id and id = '1'"), 1);
    EXPECT_EQ(db.number("select count(*) from txn where gateway_refund_id = ''"), 5);
}

TEST(Store, RefusesWhatItCannotOpen)
{
    boost::asio::io_context io;
    const auto open = [&](std::string url) {
        return adapters::open_store(
            {.url = std::move(url), .keys = test_keys(), .io = io.get_executor()});
    };
    EXPECT_THROW(open("sqlite:/nonexistent/folder/iwas.db"), std::runtime_error);
    EXPECT_THROW(open("sqlite::memory:"), std::runtime_error);
    EXPECT_THROW(open("mysql://localhost/iwas"), std::runtime_error);
}

TEST(Store, OneWorkThatFailsHarmsNoOtherOfItsCommit)
{
    const SqliteBackend backend{false};
    boost::asio::io_context io;
    const auto store =
        adapters::open_store({.url = backend.url(), .keys = test_keys(), .io = io.get_executor()});
    adapters::Connection{{backend.url(), "full"}}.execute_once("drop table audit_entry");
    int kept = 0;
    int conflicts = 0;
    int failed = 0;
    for (std::uint64_t number = 1; number <= 30; ++number) {
        ports::Step step;
        step.session = session_of(transaction_of(number, 1, static_cast<unsigned>(number)));
        step.session->version = number % 3 == 0 ? 5 : 0; // no such version
        boost::asio::co_spawn(io, store->commit(step), [&](std::exception_ptr, const auto& answer) {
            if (answer) ++kept;
            if (!answer && answer.error() == ports::StoreError::conflict) ++conflicts;
        });
        boost::asio::co_spawn(
            io, store->append_audit({noon, "a", "b", "c", "d"}),
            [&](std::exception_ptr, const auto& answer) {
                if (!answer && answer.error() == ports::StoreError::unavailable) ++failed;
            });
    }
    io.run();
    EXPECT_EQ(kept, 20);
    EXPECT_EQ(conflicts, 10);
    EXPECT_EQ(failed, 30);
    adapters::Connection db{{backend.url(), "full"}};
    EXPECT_EQ(db.number("select count(*) from open_session"), 20);
}

namespace {

/// Whether the query shall not have to sort what it found.
bool is_ordered_by_index(std::string_view query)
{
    return query.find(" limit 9") != std::string_view::npos ||
           query.find(" group by day ") != std::string_view::npos;
}

} // namespace

TEST(Store, HotQueriesUseIndices)
{
    const SqliteBackend backend{false};
    adapters::migrate_database(backend.url());
    adapters::Connection db{{backend.url(), "full"}};
    for (const char* query : {
             "select 1 from txn where location_id = 'l' and mac = 'm' and is_unfinished = 1 "
             "and state <> 'refunding' limit 1",
             "select count(*) from txn where location_id = 'l' and package_id = 'p' "
             "and is_unfinished = 1",
             "select count(*) from txn where account_id = 'a' and created_at >= 1 "
             "and package_id = 'p'",
             "select id from txn where account_id = 'a' and idempotency_key = 'k' "
             "and idempotency_key <> ''",
             "select 1 from open_session_device where location_id = 'l' and mac = 'm'",
             "select * from open_network_session where session_id in "
             "(select id from open_session where id > 'a' and id <= 'b')",
             "select * from network_session_history where session_id in "
             "(select id from open_session where id > 'a' and id <= 'b')",
             "select * from open_session_device where session_id in "
             "(select session_id from open_session_device where router_id = 'r')",
             "select * from network_session_history where router_id = 'r' "
             "and acct_session_id = 's' and session_id = 'c' order by turn desc limit 1",
             "select id from job where due_at <= 5 and lease_until <= 5 order by due_at, id",
             "select * from trace_step where trace = 't' order by at, id",
             "select * from txn where txn.location_id = 'l' and txn.created_at < 5 "
             "order by txn.created_at desc, txn.id desc limit 9",
             "select * from txn where txn.location_id = 'l' and txn.state <> 'success' "
             "and txn.state = 'failed' order by txn.created_at desc, txn.id desc limit 9",
             "select * from difference where organization_id = 'o' and state = 'open' "
             "order by found_at desc, id desc limit 9",
             "select * from difference where organization_id = 'o' and side = 'gateway' "
             "and subject_id = 's' order by found_at desc, id desc limit 9",
             "select * from difference where organization_id = 'o' and day = 'd' "
             "order by found_at desc, id desc limit 9",
             "select day, count(*) from difference where organization_id = 'o' and day >= 'a' "
             "and day <= 'b' group by day order by day",
             "select * from reconciliation_run where organization_id = 'o' and day >= 'a' "
             "and day <= 'b' order by day, side, subject_id",
         }) {
        db.each("explain query plan " + std::string{query}, "iiit", {}, [&](adapters::Row& row) {
            for (int i = 0; i < 3; ++i)
                row.integer();
            const std::string step = row.text();
            EXPECT_FALSE(step.starts_with("SCAN")) << query;
            EXPECT_FALSE(step.starts_with("USE TEMP") && is_ordered_by_index(query)) << query;
        });
    }
}

TEST(Store, FinishesWhatItAcceptedWhenItIsClosed)
{
    const SqliteBackend backend{false};
    boost::asio::io_context io;
    auto store =
        adapters::open_store({.url = backend.url(), .keys = test_keys(), .io = io.get_executor()});
    int durable = 0;
    for (std::uint64_t number = 1; number <= 500; ++number)
        store->submit(
            record_of(
                AccountingStatus::start,
                session_of(transaction_of(number, number, static_cast<unsigned>(number))), 0s, 0),
            [&](ports::Journaled what) { durable += what == ports::Journaled::durable ? 1 : 0; });
    store.reset();
    EXPECT_EQ(durable, 500);
}

namespace {

/// Writes purchases and accounting and reports each acknowledgement as one number on `out`, until
/// it is killed. Odd: a record; even: a purchase.
[[noreturn]] void write_until_killed(const std::string& url, int out)
{
    boost::asio::io_context io;
    auto store = adapters::open_store({.url = url, .keys = test_keys(), .io = io.get_executor()});
    const auto acknowledge = [out](std::uint64_t number) {
        if (::write(out, &number, sizeof number) != sizeof number) std::_Exit(1);
    };
    for (std::uint64_t number = 1;; ++number) {
        const auto transaction =
            transaction_of(number, number, static_cast<unsigned>(number % 0xFFFFFF));
        store->submit(
            record_of(AccountingStatus::start, session_of(transaction), 0s, 0),
            [=](ports::Journaled what) {
                if (what == ports::Journaled::durable) acknowledge(2 * number + 1);
            });
        boost::asio::co_spawn(
            io, store->open_purchase(intent_of(transaction, "k")),
            [=](std::exception_ptr, const auto& opened) {
                if (opened && opened->is_new) acknowledge(2 * number);
            });
        if (number % 20 == 0) {
            io.restart();
            io.run();
        }
    }
}

} // namespace

TEST(Store, AKilledProcessLosesNothingThatItAcknowledged)
{
    for (int round = 0; round < 3; ++round) {
        const SqliteBackend backend{false};
        adapters::migrate_database(backend.url());
        std::array<int, 2> ends{};
        ASSERT_EQ(::pipe(ends.data()), 0);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            ::close(ends[0]);
            write_until_killed(backend.url(), ends[1]);
        }
        ::close(ends[1]);
        std::vector<std::uint64_t> acknowledged;
        std::uint64_t number = 0;
        const std::size_t enough = 400U + 157U * static_cast<std::size_t>(round);
        while (::read(ends[0], &number, sizeof number) == sizeof number) {
            acknowledged.push_back(number);
            if (acknowledged.size() == enough) ::kill(child, SIGKILL);
        }
        ::close(ends[0]);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status));
        ASSERT_GE(acknowledged.size(), enough);

        adapters::Connection db{{backend.url(), "full"}};
        for (const std::uint64_t each : acknowledged) {
            const bool is_there =
                each % 2 == 0
                    ? db.exists(
                          "select 1 from txn join job on job.subject = txn.id where txn.id = :id",
                          {id_of<TransactionId>(each / 2)})
                    : db.exists(
                          "select 1 from open_network_session where session_id = :id",
                          {id_of<SessionId>(each / 2)});
            EXPECT_TRUE(is_there) << each;
        }
        EXPECT_EQ(db.number("select count(*) from txn"), db.number("select count(*) from job"));
    }
}

} // namespace iwas::testing_support
