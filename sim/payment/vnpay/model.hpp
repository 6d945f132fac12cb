// VnpayModel: what VNPay keeps: merchants, orders that payers opened, refunds, saved cards. Pure:
// time comes as a parameter and nothing is sent from here.
#pragma once

#include "core/money.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::sim::vnpay {

/// A merchant as VNPay knows him. The IPN's address is entered in VNPay's merchant portal.
struct Merchant {
    std::string tmn_code;
    std::string hash_secret;
    std::string ipn_url;
    std::string display_name = "Quán Internet";
};

/// vnp_TransactionStatus (VNPay 2.1.0, "Bảng mã lỗi").
namespace status {
inline constexpr std::string_view success = "00";
inline constexpr std::string_view not_finished = "01";
inline constexpr std::string_view failed = "02";
inline constexpr std::string_view reversed = "04"; // the payer is debited, VNPay has not settled
inline constexpr std::string_view refund_in_work = "05";
inline constexpr std::string_view refund_sent = "06";
inline constexpr std::string_view suspicious = "07";
inline constexpr std::string_view refund_refused = "09";
} // namespace status

struct Refund {
    std::string request_id;
    std::string transaction_no;
    std::string type; // "02" full, "03" partial
    Money amount;
    std::string status; // refund_in_work -> refund_sent | refund_refused
    UtcTime at;
};

/// An order from the moment at which its URL was opened.
struct Order {
    std::string tmn_code;
    std::string txn_ref;
    std::string command; // pay, token_create, pay_and_create, token_pay, token_remove
    Money amount;        // 0 where nothing is paid
    std::string order_info;
    std::string create_date; // as sent
    UtcTime expires_at;
    std::string return_url;
    std::string cancel_url; // token pages only
    std::string bank_code;
    std::string app_user_id; // token pages only
    std::string token;       // what is used or removed, or what came to be
    bool stores_token = false;

    // How it ended.
    std::string response_code; // empty: not ended
    std::string transaction_status{"01"};
    std::string transaction_no{"0"};
    std::string bank_tran_no;
    std::string card_type;
    std::string card_number; // masked
    std::string pay_date;
    std::string payer;
    bool took_money = false;
    bool is_under_way = false; // decided by the payer, not settled yet (late_success)
    std::vector<Refund> refunds;

    [[nodiscard]] bool is_token_family() const { return command != "pay"; }
    [[nodiscard]] bool has_ended() const { return !response_code.empty(); }
    /// Refunds that VNPay has not refused.
    [[nodiscard]] Money refunded() const;
};

/// A card that a payer let VNPay keep for a merchant.
struct SavedCard {
    std::string tmn_code;
    std::string app_user_id;
    std::string token;
    std::string card_number; // masked
    std::string bank_code;
    std::string payer;
};

/// An answer to an IPN, for tests of the exact reply codes.
struct IpnAnswer {
    std::string txn_ref;
    std::string url;
    std::optional<int> http_status;
    std::string rsp_code; // empty: no answer that VNPay understands
    std::string message;
    unsigned tries = 0; // how often this notice went out before
    UtcTime at;
};

class Model {
public:
    struct Settings {
        std::vector<Merchant> merchants;
        /// How often an IPN goes out at most and how far apart. The document says only that VNPay
        /// calls again; ten times and five minutes are hearsay.
        unsigned ipn_tries_max = 10;
        Milliseconds ipn_every{5 * 60'000};
        /// querydr about an order with refunds tells of the last refund (vnp_TransactionType 02 or
        /// 03); else of the payment. The document's types allow either reading.
        bool querydr_tells_refund = true;
        /// What a refund of more than is left is answered with; pages of VNPay disagree (04, 13).
        std::string over_refund_code = "04";
        /// Whether a payment URL without vnp_ExpireDate is refused; old pages call it optional.
        bool needs_expire_date = true;
    };
    explicit Model(Settings settings) : settings{std::move(settings)} {}

    Settings settings;
    std::vector<IpnAnswer> ipn_answers;

    [[nodiscard]] const Merchant* merchant(std::string_view tmn_code) const;

    /// The order whose URL was opened: the same one when it is opened again. Error: the name was
    /// given to another order on that day.
    Result<Order*, std::string_view> open(Order order);
    [[nodiscard]] Order* find(std::string_view tmn_code, std::string_view txn_ref);
    /// As querydr and refund name it: nothing when vnp_TransactionDate is another.
    [[nodiscard]] Order* find(
        std::string_view tmn_code, std::string_view txn_ref, std::string_view create_date);
    /// Of whichever merchant; the one that was opened last.
    [[nodiscard]] Order* find_any(std::string_view txn_ref);
    [[nodiscard]] const std::list<Order>& orders() const { return orders_; }

    /// Ends the order. Money, if any, has been taken by the caller. `code`: vnp_ResponseCode.
    void end(
        Order& order, std::string_view code, std::string_view transaction_status, bool took_money,
        UtcTime now);

    /// Error: vnp_ResponseCode.
    Result<Refund*, std::string> refund(
        Order& order, std::string request_id, std::string_view type, Money amount, UtcTime now);

    /// False when the merchant used that request id on the same day (GMT+7).
    bool use_request_id(std::string_view tmn_code, std::string_view request_id, UtcTime now);

    SavedCard& save_card(const Order& order);
    [[nodiscard]] const SavedCard* find_card(
        std::string_view tmn_code, std::string_view app_user_id, std::string_view token) const;
    void remove_card(std::string_view token);

private:
    std::string next_number() { return std::to_string(next_number_++); }

    std::list<Order> orders_; // stays in place: pointers to it are handed out
    std::map<std::string, SavedCard, std::less<>> cards_; // by token
    std::set<std::string> request_ids_;
    std::uint64_t next_number_ = 14'532'677;
};

} // namespace iwas::sim::vnpay
