// A packet as text for technicians, with its authenticators judged.
#pragma once

#include "protocol/radius/dictionary.hpp"
#include "protocol/radius/packet.hpp"
#include "protocol/radius/shared_secret.hpp"

namespace iwas::radius {

struct DescribeOptions {
    /// Without it, authenticators cannot be judged and hidden values stay hidden.
    const SharedSecret* secret = nullptr;
    /// Of the request that a response answers; needed to judge it.
    std::optional<Authenticator> request = std::nullopt;
    /// Shows passwords in clear. Otherwise only their size and whether they are readable.
    bool reveal_passwords = false;
    const Dictionary* dictionary = &standard_dictionary();
};

/// One line for the header, one for each attribute, one for each authenticator, each ending in a
/// line feed. Control characters of values are escaped, so the text is safe for a terminal.
std::string to_text(const PacketView& packet, const DescribeOptions& options = {});

/// What is wrong with a datagram that `decode` refused, as a sentence.
std::string_view explain(DecodeError error);

} // namespace iwas::radius
