// IWAS_ASSERT: a broken invariant is a bug; it is logged and ends the process, in release too.
#pragma once

namespace iwas {

/// Writes the failed expression to standard error and aborts. Never returns.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;

} // namespace iwas

#define IWAS_ASSERT(expression)                                                                    \
    ((expression) ? static_cast<void>(0)                                                           \
                  : ::iwas::assertion_failed(#expression, __FILE__, __LINE__))
