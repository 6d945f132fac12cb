#include "adapters/qr/qr_image.hpp"

#include <gtest/gtest.h>
#include <png.h>

#include <charconv>

namespace iwas::adapters {

namespace {

constexpr std::string_view vietqr =
    "00020101021238580010A000000727012800069704180114314100012345670208QRIBFTTA530370454052000058"
    "02VN62140810IWAS00012463049996";

struct Picture {
    std::size_t edge = 0;
    Bytes grey;
};

Picture read_png(const Bytes& file)
{
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    EXPECT_TRUE(png_image_begin_read_from_memory(&image, file.data(), file.size()));
    image.format = PNG_FORMAT_GRAY;
    EXPECT_EQ(image.width, image.height);
    Picture picture{image.width, Bytes(PNG_IMAGE_SIZE(image))};
    EXPECT_TRUE(png_image_finish_read(&image, nullptr, picture.grey.data(), 0, nullptr));
    return picture;
}

/// The dark squares of our own SVG: every `Mx yhN` of its second path.
Picture read_svg(std::string_view svg)
{
    const auto number_after = [&](std::size_t at, std::string_view what) {
        const std::size_t begin = svg.find(what, at) + what.size();
        std::size_t value = 0;
        std::from_chars(svg.data() + begin, svg.data() + svg.size(), value);
        return value;
    };
    Picture picture;
    picture.edge = number_after(0, "viewBox=\"0 0 ");
    picture.grey.assign(picture.edge * picture.edge, 0xFF);
    for (std::size_t at = svg.find('M', svg.find("#000")); at != std::string_view::npos;
         at = svg.find('M', at + 1)) {
        const std::size_t x = number_after(at, "M");
        const std::size_t y = number_after(at, " ");
        for (std::size_t i = 0; i < number_after(at, "h"); ++i)
            picture.grey.at(y * picture.edge + x + i) = 0;
    }
    return picture;
}

TEST(QrImage, SvgAndPngShowTheSameModules)
{
    const auto svg = qr_svg(vietqr);
    const auto png = qr_png(vietqr, {.module_pixels = 1});
    ASSERT_TRUE(svg && png);
    const Picture drawn = read_svg(*svg);
    const Picture printed = read_png(*png);
    EXPECT_EQ(drawn.edge, printed.edge);
    EXPECT_EQ(drawn.grey, printed.grey);
    // The corner of a finder pattern stands behind four white modules.
    const auto at = [&](std::size_t x, std::size_t y) { return drawn.grey[y * drawn.edge + x]; };
    EXPECT_EQ(at(4, 4), 0);
    for (std::size_t i = 0; i < drawn.edge; ++i) {
        for (std::size_t zone = 0; zone < 4; ++zone) {
            EXPECT_EQ(at(i, zone), 0xFF);
            EXPECT_EQ(at(zone, i), 0xFF);
            EXPECT_EQ(at(i, drawn.edge - 1 - zone), 0xFF);
            EXPECT_EQ(at(drawn.edge - 1 - zone, i), 0xFF);
        }
    }
}

TEST(QrImage, StyleDecidesTheSize)
{
    const Picture plain = read_png(qr_png(vietqr).value());
    const Picture large =
        read_png(qr_png(vietqr, {.quiet_zone_modules = 6, .module_pixels = 10}).value());
    EXPECT_EQ(plain.edge % 8, 0);
    EXPECT_EQ(large.edge, (plain.edge / 8 + 4) * 10);
    const auto svg = qr_svg(vietqr).value();
    EXPECT_TRUE(svg.contains("width=\"" + std::to_string(plain.edge) + '"'));
}

TEST(QrImage, TitleIsEscaped)
{
    EXPECT_TRUE(qr_svg(vietqr)->contains("aria-hidden"));
    const auto svg = qr_svg(vietqr, {.title = "Quán <A> & B"}).value();
    EXPECT_TRUE(svg.contains("role=\"img\"><title>Quán &lt;A&gt; &amp; B</title>"));
}

TEST(QrImage, WhatCannotBeDrawnIsRefused)
{
    const auto error_of = [](std::string_view text, const QrStyle& style = {}) {
        const auto svg = qr_svg(text, style);
        const auto png = qr_png(text, style);
        EXPECT_EQ(svg.has_value(), png.has_value());
        if (!svg && !png) EXPECT_EQ(svg.error(), png.error());
        return svg ? std::nullopt : std::optional{svg.error()};
    };
    EXPECT_EQ(error_of(""), QrError::empty);
    EXPECT_EQ(error_of(std::string_view{"a\0b", 3}), QrError::not_text);
    EXPECT_EQ(error_of(std::string(2331, 'a')), std::nullopt);
    EXPECT_EQ(error_of(std::string(2332, 'a')), QrError::too_long);
    EXPECT_EQ(error_of(std::string(5596, '7')), std::nullopt);
    EXPECT_EQ(error_of(std::string(5597, '7')), QrError::too_long);
    EXPECT_EQ(error_of("a", {.quiet_zone_modules = 3}), QrError::bad_style);
    EXPECT_EQ(error_of("a", {.quiet_zone_modules = 17}), QrError::bad_style);
    EXPECT_EQ(error_of("a", {.module_pixels = 0}), QrError::bad_style);
    EXPECT_EQ(error_of("a", {.module_pixels = 65}), QrError::bad_style);
    EXPECT_EQ(error_of(std::string(2000, 'a'), {.module_pixels = 64}), QrError::too_large);
}

} // namespace

} // namespace iwas::adapters
