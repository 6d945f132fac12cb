#include "sim/payment/bank/casso.hpp"

#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "core/utf8.hpp"
#include "sim/json_body.hpp"
#include "sim/payment/vietnam_time.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace iwas::sim::bank {

namespace json = boost::json;
using http::Response;

namespace {

constexpr std::uint64_t id_offset = 90'070;
constexpr std::size_t page_size_default = 10;
constexpr std::size_t page_size_max = 100;

std::int64_t signed_amount(const Transfer& transfer, Money amount)
{
    return transfer.is_in ? amount.vnd() : -amount.vnd();
}

void append_escape(std::string& text, std::uint32_t code_unit)
{
    text += fmt::format("\\u{:04x}", code_unit);
}

/// PHP's json_encode without flags: everything outside ASCII in UTF-16 units.
void append_beyond_ascii(std::string& text, std::uint32_t code_point)
{
    if (code_point < 0x10000) {
        append_escape(text, code_point);
        return;
    }
    const std::uint32_t rest = code_point - 0x10000;
    append_escape(text, 0xD800 + (rest >> 10));
    append_escape(text, 0xDC00 + (rest & 0x3FF));
}

void append_text(std::string& text, std::string_view value, CassoEscapes escapes)
{
    text += '"';
    while (!value.empty()) {
        const std::string_view before = value;
        const auto code_point = take_code_point(value);
        if (!code_point) break; // JSON that came from the parser is UTF-8
        const char c = before.front();
        if (c == '"' || c == '\\' || (c == '/' && escapes == CassoEscapes::php)) {
            text += '\\';
            text += c;
        } else if (c == '\n') {
            text += "\\n";
        } else if (c == '\r') {
            text += "\\r";
        } else if (c == '\t') {
            text += "\\t";
        } else if (*code_point < 0x20) {
            append_escape(text, *code_point);
        } else if (*code_point >= 0x80 && escapes == CassoEscapes::php) {
            append_beyond_ascii(text, *code_point);
        } else {
            text += before.substr(0, before.size() - value.size());
        }
    }
    text += '"';
}

void append_value(std::string& text, const json::value& value, CassoEscapes escapes)
{
    if (value.is_string()) {
        append_text(text, value.as_string(), escapes);
    } else if (value.is_array()) {
        text += '[';
        for (const json::value& element : value.as_array()) {
            if (text.back() != '[') text += ',';
            append_value(text, element, escapes);
        }
        text += ']';
    } else if (value.is_object()) {
        std::map<std::string_view, const json::value*> sorted;
        for (const auto& [name, member] : value.as_object())
            sorted.emplace(name, &member);
        text += '{';
        for (const auto& [name, member] : sorted) {
            if (text.back() != '{') text += ',';
            append_text(text, name, escapes);
            text += ':';
            append_value(text, *member, escapes);
        }
        text += '}';
    } else {
        text += json::serialize(value);
    }
}

Response error(int status, std::string_view message)
{
    json::object body{{"error", status}, {"message", message}, {"data", nullptr}};
    return json_response(status, body);
}

/// A record of the list and of the first generation's webhooks; `told`: what faults make of it.
json::object record_of(const Transfer& transfer, const ToldTransfer& told)
{
    json::object row;
    row["id"] = id_offset + transfer.id;
    row["tid"] = transfer.reference;
    row["description"] = told.content;
    const std::int64_t amount = signed_amount(transfer, told.amount);
    row["amount"] = told.amount_is_text ? json::value(std::to_string(amount)) : json::value(amount);
    row["cusum_balance"] = transfer.balance_after.vnd();
    row["when"] = to_bank_time(transfer.made_at);
    row["bank_sub_acc_id"] = told.account;
    row["subAccId"] = told.account;
    row["bankSubAccId"] = told.account;
    row["virtualAccount"] = transfer.virtual_account;
    row["virtualAccountName"] = "";
    row["corresponsiveName"] = transfer.payer;
    row["corresponsiveAccount"] = "0071000888888";
    row["corresponsiveBankId"] = "970436";
    row["corresponsiveBankName"] = "Vietcombank";
    if (told.has_extra) row["ghiChú"] = "mới";
    return row;
}

std::size_t number_or(std::string_view text, std::size_t otherwise)
{
    std::size_t value = 0;
    const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc{} && value > 0 ? value : otherwise;
}

} // namespace

std::string casso_text(const json::value& value, CassoEscapes escapes)
{
    std::string text;
    append_value(text, value, escapes);
    return text;
}

std::string casso_signature(
    std::string_view key, std::string_view timestamp_ms, const json::value& body,
    CassoEscapes escapes)
{
    const std::string text = casso_text(body, escapes);
    return fmt::format(
        "t={},v1={}", timestamp_ms,
        to_hex(
            hmac_sha512(as_bytes(key), {as_bytes(timestamp_ms), as_bytes("."), as_bytes(text)})));
}

void Casso::transfer_shown(const Transfer& transfer, UtcTime now)
{
    for (const CassoHook& hook : settings.hooks)
        if (hook.account == transfer.account && hook.version == CassoVersion::v2)
            send_single(hook, transfer, now);
    // After everything else that shows at this moment.
    if (batch_.empty()) agenda_.at(now, [this](UtcTime due) { send_batch(due); });
    batch_.push_back(&transfer);
}

