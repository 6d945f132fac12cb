// MoneyBook: the truth about money outside IWAS. Payers' wallets, what each order took of them and
// what went back; the auditor of a simulation compares IWAS's ledger with it.
#pragma once

#include "core/money.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::sim {

enum class MoneyMove : std::uint8_t {
    taken,      // from the payer to the merchant
    given_back, // from the merchant to the payer, because the merchant asked
    reversed,   // the same, by the gateway's own decision
};

struct MoneyLine {
    MoneyMove move = MoneyMove::taken;
    std::string order_id; // empty: a transfer that names none
    std::string id;       // the gateway's name of this movement
    std::string payer;
    Money amount;
    UtcTime at;
};

class MoneyBook {
public:
    /// What a payer has who was never told what he has.
    Money opening_balance{100'000'000};

    void set_balance(const std::string& payer, Money balance);
    [[nodiscard]] Money balance(std::string_view payer) const;
    [[nodiscard]] const std::map<std::string, Money, std::less<>>& balances() const
    {
        return balances_;
    }

    /// False, and nothing changes, when the payer has not that much.
    [[nodiscard]] bool take(
        std::string_view order_id, std::string id, const std::string& payer, Money amount,
        UtcTime now);
    /// Gives money of an order back to the payer; `how` is given_back or reversed. The caller keeps
    /// within what was taken: the book writes down what happens, also what should not.
    void give_back(
        MoneyMove how, std::string_view order_id, std::string id, const std::string& payer,
        Money amount, UtcTime now);

    [[nodiscard]] Money taken(std::string_view order_id) const;
    /// Given back and reversed.
    [[nodiscard]] Money refunded(std::string_view order_id) const;
    [[nodiscard]] Money total_taken() const { return total_taken_; }
    [[nodiscard]] Money total_refunded() const { return total_refunded_; }
    /// What the payer's wallet lost and did not get back.
    [[nodiscard]] Money lost_by(std::string_view payer) const;
    [[nodiscard]] const std::vector<MoneyLine>& lines() const { return lines_; }

private:
    struct Sums {
        Money taken;
        Money refunded;
    };
    std::map<std::string, Money, std::less<>> balances_;
    std::map<std::string, Sums, std::less<>> by_order_;
    std::map<std::string, Money, std::less<>> lost_;
    std::vector<MoneyLine> lines_;
    Money total_taken_;
    Money total_refunded_;
};

/// "taken", "given_back" or "reversed".
std::string_view to_string(MoneyMove move);

} // namespace iwas::sim
