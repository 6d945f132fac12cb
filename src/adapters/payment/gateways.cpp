#include "adapters/payment/gateways.hpp"

#include "adapters/payment/momo/mapping.hpp"
#include "adapters/payment/payos/mapping.hpp"
#include "adapters/payment/vietqr/mapping.hpp"
#include "adapters/payment/vnpay/mapping.hpp"
#include "adapters/payment/zalopay/mapping.hpp"

namespace iwas::adapters {

const GatewayMapping* mapping_for(domain::PaymentMethod method)
{
    switch (method) {
    case domain::PaymentMethod::momo: return &momo_mapping();
    case domain::PaymentMethod::zalopay: return &zalopay_mapping();
    case domain::PaymentMethod::vnpay: return &vnpay_mapping();
    case domain::PaymentMethod::vietqr: return &vietqr_mapping();
    case domain::PaymentMethod::payos: return &payos_mapping();
    case domain::PaymentMethod::pc_balance:
    case domain::PaymentMethod::store_credit: break;
    }
    return nullptr;
}

} // namespace iwas::adapters
