// MikrotikClient: the RouterOS API of one router, over one connection that is opened when needed,
// kept alive, and opened anew after it broke.
#pragma once

#include "adapters/router/mikrotik/connection.hpp"
#include "core/backoff.hpp"
#include "core/circuit_breaker.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"

#include <functional>

namespace iwas::adapters {

struct MikrotikOptions {
    WireOptions wire;
    std::string user_name;
    SecretText password;
    /// Whether the challenge login of RouterOS before 6.43 may be used. A man in the middle could
    /// ask for it, so only over TLS or a tunnel.
    bool allows_old_login = false;
    Milliseconds attempt_timeout{3'000};
    unsigned attempts_max = 3;
    Milliseconds keepalive_after{30'000};
    Milliseconds keepalive_timeout{5'000};
    BackoffPolicy backoff{.first = Milliseconds{100}, .wait_max = Milliseconds{1'000}};
    CircuitBreaker::Limits breaker;
};

/// Lives on one thread. `stop` must complete before the client is destroyed.
class MikrotikClient final : public RouterApi {
public:
    MikrotikClient(
        boost::asio::any_io_executor executor, MikrotikOptions options, ports::Clock& clock,
        ports::Random& random);
    ~MikrotikClient() override;
    MikrotikClient(const MikrotikClient&) = delete;
    MikrotikClient& operator=(const MikrotikClient&) = delete;

    awaitable<ApiResult<std::optional<HotspotHost>>> find_host(
        MacAddress mac, SteadyTime deadline) override;
    awaitable<ApiResult<void>> log_in(HotspotLogin login, SteadyTime deadline) override;
    awaitable<ApiResult<std::vector<HotspotActive>>> active(SteadyTime deadline) override;
    awaitable<ApiResult<std::vector<HotspotActive>>> find_active(
        MacAddress mac, SteadyTime deadline) override;
    awaitable<ApiResult<void>> remove_active(
        std::string id, MacAddress mac, SteadyTime deadline) override;
    awaitable<ApiResult<SystemResource>> resource(SteadyTime deadline) override;
    awaitable<ApiResult<std::string>> identity(SteadyTime deadline) override;

    /// Whether a command may be sent again when its outcome is unknown.
    enum class Repeat : std::uint8_t { always, if_not_sent };
    /// Any command: up to `attempts_max` attempts within `deadline`, with backoff between them.
    awaitable<ApiResult<ApiAnswer>> run(
        routeros::Command command, Repeat repeat, SteadyTime deadline);

    /// Connections made since the start; for metrics and tests.
    [[nodiscard]] std::uint64_t connections_made() const { return connections_made_; }
    [[nodiscard]] CircuitBreaker::State circuit() const;

    /// Closes the connection and waits for its loops.
    awaitable<void> stop();

private:
    using Connection = std::shared_ptr<ApiConnection>;
    struct Connecting;

    awaitable<ApiResult<Connection>> connected(SteadyTime deadline);
    awaitable<ApiResult<Connection>> connect(SteadyTime deadline);
    awaitable<ApiResult<void>> authenticate(Connection connection, SteadyTime deadline);
    awaitable<ApiResult<ApiAnswer>> attempt(routeros::Command command, SteadyTime deadline);
    awaitable<void> keep_alive(Connection connection);

    boost::asio::any_io_executor executor_;
    MikrotikOptions options_;
    ports::Clock& clock_;
    ports::Random& random_;
    TaskGroup tasks_;
    CircuitBreaker breaker_;
    Connection connection_;
    boost::asio::steady_timer connecting_; // a mailbox: set to the past when nobody connects
    bool is_connecting_ = false;
    bool is_stopped_ = false;
    std::uint64_t connections_made_ = 0;
};

} // namespace iwas::adapters
