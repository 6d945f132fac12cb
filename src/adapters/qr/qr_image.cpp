#include "adapters/qr/qr_image.hpp"

#include <png.h>
#include <qrencode.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>
#include <stdexcept>

namespace iwas::adapters {

namespace {

struct FreeCode {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

/// The squares of a code with the white around it.
class Modules {
public:
    Modules(std::unique_ptr<QRcode, FreeCode> code, int quiet_zone)
        : code_{std::move(code)}, quiet_zone_{quiet_zone}
    {
    }

    /// Along one edge, the quiet zone included.
    [[nodiscard]] int edge() const { return code_->width + 2 * quiet_zone_; }
    [[nodiscard]] bool is_dark(int x, int y) const
    {
        const int column = x - quiet_zone_;
        const int row = y - quiet_zone_;
        if (column < 0 || row < 0 || column >= code_->width || row >= code_->width) return false;
        return (code_->data[row * code_->width + column] & 1) != 0;
    }

private:
    std::unique_ptr<QRcode, FreeCode> code_;
    int quiet_zone_;
};

bool is_within_bounds(const QrStyle& style)
{
    return style.quiet_zone_modules >= 4 && style.quiet_zone_modules <= 16 &&
           style.module_pixels >= 1 && style.module_pixels <= 64;
}

/// Throws when the library fails for another reason than the text's length.
Result<Modules, QrError> modules_of(std::string_view text, const QrStyle& style)
{
    if (!is_within_bounds(style)) return std::unexpected{QrError::bad_style};
    if (text.empty()) return std::unexpected{QrError::empty};
    if (text.contains('\0')) return std::unexpected{QrError::not_text};
    // The library chooses the smallest version and packs runs of digits and capitals, of which a
    // VietQR mostly consists.
    const std::string ended{text};
    std::unique_ptr<QRcode, FreeCode> code{
        QRcode_encodeString(ended.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1)};
    if (!code) {
        if (errno == ERANGE) return std::unexpected{QrError::too_long};
        if (errno == ENOMEM) throw std::bad_alloc{};
        throw std::runtime_error{"libqrencode cannot encode a text"};
    }
    Modules modules{std::move(code), style.quiet_zone_modules};
    if (modules.edge() * style.module_pixels > qr_edge_pixels_max)
        return std::unexpected{QrError::too_large};
    return modules;
}

std::string escaped(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        switch (c) {
        case '&': result += "&amp;"; break;
        case '<': result += "&lt;"; break;
        case '>': result += "&gt;"; break;
        default: result += c;
        }
    }
    return result;
}

/// The dark runs of every row as one path, which is far smaller than a rectangle for each module.
std::string dark_path(const Modules& modules)
{
    std::string path;
    for (int y = 0; y < modules.edge(); ++y) {
        for (int x = 0; x < modules.edge(); ++x) {
            if (!modules.is_dark(x, y)) continue;
            const int begin = x;
            while (x < modules.edge() && modules.is_dark(x, y))
                ++x;
            const std::string run = std::to_string(x - begin);
            path += 'M' + std::to_string(begin) + ' ' + std::to_string(y);
            path += 'h' + run + "v1h-" + run + 'z';
        }
    }
    return path;
}

Bytes grey_pixels(const Modules& modules, int module_pixels)
{
    const auto scale = static_cast<std::size_t>(module_pixels);
    const std::size_t edge = static_cast<std::size_t>(modules.edge()) * scale;
    Bytes pixels(edge * edge, 0xFF);
    for (std::size_t y = 0; y < edge; ++y)
        for (std::size_t x = 0; x < edge; ++x)
            if (modules.is_dark(static_cast<int>(x / scale), static_cast<int>(y / scale)))
                pixels[y * edge + x] = 0;
    return pixels;
}

} // namespace

std::string_view to_text(QrError error)
{
    switch (error) {
    case QrError::empty: return "there is no text to draw";
    case QrError::not_text: return "the text holds a NUL octet";
    case QrError::too_long: return "the text is longer than a QR code holds";
    case QrError::bad_style:
        return "a quiet zone of 4 to 16 modules and modules of 1 to 64 pixels can be drawn";
    case QrError::too_large: return "the image would have an edge of more than 4096 pixels";
    }
    return "unknown";
}

Result<std::string, QrError> qr_svg(std::string_view text, const QrStyle& style)
{
    const auto modules = modules_of(text, style);
    if (!modules) return std::unexpected{modules.error()};
    const std::string edge = std::to_string(modules->edge());
    const std::string pixels = std::to_string(modules->edge() * style.module_pixels);
    std::string svg = R"(<svg xmlns="http://www.w3.org/2000/svg" width=")" + pixels +
                      R"(" height=")" + pixels + R"(" viewBox="0 0 )" + edge + ' ' + edge +
                      R"(" shape-rendering="crispEdges")";
    svg += style.title.empty() ? R"( aria-hidden="true">)"
                               : R"( role="img"><title>)" + escaped(style.title) + "</title>";
    svg += R"(<path fill="#fff" d="M0 0h)" + edge + 'v' + edge + "h-" + edge + R"(z"/>)";
    svg += R"(<path fill="#000" d=")" + dark_path(*modules) + R"("/></svg>)";
    svg += '\n';
    return svg;
}

Result<Bytes, QrError> qr_png(std::string_view text, const QrStyle& style)
{
    const auto modules = modules_of(text, style);
    if (!modules) return std::unexpected{modules.error()};
    const Bytes pixels = grey_pixels(*modules, style.module_pixels);
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(modules->edge() * style.module_pixels);
    image.height = image.width;
    image.format = PNG_FORMAT_GRAY;

    // Asked without memory, the library says how much it needs.
    png_alloc_size_t size = 0;
    Bytes file;
    bool is_written =
        png_image_write_to_memory(&image, nullptr, &size, 0, pixels.data(), 0, nullptr) != 0;
    if (is_written) {
        file.resize(size);
        is_written = png_image_write_to_memory(
                         &image, file.data(), &size, 0, pixels.data(), 0, nullptr) != 0;
    }
    if (!is_written) throw std::runtime_error{std::string{"libpng: "} + image.message};
    file.resize(size);
    return file;
}

} // namespace iwas::adapters
