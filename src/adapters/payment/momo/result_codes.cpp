#include "adapters/payment/momo/result_codes.hpp"

#include <algorithm>
#include <array>

namespace iwas::adapters::momo {

namespace {

using domain::TransactionReason;
using ports::GatewayError;

constexpr ResultCode paid(std::int64_t code)
{
    return {.code = code, .standing = Standing::paid};
}
constexpr ResultCode pending(std::int64_t code)
{
    return {.code = code, .standing = Standing::pending};
}
constexpr ResultCode failed(std::int64_t code, TransactionReason reason)
{
    return {.code = code, .standing = Standing::failed, .reason = reason};
}
constexpr ResultCode error(std::int64_t code, GatewayError what)
{
    return {.code = code, .standing = Standing::error, .error = what};
}

constexpr std::array codes{
    paid(0),
    error(10, GatewayError::unavailable),   // maintenance
    error(11, GatewayError::misconfigured), // access denied
    error(12, GatewayError::misconfigured), // this version of the API is not for the merchant
    error(13, GatewayError::misconfigured), // wrong keys or signature
    error(20, GatewayError::misconfigured), // bad format
    error(21, GatewayError::refused),       // amount invalid
    error(22, GatewayError::refused),       // amount out of range
    error(40, GatewayError::duplicate),     // requestId used before
    error(41, GatewayError::duplicate),     // orderId used before
    error(42, GatewayError::not_found),     // orderId invalid or not known
    error(43, GatewayError::unknown),       // another request about the same is under way
    error(45, GatewayError::misconfigured), // itemId used twice; we send none
    error(47, GatewayError::misconfigured), // some value is not allowed
    failed(98, TransactionReason::payment_unavailable), // no QR could be made
    error(99, GatewayError::unknown),                   // MoMo does not know either
    pending(1000),                                      // waits for the customer
    failed(1001, TransactionReason::insufficient_balance),
    failed(1002, TransactionReason::declined),          // by the issuer
    failed(1003, TransactionReason::cancelled),         // after authorisation
    failed(1004, TransactionReason::declined),          // over the customer's limit
    failed(1005, TransactionReason::payment_expired),   // link or QR
    failed(1006, TransactionReason::cancelled),         // by the customer
    failed(1007, TransactionReason::account_suspended), // inactive, or none
    failed(1017, TransactionReason::cancelled),         // by the merchant
    failed(1026, TransactionReason::declined),          // rules of a promotion
    failed(1080, TransactionReason::declined),          // a refund: try again with new ids
    failed(1081, TransactionReason::declined),          // a refund: perhaps refunded before
    failed(1088, TransactionReason::declined),          // not eligible for it
    error(2019, GatewayError::misconfigured),           // orderGroupId; we send none
    failed(4001, TransactionReason::account_suspended), // restricted
    failed(4002, TransactionReason::account_suspended), // not verified
    failed(4100, TransactionReason::declined),          // the customer could not sign in
    pending(7000),                                      // being processed
    pending(7002),                                      // by the provider of the money
    pending(8000), // waits for the customer again (older documents)
    pending(8200), // a token needs a code that the customer gets
    ResultCode{.code = 9000, .standing = Standing::authorised},
};
static_assert(std::ranges::is_sorted(codes, {}, &ResultCode::code));

} // namespace

std::span<const ResultCode> result_codes()
{
    return codes;
}

ResultCode meaning_of(std::int64_t code)
{
    const auto found = std::ranges::lower_bound(codes, code, {}, &ResultCode::code);
    if (found != codes.end() && found->code == code) return *found;
    return pending(code);
}

} // namespace iwas::adapters::momo
