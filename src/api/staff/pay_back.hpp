// Where money that cannot go back by itself may go: the bank account that its payer keeps.
#pragma once

#include "domain/saved_method.hpp"
#include "domain/transaction.hpp"

#include <boost/json/value.hpp>

#include <vector>

namespace iwas::api::staff {

/// `PayBackTo` of docs/openapi.yaml: the account with its whole number and a VietQR that fills in
/// the transfer back. It is the one from which he paid, else the first in his order. Null when he
/// keeps none. `wallet` is in his order.
boost::json::value pay_back_json(
    const std::vector<domain::SavedMethod>& wallet, const domain::Transaction& transaction);

} // namespace iwas::api::staff
