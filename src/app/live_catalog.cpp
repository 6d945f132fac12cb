#include "app/live_catalog.hpp"

#include <spdlog/spdlog.h>

namespace iwas::app {

ports::awaitable<bool> LiveCatalog::load()
{
    auto loaded = co_await store_.load_catalog();
    if (!loaded) {
        spdlog::warn("event=catalog_unavailable version={} the old one stays", current_->version);
        co_return false;
    }
    current_ = std::make_shared<const domain::Catalog>(std::move(*loaded));
    spdlog::info(
        "event=catalog_loaded version={} locations={} routers={} packages={}", current_->version,
        current_->locations.size(), current_->routers.size(), current_->packages.size());
    if (changed_) changed_(*current_);
    co_return true;
}

ports::awaitable<void> LiveCatalog::follow(Seconds period)
{
    for (;;) {
        const SteadyTime at = clock_.steady_now() + period;
        co_await clock_.sleep_until(at);
        const auto version = co_await store_.catalog_version();
        if (version && *version != current_->version) co_await load();
    }
}

} // namespace iwas::app
