#include "adapters/router/mikrotik/client.hpp"

#include "adapters/router/mikrotik/rows.hpp"
#include "asio/as_result.hpp"
#include "protocol/routeros/login.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace iwas::adapters {

namespace {

using routeros::Command;
using routeros::TrapKind;

// A connection has three loops and one watcher for each command that is being cancelled.
constexpr std::size_t tasks_max = 64;

constexpr std::string_view active_properties =
    ".id,user,address,mac-address,uptime,session-time-left,bytes-in,bytes-out";

} // namespace

MikrotikClient::MikrotikClient(
    boost::asio::any_io_executor executor, MikrotikOptions options, ports::Clock& clock,
    ports::Random& random)
    : executor_{executor}, options_{std::move(options)}, clock_{clock}, random_{random},
      tasks_{executor, tasks_max}, breaker_{options_.breaker}, connecting_{executor}
{
}

MikrotikClient::~MikrotikClient()
{
    if (connection_) connection_->close("stopped");
}

awaitable<ApiResult<std::optional<HotspotHost>>> MikrotikClient::find_host(
    MacAddress mac, SteadyTime deadline)
{
    auto command = Command{"/ip/hotspot/host/print"}
                       .with_properties(".id,mac-address,address,to-address,authorized,bypassed")
                       .where("mac-address", to_string(mac));
    const auto answer = co_await run(std::move(command), Repeat::always, deadline);
    if (!answer) co_return std::unexpected{answer.error()};
    for (const auto& row : answer->rows)
        if (const auto host = read_host(row)) co_return *host;
    co_return std::nullopt;
}

awaitable<ApiResult<void>> MikrotikClient::log_in(HotspotLogin login, SteadyTime deadline)
{
    auto command = Command{"/ip/hotspot/active/login"}
                       .with("user", login.user_name)
                       .with("password", login.password.reveal())
                       .with("ip", to_string(login.ip))
                       .with("mac-address", to_string(login.mac));
    const auto answer = co_await run(std::move(command), Repeat::if_not_sent, deadline);
    if (!answer) co_return std::unexpected{answer.error()};
    co_return ApiResult<void>{};
}

awaitable<ApiResult<std::vector<HotspotActive>>> MikrotikClient::active(SteadyTime deadline)
{
    auto command = Command{"/ip/hotspot/active/print"}.with_properties(active_properties);
    const auto answer = co_await run(std::move(command), Repeat::always, deadline);
    if (!answer) co_return std::unexpected{answer.error()};
    co_return read_active_rows(answer->rows);
}

awaitable<ApiResult<std::vector<HotspotActive>>> MikrotikClient::find_active(
    MacAddress mac, SteadyTime deadline)
{
    auto command = Command{"/ip/hotspot/active/print"}
                       .with_properties(active_properties)
                       .where("mac-address", to_string(mac));
    const auto answer = co_await run(std::move(command), Repeat::always, deadline);
    if (!answer) co_return std::unexpected{answer.error()};
    co_return read_active_rows(answer->rows);
}

awaitable<ApiResult<void>> MikrotikClient::remove_active(
    std::string id, MacAddress mac, SteadyTime deadline)
{
    // The cookie first: without its session the device would log in again with it at once.
    auto find_cookies = Command{"/ip/hotspot/cookie/print"}.with_properties(".id").where(
        "mac-address", to_string(mac));
    const auto cookies = co_await run(std::move(find_cookies), Repeat::always, deadline);
    if (!cookies) co_return std::unexpected{cookies.error()};
    for (const auto& row : cookies->rows) {
        auto remove = Command{"/ip/hotspot/cookie/remove"}.with(
            ".id", routeros::find(row, ".id").value_or(""));
        const auto removed = co_await run(std::move(remove), Repeat::always, deadline);
        if (!removed && removed.error().trap != TrapKind::no_such_item)
            co_return std::unexpected{removed.error()};
    }

    auto remove = Command{"/ip/hotspot/active/remove"}.with(".id", id);
    const auto removed = co_await run(std::move(remove), Repeat::always, deadline);
    const bool is_gone = removed || (removed.error().error == ApiError::refused &&
                                     removed.error().trap == TrapKind::no_such_item);
    if (!is_gone) co_return std::unexpected{removed.error()};
    co_return ApiResult<void>{};
}

