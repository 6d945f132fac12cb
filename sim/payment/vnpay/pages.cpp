// The pages on which a payer decides, and what his decision leads to.
#include "adapters/http/url.hpp"
#include "sim/payment/form.hpp"
#include "sim/payment/payer_page.hpp"
#include "sim/payment/vnpay/gateway.hpp"
#include "sim/payment/vnpay/outcome.hpp"
#include "sim/payment/vnpay/page_request.hpp"

#include <algorithm>
#include <array>

namespace iwas::sim::vnpay {

namespace {

constexpr std::string_view brand = "VNPAY (mô phỏng)";
constexpr std::string_view colour = "#0b5cab";
constexpr std::string_view payment_path = "/paymentv2/vpcpay.html";
constexpr std::string_view error_path = "/paymentv2/Payment/Error.html";
constexpr std::string_view decision_path = "/paymentv2/Transaction/Confirm.html";

struct TokenPage {
    std::string_view file;
    std::string_view command;
};
constexpr std::array token_pages{
    TokenPage{"create-token.html", "token_create"},
    TokenPage{"pay-create-token.html", "pay_and_create"},
    TokenPage{"payment-token.html", "token_pay"},
    TokenPage{"remove-token.html", "token_remove"},
};

/// The command of a token page; empty for another path.
std::string_view token_command(std::string_view path)
{
    for (const TokenPage& page : token_pages)
        for (const std::string_view folder : {"/token_ui/", "/tokenUI/"})
            if (path.starts_with(folder) && path.substr(folder.size()) == page.file)
                return page.command;
    return {};
}

/// The codes with which a payment can end without money (VNPay 2.1.0, "Bảng mã lỗi").
bool is_failure_code(std::string_view code)
{
    constexpr std::array codes{"09", "10", "11", "12", "13", "24", "51", "65", "75", "79", "99"};
    return std::ranges::find(codes, code) != codes.end();
}

std::string_view error_text(std::string_view code)
{
    if (code == page_error::bad_hash) return "Sai chữ ký (mã lỗi 70).";
    if (code == page_error::bad_merchant) return "Mã website không hợp lệ (mã lỗi 02).";
    if (code == "01") return "Giao dịch đã tồn tại (mã lỗi 01).";
    if (code == "11") return "Đã hết hạn chờ thanh toán (mã lỗi 11).";
    return "Dữ liệu gửi sang không đúng định dạng (mã lỗi 03).";
}

http::Response error_redirect(std::string_view code)
{
    return http::Response::redirect(std::string{error_path} + "?code=" + std::string{code});
}

} // namespace

http::Response VnpayGateway::route(const http::Request& request, UtcTime now)
{
    const std::string_view path = request.path;
    if (is_call(path)) return api(request, now);
    if (request.method == http::Method::post && path == decision_path) return decide(request, now);
    if (request.method != http::Method::get)
        return payer_message(405, brand, colour, "Không hỗ trợ.");
    if (path == error_path)
        return payer_message(200, brand, colour, error_text(request.query.value("code")));
    if (path != payment_path && token_command(path).empty())
        return payer_message(404, brand, colour, "Không có trang này.");
    const auto opened = open(path, request.query);
    if (!opened) return error_redirect(opened.error());
    return show(**opened, now);
}

Result<Order*, std::string> VnpayGateway::open(std::string_view path, const http::Params& query)
{
    const auto fields = fields_of(query);
    if (!fields) return std::unexpected{std::string{page_error::bad_data}};
    const std::string_view command = token_command(path);
    auto asked = command.empty() ? read_payment(model, *fields)
                                 : read_token_request(model, *fields, command);
    if (!asked) return std::unexpected{std::string{asked.error()}};
    const std::size_t known = model.orders().size();
    const auto opened = model.open(std::move(*asked));
    if (!opened) return std::unexpected{std::string{opened.error()}};
    if (model.orders().size() == known) return *opened;
    // Whoever leaves the page open lets the order expire, which VNPay tells like any other end.
    Order* order = *opened;
    agenda_.at(order->expires_at, [this, order](UtcTime due) {
        if (!order->has_ended() && !order->is_under_way)
            end(*order, "11", status::failed, false, due);
    });
    return order;
}

http::Response VnpayGateway::show(const Order& order, UtcTime now) const
{
    if (order.has_ended())
        return payer_message(
            200, brand, colour, "Giao dịch đã kết thúc (mã " + order.response_code + ").",
            redirect_of(order));
    if (order.is_under_way)
        return payer_message(200, brand, colour, "Giao dịch đang được xử lý.", order.return_url);
    if (now >= order.expires_at) return error_redirect("11");
    const Merchant* merchant = model.merchant(order.tmn_code);
    const std::string action = std::string{decision_path} + "?" +
                               form_encode({{"tmn", order.tmn_code}, {"ref", order.txn_ref}});
    PayerPage page{brand,        colour, merchant->display_name, order.txn_ref, order.order_info,
                   order.amount, action};
    if (order.amount > Money{0})
        page.buttons = {
            {"code", "07", "Thanh toán, bị nghi ngờ (07)"}, {"code", "51", "Không đủ số dư (51)"}};
    return payer_page(page);
}

http::Response VnpayGateway::decide(const http::Request& request, UtcTime now)
{
    Order* order = model.find(request.query.value("tmn"), request.query.value("ref"));
    const auto form = http::decode_query(request.body);
    if (order == nullptr || !form) return error_redirect(page_error::bad_data);
    PayCommand command;
    command.code = form->value("code");
    const auto act = parse_payer_act(form->has("outcome") ? form->value("outcome") : "pay");
    if (!act) return error_redirect(page_error::bad_data);
    command.act = *act;
    const auto decided = decide(*order, command, now);
    if (!decided) return payer_message(200, brand, colour, decided.error(), redirect_of(*order));
    if (decided->redirect_url.empty())
        return payer_message(200, brand, colour, "Giao dịch đang được xử lý.", order->return_url);
    return http::Response::redirect(decided->redirect_url, 303);
}

Result<PayResult, std::string> VnpayGateway::act(const PayCommand& command, UtcTime now)
{
    if (command.qr_text.empty()) {
        Order* order = model.find_any(command.order_id);
        if (order == nullptr) return std::unexpected{"nobody opened such an order's page"};
        return decide(*order, command, now);
    }
    // A link: the phone opens the page first, whatever host it names.
    std::string_view link = command.qr_text;
    if (const std::size_t host = link.find("://"); host != std::string_view::npos) {
        link.remove_prefix(host + 3);
        link.remove_prefix(std::min(link.find('/'), link.size()));
    }
    const auto target = http::decode_target(link);
    if (!target || (target->path != payment_path && token_command(target->path).empty()))
        return std::unexpected{"this is no link to a page of VNPay"};
    const auto opened = open(target->path, target->query);
    if (!opened) return std::unexpected{"VNPay refuses the link: " + opened.error()};
    settle(now);
    return decide(**opened, command, now);
}

Result<PayResult, std::string> VnpayGateway::decide(
    Order& order, const PayCommand& command, UtcTime now)
{
    if (order.has_ended() && order.response_code == "11")
        return PayResult{"11", redirect_of(order)};
    if (order.has_ended() || order.is_under_way)
        return std::unexpected{"Giao dịch đã kết thúc hoặc đang được xử lý."};
    if (now >= order.expires_at) return end(order, "11", status::failed, false, now);
    if (command.act == PayerAct::leave) return PayResult{"", order.return_url};
    if (command.act == PayerAct::refuse) return end(order, "24", status::failed, false, now);
    const std::string_view code = command.code;
    if (is_failure_code(code)) return end(order, code, status::failed, false, now);
    if (!code.empty() && code != "00" && code != "07" && code != "04")
        return std::unexpected{"VNPay has no such code"};

    order.payer = command.payer;
    if (order.amount == Money{0}) {
        pay_in_full(order, "00", now);
        return PayResult{order.response_code, redirect_of(order)};
    }
    if (!book.take(order.txn_ref, "VNP-" + order.txn_ref, order.payer, order.amount, now))
        return end(order, "51", status::failed, false, now);
    if (faults.strikes(GatewayFault::late_success, order.txn_ref)) {
        order.is_under_way = true;
        agenda_.at(
            now + faults.late, [this, &order](UtcTime due) { pay_in_full(order, "00", due); });
        return PayResult{};
    }
    pay_in_full(order, code.empty() ? "00" : code, now);
    return PayResult{order.response_code, redirect_of(order)};
}

/// The money, if any, is taken.
void VnpayGateway::pay_in_full(Order& order, std::string_view code, UtcTime now)
{
    const bool has_money = order.amount > Money{0};
    if (code == "04") {
        // Debited at the bank, not settled at VNPay. The documents name the status, not the
        // response code that goes with it.
        end(order, "99", status::reversed, has_money, now);
        return;
    }
    if (order.command == "token_remove") model.remove_card(order.token);
    if (order.stores_token && code == "00") {
        order.card_number = "970419xxxxxxxxx2198";
        order.token = model.save_card(order).token;
    }
    end(order, code, code == "07" ? status::suspicious : status::success, has_money, now);
    if (!has_money || !faults.strikes(GatewayFault::reversed_later, order.txn_ref)) return;
    agenda_.at(now + faults.reversal_after, [this, &order](UtcTime due) {
        const Money left = order.amount - order.refunded();
        if (left <= Money{0}) return;
        order.transaction_status = status::reversed;
        book.give_back(
            MoneyMove::reversed, order.txn_ref, "REV-" + order.txn_ref, order.payer, left, due);
    });
}

PayResult VnpayGateway::end(
    Order& order, std::string_view code, std::string_view transaction_status, bool took_money,
    UtcTime now)
{
    model.end(order, code, transaction_status, took_money, now);
    send_ipn(order, now);
    return {order.response_code, redirect_of(order)};
}

std::string VnpayGateway::redirect_of(const Order& order) const
{
    const bool is_cancelled = order.response_code == "24" && !order.cancel_url.empty();
    const std::string& url = is_cancelled ? order.cancel_url : order.return_url;
    if (!order.has_ended()) return url;
    return signed_url(
        url, outcome_fields(order), model.merchant(order.tmn_code)->hash_secret,
        names_of(order).hash);
}

} // namespace iwas::sim::vnpay
