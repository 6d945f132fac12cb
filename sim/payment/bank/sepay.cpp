#include "sim/payment/bank/sepay.hpp"

#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "core/text.hpp"
#include "sim/json_body.hpp"
#include "sim/payment/vietnam_time.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace iwas::sim::bank {

namespace json = boost::json;
using http::Response;

namespace {

/// SePay counts the transfers of all its customers.
constexpr std::uint64_t id_offset = 92'703;
constexpr std::string_view api_root = "/userapi/transactions/";
constexpr std::size_t list_max = 5'000;

/// "15000.00"
std::string decimal(Money amount)
{
    return std::to_string(amount.vnd()) + ".00";
}

Response error(int status, std::string_view why)
{
    json::object body;
    body["status"] = status;
    body["error"] = why;
    body["messages"] = json::object{{"success", false}};
    return json_response(status, body);
}

json::value text_or_null(const std::string& text)
{
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object row_of(const Transfer& transfer, std::string_view bank_name)
{
    json::object row;
    row["id"] = std::to_string(id_offset + transfer.id);
    row["bank_brand_name"] = bank_name;
    row["account_number"] = transfer.account;
    row["transaction_date"] = to_bank_time(transfer.made_at);
    row["amount_out"] = decimal(transfer.is_in ? Money{} : transfer.amount);
    row["amount_in"] = decimal(transfer.is_in ? transfer.amount : Money{});
    row["accumulated"] = decimal(transfer.balance_after);
    row["transaction_content"] = transfer.content;
    row["reference_number"] = transfer.reference;
    row["code"] = nullptr;
    row["sub_account"] = text_or_null(transfer.virtual_account);
    row["bank_account_id"] = "19";
    return row;
}

/// The number in `text`, or `otherwise` when it is empty; nothing when it is none.
std::optional<std::uint64_t> number_or(std::string_view text, std::uint64_t otherwise)
{
    if (text.empty()) return otherwise;
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, value);
    if (failed != std::errc{} || stop != end) return std::nullopt;
    return value;
}

bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

} // namespace

std::string sepay_signature(
    std::string_view secret, std::string_view timestamp, std::string_view body)
{
    return "sha256=" + to_hex(hmac_sha256(
                           as_bytes(secret), {as_bytes(timestamp), as_bytes("."), as_bytes(body)}));
}

std::string sepay_code(std::string_view content, std::string_view prefix)
{
    if (prefix.empty()) return {};
    const auto found =
        std::ranges::search(content, prefix, [](char a, char b) { return lower(a) == lower(b); });
    std::string code{found.begin(), found.end()};
    for (auto at = found.end(); at != content.end() && is_letter_or_digit(*at); ++at)
        code += *at;
    return code.size() > prefix.size() ? code : std::string{};
}

Sepay::Sepay(Bank& bank, Settings settings, std::uint64_t seed)
    : BankFeed{bank, seed}, settings{std::move(settings)}, limit_{this->settings.calls_per_second}
{
}

void Sepay::transfer_shown(const Transfer& transfer, UtcTime now)
{
    const Account* account = bank_.find_account(transfer.bin, transfer.account);
    for (const SepayHook& hook : settings.hooks) {
        if (hook.account != transfer.account) continue;
        send_notice(transfer.memo, [&] {
            const ToldTransfer told = bank::told(faults, transfer);
            json::object body;
            body["id"] = id_offset + transfer.id;
            body["gateway"] = account->bank_name;
            body["transactionDate"] = to_bank_time(transfer.made_at);
            body["accountNumber"] = told.account;
            body["code"] = text_or_null(sepay_code(told.content, hook.code_prefix));
            body["content"] = told.content;
            body["transferType"] = transfer.is_in ? "in" : "out";
            body["transferAmount"] = amount_json(told.amount, told.amount_is_text);
            body["accumulated"] = transfer.balance_after.vnd();
            body["subAccount"] = text_or_null(transfer.virtual_account);
            body["referenceCode"] = transfer.reference;
            body["description"] = "BankAPINotify " + told.content;
            if (told.has_extra) body["merchantNote"] = json::object{{"kênh", "mới"}};
            Notice notice;
            notice.due = now;
            notice.url = hook.url;
            notice.headers.set("Content-Type", "application/json");
            notice.body = json::serialize(body);
            return notice;
        });
    }
}

void Sepay::seal(Notice& notice, UtcTime now)
{
    const auto hook = std::ranges::find(settings.hooks, notice.url, &SepayHook::url);
    if (hook == settings.hooks.end() || hook->proof == SepayProof::none) return;
    std::string secret = hook->secret;
    if (faults.strikes(GatewayFault::wrong_signature, notice.subject)) secret += "?";
    if (hook->proof == SepayProof::api_key) {
        notice.headers.set("Authorization", "Apikey " + secret);
        return;
    }
    const std::string timestamp = std::to_string(to_unix_ms(now) / 1000);
    notice.headers.set("X-SePay-Timestamp", timestamp);
    notice.headers.set("X-SePay-Signature", sepay_signature(secret, timestamp, notice.body));
}

