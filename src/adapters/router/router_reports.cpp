#include "adapters/router/router_reports.hpp"

#include <array>

namespace iwas::adapters {

namespace {

std::string join(const domain::RouterId& router, const std::string& name, const std::string& right)
{
    return router.text() + '\0' + name + '\0' + right;
}

/// The keys of a network session: by Acct-Session-Id, which some routers use again, hence with the
/// right (Class) where the router echoes it; and by device.
std::string session_key(const domain::AccountingRecord& record)
{
    const std::string right = record.session ? to_string(*record.session) : std::string{};
    return join(record.router, record.acct_session_id, right);
}
std::string device_key(const domain::AccountingRecord& record)
{
    const std::string right = record.session ? to_string(*record.session) : record.user_name;
    return join(record.router, record.mac ? to_string(*record.mac) : std::string{}, right);
}

/// The keys under which a record about the grant may stand.
std::array<std::string, 2> keys_of(const ports::Grant& grant)
{
    const std::string right = to_string(grant.session);
    if (!grant.acct_session_id.empty())
        return {
            join(grant.router, grant.acct_session_id, right),
            join(grant.router, grant.acct_session_id, {})};
    const std::string mac = to_string(grant.mac);
    return {join(grant.router, mac, right), join(grant.router, mac, grant.user_name)};
}

} // namespace

void RouterReports::note(const domain::AccountingRecord& record)
{
    switch (record.status) {
    case domain::AccountingStatus::nas_on:
    case domain::AccountingStatus::nas_off: ++restarts_[record.router]; return;
    case domain::AccountingStatus::start:
    case domain::AccountingStatus::interim:
    case domain::AccountingStatus::stop: break;
    }
    const bool is_stop = record.status == domain::AccountingStatus::stop;
    stopped_.at(session_key(record)) = is_stop;
    stopped_.at(device_key(record)) = is_stop;
    if (is_stop) return;
    // By our clock; the router's may be wrong.
    began_.at(session_key(record)) = record.received_at - record.session_time;
    absences_.reset(session_key(record));
}

bool RouterReports::has_stopped(const ports::Grant& grant) const
{
    for (const std::string& key : keys_of(grant))
        if (const bool* const is_stopped = stopped_.find(key)) return *is_stopped;
    return false;
}

unsigned RouterReports::restarts_of(const domain::RouterId& router) const
{
    const auto found = restarts_.find(router);
    return found == restarts_.end() ? 0 : found->second;
}

std::optional<Seconds> RouterReports::online_for(const ports::Grant& grant, UtcTime now) const
{
    for (const std::string& key : keys_of(grant))
        if (const UtcTime* const began = began_.find(key))
            return std::chrono::duration_cast<Seconds>(now - *began);
    return std::nullopt;
}

unsigned RouterReports::count_absence(const ports::Grant& grant)
{
    return ++absences_.at(keys_of(grant).front());
}

void RouterReports::forget_absences(const ports::Grant& grant)
{
    absences_.reset(keys_of(grant).front());
}

} // namespace iwas::adapters
