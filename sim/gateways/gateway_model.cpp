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

} // namespace

ports::ReceivedMoney GatewayModel::keep(Movement movement)
{
    ports::ReceivedMoney& money = movement.listed.money;
    money.gateway_id = "g" + std::to_string(++payments_);
    money.paid_at = clock_.utc_now();
    const std::string id = money.gateway_id;
    return movements_.emplace(id, std::move(movement)).first->second.listed.money;
}

std::optional<ports::ReceivedMoney> GatewayModel::pay(const std::string& order_id, Money amount)
{
    const auto order = orders_.find(order_id);
    if (order == orders_.end()) return std::nullopt;
    auto money = keep(
        {.listed = {.order_id = order_id, .money = {.gateway_id = {}, .amount = amount}},
         .account = order->second.account});
    order->second.received.push_back(money);
    return money;
}

ports::ReceivedMoney GatewayModel::transfer(
    const domain::PaymentAccountId& account, Money amount, std::string memo)
{
    return keep(
        {.listed =
             {.order_id = {},
              .money =
                  {.gateway_id = {}, .amount = amount, .paid_at = {}, .memo = std::move(memo)}},
         .account = account});
}

ports::ReceivedMoney GatewayModel::enter(
    const domain::PaymentAccountId& account, const std::string& order_id, Money amount,
    UtcTime paid_at)
{
    const auto order = orders_.find(order_id);
    ports::ReceivedMoney money = keep(
        {.listed =
             {.order_id = order == orders_.end() ? std::string{} : order_id,
              .money = {.gateway_id = {}, .amount = amount}},
         .account = account});
    money.paid_at = paid_at;
    movements_.at(money.gateway_id).listed.money.paid_at = paid_at;
    if (order != orders_.end()) order->second.received.push_back(money);
    return money;
}

void GatewayModel::refuse(const std::string& order_id)
{
    const auto order = orders_.find(order_id);
    if (order != orders_.end()) order->second.is_refused = true;
}

void GatewayModel::doubt(const std::string& order_id)
{
    const auto order = orders_.find(order_id);
    if (order != orders_.end()) order->second.is_doubted = true;
}

bool GatewayModel::reverse(const std::string& gateway_id)
{
    const auto found = movements_.find(gateway_id);
    if (found == movements_.end()) return false;
    Movement& movement = found->second;
    if (movement.is_reversed || movement.refunded > Money{}) return false;
    movement.is_reversed = true;
    const auto order = orders_.find(movement.listed.order_id);
    if (order != orders_.end()) {
        std::erase_if(order->second.received, [&](const ports::ReceivedMoney& each) {
            return each.gateway_id == gateway_id;
        });
        order->second.is_refused = true;
    }
    return true;
}

void GatewayModel::forget(const std::string& gateway_id)
{
    movements_.erase(gateway_id);
    for (auto& [id, order] : orders_)
        std::erase_if(order.received, [&](const ports::ReceivedMoney& each) {
            return each.gateway_id == gateway_id;
        });
}

void GatewayModel::change_amount(const std::string& gateway_id, Money amount)
{
    const auto found = movements_.find(gateway_id);
    if (found != movements_.end()) found->second.listed.money.amount = amount;
    for (auto& [id, order] : orders_)
        for (ports::ReceivedMoney& each : order.received)
            if (each.gateway_id == gateway_id) each.amount = amount;
}

void GatewayModel::make_refund(const std::string& refund_id)
{
    const auto refund = refunds_.find(refund_id);
    if (refund != refunds_.end()) refund->second.state = ports::RefundState::done;
}

void GatewayModel::fail_refund(const std::string& refund_id)
{
    const auto refund = refunds_.find(refund_id);
    if (refund == refunds_.end()) return;
    const bool had_gone_back = refund->second.state != ports::RefundState::failed;
    refund->second.state = ports::RefundState::failed;
    const auto paid = movements_.find(refund->second.asked.gateway_id);
    if (had_gone_back && paid != movements_.end())
        paid->second.refunded -= refund->second.asked.amount;
}

Money GatewayModel::taken() const
{
    Money sum;
    for (const auto& [id, each] : movements_)
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
        status.state =
            order->second.is_doubted ? ports::PaymentState::held : ports::PaymentState::paid;
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
    if (refund.state != ports::RefundState::pending) return told;
    refund.state = slow_refunds_fail ? ports::RefundState::failed : ports::RefundState::done;
    const auto paid = movements_.find(refund.asked.gateway_id);
    if (slow_refunds_fail && paid != movements_.end()) paid->second.refunded -= refund.asked.amount;
    return told;
}

bool GatewayModel::can_give_back(const ports::RefundOrder& order) const
{
    const auto paid = movements_.find(order.gateway_id);
    if (paid == movements_.end()) return true;
    const Movement& movement = paid->second;
    return !movement.is_reversed &&
           movement.refunded + order.amount <= movement.listed.money.amount;
}

awaitable<GatewayAnswer<ports::RefundStatus>> GatewayModel::refund(
    domain::PaymentAccountId, ports::RefundOrder order, SteadyTime)
{
    const std::string id = order.refund_id;
    Refund fresh{.asked = order};
    if (refunds_fail || !can_give_back(order))
        fresh.state = ports::RefundState::failed;
    else if (!refunds_take_time)
        fresh.state = ports::RefundState::done;
    const auto [found, is_new] = refunds_.try_emplace(id, std::move(fresh));
    Refund& refund = found->second;
    const auto paid = movements_.find(order.gateway_id);
    if (is_new && refund.state != ports::RefundState::failed && paid != movements_.end())
        paid->second.refunded += order.amount;
    if (refund_fails) co_return failed(*refund_fails);
    co_return status_of(refund);
}

