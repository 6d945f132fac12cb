#include "sim/payment/payos/gateway.hpp"

#include "adapters/http/url.hpp"
#include "sim/json_body.hpp"
#include "sim/payment/form.hpp"
#include "sim/payment/payer_page.hpp"
#include "sim/payment/vietnam_time.hpp"

namespace iwas::sim::payos {

namespace json = boost::json;
using http::Response;

namespace {

constexpr std::string_view brand = "payOS (mô phỏng)";
constexpr std::string_view colour = "#5b4ddb";
constexpr std::string_view page_root = "/web/";
constexpr std::string_view links_root = "/v2/payment-requests";
/// The test notice's subject; the client id stands behind it.
constexpr std::string_view test_subject = "confirm-webhook ";

} // namespace

PayosGateway::PayosGateway(bank::Bank& bank, Settings settings, std::uint64_t seed)
    : BankFeed{bank, seed}, settings{std::move(settings)}
{
    model.merchants = this->settings.merchants;
}

bool PayosGateway::owns(std::string_view path) const
{
    return is_call(path) || path.starts_with(page_root);
}

bool PayosGateway::is_call(std::string_view path) const
{
    return path.starts_with(links_root) || path == "/confirm-webhook";
}

std::optional<bank::BookEntry> PayosGateway::entry_of(const bank::Transfer& transfer)
{
    // The book knows what the payer meant, also where the statement's text does not tell.
    const Link* link = model.match(transfer.account, transfer.virtual_account, transfer.memo);
    if (link == nullptr) return std::nullopt;
    return bank::BookEntry{&book, std::to_string(link->order_code)};
}

void PayosGateway::transfer_shown(const bank::Transfer& transfer, UtcTime now)
{
    if (!transfer.is_in) return;
    Link* link = model.match(transfer.account, transfer.virtual_account, transfer.content);
    if (link == nullptr) return;
    link->payments.push_back(
        {transfer.reference, transfer.amount, transfer.content, transfer.virtual_account,
         transfer.made_at});
    if (model.find_merchant(link->client_id)->webhook_url.empty()) return;
    const Payment payment = link->payments.back();
    send_notice(std::to_string(link->order_code), [&] {
        Notice notice = webhook_of(*link, payment, transfer);
        notice.due = now;
        return notice;
    });
}

Notice PayosGateway::webhook_of(
    const Link& link, const Payment& payment, const bank::Transfer& transfer)
{
    const std::string subject = std::to_string(link.order_code);
    const auto strikes = [&](GatewayFault fault) { return faults.strikes(fault, subject); };
    const Merchant& merchant = *model.find_merchant(link.client_id);
    Money amount = payment.amount;
    if (strikes(GatewayFault::wrong_amount)) amount += Money{faults.told_more};
    const bool is_unknown = strikes(GatewayFault::unknown_order);
    const bool is_foreign = strikes(GatewayFault::wrong_merchant);
    json::object data;
    data["orderCode"] = link.order_code + (is_unknown ? 7'000'000 : 0);
    data["amount"] = bank::amount_json(amount, strikes(GatewayFault::number_as_text));
    data["description"] = strikes(GatewayFault::vietnamese_text)
                              ? payment.content + " chuyển tiền & quà"
                              : payment.content;
    data["accountNumber"] = is_foreign ? std::string{"99990000111122"} : merchant.account;
    data["reference"] = payment.reference;
    data["transactionDateTime"] = to_bank_time(payment.at);
    data["currency"] = "VND";
    data["paymentLinkId"] = is_foreign ? std::string(32, 'f') : link.id;
    data["code"] = "00";
    data["desc"] = "Thành công";
    data["counterAccountBankId"] = nullptr; // banks do not always tell who paid
    data["counterAccountBankName"] = "";
    data["counterAccountName"] = transfer.payer;
    data["counterAccountNumber"] = "0071000888888";
    data["virtualAccountName"] = nullptr;
    data["virtualAccountNumber"] = payment.virtual_account;
    if (strikes(GatewayFault::extra_members))
        data["promotions"] = json::array{json::object{{"b", 1}, {"a", "quà"}}};
    json::object body{{"code", "00"}, {"desc", "success"}, {"success", true}};
    std::string key = merchant.checksum_key;
    if (strikes(GatewayFault::wrong_signature)) key += "?";
    body["signature"] = data_signature(key, data);
    body["data"] = std::move(data);
    Notice notice;
    notice.url = merchant.webhook_url;
    notice.headers.set("Content-Type", "application/json");
    notice.body = json::serialize(body);
    return notice;
}

bool PayosGateway::is_accepted(const NoticeAnswer& answer) const
{
    return answer.status && *answer.status >= 200 && *answer.status < 300;
}

void PayosGateway::notice_answered(const Notice& notice, const NoticeAnswer& answer, UtcTime now)
{
    if (!notice.subject.starts_with(test_subject)) {
        BankFeed::notice_answered(notice, answer, now);
        return;
    }
    // The address did not answer well: it is not taken after all.
    Merchant* merchant =
        model.find_merchant(std::string_view{notice.subject}.substr(test_subject.size()));
    if (merchant != nullptr && !is_accepted(answer)) merchant->webhook_url.clear();
}

Result<PayResult, std::string> PayosGateway::act(const PayCommand& command, UtcTime now)
{
    if (const auto at = command.qr_text.find(page_root);
        at != std::string::npos && command.qr_text.starts_with("http")) {
        Link* link = model.find_id(std::string_view{command.qr_text}.substr(at + page_root.size()));
        if (link == nullptr) return std::unexpected{"there is no such payment link"};
        return decide(*link, command, now);
    }
    if (!command.qr_text.empty()) {
        // As any phone pays: PayOS learns of it from the bank.
        const auto paid = bank_.pay(command, now);
        settle(now);
        return paid;
    }
    Link* link = model.find_order(command.order_id);
    if (link == nullptr) return std::unexpected{"there is no such payment link"};
    return decide(*link, command, now);
}

Result<PayResult, std::string> PayosGateway::decide(
    Link& link, const PayCommand& command, UtcTime now)
{
    if (command.act == PayerAct::leave) return PayResult{"", redirect_of(link, now)};
    if (command.act == PayerAct::refuse) {
        if (!link.may_be_paid(now)) return std::unexpected{"the payment link has ended"};
        cancel(link, "Khách hủy", now);
        return PayResult{"CANCELLED", redirect_of(link, now)};
    }
    PayCommand transfer = command;
    transfer.order_id.clear();
    transfer.qr_text = link.qr_text;
    const auto paid = bank_.pay(transfer, now);
    if (!paid) return paid;
    settle(now); // the statement may show it at once
    return PayResult{std::string{link.status(now)}, redirect_of(link, now)};
}

Response PayosGateway::page(const http::Request& request, UtcTime now)
{
    Link* link = model.find_id(std::string_view{request.path}.substr(page_root.size()));
    if (link == nullptr) return payer_message(404, brand, colour, "Không có liên kết này.");
    if (request.method == http::Method::post) {
        const auto form = http::decode_query(request.body);
        PayCommand command;
        command.act = parse_payer_act(form ? form->value("outcome") : "").value_or(PayerAct::leave);
        const auto decided = decide(*link, command, now);
        if (!decided)
            return payer_message(200, brand, colour, decided.error(), redirect_of(*link, now));
        return Response::redirect(decided->redirect_url, 303);
    }
    if (!link->may_be_paid(now))
        return payer_message(
            200, brand, colour, "Liên kết đã kết thúc: " + std::string{link->status(now)},
            redirect_of(*link, now));
    const Merchant* merchant = model.find_merchant(link->client_id);
    const std::string order_code = std::to_string(link->order_code);
    return payer_page(
        {brand, colour, merchant->holder, order_code, link->description,
         link->amount - link->paid(), request.path});
}

std::string PayosGateway::redirect_of(const Link& link, UtcTime now) const
{
    const bool is_cancelled = link.status(now) == "CANCELLED";
    return with_query(
        is_cancelled ? link.cancel_url : link.return_url,
        form_encode(
            {{"code", "00"},
             {"id", link.id},
             {"cancel", is_cancelled ? "true" : "false"},
             {"status", std::string{link.status(now)}},
             {"orderCode", std::to_string(link.order_code)}}));
}

} // namespace iwas::sim::payos
