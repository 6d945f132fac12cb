#include "sim/world/payer.hpp"

namespace iwas::sim {

namespace {

class Payer {
public:
    Payer(GatewaySite& site, const Faults& faults, domain::Transaction order, SimRandom& random)
        : site_{site}, faults_{faults}, order_{std::move(order)}, random_{random}
    {
    }

    void plan();

private:
    [[nodiscard]] bool is_transfer() const { return domain::is_bank_transfer(order_.method); }
    [[nodiscard]] Milliseconds first_pay_after();
    void pay_after(Milliseconds wait, Paying how);
    void pay_in_parts(Milliseconds wait, Paying how);
    void spoil(Milliseconds wait, Paying& how);
    void reverse_after(Milliseconds wait);

    GatewaySite& site_;
    const Faults& faults_;
    domain::Transaction order_;
    SimRandom& random_;
};

Milliseconds Payer::first_pay_after()
{
    if (random_.chance(faults_.pays_late)) return random_.between(Seconds{13 * 60}, Seconds{4'500});
    return random_.between(Milliseconds{1'500}, Milliseconds{120'000});
}

void Payer::pay_after(Milliseconds wait, Paying how)
{
    site_.later(wait, [&site = site_, order = order_.order_id, how] { site.pay(order, how); });
}

/// A part first, and perhaps the rest, and perhaps more than that.
void Payer::pay_in_parts(Milliseconds wait, Paying how)
{
    const Money due = domain::due_of(order_);
    how.amount = Money{random_.between(1, due.vnd() - 1)};
    pay_after(wait, how);
    if (random_.chance(0.3)) return;
    how.amount = due - how.amount + Money{random_.chance(0.2) ? 500 : 0};
    pay_after(wait + random_.between(Milliseconds{500}, Milliseconds{900'000}), how);
}

/// What only happens to an order that is paid once and in full.
void Payer::spoil(Milliseconds wait, Paying& how)
{
    const bool is_early = wait < Seconds{15 * 60};
    if (is_early && how.memo == Memo::right && random_.chance(faults_.notice_never)) {
        how.is_told = false;
        return;
    }
    if (is_transfer()) return;
    if (random_.chance(faults_.notice_wrong))
        how.told_more = Money{random_.chance(0.5) ? 1'000 : -500};
    if (random_.chance(faults_.pays_doubted)) site_.model.doubt(order_.order_id);
    if (random_.chance(faults_.pays_reversed)) reverse_after(wait);
}

void Payer::reverse_after(Milliseconds wait)
{
    site_.later(
        wait + random_.between(Milliseconds{0}, Milliseconds{300'000}),
        [&site = site_, id = order_.order_id] {
            const auto order = site.model.orders().find(id);
            if (order == site.model.orders().end() || order->second.received.empty()) return;
            const std::string paid = order->second.received.front().gateway_id;
            (void)site.model.reverse(paid);
        });
}

void Payer::plan()
{
    if (random_.chance(faults_.pays_never)) return;
    Milliseconds wait = first_pay_after();
    if (random_.chance(faults_.pays_refused)) {
        site_.later(wait, [&site = site_, id = order_.order_id] { site.refuse(id); });
        if (random_.chance(0.5)) return;
        wait += random_.between(Milliseconds{1'000}, Milliseconds{90'000});
    }
    if (random_.chance(faults_.notice_stale))
        site_.later(
            wait + random_.between(Milliseconds{-1'000}, Milliseconds{10'000}),
            [&site = site_, id = order_.order_id] { site.refuse(id); });

    Paying how{.amount = domain::due_of(order_)};
    if (is_transfer() && random_.chance(faults_.memo_lost))
        how.memo = random_.chance(0.5) ? Memo::missing : Memo::mistyped;
    if (is_transfer() && random_.chance(faults_.pays_another_amount)) {
        if (random_.chance(0.6)) {
            pay_in_parts(wait, how);
            return;
        }
        how.amount += Money{random_.between(1, 20) * 500};
        pay_after(wait, how);
        return;
    }
    if (random_.chance(faults_.pays_twice)) {
        pay_after(wait, how);
        pay_after(wait + random_.between(Milliseconds{0}, Milliseconds{1'500'000}), how);
        return;
    }
    spoil(wait, how);
    pay_after(wait, how);
}

} // namespace

void plan_payment(
    GatewaySite& site, const Nature& nature, const domain::Transaction& order, SimRandom& random)
{
    Payer{site, nature.faults, order, random}.plan();
}

} // namespace iwas::sim
