// Turns: lets one coroutine at a time work on a thing that has a name, in the order of arrival.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace iwas {

/// Used on one executor's thread only; no locks. Those who wait are not bounded in time: whoever
/// holds a turn bounds his own work.
class Turns {
public:
    /// `waiting_max` bounds the line behind each name.
    explicit Turns(std::size_t waiting_max);

    /// The right to work; given on when it goes. An empty one gives no right.
    class Turn {
    public:
        Turn() = default;
        ~Turn();
        Turn(Turn&& other) noexcept = default;
        Turn& operator=(Turn&& other) noexcept;
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

        explicit operator bool() const { return state_ != nullptr; }
        /// Gives the turn on before its holder goes.
        void give_back();

    private:
        friend class Turns;
        std::shared_ptr<struct TurnsState> state_;
        std::string name_;
    };

    /// Waits in line for `name`. Empty when the line is full. Not cancellable.
    boost::asio::awaitable<Turn> take(std::string name);

private:
    std::shared_ptr<struct TurnsState> state_;
};

} // namespace iwas
