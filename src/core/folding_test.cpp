#include "core/folding.hpp"

#include <gtest/gtest.h>

namespace iwas {
namespace {

TEST(FoldedName, IsOneForEverySpellingOfAName)
{
    for (const char* spelling :
         {"alice", "ALICE", " Alice ", "alice\t", "\u00A0alice", "alice\u2003\u3000", "\u200Balice",
          "al\u00ADice", "\uFF21\uFF2C\uFF29\uFF23\uFF25", "alice\r\n"})
        EXPECT_EQ(folded_name(spelling), "alice") << spelling;
    // NFC and NFD, in both cases.
    EXPECT_EQ(folded_name("Ng\u1ECDc"), folded_name("NGO\u0323C"));
    EXPECT_EQ(folded_name("\u0110\u1EE9c"), folded_name("\u0111u\u031B\u0301C"));
    EXPECT_EQ(folded_name("STRASSE"), folded_name("stra\u00DFe"));
}

TEST(FoldedName, KeepsDifferentNamesApart)
{
    EXPECT_NE(folded_name("alice"), folded_name("al ice"));
    EXPECT_NE(folded_name("minh"), folded_name("m\u00ECnh"));
    EXPECT_EQ(folded_name(" \t\u00A0"), "");
    EXPECT_EQ(folded_name("a\xFF"), "a\uFFFD");
}

TEST(ControlCharacters, AreFoundAnywhere)
{
    for (const char* text : {"a\tb", "alice\n", "\u0085a", "a\x7F", "a\u2028b", "\u2029", "\x01"})
        EXPECT_TRUE(has_control_character(text)) << text;
    EXPECT_TRUE(has_control_character(std::string_view{"a\0b", 3}));
    for (const char* text : {"", "alice", "Ng\u1ECDc Tr\u1EA7n", "\U0001F600", "a b\u00A0c"})
        EXPECT_FALSE(has_control_character(text)) << text;
}

} // namespace
} // namespace iwas
