#include "domain/payment_method.hpp"

#include "domain/enum_text.hpp"

namespace iwas::domain {

namespace {

constexpr EnumText methods{std::to_array<std::pair<PaymentMethod, std::string_view>>({
    {PaymentMethod::pc_balance, "pc_balance"},
    {PaymentMethod::momo, "momo"},
    {PaymentMethod::zalopay, "zalopay"},
    {PaymentMethod::vnpay, "vnpay"},
    {PaymentMethod::vietqr, "vietqr"},
    {PaymentMethod::payos, "payos"},
    {PaymentMethod::store_credit, "store_credit"},
})};

} // namespace

bool is_gateway(PaymentMethod method)
{
    switch (method) {
    case PaymentMethod::momo:
    case PaymentMethod::zalopay:
    case PaymentMethod::vnpay:
    case PaymentMethod::vietqr:
    case PaymentMethod::payos: return true;
    case PaymentMethod::pc_balance:
    case PaymentMethod::store_credit: return false;
    }
    return false;
}

bool is_bank_transfer(PaymentMethod method)
{
    return method == PaymentMethod::vietqr || method == PaymentMethod::payos;
}

std::string_view to_text(PaymentMethod method)
{
    return methods.text_of(method);
}
std::optional<PaymentMethod> payment_method_from(std::string_view text)
{
    return methods.value_of(text);
}

} // namespace iwas::domain
