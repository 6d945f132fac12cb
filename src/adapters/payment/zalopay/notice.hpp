// ZaloPay's callbacks, of orders (type 1) and agreements (type 2); and what ZaloPay hears.
#pragma once

#include "core/result.hpp"
#include "ports/payment_gateway.hpp"

namespace iwas::adapters::zalopay {

Result<ports::PaymentNotice, ports::NoticeError> read_callback(
    const domain::PaymentAccount& account, const ports::NoticeRequest& request);

ports::NoticeReply reply_to_callback(ports::NoticeOutcome outcome);

} // namespace iwas::adapters::zalopay
