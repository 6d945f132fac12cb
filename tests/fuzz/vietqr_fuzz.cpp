// Any text: a VietQR that was read is written as one that reads the same; a transfer made of the
// text is refused or read back; order codes that are found are order codes.
#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "protocol/vietqr/fields.hpp"
#include "protocol/vietqr/order_code.hpp"

using namespace iwas::vietqr;

namespace {

/// Takes a piece of `text` whose length its first octet says.
std::string take(std::string_view& text)
{
    if (text.empty()) return {};
    const auto size = static_cast<unsigned char>(text.front()) % 32U;
    const std::string piece{text.substr(1, size)};
    text.remove_prefix(std::min<std::size_t>(text.size(), size + 1U));
    return piece;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = iwas::as_text({data, size});
    const auto transfer = decode(text);
    if (transfer) {
        IWAS_ASSERT(decode(encode(*transfer).value()) == *transfer);
        IWAS_ASSERT(list_fields(text).has_value());
    } else {
        IWAS_ASSERT(transfer.error().at <= text.size());
        IWAS_ASSERT(!to_text(transfer.error()).empty());
    }
    static_cast<void>(list_fields(text));

    std::string_view rest = text;
    const Transfer made{
        .bank_bin = size % 2 == 0 ? "970416" : take(rest),
        .account = take(rest),
        .to_card = size % 3 == 0,
        .is_dynamic = size % 5 == 0,
        .amount = size % 7 == 0 ? std::nullopt : std::optional{iwas::Money{static_cast<int>(size)}},
        .purpose = take(rest),
        .reference = take(rest),
        .reference_label = take(rest),
        .merchant_name = take(rest),
        .merchant_city = take(rest),
    };
    if (const auto written = encode(made)) IWAS_ASSERT(decode(*written) == made);

    const auto codes = find_order_codes(text);
    IWAS_ASSERT(codes.size() <= order_codes_max);
    for (const std::string& code : codes)
        IWAS_ASSERT(is_order_code(code));
    return 0;
}
