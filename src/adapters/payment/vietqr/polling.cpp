#include "adapters/payment/vietqr/polling.hpp"

#include "adapters/payment/plans.hpp"

#include <set>

namespace iwas::adapters::vietqr_feeds {

namespace {

struct Question {
    std::size_t feed = 0; // of the account
    FeedQuestion question;
};

/// A value: each step has its own, so that reading an answer twice does no harm.
struct Poll {
    domain::PaymentAccount account;
    std::vector<Question> questions; // the last comes next
    std::set<std::string> seen;
    std::size_t calls = 0;
    TransferList list;
};

void take(Poll& poll, const Question& asked, Result<FeedPage, ports::GatewayFailure> page)
{
    if (!page) {
        poll.list.failure = page.error();
        // The other questions to this feed would end in the same way.
        std::erase_if(poll.questions, [&](const Question& q) { return q.feed == asked.feed; });
        return;
    }
    if (page->failure) poll.list.failure = page->failure;
    for (const BankTransfer& transfer : page->transfers) {
        if (transfer.amount == Money{0} || transfer.is_test || !is_of(transfer, poll.account))
            continue;
        if (poll.seen.insert(gateway_id_of(transfer)).second)
            poll.list.payments.push_back({order_of(transfer), money_of(transfer)});
    }
    for (const FeedQuestion& further : page->further)
        poll.questions.push_back({asked.feed, further});
}

template <class T>
GatewayPlan<T> go_on(Poll poll, Finish<T> finish)
{
    if (!poll.questions.empty() && poll.calls == calls_max) {
        poll.questions.clear();
        poll.list.failure = gateway_failure(ports::GatewayError::unknown, "too_many_calls");
    }
    if (poll.questions.empty()) return finish(poll.list);
    const Question asked = poll.questions.back();
    poll.questions.pop_back();
    ++poll.calls;
    const domain::BankFeed& settings = poll.account.feeds[asked.feed];
    const Feed& feed = feed_of(settings.kind);
    std::string base_url = settings.base_url;
    http::OutboundRequest request = feed.request(settings, asked.question);
    // A feed that is down keeps nobody from the others.
    auto without = [poll, finish, asked](const ports::GatewayFailure& failure) {
        Poll next = poll;
        take(next, asked, std::unexpected(failure));
        return go_on<T>(std::move(next), finish);
    };
    return GatewayStep<T>{
        std::move(base_url), std::move(request),
        [poll = std::move(poll), finish = std::move(finish), asked,
         &feed](const http::InboundResponse& response) {
            Poll next = poll;
            take(next, asked, feed.read_page(asked.question, response));
            return go_on<T>(std::move(next), finish);
        },
        call_spacing, std::move(without)};
}

} // namespace

template <class T>
GatewayPlan<T> poll(
    const domain::PaymentAccount& account, UtcTime from, UtcTime to, Finish<T> finish)
{
    Poll poll;
    poll.account = account;
    const UtcTime first = std::chrono::floor<Seconds>(from);
    const UtcTime last = std::chrono::ceil<Seconds>(to);
    for (std::size_t i = account.feeds.size(); i-- > 0;)
        if (!account.feeds[i].base_url.empty() && !account.feeds[i].api_token.empty())
            poll.questions.push_back({i, {.from = first, .to = last}});
    if (poll.questions.empty() || from > to)
        return failed_plan<T>(ports::GatewayError::not_supported, "no_feed");
    return go_on<T>(std::move(poll), std::move(finish));
}

template GatewayPlan<ports::PaymentStatus> poll(
    const domain::PaymentAccount&, UtcTime, UtcTime, Finish<ports::PaymentStatus>);
template GatewayPlan<TransferList> poll(
    const domain::PaymentAccount&, UtcTime, UtcTime, Finish<TransferList>);
template GatewayPlan<std::vector<ports::ListedPayment>> poll(
    const domain::PaymentAccount&, UtcTime, UtcTime, Finish<std::vector<ports::ListedPayment>>);

} // namespace iwas::adapters::vietqr_feeds
