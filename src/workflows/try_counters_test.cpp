#include "workflows/try_counters.hpp"

#include <gtest/gtest.h>

namespace iwas::workflows {
namespace {

const SteadyTime start{std::chrono::hours{1}};

TEST(TryCounters, BlockAfterTheLastTryUntilTheWindowEnds)
{
    TryCounters counters{{.tries_max = 3, .window = 300s}};
    for (int i = 0; i < 3; ++i) {
        EXPECT_FALSE(counters.blocked_for("a", start));
        counters.count("a", start + Seconds{i});
    }
    EXPECT_EQ(counters.blocked_for("a", start + 100s), 200s);
    EXPECT_EQ(counters.blocked_for("a", start + 100s + 1ms), 200s) << "rounded up";
    EXPECT_FALSE(counters.blocked_for("b", start));
    EXPECT_FALSE(counters.blocked_for("a", start + 300s));
    EXPECT_EQ(counters.size(), 0U) << "what ended takes no memory";
}

TEST(TryCounters, ForgetOneTryOrAll)
{
    TryCounters counters{{.tries_max = 2, .window = 300s}};
    counters.count("a", start);
    counters.count("a", start);
    counters.forget_try("a");
    EXPECT_FALSE(counters.blocked_for("a", start));
    counters.count("a", start);
    EXPECT_TRUE(counters.blocked_for("a", start));
    counters.forget("a");
    EXPECT_FALSE(counters.blocked_for("a", start));
    counters.count("a", start);
    counters.forget_try("a");
    EXPECT_EQ(counters.size(), 0U);
    counters.forget_try("a");
    counters.forget("never seen");
}

TEST(TryCounters, ForgetTheOldestWhenFull)
{
    TryCounters counters{{.tries_max = 1, .window = 300s, .counters_max = 3}};
    for (const char* key : {"z", "m", "a"})
        counters.count(key, start);
    counters.count("n", start + 1s);
    EXPECT_EQ(counters.size(), 3U);
    EXPECT_FALSE(counters.blocked_for("z", start + 1s)) << "the oldest, wherever it sorts";
    for (const char* key : {"m", "a", "n"})
        EXPECT_TRUE(counters.blocked_for(key, start + 1s)) << key;
    for (int i = 0; i < 1000; ++i)
        counters.count("key " + std::to_string(i), start + 2s);
    EXPECT_EQ(counters.size(), 3U);
}

TEST(TryCounters, BlockNewKeysWhenFull)
{
    TryCounters counters{
        {.tries_max = 2,
         .window = 300s,
         .counters_max = 2,
         .when_full = TryCounters::WhenFull::block_new}};
    counters.count("a", start);
    counters.count("a", start);
    counters.count("b", start + 10s);
    EXPECT_EQ(counters.blocked_for("c", start + 20s), 280s) << "until the first place is free";
    EXPECT_TRUE(counters.blocked_for("a", start + 20s));
    EXPECT_FALSE(counters.blocked_for("b", start + 20s));
    EXPECT_FALSE(counters.blocked_for("c", start + 300s));
}

} // namespace
} // namespace iwas::workflows
