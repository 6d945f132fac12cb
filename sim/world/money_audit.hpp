// MoneyAudit: every đồng that came in through gateways, and store credit, seen from outside: what
// the gateways took against what became durable.
#pragma once

#include "ports/store/ledger.hpp"
#include "sim/world/gateway_site.hpp"

#include <map>
#include <set>

namespace iwas::sim {

/// The sums of a whole world.
struct MoneySums {
    Money received;  // recorded payments
    Money granted;   // paid for WiFi
    Money returned;  // through the gateways
    Money credited;  // kept as store credit
    Money queued;    // waits for a person
    Money dismissed; // a person decided that nothing has to go back

    [[nodiscard]] bool is_balanced() const
    {
        return received == granted + returned + credited + queued + dismissed;
    }
    MoneySums& operator+=(const MoneySums& other)
    {
        received += other.received;
        granted += other.granted;
        returned += other.returned;
        credited += other.credited;
        queued += other.queued;
        dismissed += other.dismissed;
        return *this;
    }
};

class MoneyAudit {
public:
    using Transactions = std::map<domain::TransactionId, domain::Transaction>;
    using Broke = std::function<void(std::string rule)>;

    /// `transactions`: as they are durable; the caller keeps them, and changes them after each
    /// call of `committed`.
    MoneyAudit(const GatewaySite& site, const Transactions& transactions, Broke broke)
        : site_{site}, transactions_{transactions}, broke_{std::move(broke)}
    {
    }

    void opened(const domain::Transaction& transaction);
    void committed(const ports::Step& step);

    /// What must hold at every moment: each transaction holds exactly the money that its state
    /// says, each payment is real and counted once, each refund is one of ours and no double.
    void check() const;
    /// Whether payers and gateways have nothing more to do or to tell, and IWAS knows all of it.
    [[nodiscard]] bool is_quiet() const;
    /// Names each payment of which IWAS has not learned.
    void check_known() const;
    /// What must hold besides in a quiet world: received = granted + returned + credited + queued.
    void check_settled() const;

    [[nodiscard]] MoneySums sums() const;
    /// The receipt of a refund that a person made.
    static std::string reference_by_hand(const domain::Transaction& refunded);
    [[nodiscard]] std::size_t payments() const { return payments_.size(); }
    /// The recorded payments, by the gateway's name.
    [[nodiscard]] const std::map<std::string, domain::Payment>& recorded() const
    {
        return payments_;
    }
    [[nodiscard]] const std::map<domain::AccountId, Money>& credit() const { return credit_; }
    /// All that is known of a transaction, in one line, for who has to find out what went wrong.
    [[nodiscard]] std::string story_of(const domain::Transaction& transaction) const;

private:
    void keep_payment(const domain::Payment& payment);
    void count_grant(const ports::Step& step);
    void check_payment(const domain::Payment& payment) const;
    void check_refund(const std::string& id, const GatewayModel::Refund& refund) const;
    void check_transaction(const domain::Transaction& txn) const;
    void check_by_hand() const;
    void check_credit(const domain::Transaction& txn) const;
    [[nodiscard]] Money held(const domain::TransactionId& id) const;
    [[nodiscard]] Money returned(const domain::Transaction& txn) const;
    [[nodiscard]] std::vector<std::string> unknown_payments() const;

    const GatewaySite& site_;
    const Transactions& transactions_;
    Broke broke_;
    std::map<std::string, domain::Payment> payments_; // by the gateway's name
    std::map<domain::TransactionId, Money> held_;     // by who holds it now
    std::map<domain::TransactionId, int> grants_;     // how often it became access
    std::map<domain::TransactionId, std::set<domain::SessionId>> sessions_;
    std::map<domain::TransactionId, Money> spent_;    // store credit, what came back taken off
    std::map<domain::TransactionId, Money> credited_; // became store credit
    std::map<domain::AccountId, Money> credit_;
};

} // namespace iwas::sim
