// Callbacks and answers of ZaloPay, which may be broken, hostile, or not ZaloPay's at all. The
// octets are the body; wrapped and signed as ZaloPay would, they go deeper. No doubt may become
// money.
#include "adapters/payment/zalopay/mac.hpp"
#include "adapters/payment/zalopay/mapping.hpp"
#include "tests/fuzz/gateway_fuzz.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

using namespace iwas;
namespace json = boost::json;

namespace {

domain::PaymentAccount account()
{
    domain::PaymentAccount account;
    account.method = domain::PaymentMethod::zalopay;
    account.base_url = "https://zalopay.example";
    account.merchant = "2553";
    account.secret_key = SecretText{"PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL"};
    account.callback_key = SecretText{"kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz"};
    account.saves_tokens = true;
    return account;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view body = as_text({data, size});
    const adapters::GatewayMapping& mapping = adapters::zalopay_mapping();
    if (const auto notice = mapping.read_notice(account(), fuzz::notice_with(body)))
        fuzz::check_notice(*notice);
    for (const int type : {1, 2}) {
        const std::string wrapped = json::serialize(json::object{
            {"data", body},
            {"mac", adapters::zalopay::mac_of(account().callback_key, body)},
            {"type", type}});
        if (const auto notice = mapping.read_notice(account(), fuzz::notice_with(wrapped)))
            fuzz::check_notice(*notice);
    }
    fuzz::read_as_answers(mapping, account(), body);
    return 0;
}
