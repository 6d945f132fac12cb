// The payer's banking app as a page, and the control API of the bank.
#include "adapters/http/url.hpp"
#include "core/text.hpp"
#include "sim/json_body.hpp"
#include "sim/payment/bank/bank.hpp"
#include "sim/payment/form.hpp"
#include "sim/payment/payer_page.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <charconv>

namespace iwas::sim::bank {

namespace json = boost::json;
using http::Response;

namespace {

constexpr std::string_view brand = "Ngân hàng (mô phỏng)";
constexpr std::string_view colour = "#0a6b4f";
constexpr std::string_view app_path = "/bank/app";

Response refused(int status, std::string_view why)
{
    json::object body;
    body["error"] = why;
    return json_response(status, body);
}

json::object transfer_json(const Transfer& transfer)
{
    json::object row;
    row["id"] = transfer.id;
    row["bin"] = transfer.bin;
    row["account"] = transfer.account;
    row["direction"] = transfer.is_in ? "in" : "out";
    row["amount"] = transfer.amount.vnd();
    row["memo"] = transfer.memo;
    row["content"] = transfer.content;
    row["reference"] = transfer.reference;
    row["payer"] = transfer.payer;
    row["made_at"] = to_rfc3339(transfer.made_at);
    row["visible_at"] = to_rfc3339(transfer.visible_at);
    return row;
}

Response list_transfers(const Bank& bank)
{
    json::array list;
    for (const Transfer& transfer : bank.transfers())
        list.push_back(transfer_json(transfer));
    json::object body;
    body["transfers"] = std::move(list);
    return json_response(200, body);
}

Response list_accounts(const Bank& bank)
{
    json::array list;
    for (const Account& account : bank.accounts()) {
        json::object row;
        row["bin"] = account.bin;
        row["account"] = account.number;
        row["bank"] = account.bank_name;
        row["balance"] = account.balance.vnd();
        row["arrived"] = account.arrived.vnd();
        row["left"] = account.left.vnd();
        list.push_back(std::move(row));
    }
    json::object body;
    body["accounts"] = std::move(list);
    return json_response(200, body);
}

/// As people copy it: 12.000
std::optional<Money> amount_of(std::string digits)
{
    std::erase_if(digits, [](char c) { return c == '.' || c == ',' || c == ' '; });
    std::int64_t amount = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, failed] = std::from_chars(digits.data(), end, amount);
    if (failed != std::errc{} || stop != end) return std::nullopt;
    return Money{amount};
}

} // namespace

Response Bank::route(const http::Request& request, UtcTime now)
{
    if (request.path != app_path) return payer_message(404, brand, colour, "Không có trang này.");
    if (request.query.has("ba")) return transfer_by_link(request, now);
    if (!request.query.has("qr"))
        return request.method == http::Method::post ? transfer_by_hand(request, now)
                                                    : transfer_form();
    const std::string qr{request.query.value("qr")};
    if (request.method == http::Method::post) {
        const auto form = http::decode_query(request.body);
        PayCommand command;
        command.qr_text = qr;
        command.act = parse_payer_act(form ? form->value("outcome") : "").value_or(PayerAct::leave);
        const auto paid = act(command, now);
        if (!paid) return payer_message(200, brand, colour, paid.error());
        return payer_message(
            200, brand, colour, paid->code.empty() ? "Đã bỏ qua." : "Đã chuyển: " + paid->code);
    }
    const auto read = read_qr(qr);
    if (!read) return payer_message(200, brand, colour, to_string(read.error()));
    const Account* account = account_of(read->bin, read->account);
    const std::string action = std::string{app_path} + "?" + form_encode({{"qr", qr}});
    return payer_page(
        {brand, colour, account == nullptr ? std::string_view{"?"} : account->holder, read->account,
         read->memo, read->amount.value_or(Money{}), action});
}

/// For whoever copies what a shop shows beside its QR code.
Response Bank::transfer_form() const
{
    const Account* account = accounts_.empty() ? nullptr : &accounts_.front();
    return payer_form(
        brand, colour,
        {{"bin", "Mã ngân hàng (BIN)", account == nullptr ? "" : account->bin},
         {"account", "Số tài khoản", account == nullptr ? "" : account->number},
         {"amount", "Số tiền (₫)", ""},
         {"memo", "Nội dung", ""}},
        app_path);
}

