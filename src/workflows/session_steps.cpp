#include "workflows/session_steps.hpp"

#include "core/bytes.hpp"

#include <algorithm>

namespace iwas::workflows {

ports::Admission admission_of(const domain::Session& session, const domain::Catalog& catalog)
{
    ports::Admission admission{
        .session = session.id,
        .location = session.location,
        .user_name = session.user_name,
        .password = session.password,
        .ends_at = session.ends_at,
        .remaining = session.remaining,
        .rate = session.terms.rate,
        .octets_left = domain::octets_left(session),
        .device_limit = session.terms.device_limit,
    };
    for (const domain::SessionDevice& device : session.devices)
        admission.devices.push_back(device.mac);
    if (!session.devices.empty())
        if (const domain::Router* router = catalog.router(session.devices.front().router)) {
            admission.interim_interval = router->interim_interval;
            admission.vlan = router->guest_vlan;
        }
    return admission;
}

ports::Grant grant_of(
    const domain::Session& session, const domain::SessionDevice& device, UtcTime now)
{
    return {
        .session = session.id,
        .router = device.router,
        .user_name = session.user_name,
        .password = session.password,
        .mac = device.mac,
        .ip = device.ip,
        .acct_session_id = device.acct_session_id,
        .time_left = domain::time_left(session, now),
        .rate = session.terms.rate,
        .octets_left = domain::octets_left(session),
    };
}

domain::JobId job_id(ports::JobKind kind, const Ulid& subject)
{
    // The kind goes into the random half: the time half keeps ids in order of creation.
    const std::uint64_t mark = (static_cast<std::uint64_t>(kind) + 1) << 56;
    return domain::JobId{Ulid{subject.high(), subject.low() ^ mark}};
}

ports::Job expire_job(const domain::Session& session, UtcTime due_at)
{
    return {
        .id = job_id(ports::JobKind::expire_session, session.id.value()),
        .kind = ports::JobKind::expire_session,
        .subject = session.id.value(),
        .target = session.location.text(),
        .due_at = due_at,
    };
}

ports::Job close_job(
    const domain::Session& session, const domain::SessionDevice& device, UtcTime now,
    UtcTime lease_until)
{
    const Ulid& id = session.id.value();
    const Ulid device_of_session{id.high(), id.low() ^ device.mac.as_integer()};
    return {
        .id = job_id(ports::JobKind::close_access, device_of_session),
        .kind = ports::JobKind::close_access,
        .subject = id,
        .target = device.router.text(),
        .detail = close_detail(device),
        .due_at = now,
        .lease_until = lease_until,
    };
}

std::vector<ports::Job> close_jobs(const domain::Session& session, UtcTime now, UtcTime lease_until)
{
    std::vector<ports::Job> jobs;
    for (const domain::SessionDevice& device : session.devices)
        jobs.push_back(close_job(session, device, now, lease_until));
    return jobs;
}

void return_credit(ports::Step& step, const domain::Transaction& transaction)
{
    if (transaction.credit_used == Money{}) return;
    step.credit.push_back(
        {transaction.account, transaction.id, step.now, transaction.credit_used, "returned"});
}

ports::LoginChallenge challenge_of(const domain::Visit& visit)
{
    return {visit.login_url, visit.chap_id, visit.chap_challenge, visit.return_url};
}

std::string challenge_detail(const ports::LoginChallenge& challenge)
{
    // The router's own octets, which need not be text.
    std::string detail;
    for (const std::string* each :
         {&challenge.login_url, &challenge.chap_id, &challenge.chap_challenge,
          &challenge.return_url})
        detail.append(to_hex(as_bytes(*each))).append(" ");
    return detail;
}

ports::LoginChallenge challenge_in(std::string_view detail)
{
    ports::LoginChallenge challenge;
    for (std::string* each :
         {&challenge.login_url, &challenge.chap_id, &challenge.chap_challenge,
          &challenge.return_url}) {
        const std::size_t end = detail.find(' ');
        if (end == std::string_view::npos) return {};
        const auto octets = from_hex(detail.substr(0, end));
        if (!octets) return {};
        *each = std::string{as_text(*octets)};
        detail.remove_prefix(end + 1);
    }
    return challenge;
}

std::string close_detail(const domain::SessionDevice& device)
{
    return to_string(device.mac) + " " + (device.ip ? to_string(*device.ip) : "-") + " " +
           (device.acct_session_id.empty() ? "-" : device.acct_session_id);
}

std::optional<domain::SessionDevice> device_of(const ports::Job& close_job)
{
    const std::string_view detail = close_job.detail;
    const std::size_t first = detail.find(' ');
    const std::size_t second = detail.find(' ', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
    const auto mac = MacAddress::parse(detail.substr(0, first));
    if (!mac) return std::nullopt;

    domain::SessionDevice device{
        .mac = *mac,
        .ip = Ipv4Address::parse(detail.substr(first + 1, second - first - 1)),
        .router = domain::RouterId::trusted(close_job.target),
    };
    const std::string_view acct_session_id = detail.substr(second + 1);
    if (acct_session_id != "-") device.acct_session_id = std::string{acct_session_id};
    return device;
}

} // namespace iwas::workflows
