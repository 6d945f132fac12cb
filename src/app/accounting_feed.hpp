// AccountingFeed: hands each accounting record, once it is durable, to the sessions.
#pragma once

#include "ports/store/accounting_journal.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <cstdint>
#include <functional>

namespace iwas::app {

/// Stands between the RADIUS threads and the journal. The router's answer waits for the journal
/// only; the sessions hear of the record afterwards, on the I/O thread.
class AccountingFeed final : public ports::AccountingJournal {
public:
    using Consume = std::function<void(domain::AccountingRecord)>;

    /// `consume` runs on the executor. All of it outlives the RADIUS server.
    AccountingFeed(
        ports::AccountingJournal& journal, boost::asio::any_io_executor executor, Consume consume)
        : journal_{journal}, executor_{std::move(executor)}, consume_{std::move(consume)}
    {
    }

    void submit(
        domain::AccountingRecord record,
        std::function<void(ports::Journaled)> done) noexcept override;

    [[nodiscard]] std::uint64_t durable() const { return durable_; }
    [[nodiscard]] std::uint64_t rejected() const { return rejected_; }

private:
    ports::AccountingJournal& journal_;
    boost::asio::any_io_executor executor_;
    Consume consume_;
    std::atomic<std::uint64_t> durable_{0};
    std::atomic<std::uint64_t> rejected_{0};
};

} // namespace iwas::app
