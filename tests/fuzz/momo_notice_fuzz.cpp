// Notices and answers of MoMo, which may be broken, hostile, or not MoMo's at all. The octets are
// the body; the same body, signed as MoMo would sign it, goes deeper. No doubt may become money.
#include "adapters/payment/momo/answer.hpp"
#include "adapters/payment/momo/mapping.hpp"
#include "tests/fuzz/gateway_fuzz.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

using namespace iwas;
namespace json = boost::json;

namespace {

constexpr std::string_view key = "K951B6PE1waDMi640xX08PD3vg6EkVlz";

domain::PaymentAccount account()
{
    domain::PaymentAccount account;
    account.method = domain::PaymentMethod::momo;
    account.base_url = "https://momo.example";
    account.merchant = "MOMO";
    account.access_key = SecretText{"F8BBA842ECF85"};
    account.secret_key = SecretText{std::string{key}};
    account.saves_tokens = true;
    return account;
}

/// The members that are there, signed with the right key; nothing when they cannot be signed.
std::optional<std::string> signed_body(std::string_view body)
{
    boost::system::error_code error;
    json::value value = json::parse(body, error);
    if (error || !value.is_object()) return std::nullopt;
    json::object& members = value.get_object();
    adapters::momo::Fields fields{{"accessKey", account().access_key.reveal()}};
    for (const char* name :
         {"amount", "extraData", "message", "orderId", "orderInfo", "orderType", "partnerCode",
          "payType", "requestId", "responseTime", "resultCode", "transId"}) {
        const json::value* member = members.if_contains(name);
        const bool is_text = member != nullptr && member->is_string();
        fields[name] = member == nullptr || member->is_null() ? ""
                       : is_text ? std::string{member->get_string().c_str()}
                                 : json::serialize(*member);
    }
    members["signature"] =
        adapters::momo::signature_of(account().secret_key, adapters::momo::raw_text(fields));
    return json::serialize(members);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view body = as_text({data, size});
    const adapters::GatewayMapping& mapping = adapters::momo_mapping();
    if (const auto notice = mapping.read_notice(account(), fuzz::notice_with(body)))
        fuzz::check_notice(*notice);
    if (const auto made = signed_body(body))
        if (const auto notice = mapping.read_notice(account(), fuzz::notice_with(*made)))
            fuzz::check_notice(*notice);
    fuzz::read_as_answers(mapping, account(), body);
    return 0;
}
