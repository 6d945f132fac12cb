// How GatewayModel spells what it tells IWAS: words in a line, signed with one.
#include "sim/gateways/gateway_model.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace iwas::sim {

namespace {

/// The next word of `text`, which loses it.
std::string word(std::string_view& text)
{
    const std::size_t end = std::min(text.find(' '), text.size());
    std::string first{text.substr(0, end)};
    text.remove_prefix(std::min(end + 1, text.size()));
    return first;
}

std::optional<Money> amount_in(const std::string& text)
{
    std::int64_t vnd = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), vnd);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return Money{vnd};
}

/// Why the payer's side said no.
std::optional<domain::TransactionReason> refusal_in(std::string_view what)
{
    if (what == "failed") return domain::TransactionReason::declined;
    if (what == "short") return domain::TransactionReason::insufficient_balance;
    if (what == "locked") return domain::TransactionReason::account_suspended;
    return std::nullopt;
}

/// Transfers of a bank account in one notice: order, amount and payment, again and again. One whose
/// amount is none cannot be read; the others can.
ports::PaymentNotice read_batch(ports::PaymentNotice notice, std::string_view rest, UtcTime now)
{
    notice.kind = ports::NoticeKind::transfers;
    std::string order = std::exchange(notice.order_id, std::string{});
    for (; !order.empty(); order = word(rest)) {
        const auto amount = amount_in(word(rest));
        std::string id = word(rest);
        if (!amount) {
            notice.unread = ports::Unread::amount;
            continue;
        }
        notice.transfers.push_back(
            {order == "-" ? std::string{} : order,
             {.gateway_id = std::move(id), .amount = *amount, .paid_at = now}});
    }
    return notice;
}

} // namespace

Result<ports::PaymentNotice, ports::NoticeError> GatewayModel::read_notice(
    const domain::PaymentAccount&, const ports::NoticeRequest& request) const
{
    if (request.header("X-Signature") != "good")
        return std::unexpected{ports::NoticeError::signature_wrong};
    std::string_view rest = request.body;
    const std::string what = word(rest);
    ports::PaymentNotice notice;
    notice.order_id = word(rest);
    notice.kept_body = std::string{request.body};
    if (what == "asked" || what == "bound" || what == "unbound") {
        notice.kind = ports::NoticeKind::binding;
        const auto binding = bindings_.find(notice.order_id);
        if (what == "bound" && binding != bindings_.end())
            notice.binding = status_of(binding->second);
        if (what == "unbound") notice.binding.state = ports::BindingState::failed;
        return notice;
    }
    if (what == "foreign") {
        notice.kind = ports::NoticeKind::foreign;
        return notice;
    }
    if (what == "garbled") {
        notice.kind = ports::NoticeKind::unreadable;
        notice.unread = ports::Unread::other;
        return notice;
    }
    if (what == "batch") return read_batch(std::move(notice), rest, request.now);
    if (const auto reason = refusal_in(what)) {
        notice.status = {
            .state = ports::PaymentState::failed, .reason = *reason, .code = "refused"};
        notice.status.order_amount = amount_in(word(rest));
        return notice;
    }
    if (what == "waits") {
        notice.status = {.state = ports::PaymentState::pending, .code = "not yet"};
        notice.status.order_amount = amount_in(word(rest));
        return notice;
    }
    const auto amount = amount_in(word(rest));
    if ((what != "paid" && what != "held") || !amount)
        return std::unexpected{ports::NoticeError::malformed};
    notice.status.state = what == "held" ? ports::PaymentState::held : ports::PaymentState::paid;
    notice.status.received.push_back(
        {.gateway_id = word(rest), .amount = *amount, .paid_at = request.now});
    if (notice.order_id == "-") notice.order_id.clear();
    return notice;
}

ports::NoticeReply GatewayModel::reply_to(
    const domain::PaymentAccount&, ports::NoticeOutcome outcome) const
{
    switch (outcome) {
    case ports::NoticeOutcome::recorded: return {200, "text/plain", "recorded"};
    case ports::NoticeOutcome::repeated: return {200, "text/plain", "repeated"};
    case ports::NoticeOutcome::unknown_order: return {200, "text/plain", "unknown order"};
    case ports::NoticeOutcome::wrong_amount: return {200, "text/plain", "wrong amount"};
    case ports::NoticeOutcome::foreign: return {200, "text/plain", "foreign"};
    case ports::NoticeOutcome::unreadable: return {200, "text/plain", "unreadable"};
    case ports::NoticeOutcome::not_kept: return {503, "text/plain", "not kept"};
    case ports::NoticeOutcome::refused: return {401, "text/plain", "refused"};
    }
    return {503, "", ""};
}

} // namespace iwas::sim
