// Directory: who may be online, in memory, read by the RADIUS threads and kept by the workflows.
#pragma once

#include "ports/access_directory.hpp"

#include <array>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <unordered_set>

namespace iwas::adapters {

/// The AccessDirectory of production and of the simulation. Thread-safe: readers share the lock of
/// one of 64 shards for a moment; what they get stays valid and unchanged as long as they hold it.
class Directory : public ports::AccessDirectory {
public:
    using Entry = std::shared_ptr<const ports::Admission>;

    void admit(ports::Admission admission) override;
    void revoke(const domain::SessionId& session) override;

    /// The session with this user name at the location; null when there is none.
    [[nodiscard]] Entry find_user(
        const domain::LocationId& location, std::string_view user_name) const;
    /// The newest session at the location that this device may use; null when there is none.
    [[nodiscard]] Entry find_device(
        const domain::LocationId& location, const MacAddress& mac) const;

    [[nodiscard]] std::size_t size() const;

private:
    struct UserKey {
        std::string_view location;
        std::string_view user_name;
        friend bool operator==(const UserKey&, const UserKey&) = default;
    };
    static UserKey key_of(const Entry& entry);
    static std::size_t hash_of(const UserKey& key);
    static std::size_t hash_of(std::string_view location, const MacAddress& mac);

    struct UserHash {
        using is_transparent = void;
        std::size_t operator()(const UserKey& key) const { return hash_of(key); }
        std::size_t operator()(const Entry& entry) const { return hash_of(key_of(entry)); }
    };
    struct SameUser {
        using is_transparent = void;
        bool operator()(const Entry& a, const Entry& b) const { return key_of(a) == key_of(b); }
        bool operator()(const UserKey& a, const Entry& b) const { return a == key_of(b); }
        bool operator()(const Entry& a, const UserKey& b) const { return key_of(a) == b; }
    };

    struct alignas(64) Shard {
        mutable std::shared_mutex mutex;
        std::unordered_set<Entry, UserHash, SameUser> users;
        /// By `hash_of(location, mac)`; the entry tells whether it is really meant.
        std::unordered_multimap<std::size_t, Entry> devices;
    };
    static constexpr std::size_t shard_count = 64;

    static std::size_t shard_of(std::size_t hash) { return (hash >> 7) % shard_count; }
    void remove_from_shards(const Entry& entry);

    std::array<Shard, shard_count> shards_;
    /// Writers take this first and hold it throughout, so the two indexes agree.
    mutable std::mutex writers_;
    std::unordered_map<domain::SessionId, Entry> sessions_;
};

} // namespace iwas::adapters
