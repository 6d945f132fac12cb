// FrontEnd: serves the portal's embedded files; every page address shows the same page.
#pragma once

#include "adapters/http/assets.hpp"
#include "ports/store/catalog_store.hpp"

#include <string>

namespace iwas::app {

class FrontEnd {
public:
    /// `catalog` outlives it and tells which routers the portal's page may post login forms to.
    explicit FrontEnd(const ports::CatalogView& catalog);

    /// A file by its path; the page for addresses without a file's ending; 404 for other files.
    [[nodiscard]] http::Response respond(const http::Request& request) const;

    /// docs/openapi.yaml as JSON.
    [[nodiscard]] static std::string openapi();

private:
    [[nodiscard]] std::string content_security_policy() const;

    const ports::CatalogView& catalog_;
    http::Assets assets_;
};

} // namespace iwas::app
