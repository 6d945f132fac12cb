// The store on SQLite or PostgreSQL: everything that ports::Store promises.
#pragma once

#include "adapters/store/key_ring.hpp"
#include "adapters/store/migrations.hpp"
#include "ports/store/store.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace iwas::adapters {

struct StoreOptions {
    /// "sqlite:PATH" or "postgresql://...". With inline_execution also "sqlite::memory:".
    std::string url;
    KeyRing keys;
    /// Where the threads of the store hand back what they finished. Not used inline.
    boost::asio::any_io_executor io;
    /// SQLite: threads that read. PostgreSQL: threads that read, and as many that write.
    std::size_t threads = 4;
    /// This node's name, which its leases carry; different on every node of one database.
    std::string node = "node";
    /// Everything runs on the calling thread before the call returns; for the simulation.
    bool inline_execution = false;
    /// "full": an acknowledged change survives the loss of power. "off" is for the simulation.
    std::string sqlite_synchronous = "full";
};

/// Opens the database and brings it to this program's schema. Destroying the store finishes what
/// it accepted and joins its threads; the executor must outlive it. Throws std::runtime_error when
/// the database cannot be opened, has a newer schema, or needs a key that is not on the ring.
std::unique_ptr<ports::Store> open_store(StoreOptions options);

/// Whether the database holds secrets, for which keys are needed.
bool needs_keys(const std::string& url);
/// Throws std::runtime_error that names the keys that the database needs and the ring lacks.
void require_keys(const std::string& url, const KeyRing& keys);

/// Applies the missing migrations and says which. Throws like open_store.
std::vector<AppliedMigration> migrate_database(const std::string& url);

/// Seals every stored secret with the ring's active key, some at a time, beside a running server.
/// Returns how many were sealed anew. Throws std::runtime_error when a secret cannot be opened.
std::size_t rotate_keys(const std::string& url, const KeyRing& keys);

} // namespace iwas::adapters
