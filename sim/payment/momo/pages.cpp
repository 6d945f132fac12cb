// The pages of the simulated MoMo, on which a payer decides.
#include "adapters/http/url.hpp"
#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "sim/payment/form.hpp"
#include "sim/payment/momo/gateway.hpp"
#include "sim/payment/payer_page.hpp"

namespace iwas::sim {

using http::Request;
using http::Response;
using namespace momo;

namespace {

constexpr std::string_view brand = "Ví MoMo (mô phỏng)";
constexpr std::string_view colour = "#a50064";
constexpr std::string_view root = "/v2/gateway/";

/// Proves that the gateway made the link.
std::string link_proof(const Merchant& merchant, std::string_view link)
{
    const auto digest =
        hmac_sha256(as_bytes(merchant.secret_key), {as_bytes("page"), as_bytes(link)});
    return to_hex(ByteView{digest}.first(16));
}

} // namespace

/// .../v2/gateway/pay?t=<base64 of partnerCode|orderId>&s=<proof>, as MoMo's look.
std::string MomoGateway::page_url(const Order& order, std::string_view page) const
{
    const std::string link = to_base64(as_bytes(order.key.partner_code + "|" + order.key.id));
    const std::string proof = link_proof(*merchant(order.key.partner_code), link);
    return public_url + std::string{root} + std::string{page} + "?" +
           form_encode({{"t", link}, {"s", proof}});
}

Order* MomoGateway::order_of_link(std::string_view text)
{
    const std::size_t path = text.find(root);
    if (path == std::string_view::npos) return nullptr;
    const auto target = http::decode_target(text.substr(path));
    if (!target) return nullptr;
    Request request;
    request.query = target->query;
    return order_of_page(request);
}

Order* MomoGateway::order_of_page(const Request& request)
{
    const std::string link{request.query.value("t")};
    const auto octets = from_base64(link);
    if (!octets) return nullptr;
    const std::string_view named = as_text(*octets);
    const std::size_t bar = named.find('|');
    if (bar == std::string_view::npos) return nullptr;
    const Merchant* owner = merchant(named.substr(0, bar));
    if (owner == nullptr ||
        !equal_constant_time(request.query.value("s"), link_proof(*owner, link)))
        return nullptr;
    return books_.order(owner->partner_code, named.substr(bar + 1));
}

Response MomoGateway::show_page(const Request& request, UtcTime now)
{
    const std::string_view page = std::string_view{request.path}.substr(root.size());
    if (page != "pay" && page != "app")
        return payer_message(404, brand, colour, "Không có trang này.");
    const Order* order = order_of_page(request);
    if (order == nullptr) return payer_message(404, brand, colour, "Không tìm thấy đơn hàng này.");
    if (order->result_code != waiting_for_payer)
        return payer_message(
            200, brand, colour, message_of(order->result_code, true), redirect_of(*order, now));
    if (request.method != http::Method::post)
        return payer_page(
            {brand, colour, merchant(order->key.partner_code)->display_name, order->key.id,
             order->order_info, Money{order->amount}, page_url(*order, page)});
    const auto fields = http::decode_query(request.body);
    const auto decision = parse_payer_act(fields ? fields->value("outcome") : "");
    if (!decision) return payer_message(400, brand, colour, "Yêu cầu không hợp lệ.");
    PayCommand command;
    command.qr_text = page_url(*order, page);
    command.act = *decision;
    const auto done = act(command, now);
    if (!done) return payer_message(409, brand, colour, done.error());
    return Response::redirect(done->redirect_url, 303);
}

} // namespace iwas::sim
