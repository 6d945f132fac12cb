#include "sim/pc_system/model.hpp"

#include "core/backoff.hpp"
#include "core/text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace iwas::sim {

namespace {

constexpr std::size_t events_kept_max = 10'000;
constexpr std::size_t webhooks_max = 10'000;
constexpr auto webhook_given_up_after = std::chrono::hours{24};
constexpr std::int64_t amount_max = 1'000'000'000'000;

std::string folded(std::string_view name)
{
    std::string key{trimmed(name, " \t")};
    std::ranges::transform(key, key.begin(), lower);
    return key;
}

std::string sign(std::string_view secret, std::string_view timestamp, std::string_view body)
{
    return "v1=" + to_hex(hmac_sha256(
                       as_bytes(secret), {as_bytes(timestamp), as_bytes("."), as_bytes(body)}));
}

} // namespace

std::string_view to_string(PcAccountStatus status)
{
    switch (status) {
    case PcAccountStatus::active: return "active";
    case PcAccountStatus::suspended: return "suspended";
    case PcAccountStatus::expired: return "expired";
    }
    return "active";
}

std::optional<PcAccountStatus> parse_pc_account_status(std::string_view text)
{
    for (const auto status :
         {PcAccountStatus::active, PcAccountStatus::suspended, PcAccountStatus::expired})
        if (to_string(status) == text) return status;
    return std::nullopt;
}

std::int64_t PcChargeRow::refunded_total() const
{
    std::int64_t total = 0;
    for (const PcRefundRow& refund : refunds)
        total += refund.amount;
    return total;
}

const PcAccount& PcSystemModel::put_account(PcAccount account)
{
    if (account.id.empty()) account.id = make_id("m");
    if (account.display_name.empty()) account.display_name = account.user_name;
    return accounts_.insert_or_assign(account.id, account).first->second;
}

PcAccount* PcSystemModel::account(std::string_view id)
{
    const auto found = accounts_.find(std::string{id});
    return found == accounts_.end() ? nullptr : &found->second;
}

const PcAccount* PcSystemModel::find_account(std::string_view id) const
{
    const auto found = accounts_.find(std::string{id});
    return found == accounts_.end() ? nullptr : &found->second;
}

const PcAccount* PcSystemModel::find_user(std::string_view user_name) const
{
    const std::string wanted = folded(user_name);
    for (const auto& [id, account] : accounts_)
        if (folded(account.user_name) == wanted) return &account;
    return nullptr;
}

bool PcSystemModel::set_balance(
    std::string_view id, std::int64_t cash, std::int64_t bonus, UtcTime now)
{
    PcAccount* member = account(id);
    if (member == nullptr) return false;
    member->cash = cash;
    member->bonus = bonus;
    event("balance.changed", member, nullptr, now);
    return true;
}

bool PcSystemModel::set_status(std::string_view id, PcAccountStatus status, UtcTime now)
{
    PcAccount* member = account(id);
    if (member == nullptr) return false;
    member->status = status;
    event("member.updated", member, nullptr, now);
    return true;
}

Result<PcChargeRow, PcRefusal> PcSystemModel::charge(
    std::string_view member_id, std::int64_t amount, std::string reference, std::string description,
    UtcTime now)
{
    if (amount <= 0 || amount > amount_max) return std::unexpected(PcRefusal::invalid);
    PcAccount* member = account(member_id);
    if (member == nullptr) return std::unexpected(PcRefusal::member_not_found);
    if (member->status == PcAccountStatus::suspended) return std::unexpected(PcRefusal::suspended);
    if (member->status == PcAccountStatus::expired) return std::unexpected(PcRefusal::expired);
    if (faults.strikes(PcFault::balance_race, "/v1/charges")) {
        // The member goes on playing: what he pays there is gone before the charge looks.
        const std::int64_t played = std::min(member->cash, amount);
        member->cash -= played;
        played_away_ += played;
    }
    if (member->cash < amount) return std::unexpected(PcRefusal::insufficient);
    member->cash -= amount;
    PcChargeRow row{
        make_id("ch_"), member->id, std::move(reference), std::move(description), amount, now, {}};
    charges_.emplace(row.id, row);
    return row;
}

Result<PcRefundRow, PcRefusal> PcSystemModel::refund(
    std::string_view charge_id, std::int64_t amount, UtcTime)
{
    if (amount <= 0 || amount > amount_max) return std::unexpected(PcRefusal::invalid);
    const auto found = charges_.find(std::string{charge_id});
    if (found == charges_.end()) return std::unexpected(PcRefusal::charge_not_found);
    PcChargeRow& row = found->second;
    if (row.refunded_total() + amount > row.amount) return std::unexpected(PcRefusal::over_refund);
    PcAccount* member = account(row.member_id);
    if (member == nullptr) return std::unexpected(PcRefusal::member_not_found);
    member->cash += amount;
    row.refunds.push_back({make_id("rf_"), amount});
    return row.refunds.back();
}

const PcChargeRow* PcSystemModel::find_charge(std::string_view id) const
{
    const auto found = charges_.find(std::string{id});
    return found == charges_.end() ? nullptr : &found->second;
}

std::vector<const PcChargeRow*> PcSystemModel::charges_of(std::string_view reference) const
{
    std::vector<const PcChargeRow*> found;
    for (const auto& [id, row] : charges_)
        if (row.reference == reference) found.push_back(&row);
    return found;
}

std::int64_t PcSystemModel::net_charged() const
{
    std::int64_t total = 0;
    for (const auto& [id, row] : charges_)
        total += row.amount - row.refunded_total();
    return total;
}

