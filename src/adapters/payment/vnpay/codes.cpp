#include "adapters/payment/vnpay/codes.hpp"

#include <array>

namespace iwas::adapters::vnpay {

using domain::TransactionReason;
using ports::GatewayError;
using ports::PaymentState;

namespace {

enum class Response : std::uint8_t { paid, suspicious, failed, unknown };

struct ResponseRow {
    std::string_view code;
    Response meaning;
    TransactionReason reason;
};

constexpr std::array<ResponseRow, 20> responses{{
    {"00", Response::paid, TransactionReason::none},
    {"07", Response::suspicious, TransactionReason::none},
    {"09", Response::failed, TransactionReason::declined},          // no internet banking
    {"10", Response::failed, TransactionReason::declined},          // wrong details three times
    {"11", Response::failed, TransactionReason::payment_expired},   //
    {"12", Response::failed, TransactionReason::account_suspended}, // card or account locked
    {"13", Response::failed, TransactionReason::declined},          // wrong OTP
    {"24", Response::failed, TransactionReason::cancelled},
    {"51", Response::failed, TransactionReason::insufficient_balance},
    {"65", Response::failed, TransactionReason::declined}, // over the daily limit
    {"75", Response::failed, TransactionReason::payment_unavailable},
    {"79", Response::failed, TransactionReason::declined}, // wrong payment password too often
    {"99", Response::failed, TransactionReason::declined},
    // Known from a third-party library only. 01 (duplicate) is left unknown: it says nothing of
    // the first.
    {"02", Response::failed, TransactionReason::payment_unavailable}, // merchant
    {"03", Response::failed, TransactionReason::payment_unavailable}, // data
    {"04", Response::failed, TransactionReason::payment_unavailable}, // not started
    {"05", Response::failed, TransactionReason::declined},            // wrong password
    {"06", Response::failed, TransactionReason::declined},            // wrong OTP
    {"08", Response::failed, TransactionReason::payment_unavailable}, // bank busy
    {"01", Response::unknown, TransactionReason::none},
}};

ResponseRow response_of(std::string_view code)
{
    for (const ResponseRow& row : responses)
        if (row.code == code) return row;
    return {code, Response::unknown, TransactionReason::none};
}

enum class Status : std::uint8_t { success, unfinished, error, doubted, refunding, unknown };

Status status_of(std::string_view code)
{
    if (code == "00") return Status::success;
    if (code == "01") return Status::unfinished;
    if (code == "02") return Status::error;
    if (code == "04" || code == "07") return Status::doubted;
    if (code == "05" || code == "06" || code == "09") return Status::refunding;
    return Status::unknown;
}

} // namespace

Verdict verdict_of(std::optional<std::string_view> response, std::string_view status)
{
    const ResponseRow row = response
                                ? response_of(*response)
                                : ResponseRow{status, Response::paid, TransactionReason::declined};
    const Status stands = status_of(status);
    if (row.meaning == Response::suspicious) return {PaymentState::held, TransactionReason::none};
    switch (stands) {
    case Status::doubted:
    case Status::refunding: return {PaymentState::held, TransactionReason::none};
    case Status::success:
        if (row.meaning == Response::paid) return {PaymentState::paid, TransactionReason::none};
        break;
    case Status::error:
        if (row.meaning == Response::failed) return {PaymentState::failed, row.reason};
        // A query has no other word than the status.
        if (!response) return {PaymentState::failed, TransactionReason::declined};
        break;
    case Status::unknown:
        // Some notices of a refused payment have no status at all.
        if (status.empty() && row.meaning == Response::failed)
            return {PaymentState::failed, row.reason};
        break;
    case Status::unfinished: break;
    }
    return {};
}

ports::RefundState refund_state_of(std::string_view status, bool waits_for_bank)
{
    if (status == "06" && !waits_for_bank) return ports::RefundState::done;
    switch (status_of(status)) {
    case Status::success: return ports::RefundState::done;
    case Status::refunding:
        return status == "09" ? ports::RefundState::failed : ports::RefundState::pending;
    case Status::unfinished:
    case Status::error:
    case Status::doubted:
    case Status::unknown: break;
    }
    return ports::RefundState::pending;
}

GatewayError api_error_of(std::string_view code)
{
    if (code == "02" || code == "03" || code == "97") return GatewayError::misconfigured;
    if (code == "91") return GatewayError::not_found;
    if (code == "94") return GatewayError::duplicate;
    if (code == "95" || code == "04" || code == "13") return GatewayError::refused;
    return GatewayError::unknown;
}

} // namespace iwas::adapters::vnpay
