// GatewayHub: all simulated gateways of a world, by path and by name, and their control API.
#pragma once

#include "sim/payment/gateway_face.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::sim {

/// A notice and whose it is.
struct DueNotice {
    GatewayFace* face = nullptr;
    Notice notice;
};

class GatewayHub {
public:
    /// The faces outlive the hub.
    explicit GatewayHub(std::vector<GatewayFace*> faces) : faces_{std::move(faces)} {}

    /// Answers gateways' calls and pages, and the control API at /_sim/..., which tests and the
    /// demonstration use:
    /// POST pay {gateway, order | qr_text, outcome: pay|refuse|leave, payer?, amount?, memo?,
    /// code?}; GET payments?gateway=; POST wallets {gateway, payer, balance}; GET wallets?gateway=;
    /// POST faults {gateway, fault, probability?, next?, on?, delay_ms?, late_ms?, down_ms?};
    /// DELETE faults?gateway=; POST crash {gateway}; and what GatewayFace::control knows. 404 for
    /// what is unknown.
    GatewayAnswer answer(const http::Request& request, UtcTime now);

    /// The notices that all gateways send now, and when there will be something again.
    std::vector<DueNotice> due_notices(UtcTime now);
    [[nodiscard]] std::optional<UtcTime> next_wake() const;

    [[nodiscard]] GatewayFace* find(std::string_view name) const;
    [[nodiscard]] const std::vector<GatewayFace*>& faces() const { return faces_; }
    /// GatewayFace::public_url of all.
    void set_public_url(const std::string& url);

private:
    http::Response control(const http::Request& request, UtcTime now);
    http::Response change(
        std::string_view what, GatewayFace& face, const boost::json::object& body, UtcTime now);

    std::vector<GatewayFace*> faces_;
};

} // namespace iwas::sim
