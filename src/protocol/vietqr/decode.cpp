#include "core/hex_digit.hpp"
#include "protocol/vietqr/crc16.hpp"
#include "protocol/vietqr/fields.hpp"
#include "protocol/vietqr/rules.hpp"

#include <array>

namespace iwas::vietqr {

namespace {

using Fault = DecodeFault;
using Fields = std::vector<Field>;
using Checked = Result<void, DecodeError>;

/// Fields of one place: what holds them, and where that ends.
struct Place {
    const Fields& fields;
    std::string_view path;
    std::size_t end;
};

std::unexpected<DecodeError> refuse(Fault fault, std::size_t at, std::string field)
{
    return std::unexpected{DecodeError{fault, at, std::move(field)}};
}

std::unexpected<DecodeError> refuse(Fault fault, const Place& place, const Field& field)
{
    return refuse(fault, field.at, path_of(place.path, field.id));
}

Result<const Field*, DecodeError> required(const Place& place, int id, Fault missing)
{
    const Field* field = find(place.fields, id);
    if (!field) return refuse(missing, place.end, path_of(place.path, id));
    return field;
}

/// A field that has exactly one right value.
Checked expect(const Place& place, int id, std::string_view value, Fault missing, Fault wrong)
{
    const auto field = required(place, id, missing);
    if (!field) return std::unexpected{field.error()};
    if ((*field)->value != value) return refuse(wrong, place, **field);
    return {};
}

/// The longest value of an outer field, in characters.
constexpr std::size_t length_max(int id)
{
    switch (id) {
    case 54:
    case 56: return 13;
    case 55: return 2;
    case 57: return 5;
    case 59: return 25;
    case 60: return 15;
    case 61: return 10;
    default: return 99; // nested, or checked by its value
    }
}

bool is_service(std::string_view value)
{
    return value == service_to_account || value == service_to_card;
}

/// Outer fields in general: none empty, none too long, no service code among other providers'.
Checked check_outer(const Place& outer)
{
    for (const Field& field : outer.fields) {
        if (field.value.empty()) return refuse(Fault::empty_value, outer, field);
        if (field.value.size() > length_max(field.id))
            return refuse(Fault::field_too_long, outer, field);
        const bool is_free_text = field.id >= 59 && field.id <= 62;
        if (!is_free_text && is_service(field.value))
            return refuse(Fault::misplaced_service, outer, field);
    }
    return {};
}

Checked check_crc(std::string_view text, const Place& outer)
{
    const Field* field = find(outer.fields, 63);
    if (!field) return refuse(Fault::missing_crc, outer.end, "63");
    if (field->value.size() != 4) return refuse(Fault::bad_crc, outer, *field);
    unsigned found = 0;
    for (const char c : field->value) {
        const int digit = hex_digit(c);
        if (digit < 0) return refuse(Fault::bad_crc, outer, *field);
        found = found << 4 | static_cast<unsigned>(digit);
    }
    const std::uint16_t computed = crc16(text.substr(0, text.size() - 4));
    if (found == computed) return {};
    return std::unexpected{DecodeError{Fault::wrong_crc, field->at, "63", computed}};
}

Checked read_head(const Place& outer, Transfer& transfer)
{
    // `decode` has seen that 00 is the first field.
    if (outer.fields.front().value != format_version)
        return refuse(Fault::wrong_version, outer, outer.fields.front());
    const auto initiation = required(outer, 1, Fault::missing_initiation);
    if (!initiation) return std::unexpected{initiation.error()};
    transfer.is_dynamic = (*initiation)->value == one_payment;
    if (!transfer.is_dynamic && (*initiation)->value != reusable)
        return refuse(Fault::wrong_initiation, outer, **initiation);
    return {};
}

/// 38-01: bank and account, and nothing else.
Checked read_beneficiary(const Field& holder, Transfer& transfer)
{
    const auto fields = split(holder.value, holder.at + 4, "38-01");
    if (!fields) return std::unexpected{fields.error()};
    const Place place{*fields, "38-01", holder.at + 4 + holder.value.size()};
    for (const Field& field : *fields) {
        // Known of one generator: the service code one level too deep, with a right CRC.
        if (field.id != 1 && is_service(field.value))
            return refuse(Fault::misplaced_service, place, field);
        if (field.id > 1) return refuse(Fault::unexpected_field, place, field);
    }
    const auto bin = required(place, 0, Fault::missing_bin);
    if (!bin) return std::unexpected{bin.error()};
    if (!is_number_of(6, (*bin)->value)) return refuse(Fault::bad_bin, place, **bin);
    const auto account = required(place, 1, Fault::missing_account);
    if (!account) return std::unexpected{account.error()};
    const std::string_view number = (*account)->value;
    if (number.empty()) return refuse(Fault::empty_account, place, **account);
    if (number.size() > account_max) return refuse(Fault::account_too_long, place, **account);
    if (!std::ranges::all_of(number, is_letter_or_digit))
        return refuse(Fault::bad_account, place, **account);
    transfer.bank_bin = (*bin)->value;
    transfer.account = number;
    return {};
}

/// 38: NAPAS's block.
Checked read_account_block(const Place& outer, Transfer& transfer)
{
    const auto block = required(outer, 38, Fault::missing_account_block);
    if (!block) return std::unexpected{block.error()};
    const auto fields = split((*block)->value, (*block)->at + 4, "38");
    if (!fields) return std::unexpected{fields.error()};
    const Place place{*fields, "38", (*block)->at + 4 + (*block)->value.size()};
    const auto guid = expect(place, 0, napas_guid, Fault::missing_guid, Fault::wrong_guid);
    if (!guid) return guid;
    for (const Field& field : *fields) {
        if (field.id != 2 && is_service(field.value))
            return refuse(Fault::misplaced_service, place, field);
        if (field.id > 2) return refuse(Fault::unexpected_field, place, field);
    }
    const auto beneficiary = required(place, 1, Fault::missing_beneficiary);
    if (!beneficiary) return std::unexpected{beneficiary.error()};
    const auto read = read_beneficiary(**beneficiary, transfer);
    if (!read) return read;
    if (const Field* service = find(*fields, 2)) {
        if (!is_service(service->value)) return refuse(Fault::wrong_service, place, *service);
        transfer.to_card = service->value == service_to_card;
    }
    return {};
}

/// 54: digits, then perhaps a point and more digits, which must be zeros: đồng have no parts.
Checked read_amount(const Place& outer, Transfer& transfer)
{
    const Field* field = find(outer.fields, 54);
    if (!field) return {};
    const std::size_t point = field->value.find('.');
    const std::string_view whole = field->value.substr(0, point);
    const std::string_view part =
        point == std::string_view::npos ? std::string_view{} : field->value.substr(point + 1);
    if (whole.empty() || !std::ranges::all_of(whole, is_digit) ||
        !std::ranges::all_of(part, is_digit))
        return refuse(Fault::bad_amount, outer, *field);
    std::int64_t vnd = 0; // at most 13 digits: check_outer has seen the length
    for (const char c : whole)
        vnd = vnd * 10 + (c - '0');
    if (part.find_first_not_of('0') != std::string_view::npos)
        return refuse(Fault::fractional_amount, outer, *field);
    if (vnd == 0) return refuse(Fault::zero_amount, outer, *field);
    transfer.amount = Money{vnd};
    return {};
}

/// 62: at most 25 characters a field, but 3 for 09 and free templates from 50.
Checked read_additional_data(const Place& outer, Transfer& transfer)
{
    const Field* data = find(outer.fields, 62);
    if (!data) return {};
    const auto fields = split(data->value, data->at + 4, "62");
    if (!fields) return std::unexpected{fields.error()};
    const Place place{*fields, "62", data->at + 4 + data->value.size()};
    for (const Field& field : *fields) {
        if (field.value.empty()) return refuse(Fault::empty_value, place, field);
        const std::size_t longest = field.id == 9 ? 3 : field.id < 50 ? label_max : 99;
        if (field.value.size() > longest) return refuse(Fault::field_too_long, place, field);
    }
    if (const Field* reference = find(*fields, 1)) transfer.reference = reference->value;
    if (const Field* label = find(*fields, 5)) transfer.reference_label = label->value;
    if (const Field* purpose = find(*fields, 8)) transfer.purpose = purpose->value;
    return {};
}

Checked read_merchant(const Place& outer, Transfer& transfer)
{
    if (const Field* category = find(outer.fields, 52)) {
        if (!is_number_of(4, category->value))
            return refuse(Fault::bad_merchant_category, outer, *category);
        transfer.merchant_category = category->value;
    }
    if (const Field* name = find(outer.fields, 59)) transfer.merchant_name = name->value;
    if (const Field* city = find(outer.fields, 60)) transfer.merchant_city = city->value;
    return {};
}

Checked check_money(const Place& outer, Transfer&)
{
    return expect(outer, 53, currency_vnd, Fault::missing_currency, Fault::wrong_currency);
}

Checked check_country(const Place& outer, Transfer&)
{
    return expect(outer, 58, country_vn, Fault::missing_country, Fault::wrong_country);
}

} // namespace

Result<Transfer, DecodeError> decode(std::string_view text)
{
    if (text.size() > text_max) return refuse(Fault::too_long, text_max, {});
    const auto odd = std::ranges::find_if_not(text, is_printable);
    if (odd != text.end())
        return refuse(Fault::not_printable, static_cast<std::size_t>(odd - text.begin()), {});

    const auto fields = split(text, 0, {});
    if (!fields) return std::unexpected{fields.error()};
    if (fields->empty() || fields->front().id != 0) return refuse(Fault::missing_version, 0, "00");
    const Place outer{*fields, {}, text.size()};
    if (const auto crc = check_crc(text, outer); !crc) return std::unexpected{crc.error()};
    if (const auto each = check_outer(outer); !each) return std::unexpected{each.error()};

    Transfer transfer;
    using Step = Checked (*)(const Place&, Transfer&);
    for (const Step step : std::array<Step, 7>{
             read_head, read_account_block, check_money, read_amount, check_country, read_merchant,
             read_additional_data})
        if (const auto done = step(outer, transfer); !done) return std::unexpected{done.error()};
    return transfer;
}

} // namespace iwas::vietqr
