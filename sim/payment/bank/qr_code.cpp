#include "sim/payment/bank/qr_code.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace iwas::sim::bank {

namespace {

constexpr std::size_t text_octets_max = 512;
constexpr std::string_view napas = "A000000727";

bool are_digits(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

unsigned number_of(std::string_view two_digits)
{
    return static_cast<unsigned>((two_digits[0] - '0') * 10 + (two_digits[1] - '0'));
}

using Parts = std::map<unsigned, std::string_view>;

/// The parts of a template; nothing when a length overruns, nothing is left of it, an id stands
/// twice or a value is empty.
std::optional<Parts> split(std::string_view text)
{
    Parts parts;
    while (!text.empty()) {
        if (text.size() < 5 || !are_digits(text.substr(0, 4))) return std::nullopt;
        const unsigned id = number_of(text);
        const unsigned length = number_of(text.substr(2));
        if (length == 0 || length > text.size() - 4) return std::nullopt;
        if (!parts.emplace(id, text.substr(4, length)).second) return std::nullopt;
        text.remove_prefix(4 + length);
    }
    return parts;
}

std::string_view part(const Parts& parts, unsigned id)
{
    const auto found = parts.find(id);
    return found == parts.end() ? std::string_view{} : found->second;
}

/// Digits with at most one point, not 0, and no đồng's fraction but zeros.
std::optional<Money> read_amount(std::string_view text)
{
    if (text.size() > 13) return std::nullopt;
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view rest =
        point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    if (whole.empty() || !are_digits(whole) || rest.find_first_not_of('0') != rest.npos)
        return std::nullopt;
    std::int64_t amount = 0;
    std::from_chars(whole.data(), whole.data() + whole.size(), amount);
    if (amount == 0) return std::nullopt;
    return Money{amount};
}

/// Tag 38: who gets the money.
Result<QrTransfer, QrError> read_beneficiary(std::string_view text)
{
    const auto block = split(text);
    if (!block) return std::unexpected{QrError::structure};
    if (part(*block, 0) != napas) return std::unexpected{QrError::foreign};
    const auto who = split(part(*block, 1));
    const std::string_view service = part(*block, 2);
    const bool is_complete = who && block->size() == 3 && who->size() == 2;
    if (!is_complete || (service != "QRIBFTTA" && service != "QRIBFTTC"))
        return std::unexpected{QrError::structure};
    const std::string_view bin = part(*who, 0);
    const std::string_view account = part(*who, 1);
    const bool is_good = bin.size() == 6 && are_digits(bin) && !account.empty() &&
                         account.size() <= 19 && std::ranges::all_of(account, is_letter_or_digit);
    if (!is_good) return std::unexpected{QrError::structure};
    QrTransfer transfer;
    transfer.bin = bin;
    transfer.account = account;
    transfer.is_to_card = service == "QRIBFTTC";
    return transfer;
}

/// Tag 62. False when it does not parse.
bool read_additional(std::string_view text, QrTransfer& transfer)
{
    const auto parts = split(text);
    if (!parts) return false;
    for (const auto& [id, value] : *parts)
        if ((id <= 8 && value.size() > 25) || (id == 9 && value.size() > 3)) return false;
    transfer.bill = part(*parts, 1);
    transfer.memo = part(*parts, 8);
    if (transfer.memo == "***") transfer.memo.clear();
    return true;
}

std::optional<std::uint16_t> read_crc(std::string_view text)
{
    std::uint16_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value, 16);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

std::string tlv(unsigned id, std::string_view value)
{
    return fmt::format("{:02}{:02}{}", id, value.size(), value);
}

} // namespace

std::string_view to_string(QrError error)
{
    switch (error) {
    case QrError::crc: return "the QR code's checksum is wrong";
    case QrError::structure: return "the QR code is malformed";
    case QrError::foreign: return "the QR code is not for a transfer by VietQR";
    }
    return "";
}

std::uint16_t crc16(std::string_view text)
{
    std::uint32_t crc = 0xFFFF;
    for (const char c : text) {
        crc ^= static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << 8;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
        crc &= 0xFFFF;
    }
    return static_cast<std::uint16_t>(crc);
}

Result<QrTransfer, QrError> read_qr(std::string_view text)
{
    // The checksum is always the last part: 63, length 04, four hexadecimal digits.
    if (text.size() < 12 || text.size() > text_octets_max ||
        !std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }) ||
        text.substr(text.size() - 8, 4) != "6304")
        return std::unexpected{QrError::structure};
    const auto told = read_crc(text.substr(text.size() - 4));
    if (!told) return std::unexpected{QrError::structure};
    if (*told != crc16(text.substr(0, text.size() - 4))) return std::unexpected{QrError::crc};

    const auto parts = split(text);
    if (!parts || !text.starts_with("000201") || part(*parts, 63).size() != 4)
        return std::unexpected{QrError::structure};
    const std::string_view initiation = part(*parts, 1);
    if (initiation != "11" && initiation != "12") return std::unexpected{QrError::structure};
    if (!parts->contains(38)) return std::unexpected{QrError::foreign};
    auto transfer = read_beneficiary(part(*parts, 38));
    if (!transfer) return transfer;
    if (!parts->contains(53) || !parts->contains(58)) return std::unexpected{QrError::structure};
    if (part(*parts, 53) != "704" || part(*parts, 58) != "VN")
        return std::unexpected{QrError::foreign};
    if (const std::string_view category = part(*parts, 52);
        !category.empty() && (category.size() != 4 || !are_digits(category)))
        return std::unexpected{QrError::structure};
    if (parts->contains(54)) {
        transfer->amount = read_amount(part(*parts, 54));
        if (!transfer->amount) return std::unexpected{QrError::structure};
    }
    if (parts->contains(62) && !read_additional(part(*parts, 62), *transfer))
        return std::unexpected{QrError::structure};
    return transfer;
}

std::string write_qr(
    std::string_view bin, std::string_view account, Money amount, std::string_view memo)
{
    const std::string who = tlv(0, bin) + tlv(1, account);
    std::string text = tlv(0, "01") + tlv(1, "12") +
                       tlv(38, tlv(0, napas) + tlv(1, who) + tlv(2, "QRIBFTTA")) + tlv(53, "704") +
                       tlv(54, std::to_string(amount.vnd())) + tlv(58, "VN");
    if (!memo.empty()) text += tlv(62, tlv(8, memo));
    text += "6304";
    return text + fmt::format("{:04X}", crc16(text));
}

} // namespace iwas::sim::bank
