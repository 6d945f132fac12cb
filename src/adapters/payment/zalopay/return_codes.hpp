// ZaloPay's return codes (OpenAPI v2) and what each pair means here.
#pragma once

#include "domain/transaction.hpp"
#include "ports/payment_gateway.hpp"

#include <cstdint>
#include <span>

namespace iwas::adapters::zalopay {

enum class Standing : std::uint8_t {
    success,    // return_code 1: done, whatever was asked
    processing, // 3: no end yet
    failed,     // 2: ended without effect
    error,      // says nothing of the order: of the request, or of ZaloPay itself
};

struct Meaning {
    std::int64_t code = 0;
    Standing standing = Standing::processing;
    domain::TransactionReason reason = domain::TransactionReason::none; // with `failed`
    ports::GatewayError error = ports::GatewayError::unknown;           // with `error`
};

/// The known values of return_code, and those of sub_return_code that say why with return_code 2.
std::span<const Meaning> return_codes();
std::span<const Meaning> sub_return_codes();

/// An unknown return_code is processing: it proves nothing. The sub code counts with return_code 2
/// only; one that is not known is a plain failure.
Meaning meaning_of(std::int64_t return_code, std::int64_t sub_return_code);

} // namespace iwas::adapters::zalopay
