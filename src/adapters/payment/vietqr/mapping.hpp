// Bank transfers by VietQR behind the port: the QR is made here, SePay and Casso tell of the money.
#pragma once

#include "adapters/payment/bank_transfer_mapping.hpp"
#include "adapters/payment/vietqr/feed.hpp"

namespace iwas::adapters {

/// The order id is the short code in the transfer's text. Each transfer is one ReceivedMoney in
/// whatever amount, with the same gateway_id from every feed, webhook and list (see
/// vietqr_feeds::gateway_id_of).
class VietqrMapping final : public BankTransferMapping {
public:
    explicit VietqrMapping(vietqr_feeds::FeedWindows windows = {}) : windows_{windows} {}

    [[nodiscard]] std::string new_order_id(
        const domain::PaymentAccount& account, UtcTime now, std::uint64_t chance) const override;
    /// Answered without a call. misconfigured: the bank account makes no VietQR.
    [[nodiscard]] GatewayPlan<domain::Invitation> create(
        const domain::PaymentAccount& account, const ports::PaymentOrder& order,
        const GatewayMoment& moment) const override;
    /// The transfers whose text has this code and no other, from all feeds with an address, since
    /// shortly before the order. While there are none it is pending: a bank knows of no orders.
    /// A feed that fails is an error only when the others have nothing.
    [[nodiscard]] GatewayPlan<ports::PaymentStatus> find(
        const domain::PaymentAccount& account, const ports::PaymentQuery& query,
        const GatewayMoment& moment) const override;
    [[nodiscard]] std::optional<UtcTime> listed_since(
        const ports::PaymentQuery& query) const override;
    [[nodiscard]] GatewayPlan<TransferList> transfers(
        const domain::PaymentAccount& account, UtcTime from,
        const GatewayMoment& moment) const override;
    /// Money in only. A feed that fails is an error: a list with a gap is none.
    [[nodiscard]] GatewayPlan<std::vector<ports::ListedPayment>> list(
        const domain::PaymentAccount& account, UtcTime from, UtcTime to,
        const GatewayMoment& moment) const override;
    /// From any feed of the account whose proof is right: `transfers`, each for the order whose
    /// code stands alone in its text. Money out, amounts of 0 and the feeds' own tests are `test`.
    [[nodiscard]] Result<ports::PaymentNotice, ports::NoticeError> read_notice(
        const domain::PaymentAccount& account, const ports::NoticeRequest& request) const override;

private:
    vietqr_feeds::FeedWindows windows_;
};

const GatewayMapping& vietqr_mapping();

} // namespace iwas::adapters
