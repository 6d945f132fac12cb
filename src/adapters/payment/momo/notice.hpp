// MoMo's instant payment notification (IPN): verified, then read; and what MoMo hears.
#pragma once

#include "core/result.hpp"
#include "ports/payment_gateway.hpp"

namespace iwas::adapters::momo {

Result<ports::PaymentNotice, ports::NoticeError> read_ipn(
    const domain::PaymentAccount& account, const ports::NoticeRequest& request);

ports::NoticeReply reply_to_ipn(ports::NoticeOutcome outcome);

} // namespace iwas::adapters::momo
