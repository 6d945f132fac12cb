// Polling: asking every feed of an account for its transfers, call after call.
#pragma once

#include "adapters/payment/vietqr/feed.hpp"

namespace iwas::adapters::vietqr_feeds {

/// The most calls of one question. What they gave is kept, and the rest is a failure.
inline constexpr std::size_t calls_max = 120;
/// From one call to the next: SePay allows three a second, an older text two.
inline constexpr Milliseconds call_spacing{500};

template <class T>
using Finish = std::function<ports::GatewayAnswer<T>(const TransferList&)>;

/// Asks the feeds that have an address for [from, to]; not_supported when none has. The list has
/// only money in, each movement once by `gateway_id_of`. T: ports::PaymentStatus, TransferList and
/// std::vector<ports::ListedPayment>.
template <class T>
GatewayPlan<T> poll(
    const domain::PaymentAccount& account, UtcTime from, UtcTime to, Finish<T> finish);

} // namespace iwas::adapters::vietqr_feeds
