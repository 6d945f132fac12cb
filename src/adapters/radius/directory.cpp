#include "adapters/radius/directory.hpp"

#include <algorithm>

namespace iwas::adapters {

Directory::UserKey Directory::key_of(const Entry& entry)
{
    return {entry->location.text(), entry->user_name};
}

std::size_t Directory::hash_of(const UserKey& key)
{
    const std::hash<std::string_view> hash;
    return hash(key.user_name) ^ hash(key.location) * 0x9E3779B97F4A7C15U;
}

std::size_t Directory::hash_of(std::string_view location, const MacAddress& mac)
{
    return std::hash<MacAddress>{}(mac) ^ std::hash<std::string_view>{}(location);
}

void Directory::remove_from_shards(const Entry& entry)
{
    for (const MacAddress& mac : entry->devices) {
        const std::size_t hash = hash_of(entry->location.text(), mac);
        Shard& shard = shards_[shard_of(hash)];
        const std::lock_guard lock{shard.mutex};
        const auto [first, last] = shard.devices.equal_range(hash);
        const auto found =
            std::find_if(first, last, [&](const auto& each) { return each.second == entry; });
        if (found != last) shard.devices.erase(found);
    }
    Shard& shard = shards_[shard_of(hash_of(key_of(entry)))];
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.users.find(entry);
    // Another session may have taken the name meanwhile.
    if (found != shard.users.end() && *found == entry) shard.users.erase(found);
}

void Directory::admit(ports::Admission admission)
{
    const Entry entry = std::make_shared<const ports::Admission>(std::move(admission));
    const std::lock_guard writers{writers_};
    Entry& known = sessions_[entry->session];
    const Entry before = std::exchange(known, entry);

    // The new entry is put in before the old one goes: a reader never misses the session.
    {
        Shard& shard = shards_[shard_of(hash_of(key_of(entry)))];
        const std::lock_guard lock{shard.mutex};
        shard.users.erase(entry);
        shard.users.insert(entry);
    }
    for (const MacAddress& mac : entry->devices) {
        const std::size_t hash = hash_of(entry->location.text(), mac);
        Shard& shard = shards_[shard_of(hash)];
        const std::lock_guard lock{shard.mutex};
        shard.devices.emplace(hash, entry);
    }
    if (before) remove_from_shards(before);
}

void Directory::revoke(const domain::SessionId& session)
{
    const std::lock_guard writers{writers_};
    const auto known = sessions_.find(session);
    if (known == sessions_.end()) return;
    remove_from_shards(known->second);
    sessions_.erase(known);
}

Directory::Entry Directory::find_user(
    const domain::LocationId& location, std::string_view user_name) const
{
    const UserKey key{location.text(), user_name};
    const Shard& shard = shards_[shard_of(hash_of(key))];
    const std::shared_lock lock{shard.mutex};
    const auto found = shard.users.find(key);
    return found == shard.users.end() ? nullptr : *found;
}

Directory::Entry Directory::find_device(
    const domain::LocationId& location, const MacAddress& mac) const
{
    const std::size_t hash = hash_of(location.text(), mac);
    const Shard& shard = shards_[shard_of(hash)];
    const std::shared_lock lock{shard.mutex};
    Entry newest;
    const auto [first, last] = shard.devices.equal_range(hash);
    for (auto each = first; each != last; ++each) {
        const Entry& entry = each->second;
        if (entry->location != location || !std::ranges::count(entry->devices, mac)) continue;
        if (!newest || newest->session < entry->session) newest = entry;
    }
    return newest;
}

std::size_t Directory::size() const
{
    const std::lock_guard writers{writers_};
    return sessions_.size();
}

} // namespace iwas::adapters
