// What scenarios of gateways and banks share: order, pay, look.
#pragma once

#include "sim/world/cafe.hpp"
#include "tests/simulation/scenario.hpp"

namespace iwas::sim {

using domain::PaymentMethod;

class PaymentsScenario : public Scenario {
protected:
    /// A guest who stands at the router, signed in.
    Phone& guest()
    {
        Phone& phone = world.add_guest();
        const auto answer = world.run(phone.sign_in());
        EXPECT_TRUE(answer && *answer);
        return phone;
    }
    /// Buys and waits until there is a way to pay.
    domain::TransactionId order(
        Phone& phone, PaymentMethod method, const std::string& package = "hour",
        std::optional<domain::SessionId> extends = std::nullopt)
    {
        const std::string key = "order-" + std::to_string(++orders_);
        const auto opened = world.run(phone.buy(package, key, extends, method));
        EXPECT_TRUE(opened && *opened);
        if (!opened || !*opened) return {};
        const auto id = (*opened)->transaction.id;
        const auto shown = world.run(phone.watch_for_invitation(id));
        EXPECT_TRUE(shown && shown->invitation) << to_text(transaction(id).state);
        return id;
    }
    Money due(domain::TransactionId id) { return domain::due_of(transaction(id)); }
    /// Pays what is due, or as `how` says, now. The gateway's name of the payment.
    std::string pay(domain::TransactionId id) { return pay(id, {.amount = due(id)}); }
    std::string pay(domain::TransactionId id, Paying how)
    {
        return world.gateways().pay(transaction(id).order_id, how);
    }
    GatewayModel& model() { return world.gateways().model; }
    MoneySums sums() { return world.auditor().money().sums(); }
    /// The transactions that hold money which came from this one.
    std::vector<domain::Transaction> asides(domain::TransactionId id)
    {
        return world.run(world.store().transactions_from(id)).value();
    }
    Money credit(const Phone& phone)
    {
        return world.run(world.store().credit_of(phone.account().id)).value();
    }
    int queued()
    {
        return static_cast<int>(world.run(world.store().refund_queue(100)).value().size());
    }

private:
    int orders_ = 0;
};

} // namespace iwas::sim
