// QR codes that others have published or made, and what no phone should accept.
#include "sim/payment/bank/qr_code.hpp"

#include <gtest/gtest.h>

#include <array>

namespace iwas::sim::bank {
namespace {

struct Sample {
    const char* text;
    const char* bin;
    const char* account;
    bool is_to_card;
    std::int64_t amount; // 0: none
    const char* memo;
};
// The specification's examples, codes of banks and wallets, and four by npm `vietnam-qr-pay`.
constexpr std::array samples{
    Sample{
        "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN6"
        "3044F52",
        "970403", "9704031101234567", true, 0, ""},
    Sample{
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA53037045406180000"
        "5802VN62340107NPS68690819thanh toan don hang63042E2E",
        "970403", "0011012345678", false, 180000, "thanh toan don hang"},
    Sample{
        "00020101021138540010A00000072701240006970423011000999999990208QRIBFTTA53037045802VN6304CBB"
        "4",
        "970423", "0099999999", false, 0, ""},
    Sample{
        "00020101021238570010A00000072701270006970422011300234579234420208QRIBFTTA53037045405401235"
        "802VN62160812chuyen khoan6304722F",
        "970422", "0023457923442", false, 40123, "chuyen khoan"},
    Sample{
        "00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9"
        "F",
        "970416", "257678859", false, 0, ""},
    Sample{
        "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA530370454069999995802"
        "VN62140810Cam on nhe6304E786",
        "970416", "257678859", false, 999999, "Cam on nhe"},
    Sample{
        "00020101021138580010A000000727012800069704070114190304136010180208QRIBFTTA53037045802VN630"
        "40283",
        "970407", "19030413601018", false, 0, ""},
    Sample{
        "00020101021138620010A000000727013200069710250118PSP1234567890000000208QRIBFTTA53037045802V"
        "N62190515MOMOW2W123456786304821F",
        "971025", "PSP123456789000000", false, 0, ""},
    Sample{
        "00020101021138560010A0000007270126000697041501121133666688880208QRIBFTTA53037045802VN6304F"
        "443",
        "970415", "113366668888", false, 0, ""},
    Sample{
        "00020101021238580010A000000727012800069704180114314100012345670208QRIBFTTA5303704540520000"
        "5802VN62140810IWAS00012463049996",
        "970418", "31410001234567", false, 20000, "IWAS000124"},
    Sample{
        "00020101021138580010A000000727012800069704070114190367123450180208QRIBFTTA53037045802VN621"
        "90815QUAY THU NGAN 163041E86",
        "970407", "19036712345018", false, 0, "QUAY THU NGAN 1"},
    Sample{
        "00020101021238600010A00000072701300006970448011600041000123450010208QRIBFTTA53037045404100"
        "05802VN62050801A63040835",
        "970448", "0004100012345001", false, 1000, "A"},
};

TEST(QrCode, ReadsWhatOthersMade)
{
    for (const Sample& sample : samples) {
        SCOPED_TRACE(sample.text);
        const auto read = read_qr(sample.text);
        ASSERT_TRUE(read) << to_string(read.error());
        EXPECT_EQ(read->bin, sample.bin);
        EXPECT_EQ(read->account, sample.account);
        EXPECT_EQ(read->is_to_card, sample.is_to_card);
        EXPECT_EQ(read->amount.value_or(Money{}), Money{sample.amount});
        EXPECT_EQ(read->memo, sample.memo);
    }
}

TEST(QrCode, WritesWhatTheSpecificationAndOthersWrite)
{
    EXPECT_EQ(
        write_qr("970416", "257678859", Money{999'999}, "Cam on nhe"),
        "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA530370454069999995802"
        "VN62140810Cam on nhe6304E786");
    EXPECT_EQ(
        write_qr("970418", "31410001234567", Money{20'000}, "IWAS000124"),
        "00020101021238580010A000000727012800069704180114314100012345670208QRIBFTTA5303704540520000"
        "5802VN62140810IWAS00012463049996");
}

TEST(QrCode, ChecksumsAsPublished)
{
    EXPECT_EQ(crc16("123456789"), 0x29B1);
    EXPECT_EQ(crc16("01"), 0x3EE8);
}

TEST(QrCode, RefusesADamagedCode)
{
    const auto read = read_qr(
        "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA5303704540410005802VN"
        "62150811Chuyen tien6304BBB5");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error(), QrError::crc);
}

TEST(QrCode, RefusesTheMisprintOfTheSpecification)
{
    const auto read = read_qr(
        "00020101021138570010A00000072701270006970403011200110123456780208QRIBFTTA53037045802VN6304"
        "F4E5");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error(), QrError::structure) << "its checksum is right";
}

std::string with_crc(std::string text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    text += "6304";
    const unsigned crc = crc16(text);
    for (const unsigned shift : {12U, 8U, 4U, 0U})
        text += digits[(crc >> shift) & 0xF];
    return text;
}

TEST(QrCode, RefusesStructureThatIsOff)
{
    const std::string head = "000201010212";
    const std::string block = "38530010A0000007270123000697041601092576788590208QRIBFTTA";
    const std::string tail = "530370454069999995802VN";
    ASSERT_TRUE(read_qr(with_crc(head + block + tail)));
    const std::array bad{
        head + tail,                                       // nobody gets the money
        head + block + "5802VN",                           // no currency
        head + block + "5303704",                          // no country
        head + block + "5303840" + "5802VN",               // dollars
        head + block + tail + "5802VN",                    // a part twice
        head + block + "5303704" + "54010" + "5802VN",     // amount 0
        head + block + "5303704" + "54051.2.3" + "5802VN", // two points
        head + block + "5303704" + "5403 12" + "5802VN",   // a blank
        head + block + "5303704" + "5405500.5" + "5802VN", // half a đồng
        head + block + tail + "62",                        // cut
        head + block + tail + "6203081",                   // cut inside
        head + block + tail + "64A01",                     // no length
        block + head + tail,                               // the version is not first
        std::string{"000202010212"} + block + tail,        // another version
        std::string{"000201010213"} + block + tail,        // another initiation
        head + "38460010A000000727011600069704160103250208QRIBFTTA" + tail, // lengths
        // Like a library once did: the service inside the beneficiary.
        head + "38530010A0000007270135000697041601092576788590208QRIBFTTA" + tail,
        head + "38530010A0000007280123000697041601092576788590208QRIBFTTA" + tail, // scheme
        head + "38530010A0000007270123000697041X01092576788590208QRIBFTTA" + tail, // BIN
        head + "38530010A0000007270123000697041601092576-88590208QRIBFTTA" + tail, // account
        head + "38530010A0000007270123000697041601092576788590208QRIBFTTX" + tail, // service
    };
    for (const std::string& text : bad)
        EXPECT_FALSE(read_qr(with_crc(text))) << text;
    const std::string good = with_crc(head + block + tail);
    EXPECT_FALSE(read_qr(good + "0"));
    EXPECT_FALSE(read_qr(good.substr(0, good.size() - 1)));
    EXPECT_FALSE(read_qr(""));
    EXPECT_FALSE(read_qr(std::string(600, '0')));
    EXPECT_FALSE(read_qr("6304FFFF"));
}

/// No octet may be changed and no octet left out.
TEST(QrCode, NoticesEveryChangedOctet)
{
    const std::string good = samples[1].text;
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string changed = good;
        changed[at] = changed[at] == '1' ? '2' : '1';
        EXPECT_FALSE(read_qr(changed)) << at;
        EXPECT_FALSE(read_qr(good.substr(0, at))) << at;
    }
}

} // namespace
} // namespace iwas::sim::bank
