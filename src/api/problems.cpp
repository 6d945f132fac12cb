#include "api/problems.hpp"

#include "core/text.hpp"

#include <boost/json/serialize.hpp>

#include <array>
#include <charconv>

namespace iwas::api {

namespace {

using Code = ProblemCode;

struct Words {
    std::string_view title;
    std::string_view detail; // {needed}, {available}, {price}, {seconds}, {devices}, {field}
};

struct Entry {
    Code code;
    std::string_view text;
    int status;
    std::string_view action;
    Words vi;
    Words en;
};

// In the order of the enum, so that the code is the index.
constexpr std::array<Entry, 31> catalog{{
    {Code::validation_failed,
     "VALIDATION_FAILED",
     422,
     "retry",
     {"Dữ liệu chưa đúng", "Thông tin gửi lên chưa đúng ({field}). Hãy kiểm tra rồi thử lại."},
     {"Something is not right", "What was sent is not valid ({field}). Please check and retry."}},
    {Code::not_signed_in,
     "NOT_SIGNED_IN",
     401,
     "sign_in",
     {"Bạn chưa đăng nhập", "Hãy đăng nhập bằng tài khoản máy trạm của bạn."},
     {"You are not signed in", "Please sign in with your gaming account."}},
    {Code::csrf_failed,
     "CSRF_FAILED",
     403,
     "reload",
     {"Trang đã cũ", "Hãy tải lại trang rồi thử lại."},
     {"This page is out of date", "Please reload the page and try again."}},
    {Code::idempotency_conflict,
     "IDEMPOTENCY_CONFLICT",
     409,
     "reload",
     {"Yêu cầu bị trùng", "Yêu cầu này đã được gửi với nội dung khác. Hãy tải lại trang."},
     {"This request came twice", "It was sent before with other content. Please reload."}},
    {Code::not_found,
     "NOT_FOUND",
     404,
     "reload",
     {"Không tìm thấy", "Mục này không còn ở đây. Hãy tải lại trang."},
     {"Not found", "It is not here any more. Please reload the page."}},
    {Code::try_later,
     "TRY_LATER",
     503,
     "retry",
     {"Hệ thống đang bận", "Hãy thử lại sau ít giây. Bạn không bị trừ tiền hai lần."},
     {"We are busy", "Please try again in a few seconds. You are never charged twice."}},
    {Code::visit_unknown,
     "VISIT_UNKNOWN",
     400,
     "reopen_portal",
     {"Hãy mở lại trang WiFi", "Tắt WiFi trên máy rồi bật lại để mở trang đăng nhập."},
     {"Please reopen the WiFi page", "Turn WiFi off and on again to open the sign-in page."}},
    {Code::package_not_available,
     "PACKAGE_NOT_AVAILABLE",
     409,
     "choose_package",
     {"Gói này hiện không bán", "Hãy chọn một gói khác."},
     {"This package is not on sale now", "Please choose another one."}},
    {Code::package_at_capacity,
     "PACKAGE_AT_CAPACITY",
     409,
     "choose_package",
     {"Gói này đang hết chỗ", "Hãy chọn gói khác hoặc thử lại sau."},
     {"This package is full", "Please choose another one or try again later."}},
    {Code::price_changed,
     "PRICE_CHANGED",
     409,
     "accept_new_price",
     {"Giá vừa thay đổi", "Giá mới của gói này là {price}."},
     {"The price has changed", "This package now costs {price}."}},
    {Code::device_already_active,
     "DEVICE_ALREADY_ACTIVE",
     409,
     "sign_in",
     {"Máy này đang có phiên WiFi",
      "Máy đang dùng hoặc đang mua một gói khác. Lần mua này không bị trừ tiền."},
     {"This device already has WiFi",
      "It is online, or another purchase for it is under way. This one was not charged."}},
    {Code::device_blocked,
     "DEVICE_BLOCKED",
     403,
     "ask_staff",
     {"Máy này đang bị chặn", "Hãy hỏi nhân viên tại quầy."},
     {"This device is blocked", "Please ask the staff at the counter."}},
    {Code::max_devices_reached,
     "MAX_DEVICES_REACHED",
     409,
     "manage_devices",
     {"Đã đủ số thiết bị",
      "Gói của bạn dùng được cho {devices} thiết bị. Hãy ngắt một thiết bị rồi thử lại."},
     {"Too many devices",
      "Your package serves {devices} devices. Disconnect one of them and try again."}},
    {Code::purchase_limit_reached,
     "PURCHASE_LIMIT_REACHED",
     409,
     "choose_package",
     {"Bạn đã mua đủ số lần hôm nay", "Gói này có giới hạn mỗi ngày. Hãy chọn gói khác."},
     {"You reached today's limit", "This package has a daily limit. Please choose another one."}},
    {Code::insufficient_balance,
     "INSUFFICIENT_BALANCE",
     402,
     "top_up",
     {"Số dư không đủ", "Cần {needed}, tài khoản của bạn còn {available}. Hãy nạp thêm tại quầy."},
     {"Not enough balance",
      "You need {needed} and your account has {available}. Please top up at the counter."}},
    {Code::invalid_credentials,
     "INVALID_CREDENTIALS",
     401,
     "retry",
     {"Sai tài khoản hoặc mật khẩu", "Hãy kiểm tra lại tên tài khoản và mật khẩu."},
     {"Wrong account name or password", "Please check both and try again."}},
    {Code::account_suspended,
     "ACCOUNT_SUSPENDED",
     403,
     "ask_staff",
     {"Tài khoản đang bị khóa", "Hãy hỏi nhân viên tại quầy."},
     {"This account is suspended", "Please ask the staff at the counter."}},
    {Code::rate_limited,
     "RATE_LIMITED",
     429,
     "wait",
     {"Bạn thử quá nhiều lần", "Hãy đợi {seconds} giây rồi thử lại."},
     {"Too many tries", "Please wait {seconds} seconds and try again."}},
    {Code::pc_system_unavailable,
     "PC_SYSTEM_UNAVAILABLE",
     503,
     "retry",
     {"Chưa kết nối được máy chủ của quán", "Bạn chưa mất tiền. Hãy thử lại sau ít giây."},
     {"The café's system does not answer",
      "Nothing was charged. Please try again in a few seconds."}},
    {Code::payment_declined,
     "PAYMENT_DECLINED",
     402,
     "ask_staff",
     {"Thanh toán bị từ chối", "Bạn chưa mất tiền. Hãy hỏi nhân viên tại quầy."},
     {"The payment was declined", "Nothing was charged. Please ask the staff at the counter."}},
    {Code::payment_expired,
     "PAYMENT_EXPIRED",
     409,
     "choose_package",
     {"Giao dịch đã hết hạn", "Chưa thấy khoản tiền nào bị trừ; nếu bị trừ sau đó, tiền sẽ tự động "
                              "được hoàn. Hãy mua lại."},
     {"The payment has expired",
      "No payment was found; one that turns up later is returned by itself. Please buy again."}},
    {Code::amount_mismatch,
     "AMOUNT_MISMATCH",
     409,
     "ask_staff",
     {"Số tiền không khớp",
      "Tài khoản bị trừ một số tiền khác giá gói. Hãy hỏi nhân viên tại quầy."},
     {"The amount does not match",
      "Another amount than the price was taken from your account. Please ask the staff."}},
    {Code::payment_method_inactive,
     "PAYMENT_METHOD_INACTIVE",
     409,
     "ask_staff",
     {"Cách thanh toán này chưa dùng được", "Hãy hỏi nhân viên tại quầy."},
     {"This way to pay is not active", "Please ask the staff at the counter."}},
    {Code::activation_failed,
     "ACTIVATION_FAILED",
     502,
     "retry",
     {"Chưa kết nối được", "Bộ phát WiFi không nhận máy của bạn. Hãy thử lại."},
     {"Could not connect", "The WiFi router did not take your device. Please try again."}},
    {Code::session_expired,
     "SESSION_EXPIRED",
     409,
     "choose_package",
     {"Phiên WiFi đã kết thúc", "Hãy chọn một gói mới."},
     {"The session has ended", "Please choose a new package."}},
    {Code::payment_cancelled,
     "PAYMENT_CANCELLED",
     409,
     "choose_method",
     {"Bạn đã bỏ cách thanh toán này",
      "Hãy chọn cách khác. Nếu tiền đã được chuyển, tiền không mất: gói sẽ được mở hoặc tiền được "
      "hoàn."},
     {"You left this way to pay",
      "Choose another one. Money that was sent all the same is not lost: it opens your package or "
      "comes back."}},
    {Code::payment_unavailable,
     "PAYMENT_UNAVAILABLE",
     503,
     "choose_method",
     {"Cổng thanh toán đang bận", "Bạn chưa mất tiền. Hãy thử lại hoặc chọn cách khác."},
     {"The payment service does not answer",
      "Nothing was charged. Try again or choose another way to pay."}},
    {Code::reauthentication_required,
     "REAUTHENTICATION_REQUIRED",
     401,
     "reauthenticate",
     {"Hãy nhập lại mật khẩu", "Việc này cần xác nhận là chính bạn."},
     {"Please enter your password again", "This needs to be confirmed by you."}},
    {Code::last_method,
     "LAST_METHOD",
     409,
     "choose_method",
     {"Đây là cách thanh toán cuối cùng", "Hãy thêm một cách khác trước khi xóa cách này."},
     {"This is your last way to pay", "Add another one before you remove it."}},
    {Code::payment_window_used_up,
     "PAYMENT_WINDOW_USED_UP",
     409,
     "choose_method",
     {"Bạn đã dùng hết lượt mạng miễn phí hôm nay",
      "Hãy trả bằng tài khoản máy trạm hoặc hỏi nhân viên."},
     {"Today's free minutes are used up", "Pay with your gaming account or ask the staff."}},
    {Code::credit_changed,
     "CREDIT_CHANGED",
     409,
     "retry",
     {"Tiền gửi của bạn vừa thay đổi", "Hãy thử lại. Bạn chưa mất tiền."},
     {"Your store credit has changed", "Please try again. Nothing was charged."}},
}};

constexpr bool catalog_is_in_order()
{
    for (std::size_t i = 0; i < catalog.size(); ++i)
        if (static_cast<std::size_t>(catalog[i].code) != i) return false;
    return true;
}
static_assert(catalog_is_in_order());

const Entry& entry_of(Code code)
{
    return catalog.at(static_cast<std::size_t>(code));
}

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
    const Entry& entry = entry_of(refusal.code);
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

std::string filled(std::string_view text, const Refusal& refusal)
{
    std::string result{text};
    replace(result, "{needed}", to_string(refusal.needed.value_or(Money{})));
    replace(result, "{available}", to_string(refusal.available.value_or(Money{})));
    replace(result, "{price}", to_string(refusal.price.value_or(Money{})));
    replace(result, "{seconds}", std::to_string(refusal.wait.value_or(Seconds{0}).count()));
    replace(result, "{devices}", std::to_string(refusal.device_limit));
    replace(result, "{field}", refusal.field);
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
    return entry_of(code).text;
}

int status_of(ProblemCode code)
{
    return entry_of(code).status;
}

boost::json::object to_json(const Refusal& refusal, Language language)
{
    const Entry& entry = entry_of(refusal.code);
    const std::string_view title = language == Language::vi ? entry.vi.title : entry.en.title;
    boost::json::object body{
        {"type", "urn:iwas:problem:" + std::string{entry.text}},
        {"title", title},
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
    case Code::credit_changed: break;
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
