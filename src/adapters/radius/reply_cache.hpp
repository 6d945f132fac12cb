// ReplyCache: finds repeated requests and keeps what they were answered (RFC 5080 §2.2.2).
#pragma once

#include "adapters/radius/gate.hpp"

#include <memory>

namespace iwas::adapters {

/// Bounded memory of recent requests of one socket; used by one thread. A request is known by its
/// source and identifier; it is the same when its authenticator and all its octets are. An entry
/// lives 30 s, or less when its bucket is full: then the oldest gives way, and a repeated request
/// is simply answered anew.
class ReplyCache {
public:
    /// Replies longer than this are not kept.
    static constexpr std::size_t reply_octets_max = 768;
    static constexpr std::chrono::seconds life{30};

    /// Names an entry; a stale one is noticed.
    struct Ticket {
        std::uint32_t slot = 0;
        std::uint32_t generation = 0;
    };
    enum class Found {
        fresh,       ///< a new request; the ticket is for its reply
        in_progress, ///< discard the datagram
        answered,    ///< send the reply again
    };
    struct Looked {
        Found found = Found::fresh;
        Ticket ticket;
        ByteView reply; ///< when answered; valid until the next call
    };

    /// Room for about `entries` requests.
    explicit ReplyCache(std::size_t entries);

    Looked look(RadiusSource source, ByteView packet, SteadyTime now);
    /// Keeps `reply` for the request of `ticket`, still unsent. False, and the request is
    /// forgotten, when it is too long.
    bool keep(Ticket ticket, ByteView reply);
    /// The kept reply, which from now on answers repetitions; empty when the entry is gone.
    ByteView answer(Ticket ticket);
    /// Forgets the request: a repetition will be new.
    void forget(Ticket ticket);

private:
    static constexpr std::size_t ways = 8;
    struct Slot {
        std::uint64_t key = 0;
        std::uint64_t digest = 0;
        SteadyTime since{};
        std::uint32_t generation = 0;
        std::uint16_t reply_octets = 0;
        bool is_used = false;
        bool is_answered = false;
    };
    using Reply = std::array<std::uint8_t, reply_octets_max>;

    Slot* slot_of(Ticket ticket);

    std::size_t buckets_;
    std::uint64_t seed_;
    std::vector<Slot> slots_;
    /// Left uninitialised, so that memory is taken as it is used.
    std::unique_ptr<Reply[]> replies_;
};

} // namespace iwas::adapters
