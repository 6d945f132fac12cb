#include "adapters/radius/clients.hpp"

#include "core/assert.hpp"
#include "domain/enum_text.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <tuple>

namespace iwas::adapters {

namespace {

constexpr std::size_t unknown_clients_max = 256;

std::uint32_t mask_of(int prefix_length)
{
    return prefix_length == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix_length);
}

constexpr domain::EnumText event_texts{std::to_array<std::pair<RadiusEvent, std::string_view>>({
    {RadiusEvent::access_request, "access_request"},
    {RadiusEvent::access_accept, "access_accept"},
    {RadiusEvent::access_reject, "access_reject"},
    {RadiusEvent::accounting_request, "accounting_request"},
    {RadiusEvent::accounting_response, "accounting_response"},
    {RadiusEvent::status_request, "status_request"},
    {RadiusEvent::duplicate_answered, "duplicate_answered"},
    {RadiusEvent::malformed, "malformed"},
    {RadiusEvent::wrong_code, "wrong_code"},
    {RadiusEvent::nas_identifier_unknown, "nas_identifier_unknown"},
    {RadiusEvent::message_authenticator_missing, "message_authenticator_missing"},
    {RadiusEvent::proxy_state_unprotected, "proxy_state_unprotected"},
    {RadiusEvent::message_authenticator_wrong, "message_authenticator_wrong"},
    {RadiusEvent::authenticator_wrong, "authenticator_wrong"},
    {RadiusEvent::duplicate_in_progress, "duplicate_in_progress"},
    {RadiusEvent::rate_limited, "rate_limited"},
    {RadiusEvent::overloaded, "overloaded"},
    {RadiusEvent::not_durable, "not_durable"},
    {RadiusEvent::reply_too_long, "reply_too_long"},
})};

} // namespace

std::string_view to_text(RadiusEvent event)
{
    return event_texts.text_of(event);
}

std::vector<RadiusClient> radius_clients_of(const domain::Catalog& catalog)
{
    std::vector<RadiusClient> clients;
    for (const auto& [id, router] : catalog.routers) {
        if (router.radius_secret.empty()) continue;
        RadiusClient client;
        client.router = id;
        client.location = router.location;
        client.kind = router.kind;
        client.source = router.radius_source;
        client.nas_identifier = router.nas_identifier;
        client.secrets = {router.radius_secret};
        client.requires_message_authenticator = router.requires_message_authenticator;
        client.limits_proxy_state = router.limits_proxy_state;
        client.swaps_octets = router.swaps_octets;
        client.lacks_gigawords = router.lacks_gigawords;
        client.signs_accounting_replies = router.signs_accounting_replies;
        client.mac_password = router.mac_password;
        client.packets_per_second_max = router.radius_packets_per_second_max;
        if (const auto* location = catalog.location(router.location))
            client.language = location->language;
        clients.push_back(std::move(client));
    }
    return clients;
}

namespace {

/// What a technician should look at.
std::string_view advice_on(RadiusEvent why)
{
    switch (why) {
    case RadiusEvent::malformed: return "The packet is not RADIUS.";
    case RadiusEvent::wrong_code: return "The packet does not belong on this port.";
    case RadiusEvent::nas_identifier_unknown:
        return "Several routers share the address, and the packet's NAS-Identifier names none.";
    case RadiusEvent::message_authenticator_missing:
        return "The router sends no Message-Authenticator, which is required of it.";
    case RadiusEvent::proxy_state_unprotected:
        return "A Proxy-State without Message-Authenticator looks like an attack.";
    case RadiusEvent::message_authenticator_wrong:
    case RadiusEvent::authenticator_wrong:
        return "The router's shared secret is probably another one.";
    case RadiusEvent::rate_limited: return "The router sends more than its limit.";
    case RadiusEvent::overloaded: return "Too many accounting records wait for the disk.";
    case RadiusEvent::not_durable: return "The accounting record could not be stored.";
    case RadiusEvent::reply_too_long: return "The reply would not fit into a packet.";
    case RadiusEvent::duplicate_in_progress:
    case RadiusEvent::access_request:
    case RadiusEvent::access_accept:
    case RadiusEvent::access_reject:
    case RadiusEvent::accounting_request:
    case RadiusEvent::accounting_response:
    case RadiusEvent::status_request:
    case RadiusEvent::duplicate_answered: break;
    }
    return "";
}

} // namespace

bool LogGate::pass(SteadyTime now)
{
    constexpr std::int64_t pause_s = 60;
    const auto now_s = std::chrono::floor<Seconds>(now.time_since_epoch()).count();
    std::int64_t next_s = next_s_.load(std::memory_order_relaxed);
    return now_s >= next_s &&
           next_s_.compare_exchange_strong(next_s, now_s + pause_s, std::memory_order_relaxed);
}

void PreparedClient::discard(RadiusEvent why, SteadyTime now) const
{
    count(why);
    // A repetition that came too early is everyday life.
    if (why == RadiusEvent::duplicate_in_progress) return;
    if (!state->log_gates[static_cast<std::size_t>(why)].pass(now)) return;
    spdlog::warn(
        "event=radius_discarded router={} reason={} count={} text=\"{}\"", settings.router.text(),
        to_text(why), state->counters.of(why), advice_on(why));
}

