// Casso: https://developer.casso.vn (webhook v2, the older webhook, transaction API).
#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/plans.hpp"
#include "adapters/payment/sorted_json.hpp"
#include "adapters/payment/transfer_texts.hpp"
#include "adapters/payment/vietnam_time.hpp"
#include "adapters/payment/vietqr/feed.hpp"
#include "core/digest.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <charconv>

namespace iwas::adapters::vietqr_feeds {

namespace json = boost::json;
using ports::GatewayError;

namespace {

constexpr std::int64_t page_rows = 100;
constexpr std::size_t webhook_rows_max = 200;

/// "t=1727948258788,v1=<hex>".
struct Stamp {
    std::string_view time;
    std::int64_t time_ms = 0;
    std::string_view hash;
};

std::optional<Stamp> stamp_from(std::string_view header)
{
    Stamp stamp;
    while (!header.empty()) {
        const auto comma = header.find(',');
        const std::string_view part = header.substr(0, comma);
        header.remove_prefix(comma == std::string_view::npos ? header.size() : comma + 1);
        if (part.starts_with("t=")) stamp.time = part.substr(2);
        if (part.starts_with("v1=")) stamp.hash = part.substr(3);
    }
    const auto [end, error] =
        std::from_chars(stamp.time.data(), stamp.time.data() + stamp.time.size(), stamp.time_ms);
    constexpr std::int64_t year_2100 = 4'102'444'800'000;
    if (error != std::errc{} || end != stamp.time.data() + stamp.time.size() || stamp.time_ms < 0 ||
        stamp.time_ms > year_2100)
        return std::nullopt;
    return stamp;
}

Proof prove_signature(
    const SecretText& secret, const ports::NoticeRequest& request, Milliseconds window)
{
    const std::string_view header = request.header("X-Casso-Signature");
    if (header.empty()) return Proof::absent;
    const auto stamp = stamp_from(header);
    const auto body = gateway_json::parse_object(request.body);
    if (!stamp || !body) return Proof::wrong;
    const auto is_right = [&](JsonDialect dialect) {
        const std::string text = sorted_json(*body, dialect);
        return equal_constant_time(
            stamp->hash, to_hex(hmac_sha512(
                             as_bytes(secret.reveal()),
                             {as_bytes(stamp->time), as_bytes("."), as_bytes(text)})));
    };
    // Casso's samples write the body anew in two languages, which differ in other than plain text;
    // which of them its server uses is not documented.
    if (!is_right(JsonDialect::javascript) && !is_right(JsonDialect::php)) return Proof::wrong;
    const Milliseconds age = request.now - from_unix_ms(stamp->time_ms);
    return std::chrono::abs(age) > window ? Proof::too_old : Proof::right;
}

Proof prove_key(const SecretText& secret, const ports::NoticeRequest& request)
{
    const std::string_view token = request.header("secure-token");
    if (token.empty()) return Proof::absent;
    return equal_constant_time(token, secret.reveal()) ? Proof::right : Proof::wrong;
}

/// The first of these members that is there: the three interfaces have a name each.
std::string first_of(const json::object& row, std::initializer_list<std::string_view> names)
{
    for (const std::string_view name : names)
        if (auto found = gateway_json::identifier(row, name)) return *found;
    return {};
}

std::optional<Money> credit_of(const json::object& row)
{
    const auto amount = gateway_json::integer(row, "amount");
    if (amount && *amount < 0) return Money{0}; // money out
    return gateway_json::amount_with_fraction(row, "amount");
}

std::optional<BankTransfer> row_from(const json::object& row, UtcTime otherwise)
{
    const auto id = gateway_json::identifier(row, "id");
    const auto amount = credit_of(row);
    if (!id || !amount) return std::nullopt;
    BankTransfer transfer;
    transfer.feed_id = "casso-" + *id;
    transfer.reference = first_of(row, {"reference", "tid"});
    transfer.account =
        first_of(row, {"accountNumber", "bankSubAccId", "bank_sub_acc_id", "subAccId"});
    transfer.virtual_account = first_of(row, {"virtualAccountNumber", "virtualAccount"});
    transfer.amount = *amount;
    const std::string_view when =
        row.contains("transactionDateTime") ? "transactionDateTime" : "when";
    transfer.at = transfer_time(row, when, otherwise);
    transfer.memo = transfer_text(row, "description");
    transfer.payer =
        masked_account(first_of(row, {"counterAccountNumber", "corresponsiveAccount"}));
    transfer.is_test = *id == "0"; // "send a test" in Casso's pages
    return transfer;
}

class Casso final : public Feed {
public:
    [[nodiscard]] Proof prove(
        const domain::BankFeed& feed, const ports::NoticeRequest& request,
        const FeedWindows& windows) const override
    {
        if (feed.webhook_secret.empty()) return Proof::absent;
        switch (feed.proof) {
        case domain::BankFeedProof::hmac:
            return prove_signature(feed.webhook_secret, request, windows.casso);
        case domain::BankFeedProof::api_key: break;
        }
        return prove_key(feed.webhook_secret, request);
    }

