#include "core/folding.hpp"

#include <stdexcept>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace iwas {

namespace {

icu::UnicodeString decoded(std::string_view text)
{
    return icu::UnicodeString::fromUTF8(
        icu::StringPiece{text.data(), static_cast<int32_t>(text.size())});
}

void require(UErrorCode status)
{
    if (U_FAILURE(status)) throw std::runtime_error("ICU cannot normalize: its data is missing");
}

} // namespace

std::string folded_name(std::string_view name)
{
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* form = icu::Normalizer2::getNFKCCasefoldInstance(status);
    require(status);
    const icu::UnicodeString folded = form->normalize(decoded(name), status);
    require(status);
    // All white space is in the BMP: one code unit each.
    int32_t begin = 0;
    int32_t end = folded.length();
    while (begin < end && u_isUWhiteSpace(folded.charAt(begin)) != 0)
        ++begin;
    while (end > begin && u_isUWhiteSpace(folded.charAt(end - 1)) != 0)
        --end;
    std::string text;
    folded.tempSubStringBetween(begin, end).toUTF8String(text);
    return text;
}

bool has_control_character(std::string_view text)
{
    const icu::UnicodeString characters = decoded(text);
    for (int32_t at = 0; at < characters.length(); at = characters.moveIndex32(at, 1)) {
        const int8_t kind = u_charType(characters.char32At(at));
        if (kind == U_CONTROL_CHAR || kind == U_LINE_SEPARATOR || kind == U_PARAGRAPH_SEPARATOR)
            return true;
    }
    return false;
}

} // namespace iwas
