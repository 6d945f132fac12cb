// PayosModel: payment links, what was paid on each, and PayOS's signatures. Pure: time comes as a
// parameter and nothing is sent from here.
#pragma once

#include "core/money.hpp"
#include "core/time.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::sim::payos {

/// A merchant's channel: keys, and the bank account that gets the money.
struct Merchant {
    std::string client_id;
    std::string api_key;
    std::string checksum_key;
    std::string bin;
    std::string account;
    std::string holder = "QUAN INTERNET";
    /// Set by /confirm-webhook too; empty: nobody is told.
    std::string webhook_url = {};
};

/// HMAC-SHA256 over the five members that a creation signs, not URL-encoded (payos.vn/docs,
/// "Tạo link thanh toán").
std::string creation_signature(
    std::string_view checksum_key, std::int64_t amount, std::string_view cancel_url,
    std::string_view description, std::int64_t order_code, std::string_view return_url);
/// What is signed of a `data` object: `name=value`, sorted by name, joined by '&', not encoded;
/// null is empty, lists are compact JSON whose elements have sorted names ("Kiểm tra dữ liệu với
/// signature").
std::string signed_text(const boost::json::object& data);
/// HMAC-SHA256 over signed_text, lower-case hexadecimal.
std::string data_signature(std::string_view checksum_key, const boost::json::object& data);

/// Money that arrived for a link.
struct Payment {
    std::string reference;
    Money amount;
    std::string content; // the statement's text
    std::string virtual_account;
    UtcTime at;
};

struct Link {
    std::string id; // paymentLinkId
    std::string client_id;
    std::int64_t order_code = 0;
    Money amount;
    std::string description; // PayOS's own, with its code before the merchant's text
    std::string code;        // by which PayOS finds a transfer's text
    std::string virtual_account;
    std::string qr_text;
    std::string cancel_url;
    std::string return_url;
    UtcTime created_at;
    std::optional<UtcTime> expires_at;
    std::vector<Payment> payments;
    std::string cancellation_reason;
    std::optional<UtcTime> cancelled_at;

    [[nodiscard]] Money paid() const;
    /// PENDING, UNDERPAID, PAID, CANCELLED or EXPIRED. Money decides first: a link that was paid
    /// stays paid.
    [[nodiscard]] std::string_view status(UtcTime now) const;
    [[nodiscard]] bool may_be_paid(UtcTime now) const;
};

class Model {
public:
    std::vector<Merchant> merchants;

    [[nodiscard]] Merchant* find_merchant(std::string_view client_id);
    /// By paymentLinkId or orderCode; only the merchant's own.
    [[nodiscard]] Link* find(std::string_view client_id, std::string_view id_or_order_code);
    [[nodiscard]] Link* find_id(std::string_view id);
    /// By orderCode, of whichever merchant; the last one.
    [[nodiscard]] Link* find_order(std::string_view order_code);
    /// Gives the link its id, code and virtual account.
    Link& add(Link link);
    /// To whom a transfer belongs: by the virtual account, else by the code in its text.
    [[nodiscard]] Link* match(
        std::string_view account, std::string_view virtual_account, std::string_view content);
    [[nodiscard]] const std::deque<Link>& links() const { return links_; }

private:
    std::deque<Link> links_; // stay in place
};

} // namespace iwas::sim::payos
