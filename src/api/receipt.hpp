// Receipt: what was bought, paid and given back; the same facts as JSON and as a sheet to print.
#pragma once

#include "api/problems.hpp"
#include "domain/tenant.hpp"
#include "domain/transaction.hpp"
#include "ports/clock.hpp"
#include "ports/printed_sheet.hpp"
#include "ports/store/payments.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace iwas::api {

struct Receipt {
    struct Refund {
        Money amount;
        UtcTime at;
        domain::TransactionState state = domain::TransactionState::refunding;
    };

    std::string number;
    std::string organization;
    std::string location;
    std::string package_name;
    UtcTime paid_at;
    domain::PaymentMethod method = domain::PaymentMethod::pc_balance;
    Money amount; // the price; `credit_used` of it from store credit
    Money credit_used;
    std::vector<Refund> refunds;
    std::string reference; // the payer's side's
    Money total_kept;
    std::string time_zone; // IANA; for the sheet
};

/// `events` and `parts` are the transaction's own and the transactions that came from it.
Receipt receipt_of(
    const domain::Catalog& catalog, const domain::Transaction& transaction,
    const std::vector<ports::TransactionEvent>& events,
    const std::vector<domain::Transaction>& parts);

/// `Receipt` of docs/openapi.yaml.
boost::json::object receipt_json(const Receipt& receipt);

/// The lines of the portal's receipt page, in its words and order; times on the location's clock.
ports::PrintedSheet receipt_sheet(
    const Receipt& receipt, Language language, const ports::Clock& clock);

/// "21/09/2026, 21:45" on the clock of `zone`.
std::string date_and_time(UtcTime time, std::string_view zone, const ports::Clock& clock);

} // namespace iwas::api
