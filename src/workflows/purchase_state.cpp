// What PurchasePackage keeps and shows: views, commits, the draft of a session.
#include "workflows/purchase_package.hpp"
#include "workflows/session_steps.hpp"

namespace iwas::workflows {

using domain::Session;
using domain::Transaction;
using ports::JobKind;

awaitable<Result<std::optional<PurchaseView>, ports::StoreError>> PurchasePackage::view(
    domain::TransactionId id)
{
    auto txn = co_await outside_.store.load_transaction(id);
    if (!txn) co_return std::unexpected{txn.error()};
    if (!*txn) co_return std::optional<PurchaseView>{};
    auto session = co_await outside_.store.load_session((*txn)->session);
    if (!session) co_return std::unexpected{session.error()};

    PurchaseView view{.transaction = std::move(**txn), .session = std::move(*session)};
    const auto form = forms_.find(id);
    const bool is_waiting = view.session && view.session->state == domain::SessionState::pending;
    if (form != forms_.end() && is_waiting) view.form = form->second.form;
    if (form != forms_.end() && !is_waiting) forms_.erase(form);
    const bool waits_for_money = domain::is_gateway(view.transaction.method) &&
                                 view.transaction.state == domain::TransactionState::pending;
    if (waits_for_money) {
        auto invitation = co_await outside_.store.load_invitation(id);
        if (!invitation) co_return std::unexpected{invitation.error()};
        view.invitation = std::move(*invitation);
        const auto payments = co_await outside_.store.payments_of(id);
        if (!payments) co_return std::unexpected{payments.error()};
        for (const domain::Payment& each : *payments)
            view.received += each.amount;
        view.payer_bank = co_await payer_bank_of(view.transaction);
    }
    co_return std::optional{std::move(view)};
}

/// Nothing depends on it, so a store that does not answer is no reason to show less.
awaitable<std::string> PurchasePackage::payer_bank_of(Transaction txn)
{
    if (!txn.saved_method || !domain::is_bank_transfer(txn.method)) co_return std::string{};
    auto saved = co_await outside_.store.load_saved_method(*txn.saved_method);
    co_return saved && *saved ? std::move((*saved)->binding_id) : std::string{};
}

awaitable<std::optional<ports::Committed>> PurchasePackage::commit(ports::Step step)
{
    const auto transaction = step.transaction ? step.transaction->id : domain::TransactionId{};
    const auto session = step.session ? step.session->id : domain::SessionId{};
    const auto committed = co_await outside_.store.commit(std::move(step));
    if (!committed) co_return std::nullopt;
    if (!transaction.is_nil()) outside_.notifier.changed(transaction.value());
    if (!session.is_nil()) outside_.notifier.changed(session.value());
    co_return *committed;
}

awaitable<void> PurchasePackage::try_again(
    domain::TransactionId id, JobKind kind, Milliseconds after)
{
    const UtcTime due_at = outside_.clock.utc_now() + after;
    // When even this is not stored, the lease runs out and brings the job back.
    (void)co_await outside_.store.postpone_job(job_id(kind, id.value()), due_at);
}

Session PurchasePackage::session_for(const Transaction& txn)
{
    // ASCII of 40 random bits for the name and 80 for the password: HTTP-CHAP pages compute on
    // character codes, and nobody ever types these.
    const std::string random =
        to_string(outside_.random.make_id<domain::SessionId>(txn.created_at));
    const std::string name = to_string(outside_.random.make_id<domain::SessionId>(txn.created_at));
    Session session{
        .id = txn.session,
        .transaction = txn.id,
        .account = txn.account,
        .organization = txn.organization,
        .location = txn.location,
        .terms = txn.terms,
        .user_name = "w-" + name.substr(name.size() - 8),
        .password = SecretText{random.substr(random.size() - 16)},
        .created_at = txn.updated_at,
        .remaining = txn.terms.duration,
    };
    session.devices.push_back(
        {.mac = txn.mac, .ip = txn.ip, .router = txn.router, .added_at = txn.updated_at});
    return session;
}

/// The oldest goes when there are too many: then the job brings what the login has to know.
void PurchasePackage::keep_challenge(
    const domain::TransactionId& id, ports::LoginChallenge challenge)
{
    constexpr std::size_t challenges_max = 50'000;
    challenges_[id] = std::move(challenge);
    if (challenges_.size() > challenges_max) challenges_.erase(challenges_.begin());
}

ports::LoginChallenge PurchasePackage::known_challenge(const domain::TransactionId& id) const
{
    const auto found = challenges_.find(id);
    return found == challenges_.end() ? ports::LoginChallenge{} : found->second;
}

} // namespace iwas::workflows
