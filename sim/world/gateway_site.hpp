// GatewaySite: the gateways and banks of a simulated world, those who pay there, and the line on
// which they tell IWAS. It lives on when IWAS dies; what it has to tell it repeats until it is
// heard.
#pragma once

#include "sim/gateways/gateway_model.hpp"
#include "sim/world/border.hpp"

#include <map>
#include <set>

namespace iwas::sim {

enum class Memo {
    right,
    missing,
    mistyped, // names an order that nobody made
};

/// How somebody pays.
struct Paying {
    Money amount;
    Memo memo = Memo::right; // transfers only
    bool is_told = true;     // false: no notice ever comes
    Money told_more;         // so much more than was paid stands in the notice
};

/// Where somebody falsified the gateways' books, so that they and the ledger cannot agree.
struct SpoiledBooks {
    std::set<std::string> payments; // lost, or shown with another amount
    std::map<std::string, GatewayModel::Refund> lost_refunds;
};

class GatewaySite {
public:
    /// Brings a notice to IWAS, if it lives. `done` hears whether it was taken, or never.
    using Delivery = std::function<void(
        const domain::PaymentAccountId& account, const std::string& body,
        std::function<void(bool)> done)>;

    GatewaySite(Nature& nature, Delivery delivery)
        : model{nature.clock}, nature_{nature}, delivery_{std::move(delivery)}
    {
    }
    GatewaySite(const GatewaySite&) = delete;
    GatewaySite& operator=(const GatewaySite&) = delete;

    GatewayModel model;
    SpoiledBooks spoiled;
    /// What a person gave back by himself, by the reference that he noted.
    std::map<std::string, Money> given_by_hand;
    /// Somebody begins to do what he must finish before the world is quiet.
    void begin_deed() { ++under_way_; }
    void end_deed() { --under_way_; }

    /// Pays an order that was made. The gateway's name of the payment; empty when there is no such
    /// order.
    std::string pay(const std::string& order_id, Paying how);
    /// A transfer to the account that has nothing to do with any order.
    std::string transfer(const domain::PaymentAccountId& account, Money amount, std::string memo);
    /// The gateway refuses the payer, and says so.
    void refuse(const std::string& order_id);
    /// A customer agrees that the wallet may be charged, or withdraws it; the gateway says so.
    void agree(const domain::PaymentAccountId& account, const std::string& binding);
    void withdraw(const domain::PaymentAccountId& account, const std::string& binding);
    /// Does that after some time, whatever happens to IWAS until then.
    void later(Milliseconds after, std::function<void()> deed);

    /// What somebody still means to do, and notices that nobody has taken yet.
    [[nodiscard]] int under_way() const { return under_way_; }
    /// Payments of which the notice did not tell the truth.
    [[nodiscard]] const std::set<std::string>& misreported() const { return misreported_; }

private:
    struct Notice {
        domain::PaymentAccountId account;
        std::string body;
        int tries = 0;
        bool is_taken = false;
    };
    void tell(const domain::PaymentAccountId& account, std::string body);
    void try_to_tell(const std::shared_ptr<Notice>& notice);
    void deliver(const std::shared_ptr<Notice>& notice, Milliseconds way);

    Nature& nature_;
    Delivery delivery_;
    int under_way_ = 0;
    std::set<std::string> misreported_;
};

} // namespace iwas::sim
