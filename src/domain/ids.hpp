// The identifiers of IWAS: keys that people choose, ids that IWAS makes.
#pragma once

#include "core/id.hpp"

namespace iwas::domain {

using OrganizationId = Key<struct OrganizationTag>;
using LocationId = Key<struct LocationTag>;
using RouterId = Key<struct RouterTag>;
using PackageId = Key<struct PackageTag>;
/// An organization's account at a gateway or bank; see payment_account.hpp.
using PaymentAccountId = Key<struct PaymentAccountTag>;
/// Who works for an organization; see staff.hpp.
using StaffId = Key<struct StaffTag>;

/// A customer's account: one member of one location's PC system.
using AccountId = Id<struct AccountTag>;
/// Access that was paid for; see session.hpp.
using SessionId = Id<struct SessionTag>;
/// A movement of money; see transaction.hpp.
using TransactionId = Id<struct TransactionTag>;
/// Money that came in through a gateway; see payment.hpp.
using PaymentId = Id<struct PaymentTag>;
/// Something on which another side and the ledger disagree; see reconciliation.hpp.
using DifferenceId = Id<struct DifferenceTag>;
/// A recoverable step or timer; see ports/store/jobs.hpp.
using JobId = Id<struct JobTag>;
/// A way to pay that a customer keeps; see saved_method.hpp.
using SavedMethodId = Id<struct SavedMethodTag>;
/// A browser that is signed in.
using SignInId = Id<struct SignInTag>;
/// A device's visit to the portal.
using VisitId = Id<struct VisitTag>;

} // namespace iwas::domain
