#include "domain/transfer_claim.hpp"

#include <gtest/gtest.h>

namespace iwas::domain {

namespace {

const UtcTime noon = *from_rfc3339("2026-11-26T05:00:00Z");

Payment payment()
{
    Payment money;
    money.gateway_id = "FT26264882134";
    money.amount = Money{12'000};
    money.payer = "****6789";
    money.paid_at = noon;
    return money;
}
Transaction order()
{
    Transaction txn;
    txn.amount = Money{12'000};
    txn.created_at = noon - 60s;
    return txn;
}
TransferClaim by_reference(std::string reference)
{
    return {
        .amount = Money{12'000},
        .bank_reference = std::move(reference),
        .sent_at = {},
        .sender_last4 = {}};
}
TransferClaim by_details(UtcTime sent_at, std::string last4)
{
    return {
        .amount = Money{12'000},
        .bank_reference = {},
        .sent_at = sent_at,
        .sender_last4 = std::move(last4)};
}

TEST(TransferClaim, TheBanksReferenceProvesItHoweverItIsWritten)
{
    for (const auto* text : {"FT26264882134", "ft 2626 4882 134", " FT26264882134. "})
        EXPECT_EQ(proof_of(by_reference(text), payment(), order()), ClaimProof::reference) << text;
    for (const auto* text : {"", "FT26264882135", "FT2626", "26264882134", "*"})
        EXPECT_EQ(proof_of(by_reference(text), payment(), order()), ClaimProof::none) << text;
}

TEST(TransferClaim, CountersOfAFeedProveNothing)
{
    Payment counted = payment();
    counted.gateway_id = "sepay-92704123";
    EXPECT_EQ(proof_of(by_reference("sepay-92704123"), counted, order()), ClaimProof::none);
    counted.gateway_id = "4521/2026-11-26/12000";
    EXPECT_EQ(proof_of(by_reference("4521/2026-11-26/12000"), counted, order()), ClaimProof::none);
}

TEST(TransferClaim, AReferenceMayStandInTheMemo)
{
    Payment noted = payment();
    noted.gateway_id = "sepay-1";
    noted.memo = "MBVCB.3278907687.chuyen tien";
    EXPECT_EQ(proof_of(by_reference("MBVCB.3278907687"), noted, order()), ClaimProof::reference);
    EXPECT_EQ(proof_of(by_reference("CHUYENTIEN"), noted, order()), ClaimProof::none);
    EXPECT_EQ(proof_of(by_reference("3278907"), noted, order()), ClaimProof::none);
}

TEST(TransferClaim, DetailsMustAllBeRight)
{
    EXPECT_EQ(proof_of(by_details(noon + 9min, "6789"), payment(), order()), ClaimProof::details);
    EXPECT_EQ(proof_of(by_details(noon - 10min, "6789"), payment(), order()), ClaimProof::details);
    EXPECT_EQ(proof_of(by_details(noon + 11min, "6789"), payment(), order()), ClaimProof::none);
    EXPECT_EQ(proof_of(by_details(noon, "6788"), payment(), order()), ClaimProof::none);
    EXPECT_EQ(proof_of(by_details(noon, ""), payment(), order()), ClaimProof::none);
    TransferClaim untimed = by_details(noon, "6789");
    untimed.sent_at.reset();
    EXPECT_EQ(proof_of(untimed, payment(), order()), ClaimProof::none);
    Payment unknown = payment();
    unknown.payer.clear();
    EXPECT_EQ(proof_of(by_details(noon, ""), unknown, order()), ClaimProof::none);
}

TEST(TransferClaim, AnotherAmountOrMoneyBeforeTheOrderIsNotHis)
{
    TransferClaim claim = by_reference("FT26264882134");
    claim.amount = Money{11'999};
    EXPECT_EQ(proof_of(claim, payment(), order()), ClaimProof::none);
    Transaction later = order();
    later.created_at = noon + bank_clock_error_max;
    EXPECT_EQ(proof_of(by_reference("FT26264882134"), payment(), later), ClaimProof::reference);
    later.created_at += 1s;
    EXPECT_EQ(proof_of(by_reference("FT26264882134"), payment(), later), ClaimProof::none);
}

} // namespace

} // namespace iwas::domain
