#include "sim/world/border.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace iwas::sim {

void Border::throw_if_over() const
{
    if (life_->is_over) throw boost::system::system_error{boost::asio::error::operation_aborted};
}

awaitable<void> Border::cross(std::string_view what, Milliseconds usual)
{
    throw_if_over();
    ++nature_.crossings;
    const bool is_due = nature_.crossings == nature_.crash_at_crossing;
    if (is_due || nature_.random.chance(nature_.faults.crash)) {
        if (nature_.is_told()) nature_.tell("IWAS dies at " + std::string{what});
        life_->is_over = true;
        nature_.crash();
        throw_if_over();
    }
    // Microseconds, so that two calls seldom come back in the order in which they went.
    auto wait =
        nature_.random.between(std::chrono::microseconds{0}, std::chrono::microseconds{usual});
    if (nature_.random.chance(nature_.faults.slow)) wait *= 100;
    const SteadyTime back_at = nature_.clock.steady_now() + wait;
    co_await nature_.clock.sleep_until(back_at);
    throw_if_over();
}

} // namespace iwas::sim
