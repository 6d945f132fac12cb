// The contract suites. Their cases are in src/adapters/store/contract_*_test.cpp; a file beside a
// backend runs them with IWAS_RUN_STORE_CONTRACT.
#pragma once

#include "tests/store/contract.hpp"

namespace iwas::testing_support {

class LedgerContract : public StoreContract {
protected:
    Result<ports::OpenedPurchase, ports::OpenPurchaseError> buy(ports::PurchaseIntent intent)
    {
        return wait(store().open_purchase(std::move(intent)));
    }
    Result<ports::Committed, ports::StoreError> commit(ports::Step step)
    {
        step.actor = "system";
        step.now = noon + 1s;
        return wait(store().commit(std::move(step)));
    }
    /// A purchase that succeeded, and its session.
    domain::Session sold(std::uint64_t number, std::uint64_t account = 1, unsigned device = 1)
    {
        auto opened = buy(
            intent_of(transaction_of(number, account, device), "key-" + std::to_string(number)));
        EXPECT_TRUE(opened);
        ports::Step step;
        step.transaction = opened->transaction;
        step.transaction->state = domain::TransactionState::success;
        step.session = session_of(opened->transaction);
        EXPECT_TRUE(commit(std::move(step)));
        return *wait(store().load_session(id_of<domain::SessionId>(number))).value();
    }
    domain::Session loaded(std::uint64_t number)
    {
        return *wait(store().load_session(id_of<domain::SessionId>(number))).value();
    }
};

class ReconciliationContract : public LedgerContract {};
class PeopleContract : public StoreContract {};
class JobsContract : public StoreContract {};
class CatalogContract : public StoreContract {};
class AccountingContract : public LedgerContract {};

} // namespace iwas::testing_support

/// `backends`: testing::Values(...) of BackendKind.
#define IWAS_RUN_STORE_CONTRACT(suite, backends)                                                   \
    INSTANTIATE_TEST_SUITE_P(                                                                      \
        Store, suite, backends, [](const auto& info) { return info.param.name; })
