#include "protocol/vietqr/fields.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <utility>

namespace iwas::vietqr {

namespace {

constexpr int crc_id = 63;

/// The value of two digits; -1 when they are none.
int two_digits(std::string_view text)
{
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!is_digit(text[0]) || !is_digit(text[1])) return -1;
    return (text[0] - '0') * 10 + (text[1] - '0');
}

constexpr std::array names{
    std::pair{"00", "format version"},
    std::pair{"01", "initiation"},
    std::pair{"38-00", "NAPAS"},
    std::pair{"38-01-00", "bank (BIN)"},
    std::pair{"38-01-01", "account"},
    std::pair{"38-02", "service"},
    std::pair{"52", "merchant category"},
    std::pair{"53", "currency"},
    std::pair{"54", "amount"},
    std::pair{"55", "tip indicator"},
    std::pair{"56", "fixed fee"},
    std::pair{"57", "fee percentage"},
    std::pair{"58", "country"},
    std::pair{"59", "merchant name"},
    std::pair{"60", "merchant city"},
    std::pair{"61", "postal code"},
    std::pair{"62-01", "bill number"},
    std::pair{"62-02", "mobile number"},
    std::pair{"62-03", "store"},
    std::pair{"62-04", "loyalty number"},
    std::pair{"62-05", "reference label"},
    std::pair{"62-06", "customer label"},
    std::pair{"62-07", "terminal"},
    std::pair{"62-08", "purpose (transfer text)"},
    std::pair{"62-09", "data asked of the payer"},
    std::pair{"63", "CRC"},
    std::pair{"64-00", "language"},
    std::pair{"64-01", "name in it"},
    std::pair{"64-02", "city in it"},
};

std::string_view name_of(std::string_view path)
{
    const auto* found = std::ranges::find(
        names, path, [](const auto& entry) { return std::string_view{entry.first}; });
    return found == names.end() ? std::string_view{} : found->second;
}

bool is_template(std::string_view path)
{
    return path == "38" || path == "38-01" || path == "62" || path == "64";
}

/// Depth is at most three, since only the paths of `is_template` are entered.
void list_into(
    std::vector<ListedField>& listed, const std::vector<Field>& fields, std::string_view path)
{
    for (const Field& field : fields) {
        std::string inner = path_of(path, field.id);
        if (is_template(inner)) {
            if (const auto within = split(field.value, field.at + 4, inner)) {
                list_into(listed, *within, inner);
                continue;
            }
        }
        const std::string_view name = name_of(inner);
        listed.push_back({std::move(inner), name, field.value});
    }
}

} // namespace

std::string path_of(std::string_view path, int id)
{
    std::string result{path};
    if (!result.empty()) result += '-';
    result += static_cast<char>('0' + id / 10);
    result += static_cast<char>('0' + id % 10);
    return result;
}

const Field* find(const std::vector<Field>& fields, int id)
{
    const auto found = std::ranges::find(fields, id, &Field::id);
    return found == fields.end() ? nullptr : &*found;
}

Result<std::vector<Field>, DecodeError> split(
    std::string_view text, std::size_t base, std::string_view path)
{
    const auto refuse = [&](DecodeFault fault, std::size_t at, std::string field) {
        return std::unexpected{DecodeError{fault, base + at, std::move(field)}};
    };
    std::vector<Field> fields;
    std::bitset<100> seen;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = text.substr(at);
        if (rest.size() < 4) return refuse(DecodeFault::cut_field, at, std::string{path});
        const int id = two_digits(rest);
        if (id < 0) return refuse(DecodeFault::bad_id, at, std::string{path});
        std::string field = path_of(path, id);
        const int length = two_digits(rest.substr(2));
        if (length < 0) return refuse(DecodeFault::bad_length, at + 2, std::move(field));
        const auto size = static_cast<std::size_t>(length);
        if (size > rest.size() - 4) return refuse(DecodeFault::overrun, at, std::move(field));
        if (seen[static_cast<std::size_t>(id)])
            return refuse(DecodeFault::repeated_field, at, std::move(field));
        seen.set(static_cast<std::size_t>(id));
        fields.push_back({id, rest.substr(4, size), base + at});
        at += 4 + size;
        if (path.empty() && id == crc_id && at < text.size())
            return refuse(DecodeFault::data_after_crc, at, {});
    }
    return fields;
}

Result<std::vector<ListedField>, DecodeError> list_fields(std::string_view text)
{
    if (text.size() > text_max)
        return std::unexpected{DecodeError{DecodeFault::too_long, text_max}};
    const auto fields = split(text, 0, {});
    if (!fields) return std::unexpected{fields.error()};
    std::vector<ListedField> listed;
    list_into(listed, *fields, {});
    return listed;
}

} // namespace iwas::vietqr
