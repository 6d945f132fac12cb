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

/// Saved methods, and the purchases that they pay.
class WalletContract : public LedgerContract {
protected:
    Result<void, ports::StoreError> keep(
        std::vector<domain::SavedMethod> methods, std::string why = "",
        std::vector<ports::Job> jobs = {})
    {
        return wait(store().change_wallet(
            {.methods = std::move(methods),
             .jobs = std::move(jobs),
             .finished = {},
             .actor = "customer",
             .why = std::move(why),
             .now = noon}));
    }
    domain::SavedMethod stored(std::uint64_t number)
    {
        return wait(store().load_saved_method(id_of<domain::SavedMethodId>(number)))
            .value()
            .value();
    }
};

class ReconciliationContract : public LedgerContract {};
class StaffContract : public LedgerContract {
protected:
    /// The ids of all that the filter finds, read two at a time.
    std::vector<domain::TransactionId> pages_of(ports::TransactionFilter filter)
    {
        constexpr int pages_max = 20;
        std::vector<domain::TransactionId> ids;
        for (int pages = 0; pages < pages_max; ++pages) {
            const auto page = wait(store().find_transactions(filter, 2)).value();
            if (page.empty()) return ids;
            for (const domain::Transaction& each : page)
                ids.push_back(each.id);
            filter.before = page.back().id;
        }
        ADD_FAILURE() << "the pages do not end";
        return ids;
    }
};
class PeopleContract : public StoreContract {};
class PaymentWindowContract : public StoreContract {
protected:
    static ports::Job job_of(const domain::PaymentWindow& window, UtcTime due_at)
    {
        return {
            .id = domain::JobId{window.id.value()},
            .kind = ports::JobKind::end_payment_window,
            .subject = window.id.value(),
            .target = window.router.text(),
            .due_at = due_at,
        };
    }
    /// At most two since `day_start`.
    Result<ports::OpenedPaymentWindow, ports::OpenPaymentWindowError> begin(
        const domain::PaymentWindow& window, UtcTime day_start = noon - 1h)
    {
        return wait(
            store().open_payment_window(window, 2, day_start, job_of(window, window.ends_at)));
    }
    void end(const domain::PaymentWindow& window, bool counts = true)
    {
        const UtcTime now = noon + 60s;
        ASSERT_TRUE(wait(store().end_payment_window(window.id, now, counts, job_of(window, now))));
    }
    int used(const domain::PaymentWindow& window, UtcTime day_start = noon - 1h)
    {
        return wait(store().payment_window_use(
                        window.organization, window.location, window.mac, day_start))
            .value()
            .used;
    }
};
class JobsContract : public StoreContract {};
class CatalogContract : public StoreContract {};
class AccountingContract : public LedgerContract {};

} // namespace iwas::testing_support

/// `backends`: testing::Values(...) of BackendKind.
#define IWAS_RUN_STORE_CONTRACT(suite, backends)                                                   \
    INSTANTIATE_TEST_SUITE_P(                                                                      \
        Store, suite, backends, [](const auto& info) { return info.param.name; })
