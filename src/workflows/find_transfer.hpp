// FindTransfer: "I have sent the money", when the bank app dropped the memo that names the order.
#pragma once

#include "domain/account.hpp"
#include "domain/transfer_claim.hpp"
#include "workflows/outside.hpp"
#include "workflows/try_counters.hpp"

#include <map>
#include <optional>

namespace iwas::workflows {

class PurchasePackage;

struct FindTransferRequest {
    domain::Account account;
    domain::Visit visit;
    domain::TransferClaim claim;
};

enum class TransferOutcome {
    found,     // the order has the money
    waiting,   // the order is open, and the money is not known yet
    not_found, // nothing that is surely his; staff can see what has come in
};

struct FoundTransfer {
    TransferOutcome outcome = TransferOutcome::not_found;
    std::optional<domain::TransactionId> order; // with found and waiting
};

enum class FindTransferError {
    rate_limited,
    try_later, // the store did not answer
};
struct FindTransferRefused {
    FindTransferError why = FindTransferError::try_later;
    Seconds wait{1};
};

struct FindTransferLimits {
    /// So often may a device, and a visit, ask within the window. Somebody who guesses has a
    /// million references or ten thousand account endings before him for each transfer, and would
    /// need years; an honest customer tries two or three times. Counted on this node, in memory: a
    /// restart gives a guesser ten more tries.
    int tries_max = 10;
    Seconds window{3600};
    Seconds order_age_max = 24h;             // as long as late money reopens an order
    Seconds feed_asked_every{10};            // of one payment account, whoever asks
    Milliseconds feed_answers_within{1'200}; // the customer waits meanwhile
};

/// A claim takes money only when nobody else can own it: it names the bank's reference, or amount,
/// minute and last digits together while no other customer has an unpaid order of that amount.
/// Everything else stays where it is, in the queue for staff. Nothing is told of other money.
class FindTransfer {
public:
    FindTransfer(Outside outside, PurchasePackage& purchases, FindTransferLimits limits = {});

    awaitable<Result<FoundTransfer, FindTransferRefused>> run(FindTransferRequest request);

private:
    /// His newest unpaid order by bank transfer with that amount to pay; one that is open comes
    /// before those that ended.
    awaitable<Result<std::optional<domain::Transaction>, ports::StoreError>> order_of(
        FindTransferRequest request);
    /// The one payment that is surely his; nothing when there is none, or more than one.
    awaitable<Result<std::optional<domain::Payment>, ports::StoreError>> payment_for(
        domain::Transaction order, domain::TransferClaim claim);
    /// Records what the bank feed has meanwhile. False: it was asked a moment ago, or has no list.
    awaitable<bool> ask_feed(domain::Transaction order);
    [[nodiscard]] std::optional<Seconds> blocked_for(const domain::Visit& visit);

    Outside outside_;
    PurchasePackage& purchases_;
    FindTransferLimits limits_;
    TryCounters tries_;
    std::map<domain::PaymentAccountId, SteadyTime> feeds_asked_; // one an account
};

} // namespace iwas::workflows
