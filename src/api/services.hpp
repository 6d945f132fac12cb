// Services: what every request handler is built from.
#pragma once

#include "api/balances.hpp"
#include "api/event_hub.hpp"
#include "api/known_addresses.hpp"
#include "api/late_answers.hpp"
#include "api/occupancy.hpp"
#include "api/staff/staff_guard.hpp"
#include "api/tokens.hpp"
#include "ports/payment_gateway.hpp"
#include "ports/pc_system.hpp"
#include "ports/printed_sheet.hpp"
#include "ports/random.hpp"
#include "ports/store/store.hpp"
#include "ports/tasks.hpp"
#include "workflows/find_transfer.hpp"
#include "workflows/link_method.hpp"
#include "workflows/log_in.hpp"
#include "workflows/payment_window.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/run_session.hpp"
#include "workflows/staff_refunds.hpp"
#include "workflows/sync_pc_logout.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::api {

using ports::awaitable;

struct ApiSettings {
    /// Where customers' browsers reach this server, without a slash at its end.
    std::string public_url = "http://127.0.0.1:8080";
    /// What opens banking apps with a transfer filled in; empty: nothing does.
    std::string bank_app_url = "https://dl.vietqr.io/pay";
    /// How long a purchase is waited for before 202; below the promised maximum of 2 s.
    Milliseconds answer_within{1800};
    /// How long a sign-in is waited for; below the promised maximum of 1 s.
    Milliseconds sign_in_within{900};
    /// How long a page waits for the PC system's balance.
    Milliseconds balance_within{800};
    /// How long a visit, and the cookie that names it, is good for.
    Seconds visit_for = 24h;
    /// Two pushes of a session's counters are at most so far apart.
    Seconds session_push_every{15};
    /// And two of a purchase, changed or not: the page takes a longer silence for a broken stream.
    Milliseconds purchase_push_every{2'000};
    /// Who may read the metrics.
    std::vector<Ipv4Prefix> metrics_networks{*Ipv4Prefix::parse("127.0.0.0/8")};
};

/// References to what the application owns; all of it outlives the server.
struct Services {
    ports::Store& store;
    const ports::CatalogView& catalog;
    ports::PcSystem& pc_system;
    ports::PaymentGateways& gateways;
    ports::Clock& clock;
    ports::Random& random;
    ports::Tasks& tasks;
    EventHub& events;
    LateAnswers& late_answers;
    workflows::LogIn& log_in;
    workflows::PurchasePackage& purchases;
    workflows::LinkMethod& wallet;
    workflows::RunSession& sessions;
    workflows::SyncPcLogout& pc_logout;
    workflows::FindTransfer& find_transfer;
    workflows::OpenPaymentWindow& payment_window;
    workflows::StaffRefunds& staff_refunds;
    staff::StaffGuard& staff_guard;
    Balances& balances;
    KnownAddresses& addresses;
    Occupancy& occupancy;
    const Tokens& tokens;
    ApiSettings settings;
    /// The metrics in Prometheus' text format.
    std::function<std::string()> metrics;
    /// The parts that are not ready yet, by name; the store is asked apart.
    std::function<std::vector<std::string>()> missing;
    /// The OpenAPI document as JSON.
    std::string openapi;
    /// A QR code of the text as a drawing; nothing when the text does not fit into one.
    std::function<std::optional<std::string>(std::string_view)> qr_svg = {};
    std::function<std::optional<std::string>(std::string_view)> qr_png = {};
    /// The sheet as a PDF file.
    std::function<std::string(const ports::PrintedSheet&)> print_sheet = {};
    /// Counts what became of each notice of a payment account.
    std::function<void(const domain::PaymentAccountId&, std::string_view outcome)> notice_counted =
        [](const domain::PaymentAccountId&, std::string_view) {};
    /// Told of each end of a PC session that a café pushed; polling need not report it again.
    std::function<void(const domain::LocationId&, const std::string&)> pc_session_ended = {};
};

} // namespace iwas::api