Response Bank::transfer_by_hand(const http::Request& request, UtcTime now)
{
    const auto form = http::decode_query(request.body);
    if (!form) return payer_message(400, brand, colour, "Yêu cầu không hợp lệ.");
    const auto amount = amount_of(std::string{form->value("amount")});
    if (!amount) return payer_message(400, brand, colour, "Số tiền không hợp lệ.");
    Request asked;
    asked.bin = form->value("bin");
    asked.account = form->value("account");
    asked.amount = *amount;
    asked.memo = form->value("memo");
    const auto made = transfer_in(asked, now);
    if (!made) return payer_message(200, brand, colour, made.error());
    return payer_message(200, brand, colour, "Đã chuyển: " + (*made)->reference);
}

/// Everything stands in the link, as in an app that fills it in: one button pays.
Response Bank::transfer_by_link(const http::Request& request, UtcTime now)
{
    const std::string named{request.query.value("ba")};
    const std::size_t at = std::min(named.rfind('@'), named.size());
    const std::string_view code = std::string_view{named}.substr(std::min(at + 1, named.size()));
    const auto amount = amount_of(std::string{request.query.value("am")});
    const auto its_bank = std::ranges::find_if(
        accounts_, [&](const Account& each) { return equal_ignoring_case(each.bank_code, code); });
    if (its_bank == accounts_.end() || !amount)
        return payer_message(400, brand, colour, "Liên kết không hợp lệ.");
    Request asked;
    asked.bin = its_bank->bin;
    asked.account = named.substr(0, at);
    asked.amount = *amount;
    asked.memo = request.query.value("tn");
    const std::string asked_back{request.query.value("url")};
    // Whatever the link says, no script: it becomes an address of this page.
    const bool is_page = asked_back.starts_with("http://") || asked_back.starts_with("https://");
    const std::string back = is_page ? asked_back : "";
    if (request.method == http::Method::post) {
        const auto form = http::decode_query(request.body);
        if (parse_payer_act(form ? form->value("outcome") : "") != PayerAct::pay)
            return payer_message(200, brand, colour, "Đã bỏ qua.", back);
        const auto made = transfer_in(asked, now);
        if (!made) return payer_message(200, brand, colour, made.error(), back);
        return payer_message(200, brand, colour, "Đã chuyển: " + (*made)->reference, back);
    }
    const std::string action = std::string{app_path} + "?" +
                               form_encode(
                                   {{"am", std::to_string(asked.amount.vnd())},
                                    {"tn", asked.memo},
                                    {"ba", named},
                                    {"url", back}});
    const Account* account = account_of(asked.bin, asked.account);
    return payer_page(
        {brand, colour, account == nullptr ? std::string_view{"?"} : account->holder, asked.account,
         asked.memo, asked.amount, action});
}

Response Bank::refusal(const http::Request&, UtcTime)
{
    return refused(503, "the bank is closed");
}

std::optional<Response> Bank::control(
    std::string_view what, const http::Request& request, UtcTime now)
{
    if (request.method == http::Method::get) {
        if (what == "transfers") return list_transfers(*this);
        if (what == "accounts") return list_accounts(*this);
        return std::nullopt;
    }
    const bool is_own = what == "transfer" || what == "transfer_out" || what == "restate" ||
                        what == "memo" || what == "outage";
    if (request.method != http::Method::post || !is_own) return std::nullopt;
    const auto body = read_object(request.body);
    if (!body) return refused(400, "the body is no JSON object");
    return change(what, *body, now);
}

Response Bank::change(std::string_view what, const json::object& body, UtcTime now)
{
    if (what == "memo") {
        const auto named = parse_memo_habit(text_of(body, "habit"));
        if (!named) return refused(400, "no such habit");
        habit = *named;
        const json::value* chance = body.if_contains("chance");
        habit_chance = chance != nullptr && chance->is_number() ? chance->to_number<double>() : 0;
        return Response::empty();
    }
    if (what == "outage") {
        constexpr std::int64_t day_ms = 86'400'000;
        const std::int64_t ms = integer_of(body, "ms").value_or(0);
        outage_until(now + Milliseconds{std::clamp<std::int64_t>(ms, 0, day_ms)});
        return Response::empty();
    }
    if (what == "restate") {
        const Money amount{integer_of(body, "amount").value_or(0)};
        return restate(text_of(body, "reference"), amount) ? Response::empty()
                                                           : refused(404, "no such transfer");
    }
    Request asked;
    if (const std::string payer = text_of(body, "payer"); !payer.empty()) asked.payer = payer;
    asked.bin = text_of(body, "bin");
    asked.account = text_of(body, "account");
    asked.amount = Money{integer_of(body, "amount").value_or(0)};
    asked.memo = text_of(body, "memo");
    asked.order_memo = text_of(body, "order");
    const auto made = what == "transfer" ? transfer_in(asked, now) : transfer_out(asked, now);
    if (!made) return refused(409, made.error());
    return json_response(201, transfer_json(**made));
}

} // namespace iwas::sim::bank
