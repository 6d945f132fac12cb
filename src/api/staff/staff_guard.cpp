#include "api/staff/staff_guard.hpp"

#include "api/peer_source.hpp"
#include "core/text.hpp"

namespace iwas::api::staff {

namespace {

/// The credentials of the scheme Bearer; empty without them. The scheme's name has no case
/// (RFC 9110 §11.1).
std::string_view token_in(const Request& request)
{
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view header = trimmed(request.headers.value("Authorization"));
    if (!equal_ignoring_case(header.substr(0, scheme.size()), scheme)) return {};
    return trimmed(header.substr(scheme.size()));
}

} // namespace

StaffGuard::StaffGuard(
    ports::StaffRegister& staff, const ports::CatalogView& catalog, ports::Clock& clock,
    StaffGuardLimits limits)
    : staff_{staff}, catalog_{catalog}, clock_{clock}, wrong_{
                                                           {.tries_max = limits.wrong_max,
                                                            .window = limits.window,
                                                            .counters_max = limits.counters_max}}
{
}

Response StaffGuard::refuse_token(const Caller& caller, const Request& request, bool was_given)
{
    if (was_given) {
        const std::string source = peer_source(request.peer_address);
        const SteadyTime now = clock_.steady_now();
        if (const auto wait = wrong_.blocked_for(source, now))
            return caller.refuse(Refusal{.code = ProblemCode::rate_limited, .wait = wait});
        wrong_.count(source, now);
    }
    Response response = caller.refuse(ProblemCode::staff_token_needed);
    // RFC 6750 §3: the error is named only where credentials were given.
    response.headers.set(
        "WWW-Authenticate", was_given ? R"(Bearer realm="iwas staff", error="invalid_token")"
                                      : R"(Bearer realm="iwas staff")");
    return response;
}

awaitable<Result<StaffCaller, Response>> StaffGuard::enter(Request request, StaffEntry entry)
{
    StaffCaller caller;
    caller.language = language_of(request);
    caller.request_id = request.request_id;

    const std::string_view token = token_in(request);
    const auto digest = domain::staff_token_digest(token);
    if (!digest)
        co_return std::unexpected{
            refuse_token(caller, request, request.headers.has("Authorization"))};
    auto member = co_await staff_.staff_of_token(*digest);
    if (!member)
        co_return std::unexpected{
            caller.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s})};
    if (!*member) co_return std::unexpected{refuse_token(caller, request, true)};
    const auto catalog = catalog_.current();
    const auto organization = catalog->organizations.find((*member)->organization);
    // His organization left the configuration: there is nothing that he could see.
    if (organization == catalog->organizations.end())
        co_return std::unexpected{refuse_token(caller, request, true)};
    caller.member = std::move(**member);
    caller.organization = organization->second;
    if (entry == StaffEntry::act && caller.member.role != domain::StaffRole::manager)
        co_return std::unexpected{caller.refuse(ProblemCode::not_allowed)};
    co_return caller;
}

} // namespace iwas::api::staff
