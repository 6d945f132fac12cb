// Orders, refunds and links as the simulated MoMo keeps them.
#pragma once

#include "core/digest.hpp"
#include "core/time.hpp"
#include "sim/payment/momo/codes.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iwas::sim::momo {

/// A merchant's own name of something: two merchants may use the same.
struct Key {
    std::string partner_code;
    std::string id;
    friend auto operator<=>(const Key&, const Key&) = default;
};

// 1000 -> 0 | 1001 | 1005 | 1006;  1000 -> 7002 -> 0 | 1001       (late)
// 1000 -> 9000 -> 0 | 1003 | 1017;  8200 -> as 1000                (autoCapture=false; token)
struct Order {
    Key key;
    std::string request_id;
    std::string
        request_type;        // captureWallet, payWithMethod, linkWallet; token: of tokenization/pay
    std::int64_t amount = 0; // VND
    std::string order_info;
    std::string extra_data;
    std::string redirect_url;
    std::string ipn_url;
    std::string client_id; // partnerClientId
    bool auto_capture = true;
    bool vietnamese = true;
    UtcTime created_at;

    int result_code = waiting_for_payer;
    std::int64_t trans_id = 0;
    std::string pay_type;
    std::string payer;
    UtcTime changed_at;
    std::string callback_token; // of a link that the payer has allowed

    [[nodiscard]] bool is_link() const { return request_type == "linkWallet"; }
    [[nodiscard]] bool is_paid() const { return result_code == success && amount > 0; }
};

struct Refund {
    Key key;
    std::string request_id;
    std::int64_t trans_id = 0;      // of the refund
    std::int64_t paid_trans_id = 0; // of the payment
    std::int64_t amount = 0;
    int result_code = success;
    UtcTime created_at;
};

/// A wallet that the payer has linked with a merchant.
struct Link {
    Key order; // by which it was asked for
    std::string client_id;
    std::string payer;
    std::string callback_token;
    std::string value; // what the token carries; empty until bound
    bool is_active = true;
};

/// What was answered to a requestId that moved something.
struct Answered {
    Sha256Digest request{};
    int result_code = 0;
    UtcTime answered_at; // before that the request is in work
    std::string body;
};

/// What IWAS answered to an IPN. The documents want 204 with an empty body within 15 s.
struct IpnAnswer {
    std::string order_id;
    std::optional<int> status;
    bool is_exact = false;
};

struct Books {
    std::map<Key, Order> orders;
    std::map<Key, Refund> refunds;
    std::vector<Link> links;
    std::map<Key, Answered> requests;
    std::vector<IpnAnswer> ipn_answers;

    Order* order(std::string_view partner_code, std::string_view order_id);
    Refund* refund(std::string_view partner_code, std::string_view order_id);
    /// The order with that payment; null when there is none.
    Order* paid_by(std::string_view partner_code, std::int64_t trans_id);
    Link* link_of(const Key& order);
    Link* link_with(std::string_view value);
    /// Given back, or on the way, of the payment `trans_id`.
    [[nodiscard]] std::int64_t refunded(std::string_view partner_code, std::int64_t trans_id) const;
};

} // namespace iwas::sim::momo
