#include "adapters/payment/json_fields.hpp"

#include <boost/json/array.hpp>
#include <gtest/gtest.h>

namespace iwas::adapters::gateway_json {
namespace {

boost::json::object parsed(std::string_view text)
{
    return parse_object(text).value();
}

TEST(GatewayJson, ReadsAmountsExactlyAndOnlyWhole)
{
    const auto body = parsed(
        R"({"number":50000,"text":"50000","zero":0,"fraction":1.5,"exponent":5e4,"point":50000.0,)"
        R"("negative":-1,"huge":9007199254740993,"beyond":18446744073709551616,"list":"15000.00",)"
        R"("cents":"15000.50","plus":"+5","blank":" 5","empty":"","null":null,"truth":true})");
    EXPECT_EQ(amount(body, "number"), Money{50'000});
    EXPECT_EQ(amount(body, "text"), Money{50'000});
    EXPECT_EQ(amount(body, "zero"), Money{0});
    EXPECT_EQ(integer(body, "huge"), 9'007'199'254'740'993) << "more than a double holds";
    EXPECT_EQ(integer(body, "negative"), -1);
    EXPECT_EQ(amount_with_fraction(body, "list"), Money{15'000});
    EXPECT_EQ(amount_with_fraction(body, "number"), Money{50'000});
    for (const auto* name :
         {"fraction", "exponent", "point", "negative", "huge", "beyond", "list", "cents", "plus",
          "blank", "empty", "null", "truth", "absent"})
        EXPECT_FALSE(amount(body, name)) << name;
    for (const auto* name : {"cents", "negative", "empty", "point", "truth"})
        EXPECT_FALSE(amount_with_fraction(body, name)) << name;
}

TEST(GatewayJson, ReadsWhatSignaturesAreOver)
{
    const auto body = parsed(
        R"({"text":"Thành công.","number":4084757146,"big":18446744073709551615,"null":null,)"
        R"("fraction":0.5,"object":{},"truth":false})");
    EXPECT_EQ(scalar(body, "text", ""), "Thành công.");
    EXPECT_EQ(scalar(body, "number", ""), "4084757146");
    EXPECT_EQ(scalar(body, "big", ""), "18446744073709551615");
    EXPECT_EQ(scalar(body, "null", "-"), "-");
    EXPECT_EQ(scalar(body, "absent", "-"), "-");
    for (const auto* name : {"fraction", "object", "truth"})
        EXPECT_FALSE(scalar(body, name, "")) << name;
}

TEST(GatewayJson, RefusesIdentifiersThatCouldDoHarm)
{
    const auto body = parsed(
        R"({"id":"a-1","number":7,"line":"a\nb","zero":"a\u0000b","empty":"","long":")" +
        std::string(129, 'x') + R"("})");
    EXPECT_EQ(identifier(body, "id"), "a-1");
    EXPECT_EQ(identifier(body, "number"), "7");
    for (const auto* name : {"line", "zero", "empty", "long", "absent"})
        EXPECT_FALSE(identifier(body, name)) << name;
    EXPECT_FALSE(identifier(parsed("{\"id\":\"\xff\"}"), "id"));
}

TEST(GatewayJson, IsBounded)
{
    EXPECT_FALSE(parse_object(""));
    EXPECT_FALSE(parse_object("[]"));
    EXPECT_FALSE(parse_object("{} x"));
    EXPECT_FALSE(parse_object(R"({"a":)" + std::string(20, '[') + std::string(20, ']') + "}"));
    EXPECT_FALSE(parse_object(R"({"a":")" + std::string(300'000, 'x') + R"("})"));
}

TEST(GatewayJson, MasksAtAnyDepthAndWritesUtf8)
{
    const auto body =
        parsed("{\"token\":\"t\",\"a\":{\"token\":[1],\"b\":[{\"token\":null}]},\"c\":\"\xff\"}");
    EXPECT_EQ(
        masked(body, {.secrets = {"token"}}),
        "{\"token\":\"***\",\"a\":{\"token\":\"***\",\"b\":[{\"token\":\"***\"}]},"
        "\"c\":\"\xEF\xBF\xBD\"}");
}

TEST(GatewayJson, ReducesWhatPeopleWrote)
{
    const auto reduced = [](const char* body) {
        return masked(parsed(body), {.texts = {"memo"}, .reduced = [](std::string_view text) {
                                         return std::to_string(text.size());
                                     }});
    };
    EXPECT_EQ(
        reduced(R"({"memo":"Lan","a":[{"memo":"Minh"}]})"), R"({"memo":"3","a":[{"memo":"4"}]})");
    EXPECT_EQ(reduced(R"({"memo":null})"), R"({"memo":null})");
    EXPECT_EQ(reduced(R"({"memo":123456789})"), R"({"memo":"***"})") << "no text to reduce";
    EXPECT_EQ(reduced(R"({"memo":{"a":"Lan"}})"), R"({"memo":"***"})");
}

TEST(GatewayJson, WritesForms)
{
    EXPECT_EQ(
        form({{"a", "x y"}, {"b", ""}, {"c", "{\"k\":\"á\"}"}}),
        "a=x%20y&b=&c=%7B%22k%22%3A%22%C3%A1%22%7D");
}

TEST(GatewayJson, KnowsTimesOfThisCentury)
{
    const auto body = parsed(R"({"ms":1701645754029,"text":"1701645754029","seconds":1701645754})");
    EXPECT_EQ(unix_ms(body, "ms"), from_unix_ms(1'701'645'754'029));
    EXPECT_EQ(unix_ms(body, "text"), from_unix_ms(1'701'645'754'029));
    EXPECT_FALSE(unix_ms(body, "seconds"));
}

} // namespace
} // namespace iwas::adapters::gateway_json
