#include "api/event_hub.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

namespace iwas::api {

namespace asio = boost::asio;

std::string_view to_text(ports::AlertKind kind)
{
    switch (kind) {
    case ports::AlertKind::activation_failed: return "activation_failed";
    case ports::AlertKind::refund_queued: return "refund_queued";
    case ports::AlertKind::workflow_too_slow: return "workflow_too_slow";
    case ports::AlertKind::router_unreachable: return "router_unreachable";
    case ports::AlertKind::pc_system_unavailable: return "pc_system_unavailable";
    case ports::AlertKind::ledger_mismatch: return "ledger_mismatch";
    case ports::AlertKind::notice_unreadable: return "notice_unreadable";
    }
    return {};
}

EventHub::EventHub(asio::any_io_executor executor, const ports::Clock& clock)
    : executor_{std::move(executor)}, clock_{clock}
{
}

EventHub::Watch::Watch(EventHub& hub, std::vector<Ulid> subjects)
    : hub_{hub}, subjects_{std::move(subjects)}, timer_{hub.executor_}
{
    if (hub_.watchers_.size() + subjects_.size() > watchers_max) return;
    for (const Ulid& subject : subjects_)
        hub_.watchers_.emplace(subject, this);
    is_registered_ = true;
}

EventHub::Watch::~Watch()
{
    if (!is_registered_) return;
    for (const Ulid& subject : subjects_) {
        const auto range = hub_.watchers_.equal_range(subject);
        for (auto each = range.first; each != range.second; ++each) {
            if (each->second != this) continue;
            hub_.watchers_.erase(each);
            break;
        }
    }
}

ports::awaitable<void> EventHub::Watch::wait(SteadyTime until)
{
    if (!is_woken_) {
        timer_.expires_at(until);
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    is_woken_ = false;
}

void EventHub::Watch::wake()
{
    is_woken_ = true;
    timer_.cancel();
}

void EventHub::changed(const Ulid& subject) noexcept
{
    const auto range = watchers_.equal_range(subject);
    for (auto each = range.first; each != range.second; ++each)
        each->second->wake();
}

void EventHub::alert(
    ports::AlertKind kind, const domain::LocationId& location, const std::string& text) noexcept
{
    try {
        ++alert_counts_.at(static_cast<std::size_t>(kind));
        spdlog::warn(
            "event=alert kind={} location={} text=\"{}\"", to_text(kind), location.text(), text);
        if (alerts_.size() >= alerts_max) alerts_.pop_front();
        alerts_.push_back({clock_.utc_now(), kind, location, text});
    } catch (const std::exception&) {
        // Out of memory: an alert that cannot be kept must not stop the workflow that raised it.
    }
}

std::shared_ptr<EventHub::Watch> EventHub::watch(std::vector<Ulid> subjects)
{
    return std::make_shared<Watch>(*this, std::move(subjects));
}

std::uint64_t EventHub::alerts_of(ports::AlertKind kind) const
{
    return alert_counts_.at(static_cast<std::size_t>(kind));
}

} // namespace iwas::api
