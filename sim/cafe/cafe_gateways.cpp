#include "sim/cafe/cafe_gateways.hpp"

#include <fmt/format.h>

namespace iwas::sim {

namespace {

// The bank accounts of a café that exists on loopback only, and what proves SePay, Casso and IWAS
// to each other.
constexpr std::string_view bank_bin = "970436";
constexpr std::string_view bank_account = "0011004000123";
constexpr std::string_view bank_holder = "GALAXY GAMING";
constexpr std::string_view payos_bank_account = "0022005000456";
constexpr std::string_view sepay_secret = "demo-sepay-secret-0123456789abcdef";
constexpr std::string_view sepay_token = "demo-sepay-token-0123456789abcdef";
constexpr std::string_view casso_checksum = "demo-casso-checksum-0123456789abcdef";
constexpr std::string_view casso_key = "demo-casso-key-0123456789abcdef";

// Names of the accounts, which are part of the addresses of their notices.
constexpr std::string_view vnpay_name = "galaxy-vnpay";
constexpr std::string_view bank_name = "galaxy-bank";
constexpr std::string_view payos_name = "galaxy-payos";

std::string notice_url(const CafeGateways::Options& options, std::string_view account)
{
    return fmt::format("{}/api/v1/payments/{}/notice", options.iwas_url, account);
}

MomoGateway::Settings momo_settings(const CafeGateways::Options& options)
{
    MomoGateway::Settings settings;
    settings.seed = options.seed;
    return settings;
}

ZaloPayGateway::Settings zalopay_settings(const CafeGateways::Options& options)
{
    ZaloPayGateway::Settings settings;
    settings.seed = options.seed;
    return settings;
}

vnpay::Model::Settings vnpay_settings(const CafeGateways::Options& options)
{
    vnpay::Model::Settings settings;
    settings.merchants = {vnpay::demo_merchant(notice_url(options, vnpay_name))};
    return settings;
}

bank::Sepay::Settings sepay_settings(const CafeGateways::Options& options)
{
    bank::Sepay::Settings settings;
    settings.hooks = {
        {.account = std::string{bank_account},
         .url = notice_url(options, bank_name),
         .proof = bank::SepayProof::hmac,
         .secret = std::string{sepay_secret},
         .code_prefix = {}}};
    settings.tokens = {
        {.token = std::string{sepay_token}, .accounts = {std::string{bank_account}}}};
    return settings;
}

bank::Casso::Settings casso_settings(const CafeGateways::Options& options)
{
    bank::Casso::Settings settings;
    settings.hooks = {
        {.account = std::string{bank_account},
         .url = notice_url(options, bank_name),
         .key = std::string{casso_checksum}}};
    settings.keys = {{.key = std::string{casso_key}, .accounts = {std::string{bank_account}}}};
    return settings;
}

payos::PayosGateway::Settings payos_settings(const CafeGateways::Options& options)
{
    payos::PayosGateway::Settings settings;
    settings.merchants = {
        {.client_id = "demo-payos-client",
         .api_key = "demo-payos-api-key",
         .checksum_key = "demo-payos-checksum-0123456789abcdef",
         .bin = std::string{bank_bin},
         .account = std::string{payos_bank_account},
         .holder = std::string{bank_holder},
         .webhook_url = notice_url(options, payos_name)}};
    return settings;
}

} // namespace

CafeGateways::CafeGateways(
    boost::asio::any_io_executor executor, ports::Clock& clock, Options options)
    : momo_{momo_settings(options)}, zalopay_{zalopay_settings(options)},
      vnpay_{vnpay_settings(options), options.seed}, bank_{options.seed},
      sepay_{bank_, sepay_settings(options), options.seed},
      casso_{bank_, casso_settings(options), options.seed},
      payos_{bank_, payos_settings(options), options.seed},
      hub_{{&momo_, &zalopay_, &vnpay_, &bank_, &sepay_, &casso_, &payos_}},
      server_{executor, hub_, clock, {.port = options.port, .notice_copies = options.notice_copies}}
{
    for (const std::string_view number : {bank_account, payos_bank_account})
        bank_.add_account(
            {.bin = std::string{bank_bin},
             .number = std::string{number},
             .holder = std::string{bank_holder}});
}

void CafeGateways::start()
{
    server_.start();
}

boost::asio::awaitable<void> CafeGateways::stop(SteadyTime deadline)
{
    co_await server_.stop(deadline);
}

std::string CafeGateways::accounts_toml(std::string_view organization) const
{
    const momo::Merchant& momo = momo_.settings().merchants.front();
    const zalopay::App& zalopay = zalopay_.settings().apps.front();
    const vnpay::Merchant& vnpay = vnpay_.model.settings.merchants.front();
    const payos::Merchant& payos = payos_.settings.merchants.front();
    return fmt::format(
        R"(
[payment_accounts.galaxy-momo]
organization = "{organization}"
method = "momo"
base_url = "{url}"
partner_code = "{momo_partner}"
access_key = "{momo_access}"
secret_key = "{momo_secret}"
public_key = """
{momo_public}"""
saves_tokens = true
fee = {{ percent = "1.1" }}

[payment_accounts.galaxy-zalopay]
organization = "{organization}"
method = "zalopay"
base_url = "{url}"
app_id = "{zalopay_app}"
key1 = "{zalopay_key1}"
key2 = "{zalopay_key2}"
saves_tokens = true

[payment_accounts.{vnpay_name}]
organization = "{organization}"
method = "vnpay"
base_url = "{url}"
page_url = "{url}/paymentv2/vpcpay.html"
token_url = "{url}/token_ui"
saves_tokens = true
tmn_code = "{vnpay_code}"
hash_secret = "{vnpay_secret}"

[payment_accounts.{bank_name}]
organization = "{organization}"
method = "vietqr"
bank = "{bank_bin}"
account = "{bank_account}"
holder = "{bank_holder}"
unique_amount_max = 99

[[payment_accounts.{bank_name}.feeds]]
kind = "sepay"
proof = "hmac"
webhook_secret = "{sepay_secret}"
api_token = "{sepay_token}"
base_url = "{url}"

[[payment_accounts.{bank_name}.feeds]]
kind = "casso"
proof = "hmac"
webhook_secret = "{casso_checksum}"
api_token = "{casso_key}"
base_url = "{url}"

[payment_accounts.{payos_name}]
organization = "{organization}"
method = "payos"
base_url = "{url}"
page_url = "{url}/web"
client_id = "{payos_client}"
api_key = "{payos_api_key}"
checksum_key = "{payos_checksum}"
)",
        fmt::arg("organization", organization), fmt::arg("url", url()),
        fmt::arg("momo_partner", momo.partner_code), fmt::arg("momo_access", momo.access_key),
        fmt::arg("momo_secret", momo.secret_key), fmt::arg("momo_public", momo_.public_key_pem()),
        fmt::arg("zalopay_app", zalopay.id), fmt::arg("zalopay_key1", zalopay.key1),
        fmt::arg("zalopay_key2", zalopay.key2), fmt::arg("vnpay_name", vnpay_name),
        fmt::arg("vnpay_code", vnpay.tmn_code), fmt::arg("vnpay_secret", vnpay.hash_secret),
        fmt::arg("bank_name", bank_name), fmt::arg("bank_bin", bank_bin),
        fmt::arg("bank_account", bank_account), fmt::arg("bank_holder", bank_holder),
        fmt::arg("sepay_secret", sepay_secret), fmt::arg("sepay_token", sepay_token),
        fmt::arg("casso_checksum", casso_checksum), fmt::arg("casso_key", casso_key),
        fmt::arg("payos_name", payos_name), fmt::arg("payos_client", payos.client_id),
        fmt::arg("payos_api_key", payos.api_key), fmt::arg("payos_checksum", payos.checksum_key));
}

} // namespace iwas::sim
