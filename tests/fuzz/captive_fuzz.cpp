// Texts that browsers bring: queries, redirects, octal variables, User-Agents. No crash, and what
// is read is written back to the same fields.
#include "core/assert.hpp"
#include "protocol/captive/capport.hpp"
#include "protocol/captive/hotspot.hpp"
#include "protocol/captive/probe.hpp"
#include "protocol/captive/uam.hpp"

using namespace iwas;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = as_text({data, size});
    const SecretText secret{"uam"};

    if (const auto fields = captive::parse_fields(text)) {
        const auto again = captive::parse_fields(captive::format_fields(*fields));
        // Fields without name or value vanish when written; the others must stay as they are.
        if (again && again->size() == fields->size()) IWAS_ASSERT(*again == *fields);
        static_cast<void>(captive::hotspot_redirect(*fields));
    }
    if (const auto redirect = captive::parse_uam_redirect(text)) {
        static_cast<void>(
            captive::uam_logon_url(*redirect, captive::UamMethod::pap, "u", secret, secret));
        static_cast<void>(
            captive::uam_logon_url(*redirect, captive::UamMethod::chap, "u", secret, secret));
    }
    static_cast<void>(captive::uam_redirect_is_genuine(text, secret));
    IWAS_ASSERT(captive::uam_redirect_is_genuine(captive::sign_uam_redirect(text, secret), secret));
    if (const auto octets = captive::unescape_octal(text))
        IWAS_ASSERT(captive::unescape_octal(captive::escape_octal(*octets)) == octets);
    static_cast<void>(captive::recognize_mini_browser(text));
    static_cast<void>(captive::find_probe(text, text));
    captive::CapportState state;
    state.user_portal_url = std::string{text};
    static_cast<void>(captive::to_json(state));
    return 0;
}
