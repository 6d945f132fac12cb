// RouterApi: what IWAS asks of a MikroTik router beside RADIUS, as typed operations. Real:
// mikrotik/client. Simulated: sim/router.
#pragma once

#include "core/ip_address.hpp"
#include "core/mac_address.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "core/time.hpp"
#include "protocol/routeros/reply.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace iwas::adapters {

using boost::asio::awaitable;

/// How a command failed. `refused`: the router answered with an error. `unreachable`: nothing was
/// sent. `unknown`: sent and not answered; it may have been carried out.
enum class ApiError : std::uint8_t { refused, unreachable, unknown };

struct ApiFailure {
    ApiError error = ApiError::unreachable;
    /// What kind of error the router gave with `refused`. With `unreachable` it is bad_login when
    /// the router did not let IWAS in.
    routeros::TrapKind trap = routeros::TrapKind::other;
    /// For the log: the router's own words or what broke. Holds no secret.
    std::string message;
};

template <class T>
using ApiResult = Result<T, ApiFailure>;

/// A device that the hotspot sees. Row ids are valid only until the row disappears.
struct HotspotHost {
    std::string id;
    MacAddress mac;
    Ipv4Address ip; // after translation
    bool is_authorized = false;
    bool is_bypassed = false;
};

/// A device that is logged in.
struct HotspotActive {
    std::string id;
    std::string user_name;
    MacAddress mac;
    std::optional<Ipv4Address> ip;
    Seconds uptime{0};
    std::optional<Seconds> time_left;
    std::uint64_t up_octets = 0;   // from the device
    std::uint64_t down_octets = 0; // to the device
};

struct HotspotLogin {
    std::string user_name;
    SecretText password;
    Ipv4Address ip;
    MacAddress mac;
};

struct SystemResource {
    std::string version;
    std::string board_name;
    Seconds uptime{0};
};

/// Every operation ends by `deadline`. Only `log_in` may come out as unknown without having been
/// repeated: the active list then tells what happened.
class RouterApi {
public:
    virtual ~RouterApi() = default;

    /// The host with this address; nothing when the router does not see it.
    virtual awaitable<ApiResult<std::optional<HotspotHost>>> find_host(
        MacAddress mac, SteadyTime deadline) = 0;
    /// Logs a host in through the router's own authentication, that is RADIUS.
    virtual awaitable<ApiResult<void>> log_in(HotspotLogin login, SteadyTime deadline) = 0;
    virtual awaitable<ApiResult<std::vector<HotspotActive>>> active(SteadyTime deadline) = 0;
    virtual awaitable<ApiResult<std::vector<HotspotActive>>> find_active(
        MacAddress mac, SteadyTime deadline) = 0;
    /// Ends a session and forgets the cookies of its device, with which it would come back by
    /// itself. Success also when the row was gone.
    virtual awaitable<ApiResult<void>> remove_active(
        std::string id, MacAddress mac, SteadyTime deadline) = 0;
    virtual awaitable<ApiResult<SystemResource>> resource(SteadyTime deadline) = 0;
    /// The router's name.
    virtual awaitable<ApiResult<std::string>> identity(SteadyTime deadline) = 0;
};

} // namespace iwas::adapters
