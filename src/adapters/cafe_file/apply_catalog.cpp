#include "adapters/cafe_file/apply_catalog.hpp"

#include <utility>

namespace iwas::adapters {

ports::awaitable<Result<std::vector<CatalogChange>, ports::StoreError>> apply_catalog(
    ports::CatalogStore& store, domain::Catalog wanted, std::string actor, UtcTime now,
    bool is_dry_run)
{
    const auto before = co_await store.load_catalog();
    if (!before) co_return std::unexpected(before.error());
    auto changes = difference(*before, wanted);
    if (changes.empty() || is_dry_run) co_return changes;

    wanted.version = before->version;
    const auto replaced = co_await store.replace_catalog(std::move(wanted), std::move(actor), now);
    if (!replaced) co_return std::unexpected(replaced.error());
    co_return changes;
}

} // namespace iwas::adapters
