// Situation: the sessions and the open purchase of the device and the customer who ask.
#pragma once

#include "api/customer.hpp"
#include "api/views.hpp"

namespace iwas::api::portal {

struct Situation {
    /// This device's session while it is pending or active.
    std::optional<domain::Session> active;
    /// Sessions with time left that this device could resume or take over.
    std::vector<domain::Session> others;
    /// This device's newest purchase that is not final, or ended without WiFi a while ago.
    std::optional<workflows::PurchaseView> purchase;
    /// The account that used this device here last; a hint, no proof.
    std::optional<domain::Account> last_account;
};

Viewer viewer_of(const Customer& customer, const Services& services);

/// The visit as the workflows get it: a login form that the browser posts leads back to the portal.
domain::Visit visit_with_way_back(const Customer& customer, const Services& services);

/// The answer of `work`, or by `by` a 202 with where it will be. `work` owns what it needs.
awaitable<http::Response> answer_by(
    SteadyTime by, Customer customer, awaitable<http::Response> work, Services& services);

/// Nothing when the store does not answer.
awaitable<std::optional<Situation>> situation_of(Customer customer, Services& services);

/// The session to show: this device's, else the customer's newest, else the one that ended in the
/// last 15 minutes. The outer optional is empty when the store does not answer.
awaitable<std::optional<std::optional<domain::Session>>> current_session(
    Customer customer, Services& services);

} // namespace iwas::api::portal
