// Login forms: what the customer's browser posts to a router that cannot be asked to log a device
// in.
#pragma once

#include "core/result.hpp"
#include "domain/tenant.hpp"
#include "ports/access_control.hpp"

namespace iwas::adapters {

/// Whether the browser may be sent to `url` with credentials: http or https, and the host is the
/// one configured for the router. The URL came through the browser, so anybody may have written it.
bool is_own_login_url(std::string_view url, const domain::Router& router);

/// The form of a hotspot (MikroTik and those alike): the CHAP digest when the challenge has both
/// parts and the router takes CHAP, else the password as it is (PAP). Nothing when the URL is not
/// the router's own.
std::optional<ports::LoginForm> hotspot_form(
    const domain::Router& router, const ports::Grant& grant,
    const ports::LoginChallenge& challenge);

/// The logon request of CoovaChilli, with the CHAP response to the challenge in `chap_challenge`
/// (32 hexadecimal digits), or with the password masked by it (PAP). Nothing without it or when the
/// URL is not the router's own.
std::optional<ports::LoginForm> uam_form(
    const domain::Router& router, const ports::Grant& grant,
    const ports::LoginChallenge& challenge);

} // namespace iwas::adapters
