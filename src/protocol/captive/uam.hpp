// The UAM dialect of CoovaChilli: its signed redirect and the logon request that answers it.
#pragma once

#include "core/bytes.hpp"
#include "core/secret.hpp"
#include "protocol/captive/url.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace iwas::captive {

/// Whether the redirect really comes from the gateway. `url` is the whole text as received, `md`
/// its last parameter: the upper-case hexadecimal MD5 of everything before `&md=` and the UAM
/// secret. It is computed over the raw text, because encoding the fields anew may differ. Constant
/// time.
bool uam_redirect_is_genuine(std::string_view url, const SecretText& uam_secret);

/// The redirect with its `&md=` appended; for the simulated gateway and tests.
std::string sign_uam_redirect(std::string_view url, const SecretText& uam_secret);

/// What the gateway's redirect says.
struct UamRedirect {
    std::string result;   ///< `res`: notyet, success, failed, logoff, already
    std::string host;     ///< `uamip`
    std::string port;     ///< `uamport`, 3990 by default
    Bytes challenge;      ///< 16 octets; empty once logged in
    std::string mac;      ///< `mac`: the device, `AA-BB-CC-DD-EE-FF`
    std::string ip;       ///< `ip`
    std::string nas;      ///< `nasid`
    std::string called;   ///< `called`: the gateway's own address
    std::string session;  ///< `sessionid`
    std::string user_url; ///< `userurl`: the page that was asked for
    std::string reply;    ///< `reply`: Reply-Message of a refusal
};

/// Reads the query of a redirect. Nothing when it is broken, lacks `res`, `uamip` or `uamport`, or
/// holds a challenge of another length than 16 octets.
std::optional<UamRedirect> parse_uam_redirect(std::string_view url);

/// MD5 of challenge and UAM secret; the challenge itself when there is no secret.
Bytes uam_effective_challenge(ByteView challenge, const SecretText& uam_secret);

/// `response` of the logon: hexadecimal MD5 of a zero octet (the CHAP identifier), the password and
/// the effective challenge.
std::string uam_chap_response(const SecretText& password, ByteView effective_challenge);

/// `password` of the logon: the password, padded with zeros to a multiple of 16 octets, XOR the
/// effective challenge (repeated). Nothing when the challenge is not 16 octets long.
std::optional<std::string> uam_pap_password(
    const SecretText& password, ByteView effective_challenge);

enum class UamMethod : std::uint8_t { pap, chap };

/// The URL to which the browser is sent to log in: `http://host:port/logon?username=...`. Nothing
/// when the redirect carries no challenge.
std::optional<std::string> uam_logon_url(
    const UamRedirect& redirect, UamMethod method, std::string_view user,
    const SecretText& password, const SecretText& uam_secret);

} // namespace iwas::captive
