// The control API of RouterServer: what a test or a person does to the simulated café's router.
//
//   POST   /_sim/devices      {mac, ip, port?, up_bps?, down_bps?}  -> {mac, ip, port, url}
//   POST   /_sim/devices/{mac}/leave
//   POST   /_sim/faults       {loss?, duplicate?, delay_ms_min?, delay_ms_max?}
//   POST   /_sim/restart      {downtime_ms?}
//   POST   /_sim/forget       {mac}        the session is lost without a word
//   POST   /_sim/log-out      {mac}        the customer logs out at the router
//   POST   /_sim/disappear, /_sim/reappear
//   POST   /_sim/face         {face: hotspot|uam|bare, uam_secret?}
//   POST   /_sim/leap         {seconds}    time passes at once, for everything on the clock
//   GET    /_sim/state
#include "sim/router/router_server.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <stdexcept>

namespace iwas::sim {

namespace {

namespace json = boost::json;
using http::Response;

/// What the body lacks or has wrong; becomes a 422.
struct BadBody : std::runtime_error {
    using std::runtime_error::runtime_error;
};

json::object body_of(const http::Request& request)
{
    if (request.body.empty()) return {};
    boost::system::error_code error;
    json::value value = json::parse(request.body, error);
    if (error || !value.is_object()) throw BadBody{"the body must be a JSON object"};
    return std::move(value.as_object());
}

std::string text_of(const json::object& body, std::string_view name)
{
    const json::value* const value = body.if_contains(name);
    if (value == nullptr || !value->is_string())
        throw BadBody{fmt::format("{} must be text", name)};
    return std::string{value->as_string()};
}

std::optional<double> number_of(const json::object& body, std::string_view name)
{
    const json::value* const value = body.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_number()) throw BadBody{fmt::format("{} must be a number", name)};
    const auto number = value->to_number<double>();
    if (number < 0) throw BadBody{fmt::format("{} must not be negative", name)};
    return number;
}

MacAddress mac_of(const std::string& text)
{
    const auto mac = MacAddress::parse(text);
    if (!mac) throw BadBody{"mac must be a device's hardware address"};
    return *mac;
}

RouterFace face_of(const std::string& text)
{
    if (text == "hotspot") return RouterFace::hotspot;
    if (text == "uam") return RouterFace::uam;
    if (text == "bare") return RouterFace::bare;
    throw BadBody{"face must be hotspot, uam or bare"};
}

Milliseconds milliseconds(double number)
{
    return Milliseconds{static_cast<std::int64_t>(number)};
}

double probability(const json::object& body, std::string_view name, double otherwise)
{
    const double value = number_of(body, name).value_or(otherwise);
    if (value > 1) throw BadBody{fmt::format("{} must be between 0 and 1", name)};
    return value;
}

Response ok(json::object body = {})
{
    return Response::json(200, json::serialize(body));
}

} // namespace

http::Router RouterServer::control_routes()
{
    http::Router router;
    const auto handle = [this](const http::Request& request) { return control(request); };
    for (const auto* const path :
         {"/_sim/devices", "/_sim/faults", "/_sim/restart", "/_sim/forget", "/_sim/log-out",
          "/_sim/disappear", "/_sim/reappear", "/_sim/leap", "/_sim/face"})
        router.post(path, http::answer(handle));
    router.get("/_sim/state", http::answer(handle));
    router.post("/_sim/devices/{mac}/leave", [this](http::Request request) -> awaitable<Response> {
        return leave(std::string{request.param("mac")});
    });
    return router;
}

awaitable<Response> RouterServer::leave(std::string text)
{
    const auto mac = MacAddress::parse(text);
    if (!mac) co_return Response::text(422, "mac must be a device's hardware address\n");
    co_await remove_device(*mac);
    co_return ok();
}

