#include "api/captive/handlers.hpp"

#include "protocol/captive/capport.hpp"
#include "protocol/captive/probe.hpp"

#include <algorithm>

namespace iwas::api::captive_portal {

namespace {

/// The device that asks: by the signed hint, else by its address on the guest network.
struct Asker {
    std::optional<KnownDevice> device;
    std::string portal_url;
};

awaitable<Asker> asker_of(Request request, Services& services)
{
    Asker asker{.device = {}, .portal_url = services.settings.public_url + "/"};
    std::string token{request.query.value("v")};
    if (token.empty()) token = request.cookies.value("iwas_device");
    if (const auto id = services.tokens.visit_of(token)) {
        const auto visit = co_await services.store.load_visit(*id);
        if (visit && *visit) {
            asker.device = KnownDevice{(*visit)->location, (*visit)->mac};
            asker.portal_url += "?v=" + token;
            co_return asker;
        }
    }
    asker.device = services.addresses.device_at(*services.catalog.current(), request.peer_address);
    co_return asker;
}

/// What lets a device through, and for how long.
struct Passage {
    Seconds time_left{0};
    std::optional<std::uint64_t> octets_left;
};

/// Its session, as far as the router said so.
awaitable<std::optional<Passage>> passage_by_session(KnownDevice device, Services& services)
{
    const auto session =
        co_await services.store.open_session_of_device(device.location, device.mac);
    if (!session || !*session) co_return std::nullopt;
    const domain::SessionDevice* here = find_device(**session, device.mac);
    if (!here || !is_on_network(**session, *here, services.clock.utc_now())) co_return std::nullopt;
    co_return Passage{
        time_left(**session, services.clock.utc_now()), domain::octets_left(**session)};
}

/// A session, or the few minutes before paying: the phone has to believe in the internet that its
/// banking app is to use.
awaitable<std::optional<Passage>> passage_of(std::optional<KnownDevice> device, Services& services)
{
    if (!device) co_return std::nullopt;
    auto by_session = co_await passage_by_session(*device, services);
    if (by_session) co_return by_session;
    const auto window =
        co_await services.store.open_payment_window_of(device->location, device->mac);
    const UtcTime now = services.clock.utc_now();
    if (!window || !*window || (*window)->ends_at <= now) co_return std::nullopt;
    co_return Passage{std::chrono::ceil<Seconds>((*window)->ends_at - now), std::nullopt};
}

std::string_view host_of(const Request& request)
{
    const std::string_view host = request.headers.value("Host");
    return host.substr(0, host.find(':'));
}

/// At another host (a test by hand, an address in place of the name) the path alone tells.
const captive::Probe* probe_of(const Request& request)
{
    const captive::Probe* probe = captive::find_probe(host_of(request), request.path);
    if (probe) return probe;
    const auto all = captive::probes();
    const auto found =
        std::ranges::find(all, std::string_view{request.path}, &captive::Probe::path);
    return found == all.end() ? nullptr : &*found;
}

Response expected_answer(const captive::Probe& probe)
{
    Response response;
    response.status = static_cast<int>(probe.status);
    response.body = std::string{probe.body};
    if (!probe.content_type.empty())
        response.headers.set("Content-Type", std::string{probe.content_type});
    if (const auto colon = probe.header.find(": "); colon != std::string_view::npos)
        response.headers.set(
            std::string{probe.header.substr(0, colon)},
            std::string{probe.header.substr(colon + 2)});
    return response;
}

} // namespace

awaitable<Response> get_state(Request request, Services& services)
{
    const Asker asker = co_await asker_of(std::move(request), services);
    const auto passage = co_await passage_of(asker.device, services);
    captive::CapportState state;
    state.captive = !passage.has_value();
    state.user_portal_url = asker.portal_url;
    state.can_extend_session = true;
    if (passage) {
        state.seconds_remaining = passage->time_left.count();
        if (passage->octets_left)
            state.octets_remaining = static_cast<std::int64_t>(*passage->octets_left);
    }
    Response response = Response::json(200, captive::to_json(state));
    response.headers.set("Content-Type", std::string{captive::capport_media_type});
    response.headers.set("Cache-Control", "private");
    co_return response;
}

std::vector<std::string> probe_paths()
{
    std::vector<std::string> paths;
    for (const captive::Probe& probe : captive::probes()) {
        std::string path{probe.path};
        if (path != "/" && std::ranges::find(paths, path) == paths.end())
            paths.push_back(std::move(path));
    }
    return paths;
}

bool is_probe_of_root(const Request& request)
{
    return request.path == "/" && captive::find_probe(host_of(request), "/") != nullptr;
}

awaitable<Response> answer_probe(Request request, Services& services)
{
    const captive::Probe* probe = probe_of(request);
    const Asker asker = co_await asker_of(std::move(request), services);
    const auto passage = co_await passage_of(asker.device, services);
    if (passage && probe) co_return expected_answer(*probe);
    Response response = Response::redirect(asker.portal_url);
    response.headers.set("Cache-Control", "no-store");
    co_return response;
}

} // namespace iwas::api::captive_portal
