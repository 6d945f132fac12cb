// The store's contract suite: the same cases for every engine and way of execution.
#pragma once

#include "adapters/store/store.hpp"
#include "tests/support/sold_session.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace iwas::testing_support {

/// One empty database.
class Backend {
public:
    virtual ~Backend() = default;
    [[nodiscard]] virtual std::string url() const = 0;
    [[nodiscard]] virtual bool is_inline() const { return false; }
};

struct BackendKind {
    std::string name;
    std::function<std::unique_ptr<Backend>()> make;
};
inline void PrintTo(const BackendKind& kind, std::ostream* out)
{
    *out << kind.name;
}

adapters::KeyRing test_keys();

class StoreContract : public ::testing::TestWithParam<BackendKind> {
protected:
    void SetUp() override
    {
        backend_ = GetParam().make();
        store_ = open();
    }
    void TearDown() override
    {
        store_.reset();
        backend_.reset();
    }

    /// Another store on the same database, as another node has it.
    std::unique_ptr<ports::Store> open(adapters::KeyRing keys = test_keys())
    {
        return adapters::open_store({
            .url = backend_->url(),
            .keys = std::move(keys),
            .io = io_.get_executor(),
            .threads = 4,
            .inline_execution = backend_->is_inline(),
            .sqlite_synchronous = backend_->is_inline() ? "off" : "full",
        });
    }

    /// Runs the loop until the answer is there.
    template <class T>
    T wait(boost::asio::awaitable<T> work)
    {
        std::optional<T> answer;
        std::exception_ptr failure;
        boost::asio::co_spawn(io_, std::move(work), [&](std::exception_ptr error, T value) {
            failure = error;
            if (!error) answer = std::move(value);
        });
        run_all();
        if (failure) std::rethrow_exception(failure);
        return std::move(*answer);
    }
    void run_all()
    {
        io_.restart();
        io_.run();
    }

    /// Submits a record and waits until the journal answers.
    ports::Journaled journal(domain::AccountingRecord record);

    ports::Store& store() { return *store_; }
    /// A connection of the test's own, to look into the tables.
    std::unique_ptr<adapters::Connection> look()
    {
        return std::make_unique<adapters::Connection>(
            adapters::Connection::Settings{backend_->url(), "full"});
    }

    boost::asio::io_context io_;
    std::unique_ptr<Backend> backend_;
    std::unique_ptr<ports::Store> store_;
};

domain::Terms hour_terms();
/// A pending transaction of account `account` for device `device` at location q7.
domain::Transaction transaction_of(
    std::uint64_t number, std::uint64_t account = 1, unsigned device = 1);
ports::PurchaseIntent intent_of(domain::Transaction transaction, std::string key);
domain::AccountingRecord record_of(
    domain::AccountingStatus status, const domain::Session& session, Seconds session_time,
    std::uint64_t octets);
domain::Catalog cafe_catalog();

} // namespace iwas::testing_support
