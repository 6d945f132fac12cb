// The store's contract on PostgreSQL 15, and what only a server has: lost connections, many nodes.
#include "tests/interop/postgresql/postgres_cluster.hpp"
#include "tests/store/suites.hpp"

#include <boost/asio/co_spawn.hpp>

#include <atomic>
#include <thread>

namespace iwas::testing_support {

namespace {

/// One server for all cases; started with the first, ended at exit. Null when it did not start.
PostgresCluster& cluster()
{
    static PostgresCluster running;
    return running;
}

class PostgresBackend final : public Backend {
public:
    PostgresBackend()
    {
        static std::atomic<int> number{0};
        name_ = "iwas_" + std::to_string(++number);
        adapters::Connection{{cluster().url("postgres"), "full"}}.execute_once(
            "create database " + name_);
    }
    ~PostgresBackend() override
    {
        adapters::Connection{{cluster().url("postgres"), "full"}}.execute_once(
            "drop database " + name_ + " with (force)");
    }
    [[nodiscard]] std::string url() const override { return cluster().url(name_); }

private:
    std::string name_;
};

auto postgres()
{
    return ::testing::Values(
        BackendKind{"Postgresql", [] { return std::make_unique<PostgresBackend>(); }});
}

class PostgresqlStore : public LedgerContract {};

} // namespace

IWAS_RUN_STORE_CONTRACT(LedgerContract, postgres());
IWAS_RUN_STORE_CONTRACT(WalletContract, postgres());
IWAS_RUN_STORE_CONTRACT(PeopleContract, postgres());
IWAS_RUN_STORE_CONTRACT(PaymentWindowContract, postgres());
IWAS_RUN_STORE_CONTRACT(JobsContract, postgres());
IWAS_RUN_STORE_CONTRACT(CatalogContract, postgres());
IWAS_RUN_STORE_CONTRACT(AccountingContract, postgres());
IWAS_RUN_STORE_CONTRACT(ReconciliationContract, postgres());
IWAS_RUN_STORE_CONTRACT(StaffContract, postgres());
IWAS_RUN_STORE_CONTRACT(PostgresqlStore, postgres());

TEST_P(PostgresqlStore, ComesBackAfterItLostItsConnections)
{
    const auto session = sold(1);
    journal(record_of(domain::AccountingStatus::start, session, 0s, 0));
    cluster().drop_connections();
    // Each thread notices on its next work; then it connects anew.
    bool has_read = false;
    bool has_written = false;
    bool has_journaled = false;
    for (int tries = 0; tries < 30 && !(has_read && has_written && has_journaled); ++tries) {
        has_read = has_read || wait(store().load_session(session.id)).has_value();
        has_written = has_written || wait(store().append_audit({noon, "a", "b", "c", "d"}));
        has_journaled = has_journaled ||
                        journal(record_of(domain::AccountingStatus::interim, session, 60s, 500)) ==
                            ports::Journaled::durable;
    }
    EXPECT_TRUE(has_read);
    EXPECT_TRUE(has_written);
    EXPECT_TRUE(has_journaled);
}

TEST_P(PostgresqlStore, NodesThatStartTogetherMigrateOnce)
{
    const PostgresBackend fresh;
    std::atomic<std::size_t> applied{0};
    {
        std::vector<std::jthread> nodes;
        for (int i = 0; i < 4; ++i)
            nodes.emplace_back([&] { applied += adapters::migrate_database(fresh.url()).size(); });
    }
    EXPECT_EQ(applied, adapters::embedded_migrations().size());
}

TEST_P(PostgresqlStore, TwoNodesMayAccountForOneRouter)
{
    const auto session = sold(1);
    const auto other = open();
    std::atomic<int> answered{0};
    std::atomic<int> durable{0};
    for (int i = 0; i < 200; ++i) {
        const auto record = record_of(
            domain::AccountingStatus::interim, session, Seconds{i}, static_cast<std::uint64_t>(i));
        (i % 2 == 0 ? *other : store()).submit(record, [&](ports::Journaled what) {
            if (what == ports::Journaled::durable) ++durable;
            ++answered;
            answered.notify_one();
        });
    }
    for (int seen = answered; seen < 200; seen = answered)
        answered.wait(seen);
    EXPECT_EQ(durable, 200);
    EXPECT_EQ(loaded(1).used_octets, 199U);
}

} // namespace iwas::testing_support