bool Sepay::is_accepted(const NoticeAnswer& answer) const
{
    if (answer.status != 200 && answer.status != 201) return false;
    const auto body = read_object(answer.body);
    const json::value* success = body ? body->if_contains("success") : nullptr;
    return success != nullptr && success->is_bool() && success->as_bool();
}

Response Sepay::route(const http::Request& request, UtcTime now)
{
    const std::string_view authorization = request.headers.value("Authorization");
    const auto token = std::ranges::find_if(settings.tokens, [&](const SepayToken& known) {
        return equal_constant_time(authorization, "Bearer " + known.token);
    });
    if (token == settings.tokens.end()) return error(401, "Unauthorized");
    if (!limit_.allows(token->token, now)) {
        Response refused = error(429, "Too Many Requests");
        refused.headers.set("x-sepay-userapi-retry-after", "1");
        return refused;
    }
    if (request.method != http::Method::get || !request.path.starts_with(api_root))
        return error(404, "Not Found");
    const std::string_view what = std::string_view{request.path}.substr(api_root.size());
    if (what == "list" || what == "count") return list(*token, request.query, what == "count", now);
    constexpr std::string_view details = "details/";
    if (!what.starts_with(details)) return error(404, "Not Found");
    for (const Transfer& transfer : bank_.transfers()) {
        const bool may_see =
            std::ranges::find(token->accounts, transfer.account) != token->accounts.end();
        if (!may_see || transfer.visible_at > now ||
            std::to_string(id_offset + transfer.id) != what.substr(details.size()))
            continue;
        json::object body{{"status", 200}, {"error", nullptr}};
        body["messages"] = json::object{{"success", true}};
        body["transaction"] =
            row_of(transfer, bank_.find_account(transfer.bin, transfer.account)->bank_name);
        return json_response(200, body);
    }
    return error(404, "Not Found");
}

Response Sepay::list(
    const SepayToken& token, const http::Params& query, bool counts_only, UtcTime now) const
{
    const auto value = [&](std::string_view name) { return query.value(name); };
    const auto since = number_or(value("since_id"), 0);
    const auto limit = number_or(value("limit"), list_max);
    const auto from = from_bank_time(value("transaction_date_min"));
    auto to = from_bank_time(value("transaction_date_max"));
    if (to && value("transaction_date_max").size() == 10) *to += std::chrono::hours{24} - 1ms;
    const bool is_bad_date = (!from && !value("transaction_date_min").empty()) ||
                             (!to && !value("transaction_date_max").empty());
    if (!since || !limit || is_bad_date) return error(400, "Bad Request");

    std::vector<const Transfer*> found;
    for (const Transfer& transfer : bank_.transfers()) {
        const bool may_see =
            std::ranges::find(token.accounts, transfer.account) != token.accounts.end();
        const Money in = transfer.is_in ? transfer.amount : Money{};
        const Money out = transfer.is_in ? Money{} : transfer.amount;
        const auto is_other = [&](std::string_view name, Money amount) {
            const std::string_view asked = value(name);
            return !asked.empty() && asked != std::to_string(amount.vnd()) &&
                   asked != decimal(amount);
        };
        // SePay lists from the given id on, that one included.
        if (!may_see || transfer.visible_at > now || id_offset + transfer.id < *since ||
            (from && transfer.made_at < *from) || (to && transfer.made_at > *to) ||
            (!value("account_number").empty() && value("account_number") != transfer.account) ||
            (!value("reference_number").empty() &&
             value("reference_number") != transfer.reference) ||
            is_other("amount_in", in) || is_other("amount_out", out))
            continue;
        found.push_back(&transfer);
    }
    json::object body{{"status", 200}, {"error", nullptr}};
    body["messages"] = json::object{{"success", true}};
    if (counts_only) {
        body["count_transactions"] = found.size();
        return json_response(200, body);
    }
    if (settings.lists_newest_first) std::ranges::reverse(found);
    found.resize(std::min<std::size_t>({found.size(), *limit, list_max}));
    json::array rows;
    for (const Transfer* transfer : found)
        rows.push_back(
            row_of(*transfer, bank_.find_account(transfer->bin, transfer->account)->bank_name));
    body["transactions"] = std::move(rows);
    return json_response(200, body);
}

Response Sepay::refusal(const http::Request&, UtcTime)
{
    return error(403, "Forbidden");
}

Result<PayResult, std::string> Sepay::act(const PayCommand&, UtcTime)
{
    return std::unexpected{"payers pay at the bank"};
}

} // namespace iwas::sim::bank