const PcStoredAnswer* PcSystemModel::stored_answer(std::string_view key) const
{
    const auto found = answers_.find(key);
    return found == answers_.end() ? nullptr : &found->second;
}

void PcSystemModel::store_answer(std::string key, PcStoredAnswer answer)
{
    answers_.emplace(std::move(key), std::move(answer));
}

bool PcSystemModel::log_in_at(std::string_view user_name, std::string pc_name, UtcTime now)
{
    const PcAccount* member = find_user(user_name);
    if (member == nullptr || pc_name.empty() || seats_.contains(pc_name)) return false;
    const auto seat = seats_.emplace(pc_name, PcSeat{make_id("s"), member->id, pc_name, now}).first;
    event("session.started", member, &seat->second, now);
    return true;
}

bool PcSystemModel::log_out_at(std::string_view pc_name, UtcTime now)
{
    const auto seat = seats_.find(std::string{pc_name});
    if (seat == seats_.end()) return false;
    const PcSeat left = seat->second;
    seats_.erase(seat);
    event("session.ended", find_account(left.member_id), &left, now);
    return true;
}

bool PcSystemModel::move(std::string_view from_pc, std::string to_pc, UtcTime now)
{
    const auto seat = seats_.find(std::string{from_pc});
    if (seat == seats_.end() || to_pc.empty() || seats_.contains(to_pc)) return false;
    PcSeat moved = seat->second;
    seats_.erase(seat);
    moved.pc_name = to_pc;
    seats_.emplace(to_pc, moved);
    event("session.moved", find_account(moved.member_id), &moved, now, from_pc, to_pc);
    return true;
}

void PcSystemModel::heartbeat(UtcTime now)
{
    event("heartbeat", nullptr, nullptr, now);
}

UtcTime PcSystemModel::cafe_time(UtcTime now)
{
    return faults.strikes(PcFault::clock_skew, "") ? now + faults.skew : now;
}

void PcSystemModel::event(
    std::string_view type, const PcAccount* member, const PcSeat* seat, UtcTime now,
    std::string_view from_pc, std::string_view to_pc)
{
    boost::json::object body;
    const std::string id = make_id("evt_");
    body["event_id"] = id;
    body["type"] = type;
    body["branch_id"] = settings.branch_id;
    if (member != nullptr) {
        body["username"] = member->user_name;
        body["member_id"] = member->id;
    }
    if (seat != nullptr) {
        body["pc_name"] = seat->pc_name;
        body["session_id"] = seat->session_id;
    }
    if (!from_pc.empty()) body["from_pc"] = from_pc;
    if (!to_pc.empty()) body["to_pc"] = to_pc;
    body["occurred_at"] = to_rfc3339(now);
    std::string text = boost::json::serialize(body);
    events_.push_back({next_cursor_++, id, text});
    if (events_.size() > events_kept_max) events_.pop_front();
    if (settings.webhook_secret.empty()) return;

    PcWebhook webhook{id, std::move(text), now, now, 0};
    if (faults.strikes(PcFault::duplicate_webhook, type)) queue_webhook(webhook);
    if (faults.strikes(PcFault::reordered_webhook, type)) webhook.due += Seconds{5};
    queue_webhook(std::move(webhook));
}

std::vector<PcEventRow> PcSystemModel::events_after(std::uint64_t cursor, std::size_t count) const
{
    std::vector<PcEventRow> found;
    for (const PcEventRow& row : events_) {
        if (found.size() == count) break;
        if (row.cursor > cursor) found.push_back(row);
    }
    return found;
}

void PcSystemModel::queue_webhook(PcWebhook webhook)
{
    const auto later = [](const PcWebhook& a, const PcWebhook& b) { return a.due < b.due; };
    const auto place = std::upper_bound(webhooks_.begin(), webhooks_.end(), webhook, later);
    webhooks_.insert(place, std::move(webhook));
    if (webhooks_.size() > webhooks_max) webhooks_.pop_front();
}

std::optional<UtcTime> PcSystemModel::next_webhook_due() const
{
    if (webhooks_.empty()) return std::nullopt;
    return webhooks_.front().due;
}

std::optional<PcSignedWebhook> PcSystemModel::take_webhook(UtcTime now)
{
    if (webhooks_.empty() || webhooks_.front().due > now) return std::nullopt;
    PcSignedWebhook out{std::move(webhooks_.front()), {}, {}};
    webhooks_.pop_front();
    const UtcTime stamped = cafe_time(now);
    out.timestamp = std::to_string(to_unix_ms(stamped) / 1000);
    const bool forged = faults.strikes(PcFault::wrong_signature, "");
    out.signature =
        sign(forged ? "not the secret" : settings.webhook_secret, out.timestamp, out.webhook.body);
    for (const std::string& secret : settings.rotating)
        if (!forged) out.signature += "," + sign(secret, out.timestamp, out.webhook.body);
    return out;
}

void PcSystemModel::webhook_answered(PcWebhook webhook, std::optional<int> status, UtcTime now)
{
    const bool taken = status && *status >= 200 && *status < 300;
    const bool refused = status && (*status == 400 || *status == 401 || *status == 403);
    if (taken || refused || now - webhook.first_due > webhook_given_up_after) return;
    ++webhook.tries;
    const BackoffPolicy policy{.first = 500ms, .wait_max = 300'000ms, .jitter_percent = 0};
    webhook.due = now + backoff_after(policy, webhook.tries, 0);
    queue_webhook(std::move(webhook));
}

} // namespace iwas::sim
