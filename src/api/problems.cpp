#include "api/problems.hpp"

#include "api/problem_catalog.hpp"
#include "core/text.hpp"

#include <boost/json/serialize.hpp>

#include <charconv>

namespace iwas::api {

namespace {

using Code = ProblemCode;
using Entry = ProblemEntry;

struct Texts {
    std::string_view vi;
    std::string_view en;
    [[nodiscard]] std::string_view in(Language language) const
    {
        return language == Language::vi ? vi : en;
    }
};

/// Why money that was taken bought no WiFi.
Texts cause_of(Code code)
{
    if (code == Code::payment_expired)
        return {"Tiền bị trừ sau khi giao dịch đã hết hạn.", "It was paid after it had expired."};
    if (code == Code::amount_mismatch)
        return {
            "Tài khoản bị trừ một số tiền khác giá gói.",
            "Another amount than the price was taken from your account."};
    if (code == Code::payment_set_aside)
        return {"Khoản tiền này không mua gói nào.", "This money bought no package."};
    if (code == Code::staff_refund)
        return {"Quán đã quyết định trả lại tiền.", "The café decided to give the money back."};
    if (code == Code::session_expired)
        return {
            "Phiên đã kết thúc trước khi thêm được giờ.",
            "The session had ended before the time was added."};
    return {"Bộ phát WiFi không nhận máy của bạn.", "The WiFi router did not take your device."};
}

/// Where that money is; empty in the other states.
Texts money_of(std::string_view purchase_state)
{
    if (purchase_state == "refunded")
        return {"Tiền đã được hoàn về tài khoản.", "Your money is back in your account."};
    if (purchase_state == "refunding")
        return {"Tiền đang được hoàn về tài khoản.", "Your money is on its way back."};
    if (purchase_state == "refund_queued")
        return {"Nhân viên sẽ hoàn tiền cho bạn.", "The staff will return your money."};
    return {};
}

/// A refusal after money was taken is told together with what becomes of it.
std::string detail_of(const Refusal& refusal, Language language)
{
    const Entry& entry = problem_entry(refusal.code);
    const Texts money = money_of(refusal.purchase_state);
    if (!money.en.empty())
        return std::string{cause_of(refusal.code).in(language)} + " " +
               std::string{money.in(language)};
    if (refusal.code == Code::insufficient_balance && !refusal.available)
        return std::string{Texts{
            "Số dư không đủ cho gói này. Hãy nạp thêm tại quầy.",
            "The balance does not cover this package. Please top up at the counter."}
                               .in(language)};
    return std::string{language == Language::vi ? entry.vi.detail : entry.en.detail};
}

void replace(std::string& text, std::string_view mark, const std::string& value)
{
    if (const auto at = text.find(mark); at != std::string::npos)
        text.replace(at, mark.size(), value);
}

/// As the payer knows it. A bank transfer is refused by his own bank before we hear of it.
std::string_view gateway_name(domain::PaymentMethod method)
{
    using domain::PaymentMethod;
    switch (method) {
    case PaymentMethod::momo: return "MoMo";
    case PaymentMethod::zalopay: return "ZaloPay";
    case PaymentMethod::vnpay: return "VNPay";
    case PaymentMethod::payos: return "payOS";
    case PaymentMethod::vietqr:
    case PaymentMethod::pc_balance:
    case PaymentMethod::store_credit: break;
    }
    return "VietQR";
}

std::string filled(std::string_view text, const Refusal& refusal)
{
    std::string result{text};
    replace(result, "{needed}", to_string(refusal.needed.value_or(Money{})));
    replace(result, "{available}", to_string(refusal.available.value_or(Money{})));
    replace(result, "{price}", to_string(refusal.price.value_or(Money{})));
    replace(result, "{seconds}", std::to_string(refusal.wait.value_or(Seconds{0}).count()));
    replace(result, "{devices}", std::to_string(refusal.device_limit));
    replace(result, "{field}", refusal.field);
    replace(result, "{method}", std::string{gateway_name(refusal.method)});
    return result;
}

/// A weight such as "0.8" in thousandths; 1000 when there is none.
int weight_of(std::string_view parameters)
{
    const auto at = parameters.find("q=");
    if (at == std::string_view::npos) return 1000;
    const std::string_view text = parameters.substr(at + 2, 5);
    double weight = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), weight);
    if (read.ec != std::errc{} || weight < 0 || weight > 1) return 0;
    return static_cast<int>(weight * 1000);
}

} // namespace

