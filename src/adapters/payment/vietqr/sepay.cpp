// SePay: https://developer.sepay.vn (webhooks, authentication, transaction API).
#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/plans.hpp"
#include "adapters/payment/transfer_texts.hpp"
#include "adapters/payment/vietnam_time.hpp"
#include "adapters/payment/vietqr/feed.hpp"
#include "core/digest.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <charconv>
#include <functional>

namespace iwas::adapters::vietqr_feeds {

namespace json = boost::json;
using ports::GatewayError;

namespace {

/// Rows asked for at once. SePay gives up to 5,000; so many fit into `list_octets_max` with the
/// longest texts.
constexpr std::size_t rows_max = 500;

Proof prove_signature(
    const SecretText& secret, const ports::NoticeRequest& request, Milliseconds window)
{
    const std::string_view signature = request.header("X-SePay-Signature");
    if (signature.empty()) return Proof::absent;
    constexpr std::string_view scheme = "sha256=";
    const std::string_view written = request.header("X-SePay-Timestamp");
    std::int64_t seconds = 0;
    const auto [end, error] =
        std::from_chars(written.data(), written.data() + written.size(), seconds);
    constexpr std::int64_t year_2100 = 4'102'444'800;
    if (error != std::errc{} || end != written.data() + written.size() || seconds < 0 ||
        seconds > year_2100 || !signature.starts_with(scheme))
        return Proof::wrong;
    const std::string right = to_hex(hmac_sha256(
        as_bytes(secret.reveal()), {as_bytes(written), as_bytes("."), as_bytes(request.body)}));
    if (!equal_constant_time(signature.substr(scheme.size()), right)) return Proof::wrong;
    const Milliseconds age = request.now - from_unix_ms(seconds * 1000);
    return std::chrono::abs(age) > window ? Proof::too_old : Proof::right;
}

Proof prove_key(const SecretText& secret, const ports::NoticeRequest& request)
{
    const std::string_view authorization = request.header("Authorization");
    constexpr std::string_view scheme = "Apikey ";
    if (!authorization.starts_with(scheme)) return Proof::absent;
    return equal_constant_time(authorization.substr(scheme.size()), secret.reveal()) ? Proof::right
                                                                                     : Proof::wrong;
}

std::string text_of(const json::object& row, std::string_view name)
{
    return gateway_json::scalar(row, name, "").value_or("").substr(0, 64);
}

std::optional<BankTransfer> row_from(const json::object& row, UtcTime otherwise)
{
    const auto id = gateway_json::identifier(row, "id");
    const auto amount = gateway_json::amount_with_fraction(row, "amount_in");
    if (!id || !amount) return std::nullopt;
    BankTransfer transfer;
    transfer.feed_id = "sepay-" + *id;
    transfer.reference = gateway_json::identifier(row, "reference_number").value_or("");
    transfer.account = text_of(row, "account_number");
    transfer.virtual_account = text_of(row, "sub_account");
    transfer.amount = *amount;
    transfer.at = transfer_time(row, "transaction_date", otherwise);
    transfer.memo =
        memo_of({transfer_text(row, "transaction_content"), transfer_text(row, "code")});
    return transfer;
}

/// What a full answer left out. Its order is not written down, so it is looked at: of a list that
/// begins with the newest the rest is older than its last row, of one that ends with them newer;
/// without an order it is asked for again in two halves of its time. Rows of the same second may
/// come twice, and count once.
std::vector<FeedQuestion> rest_of(
    const FeedQuestion& question, const std::vector<BankTransfer>& transfers)
{
    const auto times = [](const BankTransfer& transfer) { return transfer.at; };
    const auto [oldest, newest] = std::ranges::minmax_element(transfers, {}, times);
    if (oldest != transfers.end() && oldest->at < newest->at && oldest->at >= question.from &&
        newest->at <= question.to) {
        if (std::ranges::is_sorted(transfers, std::ranges::greater{}, times))
            return {{.from = question.from, .to = oldest->at}};
        if (std::ranges::is_sorted(transfers, {}, times))
            return {{.from = newest->at, .to = question.to}};
    }
    if (question.to - question.from < 1s) return {};
    const UtcTime middle =
        std::chrono::floor<Seconds>(question.from + (question.to - question.from) / 2);
    return {{.from = question.from, .to = middle}, {.from = middle + 1s, .to = question.to}};
}

class Sepay final : public Feed {
public:
    [[nodiscard]] Proof prove(
        const domain::BankFeed& feed, const ports::NoticeRequest& request,
        const FeedWindows& windows) const override
    {
        if (feed.webhook_secret.empty()) return Proof::absent;
        switch (feed.proof) {
        case domain::BankFeedProof::hmac:
            return prove_signature(feed.webhook_secret, request, windows.sepay);
        case domain::BankFeedProof::api_key: break;
        }
        return prove_key(feed.webhook_secret, request);
    }

