// The pages of the simulated ZaloPay, on which a payer pays or allows one-tap payments.
#include "adapters/http/url.hpp"
#include "sim/payment/form.hpp"
#include "sim/payment/payer_page.hpp"
#include "sim/payment/zalopay/gateway.hpp"

namespace iwas::sim {

using http::Request;
using http::Response;
using namespace zalopay;

namespace {

constexpr std::string_view brand = "ZaloPay (mô phỏng)";
constexpr std::string_view colour = "#0068ff";
constexpr std::string_view pay_path = "/zalopay/pay";
constexpr std::string_view bind_path = "/zalopay/bind";

} // namespace

std::string ZaloPayGateway::page_url(std::string_view kind, std::string_view token) const
{
    return public_url + "/zalopay/" + std::string{kind} + "?token=" + std::string{token};
}

Response ZaloPayGateway::show_page(const Request& request, UtcTime now)
{
    const std::string token{request.query.value("token")};
    const Order* order = request.path == pay_path ? books_.order_with_token(token) : nullptr;
    const Agreement* agreement =
        request.path == bind_path ? books_.agreement_with_token(token) : nullptr;
    if (order == nullptr && agreement == nullptr)
        return payer_message(404, brand, colour, "Không tìm thấy đơn hàng này.");
    const bool is_decided =
        order != nullptr ? !order->is_open()
                         : agreement->status != BindingStatus::waiting || agreement->is_refused;
    if (is_decided)
        return payer_message(
            200, brand, colour, "Yêu cầu này đã được xử lý.",
            order != nullptr ? order->redirect_url : agreement->redirect_url);
    const std::string url = page_url(order != nullptr ? "pay" : "bind", token);
    if (request.method != http::Method::post) {
        const Key& key = order != nullptr ? order->key : agreement->key;
        return payer_page(
            {brand, colour, app(key.app_id)->display_name, key.id,
             order != nullptr ? order->description : "Liên kết ví để thanh toán một chạm",
             Money{order != nullptr ? order->amount : 0}, url});
    }
    const auto fields = http::decode_query(request.body);
    const auto decision = parse_payer_act(fields ? fields->value("outcome") : "");
    if (!decision) return payer_message(400, brand, colour, "Yêu cầu không hợp lệ.");
    PayCommand command;
    command.qr_text = url;
    command.act = *decision;
    const auto decided = act(command, now);
    if (!decided) return payer_message(409, brand, colour, decided.error());
    if (decided->redirect_url.empty())
        return payer_message(200, brand, colour, "Đã ghi nhận. Hãy quay lại cửa hàng.");
    return Response::redirect(decided->redirect_url, 303);
}

} // namespace iwas::sim
