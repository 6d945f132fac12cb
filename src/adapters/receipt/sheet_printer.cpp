#include "adapters/receipt/sheet_printer.hpp"

#include "adapters/receipt/fonts.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <cerrno>
#include <hpdf.h>
#include <memory>
#include <span>
#include <stdexcept>
#include <string_view>
#include <sys/mman.h>
#include <system_error>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unistd.h>
#include <vector>

namespace iwas::adapters {

namespace {

// In points of 1/72 inch, from the lower left corner.
constexpr float page_width = 420;
constexpr float page_height = 595;
constexpr float margin = 40;
constexpr float right_edge = page_width - margin;
/// Where the column of values begins.
constexpr float values_from = 165;
constexpr float line_height = 14;
constexpr float row_gap = 7;
constexpr std::size_t lines_max = 3;
/// Characters of one text; more would not fit into its lines.
constexpr std::size_t characters_max = 300;

/// The library embeds the letters that it has measured, and the parts that those are made of, but
/// not the parts of parts: "ố" would lose both its accents. These letters have as parts, or are,
/// what all Vietnamese letters and the đồng sign of both fonts need two levels down; measured, they
/// are embedded as well, and never drawn.
constexpr auto parts_of_parts = "ÀÉÔâēŏŨưẸĔ\u0309\u0323";

int file_in_memory(const char* name, std::span<const std::uint8_t> octets)
{
    const int file = ::memfd_create(name, MFD_CLOEXEC);
    if (file < 0) throw std::system_error{errno, std::generic_category(), "memfd_create"};
    while (!octets.empty()) {
        const auto written = ::write(file, octets.data(), octets.size());
        if (written <= 0) {
            const int error = errno;
            ::close(file);
            throw std::system_error{error, std::generic_category(), "a font in memory"};
        }
        octets = octets.subspan(static_cast<std::size_t>(written));
    }
    return file;
}

void append(std::string& text, std::uint32_t point)
{
    if (point < 0x80) {
        text += static_cast<char>(point);
        return;
    }
    if (point >= 0x800) {
        text += static_cast<char>(0xE0U | (point >> 12U));
        text += static_cast<char>(0x80U | ((point >> 6U) & 0x3FU));
    } else {
        text += static_cast<char>(0xC0U | (point >> 6U));
    }
    text += static_cast<char>(0x80U | (point & 0x3FU));
}

/// Well-formed, without control characters, each letter with its accents as one character: that is
/// how the font has them. The library reads nothing beyond U+FFFF.
std::string printable(std::string_view text)
{
    std::string clean;
    std::size_t characters = 0;
    for (; !text.empty() && characters < characters_max; ++characters) {
        const auto point = take_code_point(text);
        if (!point) {
            text.remove_prefix(1);
            clean += '?';
            continue;
        }
        const bool is_control = *point < 0x20 || (*point >= 0x7F && *point < 0xA0);
        if (is_control)
            clean += ' ';
        else if (*point > 0xFFFF)
            clean += '?';
        else
            append(clean, *point);
    }
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* form = icu::Normalizer2::getNFCInstance(error);
    std::string composed;
    icu::StringByteSink<std::string> sink{&composed};
    if (U_SUCCESS(error)) form->normalizeUTF8(0, clean, sink, nullptr, error);
    return U_SUCCESS(error) ? composed : clean;
}

struct FreeDocument {
    void operator()(HPDF_Doc document) const { HPDF_Free(document); }
};

/// One page being drawn, from top to bottom.
class Page {
public:
    Page(HPDF_Doc document, HPDF_Font regular, HPDF_Font bold)
        : page_{HPDF_AddPage(document)}, regular_{regular}, bold_{bold}
    {
        HPDF_Page_SetWidth(page_, page_width);
        HPDF_Page_SetHeight(page_, page_height);
        for (HPDF_Font font : {regular, bold}) {
            HPDF_Page_SetFontAndSize(page_, font, 10);
            (void)HPDF_Page_TextWidth(page_, parts_of_parts);
        }
    }

    void use(bool is_bold, float size, float grey)
    {
        HPDF_Page_SetFontAndSize(page_, is_bold ? bold_ : regular_, size);
        HPDF_Page_SetGrayFill(page_, grey);
    }
    /// At the left edge, cut to one line; `y` sinks by `height` first.
    void heading(const std::string& text, float height)
    {
        y_ -= height;
        show(margin, lines_of(text, right_edge - margin, 1).front());
    }
    void rule(float grey)
    {
        y_ -= row_gap;
        HPDF_Page_SetGrayStroke(page_, grey);
        HPDF_Page_SetLineWidth(page_, 0.75F);
        HPDF_Page_MoveTo(page_, margin, y_);
        HPDF_Page_LineTo(page_, right_edge, y_);
        HPDF_Page_Stroke(page_);
        y_ -= row_gap;
    }
    /// False: it would stand below the page's end, and nothing was drawn.
    bool row(const ports::PrintedRow& row)
    {
        const float size = row.is_strong ? 11 : 9.5F;
        use(row.is_strong, size, row.is_strong ? 0.0F : 0.4F);
        const auto names = lines_of(row.name, values_from - margin - 10, lines_max);
        use(row.is_strong, size, 0.0F);
        const auto values = lines_of(row.value, right_edge - values_from, lines_max);
        const auto lines = static_cast<float>(std::max(names.size(), values.size()));
        if (y_ - lines * line_height < margin) return false;
        const float top = y_;
        use(row.is_strong, size, row.is_strong ? 0.0F : 0.4F);
        for (const std::string& line : names) {
            y_ -= line_height;
            show(margin, line);
        }
        y_ = top;
        use(row.is_strong, size, 0.0F);
        for (const std::string& line : values) {
            y_ -= line_height;
            show(right_edge - width_of(line), line);
        }
        y_ = top - lines * line_height - row_gap;
        return true;
    }

private:
    [[nodiscard]] float width_of(const std::string& text) const
    {
        return HPDF_Page_TextWidth(page_, text.c_str());
    }
    void show(float x, const std::string& text)
    {
        HPDF_Page_BeginText(page_);
        HPDF_Page_TextOut(page_, x, y_, text.c_str());
        HPDF_Page_EndText(page_);
    }

