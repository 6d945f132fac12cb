// BankFeed: what services that watch bank accounts have in common: they learn of a transfer when
// the statement shows it, tell of it by webhooks, and repeat these by a schedule.
#pragma once

#include "sim/payment/agenda.hpp"
#include "sim/payment/bank/bank.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <deque>
#include <vector>

namespace iwas::sim::bank {

/// An answer to a webhook, for tests.
struct WebhookAnswer {
    std::string subject;
    std::optional<int> status;
    std::string body;
    unsigned tries = 0;
    UtcTime at;
};

class BankFeed : public GatewayFace, public TransferWatcher {
public:
    /// Watches `bank`, which outlives the feed.
    BankFeed(Bank& bank, std::uint64_t seed);

    /// When a webhook is sent, after the first time; one that was not answered well is sent again
    /// until these are used up. Minutes are from SePay's text (0, 1, 2, 4, 7, 12, 20, 33); other
    /// services publish none.
    std::vector<Milliseconds> schedule;
    std::vector<WebhookAnswer> answers;

    void transfer_made(const Transfer& transfer) final;
    void notice_answered(const Notice& notice, const NoticeAnswer& answer, UtcTime now) override;

protected:
    /// The statement shows the transfer now.
    virtual void transfer_shown(const Transfer& transfer, UtcTime now) = 0;
    /// Whether the answer ends the repetitions.
    [[nodiscard]] virtual bool is_accepted(const NoticeAnswer& answer) const = 0;
    void settle(UtcTime now) override { agenda_.run(now); }
    [[nodiscard]] std::optional<UtcTime> next_settlement() const override { return agenda_.next(); }

    Bank& bank_;
    Agenda agenda_;
};

/// A transfer as a webhook tells it: the truth, or what faults make of it.
struct ToldTransfer {
    Money amount;
    std::string account;
    std::string content;
    bool amount_is_text = false;
    bool has_extra = false;
};
/// Draws the faults that strike; `subject` is the transfer's memo.
ToldTransfer told(GatewayFaults& faults, const Transfer& transfer);

/// The amount as a JSON number, or as text.
boost::json::value amount_json(Money amount, bool as_text);

/// At most `calls_max` calls within one second for each key.
class CallLimit {
public:
    explicit CallLimit(unsigned calls_max) : calls_max_{calls_max} {}
    /// False when the call is one too many.
    [[nodiscard]] bool allows(std::string_view key, UtcTime now);

private:
    unsigned calls_max_;
    std::map<std::string, std::deque<UtcTime>, std::less<>> recent_;
};

} // namespace iwas::sim::bank