bool RateGate::pass(SteadyTime now, int per_second)
{
    using std::chrono::nanoseconds;
    constexpr std::int64_t burst_ns = 1'000'000'000;
    const std::int64_t cost_ns = burst_ns / per_second;
    const std::int64_t now_ns = nanoseconds{now.time_since_epoch()}.count();
    std::int64_t full_at = full_at_ns_.load(std::memory_order_relaxed);
    for (;;) {
        const std::int64_t after = std::max(full_at, now_ns) + cost_ns;
        if (after > now_ns + burst_ns) return false;
        if (full_at_ns_.compare_exchange_weak(full_at, after, std::memory_order_relaxed))
            return true;
    }
}

ClientTable::ClientTable(std::vector<PreparedClient> clients) : clients_{std::move(clients)}
{
    const auto key_of = [](const PreparedClient& client) {
        const Ipv4Prefix prefix = client.settings.source;
        return std::pair{mask_of(prefix.length()), prefix.network().value()};
    };
    // Of those that share a source the first by name answers for what names nobody.
    std::ranges::sort(clients_, std::less{}, [&](const PreparedClient& client) {
        const auto [mask, network] = key_of(client);
        return std::tuple{~mask, network, client.settings.router.text()};
    });
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        const auto [mask, network] = key_of(clients_[i]);
        if (lengths_.empty() || lengths_.back().mask != mask)
            lengths_.push_back(OneLength{mask, {}});
        Range& range = lengths_.back().by_network.try_emplace(network, Range{i, 0}).first->second;
        ++range.count;
    }
}

std::span<const PreparedClient> ClientTable::find(Ipv4Address address) const
{
    for (const OneLength& length : lengths_) {
        const auto found = length.by_network.find(address.value() & length.mask);
        if (found == length.by_network.end()) continue;
        return std::span{clients_}.subspan(found->second.begin, found->second.count);
    }
    return {};
}

ClientRegistry::ClientRegistry() : table_{std::make_shared<ClientTable>()} {}

void ClientRegistry::replace(std::vector<RadiusClient> clients)
{
    const std::lock_guard lock{mutex_};
    std::unordered_map<domain::RouterId, std::shared_ptr<PreparedClient::State>> states;
    for (const PreparedClient& old : table_->clients())
        states[old.settings.router] = old.state;

    std::vector<PreparedClient> prepared;
    prepared.reserve(clients.size());
    for (RadiusClient& client : clients) {
        IWAS_ASSERT(!client.secrets.empty());
        PreparedClient entry;
        for (const SecretText& secret : client.secrets)
            entry.secrets.emplace_back(secret);
        auto& state = states[client.router];
        if (!state) state = std::make_shared<PreparedClient::State>();
        entry.state = state;
        entry.settings = std::move(client);
        prepared.push_back(std::move(entry));
    }
    table_ = std::make_shared<ClientTable>(std::move(prepared));
    std::erase_if(
        unknown_, [&](const auto& each) { return !table_->find(Ipv4Address{each.first}).empty(); });
}

std::shared_ptr<const ClientTable> ClientRegistry::table() const
{
    const std::lock_guard lock{mutex_};
    return table_;
}

void ClientRegistry::note_unknown(Ipv4Address address, UtcTime now)
{
    unknown_packets_.fetch_add(1, std::memory_order_relaxed);
    const std::lock_guard lock{mutex_};
    const auto known = unknown_.find(address.value());
    if (known != unknown_.end()) {
        known->second.last_seen = now;
        ++known->second.packets;
        return;
    }
    if (unknown_.size() == unknown_clients_max) {
        const auto stalest = std::ranges::min_element(
            unknown_, {}, [](const auto& each) { return each.second.last_seen; });
        unknown_.erase(stalest);
    }
    unknown_[address.value()] = {address, now, now, 1};
    if (!unknown_log_.pass(SteadyTime::clock::now())) return;
    spdlog::warn(
        "event=radius_unknown_client address={} text=\"RADIUS packets come from an address that is "
        "no router of ours.\"",
        to_string(address));
}

std::vector<UnknownClient> ClientRegistry::unknown_clients() const
{
    std::vector<UnknownClient> list;
    {
        const std::lock_guard lock{mutex_};
        for (const auto& [address, client] : unknown_)
            list.push_back(client);
    }
    std::ranges::sort(list, std::greater{}, &UnknownClient::last_seen);
    return list;
}

std::vector<ClientCounts> ClientRegistry::counts() const
{
    const auto current = table();
    std::vector<ClientCounts> list;
    for (const PreparedClient& client : current->clients()) {
        ClientCounts counts;
        counts.router = client.settings.router;
        for (std::size_t i = 0; i < radius_event_count; ++i)
            counts.counts[i] = client.state->counters.of(static_cast<RadiusEvent>(i));
        list.push_back(std::move(counts));
    }
    return list;
}

} // namespace iwas::adapters
