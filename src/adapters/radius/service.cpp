#include "adapters/radius/service.hpp"

namespace iwas::adapters {

namespace {

using radius::Code;
using radius::PacketWriter;

/// What came of the checks that both ports share.
struct Admitted {
    std::optional<CheckedRequest> request; ///< nothing: `resend` or silence
    ReplyCache::Ticket ticket;
    ByteView resend;
};

/// Gate, duplicate cache and rate limit, in this order: a forged packet never touches the cache.
Admitted admit(
    ByteView datagram, RadiusSource source, RadiusPort port, const ClientTable& table, Moment now,
    ClientRegistry& registry, ReplyCache& cache)
{
    const auto checked = check_request(datagram, source, port, table);
    if (!checked) {
        const Discarded& refused = checked.error();
        if (refused.client == nullptr)
            registry.note_unknown(source.address, now.utc);
        else
            refused.client->discard(refused.why, now.steady);
        return {};
    }
    const PreparedClient& client = *checked->client;
    const ReplyCache::Looked looked = cache.look(source, checked->packet.octets(), now.steady);
    switch (looked.found) {
    case ReplyCache::Found::in_progress:
        client.discard(RadiusEvent::duplicate_in_progress, now.steady);
        return {};
    case ReplyCache::Found::answered:
        client.count(RadiusEvent::duplicate_answered);
        return {std::nullopt, looked.ticket, looked.reply};
    case ReplyCache::Found::fresh: break;
    }
    const int per_second = client.settings.packets_per_second_max;
    if (per_second > 0 && !client.state->rate.pass(now.steady, per_second)) {
        cache.forget(looked.ticket);
        client.discard(RadiusEvent::rate_limited, now.steady);
        return {};
    }
    return {*checked, looked.ticket, {}};
}

/// A reply that says no more than "received".
Result<ByteView, radius::EncodeError> write_plain_reply(
    const CheckedRequest& request, Code code, bool with_message_authenticator,
    radius::PacketBuffer& buffer)
{
    PacketWriter writer{buffer, code, request.packet.identifier(), request.packet.authenticator()};
    if (with_message_authenticator) writer.add_message_authenticator();
    writer.copy_proxy_state(request.packet);
    return writer.finish(*request.secret);
}

} // namespace

Moment moment_now()
{
    return {
        std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()),
        std::chrono::steady_clock::now()};
}

AccessService::AccessService(
    ClientRegistry& registry, const Directory& directory, RadiusLimits limits)
    : registry_{registry}, directory_{directory}, limits_{limits}, cache_{limits.cache_entries},
      jitter_{std::random_device{}()}
{
}

AccessService::Outcome AccessService::handle(
    ByteView datagram, RadiusSource source, const ClientTable& table, Moment now,
    radius::PacketBuffer& buffer)
{
    const Admitted admitted =
        admit(datagram, source, RadiusPort::authentication, table, now, registry_, cache_);
    if (!admitted.request) return {admitted.resend, {}, admitted.ticket};
    return answer(*admitted.request, admitted.ticket, now.utc, buffer);
}

AccessService::Outcome AccessService::answer(
    const CheckedRequest& request, ReplyCache::Ticket ticket, UtcTime now,
    radius::PacketBuffer& buffer)
{
    const PreparedClient& client = *request.client;
    Result<ByteView, radius::EncodeError> reply{ByteView{}};
    bool is_delayed = false;
    if (request.packet.code() == Code::status_server) {
        client.count(RadiusEvent::status_request);
        reply = write_plain_reply(request, Code::access_accept, true, buffer);
    } else {
        client.count(RadiusEvent::access_request);
        const AccessDecision decision = decide_access(request, directory_, now);
        const bool is_accepted = decision.verdict == AccessVerdict::accepted;
        client.count(is_accepted ? RadiusEvent::access_accept : RadiusEvent::access_reject);
        reply = write_access_reply(request, decision, buffer);
        is_delayed =
            !is_accepted && !decision.is_mac_authentication && limits_.reject_delay.count() > 0;
    }
    if (!reply) {
        client.count(RadiusEvent::reply_too_long);
        cache_.forget(ticket);
        return {};
    }
    // One that is too long to be kept can be neither delayed nor repeated.
    const bool is_kept = cache_.keep(ticket, *reply);
    if (!is_delayed || !is_kept) {
        cache_.answer(ticket);
        return {*reply, {}, ticket};
    }
    const auto spread = static_cast<std::uint32_t>(limits_.reject_delay.count() / 4 + 1);
    const Milliseconds delay = limits_.reject_delay + Milliseconds{jitter_() % spread};
    return {{}, delay, ticket};
}

AccountingService::AccountingService(ClientRegistry& registry, RadiusLimits limits)
    : registry_{registry}, limits_{limits}, cache_{limits.cache_entries}
{
}

AccountingService::Outcome AccountingService::handle(
    ByteView datagram, RadiusSource source, const ClientTable& table, Moment now,
    radius::PacketBuffer& buffer)
{
    const Admitted admitted =
        admit(datagram, source, RadiusPort::accounting, table, now, registry_, cache_);
    if (!admitted.request) return {admitted.resend, std::nullopt, admitted.ticket, nullptr};
    const CheckedRequest& request = *admitted.request;
    const PreparedClient& client = *request.client;
    const bool is_status = request.packet.code() == Code::status_server;
    client.count(is_status ? RadiusEvent::status_request : RadiusEvent::accounting_request);

    if (!is_status && in_flight_ == limits_.accounting_in_flight_max) {
        client.discard(RadiusEvent::overloaded, now.steady);
        cache_.forget(admitted.ticket);
        return {};
    }
    const bool is_signed =
        request.has_message_authenticator || client.settings.signs_accounting_replies;
    const auto reply = write_plain_reply(request, Code::accounting_response, is_signed, buffer);
    if (!reply || !cache_.keep(admitted.ticket, *reply)) {
        client.count(RadiusEvent::reply_too_long);
        cache_.forget(admitted.ticket);
        return {};
    }
    if (!is_status) {
        if (auto record = read_accounting(request, now.utc)) {
            ++in_flight_;
            return {{}, std::move(record), admitted.ticket, client.state};
        }
        client.count(RadiusEvent::accounting_response);
    }
    cache_.answer(admitted.ticket);
    return {*reply, std::nullopt, admitted.ticket, nullptr};
}

ByteView AccountingService::completed(
    ReplyCache::Ticket ticket, PreparedClient::State& client, ports::Journaled result)
{
    --in_flight_;
    switch (result) {
    case ports::Journaled::durable:
        client.counters.count(RadiusEvent::accounting_response);
        return cache_.answer(ticket);
    case ports::Journaled::rejected: break;
    }
    client.counters.count(RadiusEvent::not_durable);
    cache_.forget(ticket);
    return {};
}

} // namespace iwas::adapters
