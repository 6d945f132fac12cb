#include "adapters/http/event_stream.hpp"

#include <utility>

namespace iwas::http {

namespace {

void append_field(std::string& frame, std::string_view name, std::string_view value)
{
    frame += name;
    frame += ": ";
    for (const char c : value)
        if (c != '\r' && c != '\n' && c != '\0') frame += c;
    frame += '\n';
}

void append_data(std::string& frame, std::string_view data)
{
    for (std::size_t at = 0; at <= data.size();) {
        const std::size_t end = std::min(data.find('\n', at), data.size());
        append_field(frame, "data", data.substr(at, end - at));
        at = end + 1;
    }
}

} // namespace

bool EventStream::send(std::string_view event, std::string_view id, std::string_view data)
{
    if (!open_) return false;
    if (queue_.size() >= events_max_) {
        close();
        return false;
    }
    std::string frame;
    if (!id.empty()) append_field(frame, "id", id);
    if (!event.empty()) append_field(frame, "event", event);
    append_data(frame, data);
    frame += '\n';
    queue_.push_back(std::move(frame));
    if (wake_) wake_();
    return true;
}

void EventStream::close()
{
    if (!open_) return;
    open_ = false;
    if (wake_) wake_();
    if (const auto callback = std::exchange(closed_, nullptr)) callback();
}

void EventStream::on_close(std::function<void()> callback)
{
    if (!open_) {
        callback();
        return;
    }
    closed_ = std::move(callback);
}

std::string EventStream::take()
{
    std::string text;
    for (const std::string& frame : queue_)
        text += frame;
    queue_.clear();
    return text;
}

} // namespace iwas::http
