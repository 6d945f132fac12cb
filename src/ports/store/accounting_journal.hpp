// AccountingJournal: makes accounting records durable, many in one commit.
#pragma once

#include "domain/accounting.hpp"

#include <functional>

namespace iwas::ports {

/// What became of a record.
enum class Journaled {
    durable,  // on disk and applied; answer the router
    rejected, // not stored; do not answer, the router will repeat it
};

class AccountingJournal {
public:
    virtual ~AccountingJournal() = default;

    /// Queues the record; `done` is called once, on any thread, after the commit that holds it.
    /// Callable from any thread; never blocks; a full queue calls `done` with rejected at once.
    virtual void submit(
        domain::AccountingRecord record, std::function<void(Journaled)> done) noexcept = 0;
};

} // namespace iwas::ports