void Casso::send_single(const CassoHook& hook, const Transfer& transfer, UtcTime now)
{
    const Account* account = bank_.find_account(transfer.bin, transfer.account);
    send_notice(transfer.memo, [&] {
        const ToldTransfer told = bank::told(faults, transfer);
        const std::int64_t amount = signed_amount(transfer, told.amount);
        json::object data;
        data["id"] = id_offset + transfer.id;
        data["reference"] = transfer.reference;
        data["description"] = told.content;
        data["amount"] =
            told.amount_is_text ? json::value(std::to_string(amount)) : json::value(amount);
        data["runningBalance"] = transfer.balance_after.vnd();
        data["transactionDateTime"] = to_bank_time(transfer.made_at);
        data["accountNumber"] = told.account;
        data["bankName"] = account->bank_name;
        data["bankAbbreviation"] = account->bank_code;
        data["virtualAccountNumber"] = transfer.virtual_account;
        data["virtualAccountName"] = "";
        data["counterAccountName"] = transfer.payer;
        data["counterAccountNumber"] = "0071000888888";
        data["counterAccountBankId"] = "970436";
        data["counterAccountBankName"] = "Vietcombank";
        if (told.has_extra) data["ghiChú"] = "mới/khác";
        const json::object body{{"error", 0}, {"data", std::move(data)}};
        Notice notice;
        notice.due = now;
        notice.url = hook.url;
        notice.headers.set("Content-Type", "application/json");
        notice.body = json::serialize(body);
        return notice;
    });
}

void Casso::send_batch(UtcTime now)
{
    for (const CassoHook& hook : settings.hooks) {
        if (hook.version != CassoVersion::v1) continue;
        std::vector<const Transfer*> own;
        for (const Transfer* transfer : batch_)
            if (transfer->account == hook.account) own.push_back(transfer);
        if (own.empty()) continue;
        send_notice(own.front()->memo, [&] {
            json::array rows;
            for (const Transfer* transfer : own)
                rows.push_back(record_of(*transfer, bank::told(faults, *transfer)));
            const json::object body{{"error", 0}, {"data", std::move(rows)}};
            Notice notice;
            notice.due = now;
            notice.url = hook.url;
            notice.headers.set("Content-Type", "application/json");
            notice.body = json::serialize(body);
            return notice;
        });
    }
    batch_.clear();
}

void Casso::seal(Notice& notice, UtcTime now)
{
    const auto hook = std::ranges::find(settings.hooks, notice.url, &CassoHook::url);
    if (hook == settings.hooks.end()) return;
    std::string key = hook->key;
    if (faults.strikes(GatewayFault::wrong_signature, notice.subject)) key += "?";
    if (hook->version == CassoVersion::v1) {
        notice.headers.set("secure-token", key);
        return;
    }
    notice.headers.set(
        "X-Casso-Signature",
        casso_signature(
            key, std::to_string(to_unix_ms(now)), *read_object(notice.body), hook->escapes));
}

bool Casso::is_accepted(const NoticeAnswer& answer) const
{
    const auto body = answer.status == 200 ? read_object(answer.body) : std::nullopt;
    const json::value* success = body ? body->if_contains("success") : nullptr;
    return success != nullptr && success->is_bool() && success->as_bool();
}

Response Casso::route(const http::Request& request, UtcTime now)
{
    const std::string_view authorization = request.headers.value("Authorization");
    const auto key = std::ranges::find_if(settings.keys, [&](const CassoKey& known) {
        return equal_constant_time(authorization, "Apikey " + known.key);
    });
    if (key == settings.keys.end()) return error(401, "Unauthorized");
    if (request.method != http::Method::get) return error(404, "Not found");
    const auto value = [&](std::string_view name) { return request.query.value(name); };
    const auto from = from_bank_time(value("fromDate"));
    auto to = from_bank_time(value("toDate"));
    if ((!from && !value("fromDate").empty()) || (!to && !value("toDate").empty()))
        return error(400, "Invalid date");
    if (to) *to += std::chrono::hours{24} - 1ms; // that day included
    std::vector<const Transfer*> found;
    for (const Transfer& transfer : bank_.transfers()) {
        const bool may_see =
            std::ranges::find(key->accounts, transfer.account) != key->accounts.end();
        if (may_see && transfer.visible_at <= now && (!from || transfer.made_at >= *from) &&
            (!to || transfer.made_at <= *to))
            found.push_back(&transfer);
    }
    if (value("sort") == "DESC") std::ranges::reverse(found);

    const std::size_t size =
        std::min(number_or(value("pageSize"), page_size_default), page_size_max);
    const std::size_t pages = (found.size() + size - 1) / size;
    const std::size_t page = std::min<std::size_t>(number_or(value("page"), 1), pages + 1);
    json::array records;
    for (std::size_t at = (page - 1) * size; at < std::min(found.size(), page * size); ++at)
        records.push_back(
            record_of(*found[at], {found[at]->amount, found[at]->account, found[at]->content}));
    json::object data;
    data["page"] = page;
    data["pageSize"] = size;
    data["nextPage"] = page < pages ? json::value(page + 1) : json::value(nullptr);
    data["prevPage"] = page > 1 ? json::value(page - 1) : json::value(nullptr);
    data["totalPages"] = pages;
    data["totalRecords"] = found.size();
    data["records"] = std::move(records);
    const json::object body{{"error", 0}, {"message", "success"}, {"data", std::move(data)}};
    return json_response(200, body);
}

Response Casso::refusal(const http::Request&, UtcTime)
{
    return error(403, "Forbidden");
}

Result<PayResult, std::string> Casso::act(const PayCommand&, UtcTime)
{
    return std::unexpected{"payers pay at the bank"};
}

} // namespace iwas::sim::bank
