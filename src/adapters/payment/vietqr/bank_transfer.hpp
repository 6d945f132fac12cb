// BankTransfer: one movement on a bank account, as SePay or Casso tell of it.
#pragma once

#include "domain/payment_account.hpp"
#include "ports/payment_gateway.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace iwas::adapters::vietqr_feeds {

struct BankTransfer {
    std::string feed_id;   // such as "sepay-92704"
    std::string reference; // the bank's own; may be empty
    std::string account;
    std::string virtual_account; // may be empty
    Money amount;                // 0: money out, or nothing
    UtcTime at;
    std::string memo;
    std::string payer; // masked
    bool is_test = false;
};

/// Whether it is of the configured account, which may be the real or the virtual one.
bool is_of(const BankTransfer& transfer, const domain::PaymentAccount& account);

/// The name under which its money counts once, the same in a webhook and in a list.
///
/// It is the bank's reference where there is one: two feeds that watch one account have their own
/// ids for one transfer, but the reference in common. The price is that a bank which used one
/// reference for two transfers would have the second passed over; banks whose references are
/// counters do that every day, so that a reference of fewer than eight characters counts together
/// with its day and amount. And should two feeds write one transfer's reference differently (which
/// no document rules out), it counts twice: the surplus then waits for a person, and a shop that
/// sees it should keep one feed.
/// Without a reference it is the feed's own id.
std::string gateway_id_of(const BankTransfer& transfer);

/// The order whose code stands alone in the memo; empty when there is none. Of several codes the
/// first two, which is the name of no order: it is not guessed which is meant.
std::string order_of(const BankTransfer& transfer);

/// The first of `texts` that has an order code, else the first that is not empty: feeds give the
/// payer's words in several members, more or less cut.
std::string memo_of(std::initializer_list<std::string> texts);

ports::ReceivedMoney money_of(const BankTransfer& transfer);

} // namespace iwas::adapters::vietqr_feeds
