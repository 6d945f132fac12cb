#include "api/staff/query.hpp"

#include "api/customer.hpp"
#include "core/folding.hpp"
#include "core/text.hpp"
#include "workflows/local_days.hpp"

#include <algorithm>
#include <charconv>

namespace iwas::api::staff {

namespace {

constexpr std::size_t words_octets_max = 500;

} // namespace

QueryReader::QueryReader(const Request& request, std::initializer_list<std::string_view> known)
    : request_{request}
{
    const auto& given = request.query.all();
    for (const auto& [name, value] : given) {
        const bool is_known = std::ranges::find(known, name) != known.end();
        const auto times =
            std::ranges::count_if(given, [&](const auto& other) { return other.first == name; });
        if (!is_known || times > 1) mark_wrong(name);
    }
}

std::optional<std::string> QueryReader::text(std::string_view name, std::size_t octets_max)
{
    return value(name, [&](std::string_view text) -> std::optional<std::string> {
        if (text.empty() || text.size() > octets_max || has_control_character(text))
            return std::nullopt;
        return std::string{text};
    });
}

std::optional<UtcTime> QueryReader::moment(
    std::string_view name, const ports::Clock& clock, const domain::Organization& organization)
{
    return value(name, [&](std::string_view text) -> std::optional<UtcTime> {
        if (const auto time = from_rfc3339(text)) return time;
        const auto date = domain::date_from(text);
        if (!date) return std::nullopt;
        return workflows::day_of(clock, *date, organization.time_zone).from;
    });
}

bool QueryReader::flag(std::string_view name)
{
    return value(
               name,
               [](std::string_view text) -> std::optional<bool> {
                   if (text == "true") return true;
                   if (text == "false") return false;
                   return std::nullopt;
               })
        .value_or(false);
}

int QueryReader::limit()
{
    return value(
               "limit",
               [](std::string_view text) -> std::optional<int> {
                   int number = 0;
                   const char* end = text.data() + text.size();
                   const auto read = std::from_chars(text.data(), end, number);
                   if (read.ec != std::errc{} || read.ptr != end || number < 1 || number > page_max)
                       return std::nullopt;
                   return number;
               })
        .value_or(page_usual);
}

void QueryReader::mark_wrong(std::string_view name)
{
    if (wrong_.empty()) wrong_ = name.empty() ? "query" : name;
}

Result<boost::json::object, Refusal> action_body(
    const Request& request, std::initializer_list<std::string_view> known)
{
    auto body = json_body(request);
    if (!body) return body;
    for (const auto& member : *body) {
        const std::string_view name{member.key().data(), member.key().size()};
        if (std::ranges::find(known, name) == known.end())
            return std::unexpected{invalid_field("body")};
    }
    return body;
}

Result<std::string, Refusal> words_member(const boost::json::object& body, std::string_view name)
{
    auto words = text_member(body, name, 1, words_octets_max);
    if (!words) return words;
    if (trimmed(*words).empty() || has_control_character(*words))
        return std::unexpected{invalid_field(name)};
    return std::string{trimmed(*words)};
}

} // namespace iwas::api::staff
