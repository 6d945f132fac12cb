// PayOS behind the port: payment links over a bank account, with its notices.
#pragma once

#include "adapters/payment/bank_transfer_mapping.hpp"

#include <cstddef>

namespace iwas::adapters {

struct PayosOptions {
    /// PayOS takes 25 characters from accounts that are linked through it and 9 from others, which
    /// it does not write down in one place; 9 fit all. Its own code of the order is put before.
    std::size_t description_characters_max = 9;
};

/// A transfer in any amount may come for a link: each is one ReceivedMoney, named by the bank's
/// reference in notices and answers alike, and the amounts decide. Money goes back by hand, nothing
/// is listed and nothing saved: not_supported.
/// `page_url` of the account, when set, is the address before a link's id
/// (https://pay.payos.vn/web): a link whose first answer was lost is shown again by it, since PayOS
/// tells its address only once. Without it, such an order is a duplicate.
class PayosMapping final : public BankTransferMapping {
public:
    explicit PayosMapping(PayosOptions options = {}) : options_{options} {}

    /// orderCode: a whole number from 1 to 2^53 - 1, never used again.
    [[nodiscard]] std::string new_order_id(
        const domain::PaymentAccount& account, UtcTime now, std::uint64_t chance) const override;

    [[nodiscard]] GatewayPlan<domain::Invitation> create(
        const domain::PaymentAccount& account, const ports::PaymentOrder& order,
        const GatewayMoment& moment) const override;
    [[nodiscard]] GatewayPlan<ports::PaymentStatus> find(
        const domain::PaymentAccount& account, const ports::PaymentQuery& query,
        const GatewayMoment& moment) const override;
    [[nodiscard]] GatewayPlan<std::vector<ports::ListedPayment>> list(
        const domain::PaymentAccount& account, UtcTime from, UtcTime to,
        const GatewayMoment& moment) const override;

    [[nodiscard]] Result<ports::PaymentNotice, ports::NoticeError> read_notice(
        const domain::PaymentAccount& account, const ports::NoticeRequest& request) const override;

private:
    PayosOptions options_;
};

const GatewayMapping& payos_mapping();

} // namespace iwas::adapters
