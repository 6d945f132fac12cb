#include "sim/world/customer.hpp"

#include "domain/received_money.hpp"
#include "sim/world/cafe.hpp"
#include "sim/world/payer.hpp"

#include <array>

namespace iwas::sim {

namespace {

constexpr std::array routers{"r1", "r1", "r1", "r2", "r3"};
constexpr std::array packages{"quick", "hour", "family", "capped", "scarce"};

class Customer {
public:
    Customer(World& world, Phone& phone, Phone& second, SimRandom random)
        : world_{world}, phone_{phone}, second_{second}, random_{random}
    {
    }

    awaitable<void> live();

private:
    awaitable<void> wait(Seconds low, Seconds high)
    {
        const SteadyTime until =
            world_.clock().steady_now() + random_.between(Milliseconds{low}, Milliseconds{high});
        co_await world_.clock().sleep_until(until);
    }
    awaitable<bool> sign_in(Phone& phone);
    awaitable<void> buy();
    awaitable<void> pay(domain::Transaction opened);
    awaitable<void> keep_credit();
    awaitable<void> arrange_wallet();
    awaitable<bool> buy_with_one_tap();
    awaitable<std::optional<domain::SavedMethod>> kept_wallet();
    domain::PaymentMethod method();
    awaitable<void> use_time();
    awaitable<void> act(domain::Session session);
    std::string package() { return packages.at(static_cast<std::size_t>(random_.between(0, 4))); }
    std::string key() { return name_ + "-" + std::to_string(++keys_); }

