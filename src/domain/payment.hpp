// Payment and Invitation: money that came in through a gateway, and how it was asked for.
#pragma once

#include "core/money.hpp"
#include "core/time.hpp"
#include "domain/ids.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace iwas::domain {

/// What the customer needs to pay an order at a gateway. What does not apply is empty.
struct Invitation {
    std::string pay_url;       // the gateway's page, for a redirect
    std::string deep_link;     // opens the wallet's app on this phone
    std::string qr_text;       // to be drawn as a QR code
    std::string gateway_order; // the gateway's own name of the order, for later questions

    friend bool operator==(const Invitation&, const Invitation&) = default;
};

/// Where IWAS learned of money.
enum class PaymentSource {
    notice, // the gateway's signed notice
    query,  // the gateway's answer about the order
    list,   // the bank feed's list
    staff,  // a person, who says why
};

/// One movement of money towards the organization. Never changed: what is done with the money is
/// the transaction's story. Each belongs to exactly one transaction; money that fits no order gets
/// a transaction of its own, which gives it back or waits for a person.
struct Payment {
    PaymentId id;
    PaymentAccountId account;
    std::string gateway_id; // the gateway's name of it; counts once for the account
    TransactionId transaction;
    Money amount;
    PaymentSource source = PaymentSource::notice;
    std::string memo;  // what the payer wrote; bank transfers only
    std::string payer; // masked
    UtcTime paid_at;
    UtcTime recorded_at;
};

std::string_view to_text(PaymentSource source);
std::optional<PaymentSource> payment_source_from(std::string_view text);

} // namespace iwas::domain
