// For tests: an account of ZaloPay's public sandbox, and callbacks signed as ZaloPay signs them.
#pragma once

#include "adapters/http/url.hpp"
#include "adapters/payment/mapping_test.hpp"
#include "adapters/payment/zalopay/mac.hpp"
#include "adapters/payment/zalopay/mapping.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace iwas::adapters::testing {

inline domain::PaymentAccount zalopay_account()
{
    domain::PaymentAccount account;
    account.id = domain::PaymentAccountId::trusted("zalopay-1");
    account.method = domain::PaymentMethod::zalopay;
    account.base_url = "https://sb-openapi.zalopay.vn";
    account.merchant = "2553";
    account.secret_key = SecretText{"PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL"};
    account.callback_key = SecretText{"kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz"};
    account.saves_tokens = true;
    return account;
}

/// The data of an order's callback.
inline boost::json::object order_data()
{
    return {
        {"app_id", 2553},
        {"app_trans_id", "260921_0000000000000001"},
        {"app_time", 1'790'000'000'000},
        {"app_user", "c0ffee"},
        {"amount", 50'000},
        {"embed_data", "{\"redirecturl\":\"https://portal.example/back\"}"},
        {"item", "[]"},
        {"zp_trans_id", 260'921'000'000'389},
        {"server_time", 1'790'000'001'000},
        {"channel", 38},
        {"merchant_user_id", "0912345678"},
        {"user_fee_amount", 0},
        {"discount_amount", 10'000}};
}

/// The data of an agreement's callback.
inline boost::json::object agreement_data(int status = 1)
{
    return {
        {"app_id", 2553},
        {"app_trans_id", "260921_0000000000000001"},
        {"binding_id", "b-1"},
        {"pay_token", "tok-secret"},
        {"merchant_user_id", "c0ffee"},
        {"zp_user_id", "zp-9"},
        {"masked_user_phone", "****1234"},
        {"server_time", 1'790'000'001},
        {"status", status},
        {"msg_type", 1}};
}

inline std::string callback_of(
    const std::string& data, boost::json::value type = 1,
    const SecretText& key = zalopay_account().callback_key)
{
    return boost::json::serialize(boost::json::object{
        {"data", data}, {"mac", zalopay::mac_of(key, data)}, {"type", std::move(type)}});
}
inline std::string callback_of(const boost::json::object& data, boost::json::value type = 1)
{
    return callback_of(boost::json::serialize(data), std::move(type));
}

} // namespace iwas::adapters::testing
