#include "sim/payment/bank/feed.hpp"

namespace iwas::sim::bank {

namespace {

constexpr std::size_t answers_max = 100'000;
constexpr auto limit_window = Seconds{1};

} // namespace

BankFeed::BankFeed(Bank& bank, std::uint64_t seed)
    : GatewayFace{seed}, schedule{0min, 1min, 2min, 4min, 7min, 12min, 20min, 33min}, bank_{bank}
{
    bank.add_watcher(*this);
}

void BankFeed::transfer_made(const Transfer& transfer)
{
    agenda_.at(
        transfer.visible_at, [this, &transfer](UtcTime due) { transfer_shown(transfer, due); });
}

void BankFeed::notice_answered(const Notice& notice, const NoticeAnswer& answer, UtcTime now)
{
    if (answers.size() < answers_max)
        answers.push_back({notice.subject, answer.status, answer.body, notice.tries, now});
    const std::size_t next = notice.tries + 1;
    if (is_accepted(answer) || next >= schedule.size()) return;
    // The schedule counts from the first sending; what passed between two of its entries is waited.
    repeat_notice(notice, now + (schedule[next] - schedule[next - 1]));
}

ToldTransfer told(GatewayFaults& faults, const Transfer& transfer)
{
    const std::string& subject = transfer.memo;
    ToldTransfer told{transfer.amount, transfer.account, transfer.content};
    if (faults.strikes(GatewayFault::wrong_amount, subject)) told.amount += Money{faults.told_more};
    if (faults.strikes(GatewayFault::wrong_merchant, subject)) told.account = "99990000111122";
    if (faults.strikes(GatewayFault::unknown_order, subject)) told.content = "IWASZZ99ZZ99";
    if (faults.strikes(GatewayFault::vietnamese_text, subject))
        told.content += " chuyển tiền mua gói 2 giờ/ngày";
    told.amount_is_text = faults.strikes(GatewayFault::number_as_text, subject);
    told.has_extra = faults.strikes(GatewayFault::extra_members, subject);
    return told;
}

boost::json::value amount_json(Money amount, bool as_text)
{
    if (as_text) return boost::json::value(std::to_string(amount.vnd()));
    return boost::json::value(amount.vnd());
}

bool CallLimit::allows(std::string_view key, UtcTime now)
{
    std::deque<UtcTime>& calls = recent_[std::string{key}];
    while (!calls.empty() && calls.front() + limit_window <= now)
        calls.pop_front();
    if (calls.size() >= calls_max_) return false;
    calls.push_back(now);
    return true;
}

} // namespace iwas::sim::bank