awaitable<GatewayAnswer<ports::RefundStatus>> GatewayModel::find_refund(
    domain::PaymentAccountId, ports::RefundOrder order, SteadyTime)
{
    ++refund_questions_;
    if (find_fails) co_return failed(*find_fails);
    if (silent_refunds.contains(order.refund_id)) co_return failed(GatewayError::unknown);
    const auto refund = refunds_.find(order.refund_id);
    if (refund == refunds_.end()) co_return failed(GatewayError::not_found);
    co_return status_of(refund->second);
}

bool GatewayModel::agree(const std::string& order_id)
{
    const auto binding = bindings_.find(order_id);
    if (binding == bindings_.end()) return false;
    binding->second.state = ports::BindingState::bound;
    return true;
}

bool GatewayModel::refuse_binding(const std::string& order_id)
{
    const auto binding = bindings_.find(order_id);
    if (binding == bindings_.end()) return false;
    binding->second.state = ports::BindingState::failed;
    return true;
}

std::size_t GatewayModel::agreements() const
{
    std::size_t count = 0;
    for (const auto& [order, binding] : bindings_)
        if (binding.state == ports::BindingState::bound) ++count;
    return count;
}

bool GatewayModel::is_good(const ports::BoundToken& token) const
{
    const auto binding = bindings_.find(token.binding_id);
    return binding != bindings_.end() && binding->second.state == ports::BindingState::bound &&
           binding->second.token.token.reveal() == token.token.reveal();
}

ports::BindingStatus GatewayModel::status_of(const Binding& binding) const
{
    ports::BindingStatus status{.state = binding.state, .token = {}, .code = "model"};
    if (binding.state == ports::BindingState::bound) {
        status.token = binding.token;
        status.token->expires_at = tokens_end_at;
    }
    return status;
}

awaitable<GatewayAnswer<domain::Invitation>> GatewayModel::bind(
    domain::PaymentAccountId, ports::PaymentOrder order, SteadyTime)
{
    if (create_fails) co_return failed(*create_fails);
    const std::string id = order.order_id;
    bindings_.try_emplace(
        id, Binding{
                .token = {
                    .token = SecretText{"token-" + id},
                    .binding_id = id,
                    .label = "09****123",
                    .expires_at = {}}});
    co_return domain::Invitation{.pay_url = "http://127.0.0.1/bind/" + id};
}

awaitable<GatewayAnswer<ports::BindingStatus>> GatewayModel::find_binding(
    domain::PaymentAccountId, ports::PaymentOrder order, SteadyTime)
{
    if (find_fails) co_return failed(*find_fails);
    const auto binding = bindings_.find(order.order_id);
    if (binding == bindings_.end()) co_return failed(GatewayError::not_found);
    co_return status_of(binding->second);
}

awaitable<GatewayAnswer<void>> GatewayModel::unbind(
    domain::PaymentAccountId, ports::PaymentOrder, ports::BoundToken token, SteadyTime)
{
    if (unbind_fails) co_return failed(*unbind_fails);
    if (!is_good(token)) co_return failed(GatewayError::not_found);
    bindings_.erase(token.binding_id);
    co_return GatewayAnswer<void>{};
}

awaitable<GatewayAnswer<ports::PaymentStatus>> GatewayModel::charge(
    domain::PaymentAccountId account, ports::PaymentOrder order, ports::BoundToken token,
    SteadyTime)
{
    ++charges_;
    if (charge_fails) co_return failed(*charge_fails);
    if (!is_good(token)) co_return failed(GatewayError::not_found);
    const std::string id = order.order_id;
    const Money amount = order.amount;
    const bool is_new =
        orders_.try_emplace(id, Order{.asked = std::move(order), .account = std::move(account)})
            .second;
    if (!is_new) co_return failed(GatewayError::duplicate);
    ports::PaymentStatus status;
    if (charges_ask) {
        status.invitation = domain::Invitation{.pay_url = "http://127.0.0.1/confirm/" + id};
        co_return status;
    }
    if (charges_take_time) co_return status;
    (void)pay(id, amount);
    if (charge_lost) co_return failed(*charge_lost);
    status.state = ports::PaymentState::paid;
    status.received = orders_.at(id).received;
    co_return status;
}

awaitable<GatewayAnswer<std::vector<ports::ListedPayment>>> GatewayModel::list(
    domain::PaymentAccountId account, UtcTime from, UtcTime to, SteadyTime)
{
    if (without_list.contains(account)) co_return failed(GatewayError::not_supported);
    if (find_fails) co_return failed(*find_fails);
    std::vector<ports::ListedPayment> found;
    for (const auto& [id, each] : movements_) {
        const UtcTime paid_at = each.listed.money.paid_at;
        const bool is_listed = each.account == account && !each.is_reversed;
        if (is_listed && paid_at >= from && paid_at < to) found.push_back(each.listed);
    }
    co_return found;
}

} // namespace iwas::sim
