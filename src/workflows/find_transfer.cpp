#include "workflows/find_transfer.hpp"

#include "workflows/purchase_package.hpp"

#include <algorithm>

namespace iwas::workflows {

using domain::ClaimProof;
using domain::PaymentSource;
using domain::Transaction;
using domain::TransactionState;

namespace {

constexpr int orders_looked_at = 20;

bool may_still_be_paid(const Transaction& order)
{
    return order.state == TransactionState::pending || order.state == TransactionState::failed ||
           order.state == TransactionState::expired;
}

std::string device_key(const domain::Visit& visit)
{
    return "device:" + visit.location.text() + ":" + to_string(visit.mac);
}
std::string visit_key(const domain::Visit& visit)
{
    return "visit:" + to_string(visit.id);
}

} // namespace

FindTransfer::FindTransfer(Outside outside, PurchasePackage& purchases, FindTransferLimits limits)
    : outside_{outside}, purchases_{purchases}, limits_{limits},
      tries_{
          {.tries_max = limits.tries_max,
           .window = limits.window,
           .when_full = TryCounters::WhenFull::block_new}}
{
}

awaitable<Result<FoundTransfer, FindTransferRefused>> FindTransfer::run(FindTransferRequest request)
{
    if (const auto wait = blocked_for(request.visit))
        co_return std::unexpected{FindTransferRefused{FindTransferError::rate_limited, *wait}};

    const auto order = co_await order_of(request);
    if (!order) co_return std::unexpected{FindTransferRefused{}};
    if (!*order) co_return FoundTransfer{};
    const domain::TransactionId id = (*order)->id;

    // What is known already; then what the bank has to say now.
    for (bool is_asked = false;; is_asked = true) {
        const auto payment = co_await payment_for(**order, request.claim);
        if (!payment) co_return std::unexpected{FindTransferRefused{}};
        if (*payment) {
            const auto attached = co_await purchases_.attach(**payment, id);
            if (attached == PurchasePackage::Attached::yes)
                co_return FoundTransfer{TransferOutcome::found, id};
            if (attached == PurchasePackage::Attached::try_later)
                co_return std::unexpected{FindTransferRefused{}};
        }
        if (is_asked) break;
        const bool has_news = co_await ask_feed(**order);
        if (!has_news) break;
    }

    // The memo may have come with it: then the order needed no finding.
    const auto now_stored = co_await outside_.store.load_transaction(id);
    if (!now_stored || !*now_stored) co_return std::unexpected{FindTransferRefused{}};
    if ((*now_stored)->state == TransactionState::success)
        co_return FoundTransfer{TransferOutcome::found, id};
    if ((*now_stored)->state == TransactionState::pending) {
        co_await purchases_.look_now(id);
        co_return FoundTransfer{TransferOutcome::waiting, id};
    }
    co_return FoundTransfer{};
}

std::optional<Seconds> FindTransfer::blocked_for(const domain::Visit& visit)
{
    const SteadyTime now = outside_.clock.steady_now();
    std::optional<Seconds> wait;
    for (const std::string& key : {device_key(visit), visit_key(visit)})
        if (const auto blocked = tries_.blocked_for(key, now))
            wait = std::max(wait.value_or(Seconds{0}), *blocked);
    if (wait) return wait;
    tries_.count(device_key(visit), now);
    tries_.count(visit_key(visit), now);
    return std::nullopt;
}

awaitable<Result<std::optional<Transaction>, ports::StoreError>> FindTransfer::order_of(
    FindTransferRequest request)
{
    const UtcTime since = outside_.clock.utc_now() - limits_.order_age_max;
    auto orders = co_await outside_.store.transactions_of(request.account.id, orders_looked_at);
    if (!orders) co_return std::unexpected{orders.error()};
    std::erase_if(*orders, [&](const Transaction& order) {
        return order.origin || order.location != request.visit.location ||
               !domain::is_bank_transfer(order.method) || order.order_id.empty() ||
               !may_still_be_paid(order) || order.created_at < since;
    });
    // Open ones first; of either kind the newest, as they came.
    for (const bool is_open : {true, false})
        for (Transaction& order : *orders) {
            if ((order.state == TransactionState::pending) != is_open) continue;
            Money left = due_of(order);
            const auto parts = co_await outside_.store.payments_of(order.id);
            if (!parts) co_return std::unexpected{parts.error()};
            // What came before an order ended was let go with it.
            for (const domain::Payment& part : *parts)
                if (is_open) left -= part.amount;
            // Or the whole price, typed by hand where a little was left off to tell orders apart.
            const Money left_off = order.terms.price - order.amount;
            if (request.claim.amount >= left && request.claim.amount <= left + left_off)
                co_return std::move(order);
        }
    co_return std::optional<Transaction>{};
}

awaitable<Result<std::optional<domain::Payment>, ports::StoreError>> FindTransfer::payment_for(
    Transaction order, domain::TransferClaim claim)
{
    const UtcTime since = order.created_at - domain::bank_clock_error_max;
    auto kept =
        co_await outside_.store.unmatched_payments(order.payment_account, claim.amount, since);
    if (!kept) co_return std::unexpected{kept.error()};

    // The reference alone decides where it fits; else the details do.
    ClaimProof proof = ClaimProof::none;
    std::vector<domain::Payment> fitting;
    for (domain::Payment& payment : *kept) {
        const ClaimProof one = proof_of(claim, payment, order);
        if (one == ClaimProof::none || one < proof) continue;
        if (one > proof) fitting.clear();
        proof = one;
        fitting.push_back(std::move(payment));
    }
    if (fitting.size() != 1) co_return std::optional<domain::Payment>{};
    if (proof == ClaimProof::reference) co_return std::move(fitting.front());
    // A price is paid for many things.
    if (claim.amount > due_of(order)) co_return std::optional<domain::Payment>{};

    // Amount, minute and four digits can be overheard. Somebody else with an unpaid order of that
    // amount may be the one who sent it.
    const UtcTime paid_at = fitting.front().paid_at;
    const auto others = co_await outside_.store.unpaid_orders_of_amount(
        order.payment_account, claim.amount, paid_at - limits_.order_age_max);
    if (!others) co_return std::unexpected{others.error()};
    const bool has_rival = std::ranges::any_of(*others, [&](const Transaction& other) {
        return other.account != order.account &&
               other.created_at <= paid_at + domain::bank_clock_error_max;
    });
    if (has_rival) co_return std::optional<domain::Payment>{};
    co_return std::move(fitting.front());
}

awaitable<bool> FindTransfer::ask_feed(Transaction order)
{
    const auto catalog = outside_.catalog.current();
    const domain::PaymentAccount* known = catalog->payment_account(order.payment_account);
    if (!known) co_return false;
    const domain::PaymentAccount account = *known;
    const SteadyTime now = outside_.clock.steady_now();
    const auto [asked, is_first] = feeds_asked_.try_emplace(account.id, now);
    if (!is_first && now - asked->second < limits_.feed_asked_every) co_return false;
    asked->second = now;

    const UtcTime from = order.created_at - domain::bank_clock_error_max;
    const UtcTime to = outside_.clock.utc_now() + domain::bank_clock_error_max;
    const SteadyTime by = now + limits_.feed_answers_within;
    auto listed = co_await outside_.gateways.list(account.id, from, to, by);
    if (!listed) co_return false;
    for (ports::ListedPayment& each : *listed)
        (void)co_await purchases_.take_in(
            account, std::move(each.order_id), std::move(each.money), PaymentSource::list);
    co_return !listed->empty();
}

} // namespace iwas::workflows
