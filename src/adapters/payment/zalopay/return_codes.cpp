#include "adapters/payment/zalopay/return_codes.hpp"

#include <algorithm>
#include <array>

namespace iwas::adapters::zalopay {

namespace {

using domain::TransactionReason;
using ports::GatewayError;

constexpr Meaning failed(std::int64_t code, TransactionReason reason)
{
    return {.code = code, .standing = Standing::failed, .reason = reason};
}
constexpr Meaning error(std::int64_t code, GatewayError what)
{
    return {.code = code, .standing = Standing::error, .error = what};
}

constexpr std::array codes{
    Meaning{.code = 1, .standing = Standing::success},
    failed(2, TransactionReason::declined),
    Meaning{.code = 3, .standing = Standing::processing},
    error(406, GatewayError::misconfigured),  // not allowed
    error(-401, GatewayError::misconfigured), // an argument is wrong
    error(-402, GatewayError::misconfigured), // mac wrong, or not authenticated
    error(-403, GatewayError::misconfigured), // not authorized
    error(-405, GatewayError::misconfigured), // not allowed
    error(-429, GatewayError::unavailable),   // too many requests
    error(-500, GatewayError::unknown),       // ZaloPay's own trouble
};

// The exact texts of -32 to -88, -135 and -301 differ between pages; all of them end the order.
constexpr std::array sub_codes{
    failed(-32, TransactionReason::payment_unavailable), // settings of the app or channel, limits,
    error(-33, GatewayError::unavailable),               // maintenance
    failed(-34, TransactionReason::payment_unavailable), // or a bank that is switched off
    failed(-35, TransactionReason::payment_unavailable),
    failed(-43, TransactionReason::payment_unavailable),
    failed(-54, TransactionReason::payment_expired),
    error(-68, GatewayError::duplicate), // app_trans_id used before
    failed(-88, TransactionReason::payment_unavailable),
    error(-101, GatewayError::not_found), // no such order or transaction
    failed(-135, TransactionReason::declined),
    failed(-301, TransactionReason::declined),
    failed(-322, TransactionReason::payment_expired), // the payment code
    failed(-329, TransactionReason::cancelled),       // by the customer
    error(-401, GatewayError::misconfigured),
    error(-402, GatewayError::misconfigured),
    error(-500, GatewayError::unknown),
};

} // namespace

std::span<const Meaning> return_codes()
{
    return codes;
}

std::span<const Meaning> sub_return_codes()
{
    return sub_codes;
}

Meaning meaning_of(std::int64_t return_code, std::int64_t sub_return_code)
{
    const auto of = [](std::span<const Meaning> table, std::int64_t code, Meaning otherwise) {
        const auto found = std::ranges::find(table, code, &Meaning::code);
        return found == table.end() ? otherwise : *found;
    };
    const Meaning meaning =
        of(codes, return_code, {.code = return_code, .standing = Standing::processing});
    if (meaning.standing != Standing::failed) return meaning;
    return of(sub_codes, sub_return_code, meaning);
}

} // namespace iwas::adapters::zalopay
