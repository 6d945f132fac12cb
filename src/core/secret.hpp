// Secret<T>: a value that cannot be printed, logged or compared by accident.
#pragma once

#include "core/bytes.hpp"

#include <string>
#include <utility>

namespace iwas {

/// Holds a secret. There is no stream operator, no formatter and no equality; `reveal()` is the
/// one way to the value and easy to find in a review. Text is wiped when the holder goes.
template <class T = std::string>
class Secret {
public:
    Secret() = default;
    explicit Secret(T value) : value_{std::move(value)} {}
    Secret(const Secret&) = default;
    Secret(Secret&&) noexcept = default;
    Secret& operator=(const Secret&) = default;
    Secret& operator=(Secret&&) noexcept = default;
    ~Secret()
    {
        if constexpr (requires { value_.data(), value_.size(); })
            wipe({reinterpret_cast<std::uint8_t*>(value_.data()), value_.size()});
    }

    [[nodiscard]] const T& reveal() const { return value_; }
    [[nodiscard]] bool empty() const { return value_.empty(); }

private:
    T value_;
};

using SecretText = Secret<std::string>;

} // namespace iwas
