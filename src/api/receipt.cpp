#include "api/receipt.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace iwas::api {

namespace json = boost::json;

using domain::PaymentMethod;
using domain::TransactionState;

namespace {

constexpr auto no_break_space = "\u00a0";
constexpr auto minus = "\u2212";

/// As the page says them (web/portal/src/messages/wallet.ts).
struct Words {
    std::string_view title, number, seller, package, paid_at, method, reference, price, credit,
        paid, refund, refunding, total, pc_balance, bank_qr, store_credit;
};
constexpr Words vietnamese{
    .title = "Biên nhận",
    .number = "Số",
    .seller = "Nơi bán",
    .package = "Gói",
    .paid_at = "Trả lúc",
    .method = "Cách trả",
    .reference = "Mã tham chiếu",
    .price = "Giá",
    .credit = "Từ tiền gửi",
    .paid = "Đã trả",
    .refund = "Đã hoàn",
    .refunding = "Đang hoàn",
    .total = "Tổng cộng",
    .pc_balance = "Số dư tài khoản",
    .bank_qr = "QR ngân hàng",
    .store_credit = "Tiền gửi",
};
constexpr Words english{
    .title = "Receipt",
    .number = "Number",
    .seller = "Sold by",
    .package = "Package",
    .paid_at = "Paid at",
    .method = "Paid with",
    .reference = "Reference",
    .price = "Price",
    .credit = "From store credit",
    .paid = "Paid",
    .refund = "Refunded",
    .refunding = "Being refunded",
    .total = "Total",
    .pc_balance = "Account balance",
    .bank_qr = "Bank QR",
    .store_credit = "Store credit",
};

std::string name_of(PaymentMethod method, const Words& words)
{
    switch (method) {
    case PaymentMethod::pc_balance: return std::string{words.pc_balance};
    case PaymentMethod::momo: return "MoMo";
    case PaymentMethod::zalopay: return "ZaloPay";
    case PaymentMethod::vnpay: return "VNPay";
    case PaymentMethod::vietqr: return std::string{words.bank_qr};
    case PaymentMethod::payos: return std::string{words.bank_qr} + " (payOS)";
    case PaymentMethod::store_credit: return std::string{words.store_credit};
    }
    return {};
}

/// "12.000 ₫" for Vietnamese readers, "12,000 ₫" for others; on one line.
std::string shown(Money amount, Language language)
{
    std::string text = to_string(amount);
    text.replace(text.find(' '), 1, no_break_space);
    if (language == Language::en)
        for (char& c : text)
            if (c == '.') c = ',';
    return text;
}

} // namespace

Receipt receipt_of(
    const domain::Catalog& catalog, const domain::Transaction& transaction,
    const std::vector<ports::TransactionEvent>& events,
    const std::vector<domain::Transaction>& parts)
{
    const auto organization = catalog.organizations.find(transaction.organization);
    const bool is_known = organization != catalog.organizations.end();
    const domain::Location* location = catalog.location(transaction.location);
    Receipt receipt{
        .number = to_string(transaction.id),
        .organization = is_known ? organization->second.name : transaction.organization.text(),
        .location = location ? location->name : transaction.location.text(),
        .package_name = transaction.terms.name,
        .paid_at = transaction.created_at,
        .method = transaction.method,
        .amount = transaction.amount,
        .credit_used = transaction.credit_used,
        .refunds = {},
        .reference = transaction.charge_id,
        .total_kept = transaction.amount,
        .time_zone = location ? location->time_zone : domain::Location{}.time_zone,
    };
    // What happened to it afterwards, such as a part that staff gave back, is no payment.
    for (const ports::TransactionEvent& each : events)
        if (each.state_after == to_text(TransactionState::success) &&
            each.state_before != each.state_after)
            receipt.paid_at = each.at;
    const auto give_back = [&](const domain::Transaction& part) {
        receipt.refunds.push_back({part.amount, part.updated_at, part.state});
        receipt.total_kept -= part.amount;
    };
    for (const domain::Transaction& part : parts)
        if (part.reason == domain::TransactionReason::staff_refund) give_back(part);
    if (transaction.state != TransactionState::success) give_back(transaction);
    return receipt;
}

json::object receipt_json(const Receipt& receipt)
{
    json::array refunds;
    for (const Receipt::Refund& refund : receipt.refunds)
        refunds.push_back(json::object{
            {"amount", refund.amount.vnd()},
            {"at", to_rfc3339(refund.at)},
            {"state", to_text(refund.state)},
        });
    return {
        {"number", receipt.number},
        {"organization", receipt.organization},
        {"location", receipt.location},
        {"package_name", receipt.package_name},
        {"paid_at", to_rfc3339(receipt.paid_at)},
        {"method", to_text(receipt.method)},
        {"amount", receipt.amount.vnd()},
        {"credit_used", receipt.credit_used.vnd()},
        {"refunds", std::move(refunds)},
        {"reference", receipt.reference},
        {"total_kept", receipt.total_kept.vnd()},
    };
}

std::string date_and_time(UtcTime time, std::string_view zone, const ports::Clock& clock)
{
    const domain::LocalTime local = clock.local_time(time, zone);
    // The clock tells how late it is there; the zone's distance from UTC follows, from -9 hours to
    // +14. West of that (Hawaii, Samoa) the same hour stands on two dates, and the later is shown.
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const auto utc_minute = std::chrono::duration_cast<std::chrono::minutes>(time - day).count();
    auto offset = std::chrono::minutes{local.minute_of_day - utc_minute};
    if (offset <= -10h) offset += 24h;
    if (offset > 14h) offset -= 24h;
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time + offset)};
    return fmt::format(
        "{:02}/{:02}/{:04}, {:02}:{:02}", static_cast<unsigned>(date.day()),
        static_cast<unsigned>(date.month()), static_cast<int>(date.year()),
        local.minute_of_day / 60, local.minute_of_day % 60);
}

ports::PrintedSheet receipt_sheet(
    const Receipt& receipt, Language language, const ports::Clock& clock)
{
    const Words& words = language == Language::vi ? vietnamese : english;
    ports::PrintedSheet sheet{
        .heading = receipt.organization,
        .title = std::string{words.title},
        .subtitle = std::string{words.number} + ' ' + receipt.number,
        .rows = {},
    };
    const auto row = [&](std::string_view name, std::string value) {
        sheet.rows.push_back({std::string{name}, std::move(value)});
    };
    const auto local = [&](UtcTime time) { return date_and_time(time, receipt.time_zone, clock); };

    row(words.seller, receipt.organization + " · " + receipt.location);
    row(words.package, receipt.package_name);
    row(words.paid_at, local(receipt.paid_at));
    row(words.method, name_of(receipt.method, words));
    row(words.reference, receipt.reference);
    row(words.price, shown(receipt.amount, language));
    if (receipt.credit_used > Money{}) {
        row(words.credit, minus + shown(receipt.credit_used, language));
        row(words.paid, shown(receipt.amount - receipt.credit_used, language));
    }
    for (const Receipt::Refund& refund : receipt.refunds) {
        const bool is_done = refund.state == TransactionState::refunded;
        const std::string_view name = is_done ? words.refund : words.refunding;
        row(std::string{name} + " · " + local(refund.at), minus + shown(refund.amount, language));
    }
    sheet.rows.push_back({std::string{words.total}, shown(receipt.total_kept, language), true});
    return sheet;
}

} // namespace iwas::api
