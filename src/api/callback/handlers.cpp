#include "api/callback/handlers.hpp"

#include "adapters/http/problem.hpp"
#include "protocol/pc_events/event.hpp"

#include <spdlog/spdlog.h>

namespace iwas::api::callback {

namespace {

Response refused(int status, std::string code, std::string detail)
{
    return http::problem({.status = status, .code = std::move(code), .detail = std::move(detail)});
}

Response refused_signature(pc_events::SignatureError error)
{
    switch (error) {
    case pc_events::SignatureError::malformed:
        return refused(401, "SIGNATURE_MISSING", "X-IWAS-Timestamp or X-IWAS-Signature is wrong.");
    case pc_events::SignatureError::outside_window:
        return refused(401, "TIMESTAMP_OUTSIDE_WINDOW", "The timestamp is over 300 s away.");
    case pc_events::SignatureError::wrong:
        return refused(401, "SIGNATURE_WRONG", "No signature fits this branch's secrets.");
    }
    return refused(401, "SIGNATURE_WRONG", "No signature fits this branch's secrets.");
}

domain::PcEventKind kind_of(pc_events::EventKind kind)
{
    switch (kind) {
    case pc_events::EventKind::session_started: return domain::PcEventKind::session_started;
    case pc_events::EventKind::session_ended: return domain::PcEventKind::session_ended;
    case pc_events::EventKind::session_moved: return domain::PcEventKind::session_moved;
    case pc_events::EventKind::balance_changed:
    case pc_events::EventKind::member_updated:
    case pc_events::EventKind::heartbeat:
    case pc_events::EventKind::other: return domain::PcEventKind::other;
    }
    return domain::PcEventKind::other;
}

} // namespace

awaitable<Response> post_pc_event(Request request, Services& services)
{
    const auto catalog = services.catalog.current();
    const auto branch = domain::LocationId::parse(request.param("branch"));
    const domain::PcSystem* pc_system = branch ? catalog->pc_system(*branch) : nullptr;
    // A branch that is not known looks like one whose secret is not known.
    static const std::vector<SecretText> none;
    const auto verified = pc_events::verify_signature(
        request.headers.value("X-IWAS-Timestamp"), request.headers.value("X-IWAS-Signature"),
        request.body, pc_system ? pc_system->webhook_secrets : none, services.clock.utc_now());
    if (!verified) co_return refused_signature(verified.error());

    const auto event = pc_events::parse_event(request.body);
    if (!event && event.error() == pc_events::BodyError::too_large)
        co_return refused(413, "BODY_TOO_LARGE", "An event has at most 64 KiB.");
    if (!event) co_return refused(400, "EVENT_MALFORMED", "The body is no event of the contract.");
    if (event->branch_id != branch->text())
        co_return refused(403, "BRANCH_MISMATCH", "branch_id is not the branch of the address.");

    const domain::PcEventKind kind = kind_of(event->kind);
    if (kind == domain::PcEventKind::other || !pc_system->logout_sync)
        co_return Response::empty(202);
    domain::PcEvent taken{
        .location = *branch,
        .event_id = event->event_id,
        .kind = kind,
        .member_id = event->member_id,
        .user_name = event->user_name,
        .session_id = event->session_id,
        .occurred_at = event->occurred_at,
    };
    const auto is_new = co_await services.pc_logout.receive(std::move(taken));
    if (!is_new) {
        Response response = refused(503, "TRY_LATER", "The event was not kept. Send it again.");
        response.headers.set("Retry-After", "2");
        co_return response;
    }
    if (kind == domain::PcEventKind::session_ended && services.pc_session_ended)
        services.pc_session_ended(*branch, event->session_id);
    co_return Response::empty(*is_new ? 202 : 200);
}

} // namespace iwas::api::callback
