#include "sim/payment/notice.hpp"

namespace iwas::sim {

void NoticeQueue::add(Notice notice)
{
    if (waiting_.size() >= notices_max) waiting_.erase(waiting_.begin());
    notice.id = next_id_++;
    const UtcTime due = notice.due;
    waiting_.emplace(due, std::move(notice));
}

std::vector<Notice> NoticeQueue::take_due(UtcTime now)
{
    std::vector<Notice> due;
    while (!waiting_.empty() && waiting_.begin()->first <= now)
        due.push_back(std::move(waiting_.extract(waiting_.begin()).mapped()));
    return due;
}

std::optional<UtcTime> NoticeQueue::next_due() const
{
    if (waiting_.empty()) return std::nullopt;
    return waiting_.begin()->first;
}

} // namespace iwas::sim
