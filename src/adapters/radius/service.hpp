// AccessService and AccountingService: datagram in, answer out, without sockets or threads.
#pragma once

#include "adapters/radius/accounting.hpp"
#include "adapters/radius/authenticate.hpp"
#include "adapters/radius/reply_cache.hpp"
#include "ports/store/accounting_journal.hpp"

#include <atomic>
#include <random>

namespace iwas::adapters {

/// Both clocks, read once for each batch of datagrams.
struct Moment {
    UtcTime utc;
    SteadyTime steady;
};
Moment moment_now();

struct RadiusLimits {
    /// An Access-Reject waits this long and up to a quarter more, which slows down guessing. Never
    /// with MAC authentication: the portal would appear late.
    Milliseconds reject_delay{1000};
    /// Recent requests that one socket remembers.
    std::size_t cache_entries = 16384;
    /// Accounting-Requests of one socket that wait for the journal.
    std::size_t accounting_in_flight_max = 8192;
};

/// Answers the authentication port. Used by one thread; the registry and the directory are shared.
class AccessService {
public:
    AccessService(ClientRegistry& registry, const Directory& directory, RadiusLimits limits);

    struct Outcome {
        /// To be sent now; empty: nothing. Lies in the caller's buffer or in the cache, and is
        /// valid until the next call.
        ByteView reply;
        /// Above zero: `reply` is empty, and `delayed_reply(ticket)` gives it after this time.
        Milliseconds delay{0};
        ReplyCache::Ticket ticket;
    };
    /// `table` outlives the call. Nothing throws; whatever is wrong is counted and dropped.
    Outcome handle(
        ByteView datagram, RadiusSource source, const ClientTable& table, Moment now,
        radius::PacketBuffer& buffer);
    /// Empty when the request was forgotten meanwhile.
    ByteView delayed_reply(ReplyCache::Ticket ticket) { return cache_.answer(ticket); }

private:
    Outcome answer(
        const CheckedRequest& request, ReplyCache::Ticket ticket, UtcTime now,
        radius::PacketBuffer& buffer);

    ClientRegistry& registry_;
    const Directory& directory_;
    RadiusLimits limits_;
    ReplyCache cache_;
    std::minstd_rand jitter_;
};

/// Answers the accounting port. Used by one thread.
class AccountingService {
public:
    AccountingService(ClientRegistry& registry, RadiusLimits limits);

    struct Outcome {
        ByteView reply; ///< to be sent now; empty: nothing
        /// To be made durable; then `completed` gives the reply.
        std::optional<domain::AccountingRecord> record;
        ReplyCache::Ticket ticket;
        std::shared_ptr<PreparedClient::State> client; ///< of `record`
    };
    Outcome handle(
        ByteView datagram, RadiusSource source, const ClientTable& table, Moment now,
        radius::PacketBuffer& buffer);
    /// The reply to a record, once for each. Empty when it is not durable: the router will repeat
    /// the request, which is then new.
    ByteView completed(
        ReplyCache::Ticket ticket, PreparedClient::State& client, ports::Journaled result);

    [[nodiscard]] std::size_t in_flight() const { return in_flight_; }

private:
    ClientRegistry& registry_;
    RadiusLimits limits_;
    ReplyCache cache_;
    std::size_t in_flight_ = 0;
};

} // namespace iwas::adapters
