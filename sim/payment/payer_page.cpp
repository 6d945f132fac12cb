#include "sim/payment/payer_page.hpp"

#include <fmt/format.h>

namespace iwas::sim {

namespace {

constexpr std::string_view style = R"(
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:#f2f2f5;color:#222;font:16px/1.5 system-ui,sans-serif}
header{background:var(--brand);color:#fff;padding:1.25rem;text-align:center;font-weight:600}
main{max-width:26rem;margin:1.25rem auto;padding:0 1rem}
section{background:#fff;border-radius:1rem;padding:1.25rem;box-shadow:0 1px 6px #0001}
.amount{font-size:2.25rem;font-weight:700;text-align:center;margin:.25rem 0 1rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.4rem 1rem;margin:0 0 1.25rem}
dt{color:#666}dd{margin:0;text-align:right;overflow-wrap:anywhere}
button,a.button{display:block;width:100%;padding:.9rem;margin-top:.75rem;border:0;
border-radius:.75rem;font:inherit;font-weight:600;text-align:center;text-decoration:none}
.pay{background:var(--brand);color:#fff}.refuse{background:#e8e8ee;color:#222}
.leave{background:none;color:#666;font-weight:400}
label{display:block;color:#666}
input{display:block;width:100%;padding:.6rem;margin-bottom:.75rem;font:inherit}
footer{color:#777;font-size:.85rem;text-align:center;margin-top:1rem}
)";

http::Response page(
    int status, std::string_view brand, std::string_view colour, std::string_view inside)
{
    auto response = http::Response::html(
        status, fmt::format(
                    "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\">"
                    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                    "<title>{0}</title><style>:root{{--brand:{1}}}{2}</style></head>"
                    "<body><header>{0}</header><main><section>{3}</section>"
                    "<footer>Cổng thanh toán mô phỏng. Không có tiền thật.</footer>"
                    "</main></body></html>",
                    escape_html(brand), colour, style, inside));
    // Without form-action: after the form the browser goes on to the merchant's page.
    response.headers.set(
        "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    response.headers.set("Cache-Control", "no-store");
    return response;
}

} // namespace

std::string escape_html(std::string_view text)
{
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&': escaped += "&amp;"; break;
        case '<': escaped += "&lt;"; break;
        case '>': escaped += "&gt;"; break;
        case '"': escaped += "&quot;"; break;
        case '\'': escaped += "&#39;"; break;
        default: escaped += c;
        }
    }
    return escaped;
}

http::Response payer_page(const PayerPage& shown)
{
    std::string more;
    for (const PayerButton& button : shown.buttons)
        more += fmt::format(
            "<button class=\"refuse\" name=\"{}\" value=\"{}\">{}</button>",
            escape_html(button.name), escape_html(button.value), escape_html(button.label));
    return page(
        200, shown.brand, shown.colour,
        fmt::format(
            "<p class=\"amount\">{}</p><dl><dt>Đơn vị</dt><dd>{}</dd>"
            "<dt>Mã đơn</dt><dd>{}</dd><dt>Nội dung</dt><dd>{}</dd></dl>"
            "<form method=\"post\" action=\"{}\">"
            "<button class=\"pay\" name=\"outcome\" value=\"pay\">Thanh toán</button>"
            "<button class=\"refuse\" name=\"outcome\" value=\"refuse\">Từ chối</button>{}"
            "<button class=\"leave\" name=\"outcome\" value=\"leave\">Để sau</button></form>",
            to_string(shown.amount), escape_html(shown.merchant), escape_html(shown.order_id),
            escape_html(shown.description), escape_html(shown.action), more));
}

http::Response payer_form(
    std::string_view brand, std::string_view colour, const std::vector<PayerField>& fields,
    std::string_view action)
{
    std::string inputs;
    for (const PayerField& field : fields)
        inputs += fmt::format(
            "<label>{}<input name=\"{}\" value=\"{}\" autocomplete=\"off\"></label>",
            escape_html(field.label), escape_html(field.name), escape_html(field.value));
    return page(
        200, brand, colour,
        fmt::format(
            "<form method=\"post\" action=\"{}\">{}<button class=\"pay\">Chuyển tiền</button>"
            "</form>",
            escape_html(action), inputs));
}

http::Response payer_message(
    int status, std::string_view brand, std::string_view colour, std::string_view message,
    std::string_view back)
{
    std::string inside = fmt::format("<p>{}</p>", escape_html(message));
    if (!back.empty())
        inside += fmt::format(
            "<a class=\"button pay\" href=\"{}\">Quay lại cửa hàng</a>", escape_html(back));
    return page(status, brand, colour, inside);
}

} // namespace iwas::sim
