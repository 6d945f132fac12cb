#include "domain/saved_method.hpp"

#include "domain/enum_text.hpp"

#include <algorithm>
#include <tuple>

namespace iwas::domain {

namespace {

using State = SavedMethodState;

constexpr EnumText states{std::to_array<std::pair<State, std::string_view>>({
    {State::asked, "asked"},
    {State::usable, "usable"},
    {State::expired, "expired"},
    {State::failed, "failed"},
    {State::leaving, "leaving"},
    {State::removed, "removed"},
})};

} // namespace

bool may_follow(SavedMethodState from, SavedMethodState to)
{
    switch (from) {
    case State::asked: return to == State::usable || to == State::failed;
    case State::usable: return to == State::expired || to == State::leaving || to == State::removed;
    case State::expired: return to == State::usable || to == State::leaving || to == State::removed;
    case State::failed: return to == State::usable;
    case State::leaving: return to == State::removed;
    case State::removed: return to == State::usable;
    }
    return false;
}

bool is_bank_account(const SavedMethod& saved)
{
    return is_bank_transfer(saved.method);
}

std::string masked_account_number(std::string_view number)
{
    constexpr std::size_t shown = 4;
    constexpr std::size_t hidden_min = 4;
    const std::size_t kept =
        std::min(shown, number.size() > hidden_min ? number.size() - hidden_min : 0);
    return std::string{"•••• "}.append(number.substr(number.size() - kept));
}

bool is_listed(const SavedMethod& saved)
{
    return saved.state == State::usable || saved.state == State::expired;
}

bool is_usable(const SavedMethod& saved, UtcTime now)
{
    return saved.state == State::usable && (!saved.expires_at || *saved.expires_at > now);
}

SavedMethod pc_account_method(AccountId account)
{
    return {
        .id = SavedMethodId{account.value()},
        .account = account,
        .method = PaymentMethod::pc_balance,
        .state = State::usable,
        .is_default = true,
    };
}

void sort_by_position(std::vector<SavedMethod>& wallet)
{
    std::ranges::sort(wallet, [](const SavedMethod& a, const SavedMethod& b) {
        return std::tie(a.position, a.created_at, a.id) < std::tie(b.position, b.created_at, b.id);
    });
}

bool move_to(std::vector<SavedMethod>& wallet, SavedMethodId id, std::size_t position)
{
    const auto found = std::ranges::find(wallet, id, &SavedMethod::id);
    if (found == wallet.end()) return false;
    SavedMethod moved = std::move(*found);
    wallet.erase(found);
    const auto place = static_cast<std::ptrdiff_t>(std::min(position, wallet.size()));
    wallet.insert(wallet.begin() + place, std::move(moved));
    int number = 0;
    for (SavedMethod& each : wallet)
        each.position = number++;
    return true;
}

std::string_view to_text(SavedMethodState state)
{
    return states.text_of(state);
}

std::optional<SavedMethodState> saved_method_state_from(std::string_view text)
{
    return states.value_of(text);
}

} // namespace iwas::domain
