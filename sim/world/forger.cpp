#include "sim/world/forger.hpp"

#include "sim/world/cafe.hpp"

#include <fmt/format.h>

#include <array>

namespace iwas::sim {

using domain::Transaction;
using domain::TransactionState;

namespace {

/// What is younger than this is not compared yet (ReconcileLimits::settles).
constexpr Seconds old_enough{301};

class Forger {
public:
    Forger(World& world, SimRandom& random) : world_{world}, random_{random} {}

    /// False when the world has nothing that could be forged so.
    bool forge(int kind);

private:
    using Fits = std::function<bool(const Transaction&)>;
    /// Any transaction that fits and was not chosen before.
    const Transaction* choose(const Fits& fits);
    const domain::Payment* choose_payment();
    [[nodiscard]] UtcTime moment_since(UtcTime time);
    [[nodiscard]] Money some_money() { return Money{random_.between(1, 9) * 1'111}; }
    void tell(std::string_view what, std::string_view name)
    {
        if (world_.nature().is_told())
            world_.nature().tell(fmt::format("forged: {} {}", what, name));
    }
    GatewayModel& model() { return world_.gateways().model; }
    PcSystemModel& pc() { return world_.pc().model; }

    bool pay_unheard();
    bool transfer_unheard();
    bool lose_payment();
    bool change_payment();
    bool lose_refund();
    bool make_refund();
    bool lose_debit();
    bool change_debit();
    bool return_debit();
    bool debit_late();
    /// The debit of `state`, none of which went back.
    const PcChargeRow* choose_debit(TransactionState state);

    World& world_;
    SimRandom& random_;
    std::set<domain::TransactionId> chosen_;
};

const Transaction* Forger::choose(const Fits& fits)
{
    std::vector<const Transaction*> found;
    for (const auto& [id, txn] : world_.auditor().transactions()) {
        const bool is_free =
            !chosen_.contains(id) && (!txn.origin || !chosen_.contains(*txn.origin));
        if (is_free && fits(txn)) found.push_back(&txn);
    }
    if (found.empty()) return nullptr;
    const auto last = static_cast<std::int64_t>(found.size()) - 1;
    const Transaction* txn = found.at(static_cast<std::size_t>(random_.between(0, last)));
    chosen_.insert(txn->id);
    if (txn->origin) chosen_.insert(*txn->origin);
    return txn;
}

UtcTime Forger::moment_since(UtcTime time)
{
    const UtcTime last = world_.clock().utc_now() - old_enough;
    return time + random_.between(Milliseconds{0}, std::max(Milliseconds{0}, last - time));
}

/// An ended or paid order is paid (again), and no notice ever comes.
bool Forger::pay_unheard()
{
    const Transaction* order = choose([&](const Transaction& txn) {
        const auto there = model().orders().find(txn.order_id);
        return there != model().orders().end() && domain::due_of(txn) > Money{};
    });
    if (!order) return false;
    const auto money = model().enter(
        order->payment_account, order->order_id, domain::due_of(*order),
        moment_since(order->created_at));
    tell("paid unheard", money.gateway_id);
    return true;
}

bool Forger::transfer_unheard()
{
    const auto account = gateway_account(domain::PaymentMethod::vietqr);
    if (model().without_list.contains(account)) return false;
    // What came before the first order there is none of IWAS's business.
    std::optional<UtcTime> first;
    for (const auto& [id, txn] : world_.auditor().transactions())
        if (txn.payment_account == account)
            first = std::min(first.value_or(txn.created_at), txn.created_at);
    if (!first) return false;
    const auto money = model().enter(account, "", some_money(), moment_since(*first));
    tell("transferred unheard", money.gateway_id);
    return true;
}

const domain::Payment* Forger::choose_payment()
{
    const auto& recorded = world_.auditor().money().recorded();
    const auto payment_of = [&](const Transaction& txn) -> const domain::Payment* {
        for (const auto& [id, payment] : recorded) {
            const auto movement = model().movements().find(id);
            // What a wrong notice made differ is left as it is: it may have been found already.
            const bool agrees = movement != model().movements().end() &&
                                !movement->second.is_reversed &&
                                movement->second.listed.money.amount == payment.amount;
            if (payment.transaction == txn.id && agrees) return &payment;
        }
        return nullptr;
    };
    const Transaction* holder =
        choose([&](const Transaction& txn) { return payment_of(txn) != nullptr; });
    return holder ? payment_of(*holder) : nullptr;
}

bool Forger::lose_payment()
{
    const domain::Payment* payment = choose_payment();
    if (!payment) return false;
    world_.gateways().spoiled.payments.insert(payment->gateway_id);
    model().forget(payment->gateway_id);
    tell("lost payment", payment->gateway_id);
    return true;
}

bool Forger::change_payment()
{
    const domain::Payment* payment = choose_payment();
    if (!payment) return false;
    world_.gateways().spoiled.payments.insert(payment->gateway_id);
    model().change_amount(payment->gateway_id, payment->amount + some_money());
    tell("changed payment", payment->gateway_id);
    return true;
}

bool Forger::lose_refund()
{
    const Transaction* refund = choose([&](const Transaction& txn) {
        const auto there = model().refunds().find(txn.refund_id);
        return txn.state == TransactionState::refunded && there != model().refunds().end() &&
               there->second.state == ports::RefundState::done;
    });
    if (!refund) return false;
    world_.gateways().spoiled.lost_refunds.emplace(
        refund->refund_id, model().refunds().at(refund->refund_id));
    model().forget_refund(refund->refund_id);
    tell("lost refund", refund->refund_id);
    return true;
}

/// A refund that was refused has been made after all, also one that a person has settled since.
bool Forger::make_refund()
{
    const Transaction* refund = choose([&](const Transaction& txn) {
        const auto there = model().refunds().find(txn.gateway_refund_id);
        const bool is_refused_here = txn.is_refund_queued || domain::is_settled_by_people(txn);
        return is_refused_here && there != model().refunds().end() &&
               there->second.state == ports::RefundState::failed;
    });
    if (!refund) return false;
    model().make_refund(refund->gateway_refund_id);
    tell("made refund", refund->gateway_refund_id);
    return true;
}

const PcChargeRow* Forger::choose_debit(TransactionState state)
{
    if (!world_.pc().abilities.finds_charges) return nullptr;
    const auto charge_of = [&](const Transaction& txn) -> const PcChargeRow* {
        const auto charges = pc().charges_of(domain::charge_reference(txn.id));
        return charges.empty() ? nullptr : charges.front();
    };
    const Transaction* debit = choose([&](const Transaction& txn) {
        return txn.state == state && !txn.origin && txn.refunded == Money{} && charge_of(txn);
    });
    if (!debit) return nullptr;
    world_.pc().spoiled.references.insert(domain::charge_reference(debit->id));
    return charge_of(*debit);
}

bool Forger::lose_debit()
{
    const PcChargeRow* charge =
        choose_debit(random_.chance(0.5) ? TransactionState::success : TransactionState::refunded);
    if (!charge) return false;
    tell("lost debit", charge->reference);
    world_.pc().spoiled.net -= charge->amount - charge->refunded_total();
    const std::string id = charge->id;
    pc().forget_charge(id);
    return true;
}

bool Forger::change_debit()
{
    const PcChargeRow* charge = choose_debit(TransactionState::success);
    if (!charge) return false;
    tell("changed debit", charge->reference);
    const std::int64_t more = some_money().vnd();
    world_.pc().spoiled.net += more;
    const std::string id = charge->id;
    pc().change_charge(id, charge->amount + more);
    return true;
}

/// The café gave a customer his money back at the counter.
bool Forger::return_debit()
{
    const PcChargeRow* charge = choose_debit(TransactionState::success);
    if (!charge) return false;
    const std::int64_t part =
        random_.chance(0.5) ? charge->amount : random_.between(1, charge->amount);
    tell("returned debit", charge->reference);
    const std::string id = charge->id;
    const auto returned = pc().refund(id, part, world_.clock().utc_now());
    if (returned) world_.pc().spoiled.net -= part;
    return returned.has_value();
}

/// A request that wandered for ever arrives and debits for a purchase that has ended.
bool Forger::debit_late()
{
    if (!world_.pc().abilities.finds_charges) return false;
    const auto member_of = [&](const Transaction& txn) -> const PcAccount* {
        const auto account = world_.run(world_.store().load_account(txn.account));
        return account && *account ? pc().find_account((*account)->member_id) : nullptr;
    };
    const Transaction* debit = choose([&](const Transaction& txn) {
        const bool has_ended =
            txn.state == TransactionState::failed || txn.state == TransactionState::expired;
        if (!has_ended || txn.method != domain::PaymentMethod::pc_balance) return false;
        if (!pc().charges_of(domain::charge_reference(txn.id)).empty()) return false;
        const PcAccount* member = member_of(txn);
        return member && member->cash >= domain::due_of(txn).vnd() && domain::due_of(txn) > Money{};
    });
    if (!debit) return false;
    const std::string reference = domain::charge_reference(debit->id);
    tell("debited late", reference);
    return pc()
        .charge(
            member_of(*debit)->id, domain::due_of(*debit).vnd(), reference, "late",
            world_.clock().utc_now())
        .has_value();
}

bool Forger::forge(int kind)
{
    constexpr std::array all{&Forger::pay_unheard,  &Forger::transfer_unheard,
                             &Forger::lose_payment, &Forger::change_payment,
                             &Forger::lose_refund,  &Forger::make_refund,
                             &Forger::lose_debit,   &Forger::change_debit,
                             &Forger::return_debit, &Forger::debit_late};
    const auto index = static_cast<std::size_t>(kind) % all.size();
    return (this->*all.at(index))();
}

} // namespace

int forge_books(World& world, int count, SimRandom& random)
{
    Forger forger{world, random};
    int forged = 0;
    for (int number = 0; number < count; ++number)
        if (forger.forge(static_cast<int>(random.between(0, 9)))) ++forged;
    return forged;
}

} // namespace iwas::sim
