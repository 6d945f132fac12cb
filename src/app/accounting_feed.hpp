// AccountingFeed: hands each accounting record, once it is durable, to the sessions.
#pragma once

#include "ports/store/accounting_journal.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

namespace iwas::app {

/// Stands between the RADIUS threads and the journal. The router's answer waits for the journal
/// only; the sessions hear of the record afterwards, on the I/O thread.
class AccountingFeed final : public ports::AccountingJournal {
public:
    using Consume = std::function<void(domain::AccountingRecord)>;

    /// `consume` runs on the executor, never after it has stopped. `journal` outlives the feed;
    /// what it reports later than that is still counted.
    AccountingFeed(
        ports::AccountingJournal& journal, boost::asio::any_io_executor executor, Consume consume);

    void submit(
        domain::AccountingRecord record,
        std::function<void(ports::Journaled)> done) noexcept override;

    [[nodiscard]] std::uint64_t durable() const { return state_->durable; }
    [[nodiscard]] std::uint64_t rejected() const { return state_->rejected; }

private:
    struct State {
        boost::asio::any_io_executor executor;
        Consume consume;
        std::atomic<std::uint64_t> durable{0};
        std::atomic<std::uint64_t> rejected{0};
    };

    ports::AccountingJournal& journal_;
    std::shared_ptr<State> state_;
};

} // namespace iwas::app
