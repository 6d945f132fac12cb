// SheetPrinter: a sheet as a PDF of one A5 page (ISO 216: 148 x 210 mm), its fonts embedded.
#pragma once

#include "ports/printed_sheet.hpp"

#include <string>

namespace iwas::adapters {

/// The fonts (DejaVu Sans, which has every Vietnamese letter and the đồng sign) are part of the
/// program, so that a receipt looks the same wherever it is printed.
class SheetPrinter {
public:
    /// Throws std::system_error when the fonts cannot be put where the library reads them.
    SheetPrinter();
    ~SheetPrinter();
    SheetPrinter(const SheetPrinter&) = delete;
    SheetPrinter& operator=(const SheetPrinter&) = delete;

    /// A whole PDF file, of at most about 200 KB: only the letters that occur are embedded. Text in
    /// it can be searched and copied. Takes a few milliseconds of the caller's thread; several
    /// threads may print at once. Throws std::runtime_error when the library fails.
    [[nodiscard]] std::string print(const ports::PrintedSheet& sheet) const;

private:
    int regular_ = -1; // files in memory; libharu 2.3 loads fonts from paths alone
    int bold_ = -1;
};

} // namespace iwas::adapters
