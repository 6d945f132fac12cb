// The wallet as the customer arranges it: names, order, default, and what leaves it.
#include "workflows/limits.hpp"
#include "workflows/link_method.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>

namespace iwas::workflows {

using domain::PaymentMethod;
using domain::SavedMethod;
using domain::SavedMethodId;
using domain::SavedMethodState;
using ports::JobKind;
using ports::StoreError;

namespace {

bool is_same(const SavedMethod& a, const SavedMethod& b)
{
    return a.state == b.state && a.label == b.label && a.is_default == b.is_default &&
           a.position == b.position;
}

void make_default(std::vector<SavedMethod>& wallet, SavedMethodId id)
{
    for (SavedMethod& each : wallet)
        each.is_default = each.id == id;
}

} // namespace

ports::MethodUsage usage_of(const Wallet& wallet, const SavedMethod& saved)
{
    const bool is_pc = saved.method == PaymentMethod::pc_balance;
    const auto found = std::ranges::find_if(wallet.usage, [&](const ports::MethodUsage& each) {
        return is_pc ? !each.method : each.method == saved.id;
    });
    return found == wallet.usage.end() ? ports::MethodUsage{} : *found;
}

/// With the PC account in its place, stored or not.
awaitable<Result<LinkMethod::Methods, StoreError>> LinkMethod::listed(domain::Account account)
{
    auto stored = co_await outside_.store.saved_methods_of(account.id);
    if (!stored) co_return std::unexpected{stored.error()};
    Methods methods = std::move(*stored);
    std::erase_if(methods, [](const SavedMethod& each) { return !domain::is_listed(each); });
    const auto catalog = outside_.catalog.current();
    SavedMethod pc_account = domain::pc_account_method(account.id);
    const auto kept = std::ranges::find(methods, pc_account.id, &SavedMethod::id);
    const bool is_there = kept != methods.end();
    // His own name: nothing to hide from him.
    if (is_there) kept->masked = account.user_name;
    pc_account.masked = account.user_name;
    if (is_there || domain::is_guest(account) || !catalog->pc_system(account.location))
        co_return methods;
    const auto changed = co_await outside_.store.load_saved_method(pc_account.id);
    if (!changed) co_return std::unexpected{changed.error()};
    if (*changed) co_return methods; // he has removed it
    pc_account.is_default = std::ranges::none_of(methods, &SavedMethod::is_default);
    pc_account.created_at = account.id.value().made_at();
    methods.push_back(std::move(pc_account));
    domain::sort_by_position(methods);
    co_return methods;
}

awaitable<Result<Wallet, StoreError>> LinkMethod::view(domain::Account account)
{
    const domain::AccountId id = account.id;
    auto methods = co_await listed(std::move(account));
    if (!methods) co_return std::unexpected{methods.error()};
    auto usage = co_await outside_.store.method_usage_of(id);
    if (!usage) co_return std::unexpected{usage.error()};
    co_return Wallet{std::move(*methods), std::move(*usage)};
}

awaitable<Result<SavedMethod, WalletRejection>> LinkMethod::keep_pc_account(domain::Account account)
{
    const auto catalog = outside_.catalog.current();
    if (!catalog->pc_system(account.location))
        co_return std::unexpected{WalletRejection::method_inactive};
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        SavedMethod pc_account = domain::pc_account_method(account.id);
        const auto loaded = co_await outside_.store.load_saved_method(pc_account.id);
        if (!loaded) co_return std::unexpected{WalletRejection::try_later};
        // Never changed, or there already.
        if (!*loaded) co_return pc_account;
        pc_account = **loaded;
        if (pc_account.state == SavedMethodState::usable) co_return pc_account;
        const UtcTime now = outside_.clock.utc_now();
        pc_account.state = SavedMethodState::usable;
        pc_account.is_default = false;
        pc_account.updated_at = now;
        ports::WalletStep step{
            .methods = {pc_account},
            .jobs = {},
            .finished = {},
            .actor = "customer",
            .why = "kept again",
            .now = now,
        };
        const auto stored = co_await outside_.store.change_wallet(std::move(step));
        if (stored) co_return pc_account;
        if (stored.error() != StoreError::conflict) break;
    }
    co_return std::unexpected{WalletRejection::try_later};
}