Language language_of(std::string_view accept_language, Language otherwise)
{
    Language best = otherwise;
    int best_weight = 0;
    while (!accept_language.empty()) {
        const auto comma = std::min(accept_language.find(','), accept_language.size());
        const std::string_view range = trimmed(accept_language.substr(0, comma));
        accept_language.remove_prefix(std::min(comma + 1, accept_language.size()));
        const std::string_view tag = trimmed(range.substr(0, range.find(';')));
        const std::string_view primary = tag.substr(0, tag.find('-'));
        const bool is_vi = equal_ignoring_case(primary, "vi");
        if (!is_vi && !equal_ignoring_case(primary, "en")) continue;
        const int weight = weight_of(range.substr(tag.size()));
        if (weight <= best_weight) continue;
        best_weight = weight;
        best = is_vi ? Language::vi : Language::en;
    }
    return best;
}

std::string_view to_text(ProblemCode code)
{
    return problem_entry(code).text;
}

Refusal invalid_field(std::string_view field)
{
    return {.code = ProblemCode::validation_failed, .field = std::string{field}};
}

int status_of(ProblemCode code)
{
    return problem_entry(code).status;
}

boost::json::object to_json(const Refusal& refusal, Language language)
{
    const Entry& entry = problem_entry(refusal.code);
    const std::string_view title = language == Language::vi ? entry.vi.title : entry.en.title;
    boost::json::object body{
        {"type", "urn:iwas:problem:" + std::string{entry.text}},
        {"title", filled(title, refusal)},
        {"status", entry.status},
        {"detail", filled(detail_of(refusal, language), refusal)},
        {"code", entry.text},
        {"action", entry.action},
    };
    switch (refusal.code) {
    case Code::validation_failed: body["field"] = refusal.field; break;
    case Code::insufficient_balance:
        if (refusal.needed && refusal.available) {
            body["needed"] = refusal.needed->vnd();
            body["available"] = refusal.available->vnd();
        }
        break;
    case Code::payer_funds_short:
    case Code::payer_account_locked: body["method"] = domain::to_text(refusal.method); break;
    case Code::price_changed: body["current_price"] = refusal.price.value_or(Money{}).vnd(); break;
    case Code::max_devices_reached:
        body["devices"] = refusal.devices;
        body["device_limit"] = refusal.device_limit;
        break;
    case Code::rate_limited:
        body["retry_after_seconds"] = refusal.wait.value_or(Seconds{1}).count();
        break;
    case Code::try_later:
    case Code::pc_system_unavailable:
    case Code::device_blocked:
        if (refusal.wait) body["retry_after_seconds"] = refusal.wait->count();
        break;
    case Code::not_signed_in:
    case Code::csrf_failed:
    case Code::idempotency_conflict:
    case Code::not_found:
    case Code::visit_unknown:
    case Code::package_not_available:
    case Code::package_at_capacity:
    case Code::device_already_active:
    case Code::purchase_limit_reached:
    case Code::invalid_credentials:
    case Code::account_suspended:
    case Code::payment_declined:
    case Code::payment_expired:
    case Code::amount_mismatch:
    case Code::payment_method_inactive:
    case Code::activation_failed:
    case Code::session_expired:
    case Code::payment_cancelled:
    case Code::payment_unavailable:
    case Code::reauthentication_required:
    case Code::last_method:
    case Code::payment_window_used_up:
    case Code::credit_changed:
    case Code::payment_set_aside:
    case Code::staff_refund:
    case Code::staff_token_needed:
    case Code::not_allowed:
    case Code::not_refundable:
    case Code::refund_too_large:
    case Code::still_opening:
    case Code::not_queued:
    case Code::not_possible:
    case Code::refund_in_doubt:
    case Code::already_settled: break;
    }
    if (!refusal.request_id.empty()) body["request_id"] = refusal.request_id;
    if (!refusal.purchase_id.empty()) {
        body["purchase_id"] = refusal.purchase_id;
        body["purchase_state"] = refusal.purchase_state;
    }
    return body;
}

http::Response refuse(const Refusal& refusal, Language language)
{
    http::Response response = http::Response::json(
        status_of(refusal.code), boost::json::serialize(to_json(refusal, language)));
    response.headers.set("Content-Type", "application/problem+json");
    if (refusal.wait) response.headers.set("Retry-After", std::to_string(refusal.wait->count()));
    response.headers.set("Content-Language", language == Language::vi ? "vi" : "en");
    return response;
}

} // namespace iwas::api
