// Polling: asking every feed of an account for its transfers, call after call.
#pragma once

#include "adapters/payment/vietqr/feed.hpp"

namespace iwas::adapters::vietqr_feeds {

/// The most calls of one question.
inline constexpr std::size_t calls_max = 60;
/// Between two calls: SePay allows three a second, and refuses the fourth.
inline constexpr Milliseconds call_pause{350};

/// What the feeds gave for the account, each movement once by `gateway_id_of`; only money in.
struct Polled {
    std::vector<BankTransfer> transfers;
    /// Why a feed gave nothing, or not all. The others' transfers are there.
    std::optional<ports::GatewayFailure> failure;
};

template <class T>
using Finish = std::function<ports::GatewayAnswer<T>(const Polled&)>;

/// Asks the feeds that have an address for [from, to]; not_supported when none has. T:
/// ports::PaymentStatus and std::vector<ports::ListedPayment>.
template <class T>
GatewayPlan<T> poll(
    const domain::PaymentAccount& account, UtcTime from, UtcTime to, Finish<T> finish);

} // namespace iwas::adapters::vietqr_feeds
