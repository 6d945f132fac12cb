#include "adapters/store/sql_payment_windows.hpp"

#include "adapters/store/locks.hpp"
#include "adapters/store/sql_jobs.hpp"

namespace iwas::adapters {

using domain::PaymentWindow;
using domain::SessionId;

namespace {

std::vector<PaymentWindow> read_windows(
    Connection& db, std::string_view condition, std::initializer_list<Param> params)
{
    std::vector<PaymentWindow> found;
    db.each(
        std::string{"select id, organization_id, location_id, router_id, mac, ip, rate_bps, "
                    "opened_at, ends_at, ended_at, counts from payment_window where "}
            .append(condition),
        "ttttttiiiii", params, [&](Row& row) {
            PaymentWindow window;
            window.id = row.id<SessionId>();
            window.organization = row.key<domain::OrganizationId>();
            window.location = row.key<domain::LocationId>();
            window.router = row.key<domain::RouterId>();
            window.mac = row.mac();
            window.ip = row.maybe_ip();
            window.rate_bps = static_cast<std::uint64_t>(row.integer());
            window.opened_at = row.time();
            window.ends_at = row.time();
            window.ended_at = row.maybe_time();
            window.counts = row.flag();
            found.push_back(std::move(window));
        });
    return found;
}

std::optional<PaymentWindow> first_of(std::vector<PaymentWindow> found)
{
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::int64_t used_since(
    Connection& db, const domain::OrganizationId& organization, const MacAddress& mac,
    UtcTime day_start)
{
    return db.number(
        "select count(*) from payment_window where organization_id = :organization "
        "and mac = :mac and opened_at >= :day_start and counts = 1",
        {organization, mac, day_start});
}

} // namespace

Result<ports::OpenedPaymentWindow, ports::OpenPaymentWindowError> open_payment_window(
    Connection& db, const std::string& node, const PaymentWindow& window, int times_max,
    UtcTime day_start, const ports::Job& end)
{
    lock_names(db, {"payment_window:" + window.organization.text() + ":" + to_string(window.mac)});
    if (auto open = open_payment_window_of(db, window.location, window.mac))
        return ports::OpenedPaymentWindow{std::move(*open), false};
    if (used_since(db, window.organization, window.mac, day_start) >= times_max)
        return std::unexpected{ports::OpenPaymentWindowError::used_up};
    db.run(
        "insert into payment_window (id, organization_id, location_id, router_id, mac, ip, "
        "rate_bps, opened_at, ends_at, ended_at, counts) values (:id, :organization, :location, "
        ":router, :mac, :ip, :rate_bps, :opened_at, :ends_at, null, 1)",
        {window.id, window.organization, window.location, window.router, window.mac,
         window.ip ? to_string(*window.ip) : std::string{}, window.rate_bps, window.opened_at,
         window.ends_at});
    keep_job(db, end, node);
    return ports::OpenedPaymentWindow{window, true};
}

ports::PaymentWindowUse payment_window_use(
    Connection& db, const domain::OrganizationId& organization, const domain::LocationId& location,
    const MacAddress& mac, UtcTime day_start)
{
    return {
        .open = open_payment_window_of(db, location, mac),
        .used = static_cast<int>(used_since(db, organization, mac, day_start)),
    };
}

std::optional<PaymentWindow> load_payment_window(Connection& db, SessionId id)
{
    return first_of(read_windows(db, "id = :id", {id}));
}

std::optional<PaymentWindow> open_payment_window_of(
    Connection& db, const domain::LocationId& location, const MacAddress& mac)
{
    return first_of(read_windows(
        db, "location_id = :location and mac = :mac and ended_at is null", {location, mac}));
}

void end_payment_window(
    Connection& db, const std::string& node, SessionId id, UtcTime now, bool counts,
    const ports::Job& closing)
{
    const auto ended = db.run(
        "update payment_window set ended_at = :now, counts = :counts "
        "where id = :id and ended_at is null",
        {now, counts, id});
    if (ended == 1) keep_job(db, closing, node);
}

std::vector<PaymentWindow> open_payment_windows_after(Connection& db, SessionId after, int limit)
{
    return read_windows(
        db, "ended_at is null and id > :after order by id limit :limit", {after, limit});
}

std::int64_t forget_payment_windows(Connection& db, UtcTime opened_before, std::int64_t limit)
{
    return db.run(
        "delete from payment_window where id in (select id from payment_window "
        "where opened_at < :before and ended_at is not null limit :limit)",
        {opened_before, limit});
}

} // namespace iwas::adapters
