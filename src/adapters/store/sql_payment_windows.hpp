// Payment windows in SQL.
#pragma once

#include "adapters/store/connection.hpp"
#include "ports/store/payment_windows.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::adapters {

Result<ports::OpenedPaymentWindow, ports::OpenPaymentWindowError> open_payment_window(
    Connection& db, const std::string& node, const domain::PaymentWindow& window, int times_max,
    UtcTime day_start, const ports::Job& end);
ports::PaymentWindowUse payment_window_use(
    Connection& db, const domain::OrganizationId& organization, const domain::LocationId& location,
    const MacAddress& mac, UtcTime day_start);
std::optional<domain::PaymentWindow> load_payment_window(Connection& db, domain::SessionId id);
std::optional<domain::PaymentWindow> open_payment_window_of(
    Connection& db, const domain::LocationId& location, const MacAddress& mac);
void end_payment_window(
    Connection& db, const std::string& node, domain::SessionId id, UtcTime now, bool counts,
    const ports::Job& closing);
std::vector<domain::PaymentWindow> open_payment_windows_after(
    Connection& db, domain::SessionId after, int limit);
/// Those that no day counts any more.
std::int64_t forget_payment_windows(Connection& db, UtcTime opened_before, std::int64_t limit);

} // namespace iwas::adapters
