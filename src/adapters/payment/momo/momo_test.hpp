// For tests: an account of MoMo's public sandbox, and messages signed as MoMo signs them.
#pragma once

#include "adapters/payment/mapping_test.hpp"
#include "adapters/payment/momo/mapping.hpp"
#include "adapters/payment/momo/signature.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace iwas::adapters::testing {

inline const SecretText momo_secret{"K951B6PE1waDMi640xX08PD3vg6EkVlz"};

inline domain::PaymentAccount momo_account()
{
    domain::PaymentAccount account;
    account.id = domain::PaymentAccountId::trusted("momo-1");
    account.method = domain::PaymentMethod::momo;
    account.base_url = "https://test-payment.momo.vn";
    account.merchant = "MOMO";
    account.access_key = SecretText{"F8BBA842ECF85"};
    account.secret_key = momo_secret;
    account.saves_tokens = true;
    return account;
}

/// An IPN as MoMo writes it, before it is signed.
inline boost::json::object momo_ipn(int code = 0)
{
    return {
        {"partnerCode", "MOMO"},
        {"orderId", "W260921-1"},
        {"requestId", "W260921-1"},
        {"amount", 50'000},
        {"orderInfo", "Gói đêm 3 giờ"},
        {"orderType", "momo_wallet"},
        {"transId", 4'084'757'146},
        {"resultCode", code},
        {"message", "Giao dịch thành công."},
        {"payType", code == 0 ? "qr" : ""},
        {"responseTime", 1'790'000'001'000},
        {"extraData", ""}};
}

/// Signs the members of `names`, and adds the signature.
inline std::string signed_ipn(
    boost::json::object body, std::initializer_list<const char*> further = {})
{
    std::vector<const char*> names{"amount",    "extraData", "message",      "orderId",
                                   "orderInfo", "orderType", "partnerCode",  "payType",
                                   "requestId", "transId",   "responseTime", "resultCode"};
    names.insert(names.end(), further.begin(), further.end());
    momo::Fields fields{{"accessKey", "F8BBA842ECF85"}};
    for (const char* name : names) {
        const auto& value = body.at(name);
        fields[name] = value.is_string() ? std::string{value.get_string().c_str()}
                                         : boost::json::serialize(value);
    }
    body["signature"] = momo::signature_of(momo_secret, momo::raw_text(fields));
    return boost::json::serialize(body);
}

} // namespace iwas::adapters::testing
