// HotspotPages: what a phone's browser meets at the simulated router: the redirect to the portal,
// the login form's target, status and logout, and beyond it a tiny internet.
#pragma once

#include "adapters/http/message.hpp"
#include "sim/router/router_model.hpp"

#include <map>

namespace iwas::sim {

/// What the router looks like to a browser.
enum class RouterFace : std::uint8_t {
    hotspot, ///< MikroTik's pages
    uam,     ///< CoovaChilli: signed redirects, and `/logon`
    bare,    ///< no login page: it asks RADIUS by MAC address whenever the device sends something
};

struct PagesOptions {
    RouterFace face = RouterFace::hotspot;
    SecretText uam_secret;
    /// Where an unauthenticated browser is sent; the redirect's parameters are appended.
    std::string portal_url = "http://127.0.0.1:8080/";
    /// The router's own name in the guest network, such as `hotspot.cafe`. Empty: each device
    /// reaches the router under the address of its own port.
    std::string hotspot_host;
    /// Hosts that pass before login; `*.name` stands for everything below a name, `name:port` for
    /// one port of it.
    std::vector<std::string> walled_garden;
    bool accepts_pap = true;
    bool accepts_chap = true;
};

class HotspotPages {
public:
    HotspotPages(RouterModel& model, PagesOptions options, ports::Random& random);

    /// Answers a request of the device. `own_host` is host and port under which the device reaches
    /// the router; any other Host header means the internet.
    awaitable<http::Response> answer(MacAddress mac, std::string own_host, http::Request request);

    /// The portal's address, for routers whose portal starts later.
    void set_portal(std::string url) { options_.portal_url = std::move(url); }
    void set_walled_garden(std::vector<std::string> hosts)
    {
        options_.walled_garden = std::move(hosts);
    }
    void set_face(RouterFace face, SecretText uam_secret)
    {
        options_.face = face;
        options_.uam_secret = std::move(uam_secret);
    }

private:
    struct Challenge {
        std::uint8_t id = 0;
        Bytes octets;
        SteadyTime expires_at;
    };

    awaitable<http::Response> log_in(MacAddress mac, std::string own_host, http::Request request);
    awaitable<http::Response> log_in_by_uam(
        MacAddress mac, std::string own_host, http::Request request);
    /// A device without access sends something; afterwards it may have it.
    awaitable<void> ask_by_mac(MacAddress mac);
    http::Response to_portal(
        MacAddress mac, const std::string& own_host, std::string destination, std::string error);
    http::Response to_uam_server(
        MacAddress mac, const std::string& own_host, std::string result, std::string user_url,
        std::string reply);
    http::Response status(MacAddress mac) const;
    http::Response internet(
        MacAddress mac, const std::string& own_host, const http::Request& request);
    const Challenge& challenge_for(MacAddress mac);
    [[nodiscard]] std::optional<ChapProof> chap_proof(MacAddress mac, std::string_view text);
    [[nodiscard]] std::string hotspot_url(const std::string& own_host, std::string_view path) const;
    [[nodiscard]] bool passes_unauthenticated(std::string_view authority) const;

    RouterModel& model_;
    PagesOptions options_;
    ports::Random& random_;
    std::map<MacAddress, Challenge> challenges_;
};

} // namespace iwas::sim
