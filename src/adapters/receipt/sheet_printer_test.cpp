// What a printed sheet says is read back by Poppler, which is not ours.
#include "adapters/receipt/sheet_printer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

namespace iwas::adapters {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A file that is gone with the test.
class PdfFile {
public:
    explicit PdfFile(const std::string& content)
    {
        const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
        path_ = std::filesystem::temp_directory_path() /
                ("iwas-sheet-" + std::to_string(::getpid()) + test->name() +
                 std::to_string(content.size()) + ".pdf");
        std::ofstream{path_, std::ios::binary} << content;
    }
    ~PdfFile() { std::filesystem::remove(path_); }

    /// What `command` prints, with the file's path in place of `{}`.
    [[nodiscard]] std::string said_by(std::string command) const
    {
        // Poppler dislikes an operator in what libharu writes, warns, and reads it all the same.
        command += " 2>/dev/null";
        command.replace(command.find("{}"), 2, path_.string());
        struct Close {
            void operator()(FILE* pipe) const { ::pclose(pipe); }
        };
        const std::unique_ptr<FILE, Close> pipe{::popen(command.c_str(), "r")};
        std::string output;
        std::array<char, 4096> part{};
        while (const std::size_t got = std::fread(part.data(), 1, part.size(), pipe.get()))
            output.append(part.data(), got);
        return output;
    }
    [[nodiscard]] std::string text() const { return said_by("pdftotext -layout {} -"); }
    /// Grey pixels with a header (PGM).
    [[nodiscard]] std::string picture() const { return said_by("pdftoppm -gray -r 100 {}"); }

private:
    std::filesystem::path path_;
};

const SheetPrinter& printer()
{
    static const SheetPrinter instance;
    return instance;
}

/// Every letter with every accent that Vietnamese has, and the đồng sign.
constexpr auto small_letters = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩị";
constexpr auto more_letters = "òóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ";
constexpr auto capitals = "ĂẰẮẲẴẶÂẦẤẨẪẬÊỀẾỂỄỆÔỒỐỔỖỘ";
constexpr auto more_capitals = "ƠỜỚỞỠỢƯỪỨỬỮỰĐ";

TEST(SheetPrinter, EveryVietnameseLetterIsThereToReadAndToCopy)
{
    const PdfFile file{printer().print({
        .heading = "Thiên Hà Gaming",
        .title = "Biên nhận",
        .subtitle = "Số txn_1",
        .rows =
            {
                {"Chữ thường", small_letters},
                {"Nữa", more_letters},
                {"Chữ hoa", capitals},
                {"Nữa", more_capitals},
                {"Tổng cộng", "12.000\u00a0₫", true},
            },
    })};
    const std::string text = file.text();
    for (const auto* each :
         {"Thiên Hà Gaming", "Biên nhận", "Số txn_1", small_letters, more_letters, capitals,
          more_capitals, "Tổng cộng", "12.000"})
        EXPECT_THAT(text, HasSubstr(each));
    EXPECT_THAT(text, HasSubstr("₫"));

    const std::string fonts = file.said_by("pdffonts {}");
    EXPECT_THAT(fonts, HasSubstr("DejaVuSans"));
    EXPECT_THAT(fonts, HasSubstr("yes yes yes")) << "embedded, a part of it, to be copied";
    EXPECT_THAT(file.said_by("pdfinfo {}"), HasSubstr("420 x 595 pts (A5)"));
}

/// One letter a line, each line's pixels as a text of their own.
std::vector<std::string> drawn_lines(const std::vector<std::string>& letters)
{
    ports::PrintedSheet sheet;
    for (const std::string& each : letters)
        sheet.rows.push_back({"", each});
    const std::string picture = PdfFile{printer().print(sheet)}.said_by("pdftoppm -gray -r 144 {}");
    // At 144 dots an inch a point is two pixels: lines are 42 apart and begin 212 below the top.
    constexpr std::size_t width = 840;
    constexpr std::size_t height = 1190;
    std::vector<std::string> lines;
    if (picture.size() < width * height) return lines;
    const std::string pixels = picture.substr(picture.size() - width * height);
    for (std::size_t i = 0; i < letters.size(); ++i)
        lines.push_back(pixels.substr((212 + 42 * i) * width, 42 * width));
    return lines;
}

TEST(SheetPrinter, NoLetterLosesAnAccent)
{
    const std::vector<std::vector<std::string>> alike{
        {"a", "à", "á", "ả", "ã", "ạ", "ă", "ằ", "ắ", "ẳ", "ẵ", "ặ", "â", "ầ", "ấ", "ẩ", "ẫ", "ậ"},
        {"A", "À", "Á", "Ả", "Ã", "Ạ", "Ă", "Ằ", "Ắ", "Ẳ", "Ẵ", "Ặ", "Â", "Ầ", "Ấ", "Ẩ", "Ẫ", "Ậ"},
        {"e", "è", "é", "ẻ", "ẽ", "ẹ", "ê", "ề", "ế", "ể", "ễ", "ệ"},
        {"E", "È", "É", "Ẻ", "Ẽ", "Ẹ", "Ê", "Ề", "Ế", "Ể", "Ễ", "Ệ"},
        {"o", "ò", "ó", "ỏ", "õ", "ọ", "ô", "ồ", "ố", "ổ", "ỗ", "ộ", "ơ", "ờ", "ớ", "ở", "ỡ", "ợ"},
        {"O", "Ò", "Ó", "Ỏ", "Õ", "Ọ", "Ô", "Ồ", "Ố", "Ổ", "Ỗ", "Ộ", "Ơ", "Ờ", "Ớ", "Ở", "Ỡ", "Ợ"},
        {"u", "ù", "ú", "ủ", "ũ", "ụ", "ư", "ừ", "ứ", "ử", "ữ", "ự"},
        {"U", "Ù", "Ú", "Ủ", "Ũ", "Ụ", "Ư", "Ừ", "Ứ", "Ử", "Ữ", "Ự"},
        {"i", "ì", "í", "ỉ", "ĩ", "ị", "y", "ỳ", "ý", "ỷ", "ỹ", "ỵ", "d", "đ", "₫", "D", "Đ"},
    };
    for (const auto& letters : alike) {
        const auto lines = drawn_lines(letters);
        ASSERT_EQ(lines.size(), letters.size());
        for (std::size_t i = 0; i < lines.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                EXPECT_NE(lines[i], lines[j]) << letters[i] << " looks like " << letters[j];
    }
}

TEST(SheetPrinter, AccentsLeaveInkAndAreComposed)
{
    const auto printed = [](const std::string& word) {
        return PdfFile{printer().print({.title = word})}.picture();
    };
    EXPECT_NE(printed("tiên"), printed("tien"));
    EXPECT_NE(printed("tiến"), printed("tiên"));
    EXPECT_EQ(printed("tie\u0302\u0301n"), printed("tiến"));
    for (const auto& [whole, part] :
         {std::pair{"ố", "ó"}, {"ộ", "ô"}, {"ặ", "ă"}, {"ậ", "â"}, {"ừ", "ư"}, {"₫", "đ"}})
        EXPECT_NE(printed(whole), printed(part)) << whole;
}

TEST(SheetPrinter, WhatDoesNotFitIsCut)
{
    std::string words;
    for (int i = 0; i < 2'000; ++i)
        words += "lời ";
    ports::PrintedSheet sheet{.heading = words, .title = std::string(5'000, 'W'), .subtitle = {}};
    sheet.rows.push_back({"Mã", std::string(4'000, '9')});
    for (int i = 0; i < 200; ++i)
        sheet.rows.push_back({words, words, i % 2 == 0});
    const std::string content = printer().print(sheet);
    EXPECT_LT(content.size(), 250'000U);
    const PdfFile file{content};
    EXPECT_THAT(file.text(), HasSubstr("\u2026"));
    EXPECT_THAT(file.said_by("pdfinfo {}"), HasSubstr("Pages:           1"));

    // Nothing stands in the margins: 40 points are 55 pixels at 100 dots an inch.
    const std::string picture = file.picture();
    const std::size_t width = 584;
    const std::size_t height = 827;
    ASSERT_GE(picture.size(), width * height);
    const std::string_view pixels =
        std::string_view{picture}.substr(picture.size() - width * height);
    for (std::size_t y = 0; y < height; ++y)
        for (const std::size_t x : {std::size_t{20}, std::size_t{52}, width - 52, width - 20})
            ASSERT_EQ(static_cast<unsigned char>(pixels[y * width + x]), 0xFF) << x << ',' << y;
}

TEST(SheetPrinter, HostileTextDoesNoHarm)
{
    const PdfFile file{printer().print({
        .heading = "\xFF\xC3(\\) Tj ET \x80",
        .title = std::string{"a\0b\x1B[31m", 8},
        .subtitle = "\U0001F600 \u202E abc",
        .rows = {{"", ""}, {" ", "   "}, {"\n\r\t", "<script>"}},
    })};
    const std::string text = file.text();
    EXPECT_THAT(text, HasSubstr("(\\) Tj ET"));
    EXPECT_THAT(text, HasSubstr("a b [31m"));
    EXPECT_THAT(text, HasSubstr("<script>"));
    EXPECT_THAT(text, Not(HasSubstr("\x1B")));
}

TEST(SheetPrinter, TheSameSheetIsTheSameFile)
{
    const ports::PrintedSheet sheet{.title = "Biên nhận", .rows = {{"Gói", "Ba giờ"}}};
    EXPECT_EQ(printer().print(sheet), printer().print(sheet));
}

} // namespace

} // namespace iwas::adapters
