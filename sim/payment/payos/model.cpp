#include "sim/payment/payos/model.hpp"

#include "core/bytes.hpp"
#include "core/digest.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace iwas::sim::payos {

namespace json = boost::json;

namespace {

std::string hmac(std::string_view key, std::string_view text)
{
    return to_hex(hmac_sha256(as_bytes(key), {as_bytes(text)}));
}

/// The element with its names sorted, one level deep, as the published code does it.
json::value with_sorted_names(const json::value& element)
{
    if (!element.is_object()) return element;
    std::map<std::string_view, const json::value*> sorted;
    for (const auto& [name, value] : element.as_object())
        sorted.emplace(name, &value);
    json::object result;
    for (const auto& [name, value] : sorted)
        result[name] = *value;
    return result;
}

std::string text_of_value(const json::value& value)
{
    switch (value.kind()) {
    case json::kind::null: return {};
    case json::kind::string: {
        std::string text{value.as_string()};
        return text == "null" || text == "undefined" ? std::string{} : text;
    }
    case json::kind::array: {
        json::array sorted;
        for (const json::value& element : value.as_array())
            sorted.push_back(with_sorted_names(element));
        return json::serialize(sorted);
    }
    case json::kind::bool_:
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
    case json::kind::object: break;
    }
    return json::serialize(value);
}

/// Letters and digits only, as they survive in a bank's text.
std::string condensed(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        if (c >= 'a' && c <= 'z')
            result += static_cast<char>(c - 'a' + 'A');
        else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            result += c;
    }
    return result;
}

} // namespace

std::string creation_signature(
    std::string_view checksum_key, std::int64_t amount, std::string_view cancel_url,
    std::string_view description, std::int64_t order_code, std::string_view return_url)
{
    return hmac(
        checksum_key, fmt::format(
                          "amount={}&cancelUrl={}&description={}&orderCode={}&returnUrl={}", amount,
                          cancel_url, description, order_code, return_url));
}

std::string signed_text(const json::object& data)
{
    std::map<std::string_view, const json::value*> sorted;
    for (const auto& [name, value] : data)
        sorted.emplace(name, &value);
    std::string text;
    for (const auto& [name, value] : sorted) {
        if (!text.empty()) text += '&';
        text += name;
        text += '=';
        text += text_of_value(*value);
    }
    return text;
}

std::string data_signature(std::string_view checksum_key, const json::object& data)
{
    return hmac(checksum_key, signed_text(data));
}

Money Link::paid() const
{
    Money sum;
    for (const Payment& payment : payments)
        sum += payment.amount;
    return sum;
}

std::string_view Link::status(UtcTime now) const
{
    if (paid() >= amount) return "PAID";
    if (cancelled_at) return "CANCELLED";
    if (expires_at && now >= *expires_at) return "EXPIRED";
    return paid() > Money{} ? "UNDERPAID" : "PENDING";
}

bool Link::may_be_paid(UtcTime now) const
{
    const std::string_view state = status(now);
    return state == "PENDING" || state == "UNDERPAID";
}

Merchant* Model::find_merchant(std::string_view client_id)
{
    const auto found = std::ranges::find(merchants, client_id, &Merchant::client_id);
    return found == merchants.end() ? nullptr : &*found;
}

Link* Model::find(std::string_view client_id, std::string_view id_or_order_code)
{
    for (Link& link : links_)
        if (link.client_id == client_id &&
            (link.id == id_or_order_code || std::to_string(link.order_code) == id_or_order_code))
            return &link;
    return nullptr;
}

Link* Model::find_id(std::string_view id)
{
    const auto found = std::ranges::find(links_, id, &Link::id);
    return found == links_.end() ? nullptr : &*found;
}

Link* Model::find_order(std::string_view order_code)
{
    for (auto link = links_.rbegin(); link != links_.rend(); ++link)
        if (std::to_string(link->order_code) == order_code) return &*link;
    return nullptr;
}

Link& Model::add(Link link)
{
    const std::string number = std::to_string(links_.size() + 1);
    link.id =
        to_hex(sha256({as_bytes(link.client_id), as_bytes("|"), as_bytes(number)})).substr(0, 32);
    link.code = fmt::format("CS{:07}", links_.size() + 1);
    link.description = (link.code + " " + link.description).substr(0, 25);
    link.virtual_account = "VQRQ" + link.code.substr(2);
    return links_.emplace_back(std::move(link));
}

Link* Model::match(
    std::string_view account, std::string_view virtual_account, std::string_view content)
{
    const std::string text = condensed(content);
    for (Link& link : links_) {
        const Merchant* merchant = find_merchant(link.client_id);
        if (merchant == nullptr || merchant->account != account) continue;
        const bool is_hers = virtual_account.empty() ? text.find(link.code) != std::string::npos
                                                     : link.virtual_account == virtual_account;
        if (is_hers) return &link;
    }
    return nullptr;
}

} // namespace iwas::sim::payos
