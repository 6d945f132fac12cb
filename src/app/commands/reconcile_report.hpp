// The report of a day, as the owner reads it.
#pragma once

#include "domain/tenant.hpp"
#include "ports/store/reconciliation.hpp"

#include <boost/json/fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace iwas::app {

struct ReconciliationReport {
    domain::Organization organization;
    std::string day;
    std::vector<ports::Comparison> comparisons;
    std::vector<domain::PaymentMethod> methods;          // of each comparison
    std::vector<domain::ReconciliationSubject> expected; // that the day has to be compared with
    std::vector<ports::CreditMovement> credit;
    std::vector<domain::Difference> differences;
};

enum class ReportLanguage { vi, en };

/// The exit status that tells how the day stands: 0 everything was compared and agrees, 2 something
/// differs and is open, 3 nothing differs, but something was not compared.
int status_of(const ReconciliationReport& report);
std::string to_text(const ReconciliationReport& report, ReportLanguage language);
boost::json::object to_json(const ReconciliationReport& report);
/// One line.
std::string to_line(const domain::Difference& difference, ReportLanguage language);

} // namespace iwas::app
