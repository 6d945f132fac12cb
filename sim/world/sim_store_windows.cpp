// The payment windows of SimStore.
#include "sim/world/sim_store_ask.hpp"

namespace iwas::sim {

awaitable<Result<ports::OpenedPaymentWindow, ports::OpenPaymentWindowError>> SimStore::
    open_payment_window(
        domain::PaymentWindow window, int times_max, UtcTime day_start, ports::Job end)
{
    using ports::OpenPaymentWindowError;
    co_await border_.cross("open_payment_window", usual);
    if (refuses()) co_return std::unexpected{OpenPaymentWindowError::unavailable};
    auto opened = co_await inner_.open_payment_window(
        std::move(window), times_max, day_start, std::move(end));
    co_await border_.cross("open_payment_window", usual);
    if (is_silent()) co_return std::unexpected{OpenPaymentWindowError::unavailable};
    co_return opened;
}

SimStore::Answer<ports::PaymentWindowUse> SimStore::payment_window_use(
    domain::OrganizationId organization, domain::LocationId location, MacAddress mac,
    UtcTime day_start)
{
    return ask<ports::PaymentWindowUse>(
        "payment_window_use", [this, organization, location, mac, day_start] {
            return inner_.payment_window_use(organization, location, mac, day_start);
        });
}

SimStore::Answer<std::optional<domain::PaymentWindow>> SimStore::load_payment_window(
    domain::SessionId id)
{
    return ask<std::optional<domain::PaymentWindow>>(
        "load_payment_window", [this, id] { return inner_.load_payment_window(id); });
}

SimStore::Answer<std::optional<domain::PaymentWindow>> SimStore::open_payment_window_of(
    domain::LocationId location, MacAddress mac)
{
    return ask<std::optional<domain::PaymentWindow>>(
        "open_payment_window_of",
        [this, location, mac] { return inner_.open_payment_window_of(location, mac); });
}

SimStore::Answer<void> SimStore::end_payment_window(
    domain::SessionId id, UtcTime now, bool counts, ports::Job closing)
{
    return ask<void>("end_payment_window", [this, id, now, counts, closing] {
        return inner_.end_payment_window(id, now, counts, closing);
    });
}

SimStore::Answer<std::vector<domain::PaymentWindow>> SimStore::open_payment_windows_after(
    domain::SessionId after, int limit)
{
    return ask<std::vector<domain::PaymentWindow>>(
        "open_payment_windows_after",
        [this, after, limit] { return inner_.open_payment_windows_after(after, limit); });
}

} // namespace iwas::sim
