# Puts the dictionary files into the program: a generated source with one raw string for each.
file(GLOB dictionaries CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.dictionary)
set(texts "")
foreach(file IN LISTS dictionaries)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    string(APPEND texts "R\"dictionary(${text})dictionary\",\n")
endforeach()
set(generated ${CMAKE_CURRENT_BINARY_DIR}/radius_dictionary_texts.cpp)
file(GENERATE OUTPUT ${generated} CONTENT "#include \"protocol/radius/dictionary_texts.hpp\"

namespace iwas::radius {

std::span<const std::string_view> dictionary_texts()
{
    static constexpr std::string_view texts[] = {${texts}};
    return texts;
}

}  // namespace iwas::radius
")
target_sources(iwas_protocol_radius PRIVATE ${generated})
