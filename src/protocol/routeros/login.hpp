// Login to the RouterOS API: the plain form of 6.43 and later, and the challenge form before it.
#pragma once

#include "core/secret.hpp"
#include "protocol/routeros/reply.hpp"

namespace iwas::routeros {

/// `/login =name= =password=`, understood by every version; older ones answer with a challenge.
Command login_command(std::string_view user, const SecretText& password);

/// The second step of the old form, with the challenge (32 hexadecimal digits) from `=ret=`.
/// Nothing when the challenge is not of that form.
std::optional<Command> old_login_command(
    std::string_view user, const SecretText& password, std::string_view challenge_hex);

/// "00" and the MD5 of a zero octet, the password and the challenge, in lower-case hexadecimal.
std::string old_login_response(std::string_view password, ByteView challenge);

} // namespace iwas::routeros