    World& world_;
    Phone& phone_;
    Phone& second_;
    SimRandom random_;
    int keys_ = 0;
    std::string name_ = to_string(phone_.mac());
    bool is_at_pc_ = false;
    bool keeps_wallets_ = !phone_.is_guest() && random_.chance(0.3);
};

awaitable<bool> Customer::sign_in(Phone& phone)
{
    for (int tries = 0; tries < 5 && !world_.is_calm(); ++tries) {
        if (phone.is_signed_in()) co_return true;
        (void)co_await phone.sign_in();
        if (phone.is_signed_in()) co_return true;
        co_await wait(Seconds{5}, Seconds{120});
    }
    co_return phone.is_signed_in();
}

awaitable<void> Customer::buy()
{
    const std::string wanted = package();
    const std::string first_key = key();
    const domain::PaymentMethod by = method();
    std::optional<domain::SessionId> extends;
    if (random_.chance(0.3)) {
        const auto open = co_await phone_.sessions();
        if (open && *open && !(*open)->empty()) extends = (*open)->front().id;
    }
    // A second tab or device may buy at the same moment.
    if (random_.chance(0.15))
        (void)world_.tasks().spawn(
            "second tab",
            [](Phone* other, std::string what, std::string with,
               domain::PaymentMethod how) -> awaitable<void> {
                (void)co_await other->buy(std::move(what), std::move(with), std::nullopt, how);
            }(random_.chance(0.5) ? &phone_ : &second_, wanted,
                                          random_.chance(0.5) ? first_key : key(), by));
    auto opened = co_await phone_.buy(wanted, first_key, extends, by);
    for (int tries = 0; tries < 3 && !opened && !world_.is_calm(); ++tries) {
        // No answer: the same key again, as the portal does, or a new one, as people do.
        co_await wait(Seconds{1}, Seconds{10});
        opened = co_await phone_.buy(wanted, random_.chance(0.8) ? first_key : key(), extends, by);
    }
    if (!opened || !*opened) co_return;
    if (domain::is_gateway((*opened)->transaction.method)) {
        co_await pay((*opened)->transaction);
        co_return;
    }
    if (random_.chance(world_.nature().faults.closes_browser)) co_return;
    (void)co_await phone_.watch((*opened)->transaction.id);
}

domain::PaymentMethod Customer::method()
{
    if (!phone_.is_guest() && random_.chance(0.4)) return domain::PaymentMethod::pc_balance;
    return gateway_methods.at(static_cast<std::size_t>(random_.between(0, 4)));
}

/// Is shown how to pay, and does it in some way.
awaitable<void> Customer::pay(domain::Transaction opened)
{
    const auto shown = co_await phone_.watch_for_invitation(opened.id);
    if (!shown || !shown->invitation) co_return;
    const Faults& faults = world_.nature().faults;
    plan_payment(world_.gateways(), world_.nature(), shown->transaction, random_);
    if (random_.chance(faults.gives_up)) {
        co_await wait(Seconds{1}, Seconds{120});
        (void)co_await phone_.cancel(opened.id);
        co_return;
    }
    if (random_.chance(faults.closes_browser)) co_return;
    if (random_.chance(0.2)) {
        co_await wait(Seconds{1}, Seconds{60});
        (void)co_await phone_.look_now(opened.id);
    }
    (void)co_await phone_.watch(opened.id, Seconds{5});
}

/// A wallet that IWAS may charge, as far as it knows.
awaitable<std::optional<domain::SavedMethod>> Customer::kept_wallet()
{
    const auto wallet = co_await phone_.wallet();
    if (!wallet || !*wallet) co_return std::nullopt;
    for (const domain::SavedMethod& each : (*wallet)->methods)
        if (domain::is_gateway(each.method) && domain::is_usable(each, world_.clock().utc_now()))
            co_return each;
    co_return std::nullopt;
}

/// Keeps a wallet; one that is kept he may withdraw at the gateway, or have forgotten here.
awaitable<void> Customer::arrange_wallet()
{
    GatewaySite& gateways = world_.gateways();
    const bool is_proven = co_await phone_.prove();
    if (!is_proven) co_return;
    const auto kept = co_await kept_wallet();
    if (kept && random_.chance(0.3)) {
        if (random_.chance(0.5))
            gateways.withdraw(kept->payment_account, kept->order_id);
        else
            (void)co_await phone_.remove(kept->id);
        co_return;
    }
    if (kept) co_return;
    const auto asked = co_await phone_.link(
        random_.chance(0.5) ? domain::PaymentMethod::momo : domain::PaymentMethod::zalopay);
    if (!asked || !*asked) co_return;
    const bool agrees = random_.chance(0.8);
    gateways.later(
        random_.between(Milliseconds{1'000}, Milliseconds{60'000}),
        [&gateways, agrees, account = (*asked)->payment_account, id = (*asked)->order_id] {
            if (agrees)
                gateways.agree(account, id);
            else
                gateways.withdraw(account, id);
        });
}

/// False: he keeps none.
awaitable<bool> Customer::buy_with_one_tap()
{
    const auto kept = co_await kept_wallet();
    if (!kept) co_return false;
    const std::string wanted = package();
    const std::string once = key();
    auto opened = co_await phone_.buy(wanted, once, std::nullopt, kept->method, kept->id);
    for (int tries = 0; tries < 3 && !opened && !world_.is_calm(); ++tries) {
        co_await wait(Seconds{1}, Seconds{10});
        opened = co_await phone_.buy(wanted, once, std::nullopt, kept->method, kept->id);
    }
    if (opened && *opened && !random_.chance(world_.nature().faults.closes_browser))
        (void)co_await phone_.watch((*opened)->transaction.id);
    co_return true;
}

/// Agrees to keep as credit what waits for a person.
awaitable<void> Customer::keep_credit()
{
    const auto history = co_await phone_.history();
    if (!history || !*history) co_return;
    for (const domain::Transaction& each : **history) {
        if (!domain::may_keep_as_credit(each)) continue;
        (void)co_await phone_.keep_as_credit(each.id);
        co_return;
    }
}

awaitable<void> Customer::use_time()
{
    const auto open = co_await phone_.sessions();
    if (open && *open && !(*open)->empty()) co_await act((*open)->front());
}

awaitable<void> Customer::act(domain::Session session)
{
    using domain::PcEventKind;
    // What happens at a gaming PC happens to members.
    switch (random_.between(0, phone_.is_guest() ? 5 : 9)) {
    case 0: (void)co_await phone_.sign_out(session.id); break;
    case 1:
        if (co_await sign_in(second_)) (void)co_await second_.use_session(session.id);
        break;
    case 2: (void)co_await phone_.use_session(session.id); break;
    case 3: (void)co_await phone_.disconnect(session.id, second_.mac()); break;
    case 4:
        phone_.leave();
        co_await wait(Seconds{1}, Seconds{300});
        phone_.join(routers.at(static_cast<std::size_t>(random_.between(0, 4))));
        break;
    case 5: phone_.change_mac(); break;
    case 6:
    case 7:
        is_at_pc_ = !is_at_pc_;
        world_.report_pc_event(
            is_at_pc_ ? PcEventKind::session_started : PcEventKind::session_ended,
            phone_.member_id());
        break;
    case 8:
        world_.report_pc_event(PcEventKind::session_ended, phone_.member_id());
        world_.report_pc_event(PcEventKind::session_started, phone_.member_id());
        break;
    default: phone_.browse(static_cast<std::uint64_t>(random_.between(0, 20)) * 500'000); break;
    }
}

awaitable<void> Customer::live()
{
    co_await wait(Seconds{0}, Seconds{600});
    while (!world_.is_calm()) {
        if (co_await sign_in(phone_)) {
            if (random_.chance(0.15)) co_await keep_credit();
            if (keeps_wallets_ && random_.chance(0.4)) co_await arrange_wallet();
            bool is_bought = false;
            if (keeps_wallets_ && random_.chance(0.5)) is_bought = co_await buy_with_one_tap();
            if (is_bought || random_.chance(0.5))
                co_await use_time();
            else
                co_await buy();
        }
        co_await wait(Seconds{1}, Seconds{400});
    }
}

} // namespace

awaitable<void> live(World& world, Phone& phone, Phone& second, SimRandom random)
{
    Customer customer{world, phone, second, random};
    co_await customer.live();
}

} // namespace iwas::sim
