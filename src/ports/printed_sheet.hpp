// PrintedSheet: a small page of names and values, such as a receipt. Printed by adapters/receipt.
#pragma once

#include <string>
#include <vector>

namespace iwas::ports {

struct PrintedRow {
    std::string name;
    std::string value;
    bool is_strong = false; // the sum: bold, below a line

    friend bool operator==(const PrintedRow&, const PrintedRow&) = default;
};

/// All texts are UTF-8. What does not fit is cut, never refused: octets that are no UTF-8,
/// characters that the font lacks, texts of more than three lines and rows past the page's end.
struct PrintedSheet {
    std::string heading; // small, above the title
    std::string title;
    std::string subtitle; // below it, grey
    std::vector<PrintedRow> rows;

    friend bool operator==(const PrintedSheet&, const PrintedSheet&) = default;
};

} // namespace iwas::ports