    /// Broken at spaces, and within a word that is longer than a line; at least one line. What
    /// does not fit into `lines_max` ends in an ellipsis.
    [[nodiscard]] std::vector<std::string> lines_of(
        std::string_view raw, float width, std::size_t most) const
    {
        const std::string text = printable(raw);
        std::vector<std::string> lines(1);
        std::string_view rest = text;
        while (!rest.empty()) {
            std::string next{word_of(rest)};
            if (width_of(lines.back() + next) > width && width_of(next) > width)
                next = piece_of(next, width - width_of(lines.back()));
            if (!next.empty() && width_of(lines.back() + next) <= width) {
                lines.back() += next;
                rest.remove_prefix(next.size());
            } else if (lines.size() == most) {
                shorten(lines.back(), width);
                break;
            } else {
                lines.emplace_back();
                while (rest.starts_with(' '))
                    rest.remove_prefix(1);
            }
        }
        return lines;
    }
    /// With the spaces before it.
    static std::string_view word_of(std::string_view text)
    {
        const auto begin = text.find_first_not_of(' ');
        const auto end = begin == std::string_view::npos ? begin : text.find(' ', begin);
        return text.substr(0, end);
    }
    /// As many characters as fit; none where not even one does.
    [[nodiscard]] std::string piece_of(std::string_view word, float width) const
    {
        std::string piece;
        while (!word.empty()) {
            const std::size_t before = word.size();
            std::string_view after = word;
            if (!take_code_point(after)) break;
            const std::string longer = piece + std::string{word.substr(0, before - after.size())};
            if (width_of(longer) > width) break;
            piece = longer;
            word = after;
        }
        return piece;
    }
    void shorten(std::string& line, float width) const
    {
        line = piece_of(line, width - width_of("\u2026")) + "\u2026";
    }

    HPDF_Page page_;
    HPDF_Font regular_;
    HPDF_Font bold_;
    float y_ = page_height - margin;
};

HPDF_Font load(HPDF_Doc document, int file)
{
    const std::string path = "/proc/self/fd/" + std::to_string(file);
    const char* name = HPDF_LoadTTFontFromFile(document, path.c_str(), HPDF_TRUE);
    return name == nullptr ? nullptr : HPDF_GetFont(document, name, "UTF-8");
}

/// The library remembers its first error; every later call does nothing.
void check(HPDF_Doc document)
{
    const auto error = HPDF_GetError(document);
    if (error != HPDF_OK)
        throw std::runtime_error{"libharu cannot print a sheet: " + std::to_string(error)};
}

} // namespace

SheetPrinter::SheetPrinter() : regular_{file_in_memory("sheet-regular", sheet_font_regular())}
{
    try {
        bold_ = file_in_memory("sheet-bold", sheet_font_bold());
    } catch (...) {
        ::close(regular_);
        throw;
    }
}

SheetPrinter::~SheetPrinter()
{
    ::close(regular_);
    ::close(bold_);
}

std::string SheetPrinter::print(const ports::PrintedSheet& sheet) const
{
    const std::unique_ptr<std::remove_pointer_t<HPDF_Doc>, FreeDocument> document{
        HPDF_New(nullptr, nullptr)};
    if (!document) throw std::bad_alloc{};
    HPDF_SetCompressionMode(document.get(), HPDF_COMP_ALL);
    HPDF_UseUTFEncodings(document.get());
    HPDF_Font regular = load(document.get(), regular_);
    HPDF_Font bold = load(document.get(), bold_);
    check(document.get());

    Page page{document.get(), regular, bold};
    page.use(false, 9, 0.4F);
    page.heading(sheet.heading, 9);
    page.use(true, 18, 0.0F);
    page.heading(sheet.title, 26);
    page.use(false, 9, 0.4F);
    page.heading(sheet.subtitle, 17);
    page.rule(0.2F);
    for (const ports::PrintedRow& row : sheet.rows) {
        if (row.is_strong) page.rule(0.7F);
        if (!page.row(row)) break;
    }

    check(document.get());
    HPDF_SaveToStream(document.get());
    check(document.get());
    std::string file(HPDF_GetStreamSize(document.get()), '\0');
    auto size = static_cast<HPDF_UINT32>(file.size());
    HPDF_ReadFromStream(document.get(), reinterpret_cast<HPDF_BYTE*>(file.data()), &size);
    file.resize(size);
    return file;
}

} // namespace iwas::adapters