awaitable<Result<SavedMethod, WalletRejection>> LinkMethod::keep_bank_account(LinkRequest request)
{
    const auto catalog = outside_.catalog.current();
    const domain::Location* location = catalog->location(request.visit.location);
    const auto takes = [&](PaymentMethod method) {
        return catalog->payment_account(location->organization, method) != nullptr;
    };
    const bool can_pay = location && (takes(PaymentMethod::vietqr) || takes(PaymentMethod::payos));
    if (!can_pay || !request.bank_account)
        co_return std::unexpected{WalletRejection::method_inactive};
    const BankAccount& wanted = *request.bank_account;
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        const auto kept = co_await outside_.store.saved_methods_of(request.account.id);
        if (!kept) break;
        const auto same = std::ranges::find_if(*kept, [&](const SavedMethod& each) {
            return domain::is_bank_account(each) && each.binding_id == wanted.bin &&
                   each.token.reveal() == wanted.number.reveal();
        });
        if (same != kept->end()) co_return *same;
        if (kept->size() >= limits_.methods_max)
            co_return std::unexpected{WalletRejection::method_inactive};

        const UtcTime now = outside_.clock.utc_now();
        SavedMethod saved{
            .id = outside_.random.make_id<SavedMethodId>(now),
            .account = request.account.id,
            .method = PaymentMethod::vietqr, // whichever transfer pays
            .state = SavedMethodState::usable,
            .token = wanted.number,
            .binding_id = wanted.bin,
            .masked = domain::masked_account_number(wanted.number.reveal()),
            .position = static_cast<int>(kept->size()) + 1, // the PC account is the first
            .created_at = now,
            .updated_at = now,
        };
        ports::WalletStep step{
            .methods = {saved},
            .kept_before = kept->size(),
            .jobs = {},
            .finished = {},
            .actor = "customer",
            .why = "keeps a bank account",
            .now = now,
        };
        const auto stored = co_await outside_.store.change_wallet(std::move(step));
        saved.version = 1;
        if (stored) co_return saved;
        // Somebody added or removed one in between: it may have been this one.
        if (stored.error() != StoreError::conflict) break;
    }
    co_return std::unexpected{WalletRejection::try_later};
}

awaitable<Result<void, WalletRejection>> LinkMethod::change(
    domain::Account account, SavedMethodId id, MethodChange change)
{
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        auto methods = co_await listed(account);
        if (!methods) co_return std::unexpected{WalletRejection::try_later};
        const Methods before = *methods;
        const auto found = std::ranges::find(*methods, id, &SavedMethod::id);
        if (found == methods->end()) co_return std::unexpected{WalletRejection::not_found};
        const UtcTime now = outside_.clock.utc_now();
        if (change.makes_default && !domain::is_usable(*found, now))
            co_return std::unexpected{WalletRejection::method_inactive};
        if (change.label) found->label = *change.label;
        if (change.makes_default) make_default(*methods, id);
        if (change.position) (void)domain::move_to(*methods, id, *change.position);

        ports::WalletStep step{
            .methods = {}, .jobs = {}, .finished = {}, .actor = "customer", .why = "", .now = now};
        for (SavedMethod& each : *methods) {
            const auto was = std::ranges::find(before, each.id, &SavedMethod::id);
            if (is_same(*was, each)) continue;
            each.updated_at = now;
            step.methods.push_back(each);
        }
        if (step.methods.empty()) co_return Result<void, WalletRejection>{};
        step.why = "arranged";
        const auto stored = co_await outside_.store.change_wallet(std::move(step));
        if (stored) co_return Result<void, WalletRejection>{};
        if (stored.error() != StoreError::conflict) break;
    }
    co_return std::unexpected{WalletRejection::try_later};
}

/// Whether the account has a session that goes on or money on its way.
awaitable<bool> LinkMethod::something_runs(domain::AccountId account)
{
    const auto sessions = co_await outside_.store.open_sessions_of(account);
    if (!sessions || !sessions->empty()) co_return true;
    for (const auto state :
         {domain::TransactionState::pending, domain::TransactionState::refunding}) {
        ports::TransactionFilter filter;
        filter.account = account;
        filter.state = state;
        const auto open = co_await outside_.store.find_transactions(std::move(filter), 1);
        if (!open || !open->empty()) co_return true;
    }
    co_return false;
}

awaitable<Result<void, WalletRejection>> LinkMethod::remove(
    domain::Account account, domain::Visit visit, SavedMethodId id)
{
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        const UtcTime now = outside_.clock.utc_now();
        auto methods = co_await listed(account);
        if (!methods) co_return std::unexpected{WalletRejection::try_later};
        const auto found = std::ranges::find(*methods, id, &SavedMethod::id);
        if (found == methods->end()) co_return std::unexpected{WalletRejection::not_found};
        if (!domain::is_proven(visit, account.id, now))
            co_return std::unexpected{WalletRejection::reauthentication_required};
        if (methods->size() == 1) {
            const bool is_in_use = co_await something_runs(account.id);
            if (is_in_use) co_return std::unexpected{WalletRejection::last_method};
        }

        SavedMethod leaving = *found;
        const bool was_default = leaving.is_default;
        methods->erase(found);
        const bool knows_gateway = !leaving.payment_account.empty();
        leaving.state = knows_gateway ? SavedMethodState::leaving : SavedMethodState::removed;
        if (!knows_gateway) {
            leaving.token = {};
            leaving.binding_id.clear();
        }
        leaving.is_default = false;
        leaving.updated_at = now;
        ports::WalletStep step{
            .methods = {leaving},
            .jobs = {},
            .finished = {},
            .actor = "customer",
            .why = "removed",
            .now = now,
        };
        if (knows_gateway) step.jobs.push_back(next_look(leaving, now));
        // Another one takes its place, so that one tap still pays.
        const auto next = std::ranges::find_if(
            *methods, [&](const SavedMethod& each) { return domain::is_usable(each, now); });
        if (was_default && next != methods->end()) {
            next->is_default = true;
            next->updated_at = now;
            step.methods.push_back(*next);
        }
        const auto stored = co_await outside_.store.change_wallet(std::move(step));
        if (stored) co_return Result<void, WalletRejection>{};
        if (stored.error() != StoreError::conflict) break;
    }
    co_return std::unexpected{WalletRejection::try_later};
}

} // namespace iwas::workflows
