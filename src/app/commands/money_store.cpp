#include "app/commands/money_store.hpp"

#include "workflows/local_days.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <thread>

namespace iwas::app {

MoneyStore::MoneyStore(const std::string& config_file)
    : store_{open_store_now(load_config(config_file), io_)}
{
    catalog_ = get(store_->load_catalog());
}

const domain::Organization& MoneyStore::organization(const std::string& name) const
{
    const auto& all = catalog_.organizations;
    if (name.empty() && all.size() == 1) return all.begin()->second;
    const auto id = domain::OrganizationId::parse(name);
    const auto found = id ? all.find(*id) : all.end();
    if (found != all.end()) return found->second;
    std::string known;
    for (const auto& [each, organization] : all)
        known.append(known.empty() ? "" : ", ").append(each.text());
    throw std::runtime_error{
        name + (name.empty() ? "" : ": ") + "--organization must be one of: " + known};
}

domain::LocalDay MoneyStore::day(
    const std::string& text, const domain::Organization& organization) const
{
    const std::string& zone = organization.time_zone;
    const domain::LocalDay today = workflows::day_at(clock_, now(), zone);
    if (text == "today") return today;
    if (text.empty() || text == "yesterday") return workflows::day_before(clock_, today, zone);
    const auto date = domain::date_from(text);
    if (!date) throw std::runtime_error{text + ": expected a day such as 2026-11-26, or today"};
    return workflows::day_of(clock_, *date, zone);
}

bool MoneyStore::wait(int seconds, const std::function<bool()>& is_done)
{
    constexpr Milliseconds pause{250};
    const auto until = std::chrono::steady_clock::now() + Seconds{seconds};
    for (;;) {
        if (is_done()) return true;
        if (std::chrono::steady_clock::now() >= until) return false;
        std::this_thread::sleep_for(pause);
    }
}

domain::TransactionId transaction_id_in(const std::string& text)
{
    const auto id = domain::TransactionId::parse(text);
    if (!id) throw std::runtime_error{text + ": expected the id of a transaction (26 characters)"};
    return *id;
}

std::string local_text(
    const ports::Clock& clock, UtcTime time, const domain::Organization& organization)
{
    const domain::LocalDay day = workflows::day_at(clock, time, organization.time_zone);
    const domain::LocalTime local = clock.local_time(time, organization.time_zone);
    const auto second = (to_unix_ms(time) / 1000) % 60;
    return fmt::format(
        "{} {:02}:{:02}:{:02}", domain::to_text(day.date), local.minute_of_day / 60,
        local.minute_of_day % 60, second);
}

void print_json(const boost::json::value& value)
{
    fmt::print("{}\n", boost::json::serialize(value));
}

} // namespace iwas::app
