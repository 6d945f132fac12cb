#include "app/commands/reconcile_report.hpp"

#include "api/staff/views.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace iwas::app {

using domain::DayFigures;
using domain::DifferenceState;
using ports::ComparisonOutcome;

namespace {

/// What the report says, in both languages.
struct Words {
    std::string_view vi;
    std::string_view en;
    [[nodiscard]] std::string_view in(ReportLanguage language) const
    {
        return language == ReportLanguage::vi ? vi : en;
    }
};

constexpr Words title{"Đối soát", "Reconciliation"};
constexpr Words as_of{"tính đến", "as of"};
constexpr Words nothing{
    "Chưa đối soát ngày này: iwas reconcile run", "Not compared yet: iwas reconcile run"};
constexpr Words not_yet{"CHƯA ĐỐI CHIẾU", "NOT COMPARED YET"};
constexpr Words money{"Tiền của ngày (đồng)", "Money of the day (VND)"};
constexpr Words by_method{"Theo phương thức", "By method"};
constexpr Words other_sides{"Bên đối chiếu", "Other sides"};
constexpr Words credit{"Tiền gửi của khách trong ngày", "Store credit on this day"};
constexpr Words differences{"Chênh lệch", "Differences"};
constexpr Words none{"không có", "none"};
constexpr Words here{"ở đây", "here"};
constexpr Words there{"bên kia", "there"};
constexpr Words open_count{"{} đang mở, {} đã xử lý", "{} open, {} settled"};

struct Line {
    Words name;
    Money DayFigures::* amount;
};
/// The sum that must hold: the first two together are all the others.
constexpr std::array lines{
    Line{{"đã nhận", "received"}, &DayFigures::received},
    Line{{"+ gắn vào đơn ở đây", "+ attached to orders"}, &DayFigures::attached_in},
    Line{{"= đã bán WiFi", "= granted"}, &DayFigures::granted},
    Line{{"+ đã trả lại", "+ returned"}, &DayFigures::returned},
    Line{{"+ khách giữ làm tiền gửi", "+ kept as credit"}, &DayFigures::kept_as_credit},
    Line{{"+ chờ nhân viên", "+ waits for a person"}, &DayFigures::queued},
    Line{{"+ đang trả lại", "+ on its way back"}, &DayFigures::under_way},
    Line{{"+ đơn chưa đủ tiền", "+ parts of open orders"}, &DayFigures::waiting},
    Line{{"+ gắn vào đơn khác", "+ attached elsewhere"}, &DayFigures::attached_out},
    Line{{"+ nhân viên bỏ qua", "+ dismissed by staff"}, &DayFigures::dismissed},
    Line{{"+ KHÔNG RÕ Ở ĐÂU", "+ NOT ACCOUNTED FOR"}, &DayFigures::unaccounted},
};

Words word_of(ComparisonOutcome outcome)
{
    switch (outcome) {
    case ComparisonOutcome::complete: return {"đã đối chiếu", "compared"};
    case ComparisonOutcome::incomplete: return {"CHƯA XONG", "INCOMPLETE"};
    case ComparisonOutcome::not_comparable: return {"KHÔNG THỂ", "NOT COMPARABLE"};
    }
    return {};
}

Words word_of(domain::DifferenceKind kind)
{
    switch (kind) {
    case domain::DifferenceKind::missing_here: return {"thiếu ở đây", "missing here"};
    case domain::DifferenceKind::missing_there: return {"thiếu bên kia", "missing there"};
    case domain::DifferenceKind::amount_differs: return {"lệch số tiền", "amount differs"};
    case domain::DifferenceKind::state_differs: return {"lệch trạng thái", "state differs"};
    case domain::DifferenceKind::refund_differs: return {"lệch hoàn tiền", "refund differs"};
    case domain::DifferenceKind::not_accounted: return {"không rõ ở đâu", "not accounted for"};
    }
    return {};
}

Words word_of(DifferenceState state)
{
    switch (state) {
    case DifferenceState::open: return {"MỞ", "OPEN"};
    case DifferenceState::explained: return {"đã giải thích", "explained"};
    case DifferenceState::corrected: return {"đã sửa", "corrected"};
    case DifferenceState::dismissed: return {"bỏ qua", "dismissed"};
    }
    return {};
}

std::string grouped(Money amount)
{
    std::string digits = std::to_string(amount.vnd());
    const std::size_t first = digits.starts_with('-') ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;)
        digits.insert(at -= 3, ".");
    return digits;
}

/// Pads to `width` characters as they are seen: Vietnamese letters are longer in octets.
std::string padded(std::string_view text, std::size_t width)
{
    const auto seen = static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
    return std::string{text} + std::string(width - std::min(width, seen), ' ');
}

std::string row_of(std::string_view name, const DayFigures& f)
{
    return fmt::format(
        "{} {:>6} {:>13} {:>13} {:>13} {:>11} {:>6} {:>13}\n", padded(name, 16), f.payments,
        grouped(f.received), grouped(f.granted), grouped(f.queued), grouped(f.fees), f.refunds,
        grouped(f.refunded));
}

std::string heading(ReportLanguage language)
{
    constexpr std::array<Words, 8> names{
        Words{"", ""},      {"lượt", "count"}, {"đã nhận", "received"}, {"đã bán", "granted"},
        {"chờ", "waiting"}, {"phí", "fees"},   {"hoàn", "refund"},      {"tiền hoàn", "refunded"}};
    constexpr std::array<std::size_t, 8> widths{16, 6, 13, 13, 13, 11, 6, 13};
    std::string text = padded("", widths[0]);
    for (std::size_t i = 1; i < names.size(); ++i) {
        const std::string_view name = names[i].in(language);
        const std::string wide = padded(name, widths[i]);
        const std::size_t blanks = wide.size() - name.size();
        text.append(" ").append(blanks, ' ').append(name);
    }
    return text + "\n";
}

