// MoMo's result codes (AIO v2) and what each means here.
#pragma once

#include "domain/transaction.hpp"
#include "ports/payment_gateway.hpp"

#include <cstdint>
#include <span>

namespace iwas::adapters::momo {

enum class Standing : std::uint8_t {
    paid,       // 0: done, whatever was asked
    authorised, // 9000: the money is held until it is captured
    pending,    // no end yet
    failed,     // ended without money
    error,      // says nothing of the order: of the request, or of MoMo itself
};

struct ResultCode {
    std::int64_t code = 0;
    Standing standing = Standing::pending;
    domain::TransactionReason reason = domain::TransactionReason::none; // with `failed`
    ports::GatewayError error = ports::GatewayError::unknown;           // with `error`
};

/// Every code of MoMo's list of results, ascending.
std::span<const ResultCode> result_codes();

/// A code that is not in the list is pending: it proves neither money nor its absence.
ResultCode meaning_of(std::int64_t code);

} // namespace iwas::adapters::momo
