#include "protocol/captive/probe.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace iwas::captive {

namespace {

constexpr std::string_view html = "text/html";
constexpr std::string_view text = "text/plain";
constexpr std::string_view apple_body =
    "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>";
constexpr std::string_view firefox_page =
    "<meta http-equiv=\"refresh\" "
    "content=\"0;url=https://support.mozilla.org/kb/captive-portal\"/>";
constexpr std::string_view apple_test = "/library/test/success.html";

constexpr Probe apple(std::string_view host, std::string_view path)
{
    return {ProbeSystem::apple, host, path, 200, html, apple_body, {}};
}
constexpr Probe android(std::string_view host, std::string_view path)
{
    return {ProbeSystem::android, host, path, 204, {}, {}, {}};
}

constexpr Probe table[] = {
    apple("captive.apple.com", "/hotspot-detect.html"),
    apple("captive.apple.com", "/"),
    apple("www.apple.com", apple_test),
    apple("www.appleiphonecell.com", apple_test),
    apple("www.airport.us", apple_test),
    apple("www.ibook.info", apple_test),
    apple("www.itools.info", apple_test),
    apple("www.thinkdifferent.us", apple_test),
    android("connectivitycheck.gstatic.com", "/generate_204"),
    android("clients3.google.com", "/generate_204"),
    android("connectivitycheck.android.com", "/generate_204"),
    android("www.google.com", "/generate_204"),
    android("www.google.com", "/gen_204"),
    android("d2uzsrnmmf6tds.cloudfront.net", "/generate_204"),
    {ProbeSystem::windows,
     "www.msftconnecttest.com",
     "/connecttest.txt",
     200,
     text,
     "Microsoft Connect Test",
     {}},
    {ProbeSystem::windows, "www.msftncsi.com", "/ncsi.txt", 200, text, "Microsoft NCSI", {}},
    {ProbeSystem::firefox,
     "detectportal.firefox.com",
     "/canonical.html",
     200,
     html,
     firefox_page,
     {}},
    {ProbeSystem::firefox, "detectportal.firefox.com", "/success.txt", 200, text, "success\n", {}},
    {ProbeSystem::network_manager,
     "connectivity-check.ubuntu.com",
     "/",
     204,
     {},
     {},
     "X-NetworkManager-Status: online"},
    {ProbeSystem::kindle,
     "spectrum.s3.amazonaws.com",
     "/kindle-wifi/wifistub.html",
     200,
     html,
     "<html><head><title>Kindle Reachability Probe Page</title></head>"
     "<body>81ce4465-7167-4dcb-835b-dcc9e44c112a</body></html>",
     {}},
};

bool equal_host(std::string_view given, std::string_view host)
{
    if (given.ends_with('.')) given.remove_suffix(1);
    return equal_ignoring_case(given, host);
}

bool contains(std::string_view all, std::string_view part)
{
    return all.find(part) != std::string_view::npos;
}

} // namespace

std::span<const Probe> probes()
{
    return table;
}

const Probe* find_probe(std::string_view host, std::string_view path)
{
    for (const Probe& probe : table)
        if (equal_host(host, probe.host) && path == probe.path) return &probe;
    return nullptr;
}

bool is_probe_host(std::string_view host)
{
    return std::ranges::any_of(
        table, [&](const Probe& probe) { return equal_host(host, probe.host); });
}

MiniBrowser recognize_mini_browser(std::string_view user_agent)
{
    if (contains(user_agent, "CaptiveNetworkSupport")) return MiniBrowser::apple_helper;
    if (contains(user_agent, "; wv)")) return MiniBrowser::android_webview;
    const bool apple_device = contains(user_agent, "iPhone") || contains(user_agent, "iPad") ||
                              contains(user_agent, "iPod") || contains(user_agent, "Macintosh");
    const bool webkit = user_agent.starts_with("Mozilla/") && contains(user_agent, "AppleWebKit/");
    // Every full browser on these systems ends its text with Safari/, the sheet does not.
    if (apple_device && webkit && !contains(user_agent, "Safari/")) return MiniBrowser::apple_sheet;
    return MiniBrowser::none;
}

} // namespace iwas::captive
