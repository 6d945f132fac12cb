// The build names the files (src/adapters/receipt/fonts.cmake); the compiler reads them.
#include "adapters/receipt/fonts.hpp"

namespace iwas::adapters {

namespace {

constexpr std::uint8_t regular[] = {
#embed IWAS_SHEET_FONT_REGULAR
};
constexpr std::uint8_t bold[] = {
#embed IWAS_SHEET_FONT_BOLD
};

} // namespace

std::span<const std::uint8_t> sheet_font_regular()
{
    return regular;
}

std::span<const std::uint8_t> sheet_font_bold()
{
    return bold;
}

} // namespace iwas::adapters
