#include "sim/gateways/gateway_model.hpp"

#include <charconv>

namespace iwas::sim {

using ports::GatewayAnswer;
using ports::GatewayError;
using ports::GatewayFailure;

namespace {

std::unexpected<GatewayFailure> failed(GatewayError error)
{
    return std::unexpected{GatewayFailure{.error = error, .code = "model"}};
}

std::string hexadecimal(std::uint64_t value)
{
    std::array<char, 17> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + 16, value, 16);
    return {digits.data(), end.ptr};
}

/// The next word of `text`, which loses it.
std::string word(std::string_view& text)
{
    const std::size_t end = std::min(text.find(' '), text.size());
    std::string first{text.substr(0, end)};
    text.remove_prefix(std::min(end + 1, text.size()));
    return first;
}

} // namespace

std::optional<ports::ReceivedMoney> GatewayModel::pay(const std::string& order_id, Money amount)
{
    const auto order = orders_.find(order_id);
    if (order == orders_.end()) return std::nullopt;
    ports::ReceivedMoney money{
        .gateway_id = "g" + std::to_string(++payments_),
        .amount = amount,
        .paid_at = clock_.utc_now(),
    };
    order->second.received.push_back(money);
    transfers_.push_back({order->second.account, {.order_id = order_id, .money = money}});
    return money;
}

ports::ReceivedMoney GatewayModel::transfer(
    const domain::PaymentAccountId& account, Money amount, std::string memo)
{
    ports::ReceivedMoney money{
        .gateway_id = "g" + std::to_string(++payments_),
        .amount = amount,
        .paid_at = clock_.utc_now(),
        .memo = std::move(memo),
    };
    transfers_.push_back({account, {.order_id = {}, .money = money}});
    return money;
}

void GatewayModel::refuse(const std::string& order_id)
{
    const auto order = orders_.find(order_id);
    if (order != orders_.end()) order->second.is_refused = true;
}

void GatewayModel::forget(const std::string& gateway_id)
{
    std::erase_if(transfers_, [&](const Transfer& each) {
        return each.listed.money.gateway_id == gateway_id;
    });
    for (auto& [id, order] : orders_)
        std::erase_if(order.received, [&](const ports::ReceivedMoney& each) {
            return each.gateway_id == gateway_id;
        });
}

void GatewayModel::change_amount(const std::string& gateway_id, Money amount)
{
    for (Transfer& each : transfers_)
        if (each.listed.money.gateway_id == gateway_id) each.listed.money.amount = amount;
    for (auto& [id, order] : orders_)
        for (ports::ReceivedMoney& each : order.received)
            if (each.gateway_id == gateway_id) each.amount = amount;
}

void GatewayModel::make_refund(const std::string& refund_id)
{
    const auto refund = refunds_.find(refund_id);
    if (refund != refunds_.end()) refund->second.state = ports::RefundState::done;
}

Money GatewayModel::taken() const
{
    Money sum;
    for (const Transfer& each : transfers_)
        sum += each.listed.money.amount;
    return sum;
}

Money GatewayModel::given_back() const
{
    Money sum;
    for (const auto& [id, refund] : refunds_)
        if (refund.state == ports::RefundState::done) sum += refund.asked.amount;
    return sum;
}

std::string GatewayModel::new_order_id(
    const domain::PaymentAccount&, UtcTime, std::uint64_t chance) const
{
    return "IW" + hexadecimal(chance);
}

std::string GatewayModel::new_refund_id(
    const domain::PaymentAccount&, UtcTime, std::uint64_t chance) const
{
    return "RF" + hexadecimal(chance);
}

awaitable<GatewayAnswer<domain::Invitation>> GatewayModel::create(
    domain::PaymentAccountId account, ports::PaymentOrder order, SteadyTime)
{
    if (create_fails) co_return failed(*create_fails);
    const std::string id = order.order_id;
    orders_.try_emplace(id, Order{.asked = std::move(order), .account = std::move(account)});
    co_return domain::Invitation{
        .pay_url = "http://127.0.0.1/pay/" + id, .deep_link = "", .qr_text = "pay " + id};
}

awaitable<GatewayAnswer<ports::PaymentStatus>> GatewayModel::find(
    domain::PaymentAccountId, ports::PaymentQuery query, SteadyTime)
{
    if (find_fails) co_return failed(*find_fails);
    const auto order = orders_.find(query.order_id);
    if (order == orders_.end()) co_return failed(GatewayError::not_found);
    ports::PaymentStatus status;
    status.received = order->second.received;
    if (!status.received.empty())
        status.state = ports::PaymentState::paid;
    else if (order->second.is_refused)
        status = {
            .state = ports::PaymentState::failed,
            .reason = domain::TransactionReason::declined,
            .code = "refused"};
    co_return status;
}

