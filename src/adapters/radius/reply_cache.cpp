#include "adapters/radius/reply_cache.hpp"

#include <algorithm>
#include <bit>
#include <random>

namespace iwas::adapters {

namespace {

/// Spreads a key over the buckets; `seed` keeps outsiders from aiming at one of them.
std::uint64_t mixed(std::uint64_t key, std::uint64_t seed)
{
    key ^= seed;
    key = (key ^ key >> 32) * 0xD6E8FEB86659FD93U;
    key = (key ^ key >> 32) * 0xD6E8FEB86659FD93U;
    return key ^ key >> 32;
}

std::uint64_t new_seed()
{
    std::random_device device;
    return std::uint64_t{device()} << 32 | device();
}

} // namespace

ReplyCache::ReplyCache(std::size_t entries)
    : buckets_{std::bit_ceil(std::max(entries / ways, std::size_t{1}))}, seed_{new_seed()},
      slots_(buckets_ * ways), replies_{std::make_unique_for_overwrite<Reply[]>(buckets_ * ways)}
{
}

ReplyCache::Looked ReplyCache::look(RadiusSource source, ByteView packet, SteadyTime now)
{
    const std::uint64_t key =
        std::uint64_t{source.address.value()} << 32 | std::uint64_t{source.port} << 8 | packet[1];
    const std::uint64_t digest = std::hash<std::string_view>{}(as_text(packet)) ^ seed_;
    const std::size_t first = (mixed(key, seed_) & (buckets_ - 1)) * ways;

    const auto bucket = std::span{slots_}.subspan(first, ways);
    Slot* place = nullptr;
    for (Slot& slot : bucket) {
        if (slot.is_used && now - slot.since >= life) slot.is_used = false;
        if (slot.is_used && slot.key == key) {
            place = &slot;
            break;
        }
    }
    const auto number = [&] { return static_cast<std::uint32_t>(place - slots_.data()); };
    if (place != nullptr && place->digest == digest) {
        const Ticket ticket{number(), place->generation};
        if (!place->is_answered) return {Found::in_progress, ticket, {}};
        return {Found::answered, ticket, ByteView{replies_[number()]}.first(place->reply_octets)};
    }
    if (place == nullptr) {
        place = &*std::ranges::min_element(bucket, {}, [](const Slot& slot) {
            return slot.is_used ? slot.since : SteadyTime::min();
        });
    }
    *place = {key, digest, now, place->generation + 1, 0, true, false};
    return {Found::fresh, {number(), place->generation}, {}};
}

ReplyCache::Slot* ReplyCache::slot_of(Ticket ticket)
{
    Slot& slot = slots_[ticket.slot];
    return slot.is_used && slot.generation == ticket.generation ? &slot : nullptr;
}

bool ReplyCache::keep(Ticket ticket, ByteView reply)
{
    Slot* slot = slot_of(ticket);
    if (slot == nullptr) return false;
    if (reply.size() > reply_octets_max) {
        slot->is_used = false;
        return false;
    }
    std::ranges::copy(reply, replies_[ticket.slot].begin());
    slot->reply_octets = static_cast<std::uint16_t>(reply.size());
    return true;
}

ByteView ReplyCache::answer(Ticket ticket)
{
    Slot* slot = slot_of(ticket);
    if (slot == nullptr || slot->reply_octets == 0) return {};
    slot->is_answered = true;
    return ByteView{replies_[ticket.slot]}.first(slot->reply_octets);
}

void ReplyCache::forget(Ticket ticket)
{
    if (Slot* slot = slot_of(ticket)) slot->is_used = false;
}

} // namespace iwas::adapters
