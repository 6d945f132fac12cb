// What the commands about money have in common: the store, the organization, days, answers as JSON.
#pragma once

#include "adapters/clock/system_clock.hpp"
#include "app/commands/command_store.hpp"
#include "asio/run_now.hpp"
#include "domain/local_day.hpp"

#include <boost/json/fwd.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace iwas::app {

/// The store beside the running server, and what its catalog says.
class MoneyStore {
public:
    explicit MoneyStore(const std::string& config_file);

    /// The answer of the store; throws std::runtime_error when there is none.
    template <class T>
    T get(ports::awaitable<Result<T, ports::StoreError>> question)
    {
        auto answer = run_now(io_, std::move(question));
        if (!answer) throw std::runtime_error{"the store does not answer"};
        if constexpr (!std::is_void_v<T>) return std::move(*answer);
    }
    template <class T>
    T run(ports::awaitable<T> task)
    {
        return run_now(io_, std::move(task));
    }

    [[nodiscard]] ports::Store& store() { return *store_; }
    [[nodiscard]] ports::Clock& clock() { return clock_; }
    [[nodiscard]] const domain::Catalog& catalog() const { return catalog_; }
    [[nodiscard]] UtcTime now() const { return clock_.utc_now(); }

    /// The organization of that name, or the only one. Throws when there is none or a choice.
    [[nodiscard]] const domain::Organization& organization(const std::string& name) const;
    /// The date, "today" or "yesterday"; empty: yesterday. Throws for anything else.
    [[nodiscard]] domain::LocalDay day(
        const std::string& text, const domain::Organization& organization) const;
    /// Whether `is_done` came true within so many seconds; looks four times a second.
    [[nodiscard]] static bool wait(int seconds, const std::function<bool()>& is_done);

private:
    boost::asio::io_context io_{1};
    adapters::SystemClock clock_{io_.get_executor()};
    std::unique_ptr<ports::Store> store_;
    domain::Catalog catalog_;
};

/// Throws when `text` is no id of 26 characters.
domain::TransactionId transaction_id_in(const std::string& text);
/// `time` in the zone of `organization` as "2026-11-26 10:15:00".
std::string local_text(
    const ports::Clock& clock, UtcTime time, const domain::Organization& organization);
void print_json(const boost::json::value& value);

} // namespace iwas::app
