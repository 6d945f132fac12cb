#include "sim/world/auditor.hpp"

#include "domain/reconciliation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace iwas::sim {

using domain::Session;
using domain::SessionState;
using domain::Transaction;
using domain::TransactionState;

namespace {

constexpr std::size_t broken_max = 20;

bool is_settled(const Transaction& txn)
{
    return domain::is_final(txn.state) || txn.is_refund_queued;
}

bool is_debited(const Transaction& txn)
{
    return txn.method == domain::PaymentMethod::pc_balance && !txn.origin &&
           domain::due_of(txn) > Money{};
}

/// A person, and not the PC system, gave it back, or decided that nothing has to go back.
bool is_given_back_by_people(const Transaction& txn)
{
    return txn.refund_id.starts_with(domain::by_hand_refund_prefix) ||
           txn.refund_id.starts_with(domain::dismissed_refund_prefix);
}

} // namespace

Auditor::Auditor(Nature& nature, const PcSite& pc, const GatewaySite& gateways)
    : nature_{nature}, pc_{pc},
      money_{gateways, transactions_, [this](std::string rule) { broke(std::move(rule)); }}
{
}

void Auditor::broke(std::string rule)
{
    if (broken_.size() >= broken_max || std::ranges::find(broken_, rule) != broken_.end()) return;
    if (nature_.is_told()) nature_.tell("BROKEN: " + rule);
    broken_.push_back(std::move(rule));
}

void Auditor::forget(domain::TransactionId id)
{
    forgotten_.insert(domain::charge_reference(id));
    transactions_.erase(id);
}

void Auditor::opened(const Transaction& txn)
{
    transactions_[txn.id] = txn;
    by_reference_[domain::charge_reference(txn.id)] = txn.id;
    money_.opened(txn);
}

void Auditor::keep(const Transaction& txn, const std::string& why)
{
    const auto before = transactions_.find(txn.id);
    const bool is_changed = before == transactions_.end() || before->second.state != txn.state;
    if (is_changed && before != transactions_.end() &&
        !domain::may_follow(before->second.state, txn.state))
        broke(fmt::format(
            "transaction {} went from {} to {}", to_string(txn.id), to_text(before->second.state),
            to_text(txn.state)));
    transactions_[txn.id] = txn;
    if (nature_.is_told() && is_changed)
        nature_.tell(fmt::format(
            "durable: transaction {} {} {} ({})", to_string(txn.id), to_text(txn.state),
            to_text(txn.reason), why));
}

void Auditor::committed(const ports::Step& step)
{
    money_.committed(step);
    // Money that fits no order has a transaction that nobody opened.
    for (const Transaction& other : step.others)
        keep(other, step.why);
    if (step.transaction) {
        const Transaction& txn = *step.transaction;
        const bool is_unmatched =
            txn.version == 0 && txn.reason == domain::TransactionReason::unmatched_payment;
        if (!is_unmatched && !transactions_.contains(txn.id))
            broke("a transaction that nobody opened: " + to_string(txn.id));
        keep(txn, step.why);
        if (txn.is_extension && txn.state == TransactionState::success && step.session)
            extensions_granted_.insert(txn.id);
    }
    if (step.session) {
        const Session& session = *step.session;
        const auto before = sessions_.find(session.id);
        const bool is_early = before != sessions_.end() &&
                              session.reason == domain::EndReason::time_expired &&
                              before->second.ends_at.value_or(step.now) > step.now;
        if (is_early) broke("ended before its time: " + session.user_name);
        sessions_[session.id] = session;
        by_name_[session.user_name] = session.id;
        if (session.ends_at) {
            UtcTime& latest = ends_max_[session.id];
            latest = std::max(latest, *session.ends_at);
        }
        if (static_cast<int>(session.devices.size()) > session.terms.device_limit)
            broke("more devices than the package allows: " + to_string(session.id));
        if (nature_.is_told())
            nature_.tell(fmt::format(
                "durable: session {} {} {} ({})", session.user_name, to_text(session.state),
                to_text(session.reason), step.why));
    }
}

bool Auditor::has_right(const MacAddress& mac) const
{
    const UtcTime now = nature_.clock.utc_now();
    return std::ranges::any_of(sessions_, [&](const auto& each) {
        const Session& session = each.second;
        const bool is_running =
            session.state == SessionState::pending ||
            (session.state == SessionState::active && (!session.ends_at || *session.ends_at > now));
        return is_running && domain::find_device(session, mac);
    });
}

