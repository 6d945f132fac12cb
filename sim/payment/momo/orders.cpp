#include "sim/payment/momo/orders.hpp"

#include <algorithm>

namespace iwas::sim::momo {

namespace {

template <class Map>
auto* value_at(Map& map, std::string_view partner_code, std::string_view id)
{
    const auto found = map.find(Key{std::string{partner_code}, std::string{id}});
    return found == map.end() ? nullptr : &found->second;
}

} // namespace

Order* Books::order(std::string_view partner_code, std::string_view order_id)
{
    return value_at(orders, partner_code, order_id);
}

Refund* Books::refund(std::string_view partner_code, std::string_view order_id)
{
    return value_at(refunds, partner_code, order_id);
}

Order* Books::paid_by(std::string_view partner_code, std::int64_t trans_id)
{
    for (auto& [key, order] : orders)
        if (key.partner_code == partner_code && order.trans_id == trans_id && trans_id != 0)
            return &order;
    return nullptr;
}

Link* Books::link_of(const Key& order)
{
    const auto found = std::ranges::find(links, order, &Link::order);
    return found == links.end() ? nullptr : &*found;
}

Link* Books::link_with(std::string_view value)
{
    const auto found = std::ranges::find(links, value, &Link::value);
    return value.empty() || found == links.end() ? nullptr : &*found;
}

std::int64_t Books::refunded(std::string_view partner_code, std::int64_t trans_id) const
{
    std::int64_t sum = 0;
    for (const auto& [key, refund] : refunds)
        if (key.partner_code == partner_code && refund.paid_trans_id == trans_id &&
            (refund.result_code == success || !is_final(refund.result_code)))
            sum += refund.amount;
    return sum;
}

} // namespace iwas::sim::momo
