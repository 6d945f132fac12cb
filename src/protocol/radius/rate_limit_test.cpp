#include "protocol/radius/rate_limit.hpp"
#include "tests/vectors/vector_file.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace iwas::radius {

namespace {

TEST(RadiusVectors, RateLimitsAreRead)
{
    for (const auto& record : tests::read_vectors("radius_rate_limit.txt")) {
        SCOPED_TRACE(record.text("text"));
        const auto limit = parse_rate_limit(record.text("text"));
        ASSERT_TRUE(limit);
        const auto pair = [&](const std::string& of) {
            return Directions{record.number("expect.rx_" + of), record.number("expect.tx_" + of)};
        };
        EXPECT_EQ(limit->rate_bps, pair("rate"));
        EXPECT_EQ(limit->burst_bps, pair("burst_rate"));
        EXPECT_EQ(limit->threshold_bps, pair("burst_threshold"));
        EXPECT_EQ(limit->burst_time_s, pair("burst_time"));
        EXPECT_EQ(limit->rate_min_bps, pair("rate_min"));
        EXPECT_EQ(static_cast<std::uint64_t>(limit->priority), record.number("expect.priority"));
        EXPECT_EQ(parse_rate_limit(to_string(*limit)), limit);
    }
}

TEST(RadiusVectors, BadRateLimitsAreRefused)
{
    for (const auto& record : tests::read_vectors("radius_rate_limit_bad.txt"))
        EXPECT_FALSE(parse_rate_limit(record.text("text"))) << record.text("text");
    for (const char* text :
         {" 1M", "1M ", "1M  2M", "-1M", "+1M", "1.5M", "1m", "1MM", "k", "1M/2M 2M/2M 1M/1M 1x",
          "1M 0 0 0 0", "1M 0 0 0 8 2M", "1M 0 0 0 8 1M 1M", "9999999999999", "99999999G"})
        EXPECT_FALSE(parse_rate_limit(text)) << text;
    EXPECT_EQ(parse_rate_limit("1M 2M 1M 5s/6s")->burst_time_s, (Directions{5, 6}));
}

TEST(RadiusVectors, RateLimitsAreWritten)
{
    for (const auto& record : tests::read_vectors("radius_rate_limit_generate.txt")) {
        const RateLimit limit =
            session_rate_limit(record.number("upload_bps"), record.number("download_bps"), 0);
        EXPECT_EQ(to_string(limit), record.text("text"));
    }
    EXPECT_EQ(
        to_string(session_rate_limit(2'000'000, 10'000'000, 12'000'000)),
        "2M/10M 2M/12M 2M/10M 8/8");
    EXPECT_EQ(to_string(session_rate_limit(2'000'000, 10'000'000, 10'000'000)), "2M/10M");
    EXPECT_EQ(to_string(session_rate_limit(1'000'001, 64'000, 0)), "1000001/64k");
}

RC_GTEST_PROP(
    RateLimitProperty, TextIsReadBack, (std::uint32_t up, std::uint32_t down, std::uint32_t burst))
{
    const RateLimit limit = session_rate_limit(up, down, burst);
    RC_ASSERT(parse_rate_limit(to_string(limit)) == limit);
}

} // namespace

} // namespace iwas::radius
