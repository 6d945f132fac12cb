#include "app/commands/radius_unknown.hpp"
#include "core/ip_address.hpp"

#include <gtest/gtest.h>

namespace iwas::app {
namespace {

TEST(RadiusUnknown, ReadsTheMetricsOfTheServer)
{
    const auto senders = unknown_senders(
        "# HELP iwas_radius_unknown_client_packets_total ...\n"
        "iwas_radius_unknown_packets_total 12\n"
        "iwas_radius_unknown_client_packets_total{address=\"10.0.0.9\"} 5\n"
        "iwas_radius_unknown_client_packets_total{address=\"10.0.0.10\"} 7\n"
        "iwas_radius_unknown_client_packets_total{address=\"nonsense\"} 7\n"
        "iwas_radius_unknown_client_packets_total{address=\"10.0.0.11\n"
        "iwas_radius_unknown_client_last_seen_seconds{address=\"10.0.0.9\"} 1790000000\n"
        "iwas_radius_unknown_client_last_seen_seconds{address=\"10.0.0.10\"} 1.790000060e+09\n"
        "iwas_radius_unknown_client_last_seen_seconds{address=\"10.0.0.12\"} 1790000060");
    ASSERT_EQ(senders.size(), 2U);
    EXPECT_EQ(senders[0].address, "10.0.0.10");
    EXPECT_EQ(senders[0].packets, 7U);
    EXPECT_EQ(senders[1].address, "10.0.0.9");
    EXPECT_EQ(senders[1].packets, 5U);
    EXPECT_EQ(to_unix_ms(senders[1].last_seen), 1'790'000'000'000);
    EXPECT_TRUE(unknown_senders("").empty());
}

} // namespace
} // namespace iwas::app
