#include "domain/payment.hpp"

#include "domain/enum_text.hpp"

namespace iwas::domain {

namespace {

constexpr EnumText sources{std::to_array<std::pair<PaymentSource, std::string_view>>({
    {PaymentSource::notice, "notice"},
    {PaymentSource::query, "query"},
    {PaymentSource::list, "list"},
    {PaymentSource::staff, "staff"},
})};

} // namespace

std::string_view to_text(PaymentSource source)
{
    return sources.text_of(source);
}
std::optional<PaymentSource> payment_source_from(std::string_view text)
{
    return sources.value_of(text);
}

} // namespace iwas::domain
