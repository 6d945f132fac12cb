// QueryReader: the filters of a list, read and checked one after another.
#pragma once

#include "api/caller.hpp"
#include "core/result.hpp"
#include "domain/tenant.hpp"
#include "ports/clock.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::api::staff {

/// A page has at most so many lines.
inline constexpr int page_max = 100;
inline constexpr int page_usual = 50;

/// Remembers the first parameter that makes no sense. One that is not known is refused too: a
/// misspelt filter must not look like an answer.
class QueryReader {
public:
    QueryReader(const Request& request, std::initializer_list<std::string_view> known);

    /// What `parse` makes of the parameter; nothing without it.
    template <class Parse>
    auto value(std::string_view name, Parse parse) -> decltype(parse(std::string_view{}))
    {
        const auto text = request_.query.find(name);
        if (!text) return std::nullopt;
        auto parsed = parse(*text);
        if (!parsed) mark_wrong(name);
        return parsed;
    }
    /// A text of 1 to `octets_max` octets without control characters.
    std::optional<std::string> text(std::string_view name, std::size_t octets_max);
    /// RFC 3339, or a day such as 2026-11-26: its beginning in the organization's zone.
    std::optional<UtcTime> moment(
        std::string_view name, const ports::Clock& clock, const domain::Organization& organization);
    /// `true` or `false`; false without it.
    bool flag(std::string_view name);
    /// 1 to page_max; page_usual without it.
    int limit();

    void mark_wrong(std::string_view name);
    [[nodiscard]] bool is_wrong() const { return !wrong_.empty(); }
    [[nodiscard]] Refusal refusal() const { return invalid_field(wrong_); }

private:
    const Request& request_;
    std::string wrong_;
};

/// The body of an action as a JSON object that has no other members than these: one that is
/// misspelt could mean another amount.
Result<boost::json::object, Refusal> action_body(
    const Request& request, std::initializer_list<std::string_view> known);
/// Why somebody acts, or how he did it: 1 to 500 octets without control characters, not all blank.
Result<std::string, Refusal> words_member(const boost::json::object& body, std::string_view name);

} // namespace iwas::api::staff
