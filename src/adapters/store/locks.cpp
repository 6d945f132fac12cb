#include "adapters/store/locks.hpp"

#include "core/digest.hpp"

#include <algorithm>

namespace iwas::adapters {

void lock_names(Connection& db, std::vector<std::string> names)
{
    if (db.is_sqlite()) return;
    std::vector<std::int64_t> keys;
    keys.reserve(names.size());
    for (const std::string& name : names) {
        const Sha256Digest digest = sha256({as_bytes(name)});
        std::uint64_t key = 0;
        for (std::size_t i = 0; i < sizeof key; ++i)
            key = key << 8 | digest.at(i);
        keys.push_back(static_cast<std::int64_t>(key));
    }
    std::ranges::sort(keys);
    const auto repeated = std::ranges::unique(keys);
    keys.erase(repeated.begin(), repeated.end());
    // Three in one round trip; a lock that its holder takes again costs nothing.
    for (std::size_t at = 0; at < keys.size(); at += 3) {
        const auto key = [&](std::size_t i) { return keys.at(std::min(at + i, keys.size() - 1)); };
        db.each(
            "select 1 from (select pg_advisory_xact_lock(:first), "
            "pg_advisory_xact_lock(:second), pg_advisory_xact_lock(:third)) as locks",
            "i", {key(0), key(1), key(2)}, [](Row&) {});
    }
}

} // namespace iwas::adapters
