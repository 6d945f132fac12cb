#include "adapters/payment/vietqr/mapping.hpp"

#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/plans.hpp"
#include "adapters/payment/transfer_lists.hpp"
#include "adapters/payment/unread_notice.hpp"
#include "adapters/payment/vietqr/polling.hpp"
#include "protocol/vietqr/order_code.hpp"
#include "protocol/vietqr/transfer.hpp"

#include <algorithm>

namespace iwas::adapters {

using domain::Invitation;
using domain::PaymentAccount;
using ports::GatewayError;
using ports::NoticeError;
using ports::PaymentStatus;
using vietqr_feeds::BankTransfer;
using vietqr_feeds::Proof;

namespace {

/// The bank's clock need not be ours.
constexpr Milliseconds clock_difference_max = 10min;

/// Tries every feed. Of several that do not fit, the nearest miss is told.
Result<const domain::BankFeed*, NoticeError> proven_by(
    const PaymentAccount& account, const ports::NoticeRequest& request,
    const vietqr_feeds::FeedWindows& windows)
{
    bool is_old = false;
    for (const domain::BankFeed& feed : account.feeds) {
        switch (vietqr_feeds::feed_of(feed.kind).prove(feed, request, windows)) {
        case Proof::right: return &feed;
        case Proof::too_old: is_old = true; break;
        case Proof::absent:
        case Proof::wrong: break;
        }
    }
    return std::unexpected(is_old ? NoticeError::too_old : NoticeError::signature_wrong);
}

/// The order that all of them pay; empty when there is no such.
std::string common_order(const std::vector<ports::ListedPayment>& transfers)
{
    const std::string& first = transfers.front().order_id;
    const bool is_common = std::ranges::all_of(
        transfers, [&](const ports::ListedPayment& each) { return each.order_id == first; });
    return is_common ? first : std::string{};
}

ports::GatewayAnswer<std::vector<ports::ListedPayment>> listed(
    UtcTime from, UtcTime to, const TransferList& list)
{
    if (list.failure) return std::unexpected(*list.failure);
    std::vector<ports::ListedPayment> payments;
    for (const ports::ListedPayment& each : list.payments)
        if (each.money.paid_at >= from && each.money.paid_at < to) payments.push_back(each);
    return payments;
}

/// What the payer sees as the receiver before his bank looks it up; a longer or marked name is left
/// to the bank.
bool fits_as_name(std::string_view holder)
{
    return !holder.empty() && holder.size() <= iwas::vietqr::label_max &&
           std::ranges::all_of(holder, [](char c) { return c >= ' ' && c <= '~'; });
}

} // namespace

std::string VietqrMapping::new_order_id(
    const PaymentAccount& /*account*/, UtcTime /*now*/, std::uint64_t chance) const
{
    return iwas::vietqr::make_order_code(chance);
}

GatewayPlan<Invitation> VietqrMapping::create(
    const PaymentAccount& account, const ports::PaymentOrder& order,
    const GatewayMoment& /*moment*/) const
{
    if (order.amount <= Money{0}) return failed_plan<Invitation>(GatewayError::refused, "amount");
    iwas::vietqr::Transfer transfer;
    transfer.bank_bin = account.bank_bin;
    transfer.account = account.bank_account;
    transfer.is_dynamic = true;
    transfer.amount = order.amount;
    transfer.purpose = order.order_id;
    if (fits_as_name(account.bank_holder)) transfer.merchant_name = account.bank_holder;
    const auto text = iwas::vietqr::encode(transfer);
    if (!text)
        return failed_plan<Invitation>(
            GatewayError::misconfigured, std::string{iwas::vietqr::to_text(text.error())});
    Invitation invitation;
    invitation.qr_text = *text;
    invitation.gateway_order = order.order_id;
    return answer_plan(std::move(invitation));
}

std::optional<UtcTime> VietqrMapping::listed_since(const ports::PaymentQuery& query) const
{
    return query.created_at - clock_difference_max;
}

GatewayPlan<TransferList> VietqrMapping::transfers(
    const PaymentAccount& account, UtcTime from, const GatewayMoment& moment) const
{
    return vietqr_feeds::poll<TransferList>(
        account, from, moment.now + clock_difference_max,
        [](const TransferList& list) { return ports::GatewayAnswer<TransferList>{list}; });
}

GatewayPlan<PaymentStatus> VietqrMapping::find(
    const PaymentAccount& account, const ports::PaymentQuery& query,
    const GatewayMoment& moment) const
{
    return vietqr_feeds::poll<PaymentStatus>(
        account, query.created_at - clock_difference_max, moment.now + clock_difference_max,
        [order_id = query.order_id](const TransferList& list) { return find_in(list, order_id); });
}

GatewayPlan<std::vector<ports::ListedPayment>> VietqrMapping::list(
    const PaymentAccount& account, UtcTime from, UtcTime to, const GatewayMoment& /*moment*/) const
{
    return vietqr_feeds::poll<std::vector<ports::ListedPayment>>(
        account, from, to, [from, to](const TransferList& list) { return listed(from, to, list); });
}

Result<ports::PaymentNotice, NoticeError> VietqrMapping::read_notice(
    const PaymentAccount& account, const ports::NoticeRequest& request) const
{
    const auto feed = proven_by(account, request, windows_);
    if (!feed) return std::unexpected(feed.error());
    ports::PaymentNotice notice;
    const auto body = gateway_json::parse_object(request.body);
    if (!body) {
        notice.kept_body = kept_size(request.body);
        return unreadable(std::move(notice), ports::Unread::other);
    }
    notice.kept_body = vietqr_feeds::kept_webhook(*body);
    auto [transfers, unread] =
        vietqr_feeds::feed_of((*feed)->kind).read_webhook(*body, request.now);
    std::erase_if(transfers, [](const BankTransfer& transfer) { return transfer.is_test; });
    notice.kind = ports::NoticeKind::test;
    const bool is_of_others = !transfers.empty() && std::ranges::none_of(transfers, [&](auto& t) {
        return vietqr_feeds::is_of(t, account);
    });
    if (is_of_others) notice.kind = ports::NoticeKind::foreign;
    for (const BankTransfer& transfer : transfers)
        if (vietqr_feeds::is_of(transfer, account) && transfer.amount > Money{0})
            notice.transfers.push_back(
                {vietqr_feeds::order_of(transfer), vietqr_feeds::money_of(transfer)});
    if (!notice.transfers.empty()) {
        notice.kind = ports::NoticeKind::transfers;
        notice.order_id = common_order(notice.transfers);
    } else if (unread != ports::Unread::nothing) {
        return unreadable(std::move(notice), unread);
    }
    notice.unread = unread;
    return notice;
}

const GatewayMapping& vietqr_mapping()
{
    static const VietqrMapping mapping;
    return mapping;
}

} // namespace iwas::adapters
