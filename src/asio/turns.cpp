#include "asio/turns.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>
#include <map>
#include <utility>

namespace iwas {
namespace asio = boost::asio;

struct TurnsState {
    struct Waiter {
        explicit Waiter(const asio::any_io_executor& executor)
            : timer{executor, asio::steady_timer::time_point::max()}
        {
        }
        asio::steady_timer timer;
        bool has_turn = false;
    };

    std::size_t waiting_max = 0;
    // A name is here while somebody has its turn; the line holds who comes next.
    std::map<std::string, std::deque<std::shared_ptr<Waiter>>> lines;

    void give_on(const std::string& name)
    {
        const auto line = lines.find(name);
        if (line == lines.end()) return;
        if (line->second.empty()) {
            lines.erase(line);
            return;
        }
        const auto next = std::move(line->second.front());
        line->second.pop_front();
        next->has_turn = true;
        next->timer.expires_at(asio::steady_timer::time_point::min());
    }
};

Turns::Turns(std::size_t waiting_max) : state_{std::make_shared<TurnsState>()}
{
    state_->waiting_max = waiting_max;
}

Turns::Turn::~Turn()
{
    give_back();
}

Turns::Turn& Turns::Turn::operator=(Turn&& other) noexcept
{
    if (this == &other) return *this;
    give_back();
    state_ = std::exchange(other.state_, nullptr);
    name_ = std::move(other.name_);
    return *this;
}

void Turns::Turn::give_back()
{
    if (const auto state = std::exchange(state_, nullptr)) state->give_on(name_);
}

asio::awaitable<Turns::Turn> Turns::take(std::string name)
{
    const std::shared_ptr<TurnsState> state = state_;
    Turn turn;
    const auto [line, is_free] = state->lines.try_emplace(name);
    if (!is_free) {
        if (line->second.size() >= state->waiting_max) co_return turn;
        const auto executor = co_await asio::this_coro::executor;
        const auto waiter = std::make_shared<TurnsState::Waiter>(executor);
        state->lines[name].push_back(waiter);
        while (!waiter->has_turn)
            co_await waiter->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    turn.state_ = state;
    turn.name_ = std::move(name);
    co_return turn;
}

} // namespace iwas