awaitable<ApiResult<SystemResource>> MikrotikClient::resource(SteadyTime deadline)
{
    auto command = Command{"/system/resource/print"}.with_properties("version,board-name,uptime");
    const auto answer = co_await run(std::move(command), Repeat::always, deadline);
    if (!answer) co_return std::unexpected{answer.error()};
    if (answer->rows.empty()) co_return SystemResource{};
    co_return read_resource(answer->rows.front());
}

awaitable<ApiResult<std::string>> MikrotikClient::identity(SteadyTime deadline)
{
    auto command = Command{"/system/identity/print"}.with_properties("name");
    const auto answer = co_await run(std::move(command), Repeat::always, deadline);
    if (!answer) co_return std::unexpected{answer.error()};
    if (answer->rows.empty()) co_return std::string{};
    co_return std::string{routeros::find(answer->rows.front(), "name").value_or("")};
}

awaitable<ApiResult<ApiAnswer>> MikrotikClient::run(
    Command command, Repeat repeat, SteadyTime deadline)
{
    ApiFailure last{.message = "the deadline had passed"};
    bool is_maybe_done = false;
    for (unsigned tries = 1; tries <= options_.attempts_max; ++tries) {
        if (tries > 1) {
            const auto wait = backoff_after(options_.backoff, tries - 1, random_.next());
            if (clock_.steady_now() + wait >= deadline) break;
            co_await clock_.sleep_until(clock_.steady_now() + wait);
        }
        if (is_stopped_ || clock_.steady_now() >= deadline) break;
        if (!breaker_.may_call(clock_.steady_now())) {
            last = {.message = "the router did not answer lately; not asked again yet"};
            break;
        }
        const auto attempt_by = std::min(deadline, clock_.steady_now() + options_.attempt_timeout);
        auto answer = co_await attempt(command, attempt_by);
        if (answer || answer.error().error == ApiError::refused) {
            breaker_.succeeded();
            co_return answer;
        }
        breaker_.failed(clock_.steady_now());
        last = std::move(answer.error());
        // Wrong credentials stay wrong: trying again would only lock the API user out.
        if (last.trap == TrapKind::bad_login) break;
        is_maybe_done = is_maybe_done || last.error == ApiError::unknown;
        if (is_maybe_done && repeat == Repeat::if_not_sent) break;
    }
    // An earlier attempt may have been carried out although the last one was not even sent.
    if (is_maybe_done) last.error = ApiError::unknown;
    co_return std::unexpected{std::move(last)};
}

awaitable<ApiResult<ApiAnswer>> MikrotikClient::attempt(Command command, SteadyTime deadline)
{
    const auto connection = co_await connected(deadline);
    if (!connection) co_return std::unexpected{connection.error()};
    auto answer = co_await (*connection)->call(std::move(command), deadline);
    co_return answer;
}

/// Marks that a connection is being made; wakes those who wait for it, also after an exception.
struct MikrotikClient::Connecting {
    explicit Connecting(MikrotikClient& owner) : client{owner} { client.is_connecting_ = true; }
    ~Connecting()
    {
        client.is_connecting_ = false;
        client.connecting_.expires_at(SteadyTime::min());
    }
    Connecting(const Connecting&) = delete;
    Connecting& operator=(const Connecting&) = delete;
    MikrotikClient& client;
};

