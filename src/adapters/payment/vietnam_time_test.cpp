#include "adapters/payment/vietnam_time.hpp"

#include <gtest/gtest.h>

namespace iwas::adapters {

TEST(VietnamTime, IsSevenHoursAhead)
{
    const UtcTime time = from_rfc3339("2026-11-22T17:15:00.999Z").value();
    EXPECT_EQ(vietnam_digits(time), "20261123001500");
    EXPECT_EQ(vietnam_text(time), "2026-11-23 00:15:00");
    EXPECT_EQ(vietnam_date(time), "2026-11-23");
    EXPECT_EQ(from_vietnam_digits("20261123001500"), from_rfc3339("2026-11-22T17:15:00Z"));
    EXPECT_EQ(from_vietnam_text("2026-11-23 00:15:00"), from_rfc3339("2026-11-22T17:15:00Z"));
}

TEST(VietnamTime, RefusesWhatIsNoTime)
{
    for (const char* const text :
         {"", "2026112300150", "202611230015000", "20261323001500", "20260230001500",
          "20261123241500", "2026112300150x", "2026-11-23 00"})
        EXPECT_FALSE(from_vietnam_digits(text)) << text;
    for (const char* const text :
         {"", "2026-11-23T00:15:00", "2026-11-23 00:15:0", "2026-11-23 00:15:60.0",
          "2026-13-23 00:15:00", "2026-11-23 25:15:00", "2026/11/23 00:15:00"})
        EXPECT_FALSE(from_vietnam_text(text)) << text;
}

} // namespace iwas::adapters
