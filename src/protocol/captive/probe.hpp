// What operating systems ask to learn whether a network is open, and which mini-browser shows the
// portal when it is not.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace iwas::captive {

enum class ProbeSystem : std::uint8_t { apple, android, windows, firefox, network_manager, kindle };

/// A probe and the answer by which the system knows that it is online. Any other answer, such as a
/// redirect, opens the portal.
struct Probe {
    ProbeSystem system;
    std::string_view host;
    std::string_view path;
    unsigned status;
    std::string_view content_type;
    std::string_view body;
    /// One extra header, `Name: value`, or empty.
    std::string_view header;
};

/// All known probes. Apple's appear once for each of its hosts.
std::span<const Probe> probes();

/// The probe at that host (without port, any case) and path (without query); null when it is none.
const Probe* find_probe(std::string_view host, std::string_view path);

/// Whether a host serves probes: such a host must never be let through before login, or the system
/// believes that it is online and shows no portal.
bool is_probe_host(std::string_view host);

/// The small browser in which systems show a portal. It forgets cookies, may close at any moment
/// and cannot sign in at Google.
enum class MiniBrowser : std::uint8_t {
    none,            ///< an ordinary browser, or nothing that is known
    apple_helper,    ///< the background check of iOS and macOS, which shows no page
    apple_sheet,     ///< the sheet of iOS or the window of macOS
    android_webview, ///< Android's "sign in to network"
};

/// By User-Agent: Apple's sheet is a Mozilla string without `Safari/`, Android's carries `; wv)`.
MiniBrowser recognize_mini_browser(std::string_view user_agent);

} // namespace iwas::captive
