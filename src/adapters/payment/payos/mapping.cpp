#include "adapters/payment/payos/mapping.hpp"

#include "adapters/payment/invitation_urls.hpp"
#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/payos/signature.hpp"
#include "adapters/payment/payos/transfer.hpp"
#include "adapters/payment/plans.hpp"
#include "core/text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <charconv>

namespace iwas::adapters {

namespace json = boost::json;
using domain::Invitation;
using domain::PaymentAccount;
using domain::TransactionReason;
using ports::GatewayError;
using ports::GatewayFailure;
using ports::PaymentState;
using ports::PaymentStatus;

namespace {

using payos::is_in_vnd;
using payos::money_from;
using payos::order_code_max;
constexpr std::string_view links_path = "/v2/payment-requests";
constexpr std::size_t transfers_max = 100; // of one order

std::optional<std::int64_t> order_code_from(std::string_view text)
{
    std::int64_t code = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
    if (error != std::errc{} || end != text.data() + text.size() || code < 1 ||
        code > order_code_max)
        return std::nullopt;
    return code;
}

bool has_keys(const PaymentAccount& account)
{
    return !account.merchant.empty() && !account.access_key.empty() && !account.secret_key.empty();
}

http::OutboundRequest with_keys(http::OutboundRequest request, const PaymentAccount& account)
{
    request.headers.set("x-client-id", account.merchant);
    request.headers.set("x-api-key", account.access_key.reveal());
    return request;
}

http::OutboundRequest question(const PaymentAccount& account, std::int64_t order_code)
{
    http::OutboundRequest request{
        http::Method::get, std::string{links_path} + "/" + std::to_string(order_code), {}, {}};
    request.headers.set("Accept", "application/json");
    return with_keys(std::move(request), account);
}

/// PayOS does not publish its numbers in one place: these come from integrations. What is not here
/// says nothing about what happened.
GatewayError error_of(int status, std::string_view code)
{
    if (code == "231") return GatewayError::duplicate;
    if (code == "101") return GatewayError::not_found;
    if (code == "201" || code == "214" || code == "401") return GatewayError::misconfigured;
    if (code == "20") return GatewayError::refused;
    if (status == 400) return GatewayError::refused;
    if (status == 404) return GatewayError::not_found;
    return GatewayError::unknown;
}

/// The signed data of an answer that says "00".
Result<json::object, GatewayFailure> data_of(
    const PaymentAccount& account, const http::InboundResponse& response)
{
    const auto failed = [](GatewayError error, std::string code) {
        return std::unexpected(gateway_failure(error, std::move(code)));
    };
    const std::string status = "http_" + std::to_string(response.status);
    if (response.status == 401 || response.status == 403)
        return failed(GatewayError::misconfigured, status);
    if (response.status == 429) return failed(GatewayError::unavailable, status);
    const auto body = gateway_json::parse_object(response.body);
    if (!body || response.status >= 500) return failed(GatewayError::unknown, status);
    const std::string code = gateway_json::scalar(*body, "code", "").value_or("").substr(0, 16);
    if (code != "00") return failed(error_of(response.status, code), code);
    const json::object* data = payos::signed_data(*body, account.secret_key);
    if (data == nullptr) return failed(GatewayError::unknown, "unsigned");
    return *data;
}

bool is_of(const json::object& data, std::int64_t order_code)
{
    return gateway_json::integer(data, "orderCode") == order_code;
}

/// What the customer needs, from the answer to the creation or to a later question.
std::optional<Invitation> invitation_from(const PaymentAccount& account, const json::object& data)
{
    Invitation invitation;
    invitation.pay_url = web_url(gateway_json::text(data, "checkoutUrl").value_or(""));
    invitation.qr_text = qr_text(gateway_json::text(data, "qrCode").value_or(""));
    for (const std::string_view name : {"paymentLinkId", "id"})
        if (invitation.gateway_order.empty())
            invitation.gateway_order = gateway_json::identifier(data, name).value_or("");
    const bool is_name = std::ranges::all_of(invitation.gateway_order, [](char c) {
        return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-';
    });
    if (invitation.gateway_order.empty() || !is_name) return std::nullopt;
    if (invitation.pay_url.empty() && !account.page_url.empty())
        invitation.pay_url = account.page_url + (account.page_url.ends_with('/') ? "" : "/") +
                             invitation.gateway_order;
    if (invitation.pay_url.empty() && invitation.qr_text.empty()) return std::nullopt;
    return invitation;
}

GatewayPlan<Invitation> read_existing(
    const PaymentAccount& account, std::int64_t order_code, Money amount,
    const http::InboundResponse& response)
{
    const auto data = data_of(account, response);
    if (!data) return failed_plan<Invitation>(GatewayError::duplicate, "231");
    const std::string status = gateway_json::text(*data, "status").value_or("");
    const bool is_same = is_of(*data, order_code) && status == "PENDING" && is_in_vnd(*data) &&
                         gateway_json::amount(*data, "amount") == amount;
    auto invitation = is_same ? invitation_from(account, *data) : std::nullopt;
    if (!invitation) return failed_plan<Invitation>(GatewayError::duplicate, "231");
    return answer_plan(std::move(*invitation));
}

GatewayPlan<Invitation> read_created(
    const PaymentAccount& account, std::int64_t order_code, Money amount,
    const http::InboundResponse& response)
{
    const auto data = data_of(account, response);
    if (!data && data.error().error == GatewayError::duplicate)
        return GatewayStep<Invitation>{
            account.base_url, question(account, order_code),
            [account, order_code, amount](const http::InboundResponse& found) {
                return read_existing(account, order_code, amount, found);
            }};
    if (!data) return ports::GatewayAnswer<Invitation>{std::unexpected(data.error())};
    if (!is_of(*data, order_code) || gateway_json::amount(*data, "amount") != amount)
        return failed_plan<Invitation>(GatewayError::unknown, "foreign");
    if (!is_in_vnd(*data)) return failed_plan<Invitation>(GatewayError::unknown, "currency");
    auto invitation = invitation_from(account, *data);
    if (!invitation) return failed_plan<Invitation>(GatewayError::unknown, "incomplete");
    return answer_plan(std::move(*invitation));
}

/// A reference that stands twice counts once.
std::vector<ports::ReceivedMoney> transfers_from(const json::object& data, UtcTime now)
{
    std::vector<ports::ReceivedMoney> received;
    const json::array* transfers = gateway_json::array(data, "transactions");
    if (transfers == nullptr) return received;
    for (const json::value& item : *transfers) {
        if (!item.is_object() || received.size() == transfers_max) continue;
        auto money = money_from(item.get_object(), now);
        const auto is_same = [&](const ports::ReceivedMoney& other) {
            return other.gateway_id == money->gateway_id;
        };
        if (money && std::ranges::none_of(received, is_same)) received.push_back(std::move(*money));
    }
    return received;
}

/// Of one transfer in another currency nothing is granted: a person looks at all of them.
bool has_foreign_money(const json::object& data)
{
    const json::array* transfers = gateway_json::array(data, "transactions");
    const auto is_foreign = [](const json::value& item) {
        return item.is_object() && !is_in_vnd(item.get_object());
    };
    return !is_in_vnd(data) ||
           (transfers != nullptr && std::ranges::any_of(*transfers, is_foreign));
}

GatewayPlan<PaymentStatus> read_found(
    const PaymentAccount& account, std::int64_t order_code, UtcTime now,
    const http::InboundResponse& response)
{
    const auto data = data_of(account, response);
    if (!data) return ports::GatewayAnswer<PaymentStatus>{std::unexpected(data.error())};
    if (!is_of(*data, order_code))
        return failed_plan<PaymentStatus>(GatewayError::unknown, "foreign");
    PaymentStatus status;
    status.code = gateway_json::text(*data, "status", 32).value_or("");
    status.received = transfers_from(*data, now);
    if (!status.received.empty()) { // also of a link that ended: money is money
        status.state = has_foreign_money(*data) ? PaymentState::held : PaymentState::paid;
        return answer_plan(std::move(status));
    }
    const auto paid = gateway_json::amount(*data, "amountPaid");
    if (status.code == "PAID" || (paid && *paid > Money{0})) // money without a name cannot be kept
        return failed_plan<PaymentStatus>(GatewayError::unknown, "no_transfer");
    const auto ended = [&](TransactionReason reason) {
        status.state = PaymentState::failed;
        status.reason = reason;
    };
    if (status.code == "CANCELLED") ended(TransactionReason::cancelled);
    if (status.code == "EXPIRED") ended(TransactionReason::payment_expired);
    if (status.code == "FAILED") ended(TransactionReason::declined);
    return answer_plan(std::move(status));
}

} // namespace

std::string PayosMapping::new_order_id(
    const PaymentAccount& /*account*/, UtcTime /*now*/, std::uint64_t chance) const
{
    return std::to_string(chance % static_cast<std::uint64_t>(order_code_max) + 1);
}

GatewayPlan<Invitation> PayosMapping::create(
    const PaymentAccount& account, const ports::PaymentOrder& order,
    const GatewayMoment& /*moment*/) const
{
    if (!has_keys(account)) return failed_plan<Invitation>(GatewayError::misconfigured, "keys");
    const auto order_code = order_code_from(order.order_id);
    if (!order_code || order.amount <= Money{0})
        return failed_plan<Invitation>(GatewayError::refused, "order");
    const std::string_view description =
        trimmed(std::string_view{order.description}.substr(0, options_.description_characters_max));
    // POST /v2/payment-requests: exactly these five are signed, not encoded.
    const std::string text =
        "amount=" + std::to_string(order.amount.vnd()) + "&cancelUrl=" + order.return_url +
        "&description=" + std::string{description} + "&orderCode=" + std::to_string(*order_code) +
        "&returnUrl=" + order.return_url;
    const json::object body{
        {"orderCode", *order_code},
        {"amount", order.amount.vnd()},
        {"description", description},
        {"cancelUrl", order.return_url},
        {"returnUrl", order.return_url},
        {"expiredAt", to_unix_ms(order.expires_at) / 1000}, // in seconds
        {"signature", payos::hash_of(text, account.secret_key)}};
    return GatewayStep<Invitation>{
        account.base_url, with_keys(json_post(std::string{links_path}, body), account),
        [account, code = *order_code,
         amount = order.amount](const http::InboundResponse& response) {
            return read_created(account, code, amount, response);
        }};
}

GatewayPlan<PaymentStatus> PayosMapping::find(
    const PaymentAccount& account, const ports::PaymentQuery& query,
    const GatewayMoment& moment) const
{
    if (!has_keys(account)) return failed_plan<PaymentStatus>(GatewayError::misconfigured, "keys");
    const auto order_code = order_code_from(query.order_id);
    if (!order_code) return failed_plan<PaymentStatus>(GatewayError::not_found, "order");
    return GatewayStep<PaymentStatus>{
        account.base_url, question(account, *order_code),
        [account, code = *order_code, now = moment.now](const http::InboundResponse& response) {
            return read_found(account, code, now, response);
        }};
}

GatewayPlan<std::vector<ports::ListedPayment>> PayosMapping::list(
    const PaymentAccount& /*account*/, UtcTime /*from*/, UtcTime /*to*/,
    const GatewayMoment& /*moment*/) const
{
    return failed_plan<std::vector<ports::ListedPayment>>(GatewayError::not_supported);
}

const GatewayMapping& payos_mapping()
{
    static const PayosMapping mapping;
    return mapping;
}

} // namespace iwas::adapters
