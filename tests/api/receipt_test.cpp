// Receipts: the same facts as JSON, on the sheet and in the file that the customer keeps.
#include "api/receipt.hpp"
#include "tests/api/api_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <unistd.h>

namespace iwas::api::testing {
namespace {

using ::testing::HasSubstr;

std::string text_of_pdf(const std::string& content)
{
    const auto path = std::filesystem::temp_directory_path() /
                      ("iwas-receipt-" + std::to_string(::getpid()) + ".pdf");
    std::ofstream{path, std::ios::binary} << content;
    struct Close {
        void operator()(FILE* pipe) const { ::pclose(pipe); }
    };
    const std::string command = "pdftotext -layout " + path.string() + " - 2>/dev/null";
    std::string text;
    {
        const std::unique_ptr<FILE, Close> pipe{::popen(command.c_str(), "r")};
        std::array<char, 4096> part{};
        while (const std::size_t got = std::fread(part.data(), 1, part.size(), pipe.get()))
            text.append(part.data(), got);
    }
    std::filesystem::remove(path);
    return text;
}

Receipt refunded_receipt()
{
    return {
        .number = "txn_1",
        .organization = "Thiên Hà",
        .location = "Quận 7",
        .package_name = "Ba giờ",
        .paid_at = *from_rfc3339("2026-12-31T17:30:00Z"),
        .method = domain::PaymentMethod::vietqr,
        .amount = Money{12'000},
        .credit_used = Money{2'000},
        .refunds =
            {{Money{5'000}, *from_rfc3339("2027-01-01T02:05:00Z"),
              domain::TransactionState::refunded},
             {Money{1'000}, *from_rfc3339("2027-01-02T16:59:59Z"),
              domain::TransactionState::refunding}},
        .reference = "FT26364000001",
        .total_kept = Money{6'000},
        .time_zone = "Asia/Ho_Chi_Minh",
    };
}

TEST(ReceiptSheet, SaysWhatThePageSaysInBothLanguages)
{
    World world;
    const auto vi = receipt_sheet(refunded_receipt(), Language::vi, world.clock);
    EXPECT_EQ(vi.heading, "Thiên Hà");
    EXPECT_EQ(vi.title, "Biên nhận");
    EXPECT_EQ(vi.subtitle, "Số txn_1");
    const std::vector<ports::PrintedRow> rows{
        {"Nơi bán", "Thiên Hà · Quận 7"},
        {"Gói", "Ba giờ"},
        {"Trả lúc", "01/01/2027, 00:30"},
        {"Cách trả", "QR ngân hàng"},
        {"Mã tham chiếu", "FT26364000001"},
        {"Giá", "12.000\u00a0₫"},
        {"Từ tiền gửi", "−2.000\u00a0₫"},
        {"Đã trả", "10.000\u00a0₫"},
        {"Đã hoàn · 01/01/2027, 09:05", "−5.000\u00a0₫"},
        {"Đang hoàn · 02/01/2027, 23:59", "−1.000\u00a0₫"},
        {"Tổng cộng", "6.000\u00a0₫", true},
    };
    EXPECT_EQ(vi.rows, rows);

    const auto en = receipt_sheet(refunded_receipt(), Language::en, world.clock);
    EXPECT_EQ(en.title, "Receipt");
    ASSERT_EQ(en.rows.size(), rows.size());
    EXPECT_EQ(en.rows[3], (ports::PrintedRow{"Paid with", "Bank QR"}));
    EXPECT_EQ(en.rows[5], (ports::PrintedRow{"Price", "12,000\u00a0₫"}));
    EXPECT_EQ(en.rows[10], (ports::PrintedRow{"Total", "6,000\u00a0₫", true}));
}

TEST(ReceiptSheet, WhatHappenedAfterThePaymentDoesNotMoveIt)
{
    domain::Transaction paid;
    paid.state = domain::TransactionState::success;
    paid.amount = Money{12'000};
    const UtcTime paid_at = *from_rfc3339("2026-12-31T17:30:00Z");
    const std::vector<ports::TransactionEvent> story{
        {paid_at - 1min, "", "created", "customer", ""},
        {paid_at - 1min, "created", "pending", "customer", ""},
        {paid_at, "pending", "success", "gateway", "payment g1"},
        {paid_at + 1h, "success", "success", "gateway", "second_payment g2"},
        {paid_at + 2h, "success", "success", "staff:lan", "refund of 5.000: slow"}};
    EXPECT_EQ(receipt_of({}, paid, story, {}).paid_at, paid_at);
}

TEST(ReceiptSheet, TimesAreOfTheLocationsZone)
{
    World world;
    const auto time = *from_rfc3339("2026-03-01T02:30:00Z");
    const auto shown = [&](const char* zone) { return date_and_time(time, zone, world.clock); };
    EXPECT_EQ(shown("UTC"), "01/03/2026, 02:30");
    EXPECT_EQ(shown("Asia/Ho_Chi_Minh"), "01/03/2026, 09:30");
    EXPECT_EQ(shown("America/New_York"), "28/02/2026, 21:30");
    EXPECT_EQ(shown("Pacific/Kiritimati"), "01/03/2026, 16:30");
}

TEST(ReceiptPdf, IsForThePayerAndSaysWhatTheJsonSays)
{
    World world;
    Phone phone{world, "A4:5E:60:11:22:0F", "192.168.20.15"};
    phone.sign_in();
    EXPECT_TRUE(body_of(phone.get("/api/v1/portal")).at("offers").at("receipt_pdf").as_bool());
    const auto bought = phone.buy("pkg_3h", 12'000);
    ASSERT_EQ(bought.status, 201) << bought.body;
    const std::string path =
        "/api/v1/purchases/" + std::string{body_of(bought).at("id").as_string()} + "/receipt";

    phone.language = "vi";
    const auto file = phone.get(path + ".pdf");
    ASSERT_EQ(file.status, 200) << file.body;
    EXPECT_EQ(file.headers.value("Content-Type"), "application/pdf");
    EXPECT_THAT(std::string{file.headers.value("Content-Disposition")}, HasSubstr(".pdf"));
    const std::string text = text_of_pdf(file.body);
    const auto receipt = body_of(phone.get(path));
    for (const auto* member : {"organization", "location", "package_name", "number", "reference"})
        EXPECT_THAT(text, HasSubstr(std::string{receipt.at(member).as_string()})) << member;
    for (const auto* words : {"Biên nhận", "Nơi bán", "Số dư tài khoản", "Tổng cộng", "12.000"})
        EXPECT_THAT(text, HasSubstr(words));

    phone.language = "en";
    EXPECT_THAT(text_of_pdf(phone.get(path + ".pdf").body), HasSubstr("Account balance"));

    Phone other{world, "A4:5E:60:11:22:10", "192.168.20.16"};
    other.sign_in("lan");
    EXPECT_EQ(other.get(path + ".pdf").status, 404);
    Phone stranger{world, "A4:5E:60:11:22:11", "192.168.20.17"};
    stranger.arrive();
    EXPECT_EQ(stranger.get(path + ".pdf").status, 401);
}

} // namespace
} // namespace iwas::api::testing
