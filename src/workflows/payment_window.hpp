// OpenPaymentWindow: a few minutes of slow internet before paying, so that a bank or wallet app
// works.
#pragma once

#include "domain/account.hpp"
#include "domain/payment_window.hpp"
#include "domain/tenant.hpp"
#include "workflows/outside.hpp"

#include <cstddef>
#include <map>
#include <optional>

namespace iwas::workflows {

enum class PaymentWindowError {
    not_offered, // the location gives none, or none to who stands before this router
    used_up,     // as often as the location allows in a day
    device_blocked,
    already_online, // the device has a session here
    router_refused, // the router does not know the device, or said no; this time does not count
    router_pending, // the router did not answer
    try_later,      // the store did not answer
};

/// What the device is offered, and what it has.
struct PaymentWindowState {
    domain::PaymentWindowOffer offer;
    int times_left = 0; // until the location's midnight
    std::optional<UtcTime> active_until;
};

class OpenPaymentWindow {
public:
    explicit OpenPaymentWindow(Outside outside) : outside_{outside} {}

    /// Fills the directory with every open window, however long the store takes to answer. To be
    /// done before RADIUS is answered.
    awaitable<std::size_t> rebuild_directory();

    /// Nothing where none is offered.
    awaitable<Result<std::optional<PaymentWindowState>, ports::StoreError>> state(
        domain::Visit visit);

    /// Lets the device in, slowly, for the offered minutes. Asked again while one is open, it
    /// brings the device back into that one. Durable before the router is told: a crash leaves a
    /// window that its job ends.
    awaitable<Result<void, PaymentWindowError>> open(domain::Visit visit);

    /// Handles end_payment_window: the time is up, or the router has not agreed yet.
    awaitable<void> handle(ports::Job job);

private:
    awaitable<Result<ports::OpenedPaymentWindow, PaymentWindowError>> begin(
        domain::Visit visit, domain::Location location, domain::PaymentWindowOffer offer);
    awaitable<Result<void, PaymentWindowError>> let_in(
        ports::OpenedPaymentWindow opened, domain::Visit visit);
    awaitable<bool> has_session(domain::PaymentWindow window);
    [[nodiscard]] SecretText password_of(const domain::PaymentWindow& window);

    Outside outside_;
    struct Password {
        SecretText text;
        UtcTime until;
    };
    /// Of the open windows. Not kept anywhere: after a restart a device that is online stays so,
    /// and who comes again gets another one.
    std::map<domain::SessionId, Password> passwords_;
};

/// Whether the location gives windows: it says so, and a way to pay needs the internet.
const domain::PaymentWindowOffer* payment_window_offer(
    const domain::Catalog& catalog, const domain::Location& location);

/// Ends the device's open window there, if it has one: durable, then out of the directory, then at
/// the router, for at most `limits::router_within`; where the router does not agree by then, a job
/// goes on. To be done before the device is let in by a session.
awaitable<void> end_payment_window_of(Outside outside, domain::LocationId location, MacAddress mac);

} // namespace iwas::workflows
