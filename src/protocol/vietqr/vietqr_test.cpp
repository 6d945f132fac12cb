#include "protocol/vietqr/banks.hpp"
#include "protocol/vietqr/crc16.hpp"
#include "protocol/vietqr/fields.hpp"
#include "tests/vectors/vector_file.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace iwas::vietqr {

namespace {

/// The names that the vectors use.
const std::map<std::string, DecodeFault> fault_names{
    {"too_long", DecodeFault::too_long},
    {"not_printable", DecodeFault::not_printable},
    {"cut_field", DecodeFault::cut_field},
    {"bad_id", DecodeFault::bad_id},
    {"bad_length", DecodeFault::bad_length},
    {"overrun", DecodeFault::overrun},
    {"empty_value", DecodeFault::empty_value},
    {"repeated_field", DecodeFault::repeated_field},
    {"field_too_long", DecodeFault::field_too_long},
    {"missing_version", DecodeFault::missing_version},
    {"wrong_version", DecodeFault::wrong_version},
    {"missing_initiation", DecodeFault::missing_initiation},
    {"wrong_initiation", DecodeFault::wrong_initiation},
    {"missing_account_block", DecodeFault::missing_account_block},
    {"missing_guid", DecodeFault::missing_guid},
    {"wrong_guid", DecodeFault::wrong_guid},
    {"missing_beneficiary", DecodeFault::missing_beneficiary},
    {"missing_bin", DecodeFault::missing_bin},
    {"bad_bin", DecodeFault::bad_bin},
    {"missing_account", DecodeFault::missing_account},
    {"empty_account", DecodeFault::empty_account},
    {"account_too_long", DecodeFault::account_too_long},
    {"bad_account", DecodeFault::bad_account},
    {"wrong_service", DecodeFault::wrong_service},
    {"misplaced_service", DecodeFault::misplaced_service},
    {"unexpected_field", DecodeFault::unexpected_field},
    {"missing_currency", DecodeFault::missing_currency},
    {"wrong_currency", DecodeFault::wrong_currency},
    {"bad_amount", DecodeFault::bad_amount},
    {"zero_amount", DecodeFault::zero_amount},
    {"fractional_amount", DecodeFault::fractional_amount},
    {"bad_merchant_category", DecodeFault::bad_merchant_category},
    {"missing_country", DecodeFault::missing_country},
    {"wrong_country", DecodeFault::wrong_country},
    {"missing_crc", DecodeFault::missing_crc},
    {"bad_crc", DecodeFault::bad_crc},
    {"wrong_crc", DecodeFault::wrong_crc},
    {"data_after_crc", DecodeFault::data_after_crc},
};

const Transfer order{
    .bank_bin = "970418",
    .account = "31410001234567",
    .is_dynamic = true,
    .amount = Money{20'000},
    .purpose = "IWAS000124",
};

std::string value_or_empty(const tests::VectorRecord& record, std::string_view name)
{
    return record.has(name) ? record.text(name) : std::string{};
}

TEST(VietQrVectors, Crc)
{
    for (const auto& record : tests::read_vectors("vietqr_crc.txt")) {
        std::array<std::uint8_t, 2> octets;
        store_be16(octets, 0, crc16(record.text("text")));
        EXPECT_EQ(Bytes(octets.begin(), octets.end()), record.bytes("crc"));
    }
}

TEST(VietQrVectors, AreRead)
{
    for (const auto& record : tests::read_vectors("vietqr_read.txt")) {
        SCOPED_TRACE(record.text("qr"));
        const auto transfer = decode(record.text("qr"));
        ASSERT_TRUE(transfer) << to_text(transfer.error());
        Transfer expected{
            .bank_bin = record.text("bin"),
            .account = record.text("account"),
            .to_card = record.text("service") == "QRIBFTTC",
            .is_dynamic = record.text("initiation") == "12",
            .purpose = value_or_empty(record, "purpose"),
            .reference = value_or_empty(record, "reference"),
            .reference_label = value_or_empty(record, "reference_label"),
            .merchant_category = value_or_empty(record, "category"),
            .merchant_name = value_or_empty(record, "name"),
            .merchant_city = value_or_empty(record, "city"),
        };
        if (record.has("amount"))
            expected.amount = Money{static_cast<std::int64_t>(record.number("amount"))};
        EXPECT_EQ(*transfer, expected);
        EXPECT_EQ(encode(*transfer) == record.text("qr"), record.text("written_alike") == "yes");
        EXPECT_EQ(decode(encode(*transfer).value()), *transfer);
        EXPECT_TRUE(find_bank_by_bin(transfer->bank_bin));
    }
}

TEST(VietQrVectors, AreRefusedForTheirReason)
{
    std::set<std::string> seen;
    for (const auto& record : tests::read_vectors("vietqr_refused.txt")) {
        SCOPED_TRACE(record.text("fault") + ": " + record.text("qr"));
        const auto transfer = decode(record.text("qr"));
        ASSERT_FALSE(transfer);
        EXPECT_EQ(transfer.error().fault, fault_names.at(record.text("fault")))
            << to_text(transfer.error());
        EXPECT_EQ(transfer.error().field, value_or_empty(record, "field"));
        seen.insert(record.text("fault"));
    }
    EXPECT_EQ(seen.size(), fault_names.size()) << "every rule has its vector";
}

TEST(VietQrDecode, ErrorsSayWhereAndWhy)
{
    const auto error_of = [](std::string_view text) { return decode(text).error(); };
    // The CRC of what stands there, and where the CRC's field begins.
    const std::string wrong =
        "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA5303704540410005802VN"
        "62150811Chuyen tien6304BBB5";
    EXPECT_EQ(error_of(wrong), (DecodeError{DecodeFault::wrong_crc, 109, "63", 0xBBB8}));
    EXPECT_EQ(
        to_text(error_of(wrong)),
        "field 63, character 110: wrong CRC: the text before it gives BBB8");
    // A text that was cut: the field that lost its end.
    EXPECT_EQ(error_of(wrong.substr(0, 40)), (DecodeError{DecodeFault::overrun, 12, "38"}));
    EXPECT_EQ(
        to_text(error_of(wrong.substr(0, 40))),
        "field 38, character 13: its length reaches past the end");
    EXPECT_EQ(error_of(wrong + "\n"), (DecodeError{DecodeFault::not_printable, 117, ""}));
    EXPECT_EQ(error_of(wrong + " "), (DecodeError{DecodeFault::data_after_crc, 117, ""}));
    EXPECT_EQ(to_text(error_of(wrong + " ")), "character 118: something follows the CRC");
}

TEST(VietQrDecode, EveryCutAndEveryChangedCharacterIsNoticed)
{
    const std::string text = encode(order).value();
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_FALSE(decode(std::string_view{text}.substr(0, size))) << size;
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (int c = 0; c < 256; ++c) {
            std::string changed = text;
            changed[at] = static_cast<char>(c);
            const auto transfer = decode(changed);
            // Small letters in the CRC are the only change that may be accepted.
            const bool same_crc = at + 4 >= text.size() && (text[at] | 0x20) == c;
            if (changed != text && !same_crc) EXPECT_FALSE(transfer) << at << ' ' << c;
        }
    }
}

TEST(VietQrEncode, RefusesWhatTheFormatCannotHold)
{
    const auto error_of = [](auto change) {
        Transfer transfer = order;
        change(transfer);
        const auto text = encode(transfer);
        return text ? std::nullopt : std::optional{text.error()};
    };
    using T = Transfer;
    EXPECT_EQ(error_of([](T& t) { t.bank_bin = "97041"; }), EncodeError::bad_bin);
    EXPECT_EQ(error_of([](T& t) { t.bank_bin = "97041A"; }), EncodeError::bad_bin);
    EXPECT_EQ(error_of([](T& t) { t.account.clear(); }), EncodeError::empty_account);
    EXPECT_EQ(error_of([](T& t) { t.account.assign(19, '1'); }), std::nullopt);
    EXPECT_EQ(error_of([](T& t) { t.account.assign(20, '1'); }), EncodeError::account_too_long);
    EXPECT_EQ(error_of([](T& t) { t.account = "12 34"; }), EncodeError::bad_account);
    EXPECT_EQ(error_of([](T& t) { t.amount = Money{0}; }), EncodeError::bad_amount);
    EXPECT_EQ(error_of([](T& t) { t.amount = Money{-1}; }), EncodeError::bad_amount);
    EXPECT_EQ(error_of([](T& t) { t.amount = Money{9'999'999'999'999}; }), std::nullopt);
    EXPECT_EQ(
        error_of([](T& t) { t.amount = Money{10'000'000'000'000}; }), EncodeError::bad_amount);
    EXPECT_EQ(error_of([](T& t) { t.purpose.assign(26, 'A'); }), EncodeError::purpose_too_long);
    EXPECT_EQ(error_of([](T& t) { t.reference.assign(26, 'A'); }), EncodeError::reference_too_long);
    EXPECT_EQ(
        error_of([](T& t) { t.reference_label.assign(26, 'A'); }),
        EncodeError::reference_label_too_long);
    EXPECT_EQ(
        error_of([](T& t) { t.merchant_name.assign(26, 'A'); }),
        EncodeError::merchant_name_too_long);
    EXPECT_EQ(
        error_of([](T& t) { t.merchant_city.assign(16, 'A'); }),
        EncodeError::merchant_city_too_long);
    EXPECT_EQ(
        error_of([](T& t) { t.merchant_category = "57"; }), EncodeError::bad_merchant_category);
    EXPECT_EQ(error_of([](T& t) { t.purpose = "Qu\u00e1n"; }), EncodeError::not_printable);
    EXPECT_EQ(error_of([](T& t) { t.merchant_name = "A\nB"; }), EncodeError::not_printable);
}

TEST(VietQrFields, AreListedEvenWhenRefused)
{
    const std::string text = encode(order).value();
    const auto changed = text.substr(0, text.size() - 4) + "0000";
    EXPECT_FALSE(decode(changed));
    const auto fields = list_fields(changed);
    ASSERT_TRUE(fields);
    std::string lines;
    for (const ListedField& field : *fields)
        lines += field.path + ' ' + std::string{field.name} + ' ' + std::string{field.value} + '\n';
    EXPECT_EQ(
        lines,
        "00 format version 01\n01 initiation 12\n38-00 NAPAS A000000727\n"
        "38-01-00 bank (BIN) 970418\n38-01-01 account 31410001234567\n38-02 service QRIBFTTA\n"
        "53 currency 704\n54 amount 20000\n58 country VN\n"
        "62-08 purpose (transfer text) IWAS000124\n63 CRC 0000\n");
    EXPECT_EQ(list_fields("0002").error().fault, DecodeFault::overrun);
    EXPECT_EQ(list_fields(std::string(513, '0')).error().fault, DecodeFault::too_long);
    // 38 is not framed: one value.
    EXPECT_EQ(list_fields("3803abc")->at(0).value, "abc");
}

TEST(VietQrBanks, AreFoundByBin)
{
    EXPECT_EQ(banks().size(), 66);
    for (const Bank& bank : banks()) {
        EXPECT_EQ(find_bank_by_bin(bank.bin), &bank);
        EXPECT_EQ(bank.bin.size(), 6);
        EXPECT_FALSE(bank.code.empty());
        EXPECT_FALSE(bank.short_name.empty());
        EXPECT_FALSE(bank.name.empty());
        EXPECT_TRUE(encode({.bank_bin = std::string{bank.bin}, .account = "1"}));
    }
    EXPECT_EQ(find_bank_by_bin("970436")->short_name, "Vietcombank");
    EXPECT_EQ(name_of_bank("970436"), "Vietcombank");
    EXPECT_EQ(name_of_bank("970000"), "970000");
    EXPECT_EQ(find_bank_by_bin("970436")->swift, "BFTVVNVX");
    EXPECT_EQ(find_bank_by_bin("970434")->support, BankSupport::receive_only);
    EXPECT_EQ(find_bank_by_bin("000000"), nullptr);
    EXPECT_EQ(find_bank_by_bin("999999"), nullptr);
    EXPECT_EQ(find_bank_by_bin(""), nullptr);
}

TEST(VietQrBanks, ACodeMayNameSeveral)
{
    const auto bins_of = [](std::string_view code) {
        std::vector<std::string_view> bins;
        for (const Bank* bank : find_banks_by_code(code))
            bins.push_back(bank->bin);
        return bins;
    };
    using Bins = std::vector<std::string_view>;
    EXPECT_EQ(bins_of("VCB"), Bins{"970436"});
    EXPECT_EQ(bins_of("ctg"), Bins{"970415"}); // the other code, in small letters
    EXPECT_EQ(bins_of("ICB"), Bins{"970415"});
    EXPECT_EQ(bins_of("BVB"), (Bins{"970438", "970454"}));
    EXPECT_EQ(bins_of("CIMB"), (Bins{"422589", "970459"}));
    EXPECT_EQ(bins_of("NONE"), Bins{});
    EXPECT_EQ(bins_of(""), Bins{});
}

/// Texts of `sizes` characters out of `alphabet`.
rc::Gen<std::string> text_of(std::string_view alphabet, int size_min, int size_max)
{
    const std::string characters{alphabet};
    return rc::gen::mapcat(rc::gen::inRange(size_min, size_max + 1), [=](int size) {
        return rc::gen::container<std::string>(
            static_cast<std::size_t>(size), rc::gen::elementOf(characters));
    });
}

RC_GTEST_PROP(VietQrProperty, WhatIsWrittenIsReadBack, ())
{
    const std::string printable = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCXYZ[\\]^_`abcxyz{|}~";
    const auto label = text_of(printable, 0, 25);
    Transfer transfer{
        .bank_bin = *text_of("0123456789", 6, 6),
        .account = *text_of("0123456789ABCXYZabcxyz", 1, 19),
        .to_card = *rc::gen::arbitrary<bool>(),
        .is_dynamic = *rc::gen::arbitrary<bool>(),
        .purpose = *label,
        .reference = *label,
        .reference_label = *text_of(printable, 0, 5),
        .merchant_category = *rc::gen::element(std::string{}, std::string{"5734"}),
        .merchant_name = *label,
        .merchant_city = *text_of(printable, 0, 15),
    };
    if (*rc::gen::arbitrary<bool>())
        transfer.amount = Money{*rc::gen::inRange<std::int64_t>(1, 10'000'000'000'000)};
    const auto text = encode(transfer);
    RC_ASSERT(text.has_value());
    RC_ASSERT(text->size() <= text_max);
    RC_ASSERT((decode(*text) == transfer));
}

} // namespace

} // namespace iwas::vietqr
