// Problems: every error that a client can meet, with its stable code, its words in Vietnamese and
// English, and what the customer can do next (RFC 9457).
#pragma once

#include "adapters/http/message.hpp"
#include "core/money.hpp"
#include "core/time.hpp"
#include "domain/payment_method.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::api {

enum class Language : std::uint8_t { vi, en };

/// The first of the two languages that `accept_language` asks for (RFC 9110 §12.5.4), by weight;
/// else `otherwise`.
Language language_of(std::string_view accept_language, Language otherwise = Language::vi);

enum class ProblemCode : std::uint8_t {
    validation_failed,
    not_signed_in,
    csrf_failed,
    idempotency_conflict,
    not_found,
    try_later,
    visit_unknown,
    package_not_available,
    package_at_capacity,
    price_changed,
    device_already_active,
    device_blocked,
    max_devices_reached,
    purchase_limit_reached,
    insufficient_balance,
    invalid_credentials,
    account_suspended,
    rate_limited,
    pc_system_unavailable,
    payment_declined,
    payment_expired,
    amount_mismatch,
    payment_method_inactive,
    activation_failed,
    session_expired,
    payment_cancelled,
    payment_unavailable,
    reauthentication_required,
    last_method,
    payment_window_used_up,
    credit_changed,
    payer_funds_short,
    payer_account_locked,
    payment_set_aside,
    staff_refund,
    // Of the staff API:
    staff_token_needed,
    not_allowed,
    not_refundable,
    refund_too_large,
    still_opening,
    not_queued,
    not_possible,
    refund_in_doubt,
    already_settled,
};

/// One error with the facts that its code calls for.
struct Refusal {
    ProblemCode code = ProblemCode::try_later;
    std::string field{};              // validation_failed: the member or header that is wrong
    std::optional<Money> needed{};    // insufficient_balance, with `available`
    std::optional<Money> available{}; // insufficient_balance, where it is known; to the payer only
    std::optional<Money> price{};     // price_changed: the new one
    std::optional<Seconds> wait{};    // rate_limited, try_later, pc_system_unavailable
    boost::json::array devices{};     // max_devices_reached
    int device_limit = 0;             // max_devices_reached
    domain::PaymentMethod method{};   // payer_*: whose gateway said so
    std::string purchase_id{};        // when it belongs to a recorded purchase
    std::string purchase_state{};     // with purchase_id
    std::string request_id{};
};

/// The member, header or parameter `field` makes no sense.
Refusal invalid_field(std::string_view field);

std::string_view to_text(ProblemCode code);
int status_of(ProblemCode code);

boost::json::object to_json(const Refusal& refusal, Language language);
/// application/problem+json, with Retry-After where there is something to wait for.
http::Response refuse(const Refusal& refusal, Language language);

} // namespace iwas::api
