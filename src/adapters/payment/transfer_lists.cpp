#include "adapters/payment/transfer_lists.hpp"

#include "adapters/payment/plans.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace iwas::adapters {

using ports::awaitable;
using ports::GatewayAnswer;

namespace {

constexpr std::size_t entries_max = 1'000;
/// How often those who wait look whether the list has come.
constexpr Milliseconds look_every{50};

} // namespace

GatewayAnswer<ports::PaymentStatus> find_in(const TransferList& list, std::string_view order_id)
{
    ports::PaymentStatus status;
    for (const ports::ListedPayment& payment : list.payments)
        if (!order_id.empty() && payment.order_id == order_id)
            status.received.push_back(payment.money);
    if (status.received.empty() && list.failure) return std::unexpected(*list.failure);
    if (!status.received.empty()) status.state = ports::PaymentState::paid;
    return status;
}

/// Marks an entry as being asked for, whatever ends that.
struct TransferLists::Asking {
    explicit Asking(Entry& entry) : entry{entry} { entry.is_asking = true; }
    ~Asking() { entry.is_asking = false; }
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;

    Entry& entry;
};

/// Back to one of a few ages, so that questions of orders that differ by minutes are one question.
UtcTime TransferLists::rounded(UtcTime from) const
{
    constexpr std::array<Seconds, 4> ages{usual_window, 6h, 26h, 50h};
    const UtcTime now = clock_.utc_now();
    const auto* const age =
        std::ranges::find_if(ages, [&](Seconds each) { return now - each <= from; });
    return age == ages.end() ? from : now - *age;
}

awaitable<TransferLists::List> TransferLists::since(
    domain::PaymentAccountId account, UtcTime from, SteadyTime deadline, Ask ask)
{
    const UtcTime wanted = rounded(from);
    const Key key{std::move(account), clock_.utc_now() - wanted > usual_window};
    if (entries_.size() >= entries_max && !entries_.contains(key))
        std::erase_if(entries_, [](const auto& each) { return !each.second.is_asking; });
    const List before = entries_[key].list;
    while (entries_[key].is_asking) {
        const SteadyTime again_at = clock_.steady_now() + look_every;
        if (again_at >= deadline)
            co_return std::make_shared<const GatewayAnswer<TransferList>>(
                std::unexpected(gateway_failure(ports::GatewayError::unavailable, "too_late")));
        co_await clock_.sleep_until(again_at);
        // Whoever has waited takes the list that comes, however long it took: else those who wait
        // for a slow bank would ask it one after another.
        const Entry& arrived = entries_[key];
        if (arrived.list != before && arrived.from <= from) co_return arrived.list;
    }
    Entry& entry = entries_[key]; // stays where it is while it is asked for
    const SteadyTime now = clock_.steady_now();
    if (entry.list && entry.from <= from && now - entry.asked_at < fresh_for) co_return entry.list;

    const Asking asking{entry};
    auto answer = co_await ask(wanted, deadline);
    // The others are nobody's answer here, and many.
    if (answer)
        std::erase_if(answer->payments, [](const auto& each) { return each.order_id.empty(); });
    entry.list = std::make_shared<const GatewayAnswer<TransferList>>(std::move(answer));
    entry.from = wanted;
    entry.asked_at = now;
    co_return entry.list;
}

} // namespace iwas::adapters
