#include "adapters/store/spelling.hpp"

#include "adapters/store/connection.hpp"
#include "domain/enum_text.hpp"

#include <boost/json.hpp>

namespace iwas::adapters {

namespace {

using domain::ClockStart;
using domain::EnumText;
using domain::PackageStatus;
using domain::PcLogoutRule;
using domain::PcSystemProfile;
using ports::JobKind;
using ports::TraceKind;

constexpr EnumText job_kinds{std::to_array<std::pair<JobKind, std::string_view>>({
    {JobKind::resume_purchase, "resume_purchase"},
    {JobKind::refund, "refund"},
    {JobKind::watch_late_debit, "watch_late_debit"},
    {JobKind::expire_session, "expire_session"},
    {JobKind::close_access, "close_access"},
    {JobKind::apply_change, "apply_change"},
    {JobKind::pc_logout, "pc_logout"},
    {JobKind::pc_event, "pc_event"},
    {JobKind::reconcile, "reconcile"},
    {JobKind::attach_money, "attach_money"},
})};
constexpr EnumText trace_kinds{std::to_array<std::pair<TraceKind, std::string_view>>({
    {TraceKind::request, "request"},
    {TraceKind::response, "response"},
    {TraceKind::failure, "failure"},
    {TraceKind::async, "async"},
    {TraceKind::condition, "condition"},
    {TraceKind::note, "note"},
})};
constexpr EnumText pc_logout_rules{std::to_array<std::pair<PcLogoutRule, std::string_view>>({
    {PcLogoutRule::pause, "pause"},
    {PcLogoutRule::terminate, "terminate"},
    {PcLogoutRule::ignore, "ignore"},
})};
constexpr EnumText clock_starts{std::to_array<std::pair<ClockStart, std::string_view>>({
    {ClockStart::at_activation, "at_activation"},
    {ClockStart::at_first_connection, "at_first_connection"},
})};
constexpr EnumText package_statuses{std::to_array<std::pair<PackageStatus, std::string_view>>({
    {PackageStatus::draft, "draft"},
    {PackageStatus::published, "published"},
    {PackageStatus::archived, "archived"},
})};
constexpr EnumText profiles{std::to_array<std::pair<PcSystemProfile, std::string_view>>({
    {PcSystemProfile::connector_v1, "connector_v1"},
    {PcSystemProfile::legacy, "legacy"},
})};

template <class Value>
Value required(std::optional<Value> value, std::string_view text)
{
    if (!value) damaged("unknown word " + std::string{text});
    return *value;
}

const boost::json::value& member(const boost::json::object& object, std::string_view name)
{
    const auto* value = object.if_contains(boost::json::string_view{name.data(), name.size()});
    if (!value) damaged("member " + std::string{name} + " is missing");
    return *value;
}

} // namespace

std::string_view stored(JobKind kind)
{
    return job_kinds.text_of(kind);
}
std::string_view stored(TraceKind kind)
{
    return trace_kinds.text_of(kind);
}
std::string_view stored(PcLogoutRule rule)
{
    return pc_logout_rules.text_of(rule);
}
std::string_view stored(ClockStart start)
{
    return clock_starts.text_of(start);
}
std::string_view stored(PackageStatus status)
{
    return package_statuses.text_of(status);
}
std::string_view stored(PcSystemProfile profile)
{
    return profiles.text_of(profile);
}

JobKind job_kind_of(std::string_view text)
{
    return required(job_kinds.value_of(text), text);
}
TraceKind trace_kind_of(std::string_view text)
{
    return required(trace_kinds.value_of(text), text);
}
PcLogoutRule pc_logout_rule_of(std::string_view text)
{
    return required(pc_logout_rules.value_of(text), text);
}
ClockStart clock_start_of(std::string_view text)
{
    return required(clock_starts.value_of(text), text);
}
PackageStatus package_status_of(std::string_view text)
{
    return required(package_statuses.value_of(text), text);
}
PcSystemProfile pc_system_profile_of(std::string_view text)
{
    return required(profiles.value_of(text), text);
}
domain::TransactionState transaction_state_of(std::string_view text)
{
    return required(domain::transaction_state_from(text), text);
}
domain::TransactionReason transaction_reason_of(std::string_view text)
{
    return required(domain::transaction_reason_from(text), text);
}
domain::PaymentMethod payment_method_of(std::string_view text)
{
    return required(domain::payment_method_from(text), text);
}

std::string stored(const domain::Terms& terms)
{
    boost::json::object object{
        {"package", terms.package.text()},
        {"name", terms.name},
        {"duration", terms.duration.count()},
        {"price", terms.price.vnd()},
        {"up_bps", terms.rate.up_bps},
        {"down_bps", terms.rate.down_bps},
        {"burst_down_bps", terms.rate.burst_down_bps},
        {"device_limit", terms.device_limit},
        {"on_pc_logout", stored(terms.on_pc_logout)},
        {"clock_start", stored(terms.clock_start)},
    };
    if (terms.data_cap_octets) object["data_cap_octets"] = *terms.data_cap_octets;
    return boost::json::serialize(object);
}

domain::Terms terms_of(std::string_view text)
{
    const boost::json::object object = json_object_of(text);
    const auto octets = [&](std::string_view name) {
        return static_cast<std::uint64_t>(json_integer(object, name));
    };
    domain::Terms terms;
    terms.package = domain::PackageId::trusted(json_text(object, "package"));
    terms.name = json_text(object, "name");
    terms.duration = Seconds{json_integer(object, "duration")};
    terms.price = Money{json_integer(object, "price")};
    terms.rate = {octets("up_bps"), octets("down_bps"), octets("burst_down_bps")};
    if (object.contains("data_cap_octets")) terms.data_cap_octets = octets("data_cap_octets");
    terms.device_limit = static_cast<int>(json_integer(object, "device_limit"));
    terms.on_pc_logout = pc_logout_rule_of(json_text(object, "on_pc_logout"));
    terms.clock_start = clock_start_of(json_text(object, "clock_start"));
    return terms;
}

boost::json::object json_object_of(std::string_view text)
{
    boost::system::error_code error;
    const auto value =
        boost::json::parse(boost::json::string_view{text.data(), text.size()}, error);
    if (error || !value.is_object()) damaged("a JSON object is not one");
    return value.get_object();
}

std::int64_t json_integer(const boost::json::object& object, std::string_view name)
{
    const auto& value = member(object, name);
    if (!value.is_int64()) damaged("member " + std::string{name} + " is no integer");
    return value.get_int64();
}

std::optional<std::int64_t> json_maybe_integer(
    const boost::json::object& object, std::string_view name)
{
    const auto* value = object.if_contains(boost::json::string_view{name.data(), name.size()});
    if (!value || value->is_null()) return std::nullopt;
    return json_integer(object, name);
}

std::string json_text(const boost::json::object& object, std::string_view name)
{
    const auto& value = member(object, name);
    if (!value.is_string()) damaged("member " + std::string{name} + " is no text");
    const auto& text = value.get_string();
    return {text.data(), text.size()};
}

bool json_flag(const boost::json::object& object, std::string_view name)
{
    const auto& value = member(object, name);
    if (!value.is_bool()) damaged("member " + std::string{name} + " is neither true nor false");
    return value.get_bool();
}

} // namespace iwas::adapters
