// PcSystemModel: a café's member database in memory: accounts, money, PCs and what happened there.
#pragma once

#include "core/digest.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "sim/pc_system/faults.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::sim {

enum class PcAccountStatus : std::uint8_t { active, suspended, expired };

std::string_view to_string(PcAccountStatus status);
std::optional<PcAccountStatus> parse_pc_account_status(std::string_view text);

struct PcAccount {
    std::string id;
    std::string user_name;
    std::string password;
    std::string display_name;
    std::string group = "default";
    PcAccountStatus status = PcAccountStatus::active;
    std::int64_t cash = 0;  // VND; what charges take
    std::int64_t bonus = 0; // VND; only for play
};

struct PcRefundRow {
    std::string id;
    std::int64_t amount = 0;
};

struct PcChargeRow {
    std::string id;
    std::string member_id;
    std::string reference;
    std::string description;
    std::int64_t amount = 0;
    UtcTime created_at;
    std::vector<PcRefundRow> refunds;

    [[nodiscard]] std::int64_t refunded_total() const;
};

struct PcSeat {
    std::string session_id;
    std::string member_id;
    std::string pc_name;
    UtcTime started_at;
};

/// One entry of the event log, as JSON of the contract.
struct PcEventRow {
    std::uint64_t cursor = 0;
    std::string event_id;
    std::string body;
};

/// A webhook that waits to be sent.
struct PcWebhook {
    std::string event_id;
    std::string body;
    UtcTime due;
    UtcTime first_due;
    unsigned tries = 0;
};
/// A webhook as it goes out: X-IWAS-Timestamp, X-IWAS-Signature and the body.
struct PcSignedWebhook {
    PcWebhook webhook;
    std::string timestamp;
    std::string signature;
};

enum class PcRefusal : std::uint8_t {
    member_not_found,
    charge_not_found,
    suspended,
    expired,
    insufficient,
    over_refund, // refunds would exceed the charge
    invalid,
};

/// The answer that was given to a money request, kept with the key that it carried.
struct PcStoredAnswer {
    Sha256Digest request{};
    int status = 0;
    std::string body;
};

/// Pure: time comes as a parameter, chance from the seed, and nothing is sent from here.
class PcSystemModel {
public:
    struct Settings {
        std::string branch_id = "q7";
        std::string branch_key;            // what Authorization: Bearer must carry
        std::string webhook_secret;        // empty: no webhooks
        std::vector<std::string> rotating; // further secrets that sign too
        std::uint64_t seed = 1;
        bool lists_sessions = true; // else it pushes events only, as some systems do
    };
    explicit PcSystemModel(Settings settings)
        : settings{std::move(settings)}, faults{this->settings.seed}
    {
    }

    Settings settings;
    PcFaults faults;

    /// Adds or replaces. An empty id is given one.
    const PcAccount& put_account(PcAccount account);
    [[nodiscard]] const std::map<std::string, PcAccount>& accounts() const { return accounts_; }
    [[nodiscard]] const PcAccount* find_account(std::string_view id) const;
    /// Without case and surrounding blanks.
    [[nodiscard]] const PcAccount* find_user(std::string_view user_name) const;
    bool set_balance(std::string_view id, std::int64_t cash, std::int64_t bonus, UtcTime now);
    bool set_status(std::string_view id, PcAccountStatus status, UtcTime now);

    /// Takes `amount` from the member's cash.
    Result<PcChargeRow, PcRefusal> charge(
        std::string_view member_id, std::int64_t amount, std::string reference,
        std::string description, UtcTime now);
    Result<PcRefundRow, PcRefusal> refund(
        std::string_view charge_id, std::int64_t amount, UtcTime now);
    /// The book loses a charge, or shows another amount: for tests of what differs.
    void forget_charge(const std::string& charge_id) { charges_.erase(charge_id); }
    void change_charge(const std::string& charge_id, std::int64_t amount)
    {
        const auto found = charges_.find(charge_id);
        if (found != charges_.end()) found->second.amount = amount;
    }
    [[nodiscard]] const std::map<std::string, PcChargeRow>& charges() const { return charges_; }
    [[nodiscard]] const PcChargeRow* find_charge(std::string_view id) const;
    [[nodiscard]] std::vector<const PcChargeRow*> charges_of(std::string_view reference) const;
    /// Money charged and not given back.
    [[nodiscard]] std::int64_t net_charged() const;
    /// Money that play took (balance_race).
    [[nodiscard]] std::int64_t played_away() const { return played_away_; }

    [[nodiscard]] const PcStoredAnswer* stored_answer(std::string_view key) const;
    void store_answer(std::string key, PcStoredAnswer answer);

    /// Members sit down, get up and move. False when the user is unknown or the PC taken or empty.
    bool log_in_at(std::string_view user_name, std::string pc_name, UtcTime now);
    bool log_out_at(std::string_view pc_name, UtcTime now);
    bool move(std::string_view from_pc, std::string to_pc, UtcTime now);
    void heartbeat(UtcTime now);
    [[nodiscard]] const std::map<std::string, PcSeat>& seats() const { return seats_; }

    /// Events after `cursor`, oldest first, at most `count`.
    [[nodiscard]] std::vector<PcEventRow> events_after(
        std::uint64_t cursor, std::size_t count) const;
    [[nodiscard]] std::uint64_t last_cursor() const { return next_cursor_ - 1; }

    /// When the next webhook is due; nothing when none waits.
    [[nodiscard]] std::optional<UtcTime> next_webhook_due() const;
    /// Takes one that is due, signed for `now`. Report what became of it with `webhook_answered`.
    std::optional<PcSignedWebhook> take_webhook(UtcTime now);
    /// `status`: of the answer; nothing when there was none. Queues the next try, for up to 24 h.
    void webhook_answered(PcWebhook webhook, std::optional<int> status, UtcTime now);

    /// The café's clock, which clock_skew puts wrong.
    [[nodiscard]] UtcTime cafe_time(UtcTime now);

private:
    PcAccount* account(std::string_view id);
    void event(
        std::string_view type, const PcAccount* member, const PcSeat* seat, UtcTime now,
        std::string_view from_pc = {}, std::string_view to_pc = {});
    void queue_webhook(PcWebhook webhook);
    std::string make_id(std::string_view prefix)
    {
        return std::string{prefix} + std::to_string(next_id_++);
    }

    std::map<std::string, PcAccount> accounts_;
    std::map<std::string, PcChargeRow> charges_;
    std::map<std::string, PcStoredAnswer, std::less<>> answers_;
    std::map<std::string, PcSeat> seats_; // by PC name
    std::deque<PcEventRow> events_;
    std::deque<PcWebhook> webhooks_;
    std::int64_t played_away_ = 0;
    std::uint64_t next_id_ = 1;
    std::uint64_t next_cursor_ = 1;
};

} // namespace iwas::sim
