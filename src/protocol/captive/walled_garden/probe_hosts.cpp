#include "protocol/captive/walled_garden/probe_hosts.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace iwas::captive {

namespace {

constexpr std::string_view apple = "iOS, macOS";
constexpr std::string_view android = "Android, ChromeOS";
constexpr std::string_view windows = "Windows";
constexpr std::string_view linux_desktop = "Linux desktops";
constexpr std::string_view behavior = "Wireless Broadband Alliance, captive behavior notes";
constexpr std::string_view monitor = "Android's NetworkMonitor and its configuration";
constexpr std::string_view several = "several captive portals that answer it";
constexpr std::string_view manager = "the distribution's NetworkManager configuration";

constexpr ProbeHost http(
    std::string_view host, std::string_view asked_by, char confidence, std::string_view source)
{
    return {host, asked_by, true, false, confidence, source};
}
constexpr ProbeHost both(
    std::string_view host, std::string_view asked_by, char confidence, std::string_view source)
{
    return {host, asked_by, true, true, confidence, source};
}

constexpr ProbeHost table[] = {
    both("captive.apple.com", apple, 'A', behavior),
    both("www.apple.com", apple, 'A', behavior),
    http("www.appleiphonecell.com", apple, 'A', behavior),
    http("www.airport.us", apple, 'A', behavior),
    http("www.ibook.info", apple, 'A', behavior),
    http("www.itools.info", apple, 'A', behavior),
    http("www.thinkdifferent.us", apple, 'A', behavior),
    http("gsp1.apple.com", apple, 'C', several),
    both("connectivitycheck.gstatic.com", android, 'B', monitor),
    both("connectivitycheck.android.com", android, 'B', monitor),
    both("clients1.google.com", android, 'C', several),
    both("clients3.google.com", android, 'B', monitor),
    both("www.google.com", android, 'B', monitor),
    both("play.googleapis.com", android, 'B', monitor),
    // So Chrome and ChromeOS ask. It also carries pictures and scripts of Google's sign-in, which
    // is why lists on the internet open it; the portal of a Chromebook then stays away.
    both("www.gstatic.com", "Chrome, ChromeOS", 'B', "Chromium's captive portal detector"),
    both("www.google.cn", android, 'C', several),
    http("connectivitycheck.gstatic.cn", android, 'D', several),
    both("d2uzsrnmmf6tds.cloudfront.net", "Samsung", 'C', several),
    http("connectivity.samsung.com.cn", "Samsung", 'D', several),
    both("connectivitycheck.platform.hicloud.com", "Huawei, Honor", 'C', several),
    both("connect.rom.miui.com", "Xiaomi", 'C', several),
    both("wifi.vivo.com.cn", "vivo", 'C', several),
    http("conn1.coloros.com", "OPPO, realme", 'D', several),
    http("conn2.coloros.com", "OPPO, realme", 'D', several),
    http("wifi.coloros.com", "OPPO, realme", 'D', several),
    http("connectivitycheck.oppomobile.com", "OPPO, realme", 'D', several),
    http("www.msftconnecttest.com", windows, 'A', behavior),
    http("ipv6.msftconnecttest.com", windows, 'C', several),
    http("dns.msftncsi.com", windows, 'A', behavior),
    http("www.msftncsi.com", windows, 'A', behavior),
    http("ipv6.msftncsi.com", windows, 'C', several),
    http("msftconnecttest.com", windows, 'C', several),
    http("msftncsi.com", windows, 'C', several),
    http("detectportal.firefox.com", "Firefox", 'A', "Mozilla's captive portal manual"),
    http("connectivity-check.ubuntu.com", linux_desktop, 'B', manager),
    http("network-test.debian.org", linux_desktop, 'C', manager),
    both("nmcheck.gnome.org", linux_desktop, 'C', manager),
    both("fedoraproject.org", linux_desktop, 'C', manager),
    http("ping.archlinux.org", linux_desktop, 'C', manager),
    http("conncheck.opensuse.org", linux_desktop, 'C', manager),
    http("networkcheck.kde.org", linux_desktop, 'C', manager),
    both("spectrum.s3.amazonaws.com", "Kindle, Fire", 'C', several),
};

} // namespace

std::span<const ProbeHost> probe_hosts()
{
    return table;
}

bool host_pattern_covers(std::string_view pattern, std::string_view host)
{
    if (pattern.starts_with(':')) return false;
    std::size_t p = 0;
    std::size_t h = 0;
    std::size_t star = std::string_view::npos; // the last `*`, and what it covers so far
    std::size_t star_end = 0;
    while (h < host.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            star_end = h;
        } else if (
            p < pattern.size() && (pattern[p] == '?' || lower(pattern[p]) == lower(host[h]))) {
            ++p;
            ++h;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            h = ++star_end;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

const ProbeHost* probe_host_opened_by(std::string_view pattern)
{
    const auto* const found = std::ranges::find_if(
        table, [&](const ProbeHost& probe) { return host_pattern_covers(pattern, probe.host); });
    return found == std::end(table) ? nullptr : found;
}

} // namespace iwas::captive
