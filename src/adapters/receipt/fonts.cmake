# The fonts of printed sheets: Debian's fonts-dejavu-core, read at build time, so that the program needs no file when it
# runs. libharu comes without a pkg-config file.
find_file(IWAS_SHEET_FONT_REGULAR DejaVuSans.ttf PATHS /usr/share/fonts/truetype/dejavu REQUIRED)
find_file(IWAS_SHEET_FONT_BOLD DejaVuSans-Bold.ttf PATHS /usr/share/fonts/truetype/dejavu REQUIRED)
find_library(IWAS_LIBHPDF hpdf REQUIRED)
set_source_files_properties(adapters/receipt/fonts.cpp PROPERTIES
    COMPILE_DEFINITIONS "IWAS_SHEET_FONT_REGULAR=\"${IWAS_SHEET_FONT_REGULAR}\";IWAS_SHEET_FONT_BOLD=\"${IWAS_SHEET_FONT_BOLD}\""
    COMPILE_OPTIONS -Wno-c23-extensions
    OBJECT_DEPENDS "${IWAS_SHEET_FONT_REGULAR};${IWAS_SHEET_FONT_BOLD}"
    SKIP_PRECOMPILE_HEADERS ON)