    [[nodiscard]] Webhook read_webhook(const json::object& body, UtcTime now) const override
    {
        const auto id = gateway_json::identifier(body, "id");
        const auto amount = gateway_json::amount_with_fraction(body, "transferAmount");
        const auto type = gateway_json::text(body, "transferType", 8);
        if (!amount) return {.transfers = {}, .unread = ports::Unread::amount};
        if (!id || !type || (*type != "in" && *type != "out"))
            return {.transfers = {}, .unread = ports::Unread::other};
        BankTransfer transfer;
        transfer.feed_id = "sepay-" + *id;
        transfer.reference = gateway_json::identifier(body, "referenceCode").value_or("");
        transfer.account = text_of(body, "accountNumber");
        transfer.virtual_account = text_of(body, "subAccount");
        transfer.amount = *type == "in" ? *amount : Money{0};
        transfer.at = transfer_time(body, "transactionDate", now);
        transfer.memo = memo_of(
            {transfer_text(body, "content"), transfer_text(body, "description"),
             transfer_text(body, "code")});
        Webhook webhook;
        webhook.transfers.push_back(std::move(transfer));
        return webhook;
    }

    [[nodiscard]] http::OutboundRequest request(
        const domain::BankFeed& feed, const FeedQuestion& question) const override
    {
        // Not by account_number: of a virtual account the list has the real one there.
        http::OutboundRequest call{
            http::Method::get,
            "/userapi/transactions/list?" +
                gateway_json::form(
                    {{"transaction_date_min", vietnam_text(question.from)},
                     {"transaction_date_max", vietnam_text(question.to)},
                     {"limit", std::to_string(rows_max)}}),
            {},
            {},
            list_octets_max};
        call.headers.set("Accept", "application/json");
        call.headers.set("Authorization", "Bearer " + feed.api_token.reveal());
        return call;
    }

    [[nodiscard]] Result<FeedPage, ports::GatewayFailure> read_page(
        const FeedQuestion& question, const http::InboundResponse& response) const override
    {
        const auto body = feed_answer(response);
        if (!body) return std::unexpected(body.error());
        const json::array* rows = gateway_json::array(*body, "transactions");
        if (rows == nullptr)
            return std::unexpected(gateway_failure(
                GatewayError::unknown, gateway_json::scalar(*body, "status", "").value_or("")));
        FeedPage page;
        for (const json::value& item : *rows) {
            auto row = item.is_object() ? row_from(item.get_object(), question.from) : std::nullopt;
            if (row)
                page.transfers.push_back(std::move(*row));
            else
                page.failure = gateway_failure(GatewayError::unknown, "bad_row");
        }
        if (rows->size() < rows_max) return page;
        page.further = rest_of(question, page.transfers);
        if (page.further.empty()) // as many in one second
            page.failure = gateway_failure(GatewayError::unknown, "too_many");
        return page;
    }
};

} // namespace

const Feed& sepay_feed()
{
    static const Sepay feed;
    return feed;
}

} // namespace iwas::adapters::vietqr_feeds