ports::RefundStatus GatewayModel::status_of(Refund& refund)
{
    const ports::RefundStatus told{
        .state = refund.state, .gateway_id = "r-" + refund.asked.refund_id, .code = "model"};
    if (refund.state == ports::RefundState::pending) refund.state = ports::RefundState::done;
    return told;
}

awaitable<GatewayAnswer<ports::RefundStatus>> GatewayModel::refund(
    domain::PaymentAccountId, ports::RefundOrder order, SteadyTime)
{
    const std::string id = order.refund_id;
    Refund fresh{.asked = std::move(order)};
    if (refunds_fail)
        fresh.state = ports::RefundState::failed;
    else if (!refunds_take_time)
        fresh.state = ports::RefundState::done;
    Refund& refund = refunds_.try_emplace(id, std::move(fresh)).first->second;
    if (refund_fails) co_return failed(*refund_fails);
    co_return status_of(refund);
}

awaitable<GatewayAnswer<ports::RefundStatus>> GatewayModel::find_refund(
    domain::PaymentAccountId, ports::RefundOrder order, SteadyTime)
{
    if (find_fails) co_return failed(*find_fails);
    const auto refund = refunds_.find(order.refund_id);
    if (refund == refunds_.end()) co_return failed(GatewayError::not_found);
    co_return status_of(refund->second);
}

awaitable<GatewayAnswer<domain::Invitation>> GatewayModel::bind(
    domain::PaymentAccountId, ports::PaymentOrder order, SteadyTime)
{
    if (create_fails) co_return failed(*create_fails);
    const std::string id = order.order_id;
    bindings_.try_emplace(
        id, ports::BoundToken{
                .token = SecretText{"token-" + id}, .binding_id = id, .label = "09****123"});
    co_return domain::Invitation{.pay_url = "http://127.0.0.1/bind/" + id};
}

awaitable<GatewayAnswer<ports::BindingStatus>> GatewayModel::find_binding(
    domain::PaymentAccountId, ports::PaymentOrder order, SteadyTime)
{
    if (find_fails) co_return failed(*find_fails);
    const auto binding = bindings_.find(order.order_id);
    if (binding == bindings_.end()) co_return failed(GatewayError::not_found);
    co_return ports::BindingStatus{
        .state = ports::BindingState::bound, .token = binding->second, .code = "model"};
}

awaitable<GatewayAnswer<void>> GatewayModel::unbind(
    domain::PaymentAccountId, ports::PaymentOrder, ports::BoundToken token, SteadyTime)
{
    if (bindings_.erase(token.binding_id) == 0) co_return failed(GatewayError::not_found);
    co_return GatewayAnswer<void>{};
}

awaitable<GatewayAnswer<ports::PaymentStatus>> GatewayModel::charge(
    domain::PaymentAccountId account, ports::PaymentOrder order, ports::BoundToken token,
    SteadyTime)
{
    if (create_fails) co_return failed(*create_fails);
    if (!bindings_.contains(token.binding_id)) co_return failed(GatewayError::not_found);
    const std::string id = order.order_id;
    const Money amount = order.amount;
    const bool is_new =
        orders_.try_emplace(id, Order{.asked = std::move(order), .account = std::move(account)})
            .second;
    if (is_new) (void)pay(id, amount);
    co_return ports::PaymentStatus{
        .state = ports::PaymentState::paid, .received = orders_.at(id).received};
}

awaitable<GatewayAnswer<std::vector<ports::ListedPayment>>> GatewayModel::list(
    domain::PaymentAccountId account, UtcTime from, UtcTime to, SteadyTime)
{
    if (without_list.contains(account)) co_return failed(GatewayError::not_supported);
    if (find_fails) co_return failed(*find_fails);
    std::vector<ports::ListedPayment> found;
    for (const auto& [of, listed] : transfers_)
        if (of == account && listed.money.paid_at >= from && listed.money.paid_at < to)
            found.push_back(listed);
    co_return found;
}

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
    if (what != "paid" || read.ec != std::errc{} || read.ptr != amount.data() + amount.size())
        return std::unexpected{ports::NoticeError::malformed};
    notice.status.state = ports::PaymentState::paid;
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
