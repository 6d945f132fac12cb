#include "app/accounting_feed.hpp"

#include <boost/asio/post.hpp>

#include <memory>

namespace iwas::app {

void AccountingFeed::submit(
    domain::AccountingRecord record, std::function<void(ports::Journaled)> done) noexcept
{
    try {
        auto kept = std::make_shared<domain::AccountingRecord>(record);
        auto after = [this, kept = std::move(kept),
                      done](ports::Journaled result) {
            done(result);
            if (result != ports::Journaled::durable) {
                ++rejected_;
                return;
            }
            ++durable_;
            boost::asio::post(executor_, [this, kept] { consume_(std::move(*kept)); });
        };
        journal_.submit(std::move(record), std::move(after));
    } catch (const std::exception&) {
        // Out of memory: the router repeats what is not answered.
        ++rejected_;
        done(ports::Journaled::rejected);
    }
}

} // namespace iwas::app
