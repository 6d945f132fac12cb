// Bank: the simulated banks. Accounts, payers' phones that scan VietQR codes, transfers in and out,
// and what a statement makes of them. Feeds (SePay, Casso, PayOS) watch accounts.
#pragma once

#include "sim/payment/agenda.hpp"
#include "sim/payment/bank/memo.hpp"
#include "sim/payment/bank/qr_code.hpp"
#include "sim/payment/gateway_face.hpp"

#include <boost/json/object.hpp>

#include <deque>
#include <vector>

namespace iwas::sim::bank {

struct Account {
    std::string bin;
    std::string number;
    std::string holder = "QUAN INTERNET";
    std::string bank_name = "Vietcombank"; // as SePay calls the bank
    std::string bank_code = "VCB";         // as Casso abbreviates it
    Money balance = {};

    // For the auditor.
    Money arrived = {};
    Money left = {};
};

/// One line of an account's statement.
struct Transfer {
    std::uint64_t id = 0; // from 1, in the order in which they were made
    std::string bin;
    std::string account;
    std::string virtual_account; // the name under which the account was paid; may be empty
    bool is_in = true;
    Money amount;
    Money balance_after;
    std::string memo;      // as the payer sent it
    std::string content;   // as the statement has it
    std::string reference; // "FT26326000001"
    std::string payer;
    UtcTime made_at;
    /// When the statement, and so every feed, shows it: later in an outage.
    UtcTime visible_at;
};

/// Whose order a transfer pays, and in whose book it stands.
struct BookEntry {
    MoneyBook* book = nullptr;
    std::string order_id;
};

/// Somebody who watches statements.
class TransferWatcher {
public:
    virtual ~TransferWatcher() = default;
    /// `transfer` was made and will show at its visible_at. It lives as long as the bank.
    virtual void transfer_made(const Transfer& transfer) = 0;
    /// Where the money of such a transfer is written down, when it is this watcher's to say.
    virtual std::optional<BookEntry> entry_of(const Transfer& transfer)
    {
        static_cast<void>(transfer);
        return std::nullopt;
    }
};

/// The bank's book names orders by the text that the QR code asks for, or that the payer typed.
/// /_sim/pay takes "qr_text", and "amount" and "memo" where the payer changes them.
class Bank final : public GatewayFace {
public:
    explicit Bank(std::uint64_t seed) : GatewayFace{seed} {}

    /// What happens to texts from now on.
    MemoHabit habit = MemoHabit::faithful;
    /// The chance that a transfer's text meets any other habit instead.
    double habit_chance = 0;

    Account& add_account(Account account);
    /// Another number under which the account can be paid, such as PayOS gives to each order.
    void add_virtual_account(
        std::string bin, std::string virtual_number, std::string account_number);
    void close_virtual_account(std::string_view bin, std::string_view virtual_number);
    /// The watcher outlives the bank's last transfer.
    void add_watcher(TransferWatcher& watcher) { watchers_.push_back(&watcher); }
    [[nodiscard]] const Account* find_account(std::string_view bin, std::string_view number) const;
    [[nodiscard]] const std::deque<Account>& accounts() const { return accounts_; }
    [[nodiscard]] const std::deque<Transfer>& transfers() const { return transfers_; }

    /// What a payer asks his bank for.
    struct Request {
        std::string payer = "khach";
        std::string bin;
        std::string account;
        Money amount;
        std::string memo;       // sent
        std::string order_memo; // by which the book names it; empty: `memo`
    };
    /// Error: why the bank does not do it, in words.
    Result<const Transfer*, std::string> transfer_in(const Request& request, UtcTime now);
    /// The account's owner sends money to a payer: a refund by hand. `order_memo`: whose.
    Result<const Transfer*, std::string> transfer_out(const Request& request, UtcTime now);
    /// The statement, and so every list of it, has another amount for the transfer from now on, and
    /// nobody tells: for tests of what differs. The money is where it was. False: no such transfer.
    bool restate(std::string_view reference, Money amount);
    /// Transfers made before `end` show only then, all at once.
    void outage_until(UtcTime end) { outage_end_ = end; }

    [[nodiscard]] std::string_view name() const override { return "bank"; }
    /// The payer's app: GET /bank/app?qr=..., or as a link of vietqr.io names the transfer
    /// (?am=AMOUNT&tn=TEXT&ba=ACCOUNT@CODE&url=BACK); with neither a form for a transfer by hand.
    [[nodiscard]] bool owns(std::string_view path) const override
    {
        return path.starts_with("/bank/");
    }
    void notice_answered(const Notice&, const NoticeAnswer&, UtcTime) override {}
    /// GET transfers, accounts; POST transfer {bin, account, amount, memo, payer?}, transfer_out
    /// {the same, order?}, restate {reference, amount}, memo {habit, chance?}, outage {ms}.
    std::optional<http::Response> control(
        std::string_view what, const http::Request& request, UtcTime now) override;

protected:
    [[nodiscard]] bool is_call(std::string_view) const override { return false; }
    http::Response route(const http::Request& request, UtcTime now) override;
    http::Response refusal(const http::Request& request, UtcTime now) override;
    Result<PayResult, std::string> act(const PayCommand& command, UtcTime now) override;
    void settle(UtcTime now) override { agenda_.run(now); }
    [[nodiscard]] std::optional<UtcTime> next_settlement() const override { return agenda_.next(); }

private:
    struct VirtualAccount {
        std::string bin;
        std::string number;
        std::string account;
    };
    [[nodiscard]] Account* account_of(std::string_view bin, std::string_view number);
    [[nodiscard]] Transfer draft(const Request& request, const Account& account, UtcTime now);
    [[nodiscard]] BookEntry entry_of(const Transfer& transfer, const std::string& order_memo);
    const Transfer& post(Transfer transfer, Account& account);
    void give_back(MoneyMove how, const Request& request, const Transfer& transfer, UtcTime now);
    http::Response transfer_form() const;
    http::Response transfer_by_hand(const http::Request& request, UtcTime now);
    http::Response transfer_by_link(const http::Request& request, UtcTime now);
    http::Response change(std::string_view what, const boost::json::object& body, UtcTime now);

    std::deque<Account> accounts_; // stay in place
    std::vector<VirtualAccount> virtual_accounts_;
    std::deque<Transfer> transfers_; // stay in place
    std::vector<TransferWatcher*> watchers_;
    UtcTime outage_end_{};
    Agenda agenda_;
};

} // namespace iwas::sim::bank
