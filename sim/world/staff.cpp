#include "sim/world/staff.hpp"

#include "domain/reconciliation.hpp"

#include <fmt/format.h>

namespace iwas::sim {

using domain::Transaction;
using domain::TransactionId;
using domain::TransactionReason;
using domain::TransactionState;
using workflows::StaffAction;
using workflows::StaffRefunds;

namespace {

using Done = StaffRefunds::Done;
using Work = std::function<awaitable<Done>(IwasLife&)>;

class Staff {
public:
    Staff(World& world, std::string name, SimRandom random)
        : world_{world}, name_{std::move(name)}, random_{random}
    {
    }

    awaitable<void> work();

private:
    awaitable<void> wait(Seconds low, Seconds high)
    {
        const SteadyTime until =
            world_.clock().steady_now() + random_.between(Milliseconds{low}, Milliseconds{high});
        co_await world_.clock().sleep_until(until);
    }
    awaitable<void> work_queue();
    awaitable<void> settle(Transaction queued);
    awaitable<void> settle_debit(Transaction queued);
    awaitable<void> give_by_hand(Transaction queued, Money amount);
    awaitable<void> refund_something();
    /// Does it, and in some cases twice at once, as hasty people do.
    awaitable<std::optional<Done>> act(Work work);
    [[nodiscard]] StaffAction action() { return {.staff = name_, .reason = "seen to"}; }
    [[nodiscard]] std::string next_name() { return name_ + "-" + std::to_string(++names_); }
    /// An order of the same account that just this money would pay.
    [[nodiscard]] std::optional<TransactionId> order_for(const Transaction& held);

