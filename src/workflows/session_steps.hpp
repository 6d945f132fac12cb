// Pure steps that several workflows share: what the directory, the router and the jobs must know
// of a session.
#pragma once

#include "domain/account.hpp"
#include "domain/session.hpp"
#include "domain/tenant.hpp"
#include "ports/access_control.hpp"
#include "ports/access_directory.hpp"
#include "ports/store/ledger.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace iwas::workflows {

/// What the directory holds while the session is pending or active. The router of the first device
/// gives interim interval and VLAN.
ports::Admission admission_of(const domain::Session& session, const domain::Catalog& catalog);

/// The right of one device of the session, as it stands at `now`.
ports::Grant grant_of(
    const domain::Session& session, const domain::SessionDevice& device, UtcTime now);

/// The id of the one job of its kind for a subject: adding it again replaces it, and it can be
/// finished without looking it up.
domain::JobId job_id(ports::JobKind kind, const Ulid& subject);

/// Ends the session at that moment, unless it was extended by then.
ports::Job expire_job(const domain::Session& session, UtcTime due_at);
/// One job for a device that has to go, leased to this node until `lease_until`.
ports::Job close_job(
    const domain::Session& session, const domain::SessionDevice& device, UtcTime now,
    UtcTime lease_until);
/// The same for every device of the session.
std::vector<ports::Job> close_jobs(
    const domain::Session& session, UtcTime now, UtcTime lease_until);

/// The detail of a refund job that a person asks for anew.
inline constexpr std::string_view refund_again_detail = "again";

/// Gives the store credit that the transaction uses back with the step that ends it.
void return_credit(ports::Step& step, const domain::Transaction& transaction);

/// What the router's login page gave the browser.
ports::LoginChallenge challenge_of(const domain::Visit& visit);
/// The same as a resume_purchase job keeps it: a run after a crash must be able to log in as the
/// first one would have.
std::string challenge_detail(const ports::LoginChallenge& challenge);
ports::LoginChallenge challenge_in(std::string_view detail);

/// The device of a close_access job, as `detail` keeps it: it may no longer be in its session.
std::string close_detail(const domain::SessionDevice& device);
std::optional<domain::SessionDevice> device_of(const ports::Job& close_job);

} // namespace iwas::workflows
