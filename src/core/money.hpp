// Money: an amount of Vietnamese đồng, which has no smaller unit.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace iwas {

/// Whole VND. Never floating point. Sums stay far from the limits of 64 bits: the largest price
/// is 1,000,000 and the rules refuse amounts above 10^12.
class Money {
public:
    constexpr Money() = default;
    explicit constexpr Money(std::int64_t vnd) : vnd_{vnd} {}

    [[nodiscard]] constexpr std::int64_t vnd() const { return vnd_; }

    friend constexpr auto operator<=>(Money, Money) = default;
    friend constexpr Money operator+(Money a, Money b) { return Money{a.vnd_ + b.vnd_}; }
    friend constexpr Money operator-(Money a, Money b) { return Money{a.vnd_ - b.vnd_}; }
    constexpr Money& operator+=(Money other)
    {
        vnd_ += other.vnd_;
        return *this;
    }
    constexpr Money& operator-=(Money other)
    {
        vnd_ -= other.vnd_;
        return *this;
    }

private:
    std::int64_t vnd_ = 0;
};

/// "12.000 ₫", as Vietnamese readers write it; for logs and traces.
std::string to_string(Money amount);

} // namespace iwas
