// Where money that cannot go back by itself may go: a bank account that its payer keeps.
#pragma once

#include "domain/payment.hpp"
#include "domain/saved_method.hpp"
#include "domain/transaction.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <vector>

namespace iwas::api::staff {

/// Whether a person has to transfer the transaction's money back, and its payment can be named.
bool waits_for_transfer_back(const domain::Transaction& transaction);

/// A kept account, as far as is known whose money it was.
struct PayBackAccount {
    const domain::SavedMethod* account = nullptr;
    bool is_sender = false; // its number ends as the one does from which the money came
};

/// `payment`: how the money came. Whoever made the order need not be who paid for it: where the
/// bank told the sender, only an account that ends like his is offered; where it did not, one that
/// was kept before the money came: the one that he chose for the order, else the first in his
/// order. Null where there is none. `wallet` is in his order, and outlives the answer.
PayBackAccount account_to_pay_back(
    const std::vector<domain::SavedMethod>& wallet, const domain::Transaction& transaction,
    const domain::Payment& payment);

/// `PayBackTo` of docs/openapi.yaml: the account with its whole number, and a VietQR that fills in
/// the transfer back; its text ends with the transaction's id, so that no two are alike. Null where
/// there is no account.
boost::json::value pay_back_json(const PayBackAccount& to, const domain::Transaction& transaction);

} // namespace iwas::api::staff
