// CatalogDifference: what would change if one catalog took the place of another, for people.
#pragma once

#include "domain/tenant.hpp"

#include <string>
#include <vector>

namespace iwas::adapters {

/// One row that is not the same in both catalogs.
struct CatalogChange {
    enum class Kind { added, changed, removed };
    Kind kind = Kind::added;
    std::string row; // "router q7-mt"
    /// "price: 10000 -> 12000"; for a secret only "radius_secret: changed".
    std::vector<std::string> fields;
};

/// In the order organizations, locations, routers, packages, PC systems, payment accounts. Versions
/// do not count.
std::vector<CatalogChange> difference(const domain::Catalog& before, const domain::Catalog& wanted);

/// Lines that begin with +, ~ or -; "no changes" when there are none. No secrets.
std::string to_text(const std::vector<CatalogChange>& changes);

} // namespace iwas::adapters
