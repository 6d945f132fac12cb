#include "sim/world/gateway_site.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace iwas::sim {

std::string GatewaySite::pay(const std::string& order_id, Paying how)
{
    const auto order = model.orders().find(order_id);
    if (order == model.orders().end()) return {};
    const domain::PaymentAccountId account = order->second.account;
    const bool is_doubted = order->second.is_doubted;
    const bool is_named = how.memo == Memo::right;
    const std::string memo = is_named ? order_id : how.memo == Memo::missing ? "" : order_id + "X";
    const ports::ReceivedMoney money =
        is_named ? *model.pay(order_id, how.amount) : model.transfer(account, how.amount, memo);
    if (nature_.is_told())
        nature_.tell(fmt::format(
            "{} of {} is paid as {}, memo \"{}\"", to_string(how.amount), order_id,
            money.gateway_id, memo));
    if (how.told_more != Money{}) misreported_.insert(money.gateway_id);
    if (how.is_told)
        tell(
            account, fmt::format(
                         "{} {} {} {}", is_doubted ? "held" : "paid", memo.empty() ? "-" : memo,
                         (how.amount + how.told_more).vnd(), money.gateway_id));
    return money.gateway_id;
}

std::string GatewaySite::transfer(
    const domain::PaymentAccountId& account, Money amount, std::string memo)
{
    const ports::ReceivedMoney money = model.transfer(account, amount, memo);
    tell(
        account,
        fmt::format("paid {} {} {}", memo.empty() ? "-" : memo, amount.vnd(), money.gateway_id));
    return money.gateway_id;
}

void GatewaySite::refuse(const std::string& order_id)
{
    const auto order = model.orders().find(order_id);
    if (order == model.orders().end()) return;
    model.refuse(order_id);
    tell(order->second.account, "failed " + order_id);
}

void GatewaySite::agree(const domain::PaymentAccountId& account, const std::string& binding)
{
    if (model.agree(binding)) tell(account, "bound " + binding);
}

void GatewaySite::withdraw(const domain::PaymentAccountId& account, const std::string& binding)
{
    if (model.refuse_binding(binding)) tell(account, "unbound " + binding);
}

void GatewaySite::later(Milliseconds after, std::function<void()> deed)
{
    ++under_way_;
    nature_.clock.after(after, [this, deed = std::move(deed)] {
        --under_way_;
        deed();
    });
}

void GatewaySite::tell(const domain::PaymentAccountId& account, std::string body)
{
    ++under_way_;
    try_to_tell(std::make_shared<Notice>(Notice{.account = account, .body = std::move(body)}));
}

/// Sends it, and again after a while that grows, until somebody has taken it.
void GatewaySite::try_to_tell(const std::shared_ptr<Notice>& notice)
{
    SimRandom& random = nature_.random;
    const Faults& faults = nature_.faults;
    Milliseconds way = random.between(Milliseconds{20}, Milliseconds{1'500});
    if (random.chance(faults.notice_late)) way = random.between(Seconds{30}, Seconds{2'400});
    if (!random.chance(faults.notice_lost)) {
        deliver(notice, way);
        if (random.chance(faults.notice_twice))
            deliver(notice, way + random.between(Milliseconds{0}, Milliseconds{20'000}));
    }
    const Seconds again = std::min(Seconds{15} * (1 << std::min(notice->tries++, 6)), Seconds{600});
    nature_.clock.after(way + again, [this, notice] {
        if (!notice->is_taken) try_to_tell(notice);
    });
}

void GatewaySite::deliver(const std::shared_ptr<Notice>& notice, Milliseconds way)
{
    nature_.clock.after(way, [this, notice] {
        delivery_(notice->account, notice->body, [this, notice](bool is_durable) {
            if (!is_durable || notice->is_taken) return;
            if (nature_.random.chance(nature_.faults.gateway_answer_lost)) return;
            notice->is_taken = true;
            --under_way_;
        });
    });
}

} // namespace iwas::sim
