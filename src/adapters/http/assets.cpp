#include "adapters/http/assets.hpp"

#include "adapters/http/problem.hpp"
#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "core/text.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace iwas::http {

namespace {

/// Whether a client takes gzip (RFC 9110 §12.5.3): named, or "*", and not with weight zero.
bool accepts_gzip(std::string_view accept)
{
    for (std::size_t at = 0; at < accept.size();) {
        const std::size_t end = std::min(accept.find(',', at), accept.size());
        std::string_view item = accept.substr(at, end - at);
        at = end + 1;
        item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
        std::string_view name = item.substr(0, item.find_first_of("; "));
        if (!equal_ignoring_case(name, "gzip") && name != "*") continue;
        const std::size_t weight = item.find("q=");
        if (weight == std::string_view::npos) return true;
        return item.substr(weight + 2).find_first_of("123456789") != std::string_view::npos;
    }
    return false;
}

/// Whether If-None-Match names `etag`; weak comparison (RFC 9110 §13.1.2).
bool names_etag(std::string_view condition, std::string_view etag)
{
    return condition == "*" || condition.find(etag) != std::string_view::npos;
}

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream file{path, std::ios::binary};
    std::string content{std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
    if (!file && !file.eof()) throw std::runtime_error{"cannot read " + path.string()};
    return content;
}

} // namespace

std::string_view media_type_of(std::string_view path)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 15> types{{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".webp", "image/webp"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
        {".yaml", "application/yaml"},
        {".webmanifest", "application/manifest+json"},
    }};
    for (const auto& [ending, type] : types)
        if (path.ends_with(ending)) return type;
    return "application/octet-stream";
}

void Assets::add(std::string path, std::string content, std::string gzip, bool immutable)
{
    const Sha256Digest digest = sha256({as_bytes(content)});
    File file;
    file.type = media_type_of(path);
    file.etag = '"' + to_hex(ByteView{digest}.first(12)) + '"';
    file.content = std::make_shared<const std::string>(std::move(content));
    if (!gzip.empty()) file.gzip = std::make_shared<const std::string>(std::move(gzip));
    file.immutable = immutable;
    files_.insert_or_assign(std::move(path), std::move(file));
}

void Assets::add_folder(const std::filesystem::path& folder)
{
    std::error_code error;
    std::filesystem::recursive_directory_iterator entries{folder, error};
    if (error)
        throw std::runtime_error{
            "cannot read the folder " + folder.string() + ": " + error.message()};
    for (const auto& entry : entries) {
        if (!entry.is_regular_file() || entry.path().extension() == ".gz") continue;
        std::filesystem::path packed = entry.path();
        packed += ".gz";
        const std::string name =
            "/" + std::filesystem::relative(entry.path(), folder).generic_string();
        add(name, read_file(entry.path()),
            std::filesystem::exists(packed) ? read_file(packed) : std::string{},
            name.find("/assets/") != std::string::npos);
    }
}

Response Assets::respond(const Request& request, std::string_view path) const
{
    const auto found = files_.find(path);
    if (found == files_.end())
        return problem({.status = 404, .code = "NOT_FOUND", .detail = "There is no such file."});
    const File& file = found->second;
    Response response;
    response.headers.set("Content-Type", file.type);
    response.headers.set("ETag", file.etag);
    response.headers.set(
        "Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (file.gzip) response.headers.set("Vary", "Accept-Encoding");
    if (names_etag(request.headers.value("If-None-Match"), file.etag)) {
        response.status = 304;
        return response;
    }
    if (file.gzip && accepts_gzip(request.headers.value("Accept-Encoding"))) {
        response.headers.set("Content-Encoding", "gzip");
        response.shared_body = file.gzip;
    } else {
        response.shared_body = file.content;
    }
    return response;
}

} // namespace iwas::http
