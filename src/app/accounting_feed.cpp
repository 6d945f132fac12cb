#include "app/accounting_feed.hpp"

#include <boost/asio/post.hpp>

namespace iwas::app {

AccountingFeed::AccountingFeed(
    ports::AccountingJournal& journal, boost::asio::any_io_executor executor, Consume consume)
    : journal_{journal}, state_{std::make_shared<State>()}
{
    state_->executor = std::move(executor);
    state_->consume = std::move(consume);
}

void AccountingFeed::submit(
    domain::AccountingRecord record, std::function<void(ports::Journaled)> done) noexcept
{
    try {
        auto kept = std::make_shared<domain::AccountingRecord>(record);
        auto after = [state = state_, kept = std::move(kept), done](ports::Journaled result) {
            done(result);
            if (result != ports::Journaled::durable) {
                ++state->rejected;
                return;
            }
            ++state->durable;
            boost::asio::post(state->executor, [state, kept] { state->consume(std::move(*kept)); });
        };
        journal_.submit(std::move(record), std::move(after));
    } catch (const std::exception&) {
        // Out of memory: the router repeats what is not answered.
        ++state_->rejected;
        done(ports::Journaled::rejected);
    }
}

} // namespace iwas::app
