// StaffRefunds: what a person does with money that was paid: gives it back, or says where it went.
//
// Nothing here talks to a gateway or a router. Each action is one step in the store with the jobs
// that carry it out, so it can be taken beside the running server, and a crash loses nothing.
#pragma once

#include "domain/session.hpp"
#include "domain/transaction.hpp"
#include "ports/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::workflows {

using ports::awaitable;

enum class StaffRefundError {
    not_found,
    not_refundable,  // not paid, or not any more
    too_much,        // more than what is left of the payment
    key_reused,      // the same key came before with another amount
    still_opening,   // the router has not confirmed yet: the purchase decides by itself in a minute
    not_queued,      // it does not wait for a person
    not_possible,    // this money cannot be settled in that way
    refund_in_doubt, // a gateway was asked to give it back, and may still do so
    try_later,       // the store did not answer
};
std::string_view to_text(StaffRefundError error);

/// What a person can do with money that waits for him; each is a function of StaffRefunds.
enum class QueueAction { retry, done_by_hand, attach, keep_as_credit, dismiss };
std::string_view to_text(QueueAction action);
/// In that order; nothing for what does not wait.
std::vector<QueueAction> actions_for(const domain::Transaction& queued);

/// Who acts, and why. Both are kept for ever.
struct StaffAction {
    std::string staff; // 1-64 characters
    std::string reason;
};

class StaffRefunds {
public:
    StaffRefunds(ports::Store& store, ports::Clock& clock) : store_{store}, clock_{clock} {}

    using Done = Result<domain::Transaction, StaffRefundError>;

    /// Gives `amount` of a paid transaction back, or all that is left of it. The transaction that
    /// is refunded: the paid one when all of it goes back at once, else one of its own. When
    /// nothing is left, the time that was bought ends too. The same key gives the same answer.
    awaitable<Done> start(
        domain::TransactionId id, std::optional<Money> amount, StaffAction action, std::string key);

    // Of what waits in the queue:
    /// The gateway or PC system is asked once more.
    awaitable<Done> retry(domain::TransactionId id, StaffAction action);
    /// A person has given the money back; `reference` is the bank's.
    awaitable<Done> done_by_hand(
        domain::TransactionId id, std::string reference, StaffAction action);
    /// It is the payment of that order. The running server does it, or says in the story of `id`
    /// why it cannot.
    awaitable<Done> attach(
        domain::TransactionId id, domain::TransactionId order, StaffAction action);
    /// The customer has agreed to keep it as store credit.
    awaitable<Done> keep_as_credit(domain::TransactionId id, StaffAction action);
    /// Nothing has to go back: it is no customer's money, or was never taken.
    awaitable<Done> dismiss(domain::TransactionId id, StaffAction action);

private:
    /// What becomes of a queued transaction; a `state` that stays refunding keeps it there.
    struct Settlement {
        domain::TransactionState state = domain::TransactionState::refunding;
        std::string refund_id; // empty: stays
        bool stays_queued = false;
        bool becomes_credit = false;
        std::optional<ports::Job> job;
        std::string why;
    };
    awaitable<Done> settle(domain::Transaction queued, Settlement settlement, StaffAction action);
    awaitable<Done> load_queued(domain::TransactionId id);
    awaitable<Result<std::optional<domain::Transaction>, StaffRefundError>> earlier(
        domain::Transaction paid, std::string what, std::string key);
    awaitable<std::optional<StaffRefundError>> take_time_back(
        ports::Step& step, domain::Transaction paid);

    ports::Store& store_;
    ports::Clock& clock_;
};

} // namespace iwas::workflows