std::optional<UtcTime> Auditor::paid_until(const std::string& user_name) const
{
    const auto id = by_name_.find(user_name);
    if (id == by_name_.end()) return std::nullopt;
    const Session& session = sessions_.at(id->second);
    const auto ends = ends_max_.find(id->second);
    // Not activated: the router was told the whole time when it let the device in.
    if (ends == ends_max_.end())
        return session.created_at + session.terms.duration + enforcement_window;
    return ends->second;
}

void Auditor::check_access(const std::map<domain::RouterId, RouterSite*>& routers, bool is_serving)
{
    std::set<std::string> present;
    for (const auto& [id, site] : routers)
        for (const auto& [mac, active] : site->model.hotspot().active()) {
            if (!has_right(mac)) check_trespass(*site, active, is_serving, present);
            const auto until = paid_until(active.user_name);
            if (!until)
                broke("online under a name that was never given: " + active.user_name);
            else if (nature_.clock.utc_now() > *until + overtime_max)
                broke("online after the paid time: " + active.user_name);
        }
    std::erase_if(trespasses_, [&](const auto& each) { return !present.contains(each.first); });
}

void Auditor::check_trespass(
    const RouterSite& site, const ActiveSession& active, bool is_serving,
    std::set<std::string>& present)
{
    const SteadyTime now = nature_.clock.steady_now();
    const std::string key =
        site.router().id.text() + " " + active.id + " " + active.acct_session_id;
    present.insert(key);
    const auto [found, is_new] = trespasses_.try_emplace(key, Trespass{now});
    Trespass& trespass = found->second;
    if (!is_new && is_serving && site.model.is_reachable())
        trespass.enforceable += now - trespass.seen_at;
    trespass.seen_at = now;
    if (trespass.enforceable > enforcement_window)
        broke("online without a right for too long: " + active.user_name);
}

void Auditor::check_money()
{
    std::set<std::string> references;
    for (const auto& [id, charge] : pc_.model.charges()) {
        if (!references.insert(charge.reference).second)
            broke("debited twice: " + charge.reference);
        check_charge(charge);
    }
    if (pc_.has_repeated_refund()) broke("a refund was repeated that must not be");
    for (const auto& [id, txn] : transactions_) {
        // Whether there was a debit nobody knew, and a person found out that there was none.
        const bool was_none = txn.reason == domain::TransactionReason::outcome_unknown &&
                              txn.refund_id.starts_with(domain::dismissed_refund_prefix);
        const bool needs_charge =
            is_debited(txn) && !was_none &&
            (txn.state == TransactionState::success || txn.state == TransactionState::refunded);
        const std::string reference = domain::charge_reference(id);
        if (needs_charge && !references.contains(reference) &&
            !pc_.spoiled.references.contains(reference))
            broke("access or refund without a debit: " + to_string(id));
    }
    money_.check();
}

void Auditor::check_charge(const PcChargeRow& charge)
{
    if (forgotten_.contains(charge.reference)) return;
    if (pc_.spoiled.references.contains(charge.reference)) return;
    const auto id = by_reference_.find(charge.reference);
    if (id == by_reference_.end()) {
        broke("a debit without a durable transaction: " + charge.reference);
        return;
    }
    const Transaction& txn = transactions_.at(id->second);
    const std::int64_t refunded = charge.refunded_total();
    const bool is_booked =
        txn.state == TransactionState::success || txn.state == TransactionState::refunded;
    if (is_booked && charge.amount != domain::due_of(txn).vnd())
        broke("debited another amount: " + charge.reference);
    switch (txn.state) {
    case TransactionState::success:
        if (!sessions_.contains(txn.session)) broke("paid without a session: " + charge.reference);
        if (refunded > txn.refunded.vnd()) broke("granted and refunded: " + charge.reference);
        return;
    case TransactionState::refunded:
        if (!is_given_back_by_people(txn) && refunded != charge.amount)
            broke("not refunded in full: " + charge.reference);
        return;
    case TransactionState::failed:
    case TransactionState::expired:
    case TransactionState::created:
    case TransactionState::pending:
    case TransactionState::refunding: return;
    }
}

bool Auditor::is_quiet() const
{
    const bool is_settled_all = std::ranges::all_of(
        transactions_, [](const auto& each) { return is_settled(each.second); });
    const bool is_opening = std::ranges::any_of(
        sessions_, [](const auto& each) { return each.second.state == SessionState::pending; });
    const bool has_loose_debit = std::ranges::any_of(pc_.model.charges(), [&](const auto& each) {
        const auto id = by_reference_.find(each.second.reference);
        if (id == by_reference_.end() || forgotten_.contains(each.second.reference)) return false;
        const TransactionState state = transactions_.at(id->second).state;
        return state == TransactionState::failed || state == TransactionState::expired;
    });
    return is_settled_all && !is_opening && !has_loose_debit && pc_.under_way() == 0 &&
           trespasses_.empty() && money_.is_quiet();
}

