#include "sim/payment/zalopay/orders.hpp"

namespace iwas::sim::zalopay {

namespace {

template <class Map>
auto* value_at(Map& map, std::int64_t app_id, std::string_view id)
{
    const auto found = map.find(Key{app_id, std::string{id}});
    return found == map.end() ? nullptr : &found->second;
}

template <class Map, class Condition>
auto* first_where(Map& map, Condition condition)
{
    for (auto& [key, value] : map)
        if (condition(value)) return &value;
    return static_cast<typename Map::mapped_type*>(nullptr);
}

} // namespace

std::string_view message_of(int sub_code)
{
    switch (sub_code) {
    case sub_ok: return "Giao dịch thành công";
    case sub_duplicate: return "Mã giao dịch đã tồn tại";
    case sub_expired: return "Đơn hàng đã hết hạn";
    case sub_not_found: return "Không tìm thấy giao dịch";
    case sub_cancelled_by_user: return "Người dùng đã huỷ";
    case sub_bad_argument: return "Dữ liệu không hợp lệ";
    case sub_bad_mac: return "Chữ ký không hợp lệ";
    default: return "Giao dịch bị từ chối";
    }
}

Order* Books::order(std::int64_t app_id, std::string_view app_trans_id)
{
    return value_at(orders, app_id, app_trans_id);
}

Order* Books::order_with_token(std::string_view token)
{
    return first_where(orders, [&](const Order& order) { return order.token == token; });
}

Order* Books::paid_by(std::int64_t app_id, std::int64_t zp_trans_id)
{
    return first_where(orders, [&](const Order& order) {
        return order.key.app_id == app_id && order.zp_trans_id == zp_trans_id && zp_trans_id > 0;
    });
}

Refund* Books::refund(std::int64_t app_id, std::string_view m_refund_id)
{
    return value_at(refunds, app_id, m_refund_id);
}

Agreement* Books::agreement(std::int64_t app_id, std::string_view app_trans_id)
{
    return value_at(agreements, app_id, app_trans_id);
}

Agreement* Books::agreement_with_token(std::string_view binding_token)
{
    return first_where(
        agreements, [&](const Agreement& each) { return each.token == binding_token; });
}

Agreement* Books::agreement_paying(std::int64_t app_id, std::string_view pay_token)
{
    return first_where(agreements, [&](const Agreement& each) {
        return each.key.app_id == app_id && !pay_token.empty() && each.pay_token == pay_token;
    });
}

std::int64_t Books::refunded(std::int64_t app_id, std::int64_t zp_trans_id) const
{
    std::int64_t sum = 0;
    for (const auto& [key, refund] : refunds)
        if (key.app_id == app_id && refund.zp_trans_id == zp_trans_id && refund.state != failed)
            sum += refund.amount;
    return sum;
}

} // namespace iwas::sim::zalopay
