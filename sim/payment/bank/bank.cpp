#include "sim/payment/bank/bank.hpp"

#include "sim/payment/vietnam_time.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace iwas::sim::bank {

Account& Bank::add_account(Account account)
{
    if (Account* known = account_of(account.bin, account.number)) return *known;
    return accounts_.emplace_back(std::move(account));
}

void Bank::add_virtual_account(
    std::string bin, std::string virtual_number, std::string account_number)
{
    virtual_accounts_.push_back(
        {std::move(bin), std::move(virtual_number), std::move(account_number)});
}

void Bank::close_virtual_account(std::string_view bin, std::string_view virtual_number)
{
    std::erase_if(virtual_accounts_, [&](const VirtualAccount& account) {
        return account.bin == bin && account.number == virtual_number;
    });
}

Account* Bank::account_of(std::string_view bin, std::string_view number)
{
    for (const VirtualAccount& known : virtual_accounts_)
        if (known.bin == bin && known.number == number) number = known.account;
    for (Account& account : accounts_)
        if (account.bin == bin && account.number == number) return &account;
    return nullptr;
}

const Account* Bank::find_account(std::string_view bin, std::string_view number) const
{
    const auto found = std::ranges::find_if(accounts_, [&](const Account& account) {
        return account.bin == bin && account.number == number;
    });
    return found == accounts_.end() ? nullptr : &*found;
}

Transfer Bank::draft(const Request& request, const Account& account, UtcTime now)
{
    Transfer transfer;
    transfer.id = transfers_.size() + 1;
    transfer.bin = account.bin;
    transfer.account = account.number;
    if (request.account != account.number) transfer.virtual_account = request.account;
    transfer.amount = request.amount;
    transfer.memo = request.memo;
    // "FT", the day and a number, as several banks name transfers.
    transfer.reference = fmt::format("FT{}{:06}", to_compact_time(now).substr(2, 6), transfer.id);
    MemoHabit met = habit;
    constexpr std::uint64_t whole = 1'000'000;
    if (habit_chance > 0 && static_cast<double>(faults.between(0, whole - 1)) <
                                habit_chance * static_cast<double>(whole))
        met = static_cast<MemoHabit>(faults.between(1, memo_habit_count - 1));
    transfer.content = as_written(met, request.memo, transfer.reference);
    transfer.payer = request.payer;
    transfer.made_at = now;
    transfer.visible_at = std::max(now, outage_end_);
    return transfer;
}

BookEntry Bank::entry_of(const Transfer& transfer, const std::string& order_memo)
{
    for (TransferWatcher* watcher : watchers_)
        if (auto entry = watcher->entry_of(transfer)) return std::move(*entry);
    return {&book, order_memo.empty() ? transfer.memo : order_memo};
}

const Transfer& Bank::post(Transfer transfer, Account& account)
{
    account.balance += transfer.is_in ? transfer.amount : Money{} - transfer.amount;
    (transfer.is_in ? account.arrived : account.left) += transfer.amount;
    transfer.balance_after = account.balance;
    const Transfer& posted = transfers_.emplace_back(std::move(transfer));
    for (TransferWatcher* watcher : watchers_)
        watcher->transfer_made(posted);
    return posted;
}

Result<const Transfer*, std::string> Bank::transfer_in(const Request& request, UtcTime now)
{
    Account* account = account_of(request.bin, request.account);
    if (account == nullptr) return std::unexpected{"there is no such account"};
    if (request.amount <= Money{}) return std::unexpected{"there is no amount"};
    Transfer transfer = draft(request, *account, now);
    const BookEntry entry = entry_of(transfer, request.order_memo);
    if (!entry.book->take(entry.order_id, transfer.reference, request.payer, request.amount, now))
        return std::unexpected{"the payer has not that much money"};
    if (faults.strikes(GatewayFault::late_success, request.memo))
        transfer.visible_at = std::max(transfer.visible_at, now + faults.late);
    const Transfer& posted = post(std::move(transfer), *account);
    if (faults.strikes(GatewayFault::reversed_later, request.memo))
        agenda_.at(
            posted.visible_at + faults.reversal_after, [this, request, &posted](UtcTime due) {
                give_back(MoneyMove::reversed, request, posted, due);
            });
    return &posted;
}

bool Bank::restate(std::string_view reference, Money amount)
{
    const auto found = std::ranges::find(transfers_, reference, &Transfer::reference);
    if (found == transfers_.end()) return false;
    found->amount = amount;
    return true;
}

/// The bank takes the money of `transfer` back from the account and to the payer.
void Bank::give_back(MoneyMove how, const Request& request, const Transfer& transfer, UtcTime now)
{
    Account* account = account_of(transfer.bin, transfer.account);
    Request back = request;
    back.memo = "HOAN TRA " + transfer.reference;
    back.account = account->number;
    Transfer out = draft(back, *account, now);
    out.is_in = false;
    const BookEntry entry = entry_of(transfer, request.order_memo);
    entry.book->give_back(how, entry.order_id, out.reference, transfer.payer, transfer.amount, now);
    post(std::move(out), *account);
}

Result<const Transfer*, std::string> Bank::transfer_out(const Request& request, UtcTime now)
{
    Account* account = account_of(request.bin, request.account);
    if (account == nullptr) return std::unexpected{"there is no such account"};
    if (request.amount <= Money{} || request.amount > account->balance)
        return std::unexpected{"the account has not that much money"};
    Transfer transfer = draft(request, *account, now);
    transfer.is_in = false;
    const BookEntry entry = entry_of(transfer, request.order_memo);
    entry.book->give_back(
        MoneyMove::given_back, entry.order_id, transfer.reference, request.payer, request.amount,
        now);
    return &post(std::move(transfer), *account);
}

Result<PayResult, std::string> Bank::act(const PayCommand& command, UtcTime now)
{
    const auto read = read_qr(command.qr_text);
    if (!read) return std::unexpected{std::string{to_string(read.error())}};
    if (command.act != PayerAct::pay) return PayResult{}; // nobody learns of it
    Request request;
    request.payer = command.payer;
    request.bin = read->bin;
    request.account = read->account;
    request.amount = command.amount.value_or(read->amount.value_or(Money{}));
    request.memo = command.memo.empty() ? read->memo : command.memo;
    request.order_memo = read->memo;
    const auto made = transfer_in(request, now);
    if (!made) return std::unexpected{made.error()};
    return PayResult{(*made)->reference, {}};
}

} // namespace iwas::sim::bank
