#include "adapters/cafe_file/payment_account_facts.hpp"
#include "adapters/cafe_file/public_key_test.hpp"
#include "adapters/cafe_file/rsa_public_key.hpp"

#include <gtest/gtest.h>

namespace iwas::adapters {
namespace {

TEST(PaymentAccountFacts, ReadPercentToTheHundredth)
{
    for (std::int64_t points = 0; points <= 10'000; ++points)
        ASSERT_EQ(basis_points_from(percent_text(points)), points);
    for (const char* bad :
         {"", ".", ".5", "5.", "1.234", "1.1.1", "+1", "-1", " 1", "1 ", "1e1", "100.01", "0001",
          "1.x"})
        EXPECT_FALSE(basis_points_from(bad)) << bad;
    EXPECT_EQ(percent_text(105), "1.05");
    EXPECT_EQ(percent_text(110), "1.1");
    EXPECT_EQ(percent_text(200), "2");
}

TEST(PaymentAccountFacts, TakeRsaKeysWithAndWithoutTheirLines)
{
    const auto pem = rsa_public_key_pem(rsa_base64);
    ASSERT_TRUE(pem);
    EXPECT_EQ(rsa_public_key_pem(*pem), pem);
    std::string windows = *pem;
    for (std::size_t at = 0; (at = windows.find('\n', at)) != std::string::npos; at += 2)
        windows.insert(at, "\r");
    EXPECT_EQ(rsa_public_key_pem(windows), pem);
    EXPECT_FALSE(rsa_public_key_pem(""));
    EXPECT_FALSE(rsa_public_key_pem("-----BEGIN PUBLIC KEY-----"));
    EXPECT_FALSE(rsa_public_key_pem(rsa_base64.substr(4)));
    EXPECT_FALSE(rsa_public_key_pem(std::string(5'000, 'A')));
    // A key on the curve P-256 is a public key, but not MoMo's kind.
    EXPECT_FALSE(rsa_public_key_pem(
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAETF4fiPOuvlHidnEBfqr0uh4yD45ZFnOdOmqvmEif7gFs"
        "UEeP+3SzQlbXQJsWSI0BKvOcDsKzIJ2i6cuHeMW9Cg=="));
}

} // namespace
} // namespace iwas::adapters
