// Orders, refunds and agreements as the simulated ZaloPay keeps them, and its codes (ZaloPay v2
// documents, "Return codes").
#pragma once

#include "core/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::sim::zalopay {

// return_code
inline constexpr int done = 1;
inline constexpr int failed = 2;
inline constexpr int in_progress = 3;

// sub_return_code
inline constexpr int sub_ok = 1;
inline constexpr int sub_refused = -135;
inline constexpr int sub_duplicate = -68;
inline constexpr int sub_expired = -54;
inline constexpr int sub_not_found = -101;
inline constexpr int sub_cancelled_by_user = -329;
inline constexpr int sub_bad_argument = -401;
inline constexpr int sub_bad_mac = -402;

inline constexpr int channel_wallet = 38;

/// What the sub code means, in the words of this simulator.
std::string_view message_of(int sub_code);

/// An application's own name of something.
struct Key {
    std::int64_t app_id = 0;
    std::string id;
    friend auto operator<=>(const Key&, const Key&) = default;
};

// in_progress -> done | failed; an order that a gateway's reversal undid ends as failed
struct Order {
    Key key; // app_trans_id
    std::string app_user;
    std::int64_t app_time = 0; // ms, as the merchant told it
    std::int64_t amount = 0;   // VND
    std::string embed_data;
    std::string item;
    std::string description;
    std::string callback_url;
    std::string redirect_url;
    std::string token; // zp_trans_token
    bool is_agreement = false;

    int state = in_progress;
    int sub_code = sub_ok;
    bool is_processing = false; // the payer has paid, and the money is under way
    std::int64_t zp_trans_id = 0;
    std::string payer = {};
    UtcTime changed_at = {};

    [[nodiscard]] bool is_open() const { return state == in_progress && !is_processing; }
};

struct Refund {
    Key key; // m_refund_id
    std::int64_t refund_id = 0;
    std::int64_t zp_trans_id = 0;
    std::int64_t amount = 0;
    int state = in_progress;
};

enum class BindingStatus : std::uint8_t { waiting = 0, confirmed = 1, cancelled = 3, disabled = 4 };

/// A payer's permission to be charged.
struct Agreement {
    Key key; // app_trans_id of the binding
    std::string identifier;
    std::string callback_url;
    std::string redirect_url;
    std::int64_t max_amount = 0; // 0: the default, without a limit here
    BindingStatus status = BindingStatus::waiting;
    std::string token; // binding_token
    std::string binding_id;
    std::string pay_token;
    std::string payer;
    bool is_refused = false;
};

/// What IWAS answered to a callback.
struct CallbackAnswer {
    std::string subject;
    std::optional<int> status;
    std::optional<std::int64_t> return_code;
};

struct Books {
    std::map<Key, Order> orders;
    std::map<Key, Refund> refunds;
    std::map<Key, Agreement> agreements;
    std::vector<CallbackAnswer> callback_answers;

    Order* order(std::int64_t app_id, std::string_view app_trans_id);
    Order* order_with_token(std::string_view token);
    Order* paid_by(std::int64_t app_id, std::int64_t zp_trans_id);
    Refund* refund(std::int64_t app_id, std::string_view m_refund_id);
    Agreement* agreement(std::int64_t app_id, std::string_view app_trans_id);
    Agreement* agreement_with_token(std::string_view binding_token);
    Agreement* agreement_paying(std::int64_t app_id, std::string_view pay_token);
    /// Given back, or on the way, of the payment.
    [[nodiscard]] std::int64_t refunded(std::int64_t app_id, std::int64_t zp_trans_id) const;
};

} // namespace iwas::sim::zalopay
