// The hosts that no walled garden may open: those at which systems and browsers ask whether they
// are online.
#pragma once

#include <span>
#include <string_view>

namespace iwas::captive {

/// A host that is asked by itself. A device that gets the answer it expects believes that it is
/// online and shows no portal.
struct ProbeHost {
    std::string_view host;
    std::string_view asked_by;
    bool over_http = true;   // port 80
    bool over_https = false; // port 443
    /// How sure it is, A to D as in the garden's data, and where it was read.
    char confidence;
    std::string_view source;
};

/// All that are known, those of `probes()` among them. Compiled in: no data file can shorten it.
std::span<const ProbeHost> probe_hosts();

/// Whether RouterOS's `dst-host` pattern covers `host`: `*` stands for any octets, dots too, `?`
/// for one, letters of any case (RouterOS manual, "Walled Garden"). A pattern that begins with `:`
/// is a regular expression, which this does not read: false. Takes time of the product of both
/// lengths at most.
bool host_pattern_covers(std::string_view pattern, std::string_view host);

/// The first probe host that the pattern opens; null when it opens none.
const ProbeHost* probe_host_opened_by(std::string_view pattern);

} // namespace iwas::captive
