// Fields: the two-digit id, two-digit length and value of which an EMVCo QR consists.
#pragma once

#include "protocol/vietqr/transfer.hpp"

#include <vector>

namespace iwas::vietqr {

/// One field. The value borrows the text.
struct Field {
    int id = 0; ///< 0 to 99
    std::string_view value;
    std::size_t at = 0; ///< where its id begins in the whole text
};

/// Splits `text`, which begins at `base` of the whole text, into fields. `path` is that of the
/// field that holds it, empty for the outermost, where field 63 (the CRC) must be the last. A
/// length of 00 is not refused here: which field it is decides the error. Errors: cut_field,
/// bad_id, bad_length, overrun, repeated_field, data_after_crc.
Result<std::vector<Field>, DecodeError> split(
    std::string_view text, std::size_t base, std::string_view path);

/// The path of field `id` within `path`: `38-01`.
std::string path_of(std::string_view path, int id);

/// The field of that id; null when there is none. Borrows `fields`.
const Field* find(const std::vector<Field>& fields, int id);

/// A field with its path, for a technician's eyes.
struct ListedField {
    std::string path;
    std::string_view name;  ///< in English; empty for ids that have none
    std::string_view value; ///< borrows the text
};

/// Every field in the order of the text, with those within 38, 38-01, 62 and 64 instead of these.
/// It judges the framing only, so that a text that `decode` refuses can still be looked at: no
/// CRC, and a template that is not framed is listed as one value.
Result<std::vector<ListedField>, DecodeError> list_fields(std::string_view text);

} // namespace iwas::vietqr
