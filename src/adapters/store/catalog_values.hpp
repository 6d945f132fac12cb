// Catalog values: what the rows of configuration are made of, read with a word on what is damaged.
#pragma once

#include "adapters/store/connection.hpp"
#include "adapters/store/key_ring.hpp"
#include "adapters/store/spelling.hpp"
#include "core/bytes.hpp"
#include "core/ip_address.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::adapters {

/// Empty when nothing was kept. `place` as in KeyRing.
inline SecretText opened(const KeyRing& keys, const std::string& sealed, const std::string& place)
{
    if (sealed.empty()) return {};
    auto secret = keys.open(sealed, place);
    if (!secret) damaged(place + ": no key opens it");
    return std::move(*secret);
}

inline std::string sealed(const KeyRing& keys, const SecretText& secret, const std::string& place)
{
    return secret.empty() ? std::string{} : keys.seal(secret, place);
}

inline bool is_same(const SecretText& a, const SecretText& b)
{
    return equal_constant_time(std::string_view{a.reveal()}, std::string_view{b.reveal()});
}

inline Ipv4Prefix prefix_of(const boost::json::object& object, std::string_view name)
{
    const auto prefix = Ipv4Prefix::parse(json_text(object, name));
    if (!prefix) damaged("a network is not one");
    return *prefix;
}

inline int small_integer(const boost::json::object& object, std::string_view name)
{
    return static_cast<int>(json_integer(object, name));
}

inline std::optional<int> maybe_small(const boost::json::object& object, std::string_view name)
{
    const auto value = json_maybe_integer(object, name);
    if (!value) return std::nullopt;
    return static_cast<int>(*value);
}

/// An element of a list, which must be a text.
inline std::string text_in(const boost::json::value& value)
{
    if (!value.is_string()) damaged("a list holds something else than texts");
    return {value.get_string().data(), value.get_string().size()};
}

inline const boost::json::array& list_in(const boost::json::object& object, std::string_view name)
{
    const auto* value = object.if_contains(boost::json::string_view{name.data(), name.size()});
    if (!value || !value->is_array()) damaged("list " + std::string{name} + " is missing");
    return value->get_array();
}

/// Several secrets as one text, to be sealed together.
inline SecretText joined_secrets(const std::vector<SecretText>& secrets)
{
    if (secrets.empty()) return {};
    boost::json::array list;
    for (const SecretText& secret : secrets)
        list.emplace_back(secret.reveal());
    return SecretText{boost::json::serialize(list)};
}

inline std::vector<SecretText> split_secrets(const SecretText& text)
{
    std::vector<SecretText> secrets;
    if (text.empty()) return secrets;
    const boost::json::value list = boost::json::parse(text.reveal());
    if (!list.is_array()) damaged("sealed secrets are no list");
    for (const boost::json::value& each : list.get_array())
        secrets.emplace_back(text_in(each));
    return secrets;
}

} // namespace iwas::adapters
