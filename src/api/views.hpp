// Views: what the customer is shown of packages, sessions, devices and purchases
// (docs/openapi.yaml, "schemas"). Pure.
#pragma once

#include "api/balances.hpp"
#include "api/problems.hpp"
#include "api/tokens.hpp"
#include "domain/account.hpp"
#include "domain/session.hpp"
#include "domain/tenant.hpp"
#include "workflows/link_method.hpp"
#include "workflows/purchase_package.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <vector>

namespace iwas::api {

/// Links that open banking apps, with the transfer filled in.
struct BankLinks {
    std::string base_url;   // empty: none are given
    std::string return_url; // where the app leads back to
};

/// For whom something is shown.
struct Viewer {
    const Tokens& tokens;
    MacAddress device;
    std::optional<domain::AccountId> account; // set while he is signed in
    Language language = Language::vi;
    UtcTime now;
    BankLinks bank_links;
};

/// "A4:5E:••:••:••:0F"
std::string masked_mac(const MacAddress& mac);

/// "Ng…" of "Nguyễn Văn Minh": enough to greet somebody who has not signed in, too little to learn
/// who was here.
std::string shortened_name(std::string_view display_name);

/// How the API says that there is no such text.
boost::json::value text_or_null(const std::string& text);
boost::json::object account_json(const domain::Account& account);
boost::json::object balance_json(const Balance& balance);
boost::json::object session_json(const domain::Session& session, const Viewer& viewer);
/// Those online first.
boost::json::array devices_json(const domain::Session& session, const Viewer& viewer);
/// What decides, beside the schedule, whether a package can be bought at this moment.
struct Demand {
    int open_sessions = 0; // of the package at the location
    int bought_today = 0;  // by this account since local midnight
};
/// `now`: the location's wall clock.
boost::json::object package_json(
    const domain::Package& package, const domain::LocalTime& now, const Demand& demand);
/// Whether money came in for it, so that there is something to confirm.
bool has_receipt(const domain::Transaction& transaction);
boost::json::object history_json(const domain::Transaction& transaction);
/// What of its amount was given back: all of it, or the part that staff gave back of a purchase.
Money money_given_back(const domain::Transaction& transaction);
boost::json::object form_json(const ports::LoginForm& form);

/// paying -> awaiting_payment -> activating -> online;  paying, awaiting_payment -> declined |
/// failed activating -> refunding -> refunded | refund_queued
enum class PurchaseState : std::uint8_t {
    paying,
    awaiting_payment, // a gateway waits for the customer
    activating,
    online,
    declined,
    refunding,
    refunded,
    failed,
    refund_queued,
};

PurchaseState state_of(const workflows::PurchaseView& view);
std::string_view to_text(PurchaseState state);
/// Whether the customer waits for nothing more.
bool is_final(PurchaseState state);

/// Why there is no WiFi; nothing while paying, activating and online.
std::optional<Refusal> refusal_of(const workflows::PurchaseView& view);

/// `usage`: what was paid with it.
boost::json::object saved_method_json(
    const domain::SavedMethod& saved, const ports::MethodUsage& usage, UtcTime now);
/// `entries`: the newest changes of the store credit.
boost::json::object wallet_json(
    const workflows::Wallet& wallet, Money credit, const std::vector<ports::CreditEntry>& entries,
    UtcTime now);
/// What becomes of a way to pay that the customer wants to keep.
boost::json::object binding_json(const domain::SavedMethod& saved);

/// What the QR of an open payment holds: of a transfer, what has not come yet. Empty without one.
std::string qr_text_of(const workflows::PurchaseView& view);

/// How to pay, while a gateway waits for it; null in every other state.
boost::json::value payment_json(const workflows::PurchaseView& view, const BankLinks& links);

boost::json::object purchase_json(const workflows::PurchaseView& view, const Viewer& viewer);

} // namespace iwas::api
