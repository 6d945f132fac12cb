#include "adapters/payment/momo/signature.hpp"

#include "core/digest.hpp"

namespace iwas::adapters::momo {

std::string raw_text(const Fields& fields)
{
    std::string raw;
    for (const auto& [name, value] : fields) {
        if (!raw.empty()) raw += '&';
        raw += name;
        raw += '=';
        raw += value;
    }
    return raw;
}

std::string signature_of(const SecretText& secret_key, std::string_view raw)
{
    return to_hex(hmac_sha256(as_bytes(secret_key.reveal()), {as_bytes(raw)}));
}

} // namespace iwas::adapters::momo