Response RouterServer::control(const http::Request& request)
try {
    if (request.path == "/_sim/state") return state();
    const json::object body = body_of(request);
    if (request.path == "/_sim/devices") return add_device_from(body);
    if (request.path == "/_sim/faults") return set_faults(body);
    if (request.path == "/_sim/restart") {
        restart(milliseconds(number_of(body, "downtime_ms").value_or(0)));
    } else if (request.path == "/_sim/disappear") {
        disappear();
    } else if (request.path == "/_sim/reappear") {
        reappear();
    } else if (request.path == "/_sim/face") {
        const bool has_secret = body.contains("uam_secret");
        set_face(
            face_of(text_of(body, "face")),
            SecretText{has_secret ? text_of(body, "uam_secret") : std::string{}});
    } else if (request.path == "/_sim/leap") {
        if (!options_.leap) throw BadBody{"this clock cannot leap"};
        options_.leap(milliseconds(number_of(body, "seconds").value_or(0) * 1000));
    } else {
        const MacAddress mac = mac_of(text_of(body, "mac"));
        const bool was_active = request.path == "/_sim/forget"
                                    ? model_.forget(mac)
                                    : model_.log_out(mac, TerminateCause::user_request);
        return ok({{"was_active", was_active}});
    }
    return ok();
} catch (const BadBody& error) {
    return Response::text(422, std::string{error.what()} + '\n');
}

Response RouterServer::add_device_from(const json::object& body)
{
    const MacAddress mac = mac_of(text_of(body, "mac"));
    const auto ip = Ipv4Address::parse(text_of(body, "ip"));
    if (!ip) throw BadBody{"ip must be an IPv4 address"};
    const double port = number_of(body, "port").value_or(0);
    if (port > 65'535) throw BadBody{"port must be at most 65535"};
    if (device_ports_.size() >= devices_max) throw BadBody{"too many devices"};
    const auto bound = add_device(mac, *ip, static_cast<std::uint16_t>(port));
    const auto up = number_of(body, "up_bps");
    const auto down = number_of(body, "down_bps");
    const Device unhindered{};
    if (up || down)
        model_.set_demand(
            mac, up ? static_cast<std::uint64_t>(*up) : unhindered.wanted_up_bps,
            down ? static_cast<std::uint64_t>(*down) : unhindered.wanted_down_bps);
    return ok({
        {"mac", to_string(mac)},
        {"ip", to_string(*ip)},
        {"port", bound},
        {"url", fmt::format("http://{}:{}", options_.address, bound)},
    });
}

Response RouterServer::set_faults(const json::object& body)
{
    LineFaults faults = line_.faults;
    faults.loss = probability(body, "loss", faults.loss);
    faults.duplicate = probability(body, "duplicate", faults.duplicate);
    if (const auto value = number_of(body, "delay_ms_min")) faults.delay_min = milliseconds(*value);
    if (const auto value = number_of(body, "delay_ms_max")) faults.delay_max = milliseconds(*value);
    line_.faults = faults;
    return ok();
}

Response RouterServer::state()
{
    const Hotspot& hotspot = model_.hotspot();
    json::array devices;
    for (const auto& [mac, device] : hotspot.devices()) {
        json::object entry{{"mac", to_string(mac)}, {"ip", to_string(device.ip)}};
        const ActiveSession* const session = hotspot.find_active(mac);
        entry["online"] = session != nullptr;
        if (const auto port = device_ports_.find(mac); port != device_ports_.end())
            entry["port"] = port->second->port();
        if (session != nullptr) {
            const ActiveSession counted = hotspot.counted(*session, model_.now());
            const auto seconds = [](SteadyTime::duration time) {
                return std::chrono::duration_cast<Seconds>(time).count();
            };
            entry["user"] = session->user_name;
            entry["acct_session_id"] = session->acct_session_id;
            entry["login_by"] = session->login_by;
            entry["uptime_s"] = seconds(model_.now() - session->started_at);
            if (session->ends_at) entry["time_left_s"] = seconds(*session->ends_at - model_.now());
            entry["up_octets"] = counted.up_octets;
            entry["down_octets"] = counted.down_octets;
            entry["rate_limit"] = session->limits.rate_text;
        }
        devices.push_back(std::move(entry));
    }
    const RouterStatistics& counted = model_.statistics();
    return ok({
        {"reachable", model_.is_reachable()},
        {"boots", model_.boots()},
        {"api_connections", api_.connections()},
        {"devices", std::move(devices)},
        {"statistics",
         {{"access_requests", counted.access_requests},
          {"accepts", counted.accepts},
          {"rejects", counted.rejects},
          {"timeouts", counted.timeouts},
          {"bad_replies", counted.bad_replies},
          {"accounting_answered", counted.accounting_answered},
          {"accounting_lost", counted.accounting_lost},
          {"disconnects", counted.disconnects},
          {"changes", counted.changes},
          {"naks", counted.naks}}},
    });
}

} // namespace iwas::sim
