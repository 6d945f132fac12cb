#include "adapters/payment/sorted_json.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace iwas::adapters {

TEST(SortedJson, WritesBothDialects)
{
    const auto value = boost::json::parse(
        R"({"b":[{"d":1,"c":"a/\u1ea1\ud83d\ude00\n\u0001\\\""}],"a":{"z":null,"y":-0.0,"x":true}})");
    EXPECT_EQ(
        sorted_json(value), "{\"a\":{\"x\":true,\"y\":0,\"z\":null},\"b\":[{\"c\":\"a/"
                            "ạ😀\\n\\u0001\\\\\\\"\",\"d\":1}]}");
    EXPECT_EQ(
        sorted_json(value, JsonDialect::php),
        R"({"a":{"x":true,"y":0,"z":null},"b":[{"c":"a\/\u1ea1\ud83d\ude00\n\u0001\\\"","d":1}]})");
    EXPECT_EQ(
        sorted_json(boost::json::parse(R"({"b":{"d":1,"c":2},"a":1})"), JsonDialect::javascript, 1),
        R"({"a":1,"b":{"d":1,"c":2}})");
}

TEST(SortedJson, PrintsNumbersAsJavaScript)
{
    const auto printed = [](std::string_view number) {
        return javascript_number(boost::json::parse(number));
    };
    EXPECT_EQ(printed("599000"), "599000");
    EXPECT_EQ(printed("599000.0"), "599000");
    EXPECT_EQ(printed("599000.25"), "599000.25");
    EXPECT_EQ(printed("-0.1"), "-0.1");
    EXPECT_EQ(printed("1e20"), "100000000000000000000");
    EXPECT_EQ(printed("18446744073709551615"), "18446744073709551615");
    EXPECT_EQ(printed("0.0"), "0");
}

} // namespace iwas::adapters
