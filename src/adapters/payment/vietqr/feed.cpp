#include "adapters/payment/vietqr/feed.hpp"

#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/plans.hpp"
#include "adapters/payment/transfer_texts.hpp"

namespace iwas::adapters::vietqr_feeds {

const Feed& feed_of(domain::BankFeedKind kind)
{
    switch (kind) {
    case domain::BankFeedKind::sepay: return sepay_feed();
    case domain::BankFeedKind::casso: break;
    }
    return casso_feed();
}

std::string kept_webhook(const boost::json::object& body)
{
    return gateway_json::masked(
        body, {.secrets =
                   {"accumulated", "runningBalance", "cusum_balance", "cusumBalance",
                    "counterAccountName", "counterAccountNumber", "corresponsiveName",
                    "corresponsiveAccount", "virtualAccountName"},
               .texts = {"content", "description", "code"},
               .reduced = kept_text});
}

Result<boost::json::object, ports::GatewayFailure> feed_answer(
    const http::InboundResponse& response)
{
    using ports::GatewayError;
    const std::string status = "http_" + std::to_string(response.status);
    if (response.status == 401 || response.status == 403)
        return std::unexpected(gateway_failure(GatewayError::misconfigured, status));
    if (response.status == 429)
        return std::unexpected(gateway_failure(GatewayError::unavailable, status));
    auto body = gateway_json::parse_object(response.body, list_octets_max);
    if (response.status != 200 || !body)
        return std::unexpected(gateway_failure(GatewayError::unknown, status));
    return std::move(*body);
}

} // namespace iwas::adapters::vietqr_feeds
