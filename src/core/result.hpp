// Expected answers: a value or one error of a closed enum (docs/architecture.md, "Errors").
#pragma once

#include <expected>

namespace iwas {

/// A value, or an error that normal life brings. Broken environments throw; bugs abort.
template <class T, class E>
using Result = std::expected<T, E>;

} // namespace iwas
