#include "domain/transaction.hpp"

#include "domain/enum_text.hpp"

namespace iwas::domain {

namespace {

using State = TransactionState;
using Reason = TransactionReason;

constexpr EnumText states{std::to_array<std::pair<State, std::string_view>>({
    {State::created, "created"},
    {State::pending, "pending"},
    {State::success, "success"},
    {State::refunding, "refunding"},
    {State::refunded, "refunded"},
    {State::failed, "failed"},
    {State::expired, "expired"},
})};

constexpr EnumText reasons{std::to_array<std::pair<Reason, std::string_view>>({
    {Reason::none, "none"},
    {Reason::declined, "declined"},
    {Reason::insufficient_balance, "insufficient_balance"},
    {Reason::account_suspended, "account_suspended"},
    {Reason::payment_unavailable, "payment_unavailable"},
    {Reason::payment_expired, "payment_expired"},
    {Reason::outcome_unknown, "outcome_unknown"},
    {Reason::amount_mismatch, "amount_mismatch"},
    {Reason::activation_failed, "activation_failed"},
    {Reason::late_debit, "late_debit"},
    {Reason::cancelled, "cancelled"},
    {Reason::method_expired, "method_expired"},
    {Reason::surplus_payment, "surplus_payment"},
    {Reason::second_payment, "second_payment"},
    {Reason::partial_payment, "partial_payment"},
    {Reason::unmatched_payment, "unmatched_payment"},
    {Reason::doubtful_payment, "doubtful_payment"},
    {Reason::staff_refund, "staff_refund"},
})};

} // namespace

bool may_follow(TransactionState from, TransactionState to)
{
    switch (from) {
    case State::created: return to == State::pending;
    case State::pending:
        return to == State::success || to == State::failed || to == State::expired ||
               to == State::refunding;
    case State::success: return to == State::refunding;
    case State::refunding: return to == State::refunded;
    case State::failed:
    case State::expired: return to == State::refunding || to == State::success;
    case State::refunded: return false;
    }
    return false;
}

bool is_final(TransactionState state)
{
    switch (state) {
    case State::created:
    case State::pending:
    case State::refunding: return false;
    case State::success:
    case State::refunded:
    case State::failed:
    case State::expired: return true;
    }
    return true;
}

Money due_of(const Transaction& transaction)
{
    return transaction.amount - transaction.credit_used;
}

std::string charge_reference(const TransactionId& id)
{
    return "IWAS-" + to_string(id);
}

std::string_view to_text(TransactionState state)
{
    return states.text_of(state);
}
std::string_view to_text(TransactionReason reason)
{
    return reasons.text_of(reason);
}
std::optional<TransactionState> transaction_state_from(std::string_view text)
{
    return states.value_of(text);
}
std::optional<TransactionReason> transaction_reason_from(std::string_view text)
{
    return reasons.value_of(text);
}

} // namespace iwas::domain
