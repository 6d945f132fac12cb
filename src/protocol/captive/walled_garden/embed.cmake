# Puts the walled garden's data into the program.
set(table ${CMAKE_CURRENT_LIST_DIR}/garden.table)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${table})
file(READ ${table} text)
set(generated ${CMAKE_CURRENT_BINARY_DIR}/walled_garden_text.cpp)
file(GENERATE OUTPUT ${generated} CONTENT "#include \"protocol/captive/walled_garden/garden.hpp\"

namespace iwas::captive {

std::string_view built_in_garden_text()
{
    return R\"garden(${text})garden\";
}

}  // namespace iwas::captive
")
target_sources(iwas_protocol_captive PRIVATE ${generated})
