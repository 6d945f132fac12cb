// PaymentWindows: who was let onto the internet for a few minutes in order to pay, and how often.
#pragma once

#include "domain/payment_window.hpp"
#include "ports/store/jobs.hpp"

#include <optional>
#include <vector>

namespace iwas::ports {

enum class OpenPaymentWindowError {
    used_up,     // as often as is allowed since `day_start`
    unavailable, // nothing was stored, or it is not known
};

struct OpenedPaymentWindow {
    domain::PaymentWindow window;
    bool is_new = true; // false: the device has this one open
};

/// How a device stands at an organization.
struct PaymentWindowUse {
    std::optional<domain::PaymentWindow> open; // at the location that was asked for
    int used = 0;                              // since the day's start, at any location
};

class PaymentWindows {
public:
    virtual ~PaymentWindows() = default;

    /// Makes the window and the job that ends it durable, if the device has none open there and
    /// opened fewer than `times_max` at the organization since `day_start`. However many ask at
    /// the same time.
    virtual awaitable<Result<OpenedPaymentWindow, OpenPaymentWindowError>> open_payment_window(
        domain::PaymentWindow window, int times_max, UtcTime day_start, Job end) = 0;
    virtual awaitable<Result<PaymentWindowUse, StoreError>> payment_window_use(
        domain::OrganizationId organization, domain::LocationId location, MacAddress mac,
        UtcTime day_start) = 0;
    virtual awaitable<Result<std::optional<domain::PaymentWindow>, StoreError>> load_payment_window(
        domain::SessionId id) = 0;
    virtual awaitable<Result<std::optional<domain::PaymentWindow>, StoreError>>
    open_payment_window_of(domain::LocationId location, MacAddress mac) = 0;
    /// Ends it, and replaces its job by `closing`, which goes on until the router agrees. Nothing
    /// changes when it has ended before. `counts` false: this one was none of the day's.
    virtual awaitable<Result<void, StoreError>> end_payment_window(
        domain::SessionId id, UtcTime now, bool counts, Job closing) = 0;
    /// At most `limit` open ones with ids after `after`, in order; for the rebuild at start.
    virtual awaitable<Result<std::vector<domain::PaymentWindow>, StoreError>>
    open_payment_windows_after(domain::SessionId after, int limit) = 0;
};

} // namespace iwas::ports