/// The open connection, or a new one. Callers that come while it is being made wait for it.
awaitable<ApiResult<MikrotikClient::Connection>> MikrotikClient::connected(SteadyTime deadline)
{
    while (is_connecting_ && clock_.steady_now() < deadline) {
        connecting_.expires_at(deadline);
        co_await connecting_.async_wait(as_result);
    }
    if (is_connecting_ || is_stopped_)
        co_return std::unexpected{ApiFailure{.message = "still connecting"}};
    if (connection_ && connection_->takes_commands()) co_return connection_;

    const Connecting guard{*this};
    auto made = co_await connect(deadline);
    if (made) connection_ = *made;
    co_return made;
}

awaitable<ApiResult<MikrotikClient::Connection>> MikrotikClient::connect(SteadyTime deadline)
{
    auto wire = co_await open_wire(executor_, options_.wire, deadline);
    if (!wire) co_return std::unexpected{ApiFailure{.message = wire.error()}};
    const auto connection = std::make_shared<ApiConnection>(executor_, std::move(*wire), tasks_);
    if (!connection->start()) co_return std::unexpected{ApiFailure{.message = "too many tasks"}};

    const auto logged_in = co_await authenticate(connection, deadline);
    if (!logged_in) {
        connection->close("login failed");
        // The command itself was not sent, whatever became of the login.
        ApiFailure failure = logged_in.error();
        failure.error = ApiError::unreachable;
        co_return std::unexpected{std::move(failure)};
    }
    if (!tasks_.spawn("routeros keepalive", keep_alive(connection))) {
        connection->close("too many tasks");
        co_return std::unexpected{ApiFailure{.message = "too many tasks"}};
    }
    ++connections_made_;
    spdlog::debug(
        "event=router_api_connected A RouterOS API connection is open. host={} tls={}",
        options_.wire.host, options_.wire.uses_tls);
    co_return connection;
}

awaitable<ApiResult<void>> MikrotikClient::authenticate(Connection connection, SteadyTime deadline)
{
    auto command = routeros::login_command(options_.user_name, options_.password);
    const auto answer = co_await connection->call(std::move(command), deadline);
    if (!answer) co_return std::unexpected{answer.error()};
    const auto challenge = routeros::find(answer->done, "ret");
    if (!challenge) co_return ApiResult<void>{};

    if (!options_.allows_old_login)
        co_return std::unexpected{ApiFailure{
            .error = ApiError::refused,
            .trap = TrapKind::bad_login,
            .message = "the router wants the old challenge login, which is not allowed for it"}};
    auto response = routeros::old_login_command(options_.user_name, options_.password, *challenge);
    if (!response)
        co_return std::unexpected{ApiFailure{
            .error = ApiError::refused,
            .trap = TrapKind::bad_login,
            .message = "the login challenge is malformed"}};
    const auto second = co_await connection->call(std::move(*response), deadline);
    if (!second) co_return std::unexpected{second.error()};
    co_return ApiResult<void>{};
}

/// The API has no keepalive of its own: a silent peer is found by asking for something small.
awaitable<void> MikrotikClient::keep_alive(Connection connection)
{
    while (true) {
        co_await connection->wait_idle(options_.keepalive_after);
        if (!connection->takes_commands()) co_return;
        auto command = Command{"/system/identity/print"}.with_properties("name");
        const auto deadline = std::chrono::steady_clock::now() + options_.keepalive_timeout;
        const auto answer = co_await connection->call(std::move(command), deadline);
        if (answer || answer.error().error == ApiError::refused) continue;
        connection->close("no answer to the keepalive");
        spdlog::info(
            "event=router_api_lost An idle RouterOS API connection no longer answers. host={}",
            options_.wire.host);
        co_return;
    }
}

CircuitBreaker::State MikrotikClient::circuit() const
{
    return breaker_.state(clock_.steady_now());
}

awaitable<void> MikrotikClient::stop()
{
    is_stopped_ = true;
    if (connection_) connection_->close("stopped");
    tasks_.close();
    co_await tasks_.join();
}

} // namespace iwas::adapters
