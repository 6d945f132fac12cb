// Accounting: an Accounting-Request in IWAS's own terms.
#pragma once

#include "adapters/radius/gate.hpp"
#include "domain/accounting.hpp"

namespace iwas::adapters {

/// Reads a checked Accounting-Request (RFC 2866, RFC 2869 §5.1-5.3). Nothing when its status says
/// nothing that IWAS uses (tunnel links, failed) or is missing: such a request is answered and
/// forgotten. Octets are seen from the customer: `up` is what he sent.
std::optional<domain::AccountingRecord> read_accounting(
    const CheckedRequest& request, UtcTime received_at);

} // namespace iwas::adapters
