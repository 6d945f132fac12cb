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
    for (const std::int64_t key : keys)
        db.each("select 1 from pg_advisory_xact_lock(:key)", "i", {key}, [](Row&) {});
}

} // namespace iwas::adapters
