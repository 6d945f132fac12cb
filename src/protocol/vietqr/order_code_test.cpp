#include "protocol/vietqr/order_code.hpp"
#include "tests/vectors/vector_file.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

namespace iwas::vietqr {

namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

TEST(OrderCodeVectors, AreMade)
{
    for (const auto& record : tests::read_vectors("vietqr_order_codes.txt")) {
        const std::string& code = record.text("code");
        EXPECT_EQ(make_order_code(record.number("random"), record.text("prefix")), code);
        EXPECT_TRUE(is_order_code(code, record.text("prefix")));
        EXPECT_FALSE(is_order_code(code, "XX"));
    }
}

TEST(OrderCodeVectors, AreFoundInTransfers)
{
    for (const auto& record : tests::read_vectors("vietqr_memos.txt"))
        EXPECT_EQ(find_order_codes(record.text("memo")), record.all("code")) << record.text("memo");
}

TEST(OrderCode, NoTypoAndNoExchangeIsTakenForACode)
{
    std::mt19937_64 random{20260101};
    for (int round = 0; round < 20; ++round) {
        const std::string code = make_order_code(random());
        for (std::size_t at = 2; at < code.size(); ++at) {
            for (const char c : alphabet) {
                std::string typo = code;
                typo[at] = c;
                EXPECT_EQ(is_order_code(typo), typo == code) << typo;
            }
            for (std::size_t other = at + 1; other < code.size(); ++other) {
                std::string exchanged = code;
                std::swap(exchanged[at], exchanged[other]);
                EXPECT_EQ(is_order_code(exchanged), exchanged == code) << exchanged;
            }
        }
    }
}

TEST(OrderCode, OneOf32RandomTextsPasses)
{
    std::mt19937_64 random{20260102};
    std::uniform_int_distribution<std::size_t> any{0, alphabet.size() - 1};
    constexpr int texts = 32'000;
    int passed = 0;
    for (int i = 0; i < texts; ++i) {
        std::string text{"IW"};
        for (std::size_t n = 0; n < order_code_digits; ++n)
            text += alphabet[any(random)];
        if (is_order_code(text)) ++passed;
    }
    EXPECT_NEAR(passed, texts / 32, 160); // five standard deviations
}

TEST(OrderCode, IsWrittenInOneWayOnly)
{
    const std::string code = make_order_code(0x0401 << 5 | 1);
    EXPECT_TRUE(is_order_code(code));
    std::string typed = code;
    std::ranges::replace(typed, '0', 'O');
    EXPECT_FALSE(is_order_code(typed));
    EXPECT_FALSE(is_order_code(code + "0"));
    EXPECT_FALSE(is_order_code(code.substr(0, code.size() - 1)));
    EXPECT_FALSE(is_order_code(""));
}

TEST(OrderCode, PrefixesAreChecked)
{
    for (const char* good : {"IW", "NET2", "WIFIQ7", "99"})
        EXPECT_TRUE(is_order_prefix(good));
    for (const char* bad : {"", "I", "iw", "I W", "WIFIQ77", "I-W"}) {
        EXPECT_FALSE(is_order_prefix(bad)) << bad;
        EXPECT_TRUE(find_order_codes("IW7K3M9QX2BF", bad).empty()) << bad;
    }
}

TEST(OrderCode, WhatIsFoundIsBounded)
{
    std::string many;
    for (std::uint64_t i = 0; i < 20; ++i)
        many += make_order_code(i) + ' ';
    const auto found = find_order_codes(many);
    ASSERT_EQ(found.size(), order_codes_max);
    EXPECT_EQ(found.back(), make_order_code(order_codes_max - 1));
    // Beyond the bound nothing is read; blanks do not count.
    const std::string code = make_order_code(7);
    EXPECT_EQ(find_order_codes(std::string(memo_max - code.size(), 'X') + code).size(), 1);
    EXPECT_TRUE(find_order_codes(std::string(memo_max - code.size() + 1, 'X') + code).empty());
    EXPECT_EQ(find_order_codes(std::string(100'000, ' ') + code).size(), 1);
}

RC_GTEST_PROP(OrderCodeProperty, IsFoundInAnyText, (std::uint64_t random, std::string before))
{
    const std::string code = make_order_code(random);
    before.resize(std::min<std::size_t>(before.size(), 200));
    std::string memo = before;
    for (const char c : code) {
        memo += *rc::gen::arbitrary<bool>() ? static_cast<char>(c | 0x20) : c;
        if (*rc::gen::arbitrary<bool>()) memo += *rc::gen::element(' ', '.', '-', '/');
    }
    const auto found = find_order_codes(memo + " FT26123456789012");
    RC_ASSERT(std::ranges::find(found, code) != found.end());
    for (const std::string& each : found)
        RC_ASSERT(is_order_code(each));
}

} // namespace

} // namespace iwas::vietqr
