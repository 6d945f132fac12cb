// LiveCatalog: the configuration in force, renewed when the store's changes.
#pragma once

#include "ports/clock.hpp"
#include "ports/store/catalog_store.hpp"

#include <functional>
#include <memory>

namespace iwas::app {

/// Used on the I/O thread.
class LiveCatalog final : public ports::CatalogView {
public:
    using Changed = std::function<void(const domain::Catalog&)>;

    LiveCatalog(ports::CatalogStore& store, ports::Clock& clock) : store_{store}, clock_{clock} {}

    [[nodiscard]] std::shared_ptr<const domain::Catalog> current() const override
    {
        return current_;
    }
    /// Called after each change, from then on.
    void on_change(Changed changed) { changed_ = std::move(changed); }

    /// Reads the catalog. False when the store does not answer; the old one stays in force.
    ports::awaitable<bool> load();
    /// Looks every `period` whether the store has another version, until cancelled.
    ports::awaitable<void> follow(Seconds period);

private:
    ports::CatalogStore& store_;
    ports::Clock& clock_;
    std::shared_ptr<const domain::Catalog> current_ = std::make_shared<const domain::Catalog>();
    Changed changed_;
};

} // namespace iwas::app