    World& world_;
    std::string name_;
    SimRandom random_;
    int names_ = 0;
};

awaitable<std::optional<Done>> Staff::act(Work work)
{
    if (random_.chance(0.2))
        (void)world_.tasks().spawn("second click", [](World* world, Work again) -> awaitable<void> {
            (void)co_await world->call<Done>(std::move(again));
        }(&world_, work));
    auto done = co_await world_.call<Done>(std::move(work));
    co_return done;
}

awaitable<void> Staff::work_queue()
{
    using Queue = Result<std::vector<ports::QueuedRefund>, ports::StoreError>;
    constexpr int shown = 50;
    std::function<awaitable<Queue>(IwasLife&)> look = [](IwasLife& life) {
        return life.store().refund_queue(shown);
    };
    const auto queue = co_await world_.call<Queue>(std::move(look));
    if (!queue || !*queue || (*queue)->empty()) co_return;
    const auto last = static_cast<std::int64_t>((*queue)->size()) - 1;
    const auto index = static_cast<std::size_t>(random_.between(0, last));
    Transaction queued = (*queue)->at(index).transaction;
    if (domain::is_gateway(queued.method))
        co_await settle(std::move(queued));
    else
        co_await settle_debit(std::move(queued));
}

std::optional<TransactionId> Staff::order_for(const Transaction& held)
{
    for (const auto& [id, order] : world_.auditor().transactions()) {
        const bool is_unpaid = order.state == TransactionState::pending ||
                               order.state == TransactionState::failed ||
                               order.state == TransactionState::expired;
        if (is_unpaid && order.payment_account == held.payment_account && !order.order_id.empty() &&
            (domain::due_of(order) <= domain::due_of(held) || random_.chance(0.2)))
            return id;
    }
    return std::nullopt;
}

awaitable<void> Staff::settle(Transaction queued)
{
    const TransactionId id = queued.id;
    // He looks into the gateway's own pages first.
    const auto& refunds = world_.gateways().model.refunds();
    const auto there = refunds.find(queued.gateway_refund_id);
    const bool may_be_made =
        there != refunds.end() && there->second.state != ports::RefundState::failed;
    const auto choice = random_.between(0, 9);
    if (may_be_made || choice < 3) {
        (void)co_await act(
            [id, who = action()](IwasLife& life) { return life.staff().retry(id, who); });
        co_return;
    }
    const auto order = choice < 6 ? order_for(queued) : std::nullopt;
    if (order && domain::is_bank_transfer(queued.method)) {
        (void)co_await act([id, to = *order, who = action()](IwasLife& life) {
            return life.staff().attach(id, to, who);
        });
        co_return;
    }
    if (choice == 6) {
        (void)co_await act(
            [id, who = action()](IwasLife& life) { return life.staff().keep_as_credit(id, who); });
        co_return;
    }
    const bool is_strange = queued.reason == TransactionReason::unmatched_payment;
    if (choice == 7 || (choice == 8 && is_strange)) {
        (void)co_await act(
            [id, who = action()](IwasLife& life) { return life.staff().dismiss(id, who); });
        co_return;
    }
    const Money due = domain::due_of(queued);
    co_await give_by_hand(std::move(queued), due);
}

/// At the PC system he sees what was debited and what went back.
awaitable<void> Staff::settle_debit(Transaction queued)
{
    const TransactionId id = queued.id;
    const TransactionId debit = queued.origin.value_or(id);
    const auto charges = world_.pc().model.charges_of(domain::charge_reference(debit));
    // What may still be on its way would make his answer wrong.
    if (world_.pc().under_way() > 0) co_return;
    if (world_.pc().abilities.repeats_refunds && !charges.empty() && random_.chance(0.5)) {
        (void)co_await act(
            [id, who = action()](IwasLife& life) { return life.staff().retry(id, who); });
        co_return;
    }
    if (charges.empty()) {
        (void)co_await act(
            [id, who = action()](IwasLife& life) { return life.staff().dismiss(id, who); });
        co_return;
    }
    const Money left{charges.front()->amount - charges.front()->refunded_total()};
    const Money due = domain::due_of(queued);
    co_await give_by_hand(std::move(queued), std::min(left, due));
}

/// Notes it first, and gives the money when the note is durable: whoever noted it gives it.
awaitable<void> Staff::give_by_hand(Transaction queued, Money amount)
{
    const TransactionId id = queued.id;
    const std::string receipt = next_name();
    world_.gateways().begin_deed();
    const auto done = co_await act([id, receipt, who = action()](IwasLife& life) {
        return life.staff().done_by_hand(id, receipt, who);
    });
    // Without a clear answer he looks until he knows.
    bool is_noted = done && *done;
    using Loaded = Result<std::optional<Transaction>, ports::StoreError>;
    bool is_known = is_noted;
    while (!is_known) {
        co_await wait(Seconds{60}, Seconds{90}); // nothing of it is under way any more
        std::function<awaitable<Loaded>(IwasLife&)> look = [id](IwasLife& life) {
            return life.store().load_transaction(id);
        };
        const auto seen = co_await world_.call<Loaded>(std::move(look));
        is_known = seen && *seen && **seen;
        if (is_known)
            is_noted = (**seen)->refund_id == std::string{domain::by_hand_refund_prefix} + receipt;
    }
    if (is_noted && domain::is_gateway(queued.method))
        world_.gateways().given_by_hand[receipt] += amount;
    world_.gateways().end_deed();
}

/// A customer is not content.
awaitable<void> Staff::refund_something()
{
    std::vector<const Transaction*> paid;
    for (const auto& [id, txn] : world_.auditor().transactions())
        if (txn.state == TransactionState::success) paid.push_back(&txn);
    if (paid.empty()) co_return;
    const auto last = static_cast<std::int64_t>(paid.size()) - 1;
    const Transaction chosen = *paid.at(static_cast<std::size_t>(random_.between(0, last)));
    std::optional<Money> amount;
    const std::int64_t due = domain::due_of(chosen).vnd();
    if (due > 0 && random_.chance(0.5)) amount = Money{random_.between(1, due)};
    const std::string key = next_name();
    for (int tries = 0; tries < 3; ++tries) {
        const auto done =
            co_await act([id = chosen.id, amount, key, who = action()](IwasLife& life) {
                return life.staff().start(id, amount, who, key);
            });
        if (done || world_.is_calm()) co_return;
    }
}

awaitable<void> Staff::work()
{
    while (!world_.is_calm()) {
        co_await wait(Seconds{20}, Seconds{400});
        if (world_.is_calm()) co_return;
        if (random_.chance(0.7))
            co_await work_queue();
        else
            co_await refund_something();
    }
}

} // namespace

awaitable<void> work_as_staff(World& world, std::string name, SimRandom random)
{
    Staff staff{world, std::move(name), random};
    co_await staff.work();
}

} // namespace iwas::sim
