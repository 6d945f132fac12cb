// CatalogStore: the café's configuration at rest, and the snapshot that everybody reads.
#pragma once

#include "domain/tenant.hpp"
#include "ports/store/jobs.hpp"

#include <memory>

namespace iwas::ports {

class CatalogStore {
public:
    virtual ~CatalogStore() = default;

    virtual awaitable<Result<domain::Catalog, StoreError>> load_catalog() = 0;
    /// Makes the stored catalog equal to `wanted`, in one transaction, with an audit line for each
    /// row that changed. What has history is archived, never deleted. conflict: the stored version
    /// is not `wanted.version`.
    virtual awaitable<Result<void, StoreError>> replace_catalog(
        domain::Catalog wanted, std::string actor, UtcTime now) = 0;
    /// The stored version, cheap to ask often.
    virtual awaitable<Result<std::int64_t, StoreError>> catalog_version() = 0;
};

/// The snapshot in force. Read on the I/O thread; a reader keeps the pointer as long as it reads.
class CatalogView {
public:
    virtual ~CatalogView() = default;
    [[nodiscard]] virtual std::shared_ptr<const domain::Catalog> current() const = 0;
};

} // namespace iwas::ports
