#include "sim/payment/vnpay/model.hpp"

#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "sim/payment/vietnam_time.hpp"

#include <algorithm>

namespace iwas::sim::vnpay {

Money Order::refunded() const
{
    Money sum;
    for (const Refund& refund : refunds)
        if (refund.status != status::refund_refused) sum += refund.amount;
    return sum;
}

const Merchant* Model::merchant(std::string_view tmn_code) const
{
    const auto found = std::ranges::find(settings.merchants, tmn_code, &Merchant::tmn_code);
    return found == settings.merchants.end() ? nullptr : &*found;
}

Result<Order*, std::string_view> Model::open(Order order)
{
    const std::string_view day = std::string_view{order.create_date}.substr(0, 8);
    for (Order& known : orders_) {
        if (known.tmn_code != order.tmn_code || known.txn_ref != order.txn_ref) continue;
        if (!known.create_date.starts_with(day)) continue; // unique per merchant and day only
        const bool is_same = known.amount == order.amount && known.command == order.command &&
                             known.create_date == order.create_date &&
                             known.order_info == order.order_info;
        if (!is_same) return std::unexpected{"01"};
        return &known;
    }
    return &orders_.emplace_back(std::move(order));
}

Order* Model::find(std::string_view tmn_code, std::string_view txn_ref)
{
    for (auto order = orders_.rbegin(); order != orders_.rend(); ++order)
        if (order->tmn_code == tmn_code && order->txn_ref == txn_ref) return &*order;
    return nullptr;
}

Order* Model::find(
    std::string_view tmn_code, std::string_view txn_ref, std::string_view create_date)
{
    for (Order& order : orders_)
        if (order.tmn_code == tmn_code && order.txn_ref == txn_ref &&
            order.create_date == create_date)
            return &order;
    return nullptr;
}

Order* Model::find_any(std::string_view txn_ref)
{
    for (auto order = orders_.rbegin(); order != orders_.rend(); ++order)
        if (order->txn_ref == txn_ref) return &*order;
    return nullptr;
}

void Model::end(
    Order& order, std::string_view code, std::string_view transaction_status, bool took_money,
    UtcTime now)
{
    order.is_under_way = false;
    order.response_code = code;
    order.transaction_status = transaction_status;
    order.took_money = took_money;
    order.pay_date = to_compact_time(now);
    if (!took_money && code != "00") {
        // Seen on cancelled payments: a transaction number of 0 and no number of the bank.
        if (order.bank_code.empty()) order.bank_code = "VNPAY";
        order.card_type = "QRCODE";
        return;
    }
    if (order.bank_code.empty() || order.bank_code.starts_with("VN")) order.bank_code = "NCB";
    order.card_type = "ATM";
    order.card_number = "970419xxxxxxxxx2198";
    order.transaction_no = next_number();
    order.bank_tran_no = "VNP" + order.transaction_no;
}

Result<Refund*, std::string> Model::refund(
    Order& order, std::string request_id, std::string_view type, Money amount, UtcTime now)
{
    // 95: VNPay refuses because there is no successful payment to give back.
    const bool is_settled = order.transaction_status == status::success ||
                            order.transaction_status == status::suspicious;
    if (!order.took_money || !is_settled) return std::unexpected{std::string{"95"}};
    if (amount <= Money{0}) return std::unexpected{std::string{"03"}};
    if (amount > order.amount - order.refunded()) return std::unexpected{settings.over_refund_code};
    const bool is_full = amount == order.amount;
    if (type == "02" && !is_full) return std::unexpected{std::string{"03"}};
    order.refunds.push_back(
        {std::move(request_id), next_number(), std::string{type}, amount,
         std::string{status::refund_in_work}, now});
    return &order.refunds.back();
}

bool Model::use_request_id(std::string_view tmn_code, std::string_view request_id, UtcTime now)
{
    const std::string day = to_compact_time(now).substr(0, 8);
    return request_ids_.insert(std::string{tmn_code} + '|' + day + '|' + std::string{request_id})
        .second;
}

SavedCard& Model::save_card(const Order& order)
{
    SavedCard card;
    card.tmn_code = order.tmn_code;
    card.app_user_id = order.app_user_id;
    card.card_number = order.card_number;
    card.bank_code = order.bank_code;
    card.payer = order.payer;
    // Unguessable enough for a simulation, and the same in every run.
    card.token =
        to_hex(sha256({as_bytes(order.tmn_code), as_bytes(order.txn_ref), as_bytes(next_number())}))
            .substr(0, 32);
    return cards_.insert_or_assign(card.token, card).first->second;
}

const SavedCard* Model::find_card(
    std::string_view tmn_code, std::string_view app_user_id, std::string_view token) const
{
    const auto found = cards_.find(token);
    if (found == cards_.end()) return nullptr;
    const SavedCard& card = found->second;
    return card.tmn_code == tmn_code && card.app_user_id == app_user_id ? &card : nullptr;
}

void Model::remove_card(std::string_view token)
{
    const auto found = cards_.find(token);
    if (found != cards_.end()) cards_.erase(found);
}

} // namespace iwas::sim::vnpay
