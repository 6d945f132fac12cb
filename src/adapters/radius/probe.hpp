// Probe: asks a RADIUS server the way a router would, and explains the answer.
#pragma once

#include "adapters/radius/requester.hpp"

#include <string>

namespace iwas::adapters {

enum class ProbeKind { pap, chap, status };

struct ProbeRequest {
    ProbeKind kind = ProbeKind::status;
    std::string user_name;
    SecretText password;
    std::string calling_station_id; ///< empty: left out
    std::string nas_identifier = "iwas-test";
};

struct ProbeResult {
    bool is_answered = false;
    /// Access-Accept, or any answer to a Status-Server.
    bool is_positive = false;
    Milliseconds took{0};
    /// The answer as text (protocol/radius/describe.hpp) and a sentence on what it means.
    std::string text;
};

/// Sends one Access-Request or Status-Server to an outside server (or our own) and reads the
/// answer. Ends by `deadline`.
boost::asio::awaitable<ProbeResult> probe(
    RadiusRequester& requester, RadiusTarget target, ProbeRequest request, SteadyTime deadline);

/// A packet in hexadecimal as text for `iwas radius decode`: names, values, and whether each
/// authenticator is right. `secret` and `request` may be empty; `request`, in hexadecimal too, is
/// needed to judge an answer. Blanks, colons and line feeds in the hexadecimal text are ignored.
/// Without a value: a sentence that says what is wrong with the text.
Result<std::string, std::string> describe_packet(
    std::string_view packet_hex, const SecretText& secret, std::string_view request_hex);

} // namespace iwas::adapters
