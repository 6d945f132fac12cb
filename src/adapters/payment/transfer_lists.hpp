// TransferLists: one list of an account's payments for all who look for theirs at about the same
// time, since the feeds of banks allow a few calls a second for everything.
#pragma once

#include "adapters/payment/mapping.hpp"
#include "ports/clock.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

namespace iwas::adapters {

/// What the list says of an order. While it has nothing the order is pending: a bank knows of no
/// orders. A failure counts only then.
ports::GatewayAnswer<ports::PaymentStatus> find_in(
    const TransferList& list, std::string_view order_id);

/// Use on the I/O thread only.
class TransferLists {
public:
    /// So old may a list be that answers a question.
    static constexpr Milliseconds fresh_for{2'000};
    /// Most orders are younger: one list since then serves them all.
    static constexpr Seconds usual_window = 45min;

    using List = std::shared_ptr<const ports::GatewayAnswer<TransferList>>;
    /// Asks for what came since `from`, by `by`.
    using Ask = std::function<ports::awaitable<ports::GatewayAnswer<TransferList>>(
        UtcTime from, SteadyTime by)>;

    /// The clock outlives it.
    explicit TransferLists(ports::Clock& clock) : clock_{clock} {}

    /// The payments that name an order, since `from` or earlier. Asks only when no list that covers
    /// it is fresh or on its way; an answer without a list is shared just so. unavailable when none
    /// came by `deadline`.
    ports::awaitable<List> since(
        domain::PaymentAccountId account, UtcTime from, SteadyTime deadline, Ask ask);

private:
    struct Entry {
        List list;
        UtcTime from;
        SteadyTime asked_at;
        bool is_asking = false;
    };
    struct Asking;
    /// Far back or not: what takes long must not hold up those who wait for fresh money.
    using Key = std::pair<domain::PaymentAccountId, bool>;
    [[nodiscard]] UtcTime rounded(UtcTime from) const;

    ports::Clock& clock_;
    std::map<Key, Entry> entries_;
};

} // namespace iwas::adapters
