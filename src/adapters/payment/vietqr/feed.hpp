// Feeds: what SePay and Casso have in common. Each proves its webhooks and lists its transfers.
#pragma once

#include "adapters/payment/mapping.hpp"
#include "adapters/payment/vietqr/bank_transfer.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <vector>

namespace iwas::adapters::vietqr_feeds {

struct FeedWindows {
    /// How far the time in a signed webhook may be from ours. SePay's is documented; Casso's is
    /// not, and only its advice.
    Milliseconds sepay{5min};
    Milliseconds casso{5min};
};

/// Whether a webhook carries the proof of one kind of feed, and what came of trying it.
enum class Proof : std::uint8_t { absent, wrong, too_old, right };

/// One question to a feed's list: transfers of [from, to], to whole seconds.
struct FeedQuestion {
    UtcTime from;
    UtcTime to;
    int page = 1;
};
struct FeedPage {
    std::vector<BankTransfer> transfers;
    std::vector<FeedQuestion> further;            // what is still to be asked
    std::optional<ports::GatewayFailure> failure; // of a row that is missing in `transfers`
};

/// The largest answer of a list that is read.
inline constexpr std::size_t list_octets_max = 2 * 1024 * 1024;

/// What a webhook says, as far as it can be read.
struct Webhook {
    std::vector<BankTransfer> transfers;
    ports::Unread unread = ports::Unread::nothing; // of a row that is missing in `transfers`
};

/// A webhook as it is kept: without balances, payers and what they wrote.
std::string kept_webhook(const boost::json::object& body);

class Feed {
public:
    virtual ~Feed() = default;
    [[nodiscard]] virtual Proof prove(
        const domain::BankFeed& feed, const ports::NoticeRequest& request,
        const FeedWindows& windows) const = 0;
    /// A row that cannot be read does not keep the others.
    [[nodiscard]] virtual Webhook read_webhook(
        const boost::json::object& body, UtcTime now) const = 0;

    [[nodiscard]] virtual http::OutboundRequest request(
        const domain::BankFeed& feed, const FeedQuestion& question) const = 0;
    /// A row that cannot be read is a failure of the page, which has the others.
    [[nodiscard]] virtual Result<FeedPage, ports::GatewayFailure> read_page(
        const FeedQuestion& question, const http::InboundResponse& response) const = 0;
};

const Feed& sepay_feed();
const Feed& casso_feed();
const Feed& feed_of(domain::BankFeedKind kind);

/// The feed's JSON answer, or why there is none.
Result<boost::json::object, ports::GatewayFailure> feed_answer(
    const http::InboundResponse& response);

} // namespace iwas::adapters::vietqr_feeds
