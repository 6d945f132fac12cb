// The head and body of any request, as far as they are read without a socket: one line a header.
#include "adapters/http/assets.hpp"
#include "adapters/http/connection.hpp"
#include "api/customer.hpp"
#include "api/tokens.hpp"
#include "core/assert.hpp"

#include <boost/asio/io_context.hpp>

using namespace iwas;

namespace {

/// Everything up to the first line feed, which is taken off as well.
std::string_view line_of(std::string_view& text)
{
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    return line;
}

http::ServerOptions behind_a_proxy()
{
    http::ServerOptions options;
    options.trusted_proxies = {*Ipv4Prefix::parse("10.0.0.0/8")};
    return options;
}

const http::Assets& page_and_its_gzip()
{
    static const http::Assets assets = [] {
        http::Assets made;
        made.add("/page.html", "plain", "compressed", false);
        return made;
    }();
    return assets;
}

/// The members that the handlers ask a body for.
void read_members(const http::Request& request)
{
    const auto body = api::json_body(request);
    if (!body) return;
    for (const std::string_view name : {"username", "package_id", "method", "language"})
        if (const auto text = api::text_member(*body, name, 1, 64))
            IWAS_ASSERT(!text->empty() && text->size() <= 64);
    if (const auto price = api::money_member(*body, "quoted_price")) IWAS_ASSERT(*price >= Money{});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static boost::asio::io_context io; // never run
    static const http::detail::Shared shared{io.get_executor(), behind_a_proxy(), {}};
    static const api::Tokens tokens{SecretText{std::string(32, 'k')}};

    std::string_view rest{reinterpret_cast<const char*>(data), size};
    const std::string target{line_of(rest)};
    http::Headers headers;
    for (std::string_view line = line_of(rest); !line.empty(); line = line_of(rest)) {
        const auto colon = line.find(':');
        if (colon != std::string_view::npos)
            headers.add(std::string{line.substr(0, colon)}, std::string{line.substr(colon + 1)});
    }
    auto request = http::detail::make_request(
        shared, http::Method::post, target, std::move(headers), "10.0.0.1", false);
    if (!request) return 0;
    request->body = std::string{rest};
    IWAS_ASSERT(Ipv4Address::parse(request->peer_address).has_value());
    IWAS_ASSERT(request->request_id.size() >= 8 && request->request_id.size() <= 64);
    (void)api::language_of(*request);
    if (const auto key = api::idempotency_key(*request))
        IWAS_ASSERT(key->size() >= 8 && key->size() <= 64);
    const std::string_view token = request->headers.value("X-IWAS-Visit");
    if (const auto visit = tokens.visit_of(token)) IWAS_ASSERT(tokens.visit_token(*visit) == token);
    const auto page = page_and_its_gzip().respond(*request, "/page.html");
    IWAS_ASSERT(page.status == 200 || page.status == 304);
    read_members(*request);
    return 0;
}
