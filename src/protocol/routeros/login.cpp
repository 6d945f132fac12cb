#include "protocol/routeros/login.hpp"

#include "core/digest.hpp"

#include <array>

namespace iwas::routeros {

Command login_command(std::string_view user, const SecretText& password)
{
    return Command{"/login"}.with("name", user).with("password", password.reveal());
}

std::optional<Command> old_login_command(
    std::string_view user, const SecretText& password, std::string_view challenge_hex)
{
    constexpr std::size_t challenge_octets = 16;
    const auto challenge = from_hex(challenge_hex);
    if (!challenge || challenge->size() != challenge_octets) return std::nullopt;
    return Command{"/login"}
        .with("name", user)
        .with("response", old_login_response(password.reveal(), *challenge));
}

std::string old_login_response(std::string_view password, ByteView challenge)
{
    constexpr std::array<std::uint8_t, 1> zero{0};
    return "00" + to_hex(md5({zero, as_bytes(password), challenge}));
}

} // namespace iwas::routeros
