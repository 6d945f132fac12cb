// The MikroTik hotspot's HTTP-CHAP digest and the parameters with which it sends a browser to the
// portal (the redirect pattern of our login.html).
#pragma once

#include "core/bytes.hpp"
#include "core/secret.hpp"
#include "protocol/captive/url.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace iwas::captive {

/// Octets of a page variable such as `$(chap-challenge)`: each is `\NNN` with exactly three octal
/// digits, other characters stand for themselves. Nothing for another escape or a value above 255.
std::optional<Bytes> unescape_octal(std::string_view text);

/// Every octet as `\NNN`.
std::string escape_octal(ByteView octets);

/// The form's `password` for HTTP-CHAP: lower-case hexadecimal MD5 of id, password and challenge.
/// The router passes the same digest on as CHAP-Password (RFC 2865 §5.3).
std::string http_chap_password(std::uint8_t id, std::string_view password, ByteView challenge);

/// The same from the page variables. Nothing unless the id is one octet and the challenge 16.
std::optional<std::string> http_chap_password(
    std::string_view id_text, const SecretText& password, std::string_view challenge_text);

/// What the router's redirect tells the portal. Everything comes through the browser, so nothing in
/// it is to be believed before the router has confirmed it.
struct HotspotRedirect {
    std::string identity;       ///< `n`: the router's name
    std::string server;         ///< `s`: the hotspot server's name
    std::string mac;            ///< `mac`: the device
    std::string ip;             ///< `ip`: its address after translation
    std::string login_url;      ///< `lo`: where the login form posts
    std::string destination;    ///< `dst`: the page that was asked for
    std::string error;          ///< `err`: why the last login failed
    std::string chap_id;        ///< `ci`: octal text, empty when the router takes PAP only
    std::string chap_challenge; ///< `cc`: octal text
};

Fields to_fields(const HotspotRedirect& redirect);
/// Absent fields stay empty; unknown ones are passed over.
HotspotRedirect hotspot_redirect(const Fields& fields);

} // namespace iwas::captive
