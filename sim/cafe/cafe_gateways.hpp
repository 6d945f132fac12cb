// CafeGateways: MoMo, ZaloPay, VNPay, PayOS and the bank of a simulated café, with SePay and Casso
// that watch it, on one port of loopback; and the owner's accounts there.
#pragma once

#include "sim/payment/bank/bank.hpp"
#include "sim/payment/bank/casso.hpp"
#include "sim/payment/bank/sepay.hpp"
#include "sim/payment/momo/gateway.hpp"
#include "sim/payment/payos/gateway.hpp"
#include "sim/payment/server.hpp"
#include "sim/payment/vnpay/gateway.hpp"
#include "sim/payment/zalopay/gateway.hpp"

#include <string>
#include <string_view>

namespace iwas::sim {

/// Lives on the executor's thread; `stop` must complete before it is destroyed.
class CafeGateways {
public:
    struct Options {
        /// "http://127.0.0.1:8080": where VNPay, PayOS, SePay and Casso, which are told it in their
        /// portals, send notices. MoMo and ZaloPay learn it with each order.
        std::string iwas_url;
        /// 0: any free port.
        std::uint16_t port = 0;
        std::uint64_t seed = 1;
        std::size_t notice_copies = 1; // GatewayServer::Options
    };
    CafeGateways(boost::asio::any_io_executor executor, ports::Clock& clock, Options options);

    /// Throws std::runtime_error that names the address when the port is taken.
    void start();
    boost::asio::awaitable<void> stop(SteadyTime deadline);

    /// `[payment_accounts.*]` of the café file; after `start`, for it names the port.
    [[nodiscard]] std::string accounts_toml(std::string_view organization) const;

    [[nodiscard]] std::uint16_t port() const { return server_.port(); }
    [[nodiscard]] std::string url() const { return server_.url(); }
    [[nodiscard]] GatewayHub& hub() { return hub_; }

private:
    MomoGateway momo_;
    ZaloPayGateway zalopay_;
    vnpay::VnpayGateway vnpay_;
    bank::Bank bank_;
    bank::Sepay sepay_;
    bank::Casso casso_;
    payos::PayosGateway payos_;
    GatewayHub hub_;
    GatewayServer server_;
};

} // namespace iwas::sim