std::string money_text(const DayFigures& sum, ReportLanguage language)
{
    std::string text = fmt::format("{}\n", money.in(language));
    for (const Line& line : lines) {
        const Money amount = sum.*line.amount;
        const bool is_main =
            line.amount == &DayFigures::received || line.amount == &DayFigures::granted ||
            line.amount == &DayFigures::returned || line.amount == &DayFigures::queued;
        if (amount == Money{} && !is_main) continue;
        text += fmt::format("  {} {:>15}\n", padded(line.name.in(language), 26), grouped(amount));
    }
    return text;
}

} // namespace

int status_of(const ReconciliationReport& report)
{
    constexpr int agrees = 0;
    constexpr int differs = 2;
    constexpr int not_compared = 3;
    const auto open =
        std::ranges::count(report.differences, DifferenceState::open, &domain::Difference::state);
    switch (domain::outcome_of(report.comparisons, report.expected, open)) {
    case domain::DayOutcome::agrees: return agrees;
    case domain::DayOutcome::differs: return differs;
    case domain::DayOutcome::not_compared: return not_compared;
    }
    return not_compared;
}

std::string to_line(const domain::Difference& difference, ReportLanguage language)
{
    return fmt::format(
        "{}  {} {} {} {}  {}: {} ({}); {}: {} ({})", to_string(difference.id),
        padded(word_of(difference.state).in(language), 13),
        padded(word_of(difference.kind).in(language), 17), padded(difference.subject.name, 14),
        difference.reference, here.in(language), grouped(difference.ours_amount), difference.ours,
        there.in(language), grouped(difference.theirs_amount), difference.theirs);
}

std::string to_text(const ReconciliationReport& report, ReportLanguage language)
{
    std::string text = fmt::format(
        "{} {} ({}), {} ({})", title.in(language), report.organization.name,
        report.organization.id.text(), report.day, report.organization.time_zone);
    if (report.comparisons.empty()) return text + fmt::format("\n{}\n", nothing.in(language));
    UtcTime finished;
    for (const ports::Comparison& each : report.comparisons)
        finished = std::max(finished, each.finished_at);
    text += fmt::format(", {} {}\n\n", as_of.in(language), to_rfc3339(finished));

    text += money_text(domain::sum_of(report.comparisons), language);
    text += fmt::format("\n{}\n{}", by_method.in(language), heading(language));
    std::map<domain::PaymentMethod, DayFigures> methods;
    for (std::size_t i = 0; i < report.comparisons.size(); ++i) {
        DayFigures& sum = methods[report.methods[i]];
        sum = sum + report.comparisons[i].figures;
    }
    for (const auto& [method, figures] : methods)
        text += row_of(domain::to_text(method), figures);

    text += fmt::format("\n{}\n{}", other_sides.in(language), heading(language));
    for (const ports::Comparison& each : report.comparisons) {
        text += row_of(each.subject.name, each.figures);
        text += fmt::format("    {}", word_of(each.outcome).in(language));
        if (!each.remark.empty()) text += ": " + each.remark;
        text += "\n";
    }
    for (const domain::ReconciliationSubject& each : report.expected)
        if (std::ranges::count(report.comparisons, each, &domain::Comparison::subject) == 0)
            text += fmt::format("{}\n    {}\n", each.name, not_yet.in(language));
    if (!report.credit.empty()) {
        text += fmt::format("\n{}\n", credit.in(language));
        for (const ports::CreditMovement& each : report.credit)
            text += fmt::format(
                "  {} {:>6} {:>13}\n", padded(each.why, 16), each.entries, grouped(each.amount));
    }
    const auto open = std::ranges::count_if(
        report.differences, [](const auto& each) { return each.state == DifferenceState::open; });
    const auto all = static_cast<std::ptrdiff_t>(report.differences.size());
    text += fmt::format("\n{}: ", differences.in(language));
    if (all == 0)
        text += fmt::format("{}\n", none.in(language));
    else
        text += fmt::format(fmt::runtime(open_count.in(language)), open, all - open) + "\n";
    for (const domain::Difference& each : report.differences)
        text += to_line(each, language) + "\n";
    return text;
}

boost::json::object to_json(const ReconciliationReport& report)
{
    using api::staff::comparison_json, api::staff::credit_json, api::staff::difference_json,
        api::staff::figures_json;
    boost::json::array subjects;
    for (std::size_t i = 0; i < report.comparisons.size(); ++i)
        subjects.push_back(comparison_json(report.comparisons[i], report.methods[i]));
    boost::json::array credits;
    for (const ports::CreditMovement& each : report.credit)
        credits.push_back(credit_json(each));
    boost::json::array found;
    for (const domain::Difference& each : report.differences)
        found.push_back(difference_json(each));
    return {
        {"organization", report.organization.id.text()},
        {"day", report.day},
        {"time_zone", report.organization.time_zone},
        {"status", status_of(report)},
        {"figures", figures_json(domain::sum_of(report.comparisons))},
        {"subjects", std::move(subjects)},
        {"credit", std::move(credits)},
        {"differences", std::move(found)},
    };
}

} // namespace iwas::app
