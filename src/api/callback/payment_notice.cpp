// What a gateway tells of a payment. It hears that IWAS knows only after that is durable.
#include "api/callback/handlers.hpp"

#include <spdlog/spdlog.h>

namespace iwas::api::callback {

namespace {

std::string_view text_of(ports::NoticeError error)
{
    switch (error) {
    case ports::NoticeError::malformed: return "malformed";
    case ports::NoticeError::signature_wrong: return "signature_wrong";
    case ports::NoticeError::too_old: return "too_old";
    }
    return {};
}

std::string_view text_of(ports::NoticeOutcome outcome)
{
    switch (outcome) {
    case ports::NoticeOutcome::recorded: return "recorded";
    case ports::NoticeOutcome::repeated: return "repeated";
    case ports::NoticeOutcome::unknown_order: return "unknown_order";
    case ports::NoticeOutcome::wrong_amount: return "wrong_amount";
    case ports::NoticeOutcome::foreign: return "other_merchant";
    case ports::NoticeOutcome::unreadable: return "unreadable";
    case ports::NoticeOutcome::not_kept: return "not_kept";
    case ports::NoticeOutcome::refused: return "refused";
    }
    return {};
}

Response response_of(const ports::NoticeReply& reply)
{
    if (reply.content_type.empty()) return Response::empty(reply.status);
    return Response::content(reply.status, reply.content_type, reply.body);
}

/// What is told of a notice that says nothing else: the nearest of the gateway's own words.
ports::NoticeOutcome outcome_of(ports::Unread unread)
{
    switch (unread) {
    case ports::Unread::order: return ports::NoticeOutcome::unknown_order;
    case ports::Unread::amount: return ports::NoticeOutcome::wrong_amount;
    case ports::Unread::nothing:
    case ports::Unread::other: break;
    }
    return ports::NoticeOutcome::unreadable;
}

awaitable<ports::NoticeOutcome> take(
    domain::PaymentAccount account, ports::PaymentNotice notice, Services& services)
{
    switch (notice.kind) {
    case ports::NoticeKind::test: co_return ports::NoticeOutcome::recorded;
    case ports::NoticeKind::foreign: co_return ports::NoticeOutcome::foreign;
    case ports::NoticeKind::unreadable: co_return outcome_of(notice.unread);
    case ports::NoticeKind::transfers: {
        const auto outcome = co_await services.purchases.take_in_transfers(
            std::move(account), std::move(notice.transfers), domain::PaymentSource::notice);
        co_return outcome;
    }
    case ports::NoticeKind::binding: {
        const bool is_kept = co_await services.wallet.told(
            std::move(account), std::move(notice.order_id), std::move(notice.binding));
        co_return is_kept ? ports::NoticeOutcome::recorded : ports::NoticeOutcome::not_kept;
    }
    case ports::NoticeKind::payment: break;
    }
    const auto outcome = co_await services.purchases.take_in_status(
        std::move(account), std::move(notice.order_id), std::move(notice.status),
        domain::PaymentSource::notice);
    co_return outcome;
}

} // namespace

awaitable<Response> take_payment_notice(Request request, Services& services)
{
    const auto catalog = services.catalog.current();
    const auto id = domain::PaymentAccountId::parse(request.param("account"));
    const domain::PaymentAccount* known = id ? catalog->payment_account(*id) : nullptr;
    if (!known) co_return Response::empty(404);
    const domain::PaymentAccount account = *known;

    const std::size_t mark = request.target.find('?');
    const ports::NoticeRequest received{
        .query = mark == std::string::npos ? std::string_view{}
                                           : std::string_view{request.target}.substr(mark + 1),
        .body = request.body,
        .header = [&request](std::string_view name) { return request.headers.value(name); },
        .now = services.clock.utc_now(),
    };
    auto notice = services.gateways.read_notice(account, received);
    if (!notice) {
        services.notice_counted(account.id, text_of(notice.error()));
        spdlog::warn(
            "event=payment_notice_refused account={} why={} peer={}", account.id.text(),
            text_of(notice.error()), request.peer_address);
        co_return response_of(services.gateways.reply_to(account, ports::NoticeOutcome::refused));
    }

    ports::KeptNotice kept{
        .account = account.id,
        .at = received.now,
        .order_id = notice->order_id,
        .body = std::move(notice->kept_body),
    };
    const bool is_unread = notice->unread != ports::Unread::nothing;
    // Nothing else remembers it.
    const bool is_body_all = notice->kind == ports::NoticeKind::foreign || is_unread;
    const auto outcome = co_await take(account, std::move(*notice), services);
    kept.outcome = text_of(is_unread ? ports::NoticeOutcome::unreadable : outcome);
    services.notice_counted(account.id, kept.outcome);
    // Money is durable by now, and this is for audit.
    const auto appended = co_await services.store.append_notice(std::move(kept));
    if (is_unread)
        services.events.alert(
            ports::AlertKind::notice_unreadable, domain::LocationId{},
            "account " + account.id.text() + ": see the kept notices");
    const bool is_lost = is_body_all && !appended;
    co_return response_of(
        services.gateways.reply_to(account, is_lost ? ports::NoticeOutcome::not_kept : outcome));
}

} // namespace iwas::api::callback
