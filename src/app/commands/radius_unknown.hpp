// radius unknown: who sends RADIUS to the running server and is no router of ours.
#pragma once

#include "core/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::app {

struct UnknownSender {
    std::string address;
    std::uint64_t packets = 0;
    UtcTime last_seen;
};

/// Those that the text of /metrics names, the latest first.
std::vector<UnknownSender> unknown_senders(std::string_view metrics);

/// Asks the server at `http[s]://host[:port]` and prints a line for each. Throws
/// std::runtime_error with a sentence for the operator.
void print_unknown_senders(const std::string& server);

} // namespace iwas::app
