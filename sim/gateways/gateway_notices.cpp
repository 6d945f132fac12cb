// How GatewayModel spells what it tells IWAS: words in a line, signed with one.
#include "sim/gateways/gateway_model.hpp"

#include <charconv>

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
    if (what == "failed") {
        notice.status = {
            .state = ports::PaymentState::failed,
            .reason = domain::TransactionReason::declined,
            .code = "refused"};
        return notice;
    }
    const std::string amount = word(rest);
    std::int64_t vnd = 0;
    const auto read = std::from_chars(amount.data(), amount.data() + amount.size(), vnd);
    if ((what != "paid" && what != "held") || read.ec != std::errc{} ||
        read.ptr != amount.data() + amount.size())
        return std::unexpected{ports::NoticeError::malformed};
    notice.status.state = what == "held" ? ports::PaymentState::held : ports::PaymentState::paid;
    notice.status.received.push_back(
        {.gateway_id = word(rest), .amount = Money{vnd}, .paid_at = request.now});
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
    case ports::NoticeOutcome::not_kept: return {503, "text/plain", "not kept"};
    case ports::NoticeOutcome::refused: return {401, "text/plain", "refused"};
    }
    return {503, "", ""};
}

} // namespace iwas::sim
