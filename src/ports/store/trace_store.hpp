// TraceStore: the sequence diagrams of past runs, and the audit log.
#pragma once

#include "ports/store/jobs.hpp"
#include "ports/tracer.hpp"

#include <string>
#include <vector>

namespace iwas::ports {

struct AuditEntry {
    UtcTime at;
    std::string actor;
    std::string action; // router.changed, router.message_authenticator.relaxed, ...
    std::string subject;
    std::string detail; // of a change the names of the fields; never a secret's value
};

class TraceStore {
public:
    virtual ~TraceStore() = default;

    virtual awaitable<Result<void, StoreError>> append_trace(std::vector<TraceStep> steps) = 0;
    /// In the order in which they happened.
    virtual awaitable<Result<std::vector<TraceStep>, StoreError>> load_trace(Ulid trace) = 0;
    virtual awaitable<Result<void, StoreError>> append_audit(AuditEntry entry) = 0;
    virtual awaitable<Result<std::vector<AuditEntry>, StoreError>> recent_audit(int limit) = 0;
};

} // namespace iwas::ports