std::set<MacAddress> Auditor::left_outside(
    const std::map<domain::RouterId, RouterSite*>& routers) const
{
    std::set<MacAddress> outside;
    for (const auto& [id, session] : sessions_) {
        const bool has_time = session.state == SessionState::active &&
                              domain::time_left(session, nature_.clock.utc_now()) > Seconds{5};
        if (!has_time) continue;
        for (const domain::SessionDevice& device : session.devices) {
            const auto site = routers.find(device.router);
            // Without its API a router cannot be told to let anybody in: his browser can.
            if (site == routers.end() || !site->second->router().api) continue;
            const Hotspot& hotspot = site->second->model.hotspot();
            if (hotspot.devices().contains(device.mac) && !hotspot.find_active(device.mac))
                outside.insert(device.mac);
        }
    }
    return outside;
}

void Auditor::check_queue(const std::set<domain::TransactionId>& queue)
{
    for (const auto& [id, txn] : transactions_) {
        const bool waits = txn.is_refund_queued && txn.state == TransactionState::refunding;
        if (waits != queue.contains(id))
            broke(fmt::format(
                "the refund queue {} {}", waits ? "lacks" : "lists", money_.story_of(txn)));
    }
    for (const domain::TransactionId& id : queue) {
        const bool is_known =
            transactions_.contains(id) || forgotten_.contains(domain::charge_reference(id));
        if (!is_known) broke("the refund queue lists an unknown " + to_string(id));
    }
}

/// Of each debit went back what its purchase and the parts that staff gave back say; of what waits
/// for a person nobody knows.
void Auditor::check_settled_debits()
{
    for (const auto& [charge_id, charge] : pc_.model.charges()) {
        const auto id = by_reference_.find(charge.reference);
        const bool is_left_out = id == by_reference_.end() ||
                                 forgotten_.contains(charge.reference) ||
                                 pc_.spoiled.references.contains(charge.reference);
        if (is_left_out) continue;
        Money surely;
        Money perhaps;
        for (const auto& [other, txn] : transactions_) {
            if (other != id->second && txn.origin != id->second) continue;
            const Money amount = other == id->second ? Money{charge.amount} : domain::due_of(txn);
            if (txn.state == TransactionState::refunded && !is_given_back_by_people(txn))
                surely += amount;
            else if (txn.is_refund_queued || is_given_back_by_people(txn))
                perhaps += amount;
        }
        const Money back{charge.refunded_total()};
        if (back < surely || back > surely + perhaps)
            broke(fmt::format(
                "money: {} of {} went back, surely {} and perhaps {} more", back.vnd(),
                charge.reference, surely.vnd(), perhaps.vnd()));
    }
}

void Auditor::check_settled(const adapters::Directory& directory)
{
    check_money();
    check_settled_debits();
    money_.check_settled();
    for (const auto& [id, txn] : transactions_) {
        if (!is_settled(txn)) broke("unfinished: " + money_.story_of(txn));
        const bool is_granted = txn.state == TransactionState::success;
        if (is_granted && txn.is_extension && !extensions_granted_.contains(id))
            broke("an extension was paid and not given: " + to_string(id));
        if (!is_granted || txn.is_extension) continue;
        const auto session = sessions_.find(txn.session);
        if (session == sessions_.end())
            broke("paid without a session: " + money_.story_of(txn));
        else if (session->second.state == SessionState::failed)
            broke("paid for a failed session: " + to_string(id));
    }

    std::size_t open = 0;
    for (const auto& [id, session] : sessions_) {
        if (session.state == SessionState::pending)
            broke("a session still opens: " + session.user_name);
        if (session.state != SessionState::active) continue;
        ++open;
        const auto entry = directory.find_user(session.location, session.user_name);
        if (!entry) {
            broke("the directory lacks " + session.user_name);
            continue;
        }
        const bool is_same =
            entry->ends_at == session.ends_at &&
            std::ranges::is_permutation(
                entry->devices, session.devices, {}, {}, &domain::SessionDevice::mac);
        if (!is_same) broke("the directory is out of date about " + session.user_name);
    }
    if (directory.size() != open)
        broke(
            fmt::format("the directory holds {} sessions, {} are active", directory.size(), open));
}

} // namespace iwas::sim
