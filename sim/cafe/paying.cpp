#include "sim/cafe/paying.hpp"

#include "sim/payment/bank/qr_code.hpp"

namespace iwas::sim {

namespace {

const boost::json::value* find(const boost::json::value& body, std::string_view pointer)
{
    boost::system::error_code error;
    return body.find_pointer({pointer.data(), pointer.size()}, error);
}

std::string text_at(const boost::json::value& body, std::string_view pointer)
{
    const auto* const found = find(body, pointer);
    return found && found->is_string() ? std::string{found->as_string()} : std::string{};
}

} // namespace

PayCommand pay_command_of(const boost::json::value& purchase)
{
    PayCommand command;
    command.qr_text = text_at(purchase, "/payment/pay_url");
    const std::string account = text_at(purchase, "/payment/bank/account_number");
    if (account.empty()) return command;
    const auto* const amount = find(purchase, "/payment/bank/amount");
    command.qr_text = bank::write_qr(
        text_at(purchase, "/payment/bank/bank_bin"), account,
        Money{amount && amount->is_int64() ? amount->as_int64() : 0},
        text_at(purchase, "/payment/bank/memo"));
    return command;
}

GatewayFace* gateway_of(const GatewayHub& hub, std::string_view method)
{
    return hub.find(method == "vietqr" ? std::string_view{"bank"} : method);
}

} // namespace iwas::sim