    /// One object in v2, an array before.
    [[nodiscard]] Webhook read_webhook(const json::object& body, UtcTime now) const override
    {
        Webhook webhook;
        const auto take = [&](const json::object* row) {
            auto transfer = row == nullptr ? std::nullopt : row_from(*row, now);
            if (transfer)
                webhook.transfers.push_back(std::move(*transfer));
            else
                webhook.unread = row != nullptr && !credit_of(*row) ? ports::Unread::amount
                                                                    : ports::Unread::other;
        };
        const json::object* single = gateway_json::object(body, "data");
        const json::array* rows = gateway_json::array(body, "data");
        if (single != nullptr) take(single);
        if (single == nullptr && rows == nullptr) webhook.unread = ports::Unread::other;
        if (rows == nullptr) return webhook;
        for (const json::value& item : *rows) {
            if (webhook.transfers.size() == webhook_rows_max) {
                webhook.unread = ports::Unread::other;
                break;
            }
            take(item.if_object());
        }
        return webhook;
    }

    [[nodiscard]] http::OutboundRequest request(
        const domain::BankFeed& feed, const FeedQuestion& question) const override
    {
        http::OutboundRequest call{
            http::Method::get,
            "/v2/transactions?" + gateway_json::form(
                                      {{"fromDate", vietnam_date(question.from)},
                                       {"toDate", vietnam_date(question.to)},
                                       {"page", std::to_string(question.page)},
                                       {"pageSize", std::to_string(page_rows)},
                                       {"sort", "DESC"}}),
            {},
            {},
            list_octets_max};
        call.headers.set("Accept", "application/json");
        call.headers.set("Authorization", "Apikey " + feed.api_token.reveal());
        return call;
    }

    [[nodiscard]] Result<FeedPage, ports::GatewayFailure> read_page(
        const FeedQuestion& question, const http::InboundResponse& response) const override
    {
        const auto body = feed_answer(response);
        if (!body) return std::unexpected(body.error());
        const json::object* data = gateway_json::object(*body, "data");
        const json::array* rows = data == nullptr ? nullptr : gateway_json::array(*data, "records");
        if (rows == nullptr || gateway_json::integer(*body, "error") != 0)
            return std::unexpected(gateway_failure(
                GatewayError::unknown, gateway_json::scalar(*body, "error", "").value_or("")));
        FeedPage page;
        for (const json::value& item : *rows) {
            auto row = item.is_object() ? row_from(item.get_object(), question.from) : std::nullopt;
            if (row)
                page.transfers.push_back(std::move(*row));
            else
                page.failure = gateway_failure(GatewayError::unknown, "bad_row");
        }
        const auto pages = gateway_json::integer(*data, "totalPages");
        // It asks by the day, from the newest on: a page that is all older ends it. What comes
        // meanwhile only moves rows to later pages.
        const bool is_over =
            !page.failure && std::ranges::all_of(page.transfers, [&](const BankTransfer& each) {
                return each.at < question.from;
            });
        if (pages && *pages > question.page && !rows->empty() && !is_over)
            page.further.push_back(
                {.from = question.from, .to = question.to, .page = question.page + 1});
        return page;
    }
};

} // namespace

const Feed& casso_feed()
{
    static const Casso feed;
    return feed;
}

} // namespace iwas::adapters::vietqr_feeds
