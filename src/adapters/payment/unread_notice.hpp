// Notices that prove where they come from and cannot be read: kept for a person, never lost.
#pragma once

#include "ports/payment_gateway.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace iwas::adapters {

/// `notice` with its kept body, and nothing else that could be used.
inline ports::PaymentNotice unreadable(ports::PaymentNotice notice, ports::Unread what)
{
    ports::PaymentNotice unread;
    unread.kind = ports::NoticeKind::unreadable;
    unread.order_id = std::move(notice.order_id);
    unread.kept_body = std::move(notice.kept_body);
    unread.unread = what;
    return unread;
}

/// What is kept of a body that is no JSON object: its size alone, since nothing can be masked.
inline std::string kept_size(std::string_view body)
{
    return "not JSON, " + std::to_string(body.size()) + " octets";
}

} // namespace iwas::adapters
