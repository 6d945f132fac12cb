#include "sim/cafe/simulated_cafe.hpp"

#include <fmt/format.h>

namespace iwas::sim {

namespace {

// Secrets of a café that exists on loopback only.
constexpr std::string_view branch_key = "demo-branch-key-0123456789abcdef0123456789abcdef";
constexpr std::string_view webhook_secret = "demo-webhook-secret-0123456789abcdef";
constexpr std::string_view radius_secret = "demo-radius-secret-0123456789abcdef";
constexpr std::string_view api_user = "iwas";
constexpr std::string_view api_password = "demo-router-password";

std::string url_of(std::uint16_t port, std::string_view path)
{
    return fmt::format("http://127.0.0.1:{}{}", port, path);
}

PcSystemModel::Settings pc_settings(const CafeOptions& options)
{
    return {
        .branch_id = options.branch,
        .branch_key = std::string{branch_key},
        .webhook_secret = std::string{webhook_secret},
        .seed = options.seed,
    };
}

PcSystemServer::Options pc_server_options(const CafeOptions& options)
{
    return {
        .port = options.pc_system_port,
        .webhook_url =
            url_of(options.iwas_port, fmt::format("/api/v1/branches/{}/pc-events", options.branch)),
    };
}

RouterServerOptions router_options(const CafeOptions& options)
{
    RouterServerOptions router;
    router.router.nas.identifier = options.branch + "-gw";
    router.router.radius_secret = SecretText{std::string{radius_secret}};
    router.api.user_name = std::string{api_user};
    router.api.password = SecretText{std::string{api_password}};
    router.pages.portal_url = url_of(options.iwas_port, "/p");
    router.control_port = options.control_port;
    router.radius_authentication_port = options.radius_authentication_port;
    router.radius_accounting_port = options.radius_accounting_port;
    router.seed = options.seed;
    router.leap = options.leap;
    return router;
}

/// Every second phone makes up its address, as phones do.
MacAddress mac_of(std::size_t index)
{
    const auto high = static_cast<std::uint8_t>(index >> 8);
    const auto low = static_cast<std::uint8_t>(index);
    const std::uint8_t first = index % 2 == 0 ? 0xBC : 0x02;
    return MacAddress{{first, 0x24, 0x11, 0xEB, high, low}};
}

} // namespace

SimulatedCafe::SimulatedCafe(
    boost::asio::any_io_executor executor, ports::Clock& clock, ports::Random& random,
    CafeOptions options)
    : options_{std::move(options)}, clock_{clock}, pc_model_{pc_settings(options_)},
      pc_server_{executor, pc_model_, clock, pc_server_options(options_)},
      router_{executor, router_options(options_), clock, random},
      gateways_{
          executor,
          clock,
          {.iwas_url = url_of(options_.iwas_port, ""),
           .port = options_.gateway_port,
           .seed = options_.seed,
           .notice_copies = options_.notice_copies}}
{
    pc_model_.put_account(
        {.id = "4711",
         .user_name = "alice",
         .password = "alice123",
         .display_name = "Alice",
         .cash = 200'000});
    pc_model_.put_account(
        {.id = "4712",
         .user_name = "binh",
         .password = "binh123",
         .display_name = "B\u00ecnh",
         .cash = 5'000});
    pc_model_.put_account(
        {.id = "4713",
         .user_name = "chi",
         .password = "chi123",
         .display_name = "Chi",
         .status = PcAccountStatus::suspended,
         .cash = 50'000});
}

void SimulatedCafe::start()
{
    pc_server_.start();
    router_.start();
    gateways_.start();
    // As an owner's router has it for the ways to pay that he offers; everything else is held back.
    router_.set_walled_garden({fmt::format("127.0.0.1:{}", gateways_.port())});
    while (devices_.size() < options_.devices)
        add_device();
    pc_model_.log_in_at("alice", "PC-14", clock_.utc_now());
}

boost::asio::awaitable<void> SimulatedCafe::stop()
{
    co_await router_.stop();
    const SteadyTime by = std::chrono::steady_clock::now() + 2s;
    co_await gateways_.stop(by);
    co_await pc_server_.stop(by);
}

CafeDevice SimulatedCafe::add_device()
{
    const std::size_t index = devices_.size() + 1;
    const std::uint32_t network = Ipv4Address::parse("192.168.20.0")->value();
    CafeDevice device{
        .mac = mac_of(index),
        .ip =
            Ipv4Address{
                network + 256 * static_cast<std::uint32_t>(index / 200) +
                static_cast<std::uint32_t>(index % 200) + 10},
    };
    const std::uint16_t wanted =
        options_.first_device_port == 0
            ? std::uint16_t{0}
            : static_cast<std::uint16_t>(options_.first_device_port + devices_.size());
    device.port = router_.add_device(device.mac, device.ip, wanted);
    devices_.push_back(device);
    return device;
}

std::string SimulatedCafe::cafe_file() const
{
    return fmt::format(
               R"(# The simulated café. See docs/configuration/cafe-file.md.

[organizations.galaxy]
name = "Galaxy Gaming"

[locations.{branch}]
organization = "galaxy"
name = "Galaxy Quận 7"
guest_network = "192.168.20.0/22"

[locations.{branch}.payment_window]
minutes = 5
times_per_day = 2

[pc_systems.{branch}]
base_url = "http://127.0.0.1:{pc_port}"
branch_key = "{branch_key}"
webhook_secrets = ["{webhook_secret}"]

[routers.{branch}-gw]
location = "{branch}"
kind = "mikrotik"
name = "Tầng trệt"
radius_source = "127.0.0.1"
radius_secret = "{radius_secret}"
coa_host = "127.0.0.1"
coa_port = {coa_port}
hotspot_host = "127.0.0.1"

[routers.{branch}-gw.api]
host = "127.0.0.1"
port = {api_port}
user_name = "{api_user}"
password = "{api_password}"
)"
               R"(
[packages.hour]
position = 2
organization = "galaxy"
name = "1 giờ"
description = "Đủ cho một trận xếp hạng"
price = 5000
duration = "1h"
tier = "basic"

[packages.evening]
position = 3
organization = "galaxy"
name = "3 giờ"
description = "Cả buổi tối, nhanh gấp đôi"
price = 12000
duration = "3h"
tier = "standard"
recommended = true

[packages.day]
position = 4
organization = "galaxy"
name = "Cả ngày"
description = "24 giờ cho ba thiết bị"
price = 30000
duration = "24h"
tier = "premium"
devices = 3

[packages.quick]
position = 1
organization = "galaxy"
name = "15 phút"
description = "Dừng ngay khi rời máy"
price = 2000
duration = "15m"
tier = "basic"
on_pc_logout = "terminate"
)",
               fmt::arg("branch", options_.branch), fmt::arg("pc_port", pc_server_.port()),
               fmt::arg("branch_key", branch_key), fmt::arg("webhook_secret", webhook_secret),
               fmt::arg("radius_secret", radius_secret), fmt::arg("coa_port", router_.coa_port()),
               fmt::arg("api_port", router_.api_port()), fmt::arg("api_user", api_user),
               fmt::arg("api_password", api_password)) +
           gateways_.accounts_toml("galaxy");
}

} // namespace iwas::sim
