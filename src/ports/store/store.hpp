// Store: everything that IWAS keeps. Real: adapters/store on SQLite or PostgreSQL, also in the
// simulation. A workflow takes the narrowest of these interfaces that serves it.
#pragma once

#include "ports/store/accounting_journal.hpp"
#include "ports/store/catalog_store.hpp"
#include "ports/store/jobs.hpp"
#include "ports/store/ledger.hpp"
#include "ports/store/payment_windows.hpp"
#include "ports/store/payments.hpp"
#include "ports/store/people.hpp"
#include "ports/store/reconciliation.hpp"
#include "ports/store/staff.hpp"
#include "ports/store/trace_store.hpp"
#include "ports/store/wallets.hpp"

namespace iwas::ports {

class Store : public Ledger,
              public Jobs,
              public Payments,
              public PaymentWindows,
              public Reconciliations,
              public People,
              public Wallets,
              public StaffRegister,
              public CatalogStore,
              public TraceStore,
              public AccountingJournal {};

} // namespace iwas::ports
