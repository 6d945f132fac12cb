// Notifier: tells whoever is watching that something changed, and staff that something is wrong.
#pragma once

#include "core/id.hpp"
#include "domain/ids.hpp"

#include <string>

namespace iwas::ports {

enum class AlertKind {
    activation_failed,
    refund_queued,
    workflow_too_slow,
    router_unreachable,
    pc_system_unavailable,
    ledger_mismatch,
    notice_unreadable, // a gateway says something of money that IWAS cannot read
};

class Notifier {
public:
    virtual ~Notifier() = default;
    /// `subject` (a transaction or session id) changed; watchers read the new state themselves.
    virtual void changed(const Ulid& subject) noexcept = 0;
    /// For staff of the location; `text` holds no personal data.
    virtual void alert(
        AlertKind kind, const domain::LocationId& location, const std::string& text) noexcept = 0;
};

} // namespace iwas::ports
